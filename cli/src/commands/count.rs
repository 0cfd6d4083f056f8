//! `gaia count`: counting the rankings of a poll whose voting is over, to the end.

use super::{
    Shared,
    act::Act,
    acting::{Acting, Report},
};
use crate::{Result, output::say};
use ballot::{
    OptionId,
    irv::{Round, RoundOutcome},
};
use clap::Args;
use client::{Chain, Contracts, Sent, Signer, messages::polls};
use interfaces::{ProposalId, polls::Standing, rankings::RoundCounted};
use serde::Serialize;
use std::num::NonZeroU32;

/// How many rankings one message counts unless told otherwise: a good part of what fits into half a block.
pub const PAGE: NonZeroU32 = NonZeroU32::new(500).unwrap();

/// `gaia count`.
#[derive(Debug, Args)]
pub struct Count {
    #[command(flatten)]
    act: Act,
    /// How many rankings to count with each message
    #[arg(long, value_name = "N", default_value_t = PAGE)]
    page: NonZeroU32,
}

#[derive(Debug, Serialize)]
struct Counted {
    #[serde(flatten)]
    last: Report,
    pages: usize,
    rounds: usize,
    winner: Option<OptionId>,
}

/// What counting took and came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was sent, in order; at least one.
    pub pages: Vec<Sent<Standing>>,
    /// The rounds of a runoff that these messages closed.
    pub rounds: Vec<Round>,
    /// Which option is to be carried out, if any.
    pub winner: Option<OptionId>,
}

/// Counts a poll to its end. `each` hears of every round as it is closed.
///
/// # Errors
/// If the chain does not answer, or the ballot box refuses.
pub async fn count(
    chain: &Chain,
    contracts: &Contracts,
    signer: &Signer,
    poll: ProposalId,
    page: NonZeroU32,
    each: impl Fn(&Round),
) -> Result<Outcome> {
    let ballots = chain.contract(contracts.polls.account);
    let (mut pages, mut rounds) = (Vec::new(), Vec::new());
    loop {
        let sent = ballots.send(signer, &polls::count(poll, page.get())).await?;
        for RoundCounted { round, .. } in sent.events_of(&contracts.rankings.account) {
            each(&round);
            rounds.push(round);
        }
        pages.push(sent);
        // Not the dry run's answer: others may count beside us.
        if let Ok(Standing::Decided { winner, .. }) = ballots.ask(&polls::standing(poll)).await? {
            return Ok(Outcome { pages, rounds, winner });
        }
    }
}

impl Count {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let proposal = self.act.proposal;
        let acting = Acting::new(shared, &self.act.signing).await?;
        let tell = |round: &Round| say(format!("  {}", line(round)));
        let counted = count(&acting.chain, &acting.contracts, &acting.signer, proposal, self.page, tell).await?;
        let Outcome { pages, rounds, winner } = counted;
        let Some(last) = pages.last() else { return Ok(()) };
        let counted =
            Counted { last: acting.reported(Some(proposal), last), pages: pages.len(), rounds: rounds.len(), winner };
        shared.output().result(&counted, |counted| {
            let decided =
                counted.winner.map_or("nothing is decided".to_owned(), |winner| format!("option {winner} won"));
            format!("proposal {proposal}: counted in {} pages, {decided}", counted.pages)
        });
        Ok(())
    }
}

/// A round in a line.
pub fn line(round: &Round) -> String {
    let mut tallies = round.tallies.clone();
    tallies.sort_by_key(|(option, votes)| (std::cmp::Reverse(*votes), *option));
    let tallies: Vec<_> = tallies.iter().map(|(option, votes)| format!("{option}: {votes}")).collect();
    let outcome = match &round.outcome {
        RoundOutcome::Eliminated { options, .. } => {
            let options: Vec<_> = options.iter().map(ToString::to_string).collect();
            format!("out: {}", options.join(", "))
        }
        RoundOutcome::Elected(option) => format!("elected: {option}"),
        RoundOutcome::Nobody => "elected: nobody".to_owned(),
    };
    format!("round {}: {}; exhausted: {}; {outcome}", round.number, tallies.join(", "), round.exhausted)
}
