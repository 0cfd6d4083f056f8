//! Counting rankings, page by page.

use crate::{
    booth::Booth,
    polls::Polls,
    rankings::{Chunk, place},
    refusal::{OrRefuse, refuse},
};
use ballot::{
    Mechanism, OptionId, Power, Tally, TallyError,
    condorcet::Duels,
    irv::{InstantRunoff, Round},
};
use ink::codegen::Env;
use interfaces::{
    Leaf, ProposalId,
    polls::{PollCounted, PollError, PollTerms, RUNOFF, RoundCounted, Stage, Standing, limits},
};

/// A count in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Count {
    /// Round by round.
    Runoff(InstantRunoff),
    /// All duels at once.
    Duels(Duels),
}

impl Count {
    fn new(terms: &PollTerms) -> Option<Self> {
        match terms.mechanism {
            Mechanism::Condorcet => Duels::new(terms.options).ok().map(Self::Duels),
            _ => InstantRunoff::new(terms.options, RUNOFF).ok().map(Self::Runoff),
        }
    }

    /// The number of the ranking that comes next.
    fn next(&self) -> u32 {
        match self {
            Self::Runoff(count) => count.next(),
            Self::Duels(count) => count.next(),
        }
    }

    fn add(&mut self, ranking: &[OptionId], power: Power) -> Result<(), TallyError> {
        match self {
            Self::Runoff(count) => count.count(ranking, power),
            Self::Duels(count) => count.add(ranking, power),
        }
    }

    /// All rankings were counted. Answers with what the round showed, if there are rounds; and, unless there is another
    /// round, with which option is first, if one is.
    fn close(&mut self, terms: &PollTerms) -> Result<(Option<Round>, Option<Option<OptionId>>), TallyError> {
        match self {
            Self::Runoff(count) => {
                let round = count.close_round()?;
                Ok((Some(round), count.result().map(|result| result.winner())))
            }
            Self::Duels(count) => Ok((None, Some(count.winner(terms.thresholds.approval)))),
        }
    }
}

impl Polls {
    /// Counts at most so many rankings, through as many rounds as they are enough for.
    pub(crate) fn count_page(&mut self, poll: ProposalId, rankings: u32) -> Standing {
        let (mut booth, now) = (self.known(poll), self.env().block_timestamp());
        booth.only(Standing::Counting, now);
        if rankings == 0 {
            refuse(PollError::EmptyPage);
        }
        let begun = self.counts.get(poll).map(|Leaf(count)| count);
        let mut count = begun.or_else(|| Count::new(&booth.poll.terms)).or_refuse(PollError::BadTerms);
        let Some(first) = self.count_on(poll, &booth, &mut count, rankings.min(limits::PAGE)) else {
            self.counts.insert(poll, &Leaf(count));
            return Standing::Counting;
        };
        let Booth { poll: known, tally, .. } = &mut booth;
        let winner = tally.decide_counted(first, &known.terms.thresholds, known.electorate.unwrap_or_default());
        known.stage = Stage::Counted { winner, at: now };
        self.counts.remove(poll);
        self.booths.insert(poll, &Leaf(booth));
        self.env().emit_event(PollCounted { poll, winner });
        Standing::Decided { winner, since: now }
    }

    /// Counts so many further rankings, or as many as are left. Once all is counted, answers with which option is first, if
    /// one is.
    fn count_on(&self, poll: ProposalId, booth: &Booth, count: &mut Count, rankings: u32) -> Option<Option<OptionId>> {
        let Tally::Rankings(tally) = &booth.tally else { refuse(PollError::BadTerms) };
        let (mut read, mut entries) = (None, Chunk::new());
        for _ in 0..rankings {
            let (chunk, at) = place(count.next());
            if read != Some(chunk) {
                (read, entries) = (Some(chunk), self.rankings.chunk(poll, chunk));
            }
            let (ranking, power) = entries.get(at).or_refuse(PollError::Overflow);
            count.add(ranking.as_slice(), *power).or_refuse(PollError::Overflow);
            if count.next() < tally.distinct {
                continue;
            }
            let (round, first) = count.close(&booth.poll.terms).or_refuse(PollError::Overflow);
            if let Some(round) = round {
                self.env().emit_event(RoundCounted { poll, round });
            }
            if first.is_some() {
                return first;
            }
        }
        None
    }
}
