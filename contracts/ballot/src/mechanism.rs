//! The ways to vote.

use crate::OptionId;
use scale::{Decode, Encode};

/// The fewest options of a poll that has any, "none of the above" included.
pub const FEWEST_OPTIONS: u8 = 2;

/// The most options of a poll, "none of the above" included.
pub const MOST_OPTIONS: u8 = 32;

/// How a poll is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Mechanism {
    /// For or against, without options.
    Majority,
    /// Every option that a ballot approves gets its full power; most power wins.
    Approval,
    /// A ballot spreads its power over options; most power wins.
    Weighted,
    /// A person buys votes for options with voice credits, at the votes' square; most votes win.
    Quadratic,
    /// Ranked choice: instant runoff, in which the weakest option goes out until one has a majority.
    Ranked,
    /// Ranked choice: the option that beats every other one in a duel wins.
    Condorcet,
}

impl Mechanism {
    /// The mechanism's name, as it is stored and as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Majority => "majority",
            Self::Approval => "approval",
            Self::Weighted => "weighted",
            Self::Quadratic => "quadratic",
            Self::Ranked => "ranked",
            Self::Condorcet => "condorcet",
        }
    }

    /// Whether ballots are rankings, so that the poll has to be counted after its voting is over.
    pub fn is_ranked(self) -> bool {
        matches!(self, Self::Ranked | Self::Condorcet)
    }

    /// Whether a poll of this mechanism can have so many options.
    pub fn allows(self, options: u8) -> bool {
        match self {
            Self::Majority => options == 0,
            _ => (FEWEST_OPTIONS..=MOST_OPTIONS).contains(&options),
        }
    }
}

/// Which of a poll's options is "none of the above": the last. It can be voted for and win like any other, and then
/// nothing is decided.
pub fn none_of_the_above(options: u8) -> OptionId {
    options.saturating_sub(1)
}
