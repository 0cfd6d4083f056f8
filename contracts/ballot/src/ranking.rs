//! Rankings of options.

use crate::{InvalidChoice, OptionId, OptionSet};
use alloc::vec::Vec;
use scale::{Decode, Encode, Error, Input};

/// Options in order of preference, the most preferred first: at least one, and none twice. Options that are left out
/// rank behind, all alike. Encodes as a `Vec<u8>`, and decoding refuses what is not a ranking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<OptionId>", into = "Vec<OptionId>")
)]
pub struct Ranking(Vec<OptionId>);

impl Ranking {
    /// A ranking of `options`.
    ///
    /// # Errors
    /// If there is no option, one is named twice, or one is beyond [`OptionSet::CAPACITY`].
    pub fn new(options: Vec<OptionId>) -> Result<Self, InvalidChoice> {
        let mut ranked = OptionSet::default();
        for option in &options {
            if *option >= OptionSet::CAPACITY {
                return Err(InvalidChoice::UnknownOption(*option));
            }
            if !ranked.insert(*option) {
                return Err(InvalidChoice::Repeated(*option));
            }
        }
        if options.is_empty() { Err(InvalidChoice::Empty) } else { Ok(Self(options)) }
    }

    /// The options in order of preference.
    pub fn as_slice(&self) -> &[OptionId] {
        &self.0
    }
}

impl AsRef<[OptionId]> for Ranking {
    fn as_ref(&self) -> &[OptionId] {
        &self.0
    }
}

impl TryFrom<Vec<OptionId>> for Ranking {
    type Error = InvalidChoice;

    fn try_from(options: Vec<OptionId>) -> Result<Self, Self::Error> {
        Self::new(options)
    }
}

impl From<Ranking> for Vec<OptionId> {
    fn from(ranking: Ranking) -> Self {
        ranking.0
    }
}

impl Decode for Ranking {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::new(Vec::decode(input)?).map_err(|_| Error::from("not a ranking"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_ranking_is_not_decoded() {
        let too_long: Vec<u8> = (0..=128).collect();
        for options in [vec![], vec![1, 0, 1], vec![128], too_long] {
            assert!(Ranking::new(options.clone()).is_err());
            assert!(Ranking::decode(&mut &options.encode()[..]).is_err());
        }
    }

    #[test]
    fn a_ranking_round_trips() {
        let longest = Ranking::new((0..128).rev().collect()).expect("no option twice");
        assert_eq!(Ranking::decode(&mut &longest.encode()[..]), Ok(longest));
    }
}
