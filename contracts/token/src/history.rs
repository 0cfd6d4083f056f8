//! Voting power through time: who had how much at the end of any past moment.
//!
//! The present value and the number of older ones share a cell, so that the common look-up, of a moment after the last
//! change, is one read. Every older value has a cell of its own: no history can outgrow what a message can read, and
//! a look-up deep in a history of `n` changes takes `log2 n` reads more.

use ink::storage::Mapping;
use interfaces::{AccountId, Balance, Moment, token::Checkpoint};

/// Whose power: an account's, or of all together, which is the supply.
pub type Whose = Option<AccountId>;

/// The history can take no further change: 2³² moments are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// The latest checkpoint, and how many older ones there are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Head {
    latest: Checkpoint,
    older: u32,
}

impl Head {
    /// The value now.
    pub fn power(&self) -> Balance {
        self.latest.power
    }

    /// The value from `now` on is `power`. Returns the checkpoint this replaces and the number to keep it under, unless
    /// it is of the same moment or there was none.
    fn record(&mut self, now: Moment, power: Balance) -> Result<Option<(u32, Checkpoint)>, Full> {
        let before = core::mem::replace(&mut self.latest, Checkpoint { since: now, power });
        if before.since == now || before == Checkpoint::default() {
            return Ok(None);
        }
        let number = self.older;
        self.older = number.checked_add(1).ok_or(Full)?;
        Ok(Some((number, before)))
    }

    /// The value at the end of `moment`; `older` fetches an older checkpoint by its number.
    fn power_at(&self, moment: Moment, older: impl Fn(u32) -> Checkpoint) -> Balance {
        if self.latest.since <= moment {
            return self.latest.power;
        }
        // Every checkpoint below `low` is at or before the moment, the last of them of `power`; from `high` on, all are after it.
        let (mut low, mut high, mut power) = (0, self.older, 0);
        while low < high {
            let middle = u32::midpoint(low, high);
            let checkpoint = older(middle);
            if checkpoint.since <= moment {
                power = checkpoint.power;
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        power
    }
}

/// The histories of all accounts and of the supply.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct History {
    heads: Mapping<Whose, Head>,
    older: Mapping<(Whose, u32), Checkpoint>,
}

impl History {
    /// The present end of a history.
    pub fn head(&self, whose: Whose) -> Head {
        self.heads.get(whose).unwrap_or_default()
    }

    /// The value at the end of `moment`.
    pub fn power_at(&self, whose: Whose, moment: Moment) -> Balance {
        self.head(whose).power_at(moment, |number| self.older.get((whose, number)).unwrap_or_default())
    }

    /// Records that the value is `power` from `now` on. `head` is the present end of the same history.
    ///
    /// # Errors
    /// [`Full`], and then nothing is recorded.
    pub fn record(&mut self, whose: Whose, mut head: Head, now: Moment, power: Balance) -> Result<(), Full> {
        if let Some((number, checkpoint)) = head.record(now, power)? {
            self.older.insert((whose, number), &checkpoint);
        }
        self.heads.insert(whose, &head);
        Ok(())
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
        head: Head,
        older: BTreeMap<u32, Checkpoint>,
    }

    impl Kept {
        fn record(&mut self, now: Moment, power: Balance) {
            if let Some((number, checkpoint)) = self.head.record(now, power).expect("room for more") {
                assert_eq!(self.older.insert(number, checkpoint), None, "no cell is written twice");
            }
        }

        /// The power at a moment, and how many older checkpoints were read for it.
        fn power_at(&self, moment: Moment) -> (Balance, u32) {
            let reads = Cell::new(0);
            let power = self.head.power_at(moment, |number| {
                reads.set(reads.get() + 1);
                self.older[&number]
            });
            (power, reads.get())
        }
    }

    #[test]
    fn without_changes_there_is_no_power() {
        assert_eq!(Kept::default().power_at(Moment::MAX), (0, 0));
    }

    #[test]
    fn a_full_history_refuses_the_next_change_and_not_the_same_moment() {
        let latest = Checkpoint { since: 5, power: 1 };
        let mut head = Head { latest, older: u32::MAX };
        assert_eq!(head.record(5, 2), Ok(None));
        assert_eq!(head.record(6, 3), Err(Full));
    }

    #[test]
    fn the_common_look_up_reads_no_older_checkpoint() {
        let mut kept = Kept::default();
        (1..=100).for_each(|moment| kept.record(moment, moment.into()));
        assert_eq!(kept.power_at(100), (100, 0));
        assert_eq!(kept.power_at(Moment::MAX), (100, 0));
    }

    proptest! {
        #[test]
        fn agrees_with_a_list_of_every_change(steps in prop::collection::vec((0_u64..3, 0_u128..4), 0..200)) {
            let (mut kept, mut changes, mut now) = (Kept::default(), vec![], 0);
            for (pause, power) in steps {
                now += pause;
                kept.record(now, power);
                changes.push((now, power));
            }
            for moment in 0..=now + 1 {
                let (power, reads) = kept.power_at(moment);
                let last = changes.iter().rev().find(|(since, _)| *since <= moment);
                prop_assert_eq!(power, last.map_or(0, |(_, power)| *power));
                prop_assert!(reads <= kept.older.len().checked_ilog2().map_or(0, |log| log + 1));
            }
        }
    }
}
