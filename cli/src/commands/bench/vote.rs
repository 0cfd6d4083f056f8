//! `gaia bench vote`.

use super::beside;
use crate::{
    Error, Result,
    commands::{Shared, contracts::Places, proposal::payment},
    deploy,
    output::say,
    parse::{Account, Amount, Payment},
    stack::{self, Plan, Seal},
};
use ballot::Support;
use bundler::Bundle;
use clap::Args;
use client::{Chain, Sent, Upload, development_account, messages};
use interfaces::governor::ProposalRequest;
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

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
        let plan = Plan {
            home: stack::Home::new(folder.path())?,
            chain: shared.chain.clone(),
            database: None,
            chain_port: 0,
            api_port: 0,
            block_time: 500,
            keep_chain: false,
            seal: Seal::Instant,
            chain_id: None,
            detached: false,
            bundles: self.places.bundles(),
            manifest: self.places.manifest.clone(),
            network: "demo".into(),
        };
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
    let path = plan.bundles.join("baseline.contract");
    if !path.exists() {
        return Err(Error::Usage(format!(
            "{} is missing: run `gaia contracts build --fixtures` first",
            path.display()
        )));
    }
    let bundle = Bundle::read(&path)?;
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
    let opens = chain.moment(made.block.hash).await? + rules.voting_delay;
    while chain.moment(chain.head().await?.hash).await? <= opens {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    say("voting");
    let vote = governor.send(&alice, &messages::governor::vote(made.answer, Support::For)).await?;
    let limit = chain.contract(baseline.account).send(&alice, &messages::baseline_vote(0, Support::For)).await?;
    Ok(((&vote).into(), (&limit).into()))
}
