//! The ledger off chain. What it keeps is tested through the token, in `token`'s tests.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

use crate::ledger::Ledger;
use ink::{
    env::{DefaultEnvironment, test},
    scale::Encode,
};
use interfaces::{
    AccountId, Balance, Moment,
    ledger::{Holding, Ledger as _, LedgerError, Received, Votes, VotesError},
    token::{Delegation, EPOCH, EPOCHS_AHEAD, Share},
    upgrade::{Upgradable, UpgradeError},
};

/// A moment within an epoch.
const NOW: Moment = 2_800 * EPOCH + 1_000;
/// The first moment at which a delegation can end.
const NEXT: Moment = 2_801 * EPOCH;

fn person(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn caller(number: u8) {
    test::set_caller::<DefaultEnvironment>(person(number));
}

fn clock(moment: Moment) {
    test::set_block_timestamp::<DefaultEnvironment>(moment);
}

/// A ledger for the token 2, which is about to call it.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new(person(1));
    caller(2);
    assert_eq!(ledger.serve(), Ok(()));
    ledger
}

#[ink::test]
fn the_first_token_that_asks_is_the_only_one() {
    let mut ledger = Ledger::new(person(1));
    caller(2);
    assert_eq!(ledger.token(), None);
    assert_eq!(ledger.transfer(None, Some(person(9)), 5), Err(LedgerError::NotToken));
    assert_eq!(ledger.serve(), Ok(()));
    assert_eq!(ledger.transfer(None, Some(person(9)), 5), Ok(()));
    for number in [1, 2, 3] {
        caller(number);
        assert_eq!(ledger.serve(), Err(LedgerError::AlreadyServing));
    }
    assert_eq!(ledger.transfer(Some(person(9)), Some(person(3)), 5), Err(LedgerError::NotToken));
    assert_eq!(ledger.delegate(person(9), Delegation::default()), Err(LedgerError::NotToken));
    assert_eq!((ledger.token(), ledger.governor(), ledger.balance(Some(person(9)))), (Some(person(2)), person(1), 5));
}

#[ink::test]
fn nobody_sends_more_than_there_is() {
    let mut ledger = ledger();
    assert_eq!(ledger.transfer(None, Some(person(9)), Balance::MAX), Ok(()));
    assert_eq!(ledger.transfer(None, Some(person(9)), 1), Err(LedgerError::Overflow));
    assert_eq!(ledger.transfer(Some(person(8)), Some(person(9)), 1), Err(LedgerError::InsufficientBalance));
    assert_eq!((ledger.balance(None), ledger.balance(Some(person(9)))), (Balance::MAX, Balance::MAX));
}

#[ink::test]
fn the_present_cannot_be_looked_up_as_past() {
    clock(10);
    let mut ledger = ledger();
    assert_eq!(ledger.transfer(None, Some(person(9)), 100), Ok(()));
    for moment in [10, 11, Moment::MAX] {
        assert_eq!(ledger.votes_at(person(9), moment), Err(VotesError::NotYetPast));
        assert_eq!(ledger.standing_at(person(9), moment), Err(VotesError::NotYetPast));
        assert_eq!(ledger.supply_at(moment), Err(VotesError::NotYetPast));
    }
    assert_eq!((ledger.votes_at(person(9), 9), ledger.supply_at(9), ledger.votes(person(9))), (Ok(0), Ok(0), 100));
    clock(11);
    assert_eq!((ledger.votes_at(person(9), 10), ledger.supply_at(10)), (Ok(100), Ok(100)));
}

#[ink::test]
fn only_the_governor_brings_new_code() {
    let mut ledger = ledger();
    for number in [2, 3] {
        caller(number);
        assert_eq!(ledger.upgrade([1; 32].into()), Err(UpgradeError::NotGoverned));
    }
    assert_eq!((ledger.migrate(), ledger.storage_version()), (Ok(()), 1));
}

#[ink::test]
fn an_ordinary_holding_is_small_and_the_largest_is_within_a_cell() {
    let holder = Holding { balance: Balance::MAX, ..Holding::default() };
    assert_eq!(holder.encoded_size(), 35);
    let eighth = 1_250.try_into().expect("a share in a test is one");
    let to: Vec<_> = (11..19).map(|number| Share { to: person(number), share: eighth }).collect();
    let delegation = Delegation { shares: to, ends: Some(NEXT) };
    assert_eq!(delegation.check(person(1), NOW), Ok(()));
    let mut received = Received { lasting: 1, ending: vec![] };
    for epoch in (1..=EPOCHS_AHEAD).rev() {
        let ends = Some(NEXT - EPOCH + epoch * EPOCH);
        assert_eq!((received.change(ends, 0, 7), received.change(ends, 4, 0)), (Some(()), Some(())));
    }
    assert!(received.ending.is_sorted());
    assert_eq!((received.at(NEXT - 1), received.at(NEXT)), (157, 154));
    let mut largest = Holding { balance: 1, delegation, received };
    assert_eq!(largest.encoded_size(), 1_563);
    largest.settle(NEXT);
    assert_eq!((largest.delegation, largest.received.ending.len()), (Delegation::default(), 51));
}

#[ink::test]
fn what_was_not_received_cannot_be_taken_back() {
    let mut received = Received::default();
    assert_eq!((received.change(None, 1, 0), received.change(Some(NEXT), 1, 0)), (None, None));
    assert_eq!(received.change(Some(NEXT), 0, 2), Some(()));
    assert_eq!((received.change(Some(NEXT), 3, 0), received.change(None, 0, 1)), (None, Some(())));
    assert_eq!(received.change(None, 0, Balance::MAX), None);
    assert_eq!(received.clone(), Received { lasting: 1, ending: vec![(NEXT, 2)] });
    assert_eq!((received.change(Some(NEXT), 2, 0), received.ending), (Some(()), vec![]));
}
