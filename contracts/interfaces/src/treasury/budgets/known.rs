//! For those who know an allotment from what the treasury told of it, and not from its storage.

use super::{Allotment, Budget};
use crate::{Balance, Moment};

impl Allotment {
    /// A budget of which so much is left now, as [`BudgetSet`](super::BudgetSet) tells: from then on it is worth what the
    /// treasury's own is.
    pub fn known(budget: Budget, left: Balance, now: Moment) -> Self {
        // Before the first period nothing is left, and still nothing is spent.
        budget.period_at(now).map_or_else(|| Self::new(budget), |period| Self { budget, left, period })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::treasury::Asset;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_told_of_an_allotment_is_as_good_as_the_allotment(
            (old, new) in (0..1_000_u128, 0..1_000_u128),
            carries: bool,
            begins in 0..500_u64,
            (set, reset, spent, asked) in (0..2_000_u64, 0..2_000_u64, 0..2_000_u64, 0..9_000_u64),
            amount in 0..1_500_u128,
        ) {
            let budget = |cap| Budget { asset: Asset::Native, cap, period: 100, begins, carries, tier: None };
            let reset = set.saturating_add(reset);
            let spent = reset.saturating_add(spent);
            let known = |allotment: Allotment, now| Allotment::known(allotment.budget, allotment.left_at(now), now);
            let theirs = Allotment::new(budget(old));
            let ours = known(theirs, set);
            let theirs = theirs.less(amount, reset).unwrap_or(theirs);
            let ours = ours.less(amount, reset).unwrap_or(ours);
            prop_assert_eq!(ours.left_at(reset), theirs.left_at(reset));
            let theirs = theirs.replaced_by(budget(new), reset);
            let ours = known(theirs, reset);
            prop_assert_eq!(ours.left_at(asked.max(reset)), theirs.left_at(asked.max(reset)));
            let (ours, theirs) = (ours.less(amount, spent), theirs.less(amount, spent));
            let asked = asked.max(spent);
            prop_assert_eq!(ours.map(|it| it.left_at(asked)), theirs.map(|it| it.left_at(asked)));
        }
    }
}
