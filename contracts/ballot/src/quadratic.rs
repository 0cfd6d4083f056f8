//! Quadratic voting: votes for an option cost their square in voice credits.
//!
//! Credits belong to identities, not to wallets: no rule on wallets withstands a holder who splits them. All wallets of
//! an identity therefore buy from one budget, and what they pay is the square of what they have together.

use crate::{OptionId, Power, TallyError};
use alloc::vec::Vec;
use core::fmt::{Display, Formatter};
use scale::{Decode, Encode};

/// What all wallets of one identity vote together: votes per option, options strictly ascending.
#[derive(Debug, Default, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct IdentityVotes(Vec<(OptionId, u32)>);

/// Why an identity's votes cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub enum BudgetError {
    /// They would cost more credits than the identity has.
    OverBudget {
        /// What they would cost.
        cost: u64,
        /// What the identity has.
        budget: u32,
    },
    /// They cannot be counted.
    Tally(TallyError),
}

impl IdentityVotes {
    /// Takes one wallet's `old` votes out, puts its `new` ones in, and answers with the identity's votes before. No
    /// votes are an empty slice.
    ///
    /// # Errors
    /// If the new votes cost more than `budget`, the old ones were not in, or one of them is not ascending; and then
    /// the votes are as before.
    pub fn replace(
        &mut self,
        old: &[(OptionId, u32)],
        new: &[(OptionId, u32)],
        budget: u32,
    ) -> Result<Self, BudgetError> {
        let changed = Self(merge(&self.0, old, new)?);
        let cost = changed.cost();
        if cost > u64::from(budget) {
            return Err(BudgetError::OverBudget { cost, budget });
        }
        Ok(core::mem::replace(self, changed))
    }

    /// What the votes cost in voice credits: each option's votes squared. At most `u64::MAX`, which no budget reaches.
    pub fn cost(&self) -> u64 {
        let square = |votes: u32| u64::from(votes).saturating_mul(votes.into());
        self.0.iter().fold(0, |cost: u64, (_, votes)| cost.saturating_add(square(*votes)))
    }

    /// The votes per option.
    pub fn as_slice(&self) -> &[(OptionId, u32)] {
        &self.0
    }

    /// Whether the identity takes part at all.
    pub fn takes_part(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether it has votes for an option before `none_of_the_above`.
    pub fn backs(&self, none_of_the_above: OptionId) -> bool {
        self.0.first().is_some_and(|(option, _)| *option < none_of_the_above)
    }

    /// How many identities this is in a turnout: one that takes part, or none.
    pub fn identities(&self) -> Power {
        self.takes_part().into()
    }
}

/// The sum of `all` and `new` without `old`.
fn merge(
    mut all: &[(OptionId, u32)],
    mut old: &[(OptionId, u32)],
    mut new: &[(OptionId, u32)],
) -> Result<Vec<(OptionId, u32)>, TallyError> {
    let mut merged = Vec::with_capacity(all.len().saturating_add(new.len()));
    for option in 0..=OptionId::MAX {
        if all.is_empty() && old.is_empty() && new.is_empty() {
            return Ok(merged);
        }
        let others = next(&mut all, option).checked_sub(next(&mut old, option)).ok_or(TallyError::Underflow)?;
        let votes = others.checked_add(next(&mut new, option)).ok_or(TallyError::Overflow)?;
        if votes > 0 {
            merged.push((option, votes));
        }
    }
    // What is left over did not come in ascending order.
    if all.is_empty() && old.is_empty() && new.is_empty() { Ok(merged) } else { Err(TallyError::WrongBallot) }
}

/// The votes for `option`, if they come next.
fn next(votes: &mut &[(OptionId, u32)], option: OptionId) -> u32 {
    match votes.split_first() {
        Some(((first, count), rest)) if *first == option => {
            *votes = rest;
            *count
        }
        _ => 0,
    }
}

impl From<TallyError> for BudgetError {
    fn from(error: TallyError) -> Self {
        Self::Tally(error)
    }
}

impl Display for BudgetError {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OverBudget { cost, budget } => write!(f, "the votes cost {cost} voice credits of {budget}"),
            Self::Tally(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for BudgetError {}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use crate::{Mechanism, Plurality};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Votes = Vec<(OptionId, u32)>;

    fn votes() -> impl Strategy<Value = Votes> {
        prop::collection::btree_map(0u8..4, 1u32..100, 0..4).prop_map(|votes| votes.into_iter().collect())
    }

    fn sum(wallets: &[Votes]) -> BTreeMap<OptionId, u32> {
        let mut sum = BTreeMap::new();
        for (option, votes) in wallets.iter().flatten() {
            *sum.entry(*option).or_default() += votes;
        }
        sum
    }

    fn square(votes: u32) -> u64 {
        u64::from(votes) * u64::from(votes)
    }

    #[test]
    fn votes_cost_their_square() {
        let mut identity = IdentityVotes::default();
        assert_eq!(identity.replace(&[], &[(0, 6), (2, 8)], 100), Ok(IdentityVotes::default()));
        assert_eq!(identity.cost(), 100);
    }

    #[test]
    fn votes_over_budget_change_nothing() {
        let mut identity = IdentityVotes(vec![(0, 6)]);
        let over = BudgetError::OverBudget { cost: 101, budget: 100 };
        assert_eq!(identity.replace(&[], &[(0, 4), (1, 1)], 100), Err(over));
        assert_eq!(identity, IdentityVotes(vec![(0, 6)]));
    }

    #[test]
    fn no_number_of_votes_overflows_the_cost() {
        let mut identity = IdentityVotes::default();
        let all: Votes = (0..=255).map(|option| (option, u32::MAX)).collect();
        let over = BudgetError::OverBudget { cost: u64::MAX, budget: u32::MAX };
        assert_eq!(identity.replace(&[], &all, u32::MAX), Err(over));
        let mut identity = IdentityVotes(vec![(0, u32::MAX)]);
        assert_eq!(identity.replace(&[], &[(0, 1)], u32::MAX), Err(TallyError::Overflow.into()));
    }

    #[test]
    fn votes_that_were_not_in_cannot_be_taken_out() {
        let mut identity = IdentityVotes(vec![(0, 6)]);
        for old in [(0, 7), (1, 1)] {
            assert_eq!(identity.replace(&[old], &[], 100), Err(TallyError::Underflow.into()));
        }
        assert_eq!(identity, IdentityVotes(vec![(0, 6)]));
    }

    #[test]
    fn votes_that_do_not_ascend_are_refused() {
        let mut identity = IdentityVotes::default();
        assert_eq!(identity.replace(&[], &[(1, 1), (0, 1)], 100), Err(TallyError::WrongBallot.into()));
    }

    #[test]
    fn an_identity_is_counted_once_however_many_wallets_it_has() {
        let mut tally = Plurality::new(Mechanism::Quadratic, 3);
        let mut identity = IdentityVotes::default();
        let mut turnouts = vec![];
        let changes: [(&[_], &[_]); 4] = [(&[], &[(2, 1)]), (&[], &[(0, 2)]), (&[(2, 1)], &[]), (&[(0, 2)], &[])];
        for (old, new) in changes {
            let before = identity.replace(old, new, 100).expect("within budget");
            tally.replace_identity(&before, &identity).expect("was counted");
            assert_eq!(tally.backing > 0, identity.backs(2));
            turnouts.push((tally.turnout, tally.backing));
        }
        assert_eq!(turnouts, [(1, 0), (1, 1), (1, 1), (0, 0)]);
        assert_eq!(tally, Plurality::new(Mechanism::Quadratic, 3));
    }

    proptest! {
        #[test]
        fn splitting_votes_over_wallets_never_lowers_the_cost(wallets in prop::collection::vec(votes(), 0..6)) {
            let mut identity = IdentityVotes::default();
            for votes in &wallets {
                identity.replace(&[], votes, u32::MAX).expect("600 squared, four times, is in budget");
            }
            let from_one_wallet: u64 = sum(&wallets).into_values().map(square).sum();
            let separately: u64 = wallets.iter().flatten().map(|(_, votes)| square(*votes)).sum();
            prop_assert_eq!(identity.cost(), from_one_wallet);
            prop_assert!(identity.cost() >= separately);
        }

        #[test]
        fn an_identity_has_the_sum_of_its_wallets(
            mut wallets in prop::collection::vec(votes(), 1..5), changed: usize, new in votes(),
        ) {
            let mut identity = IdentityVotes::default();
            for votes in &wallets {
                identity.replace(&[], votes, u32::MAX).expect("within budget");
            }
            let before = identity.clone();
            let changed = changed % wallets.len();
            prop_assert_eq!(identity.replace(&wallets[changed], &new, u32::MAX), Ok(before));
            wallets[changed] = new;
            prop_assert!(identity.as_slice().iter().copied().eq(sum(&wallets)));
        }
    }
}
