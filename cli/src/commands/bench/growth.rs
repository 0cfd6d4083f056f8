//! `gaia bench growth`.

use super::stage::{Cost, Stage};
use crate::{
    Error, Result,
    commands::{Shared, contracts::Places},
    output::{say, table},
};
use ballot::{BasisPoints, Choice, Mechanism, Support};
use clap::Args;
use client::{
    Message, Signer,
    messages::{Answer, governor, polls, token},
};
use interfaces::{AccountId, token::Share};
use serde::Serialize;
use std::{collections::BTreeMap, num::NonZeroU32};

/// Native currency that somebody needs to send a few messages, in base units.
const PURSE: u128 = 100_000_000_000_000;

/// `gaia bench growth`.
#[derive(Debug, Args)]
pub struct Growth {
    #[command(flatten)]
    places: Places,
    /// How many holders, voters and proposals there are when messages are measured, in ascending order
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "10,1000,100000")]
    sizes: Vec<NonZeroU32>,
}

/// What messages cost at each size.
#[derive(Debug, Serialize)]
struct Figures {
    sizes: Vec<u32>,
    /// By the message's name, one figure for each size.
    messages: BTreeMap<&'static str, Vec<Cost>>,
    /// The largest ratio of a message's `ref_time` or `proof_size` at the largest size to that at the smallest.
    largest_growth: f64,
}

impl Growth {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        if !self.sizes.is_sorted() {
            return Err(Error::Usage("give --sizes in ascending order".to_owned()));
        }
        let stage = Stage::new(shared, &self.places).await?;
        let measured = self.measure(&stage).await;
        let figures = stage.end(measured).await?;
        shared.output().result(&figures, |figures| {
            let sizes: Vec<_> = figures.sizes.iter().map(u32::to_string).collect();
            let header: Vec<_> = std::iter::once("ref_time").chain(sizes.iter().map(String::as_str)).collect();
            let row = |(name, costs): (&&str, &Vec<Cost>)| {
                let costs = costs.iter().map(|cost| cost.ref_time.to_string());
                std::iter::once((*name).to_owned()).chain(costs).collect()
            };
            let rows: Vec<Vec<String>> = figures.messages.iter().map(row).collect();
            format!("{}\nlargest growth: {:.4}", table(&header, &rows), figures.largest_growth)
        });
        Ok(())
    }

    async fn measure(&self, stage: &Stage) -> Result<Figures> {
        let sizes: Vec<_> = self.sizes.iter().map(|size| size.get()).collect();
        let (mut crowd, mut messages) = (Crowd::default(), BTreeMap::<_, Vec<_>>::new());
        for size in &sizes {
            say(format!("{size} holders, voters and proposals"));
            for (name, cost) in crowd.grow(stage, *size).await? {
                messages.entry(name).or_default().push(cost);
            }
        }
        let ratio = |costs: &Vec<Cost>| {
            let (Some(first), Some(last)) = (costs.first(), costs.last()) else { return 1.0 };
            let times = last.ref_time as f64 / first.ref_time as f64;
            times.max(last.proof_size as f64 / first.proof_size as f64)
        };
        let largest_growth = messages.values().map(ratio).fold(0.0, f64::max);
        Ok(Figures { sizes, messages, largest_growth })
    }
}

/// Everybody who holds tokens besides those that every network begins with, and how many proposals there are.
#[derive(Default)]
struct Crowd {
    holders: Vec<Signer>,
    proposals: u32,
}

impl Crowd {
    /// Grows to this size, lets everybody vote, and measures what the next one's messages cost.
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Vec<(&'static str, Cost)>> {
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
        let (voter, delegator, stranger) = (someone("Voter")?, someone("Delegator")?, someone("Stranger")?);
        for person in [&voter, &delegator] {
            chain.transfer(alice, &person.account(), PURSE).await?;
        }
        let transfer = |to| token::transfer(id(to), 1_000);
        costs.push(("transfer", send(stage, &contracts.token.account, alice, &transfer(&delegator)).await?));
        send(stage, &contracts.token.account, alice, &transfer(&voter)).await?;
        let shares = [Share { to: id(&bob), share: BasisPoints::HALF }];
        costs.push((
            "delegate",
            send(stage, &contracts.token.account, &delegator, &token::delegate(&shares, None)).await?,
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
        send(stage, &contracts.polls.account, &bob, &vote).await?;
        for (name, signer) in [("vote", &voter), ("change of a vote", &voter), ("override", &delegator)] {
            costs.push((name, send(stage, &contracts.polls.account, signer, &vote).await?));
        }

        costs.push(("propose", send(stage, &contracts.governor.account, alice, &proposing).await?));
        let last = self.proposals;
        self.proposals = last.saturating_add(1);
        costs.push(("cancel", send(stage, &contracts.governor.account, alice, &governor::cancel(last)).await?));
        costs.push(("settle", send(stage, &contracts.governor.account, alice, &governor::settle(last)).await?));
        let attest = async |person: &Signer| stage.attest(id(person), person.account().0).await;
        // The first person of all leaves no older number of people behind.
        attest(&voter).await?;
        costs.push(("attest", (&attest(&stranger).await?).into()));
        Ok(costs)
    }
}

fn id(signer: &Signer) -> AccountId {
    AccountId::from(signer.account().0)
}

async fn send<R: Answer>(
    stage: &Stage,
    contract: &client::AccountId32,
    signer: &Signer,
    message: &Message<R>,
) -> Result<Cost> {
    Ok((&stage.chain.contract(*contract).send(signer, message).await?).into())
}
