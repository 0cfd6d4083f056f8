//! Where deposits go.

use crate::{
    asks::AGAINST,
    world::{ALICE, GUARDIAN, TREASURY, World, account, id, rules},
};
use drink::{
    Sandbox,
    minimal::{Balances, RuntimeOrigin},
};
use interfaces::{
    governor::{GovernorError, ProposalSettled},
    lifecycle::State,
};

/// A proposal that came to this end gives its deposit back to its proposer.
fn returns(end: State, brought: fn(&mut World) -> u32) {
    let mut world = World::new();
    let proposal = brought(&mut world);
    assert_eq!((world.state(proposal), world.live(&ALICE)), (Ok(end), 1));
    assert_eq!(world.money(world.governor), 1 + rules().deposit);
    let before = world.money(id(&ALICE));
    assert_eq!(world.settle(proposal), Ok(()));
    world.expect_events(&[ProposalSettled { proposal, payee: id(&ALICE), deposit: rules().deposit }]);
    assert_eq!((world.money(id(&ALICE)) - before, world.live(&ALICE)), (rules().deposit, 0));
    let known = world.proposal(proposal);
    assert_eq!((known.deposit, known.settled), (0, true));
    assert_eq!((world.state(proposal), world.money(world.governor)), (Ok(end), 1));
}

#[test]
fn the_deposit_comes_back_when_it_is_executed() {
    returns(State::Executed, |world| {
        let proposal = world.ready(vec![]);
        world.execute(proposal).expect("it is ready");
        proposal
    });
}

#[test]
fn the_deposit_comes_back_when_it_is_defeated() {
    returns(State::Defeated, |world| {
        let proposal = world.proposed(vec![]);
        world.decide(proposal, &AGAINST);
        proposal
    });
}

#[test]
fn the_deposit_comes_back_when_it_was_queued_too_late() {
    returns(State::Expired, |world| {
        let proposal = world.passed(vec![]);
        world.wait(rules().execution_window);
        proposal
    });
}

#[test]
fn the_deposit_comes_back_when_it_was_executed_too_late() {
    returns(State::Expired, |world| {
        let proposal = world.ready(vec![]);
        world.wait(rules().execution_window + 1);
        proposal
    });
}

#[test]
fn the_deposit_comes_back_when_its_proposer_takes_it_back() {
    returns(State::Cancelled, |world| {
        let proposal = world.proposed(vec![]);
        world.cancel(&ALICE, proposal).expect("it is hers");
        proposal
    });
}

#[test]
fn the_deposit_comes_back_when_it_is_vetoed_but_no_abuse() {
    returns(State::Vetoed, |world| {
        let proposal = world.proposed(vec![]);
        world.veto(&GUARDIAN, proposal, false).expect("the guardian may");
        proposal
    });
}

#[test]
fn the_deposit_goes_to_the_treasury_when_it_is_vetoed_as_abuse() {
    let mut world = World::new();
    let proposal = world.proposed(vec![]);
    world.veto(&GUARDIAN, proposal, true).expect("the guardian may");
    let before = world.money(id(&ALICE));
    assert_eq!(world.settle(proposal), Ok(()));
    world.expect_events(&[ProposalSettled { proposal, payee: world.treasury, deposit: rules().deposit }]);
    assert_eq!((world.money(id(&ALICE)), world.money(world.governor)), (before, 1));
    assert_eq!(world.holds(world.treasury), TREASURY + rules().deposit);
    assert_eq!(world.live(&ALICE), 0);
}

#[test]
fn nothing_is_settled_while_it_can_still_come_to_something() {
    let mut world = World::new();
    let refused = |state| Err(GovernorError::WrongState(state));
    let proposal = world.proposed(vec![]);
    assert_eq!(world.settle(proposal), refused(State::Pending));
    world.open(proposal);
    assert_eq!(world.settle(proposal), refused(State::Active));
    let passed = world.passed(vec![]);
    assert_eq!(world.settle(passed), refused(State::Succeeded));
    world.mature(passed);
    assert_eq!(world.settle(passed), refused(State::Queued));
}

#[test]
fn nothing_is_settled_twice() {
    let mut world = World::new();
    let (once, other) = (world.proposed(vec![]), world.proposed(vec![]));
    world.cancel(&ALICE, once).expect("it is hers");
    world.settle(once).expect("it is over");
    let before = world.money(id(&ALICE));
    assert_eq!(world.settle(once), Err(GovernorError::AlreadySettled));
    assert_eq!((world.money(id(&ALICE)), world.live(&ALICE)), (before, 1));
    assert_eq!(world.proposal(other).deposit, rules().deposit);
}

#[test]
fn a_deposit_that_the_governor_does_not_hold_any_more_is_paid_once_it_does_again() {
    let mut world = World::new();
    let proposal = world.proposed(vec![]);
    world.cancel(&ALICE, proposal).expect("it is hers");
    // Nothing of ours takes it away, but the chain's root can.
    let governor = account(world.governor);
    let taken = world.chain.execute_with(|| Balances::force_set_balance(RuntimeOrigin::root(), governor.into(), 1));
    taken.expect("root may");
    assert_eq!(world.settle(proposal), Err(GovernorError::TransferFailed));
    assert_eq!((world.proposal(proposal).settled, world.live(&ALICE)), (false, 1));
    world.give(world.governor, rules().deposit);
    assert_eq!(world.settle(proposal), Ok(()));
}
