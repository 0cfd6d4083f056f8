//! What the treasury and quadratic polls make of the registry.

use super::{Bureau, Done, REASON, identity};
use crate::{
    asks::attest,
    booth::{Booth, quadratic},
    message,
    vault::{CLEARED, Key, Vault},
    world::{ALICE, ATTESTOR, BOB, GUARDIAN, START, account, id},
};
use ballot::Mechanism;
use interfaces::{
    Moment,
    polls::PollError,
    registry::{Attest, Link, Subject},
    roles::Role,
    treasury::TreasuryError,
};

/// A treasury whose payee Bob is attested at the tier that the budget asks for, and the guardian is a compliance officer.
fn payable() -> Vault {
    let mut vault = Vault::new();
    let (governor, registry) = (account(vault.world.governor), vault.world.registry);
    let grant = message!("Roles::grant_role", id(&GUARDIAN), Role::ComplianceOfficer, Moment::MAX);
    assert_eq!(vault.world.send::<Done>(&governor, registry, grant), Ok(()));
    let attest = Attest { expires: START + 10, ..attest(identity(1), 2) };
    assert_eq!(vault.world.send::<Done>(&ATTESTOR, registry, message!("Identities::attest", id(&BOB), attest)), Ok(()));
    vault
}

#[test]
fn a_frozen_payee_is_not_paid() {
    for subject in [Subject::Account(id(&BOB)), Subject::Identity(identity(1))] {
        let mut vault = payable();
        let registry = vault.world.registry;
        assert_eq!(vault.pay(CLEARED, &BOB, 1), Ok(()));
        let freeze = message!("Freezing::freeze", subject, REASON);
        assert_eq!(vault.world.send::<Done>(&GUARDIAN, registry, freeze), Ok(()));
        assert_eq!(vault.pay(CLEARED, &BOB, 1), Err(TreasuryError::NotCleared));
        let unfreeze = message!("Freezing::unfreeze", subject, REASON);
        assert_eq!(vault.world.send::<Done>(&GUARDIAN, registry, unfreeze), Ok(()));
        assert_eq!(vault.pay(CLEARED, &BOB, 1), Ok(()));
    }
}

#[test]
fn a_payee_whose_attestation_has_expired_is_not_paid() {
    let mut vault = payable();
    vault.world.at(START + 10);
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Ok(()));
    vault.world.at(START + 11);
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Err(TreasuryError::NotCleared));
}

#[test]
fn a_payee_of_a_lower_tier_is_not_paid() {
    let mut vault = payable();
    for (tier, expected) in [(1, Err(TreasuryError::NotCleared)), (3, Ok(()))] {
        let Attest { identity, expires, commitment, .. } = attest(identity(1), tier);
        let renew = message!("Identities::renew", identity, tier, expires, commitment);
        assert_eq!(vault.world.send::<Done>(&ATTESTOR, vault.world.registry, renew), Ok(()));
        assert_eq!(vault.pay(CLEARED, &BOB, 1), expected);
    }
}

#[test]
fn a_stream_waits_while_its_payee_is_frozen() {
    let mut vault = payable();
    let registry = vault.world.registry;
    assert_eq!(vault.open_stream(CLEARED, &BOB, 100, START, START + 5), Ok(0));
    vault.world.at(START + 6);
    let subject = Subject::Identity(identity(1));
    let freeze = message!("Freezing::freeze", subject, REASON);
    assert_eq!(vault.world.send::<Done>(&GUARDIAN, registry, freeze), Ok(()));
    assert_eq!(vault.claim(0), Err(TreasuryError::NotCleared));
    let unfreeze = message!("Freezing::unfreeze", subject, REASON);
    assert_eq!(vault.world.send::<Done>(&GUARDIAN, registry, unfreeze), Ok(()));
    assert_eq!(vault.claim(0), Ok(()));
}

#[test]
fn linked_accounts_share_one_budget_of_voices() {
    let mut booth = Booth::new();
    let [one, two] = [1, 2].map(Key::new);
    for key in [&one, &two] {
        booth.world.give(key.id(), 1_000_000_000_000);
    }
    booth.attest(&one.account, 1);
    let registry = booth.world.registry;
    let link = Link { account: two.id(), with: one.id(), nonce: 0, deadline: Moment::MAX };
    let mut bureau = Bureau { world: booth.world, registry };
    assert_eq!(bureau.link(link, &two, &one), Ok(()));
    booth.world = bureau.world;
    let poll = booth.open(Mechanism::Quadratic, 2);
    booth.voted(&one.account, poll, quadratic(&[(0, 6)]));
    let over = Err(PollError::OverBudget);
    assert_eq!(booth.vote(&two.account, poll, quadratic(&[(0, 5)])), over, "eleven votes cost 121, not 36 and 25");
    booth.voted(&two.account, poll, quadratic(&[(0, 4)]));
    assert_eq!(booth.plurality(poll).per_option, [10, 0]);
    assert_eq!(booth.poll(poll).electorate, Some(1));
}

#[test]
fn who_was_attested_at_the_snapshot_votes_and_who_was_not_does_not() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    booth.attest(&BOB, 2);
    let revoke = |booth: &mut Booth, number| {
        let order = message!("Identities::revoke", identity(number), REASON);
        assert_eq!(booth.world.send::<Done>(&ATTESTOR, booth.world.registry, order), Ok(()));
    };
    revoke(&mut booth, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    revoke(&mut booth, 2);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 1)])), Err(PollError::NoIdentity));
    booth.voted(&BOB, poll, quadratic(&[(0, 1)]));
    assert_eq!(booth.poll(poll).electorate, Some(1));
}
