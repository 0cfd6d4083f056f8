use crate::treasury::Treasury;
use interfaces::{
    AccountId, Hash,
    treasury::{Asset, Budget, Budgets, Escrows, Pausing, Signing, Streams, Treasury as Messages, TreasuryError},
    upgrade::{Upgradable, UpgradeError},
};

fn account(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn budget() -> Budget {
    Budget { asset: Asset::Native, cap: 100, period: 10, begins: 0, carries: false, tier: None }
}

#[ink::test]
fn it_keeps_what_it_was_given() {
    let treasury = Treasury::new(account(1), account(2), Hash::default(), vec![(7, budget())]).expect("it is usable");
    assert_eq!((treasury.governor(), treasury.registry(), treasury.storage_version()), (account(1), account(2), 1));
    assert_eq!((treasury.budget(7), treasury.left(7)), (Some(budget()), 100));
    assert_eq!((treasury.budget(8), treasury.left(8)), (None, 0));
    assert_eq!((treasury.reserved(Asset::Native), treasury.paused()), (0, false));
    assert_eq!((treasury.escrow_count(), treasury.stream_count(), treasury.signers().signers.len()), (0, 0, 0));
}

#[ink::test]
fn a_budget_without_periods_cannot_be_used() {
    let bad = Budget { period: 0, ..budget() };
    let made = Treasury::new(account(1), account(2), Hash::default(), vec![(7, budget()), (8, bad)]);
    assert_eq!(made.err(), Some(TreasuryError::BadBudget));
}

#[ink::test]
fn new_code_is_for_governance_only() {
    let mut treasury = Treasury::new(account(8), account(2), Hash::default(), vec![]).expect("it is usable");
    assert_eq!(treasury.upgrade([1; 32].into()), Err(UpgradeError::NotGoverned));
    assert_eq!(treasury.migrate(), Ok(()));
}
