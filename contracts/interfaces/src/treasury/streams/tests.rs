use super::{Asset, Stream, part};
use crate::{AccountId, Balance};
use proptest::prelude::*;

fn stream(amount: Balance) -> Stream {
    Stream {
        category: 0,
        asset: Asset::Native,
        payee: AccountId::from([1; 32]),
        amount,
        begins: 100,
        ends: 110,
        claimed: 0,
        stopped: None,
    }
}

#[test]
fn it_accrues_evenly_from_beginning_to_end() {
    let stream = stream(25);
    let accrued = [0, 100, 101, 102, 105, 109, 110, u64::MAX].map(|moment| stream.accrued_at(moment));
    assert_eq!(accrued, [0, 0, 2, 5, 12, 22, 25, 25]);
}

#[test]
fn nothing_accrues_once_it_is_stopped() {
    for (stopped, accrued) in [(99, 0), (100, 0), (104, 10), (110, 25), (200, 25)] {
        let stopped = Stream { stopped: Some(stopped), ..stream(25) };
        assert_eq!((stopped.accrued_at(101), stopped.accrued_at(1_000)), (accrued.min(2), accrued));
    }
}

#[test]
fn what_was_claimed_cannot_be_claimed_again() {
    let stream = Stream { claimed: 10, ..stream(25) };
    assert_eq!([102, 104, 106, 110].map(|moment| stream.claimable_at(moment)), [0, 0, 5, 15]);
}

#[test]
fn the_largest_amount_over_the_longest_time_does_not_overflow() {
    let (all, long) = (Balance::MAX, u64::MAX);
    // 2^128 - 1 is divisible by 2^64 - 1, with quotient 2^64 + 1.
    let each = Balance::from(long).checked_add(2).expect("it is small");
    assert_eq!(part(all, 1, long), each);
    let last = long.checked_sub(1).expect("it is large");
    assert_eq!(part(all, last, long), all.checked_sub(each).expect("it is small"));
}

proptest! {
    #[test]
    fn a_part_is_the_whole_number_just_below_it(amount in any::<u64>(), one: u64, other: u64) {
        let (elapsed, length) = (one.min(other), one.max(other));
        prop_assume!(elapsed < length);
        let amount = Balance::from(amount);
        let product = amount.checked_mul(elapsed.into()).expect("two such numbers fit");
        let expected = product.checked_div(length.into()).expect("it is not 0");
        prop_assert_eq!(part(amount, elapsed, length), expected);
    }

    #[test]
    fn it_never_shrinks_and_never_exceeds_the_whole(amount: Balance, moments in prop::array::uniform3(any::<u64>())) {
        let mut moments = moments;
        moments.sort_unstable();
        let [begins, one, other] = moments;
        let stream = Stream { begins, ends: other.saturating_add(1), ..stream(amount) };
        prop_assert!(stream.accrued_at(one) <= stream.accrued_at(other));
        prop_assert!(stream.accrued_at(other) <= amount);
        prop_assert_eq!(stream.accrued_at(begins), 0);
        prop_assert_eq!(stream.accrued_at(u64::MAX), amount);
    }
}
