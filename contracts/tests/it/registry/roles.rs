//! Granting roles.

use super::{ALICE, BOB, Bureau};
use crate::{
    message,
    world::{START, World, call, id},
};
use interfaces::{
    Moment,
    governor::Kind,
    registry::RegistryError,
    roles::{Role, RoleGranted, RoleRevoked},
};

const ALL: [Role; 5] = [Role::ComplianceOfficer, Role::Auditor, Role::Operator, Role::TreasurySigner, Role::ServiceKey];

impl Bureau {
    fn until(&mut self, role: Role) -> Option<Moment> {
        self.ask(message!("Roles::role_until", id(&ALICE), role))
    }
}

#[test]
fn a_role_is_had_up_to_a_moment() {
    let mut bureau = Bureau::new();
    for role in ALL {
        assert_eq!((bureau.has_role(&ALICE, role), bureau.until(role)), (false, None));
        assert_eq!(bureau.grant(&ALICE, role, START + 10), Ok(()));
        bureau.world.expect_events(&[RoleGranted { account: id(&ALICE), role, until: START + 10 }]);
        assert_eq!((bureau.has_role(&ALICE, role), bureau.has_role(&BOB, role)), (true, false));
    }
    bureau.world.at(START + 10);
    assert!(bureau.has_role(&ALICE, Role::Auditor));
    bureau.world.at(START + 11);
    assert_eq!((bureau.has_role(&ALICE, Role::Auditor), bureau.until(Role::Auditor)), (false, Some(START + 10)));
}

#[test]
fn a_role_that_is_granted_again_is_had_up_to_the_new_moment() {
    let mut bureau = Bureau::new();
    for until in [START + 10, START + 20, START + 5] {
        assert_eq!(bureau.grant(&ALICE, Role::Operator, until), Ok(()));
        assert_eq!(bureau.until(Role::Operator), Some(until));
    }
}

#[test]
fn a_revoked_role_is_had_no_more_and_the_others_are() {
    let mut bureau = Bureau::new();
    for role in [Role::Auditor, Role::Operator] {
        assert_eq!(bureau.grant(&ALICE, role, Moment::MAX), Ok(()));
    }
    assert_eq!(bureau.take_away(&ALICE, Role::Auditor), Ok(()));
    bureau.world.expect_events(&[RoleRevoked { account: id(&ALICE), role: Role::Auditor }]);
    assert_eq!([Role::Auditor, Role::Operator].map(|role| bureau.has_role(&ALICE, role)), [false, true]);
    assert_eq!(bureau.until(Role::Auditor), None);
}

#[test]
fn a_role_that_was_not_granted_cannot_be_revoked() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.take_away(&ALICE, Role::Auditor), Err(RegistryError::NoRole));
    assert_eq!(bureau.grant(&ALICE, Role::Auditor, START + 1), Ok(()));
    assert_eq!(bureau.take_away(&ALICE, Role::Auditor), Ok(()));
    assert_eq!(bureau.take_away(&ALICE, Role::Auditor), Err(RegistryError::NoRole));
}

#[test]
fn a_role_that_would_be_over_is_refused() {
    let mut bureau = Bureau::new();
    for until in [0, START - 1, START] {
        assert_eq!(bureau.grant(&ALICE, Role::Auditor, until), Err(RegistryError::BadExpiry));
    }
}

#[test]
fn only_governance_grants_and_revokes() {
    let mut bureau = Bureau::new();
    bureau.only_governor(&message!("Roles::grant_role", id(&ALICE), Role::Auditor, Moment::MAX));
    bureau.only_governor(&message!("Roles::revoke_role", id(&ALICE), Role::ComplianceOfficer));
    let mut world = World::new();
    let order = call(world.registry, message!("Roles::grant_role", id(&BOB), Role::Operator, Moment::MAX));
    let proposal = world.ready_as(Kind::ParameterChange, vec![order]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[RoleGranted { account: id(&BOB), role: Role::Operator, until: Moment::MAX }]);
}
