//! Sets of options.

use crate::OptionId;
use scale::{Decode, Encode};

/// A set of options. Encodes as a `u128` with one bit for each.
// Two words rather than one `u128`, whose every shift would be a call in wasm.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct OptionSet([u64; 2]);

impl OptionSet {
    /// How many options a set has room for.
    pub const CAPACITY: u8 = 128;

    /// The set of the first `options` options, or of all there is room for.
    pub fn first(options: u8) -> Self {
        let word = |options: u8| match options {
            64.. => u64::MAX,
            fewer => 1u64.wrapping_shl(fewer.into()).wrapping_sub(1),
        };
        Self([word(options), word(options.saturating_sub(64))])
    }

    /// Whether `option` is in the set.
    pub fn contains(&self, option: OptionId) -> bool {
        self.0.get(word(option)).is_some_and(|word| word & bit(option) != 0)
    }

    /// Puts `option` in; whether that changed anything: false if it is in the set already or there is no room for it.
    pub fn insert(&mut self, option: OptionId) -> bool {
        let changes = option < Self::CAPACITY && !self.contains(option);
        if let Some(word) = self.0.get_mut(word(option)) {
            *word |= bit(option);
        }
        changes
    }

    /// Takes `option` out; whether it was in the set.
    pub fn remove(&mut self, option: OptionId) -> bool {
        let changes = self.contains(option);
        if let Some(word) = self.0.get_mut(word(option)) {
            *word &= !bit(option);
        }
        changes
    }

    /// Takes the lowest option out.
    pub fn pop_first(&mut self) -> Option<OptionId> {
        let [low, high] = self.0;
        let option = if low == 0 { high.trailing_zeros().saturating_add(64) } else { low.trailing_zeros() };
        let option = OptionId::try_from(option).ok()?;
        self.remove(option).then_some(option)
    }
}

impl From<u32> for OptionSet {
    fn from(bits: u32) -> Self {
        Self([bits.into(), 0])
    }
}

fn word(option: OptionId) -> usize {
    usize::from(option >> 6)
}

fn bit(option: OptionId) -> u64 {
    1u64.wrapping_shl(option.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_is_no_room_beyond_the_capacity() {
        let mut set = OptionSet::first(u8::MAX);
        assert_eq!(set, OptionSet::first(OptionSet::CAPACITY));
        assert!(!set.contains(OptionSet::CAPACITY) && !set.insert(OptionSet::CAPACITY) && !set.remove(u8::MAX));
        assert_eq!(set, OptionSet::first(OptionSet::CAPACITY));
    }

    proptest! {
        #[test]
        fn agrees_with_a_plain_set(
            first in 0u8..=128,
            changes in prop::collection::vec((any::<bool>(), 0u8..128), 0..50),
        ) {
            let (mut set, mut plain) = (OptionSet::first(first), (0..first).collect::<BTreeSet<_>>());
            for (put_in, option) in changes {
                if put_in {
                    prop_assert_eq!(set.insert(option), plain.insert(option));
                } else {
                    prop_assert_eq!(set.remove(option), plain.remove(&option));
                }
            }
            prop_assert!((0..=u8::MAX).all(|option| set.contains(option) == plain.contains(&option)));
            let bits = plain.iter().fold(0u128, |bits, option| bits | 1 << option);
            prop_assert_eq!(set.encode(), bits.encode());
            prop_assert!(std::iter::from_fn(|| set.pop_first()).eq(plain));
        }
    }
}
