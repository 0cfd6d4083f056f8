//! Condorcet: the option that beats every other one in a duel wins, if there is one.
//!
//! A ballot prefers the options it ranks in their order, and all of them to those it does not rank; between two that it
//! does not rank it takes no side.

use crate::{BasisPoints, OptionId, OptionSet, Power, TallyError, TooManyOptions};
use alloc::vec::Vec;
use scale::{Decode, Encode};

/// How much weight prefers each option to each other: a count in progress, that can be stored between any two rankings.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Duels {
    options: u8,
    next: u32,
    weight: Power,
    /// Row by row, without the diagonal.
    preferences: Vec<Power>,
}

impl Duels {
    /// A count that has not begun.
    ///
    /// # Errors
    /// If there are more options than an [`OptionSet`] holds.
    pub fn new(options: u8) -> Result<Self, TooManyOptions> {
        if options > OptionSet::CAPACITY {
            return Err(TooManyOptions(options));
        }
        let duels = usize::from(options).saturating_mul(row_length(options));
        Ok(Self { options, next: 0, weight: 0, preferences: alloc::vec![0; duels] })
    }

    /// The number of the ranking to be counted next.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Counts one ranking.
    ///
    /// # Errors
    /// [`TallyError::Overflow`], and then nothing was counted.
    pub fn add(&mut self, ranking: &[OptionId], weight: Power) -> Result<(), TallyError> {
        self.weight = self.weight.checked_add(weight).ok_or(TallyError::Overflow)?;
        self.next = self.next.saturating_add(1);
        let mut behind = OptionSet::first(self.options);
        for winner in ranking {
            if !behind.remove(*winner) {
                continue;
            }
            let start = usize::from(*winner).saturating_mul(row_length(self.options));
            let row = self.preferences.get_mut(start..).unwrap_or_default();
            let mut losers = behind;
            while let Some(loser) = losers.pop_first() {
                if let Some(preference) = row.get_mut(column(*winner, loser)) {
                    // At most all weight, which was just seen to fit.
                    *preference = preference.wrapping_add(weight);
                }
            }
        }
        Ok(())
    }

    /// The weight that prefers option `winner` to option `loser`.
    pub fn prefers(&self, winner: OptionId, loser: OptionId) -> Power {
        if winner == loser || winner.max(loser) >= self.options {
            return 0;
        }
        let start = usize::from(winner).saturating_mul(row_length(self.options));
        self.preferences.get(start.saturating_add(column(winner, loser))).copied().unwrap_or_default()
    }

    /// The option that beats every other one. It does so where strictly more than `approval`, and than half, of those
    /// who prefer one of the two prefer it.
    pub fn winner(&self, approval: BasisPoints) -> Option<OptionId> {
        let approval = approval.max(BasisPoints::HALF);
        let beats = |winner: OptionId, loser: OptionId| {
            let preferred = self.prefers(winner, loser);
            approval.is_exceeded_by(preferred, self.prefers(loser, winner).saturating_add(preferred))
        };
        let beats_all = |winner: &OptionId| (0..self.options).all(|loser| loser == *winner || beats(*winner, loser));
        if self.weight == 0 { None } else { (0..self.options).find(beats_all) }
    }
}

fn row_length(options: u8) -> usize {
    usize::from(options.saturating_sub(1))
}

fn column(winner: OptionId, loser: OptionId) -> usize {
    usize::from(if loser > winner { loser.saturating_sub(1) } else { loser })
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Ballots = Vec<(Vec<OptionId>, Power)>;

    fn bps(points: u16) -> BasisPoints {
        BasisPoints::new(points).expect("test shares are in range")
    }

    fn counted(options: u8, ballots: &[(impl AsRef<[OptionId]>, Power)]) -> Duels {
        let mut duels = Duels::new(options).expect("few options");
        for (ranking, weight) in ballots {
            duels = Duels::decode(&mut &duels.encode()[..]).expect("round trips");
            duels.add(ranking.as_ref(), *weight).expect("no overflow");
        }
        duels
    }

    #[test]
    fn the_option_that_beats_every_other_wins() {
        // An instant runoff would drop 1, whom everybody can live with.
        let duels = counted(3, &[([0, 1], 5), ([2, 1], 4), ([1, 0], 2)]);
        assert_eq!(duels.winner(bps(0)), Some(1));
    }

    #[test]
    fn a_cycle_has_no_winner() {
        assert_eq!(counted(3, &[([0, 1, 2], 1), ([1, 2, 0], 1), ([2, 0, 1], 1)]).winner(bps(0)), None);
    }

    #[test]
    fn a_tie_has_no_winner() {
        assert_eq!(counted(2, &[([0], 5), ([1], 5)]).winner(bps(0)), None);
        assert_eq!(counted(1, &[([0], 0)]).winner(bps(0)), None);
    }

    #[test]
    fn a_ranked_option_is_preferred_to_one_that_is_not() {
        let duels = counted(4, &[([2, 0], 7)]);
        assert_eq!((duels.prefers(2, 0), duels.prefers(0, 3), duels.prefers(2, 1)), (7, 7, 7));
        assert_eq!((duels.prefers(1, 3), duels.prefers(3, 1), duels.prefers(0, 2), duels.prefers(0, 0)), (0, 0, 0, 0));
    }

    #[test]
    fn every_duel_must_exceed_the_approval() {
        let duels = counted(2, &[([0], 6), ([1], 4)]);
        assert_eq!((duels.winner(bps(5_999)), duels.winner(bps(6_000))), (Some(0), None));
    }

    #[test]
    fn unknown_and_repeated_options_count_for_nothing() {
        assert_eq!(counted(2, &[(vec![9, 0, 2, 0, 1], 3)]), counted(2, &[(vec![0, 1], 3)]));
        assert_eq!(counted(2, &[(vec![0], 1)]).prefers(0, 2), 0);
    }

    #[test]
    fn an_overflow_counts_nothing() {
        let mut duels = counted(2, &[([0], Power::MAX)]);
        let before = duels.clone();
        assert_eq!(duels.add(&[1], 1), Err(TallyError::Overflow));
        assert_eq!(duels, before);
    }

    #[test]
    fn a_count_fits_into_a_contracts_buffer() {
        assert!(Duels::new(32).is_ok_and(|duels| duels.encoded_size() < 16_000));
        assert!(Duels::new(128).is_ok());
        assert_eq!(Duels::new(129), Err(TooManyOptions(129)));
    }

    fn elections() -> impl Strategy<Value = (u8, Ballots, Vec<OptionId>)> {
        (1u8..8).prop_flat_map(|options| {
            let order = Just((0..options).collect::<Vec<_>>()).prop_shuffle();
            let ranking = (order.clone(), 0..=usize::from(options)).prop_map(|(mut ranking, length)| {
                ranking.truncate(length);
                ranking
            });
            (Just(options), prop::collection::vec((ranking, 0u128..6), 0..12), order)
        })
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition((options, ballots, _) in elections(), approval in 5_000u16..=10_000) {
            let duels = counted(options, &ballots);
            let place = |ranking: &[OptionId], option| ranking.iter().position(|o| *o == option).unwrap_or(usize::MAX);
            let prefer = |a, b| -> Power {
                let ahead = |(ranking, _): &&(Vec<_>, _)| place(ranking, a) < place(ranking, b);
                ballots.iter().filter(ahead).map(|(_, weight)| weight).sum()
            };
            let all = || 0..options;
            prop_assert!(all().all(|a| all().all(|b| duels.prefers(a, b) == prefer(a, b))));
            let beats = |a, b| prefer(a, b) * 10_000 > (prefer(a, b) + prefer(b, a)) * Power::from(approval);
            let voted = ballots.iter().any(|(_, weight)| *weight > 0);
            let winner = all().find(|a| voted && all().all(|b| *a == b || beats(*a, b)));
            prop_assert_eq!(duels.winner(bps(approval)), winner);
        }

        #[test]
        fn the_order_of_ballots_changes_nothing((options, mut ballots, _) in elections()) {
            let before = counted(options, &ballots);
            ballots.reverse();
            prop_assert_eq!(counted(options, &ballots), before);
        }

        #[test]
        fn relabelling_options_relabels_the_result(
            (options, ballots, labels) in elections(), approval in 0u16..=10_000,
        ) {
            let label = |option: &OptionId| labels[usize::from(*option)];
            let relabelled = |(ranking, weight): &(Vec<_>, _)| (ranking.iter().map(label).collect(), *weight);
            let other: Ballots = ballots.iter().map(relabelled).collect();
            let winner = counted(options, &ballots).winner(bps(approval));
            prop_assert_eq!(counted(options, &other).winner(bps(approval)), winner.as_ref().map(label));
        }
    }
}
