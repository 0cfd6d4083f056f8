//! Why something cannot be counted.

use crate::OptionSet;
use core::fmt::{Display, Formatter, Result};
use scale::{Decode, Encode};

/// Why a ballot cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub enum TallyError {
    /// The sum of all votes exceeds `u128::MAX`; impossible while power never exceeds the token's supply.
    Overflow,
    /// More is to be taken out than was put in.
    Underflow,
    /// The ballot is not one of this poll: it has not passed [`Choice::check`](crate::Choice::check).
    WrongBallot,
}

/// The given number of options is more than can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyOptions(pub u8);

impl Display for TallyError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Overflow => "the sum of all votes is too large to be stored",
            Self::Underflow => "more votes are to be taken out than were put in",
            Self::WrongBallot => "the ballot is not one of this poll",
        })
    }
}

impl Display for TooManyOptions {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} options are more than can be counted ({})", self.0, OptionSet::CAPACITY)
    }
}

impl core::error::Error for TallyError {}
impl core::error::Error for TooManyOptions {}
