//! What one ballot says.

use crate::{BasisPoints, Mechanism, OptionId, Ranking, Support};
use alloc::vec::Vec;
use core::fmt::{Display, Formatter};
use scale::{Decode, Encode};

/// What one ballot says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Choice {
    /// In a majority vote: a side.
    Majority(Support),
    /// The approved options, one bit for each, option 0 the lowest; at least one.
    Approval(u32),
    /// Which share of the power goes to which option: options strictly ascending, no share zero, 10,000 in all.
    Weighted(Vec<(OptionId, BasisPoints)>),
    /// How many votes go to which option: options strictly ascending, no number zero, at least one option.
    Quadratic(Vec<(OptionId, u32)>),
    /// The options in order of preference, for an instant runoff or a Condorcet count.
    Ranked(Ranking),
}

/// Why a ballot does not fit its poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InvalidChoice {
    /// The ballot is for another mechanism.
    WrongMechanism,
    /// No option is named.
    Empty,
    /// The poll has no option of this number.
    UnknownOption(OptionId),
    /// This option does not come after the one before it.
    NotAscending(OptionId),
    /// This option is ranked twice.
    Repeated(OptionId),
    /// This option is given a share or a number of votes of zero.
    Nothing(OptionId),
    /// The shares are not 10,000 basis points in all.
    SharesNotWhole,
}

impl Choice {
    /// Whether this is a ballot of a poll with this mechanism and so many options.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, mechanism: Mechanism, options: u8) -> Result<(), InvalidChoice> {
        match (self, mechanism) {
            (Self::Majority(_), Mechanism::Majority) => Ok(()),
            (Self::Approval(approved), Mechanism::Approval) => check_approval(*approved, options),
            (Self::Weighted(shares), Mechanism::Weighted) => check_weighted(shares, options),
            (Self::Quadratic(votes), Mechanism::Quadratic) => {
                let mut entries = Entries { options, last: None };
                votes.iter().try_for_each(|(option, votes)| entries.check(*option, *votes))?;
                entries.finish()
            }
            (Self::Ranked(ranking), Mechanism::Ranked | Mechanism::Condorcet) => {
                let unknown = ranking.as_slice().iter().find(|option| **option >= options);
                unknown.map_or(Ok(()), |option| Err(InvalidChoice::UnknownOption(*option)))
            }
            _ => Err(InvalidChoice::WrongMechanism),
        }
    }
}

fn check_approval(approved: u32, options: u8) -> Result<(), InvalidChoice> {
    let highest = 31u32.checked_sub(approved.leading_zeros()).ok_or(InvalidChoice::Empty)?;
    let highest = OptionId::try_from(highest).unwrap_or(OptionId::MAX);
    if highest < options { Ok(()) } else { Err(InvalidChoice::UnknownOption(highest)) }
}

fn check_weighted(shares: &[(OptionId, BasisPoints)], options: u8) -> Result<(), InvalidChoice> {
    let mut entries = Entries { options, last: None };
    let mut sum = 0u32;
    for (option, share) in shares {
        entries.check(*option, share.get().into())?;
        sum = sum.saturating_add(share.get().into());
    }
    entries.finish()?;
    if sum == u32::from(BasisPoints::WHOLE) { Ok(()) } else { Err(InvalidChoice::SharesNotWhole) }
}

/// Sees to it that a ballot's entries name options of the poll, in strictly ascending order, and give each something.
struct Entries {
    options: u8,
    last: Option<OptionId>,
}

impl Entries {
    fn check(&mut self, option: OptionId, amount: u32) -> Result<(), InvalidChoice> {
        if option >= self.options {
            return Err(InvalidChoice::UnknownOption(option));
        }
        if self.last.is_some_and(|last| option <= last) {
            return Err(InvalidChoice::NotAscending(option));
        }
        if amount == 0 {
            return Err(InvalidChoice::Nothing(option));
        }
        self.last = Some(option);
        Ok(())
    }

    fn finish(&self) -> Result<(), InvalidChoice> {
        if self.last.is_some() { Ok(()) } else { Err(InvalidChoice::Empty) }
    }
}

impl Display for InvalidChoice {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::WrongMechanism => f.write_str("the ballot is for another kind of vote"),
            Self::Empty => f.write_str("the ballot names no option"),
            Self::UnknownOption(option) => write!(f, "there is no option {option}"),
            Self::NotAscending(option) => write!(f, "option {option} does not come after the one before it"),
            Self::Repeated(option) => write!(f, "option {option} is ranked twice"),
            Self::Nothing(option) => write!(f, "option {option} is named, but given nothing"),
            Self::SharesNotWhole => write!(f, "the shares are not {} basis points in all", BasisPoints::WHOLE),
        }
    }
}

impl core::error::Error for InvalidChoice {}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(shares: &[(OptionId, u16)]) -> Choice {
        let share = |points| BasisPoints::new(points).expect("test shares are in range");
        Choice::Weighted(shares.iter().map(|(option, points)| (*option, share(*points))).collect())
    }

    fn quadratic(votes: &[(OptionId, u32)]) -> Choice {
        Choice::Quadratic(votes.to_vec())
    }

    fn ranked(options: &[OptionId]) -> Choice {
        Choice::Ranked(Ranking::new(options.to_vec()).expect("a ranking"))
    }

    #[test]
    fn a_ballot_of_another_mechanism_is_refused() {
        for choice in [Choice::Majority(Support::For), Choice::Approval(1), weighted(&[(0, 10_000)]), ranked(&[0])] {
            assert_eq!(choice.check(Mechanism::Quadratic, 3), Err(InvalidChoice::WrongMechanism));
        }
        assert_eq!(quadratic(&[(0, 1)]).check(Mechanism::Majority, 0), Err(InvalidChoice::WrongMechanism));
        assert_eq!(ranked(&[2, 0]).check(Mechanism::Ranked, 3), Ok(()));
        assert_eq!(ranked(&[2, 0]).check(Mechanism::Condorcet, 3), Ok(()));
        assert_eq!(Choice::Majority(Support::For).check(Mechanism::Majority, 0), Ok(()));
    }

    #[test]
    fn an_unknown_option_is_refused() {
        let unknown = Err(InvalidChoice::UnknownOption(3));
        assert_eq!(Choice::Approval(0b1001).check(Mechanism::Approval, 3), unknown);
        assert_eq!(weighted(&[(0, 1), (3, 9_999)]).check(Mechanism::Weighted, 3), unknown);
        assert_eq!(quadratic(&[(0, 1), (3, 1)]).check(Mechanism::Quadratic, 3), unknown);
        assert_eq!(ranked(&[0, 3]).check(Mechanism::Ranked, 3), unknown);
        assert_eq!(Choice::Approval(0b1001).check(Mechanism::Approval, 4), Ok(()));
        assert_eq!(Choice::Approval(u32::MAX).check(Mechanism::Approval, 32), Ok(()));
    }

    #[test]
    fn an_empty_ballot_is_refused() {
        assert_eq!(Choice::Approval(0).check(Mechanism::Approval, 3), Err(InvalidChoice::Empty));
        assert_eq!(weighted(&[]).check(Mechanism::Weighted, 3), Err(InvalidChoice::Empty));
        assert_eq!(quadratic(&[]).check(Mechanism::Quadratic, 3), Err(InvalidChoice::Empty));
    }

    #[test]
    fn options_that_do_not_ascend_are_refused() {
        assert_eq!(quadratic(&[(1, 1), (0, 1)]).check(Mechanism::Quadratic, 3), Err(InvalidChoice::NotAscending(0)));
        let twice = weighted(&[(1, 5_000), (1, 5_000)]);
        assert_eq!(twice.check(Mechanism::Weighted, 3), Err(InvalidChoice::NotAscending(1)));
    }

    #[test]
    fn an_option_given_nothing_is_refused() {
        assert_eq!(quadratic(&[(1, 0)]).check(Mechanism::Quadratic, 3), Err(InvalidChoice::Nothing(1)));
        let nothing = weighted(&[(0, 10_000), (2, 0)]);
        assert_eq!(nothing.check(Mechanism::Weighted, 3), Err(InvalidChoice::Nothing(2)));
    }

    #[test]
    fn shares_must_be_the_whole() {
        for last in [4_999, 5_001] {
            let choice = weighted(&[(0, 5_000), (2, last)]);
            assert_eq!(choice.check(Mechanism::Weighted, 3), Err(InvalidChoice::SharesNotWhole));
        }
        assert_eq!(weighted(&[(0, 5_000), (2, 5_000)]).check(Mechanism::Weighted, 3), Ok(()));
    }

    #[test]
    #[cfg(feature = "serde")]
    fn json_is_as_the_api_shows_it() {
        let choices = [Choice::Majority(Support::For), Choice::Approval(5), weighted(&[(1, 10_000)]), ranked(&[1, 0])];
        let json = r#"[{"majority":"for"},{"approval":5},{"weighted":[[1,10000]]},{"ranked":[1,0]}]"#;
        assert_eq!(serde_json::to_string(&choices).expect("encodes"), json);
        assert_eq!(serde_json::from_str::<[Choice; 4]>(json).expect("decodes"), choices);
        assert!(serde_json::from_str::<Choice>(r#"{"ranked":[1,1]}"#).is_err());
        assert!(serde_json::from_str::<Choice>(r#"{"weighted":[[1,10001]]}"#).is_err());
    }
}
