//! Freezing accounts and identities.

use super::{Bureau, GOVERNOR, OFFICER, OTHER, OTHERS, REASON, identity, short};
use crate::{
    message,
    world::{ALICE, ATTESTOR, BOB, CAROL, START, id},
};
use interfaces::{
    registry::{Frozen, Reason, RegistryError, Subject, Unfrozen},
    roles::Role,
};

/// A registry in which Alice and Bob are one, and Carol is another.
fn attested() -> Bureau {
    let mut bureau = Bureau::new();
    for (account, number) in [(ALICE, 1), (BOB, 1), (CAROL, 2)] {
        assert_eq!(bureau.attest(&account, short(number, 1)), Ok(()));
    }
    bureau
}

fn cleared(bureau: &mut Bureau) -> [bool; 3] {
    [ALICE, BOB, CAROL].map(|account| bureau.is_cleared(&account, 1))
}

#[test]
fn a_frozen_identity_is_frozen_with_all_its_accounts() {
    let mut bureau = attested();
    let subject = Subject::Identity(identity(1));
    assert_eq!(bureau.freeze(&OFFICER, subject), Ok(()));
    bureau.world.expect_events(&[Frozen { subject, by: id(&OFFICER), reason: REASON }]);
    assert_eq!(cleared(&mut bureau), [false, false, true]);
    assert_eq!(bureau.ask::<Option<Reason>>(message!("Freezing::frozen", subject)), Some(REASON));
    assert_eq!(bureau.unfreeze(&OFFICER, subject), Ok(()));
    bureau.world.expect_events(&[Unfrozen { subject, by: id(&OFFICER), reason: REASON }]);
    assert_eq!(cleared(&mut bureau), [true; 3]);
    assert_eq!(bureau.ask::<Option<Reason>>(message!("Freezing::frozen", subject)), None);
}

#[test]
fn a_frozen_account_stays_so_whomever_it_belongs_to() {
    let mut bureau = attested();
    let subject = Subject::Account(id(&ALICE));
    assert_eq!(bureau.freeze(&OFFICER, subject), Ok(()));
    assert_eq!(cleared(&mut bureau), [false, true, true]);
    assert_eq!(bureau.detach(&ALICE, &ALICE), Ok(()));
    assert_eq!(bureau.attest(&ALICE, short(3, 1)), Ok(()));
    assert!(!bureau.is_cleared(&ALICE, 0));
    assert_eq!(bureau.unfreeze(&OFFICER, subject), Ok(()));
    assert!(bureau.is_cleared(&ALICE, 1));
}

#[test]
fn who_belongs_to_nobody_is_frozen_before_it_does() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.freeze(&OFFICER, Subject::Account(id(&ALICE))), Ok(()));
    assert_eq!(bureau.freeze(&OFFICER, Subject::Identity(identity(1))), Ok(()));
    for account in [ALICE, BOB] {
        assert_eq!(bureau.attest(&account, short(1, 1)), Ok(()));
        assert!(!bureau.is_cleared(&account, 0));
    }
    assert_eq!(bureau.renew(&ATTESTOR, short(1, 2)), Ok(()));
    assert_eq!(bureau.unfreeze(&OFFICER, Subject::Identity(identity(1))), Ok(()));
    assert_eq!([&ALICE, &BOB].map(|account| bureau.is_cleared(account, 2)), [false, true]);
}

#[test]
fn a_freeze_silences_nobody() {
    let mut bureau = attested();
    for subject in [Subject::Identity(identity(1)), Subject::Account(id(&CAROL))] {
        assert_eq!(bureau.freeze(&OFFICER, subject), Ok(()));
    }
    bureau.world.wait(1);
    let known = [(ALICE, 1), (BOB, 1), (CAROL, 2)];
    for (account, number) in known {
        assert_eq!(bureau.identity_at(&account, START), Ok(Some(identity(number))));
    }
    assert_eq!(bureau.population_at(START), Ok(2));
}

#[test]
fn no_account_leaves_a_frozen_identity() {
    let mut bureau = attested();
    let subject = Subject::Identity(identity(1));
    assert_eq!(bureau.freeze(&OFFICER, subject), Ok(()));
    bureau.refuse(&[ALICE, ATTESTOR], &message!("Identities::detach", id(&ALICE)), RegistryError::Frozen);
    assert_eq!(bureau.detach(&CAROL, &CAROL), Ok(()));
    assert_eq!(bureau.unfreeze(&OFFICER, subject), Ok(()));
    assert_eq!(bureau.detach(&ALICE, &ALICE), Ok(()));
}

#[test]
fn what_is_frozen_is_not_frozen_again_and_what_is_not_is_not_unfrozen() {
    let mut bureau = attested();
    for subject in [Subject::Identity(identity(1)), Subject::Account(id(&CAROL))] {
        assert_eq!(bureau.unfreeze(&OFFICER, subject), Err(RegistryError::NotFrozen));
        assert_eq!(bureau.freeze(&OFFICER, subject), Ok(()));
        assert_eq!(bureau.freeze(&OFFICER, subject), Err(RegistryError::AlreadyFrozen));
        assert_eq!(bureau.unfreeze(&OFFICER, subject), Ok(()));
        assert_eq!(bureau.unfreeze(&OFFICER, subject), Err(RegistryError::NotFrozen));
    }
}

#[test]
fn only_compliance_officers_freeze_and_only_while_they_are() {
    let mut bureau = attested();
    assert_eq!(bureau.grant(&ALICE, Role::Auditor, u64::MAX), Ok(()));
    let (frozen, other) = (Subject::Account(id(&BOB)), Subject::Account(id(&CAROL)));
    assert_eq!(bureau.freeze(&OFFICER, frozen), Ok(()));
    let both = [message!("Freezing::freeze", other, REASON), message!("Freezing::unfreeze", frozen, REASON)];
    for message in &both {
        bureau.refuse(&OTHERS, message, RegistryError::NotOfficer);
        bureau.refuse(&[GOVERNOR, ATTESTOR, OTHER], message, RegistryError::NotOfficer);
    }
    assert_eq!(bureau.grant(&OFFICER, Role::ComplianceOfficer, START + 5), Ok(()));
    bureau.world.at(START + 5);
    assert_eq!([bureau.unfreeze(&OFFICER, frozen), bureau.freeze(&OFFICER, frozen)], [Ok(()); 2]);
    bureau.world.at(START + 6);
    for message in &both {
        bureau.refuse(&[OFFICER], message, RegistryError::NotOfficer);
    }
}
