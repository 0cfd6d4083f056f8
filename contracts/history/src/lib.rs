//! A value through time: what it was at the end of any past moment.
//!
//! The present value and the number of changes share a cell, so that the common look-up, of a moment after the last
//! change, is one read. Every older value has a cell of its own: no history can outgrow what a message can read, and
//! a look-up deep in a history of `n` changes takes `log2 n` reads more.
#![cfg_attr(not(feature = "std"), no_std)]

use ink::{
    scale::{Codec, Encode, EncodeLike},
    storage::{
        Mapping,
        traits::{AutoKey, StorageKey},
    },
};
use interfaces::{Leaf, Moment};

/// The history can take no further change: 2³² moments are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// A value from a moment on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Checkpoint<V> {
    /// The block timestamp of the change.
    pub since: Moment,
    /// The value from then on.
    pub value: V,
}

/// A checkpoint as it is stored, whatever the value.
type Stored<V> = Leaf<Checkpoint<V>>;

/// The latest checkpoint, and how many there are with it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Head<V> {
    latest: Stored<V>,
    changes: u32,
}

impl<V: Default> Head<V> {
    /// The value now.
    pub fn value(&mut self) -> &mut V {
        &mut self.latest.0.value
    }

    /// Makes room for a change at `now`. Returns the number to put the latest checkpoint away under, unless it is of the
    /// same moment or there is none.
    fn renew(&mut self, now: Moment) -> Result<Option<u32>, Full> {
        let number = self.changes.checked_sub(1);
        if number.is_some() && self.latest.0.since == now {
            return Ok(None);
        }
        self.changes = self.changes.checked_add(1).ok_or(Full)?;
        Ok(number)
    }

    /// The value at the end of `moment`; `older` fetches an older checkpoint by its number.
    fn value_at(self, moment: Moment, older: impl Fn(u32) -> Checkpoint<V>) -> V {
        let Leaf(latest) = self.latest;
        if latest.since <= moment {
            return latest.value;
        }
        // Every checkpoint below `low` is at or before the moment, the last of them of `value`; from `high` on, all are after it.
        let (mut low, mut high, mut value) = (0, self.changes.saturating_sub(1), V::default());
        while low < high {
            let middle = u32::midpoint(low, high);
            let checkpoint = older(middle);
            if checkpoint.since <= moment {
                value = checkpoint.value;
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        value
    }
}

/// One of a key's older checkpoints, which are numbered from 0.
type Numbered<K> = (K, u32);

/// The histories of the values of all keys. A key without one has the default value.
#[derive(Debug)]
#[ink::storage_item]
pub struct History<K: Encode, V: Codec + Default, Key: StorageKey = AutoKey> {
    heads: Mapping<K, Head<V>>,
    older: Mapping<Numbered<K>, Stored<V>>,
}

impl<K: Encode, V: Codec + Default, Key: StorageKey> Default for History<K, V, Key> {
    fn default() -> Self {
        Self { heads: Mapping::new(), older: Mapping::new() }
    }
}

impl<K: Copy + Encode + EncodeLike, V: Codec + Default, Key: StorageKey> History<K, V, Key> {
    /// The value now.
    pub fn value(&self, key: K) -> V {
        self.head(key).latest.0.value
    }

    /// The value at the end of `moment`.
    pub fn value_at(&self, key: K, moment: Moment) -> V {
        self.head(key).value_at(moment, |number| self.older.get((key, number)).unwrap_or_default().0)
    }

    /// The present end of a history, whose value is to be changed to what it is from `now` on, and then
    /// [kept](Self::keep). What it was before stays known.
    ///
    /// # Errors
    /// [`Full`].
    pub fn open(&mut self, key: K, now: Moment) -> Result<Head<V>, Full> {
        let mut head = self.head(key);
        if let Some(number) = head.renew(now)? {
            // No head that was kept counts this number yet: should this one never be, nothing has happened.
            self.older.insert((key, number), &head.latest);
        }
        head.latest.0.since = now;
        Ok(head)
    }

    /// Lets the value be this one from `now` on. What it was before stays known.
    ///
    /// # Errors
    /// [`Full`].
    pub fn set(&mut self, key: K, now: Moment, value: V) -> Result<(), Full> {
        let mut head = self.open(key, now)?;
        *head.value() = value;
        self.keep(key, &head);
        Ok(())
    }

    /// Keeps what was made of the present end of the same history.
    pub fn keep(&mut self, key: K, head: &Head<V>) {
        self.heads.insert(key, head);
    }

    fn head(&self, key: K) -> Head<V> {
        self.heads.get(key).unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{cell::Cell, collections::BTreeMap};

    /// A history whose older checkpoints are in memory.
    #[derive(Default)]
    struct Kept {
        head: Head<u128>,
        older: BTreeMap<u32, Checkpoint<u128>>,
    }

    impl Kept {
        fn record(&mut self, now: Moment, value: u128) {
            if let Some(number) = self.head.renew(now).expect("room for more") {
                assert_eq!(self.older.insert(number, self.head.latest.0), None, "no cell is written twice");
            }
            self.head.latest.0 = Checkpoint { since: now, value };
        }

        /// The value at a moment, and how many older checkpoints were read for it.
        fn value_at(&self, moment: Moment) -> (u128, u32) {
            let reads = Cell::new(0);
            let value = self.head.value_at(moment, |number| {
                reads.set(reads.get() + 1);
                self.older[&number]
            });
            (value, reads.get())
        }
    }

    #[test]
    fn without_changes_there_is_nothing() {
        assert_eq!(Kept::default().value_at(Moment::MAX), (0, 0));
    }

    #[test]
    fn a_full_history_refuses_the_next_change_and_not_the_same_moment() {
        let mut head = Head { latest: Leaf(Checkpoint { since: 5, value: 1 }), changes: u32::MAX };
        assert_eq!(head.renew(5), Ok(None));
        assert_eq!(head.renew(6), Err(Full));
    }

    #[test]
    fn the_common_look_up_reads_no_older_checkpoint() {
        let mut kept = Kept::default();
        (1..=100).for_each(|moment| kept.record(moment, moment.into()));
        assert_eq!(kept.value_at(100), (100, 0));
        assert_eq!(kept.value_at(Moment::MAX), (100, 0));
    }

    #[ink::test]
    fn two_histories_with_the_same_keys_are_two() {
        #[ink::storage_item]
        #[derive(Default)]
        struct Both {
            names: History<u8, u64>,
            sizes: History<u8, u64>,
        }
        let mut both = Both::default();
        assert_eq!(both.names.set(1, 10, 7), Ok(()));
        assert_eq!((both.names.value(1), both.sizes.value(1)), (7, 0));
    }

    #[ink::test]
    fn what_was_opened_and_not_kept_has_not_happened() {
        let mut history = History::<u8, u64, ink::storage::traits::ManualKey<1>>::default();
        for (now, value, kept) in [(10, 1, true), (20, 2, false), (20, 3, true), (30, 4, false)] {
            let mut head = history.open(0, now).expect("room for more");
            *head.value() = value;
            if kept {
                history.keep(0, &head);
            }
        }
        let values = [9, 10, 19, 20, 30, Moment::MAX].map(|moment| history.value_at(0, moment));
        assert_eq!((values, history.value(0)), ([0, 1, 1, 3, 3, 3], 3));
    }

    proptest! {
        #[test]
        fn agrees_with_a_list_of_every_change(steps in prop::collection::vec((0_u64..3, 0_u128..4), 0..200)) {
            let (mut kept, mut changes, mut now) = (Kept::default(), vec![], 0);
            for (pause, value) in steps {
                now += pause;
                kept.record(now, value);
                changes.push((now, value));
            }
            for moment in 0..=now + 1 {
                let (value, reads) = kept.value_at(moment);
                let last = changes.iter().rev().find(|(since, _)| *since <= moment);
                prop_assert_eq!(value, last.map_or(0, |(_, value)| *value));
                prop_assert!(reads <= kept.older.len().checked_ilog2().map_or(0, |log| log + 1));
            }
        }
    }
}
