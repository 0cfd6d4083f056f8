#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

use super::{Allotment, Asset, Budget};
use crate::{Balance, Moment};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn budget(carries: bool) -> Budget {
    Budget { asset: Asset::Native, cap: 100, period: 10, begins: 1_000, carries, tier: None }
}

fn spent(allotment: Allotment, amount: Balance, now: Moment) -> Allotment {
    allotment.less(amount, now).expect("so much is left")
}

#[test]
fn before_it_begins_nothing_is_left() {
    let fresh = Allotment::new(budget(true));
    assert_eq!((fresh.left_at(999), fresh.left_at(1_000)), (0, 100));
    assert_eq!(fresh.less(1, 999), None);
}

#[test]
fn what_is_left_over_lapses_if_it_is_not_carried() {
    let allotment = spent(Allotment::new(budget(false)), 30, 1_000);
    assert_eq!([1_009, 1_010, 1_019, 2_000].map(|now| allotment.left_at(now)), [70, 100, 100, 100]);
    assert_eq!(allotment.less(71, 1_009), None);
}

#[test]
fn what_is_left_over_is_carried_up_to_a_bound() {
    let allotment = spent(Allotment::new(budget(true)), 30, 1_000);
    let later = [1_009, 1_010, 1_020, 1_120, 1_130, Moment::MAX].map(|now| allotment.left_at(now));
    assert_eq!(later, [70, 170, 270, 1_270, 1_300, 1_300]);
}

#[test]
fn a_higher_cap_adds_and_a_lower_one_takes() {
    for carries in [false, true] {
        let allotment = spent(Allotment::new(budget(carries)), 30, 1_000);
        for (cap, left) in [(100, 70), (150, 120), (50, 20), (20, 0), (0, 0)] {
            let changed = allotment.replaced_by(Budget { cap, ..budget(carries) }, 1_005);
            assert_eq!((changed.left_at(1_005), changed.budget.cap), (left, cap));
            assert!(changed.left_at(1_010) <= left + cap);
        }
    }
}

#[test]
fn what_was_carried_lapses_when_the_budget_ceases_to_carry() {
    let allotment = Allotment::new(budget(true)).replaced_by(budget(false), 1_050);
    assert_eq!((allotment.left_at(1_050), allotment.left_at(1_060)), (100, 100));
}

#[test]
fn with_other_periods_or_another_asset_it_begins_whole() {
    let allotment = spent(Allotment::new(budget(true)), 100, 1_000);
    let token = Asset::Token([1; 32].into());
    for other in [
        Budget { asset: token, ..budget(true) },
        Budget { period: 11, ..budget(true) },
        Budget { begins: 1_001, ..budget(true) },
    ] {
        let changed = allotment.replaced_by(other, 1_005);
        assert_eq!((changed.left_at(1_005), changed), (100, Allotment::new(other)));
    }
}

#[test]
fn a_budget_that_is_set_again_before_it_begins_is_whole_when_it_does() {
    let allotment = Allotment::new(budget(true)).replaced_by(Budget { cap: 40, ..budget(true) }, 999);
    assert_eq!((allotment.left_at(999), allotment.left_at(1_000)), (0, 40));
}

#[test]
fn the_highest_caps_do_not_overflow() {
    let most = Budget { cap: Balance::MAX, ..budget(true) };
    let allotment = spent(Allotment::new(most), 1, 1_000);
    assert_eq!([1_000, 1_010].map(|now| allotment.left_at(now)), [Balance::MAX - 1, Balance::MAX]);
}

/// What is left after these amounts were committed in these periods, by adding up all periods one by one.
fn naive(carries: bool, committed: &BTreeMap<u64, Balance>, now: u64) -> Balance {
    (0..=now).fold(0, |before, period| {
        let left = if carries { (before + 100).min(1_300) } else { 100 };
        left - committed.get(&period).copied().unwrap_or_default()
    })
}

proptest! {
    #[test]
    fn it_is_what_adding_up_period_by_period_gives(
        carries: bool,
        steps in prop::collection::vec((0..60_u64, 0..600_u128), 1..30),
    ) {
        let (mut allotment, mut committed, mut now) = (Allotment::new(budget(carries)), BTreeMap::new(), 1_000);
        for (wait, amount) in steps {
            now += wait;
            let period = (now - 1_000) / 10;
            let left = naive(carries, &committed, period);
            prop_assert_eq!(allotment.left_at(now), left);
            prop_assert_eq!(allotment.less(amount, now).is_some(), amount <= left);
            if let Some(less) = allotment.less(amount, now) {
                allotment = less;
                *committed.entry(period).or_default() += amount;
            }
        }
    }
}
