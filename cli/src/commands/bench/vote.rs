//! `gaia bench vote`.

use super::beside;
use crate::{
    Error, Result, clock,
    commands::{Shared, contracts::Places, proposal::payment},
    deploy,
    output::say,
    parse::{Account, Amount, Payment},
    stack::{self, Plan},
};
use ballot::Support;
use clap::Args;
use client::{Chain, Sent, Upload, development_account, messages};
use interfaces::governor::ProposalRequest;
use serde::Serialize;
use std::collections::BTreeMap;

/// `gaia bench vote`.
#[derive(Debug, Args)]
pub struct Vote {
    #[command(flatten)]
    places: Places,
}

/// What a message costs, once sent.
#[derive(Debug, Clone, Copy, Serialize)]
struct Cost {
    /// Computation, picoseconds of the runtime's reference hardware.
    ref_time: u64,
    /// State proof, bytes.
    proof_size: u64,
    /// Storage deposit, base units.
    deposit: i128,
    /// Fee, base units.
    fee: u128,
}

/// A mechanism's vote beside the baseline's.
#[derive(Debug, Serialize)]
struct Figures {
    #[serde(flatten)]
    vote: Cost,
    baseline_ref_time: u64,
    baseline_proof_size: u64,
    baseline_deposit: i128,
    baseline_fee: u128,
}

impl<T> From<&Sent<T>> for Cost {
    fn from(sent: &Sent<T>) -> Self {
        let client::Cost { ref_time, proof_size, deposit } = sent.cost;
        Self { ref_time, proof_size, deposit, fee: sent.fee }
    }
}

impl Vote {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("create", std::env::temp_dir()))?;
        let home = stack::Home::new(folder.path())?;
        let plan = Plan::private(home, self.places.bundles(), self.places.manifest.clone(), "demo");
        let plan = Plan { chain: shared.chain.clone(), ..plan };
        let (service, url) = stack::start_chain(&plan).await?;
        let measured = measure(&Chain::connect(&url).await?, &plan).await;
        if let Some(service) = service {
            service.stop().await;
        }
        let (vote, baseline) = measured?;
        let figures = Figures {
            vote,
            baseline_ref_time: baseline.ref_time,
            baseline_proof_size: baseline.proof_size,
            baseline_deposit: baseline.deposit,
            baseline_fee: baseline.fee,
        };
        shared.output().result(&BTreeMap::from([("majority", figures)]), |_| {
            beside(&[
                ("ref_time", vote.ref_time.into(), baseline.ref_time.into()),
                ("proof_size", vote.proof_size.into(), baseline.proof_size.into()),
                ("deposit", vote.deposit, baseline.deposit),
                ("fee", signed(vote.fee), signed(baseline.fee)),
            ])
        });
        Ok(())
    }
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}

/// The first vote of an account on a proposal, and the baseline's message.
async fn measure(chain: &Chain, plan: &Plan) -> Result<(Cost, Cost)> {
    let alice = development_account("alice")?;
    let deploy = deploy::Deploy {
        bundles: plan.bundles.clone(),
        manifest: plan.manifest.clone(),
        network: plan.network.clone(),
    };
    let contracts = deploy::run(chain, &alice, &deploy).await?.contracts;
    let bundle = deploy::bundle(&plan.bundles, "baseline")?;
    let upload =
        Upload { name: "baseline", wasm: &bundle.wasm, data: messages::constructors::baseline(), endowment: 0 };
    let (baseline, _) = chain.instantiate(&alice, &upload).await?;

    let governor = chain.contract(contracts.governor.account);
    let rules = governor.ask(&messages::governor::rules()).await?;
    let order = Payment { payee: Account(alice.account()), amount: Amount(1) };
    let request = ProposalRequest {
        title: "A proposal to measure a vote on".into(),
        link: String::new(),
        content_hash: [0; 32].into(),
        calls: vec![payment(contracts.treasury.account, &order)],
    };
    let made = governor.send(&alice, &messages::governor::propose(&request)).await?;
    clock::pass(chain, "voting opens", made.block, rules.voting_delay).await?;
    say("voting");
    let vote = governor.send(&alice, &messages::governor::vote(made.answer, Support::For)).await?;
    let limit = chain.contract(baseline.account).send(&alice, &messages::baseline_vote(0, Support::For)).await?;
    Ok(((&vote).into(), (&limit).into()))
}
