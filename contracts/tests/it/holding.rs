//! The token and its ledger on a chain with a clock.

use crate::{
    message,
    world::{ALICE, BOB, START, STRANGER, SUPPLY, World, id},
};
use interfaces::{AccountId, Balance, ledger::VotesError, token::PSP22Error};

#[test]
fn every_past_moment_can_be_looked_up_and_none_that_is_not_past() {
    let mut world = World::new();
    let history = [10, 20, 30, 40, 50].map(|after| START + after);
    for (sent, moment) in (1_u128..).zip(history) {
        world.at(moment);
        world.transfer(&ALICE, &STRANGER, sent).expect("Alice holds enough");
        assert_eq!(world.votes_at(&ALICE, moment), Err(VotesError::NotYetPast));
        assert_eq!(world.supply_at(moment + 1), Err(VotesError::NotYetPast));
    }
    world.wait(1);
    let mut sent = 0;
    for (more, moment) in (1_u128..).zip(history) {
        assert_eq!(world.votes_at(&ALICE, moment - 1), Ok(400 - sent));
        assert_eq!(world.votes_at(&STRANGER, moment - 1), Ok(sent));
        sent += more;
        assert_eq!(world.votes_at(&ALICE, moment), Ok(400 - sent));
        assert_eq!(world.votes_at(&STRANGER, moment), Ok(sent));
        assert_eq!(world.supply_at(moment), Ok(SUPPLY));
    }
    assert_eq!(world.votes_at(&ALICE, START - 1), Ok(0), "before there was a token");
    assert_eq!(world.supply_at(START - 1), Ok(0));
}

#[test]
fn a_refused_transfer_changes_nothing() {
    let mut world = World::new();
    let spend = message!("PSP22::transfer_from", id(&ALICE), id(&BOB), 401_u128, Vec::<u8>::new());
    let approved: Result<(), PSP22Error> =
        world.send(&ALICE, world.token, message!("PSP22::approve", id(&STRANGER), 1_000_u128));
    assert_eq!(approved, Ok(()));
    let refused: Result<(), PSP22Error> = world.send(&STRANGER, world.token, spend);
    assert_eq!(refused, Err(PSP22Error::InsufficientBalance));
    let allowed: u128 = world.send(&STRANGER, world.token, message!("PSP22::allowance", id(&ALICE), id(&STRANGER)));
    assert_eq!(allowed, 1_000, "the allowance taken before the balance was found short is back");
}

#[test]
fn the_token_says_what_its_ledger_keeps() {
    let mut world = World::new();
    world.transfer(&ALICE, &BOB, 100).expect("Alice holds enough");
    let burnt: Result<(), PSP22Error> = world.send(&BOB, world.token, message!("PSP22Burnable::burn", 150_u128));
    assert_eq!(burnt, Ok(()));
    let (told, kept): ([Balance; 2], [Balance; 2]) = (
        [ALICE, BOB].map(|person| world.ask(world.token, message!("PSP22::balance_of", id(&person)))),
        [ALICE, BOB].map(|person| world.ask(world.ledger, message!("Ledger::balance", Some(id(&person))))),
    );
    assert_eq!((told, kept), ([300, 250], [300, 250]));
    let told: Balance = world.ask(world.token, message!("PSP22::total_supply"));
    let kept: Balance = world.ask(world.ledger, message!("Ledger::balance", None::<AccountId>));
    assert_eq!((told, kept), (SUPPLY - 150, SUPPLY - 150));
}
