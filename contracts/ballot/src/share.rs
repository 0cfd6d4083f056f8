//! Exact comparison of integers against a share in basis points, without overflow and without rounding.

use scale::{Decode, Encode, EncodeLike, Error, Input, Output};

/// A share of a whole in basis points: `0..=10_000`, where `10_000` is all of it. Encodes as a `u16`, and
/// decoding refuses a value out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "u16", into = "u16"))]
pub struct BasisPoints(u16);

/// The given number of basis points is over 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidShare(pub u16);

impl BasisPoints {
    /// The number of basis points in a whole.
    pub const WHOLE: u16 = 10_000;

    /// Nothing.
    pub const NONE: Self = Self(0);

    /// One half.
    pub const HALF: Self = Self(5_000);

    /// A share of `bps` basis points.
    ///
    /// # Errors
    /// If `bps` is over [`Self::WHOLE`].
    pub const fn new(bps: u16) -> Result<Self, InvalidShare> {
        if bps > Self::WHOLE { Err(InvalidShare(bps)) } else { Ok(Self(bps)) }
    }

    /// The number of basis points.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// This share of `whole`, rounded down.
    ///
    /// In base 256, digit by digit from the highest, for the division of a `u128` is a kilobyte of code in a contract.
    /// After each digit, `floor` is at most what was read of `whole`, and `rest` is below 10⁴: nothing here can wrap; the
    /// operators only say so to the reader.
    pub fn floor_of(self, whole: u128) -> u128 {
        const WHOLE: u32 = BasisPoints::WHOLE as u32;
        let (mut floor, mut rest) = (0_u128, 0_u32);
        for digit in whole.to_le_bytes().into_iter().rev() {
            rest = (rest << 8).wrapping_add(u32::from(digit).wrapping_mul(self.0.into()));
            floor = (floor << 8).wrapping_add((rest / WHOLE).into());
            rest %= WHOLE;
        }
        floor
    }

    /// This share of `whole`, rounded up: the least integer that is at least the share. It is what the other share,
    /// rounded down, leaves.
    pub fn ceil_of(self, whole: u128) -> u128 {
        let other = Self(Self::WHOLE.saturating_sub(self.0));
        whole.saturating_sub(other.floor_of(whole))
    }

    /// Whether `part` is strictly more than this share of `whole`.
    pub fn is_exceeded_by(self, part: u128, whole: u128) -> bool {
        part > self.floor_of(whole)
    }
}

impl TryFrom<u16> for BasisPoints {
    type Error = InvalidShare;

    fn try_from(bps: u16) -> Result<Self, Self::Error> {
        Self::new(bps)
    }
}

impl From<BasisPoints> for u16 {
    fn from(share: BasisPoints) -> Self {
        share.0
    }
}

impl core::fmt::Display for InvalidShare {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} basis points is more than the whole ({})", self.0, BasisPoints::WHOLE)
    }
}

impl core::error::Error for InvalidShare {}

impl Encode for BasisPoints {
    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }

    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        self.0.encode_to(dest);
    }
}

impl EncodeLike for BasisPoints {}

impl Decode for BasisPoints {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::new(u16::decode(input)?).map_err(|_| Error::from("basis points out of range"))
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn more_than_the_whole_is_refused() {
        assert_eq!(BasisPoints::new(10_001), Err(InvalidShare(10_001)));
        assert!(BasisPoints::decode(&mut &10_001u16.encode()[..]).is_err());
    }

    #[test]
    fn the_largest_whole_does_not_overflow() {
        let all = BasisPoints::new(10_000).expect("the whole is a share");
        assert_eq!(all.floor_of(u128::MAX), u128::MAX);
        assert_eq!(all.ceil_of(u128::MAX), u128::MAX);
        assert!(!all.is_exceeded_by(u128::MAX, u128::MAX));
    }

    proptest! {
        #[test]
        fn agrees_with_plain_arithmetic_where_that_fits(bps in 0u16..=10_000, part: u64, whole: u64) {
            let share = BasisPoints::new(bps).expect("in range");
            let (part, whole) = (u128::from(part), u128::from(whole));
            let product = whole * u128::from(bps);
            prop_assert_eq!(share.floor_of(whole), product / 10_000);
            prop_assert_eq!(share.ceil_of(whole), product.div_ceil(10_000));
            prop_assert_eq!(share.is_exceeded_by(part, whole), part * 10_000 > product);
        }

        #[test]
        fn agrees_with_division_in_two_parts_where_the_product_would_not_fit(bps in 0u16..=10_000, whole: u128) {
            let share = BasisPoints::new(bps).expect("in range");
            let bps = u128::from(bps);
            let (quotient, rest) = (whole / 10_000, whole % 10_000 * bps);
            prop_assert_eq!(share.floor_of(whole), quotient * bps + rest / 10_000);
            prop_assert_eq!(share.ceil_of(whole), quotient * bps + rest.div_ceil(10_000));
        }

        #[test]
        fn round_trips(bps in 0u16..=10_000) {
            let share = BasisPoints::new(bps).expect("in range");
            prop_assert_eq!(BasisPoints::decode(&mut &share.encode()[..]), Ok(share));
        }
    }
}
