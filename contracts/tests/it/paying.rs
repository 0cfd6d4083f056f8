//! The treasury.

use crate::{
    message,
    world::{ALICE, BOB, STRANGER, TREASURY, World, id},
};
use interfaces::{
    AccountId,
    treasury::{Deposited, TreasuryError},
};

/// A treasury that follows Alice.
fn followed() -> (World, AccountId) {
    let mut world = World::new();
    let treasury = world.deploy("treasury", message!("new", id(&ALICE)), 500);
    (world, treasury)
}

#[test]
fn strangers_are_refused() {
    let mut world = World::new();
    for person in [ALICE, STRANGER] {
        assert_eq!(world.order(&person, world.treasury, id(&BOB), 1), Err(TreasuryError::NotGovernor));
    }
    assert_eq!(world.holds(world.treasury), TREASURY);
}

#[test]
fn a_payment_of_nothing_is_refused() {
    let (mut world, treasury) = followed();
    assert_eq!(world.order(&ALICE, treasury, id(&BOB), 0), Err(TreasuryError::ZeroAmount));
}

#[test]
fn more_than_it_holds_is_refused() {
    let (mut world, treasury) = followed();
    for amount in [501, u128::MAX] {
        assert_eq!(world.order(&ALICE, treasury, id(&BOB), amount), Err(TreasuryError::TransferFailed));
    }
    assert_eq!(world.order(&ALICE, treasury, id(&BOB), 400), Ok(()));
    assert_eq!(world.holds(treasury), 100);
}

#[test]
fn a_payment_to_itself_is_refused() {
    let (mut world, treasury) = followed();
    assert_eq!(world.order(&ALICE, treasury, treasury, 1), Err(TreasuryError::TransferFailed));
}

#[test]
fn anyone_can_deposit() {
    let (mut world, treasury) = followed();
    let _: () = world.pay(&STRANGER, treasury, message!("Treasury::deposit"), 70);
    world.expect_events(&[Deposited { from: id(&STRANGER), amount: 70 }]);
    let _: () = world.send(&STRANGER, treasury, message!("Treasury::deposit"));
    world.expect_events::<Deposited>(&[]);
    assert_eq!(world.holds(treasury), 570);
}
