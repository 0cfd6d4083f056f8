//! `gaia bench vote`.

use super::stage::{Cost, Stage};
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

/// `gaia bench vote`.
#[derive(Debug, Args)]
pub struct Vote {
    #[command(flatten)]
    places: Places,
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

impl Vote {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let stage = Stage::new(shared, &self.places).await?;
        let measured = measure(&stage).await;
        let (baseline, votes) = stage.end(measured).await?;
        let figures: BTreeMap<_, _> = votes.iter().map(|(name, vote)| (*name, Figures::new(*vote, baseline))).collect();
        shared.output().result(&figures, |_| {
            let row = |name: &str, cost: Cost| {
                let Cost { ref_time, proof_size, deposit, fee } = cost;
                vec![
                    name.to_owned(),
                    ref_time.to_string(),
                    proof_size.to_string(),
                    deposit.to_string(),
                    fee.to_string(),
                ]
            };
            let rows = votes.iter().map(|(name, vote)| row(name, *vote));
            let rows: Vec<_> = std::iter::once(row("baseline", baseline)).chain(rows).collect();
            table(&["", "ref_time", "proof_size", "deposit", "fee"], &rows)
        });
        Ok(())
    }
}

impl Figures {
    fn new(vote: Cost, baseline: Cost) -> Self {
        Self {
            vote,
            baseline_ref_time: baseline.ref_time,
            baseline_proof_size: baseline.proof_size,
            baseline_deposit: baseline.deposit,
            baseline_fee: baseline.fee,
        }
    }
}

/// The baseline's message, and an account's first vote in each mechanism. Somebody else has voted before, so that nothing
/// is measured that only the first vote of a poll does.
async fn measure(stage: &Stage) -> Result<(Cost, Vec<(&'static str, Cost)>)> {
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
    Ok(((&baseline).into(), votes))
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
