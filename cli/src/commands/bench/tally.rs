//! `gaia bench tally`.

use super::stage::Stage;
use crate::{
    Error, Result, clock,
    commands::{PAGE, Shared, contracts::Places, count},
    output::{say, table},
};
use ballot::{Choice, Mechanism, OptionId, Ranking};
use clap::Args;
use client::{
    Signer,
    messages::{polls, token},
};
use interfaces::AccountId;
use serde::Serialize;
use std::{collections::HashSet, num::NonZeroU32};

/// `gaia bench tally`.
#[derive(Debug, Args)]
pub struct Tally {
    #[command(flatten)]
    places: Places,
    /// How many distinct rankings to count
    #[arg(long, value_name = "N", default_value = "10000")]
    rankings: NonZeroU32,
    /// How many options to rank, besides "none of the above"
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u8).range(2..=31))]
    options: u8,
    /// How many rankings to count with each message
    #[arg(long, value_name = "N", default_value_t = PAGE)]
    page: NonZeroU32,
}

/// What counting took.
#[derive(Debug, Serialize)]
struct Figures {
    rankings: u32,
    options: u8,
    page: u32,
    pages: usize,
    rounds: usize,
    /// The largest share of a block's computation or proof size that a page took.
    max_page_share_of_block: f64,
    /// Of counting one ranking in one round, all pages together.
    ref_time_per_ranking: u64,
    proof_size_per_ranking: u64,
    ref_time: u64,
    proof_size: u64,
    fee: u128,
}

impl Tally {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let stage = Stage::new(shared, &self.places).await?;
        let measured = self.measure(&stage).await;
        let figures = stage.end(measured).await?;
        shared.output().result(&figures, |figures| {
            let Figures { rankings, pages, rounds, max_page_share_of_block, .. } = figures;
            let rows = [
                ("rankings", rankings.to_string()),
                ("rounds", rounds.to_string()),
                ("pages", pages.to_string()),
                ("largest page, share of a block", format!("{max_page_share_of_block:.3}")),
                ("ref_time per ranking counted", figures.ref_time_per_ranking.to_string()),
                ("proof_size per ranking counted", figures.proof_size_per_ranking.to_string()),
                ("fee", figures.fee.to_string()),
            ];
            table(&["", ""], &rows.map(|(name, figure)| vec![name.to_owned(), figure]))
        });
        Ok(())
    }

    async fn measure(&self, stage: &Stage) -> Result<Figures> {
        let Stage { chain, contracts, alice, .. } = stage;
        let mut voters = Vec::new();
        for number in 0..self.rankings.get() {
            voters.push(Signer::development(&format!("//Voter{number}"))?);
        }
        say("  handing out tokens");
        // All voters together hold half of what Alice had, and so reach the quorum.
        let alices = chain.contract(contracts.token.account);
        let held = alices.ask(&token::balance_of(AccountId::from(alice.account().0))).await?;
        let each = held / 2 / u128::from(self.rankings.get());
        let gift = |voter: &Signer| token::transfer(AccountId::from(voter.account().0), each);
        stage.load(&contracts.token.account, &voters.iter().map(gift).collect::<Vec<_>>()).await?;

        let proposal = stage.propose(Mechanism::Ranked, self.options).await?;
        stage.open(proposal).await?;
        say("  voting");
        let (mut rankings, mut votes) =
            (Rankings { options: self.options, seen: HashSet::new(), random: 1 }, Vec::new());
        for voter in &voters {
            votes.push(stage.signed_vote(proposal, voter, Choice::Ranked(rankings.next()?)));
        }
        stage.load(&contracts.relay.account, &votes).await?;
        let Some((poll, _)) = chain.contract(contracts.polls.account).ask(&polls::poll(proposal)).await? else {
            return Err(Error::Failed(format!("proposal {proposal} has no poll")));
        };
        chain.advance(poll.terms.period.saturating_add(poll.terms.extension)).await?;
        clock::until(chain, "voting ends", poll.closes).await?;

        say("  counting");
        let counted = count(chain, contracts, alice, proposal, self.page, |_| {}).await?;
        let block = chain.block_limit().await?;
        let share = |part: u64, whole: u64| part as f64 / whole as f64;
        let shares = counted
            .pages
            .iter()
            .map(|sent| share(sent.cost.ref_time, block.ref_time).max(share(sent.cost.proof_size, block.proof_size)));
        let max_page_share_of_block = shares.fold(0.0, f64::max);
        let sum = |part: fn(&client::Cost) -> u64| counted.pages.iter().map(|sent| part(&sent.cost)).sum::<u64>();
        let (ref_time, proof_size) = (sum(|cost| cost.ref_time), sum(|cost| cost.proof_size));
        let steps = u64::from(self.rankings.get()) * counted.rounds.len().max(1) as u64;
        Ok(Figures {
            rankings: self.rankings.get(),
            options: self.options,
            page: self.page.get(),
            pages: counted.pages.len(),
            rounds: counted.rounds.len(),
            max_page_share_of_block,
            ref_time_per_ranking: ref_time / steps,
            proof_size_per_ranking: proof_size / steps,
            ref_time,
            proof_size,
            fee: counted.pages.iter().map(|sent| sent.fee).sum(),
        })
    }
}

/// Full rankings, no two the same, the same in every run.
struct Rankings {
    options: u8,
    seen: HashSet<Vec<OptionId>>,
    random: u64,
}

impl Rankings {
    fn next(&mut self) -> Result<Ranking> {
        /// As often as a ranking may come up that was there before, before there can be no others.
        const TRIES: usize = 10_000;
        for _ in 0..TRIES {
            let mut ranking: Vec<OptionId> = (0..self.options).collect();
            for place in (1..ranking.len()).rev() {
                // Knuth's MMIX generator; its upper bits are the better ones.
                self.random =
                    self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let other = (self.random >> 33) as usize % (place + 1);
                ranking.swap(place, other);
            }
            if self.seen.insert(ranking.clone()) {
                return Ranking::new(ranking).map_err(|error| Error::Failed(error.to_string()));
            }
        }
        Err(Error::Usage(format!("{} options have too few rankings: give more --options", self.options)))
    }
}
