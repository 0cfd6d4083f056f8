//! A count in progress.

use ballot::{
    Mechanism, OptionId, Power, TallyError,
    condorcet::Duels,
    irv::{InstantRunoff, Round},
};
use interfaces::rankings::{CountTerms, RUNOFF};

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
    /// The count of a poll, before its first ranking.
    pub fn new(terms: &CountTerms) -> Option<Self> {
        match terms.mechanism {
            Mechanism::Condorcet => Duels::new(terms.options).ok().map(Self::Duels),
            _ => InstantRunoff::new(terms.options, RUNOFF).ok().map(Self::Runoff),
        }
    }

    /// The number of the ranking that comes next.
    pub fn next(&self) -> u32 {
        match self {
            Self::Runoff(count) => count.next(),
            Self::Duels(count) => count.next(),
        }
    }

    /// Counts the ranking that comes next.
    ///
    /// # Errors
    /// If it cannot be counted.
    pub fn add(&mut self, ranking: &[OptionId], power: Power) -> Result<(), TallyError> {
        match self {
            Self::Runoff(count) => count.count(ranking, power),
            Self::Duels(count) => count.add(ranking, power),
        }
    }

    /// All rankings were counted. Answers with what the round showed, if there are rounds; and, unless there is another
    /// round, with which option is first, if one is.
    ///
    /// # Errors
    /// If they cannot be counted.
    pub fn close(&mut self, terms: &CountTerms) -> Result<(Option<Round>, Option<Option<OptionId>>), TallyError> {
        match self {
            Self::Runoff(count) => {
                let round = count.close_round()?;
                Ok((Some(round), count.result().map(|result| result.winner())))
            }
            Self::Duels(count) => Ok((None, Some(count.winner(terms.approval)))),
        }
    }
}
