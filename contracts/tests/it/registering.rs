//! The registry and who may write to it.

use crate::{
    message,
    world::{ALICE, BOB, CAROL, DAVE, START, STRANGER, World, call, id},
};
use drink::AccountId32;
use interfaces::{
    AccountId, Hash, Moment,
    governor::Kind,
    registry::{Attested, AttestorChanged, IdentityId, RegistryError, Revoked},
};

/// A registry in a world.
struct Office {
    world: World,
    registry: AccountId,
}

impl Office {
    /// Alice attests.
    fn new() -> Self {
        let mut world = World::new();
        let registry = world.deploy("registry", message!("new", world.governor, id(&ALICE)), 0);
        Self { world, registry }
    }

    fn attest(&mut self, who: &AccountId32, account: &AccountId32, identity: IdentityId) -> Result<(), RegistryError> {
        self.world.send(who, self.registry, message!("Identities::attest", id(account), identity))
    }

    fn revoke(&mut self, who: &AccountId32, account: &AccountId32) -> Result<(), RegistryError> {
        self.world.send(who, self.registry, message!("Identities::revoke", id(account)))
    }

    fn set_attestor(&mut self, who: &AccountId32, attestor: &AccountId32) -> Result<(), RegistryError> {
        self.world.send(who, self.registry, message!("Identities::set_attestor", id(attestor)))
    }

    fn identity_at(&mut self, account: &AccountId32, moment: Moment) -> Result<Option<IdentityId>, RegistryError> {
        self.world.send(&STRANGER, self.registry, message!("Identities::identity_at", id(account), moment))
    }

    fn population_at(&mut self, moment: Moment) -> Result<u32, RegistryError> {
        self.world.send(&STRANGER, self.registry, message!("Identities::population_at", moment))
    }
}

fn identity(number: u8) -> IdentityId {
    Hash::from([number; 32])
}

#[test]
fn the_first_attestor_is_announced() {
    let mut office = Office::new();
    office.world.expect_events(&[AttestorChanged { attestor: id(&ALICE) }]);
}

#[test]
fn two_accounts_of_one_person_are_one_identity() {
    let mut office = Office::new();
    for (after, account, person) in [(10, BOB, 1), (20, CAROL, 1), (30, DAVE, 2)] {
        office.world.at(START + after);
        assert_eq!(office.attest(&ALICE, &account, identity(person)), Ok(()));
        office.world.expect_events(&[Attested { account: id(&account), identity: identity(person) }]);
    }
    for (after, account, person) in [(40, BOB, 1), (50, CAROL, 1)] {
        office.world.at(START + after);
        assert_eq!(office.revoke(&ALICE, &account), Ok(()));
        office.world.expect_events(&[Revoked { account: id(&account), identity: identity(person) }]);
    }
    office.world.wait(1);
    let population = [9, 10, 20, 30, 40, 50].map(|after| office.population_at(START + after));
    assert_eq!(population, [0, 1, 1, 2, 2, 1].map(Ok));
    let carols = [19, 20, 49, 50].map(|after| office.identity_at(&CAROL, START + after));
    assert_eq!(carols, [None, Some(identity(1)), Some(identity(1)), None].map(Ok));
}

#[test]
fn only_the_past_is_known() {
    let mut office = Office::new();
    assert_eq!(office.attest(&ALICE, &BOB, identity(1)), Ok(()));
    let now = office.world.now();
    assert_eq!(office.identity_at(&BOB, now), Err(RegistryError::NotYetPast));
    assert_eq!(office.population_at(now), Err(RegistryError::NotYetPast));
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut office = Office::new();
    assert_eq!(office.attest(&BOB, &BOB, identity(1)), Err(RegistryError::NotAttestor));
    assert_eq!(office.attest(&ALICE, &BOB, identity(1)), Ok(()));
    assert_eq!(office.attest(&ALICE, &BOB, identity(2)), Err(RegistryError::AlreadyAttested));
    assert_eq!(office.revoke(&ALICE, &CAROL), Err(RegistryError::NotAttested));
    assert_eq!(office.revoke(&BOB, &BOB), Err(RegistryError::NotAttestor));
    let now = office.world.now();
    office.world.wait(1);
    assert_eq!((office.identity_at(&BOB, now), office.population_at(now)), (Ok(Some(identity(1))), Ok(1)));
    assert_eq!(office.identity_at(&CAROL, now), Ok(None));
}

#[test]
fn a_proposal_names_another_attestor_and_nobody_else_can() {
    let mut office = Office::new();
    for person in [ALICE, BOB] {
        assert_eq!(office.set_attestor(&person, &person), Err(RegistryError::NotGovernor));
    }
    let change = call(office.registry, message!("Identities::set_attestor", id(&BOB)));
    let proposal = office.world.ready_as(Kind::ParameterChange, vec![change]);
    assert_eq!(office.world.execute(proposal), Ok(()));
    office.world.expect_events(&[AttestorChanged { attestor: id(&BOB) }]);
    assert_eq!(office.attest(&ALICE, &CAROL, identity(1)), Err(RegistryError::NotAttestor));
    assert_eq!(office.attest(&BOB, &CAROL, identity(1)), Ok(()));
}
