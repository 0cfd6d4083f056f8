//! The rules of an instant runoff, and what it shows.

use crate::{OptionId, Power};
use alloc::vec::Vec;
use scale::{Decode, Encode};

/// How options go out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Rules {
    /// Whether all of the weakest options that could not catch up with the next one even with all their votes together
    /// go out at once, as many as possible.
    pub batch: bool,
    /// An option that goes out alone before anybody is elected or goes out, as soon as it has votes: that which stands
    /// for all write-ins that are no candidates.
    pub first_out: Option<OptionId>,
}

/// What a finished round shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Round {
    /// Which round: 1, 2, and so on.
    pub number: u16,
    /// The options that were in, ascending, and the weight that counted for each.
    pub tallies: Vec<(OptionId, Power)>,
    /// The weight that counted for none.
    pub exhausted: Power,
    /// What came of it.
    pub outcome: RoundOutcome,
}

/// What comes of a round.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RoundOutcome {
    /// These options go out.
    Eliminated {
        /// Which, the weakest first.
        options: Vec<OptionId>,
        /// What made it these and not others with as many votes.
        tie: TieBreak,
    },
    /// This option has a majority.
    Elected(OptionId),
    /// Nothing counts for any option any more.
    Nobody,
}

/// How a tie between the weakest options was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TieBreak {
    /// There was none.
    None,
    /// By the latest earlier round in which they differed.
    EarlierRound,
    /// By their numbers, for they never differed.
    Index,
}

/// What a finished count found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CountResult {
    /// This option is elected.
    Winner(OptionId),
    /// No option is.
    NoWinner,
}

impl CountResult {
    /// The elected option.
    pub fn winner(self) -> Option<OptionId> {
        match self {
            Self::Winner(option) => Some(option),
            Self::NoWinner => None,
        }
    }
}
