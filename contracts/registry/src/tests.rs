//! The registry off chain.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

use crate::registry::Registry;
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    AccountId, Moment,
    registry::{Identities, IdentityId, RegistryError},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const GOVERNOR: u8 = 1;
const ATTESTOR: u8 = 2;
const STRANGER: u8 = 3;

fn account(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn identity(number: u8) -> IdentityId {
    IdentityId::from([number; 32])
}

fn caller(number: u8) {
    test::set_caller::<DefaultEnvironment>(account(number));
}

fn clock(moment: Moment) {
    test::set_block_timestamp::<DefaultEnvironment>(moment);
}

/// A registry, and the attestor about to call it.
fn registry() -> Registry {
    clock(10);
    caller(ATTESTOR);
    Registry::new(account(GOVERNOR), account(ATTESTOR))
}

#[ink::test]
fn an_identity_counts_once_however_many_accounts_it_has() {
    let mut registry = registry();
    for (account_number, person) in [(11, 1), (12, 1), (13, 2)] {
        clock(u64::from(account_number) * 10);
        assert_eq!(registry.attest(account(account_number), identity(person)), Ok(()));
    }
    for number in [11, 12, 13] {
        clock(150 + u64::from(number));
        assert_eq!(registry.revoke(account(number)), Ok(()));
    }
    clock(1_000);
    let population = [109, 110, 120, 130, 160, 161, 162, 163].map(|moment| registry.population_at(moment));
    assert_eq!(population, [0, 1, 1, 2, 2, 2, 1, 0].map(Ok));
    assert_eq!(registry.identity_at(account(12), 119), Ok(None));
    assert_eq!(registry.identity_at(account(12), 120), Ok(Some(identity(1))));
    assert_eq!(registry.identity_at(account(12), 162), Ok(None));
}

#[ink::test]
fn an_account_belongs_to_one_identity_at_a_time() {
    let mut registry = registry();
    assert_eq!(registry.attest(account(11), identity(1)), Ok(()));
    clock(11);
    assert_eq!(registry.revoke(account(11)), Ok(()));
    assert_eq!(registry.attest(account(11), identity(2)), Ok(()));
    assert_eq!(registry.identity_of(account(11)), Some(identity(2)), "at once, for those who ask about the present");
    assert_eq!(registry.identity_at(account(11), 11), Err(RegistryError::NotYetPast));
    clock(12);
    assert_eq!(registry.identity_at(account(11), 10), Ok(Some(identity(1))));
    assert_eq!(registry.identity_at(account(11), 11), Ok(Some(identity(2))));
    assert_eq!(registry.population_at(11), Ok(1));
}

#[ink::test]
fn an_account_that_belongs_to_someone_cannot_be_attested() {
    let mut registry = registry();
    assert_eq!(registry.attest(account(11), identity(1)), Ok(()));
    assert_eq!(registry.attest(account(11), identity(2)), Err(RegistryError::AlreadyAttested));
}

#[ink::test]
fn an_account_that_belongs_to_nobody_cannot_be_revoked() {
    assert_eq!(registry().revoke(account(11)), Err(RegistryError::NotAttested));
}

#[ink::test]
fn only_the_attestor_attests_and_revokes() {
    let mut registry = registry();
    for other in [GOVERNOR, STRANGER] {
        caller(other);
        assert_eq!(registry.attest(account(11), identity(1)), Err(RegistryError::NotAttestor));
        assert_eq!(registry.revoke(account(11)), Err(RegistryError::NotAttestor));
    }
}

#[ink::test]
fn only_the_governor_names_the_attestor() {
    let mut registry = registry();
    assert_eq!(registry.set_attestor(account(ATTESTOR)), Err(RegistryError::NotGovernor));
    caller(GOVERNOR);
    assert_eq!(registry.set_attestor(account(STRANGER)), Ok(()));
    assert_eq!((registry.attestor(), registry.governor()), (account(STRANGER), account(GOVERNOR)));
    caller(ATTESTOR);
    assert_eq!(registry.attest(account(11), identity(1)), Err(RegistryError::NotAttestor));
}

#[ink::test]
fn the_present_cannot_be_looked_up_as_past() {
    let registry = registry();
    for moment in [10, 11, Moment::MAX] {
        assert_eq!(registry.identity_at(account(11), moment), Err(RegistryError::NotYetPast));
        assert_eq!(registry.population_at(moment), Err(RegistryError::NotYetPast));
    }
    assert_eq!((registry.identity_at(account(11), 9), registry.population_at(9)), (Ok(None), Ok(0)));
}

proptest! {
    /// Whoever is attested and revoked in whatever order: every account has the identity it had, and every identity with
    /// an account counts once.
    #[test]
    fn every_past_moment_is_known(steps in prop::collection::vec((0_u64..3, 11_u8..16, 0_u8..4), 0..60)) {
        test::run_test::<DefaultEnvironment, _>(|_| {
            let (mut registry, mut now) = (registry(), 10);
            let (mut known, mut past) = (BTreeMap::new(), BTreeMap::new());
            for (pause, number, person) in steps {
                now += pause;
                clock(now);
                // Nobody revokes.
                if person == 0 {
                    assert_eq!(registry.revoke(account(number)).is_ok(), known.remove(&number).is_some());
                } else {
                    let free = !known.contains_key(&number);
                    known.entry(number).or_insert(person);
                    let expected = if free { Ok(()) } else { Err(RegistryError::AlreadyAttested) };
                    assert_eq!(registry.attest(account(number), identity(person)), expected);
                }
                past.insert(now, known.clone());
            }
            past.remove(&now);
            for (moment, known) in past {
                for number in 11..16 {
                    let expected = known.get(&number).map(|person| identity(*person));
                    assert_eq!(registry.identity_at(account(number), moment), Ok(expected));
                }
                let people: BTreeSet<_> = known.values().collect();
                assert_eq!(registry.population_at(moment), Ok(u32::try_from(people.len()).expect("few")));
            }
            Ok(())
        })
        .expect("the test environment works");
    }
}
