//! Holders, voters and proposals.

use super::{Costs, Growing, cost, id};
use crate::{Result, commands::bench::stage::Stage, output::say};
use ballot::{BasisPoints, Choice, Mechanism, Support};
use client::{
    Signer,
    messages::{governor, polls, token},
};
use interfaces::token::Share;

/// Native currency that somebody needs to send a few messages, in base units.
const PURSE: u128 = 100_000_000_000_000;

/// Everybody who holds tokens besides those that every network begins with, and how many proposals there are.
#[derive(Default)]
pub(super) struct Crowd {
    holders: Vec<Signer>,
    proposals: u32,
}

impl Growing for Crowd {
    /// Everybody votes.
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Costs> {
        let Stage { chain, contracts, alice, .. } = stage;
        let bob = client::development_account("bob")?;
        let mut costs = Vec::new();

        let newcomers: Vec<_> = (self.holders.len()..size as usize)
            .map(|number| Signer::development(&format!("//Holder{number}")))
            .collect::<std::result::Result<_, _>>()?;
        say("  handing out tokens");
        let gifts: Vec<_> = newcomers.iter().map(|holder| token::transfer(id(holder), 1_000)).collect();
        stage.load(&contracts.token.account, &gifts).await?;
        self.holders.extend(newcomers);

        let someone = |what: &str| Signer::development(&format!("//{what}{size}"));
        let (voter, delegator) = (someone("Voter")?, someone("Delegator")?);
        for person in [&voter, &delegator] {
            chain.transfer(alice, &person.account(), PURSE).await?;
        }
        let transfer = |to| token::transfer(id(to), 1_000);
        costs.push(("transfer", cost(stage, &contracts.token.account, alice, &transfer(&delegator)).await?));
        cost(stage, &contracts.token.account, alice, &transfer(&voter)).await?;
        let shares = [Share { to: id(&bob), share: BasisPoints::HALF }];
        costs.push((
            "delegate",
            cost(stage, &contracts.token.account, &delegator, &token::delegate(&shares, None)).await?,
        ));

        say("  proposing");
        let proposing = stage.proposal(Mechanism::Majority, 1).await?;
        let many: Vec<_> = (self.proposals..size).map(|_| proposing.clone()).collect();
        stage.load(&contracts.governor.account, &many).await?;
        let proposal = stage.propose(Mechanism::Majority, 1).await?;
        self.proposals = proposal.saturating_add(1);

        say("  voting");
        stage.open(proposal).await?;
        let choice = Choice::Majority(Support::For);
        let signed = |holder| stage.signed_vote(proposal, holder, choice.clone());
        let votes: Vec<_> = self.holders.iter().map(signed).collect();
        stage.load(&contracts.relay.account, &votes).await?;
        let vote = polls::vote(proposal, &choice);
        cost(stage, &contracts.polls.account, &bob, &vote).await?;
        for (name, signer) in [("vote", &voter), ("change of a vote", &voter), ("override", &delegator)] {
            costs.push((name, cost(stage, &contracts.polls.account, signer, &vote).await?));
        }

        costs.push(("propose", cost(stage, &contracts.governor.account, alice, &proposing).await?));
        let last = self.proposals;
        self.proposals = last.saturating_add(1);
        costs.push(("cancel", cost(stage, &contracts.governor.account, alice, &governor::cancel(last)).await?));
        costs.push(("settle", cost(stage, &contracts.governor.account, alice, &governor::settle(last)).await?));
        Ok(costs)
    }
}
