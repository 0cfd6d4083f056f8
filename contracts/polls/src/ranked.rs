//! Ranked polls. What is voted in them, another contract keeps and counts.

use crate::{booth::Booth, polls::Polls};
use ballot::Tally;
use ink::{
    codegen::Env,
    prelude::vec::Vec,
    scale::{Decode, Encode},
    selector_bytes,
};
use interfaces::{
    Leaf, ProposalId, calls,
    polls::{PollCounted, PollError, Stage, Standing, limits},
    rankings::{CountTerms, Counted, Move},
    refusal::{OrRefuse, refuse},
};

impl Polls {
    /// Moves power behind rankings. Answers how many distinct ones there are then.
    #[inline(never)]
    pub(crate) fn move_power(&self, poll: ProposalId, distinct: u32, moves: Vec<Move>) -> u32 {
        self.ask_rankings(&(selector_bytes!("Rankings::change"), poll, distinct, moves).encode())
    }

    /// Counts at most so many rankings, through as many rounds as they are enough for.
    #[inline(never)]
    pub(crate) fn count_page(&mut self, poll: ProposalId, rankings: u32) -> Standing {
        let (mut booth, now) = (self.known(poll), self.env().block_timestamp());
        booth.only(Standing::Counting, now);
        if rankings == 0 {
            refuse(PollError::EmptyPage);
        }
        let Booth { poll: known, tally, .. } = &mut booth;
        let Tally::Rankings(kept) = tally else { refuse(PollError::BadTerms) };
        let terms = CountTerms {
            mechanism: known.terms.mechanism,
            options: known.terms.options,
            approval: known.terms.thresholds.approval,
            distinct: kept.distinct,
        };
        let page = rankings.min(limits::PAGE);
        let first = match self.ask_rankings(&(selector_bytes!("Rankings::count"), poll, terms, page).encode()) {
            Counted::Page => return Standing::Counting,
            Counted::All(first) => first,
        };
        let winner = tally.decide_counted(first, &known.terms.thresholds, known.electorate.unwrap_or_default());
        known.stage = Stage::Counted { winner, at: now };
        self.booths.insert(poll, &Leaf(booth));
        self.env().emit_event(PollCounted { poll, winner });
        Standing::Decided { winner, since: now }
    }

    fn ask_rankings<T: Decode>(&self, question: &[u8]) -> T {
        calls::granted(&interfaces::polls::Polls::parts(self).rankings, question).or_refuse(PollError::RankingsFailed)
    }
}
