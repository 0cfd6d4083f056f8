//! `gaia bench vote`.

use super::{
    growth,
    stage::{Cost, Stage},
};
use crate::{
    Result,
    commands::{Shared, contracts::Places},
    deploy,
    output::{say, table},
};
use ballot::{BasisPoints, Choice, Mechanism, Ranking, Support};
use clap::Args;
use client::{Upload, messages};
use interfaces::AccountId;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many escrows, identities and parameters there are when messages of those are measured: enough for nothing to be
/// the first of its kind.
const FEW: u32 = 2;

/// `gaia bench vote`.
#[derive(Debug, Args)]
pub struct Vote {
    #[command(flatten)]
    places: Places,
}

/// What a message costs; of a vote beside what the baseline does.
#[derive(Debug, Serialize)]
struct Figures {
    #[serde(flatten)]
    cost: Cost,
    #[serde(flatten)]
    baseline: Option<Baseline>,
}

/// What the baseline costs.
#[derive(Debug, Clone, Copy, Serialize)]
struct Baseline {
    baseline_ref_time: u64,
    baseline_proof_size: u64,
    baseline_deposit: i128,
    baseline_fee: u128,
}

/// What was measured, by name.
struct Measured {
    baseline: Cost,
    votes: Vec<(&'static str, Cost)>,
    /// Messages that there is no baseline for.
    others: Vec<(&'static str, Cost)>,
}

impl Vote {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let stage = Stage::new(shared, &self.places).await?;
        let measured = measure(&stage).await;
        let Measured { baseline, votes, others } = stage.end(measured).await?;
        let beside = Some(Baseline::from(baseline));
        let votes_beside = votes.iter().map(|(name, cost)| (*name, Figures { cost: *cost, baseline: beside }));
        let alone = others.iter().map(|(name, cost)| (*name, Figures { cost: *cost, baseline: None }));
        let figures: BTreeMap<_, _> = votes_beside.chain(alone).collect();
        shared.output().result(&figures, |_| {
            let row = |(name, cost): &(&str, Cost)| {
                let Cost { ref_time, proof_size, deposit, fee } = cost;
                vec![
                    (*name).to_owned(),
                    ref_time.to_string(),
                    proof_size.to_string(),
                    deposit.to_string(),
                    fee.to_string(),
                ]
            };
            let rows: Vec<_> = [("baseline", baseline)].iter().chain(&votes).chain(&others).map(row).collect();
            table(&["", "ref_time", "proof_size", "deposit", "fee"], &rows)
        });
        Ok(())
    }
}

impl From<Cost> for Baseline {
    fn from(cost: Cost) -> Self {
        Self {
            baseline_ref_time: cost.ref_time,
            baseline_proof_size: cost.proof_size,
            baseline_deposit: cost.deposit,
            baseline_fee: cost.fee,
        }
    }
}

/// The baseline's message, and an account's first vote in each mechanism. Somebody else has voted before, so that nothing
/// is measured that only the first vote of a poll does.
async fn measure(stage: &Stage) -> Result<Measured> {
    let Stage { chain, contracts, alice, plan, .. } = stage;
    let bundle = deploy::bundle(&plan.bundles, "baseline")?;
    let upload =
        Upload { name: "baseline", wasm: &bundle.wasm, data: messages::constructors::baseline(), endowment: 0 };
    let (baseline, _) = chain.instantiate(alice, &upload).await?;
    let baseline = chain.contract(baseline.account).send(alice, &messages::baseline_vote(0, Support::For)).await?;

    let bob = client::development_account("bob")?;
    for (account, person) in [(alice, 1), (&bob, 2)] {
        stage.attest(AccountId::from(account.account().0), [person; 32]).await?;
    }
    let mut proposals = Vec::new();
    for (mechanism, options, choice) in ballots() {
        proposals.push((mechanism, stage.propose(mechanism, options).await?, choice));
    }
    let mut votes = Vec::new();
    for (mechanism, proposal, choice) in proposals {
        stage.open(proposal).await?;
        say(format!("voting by {}", mechanism.as_str()));
        let (ballots, message) = (chain.contract(contracts.polls.account), messages::polls::vote(proposal, &choice));
        ballots.send(&bob, &message).await?;
        let sent = ballots.send(alice, &message).await?;
        votes.push((mechanism.as_str(), (&sent).into()));
    }
    let mut others = Vec::new();
    for of in [growth::Kind::Escrows, growth::Kind::Identities, growth::Kind::Parameters] {
        others.extend(of.measure(stage, &[FEW]).await?);
    }
    Ok(Measured { baseline: (&baseline).into(), votes, others })
}

/// A ballot of each mechanism, with the number of options that are proposed.
fn ballots() -> [(Mechanism, u8, Choice); 6] {
    let ranking =
        || Choice::Ranked(Ranking::try_from(vec![2, 0, 1]).unwrap_or_else(|_| unreachable!("no option twice")));
    [
        (Mechanism::Majority, 1, Choice::Majority(Support::For)),
        (Mechanism::Approval, 4, Choice::Approval(0b101)),
        (Mechanism::Weighted, 4, Choice::Weighted(vec![(0, BasisPoints::HALF), (2, BasisPoints::HALF)])),
        (Mechanism::Quadratic, 4, Choice::Quadratic(vec![(0, 3), (2, 4)])),
        (Mechanism::Ranked, 4, ranking()),
        (Mechanism::Condorcet, 4, ranking()),
    ]
}
