//! What proposals may spend.

use crate::{
    message,
    world::{ALICE, BOB, TREASURY, World, account, call, request, rules},
};
use interfaces::{
    Balance,
    governor::{Call, GovernorError, Kind, Rules},
};

const SPENDING: Kind = Kind::TreasurySpending;

/// A world in which a proposal may spend 1,000, and all of one kind 1,500 in 100 seconds.
fn capped() -> World {
    World::under(Rules { spend_cap: 1_000, period_cap: 1_500, period: 100_000, ..rules() })
}

/// A call that takes currency from the governor to somewhere else.
fn sent(world: &mut World, value: Balance) -> Call {
    let target = world.deploy("chameleon", message!("new"), 0);
    Call { value, ..call(target, message!("accept")) }
}

#[test]
fn one_proposal_cannot_spend_more_than_its_cap() {
    let mut world = capped();
    let much = vec![world.payment(&BOB, 600), world.payment(&ALICE, 401)];
    assert_eq!(world.enact(SPENDING, much), Err(GovernorError::SpendCap));
    assert_eq!((world.holds(world.treasury), world.spent(SPENDING, crate::world::START)), (TREASURY, 0));
    let just = vec![world.payment(&BOB, 600), world.payment(&ALICE, 400)];
    assert_eq!(world.enact(SPENDING, just), Ok(()));
    assert_eq!(world.holds(world.treasury), TREASURY - 1_000);
}

#[test]
fn all_proposals_of_a_kind_cannot_spend_more_than_the_periods_cap() {
    let mut world = capped();
    let pay = |world: &World, amount| vec![world.payment(&BOB, amount)];
    let (first, second) = (world.proposed(pay(&world, 900)), world.proposed(pay(&world, 601)));
    let third = world.proposed(pay(&world, 600));
    for proposal in [first, second, third] {
        world.open(proposal);
        world.vote(&ALICE, proposal, crate::asks::FOR).expect("holders vote");
        world.vote(&BOB, proposal, crate::asks::FOR).expect("holders vote");
    }
    world.close(third);
    for proposal in [first, second, third] {
        world.queue(proposal).expect("it has passed");
    }
    world.wait(rules().execution_delay);
    let now = world.now();
    assert_eq!(
        [first, second, third].map(|proposal| world.execute(proposal)),
        [Ok(()), Err(GovernorError::SpendCap), Ok(())]
    );
    assert_eq!(world.spent(SPENDING, now), 1_500);
    assert_eq!(world.holds(world.treasury), TREASURY - 1_500);
}

#[test]
fn every_period_and_every_kind_has_its_own_sum() {
    let mut world = capped();
    let pay = |world: &World| vec![world.payment(&BOB, 1_000)];
    let first = world.now();
    assert_eq!(world.enact(SPENDING, pay(&world)), Ok(()));
    assert_eq!(world.enact(SPENDING, pay(&world)), Err(GovernorError::SpendCap));
    assert_eq!(world.enact(Kind::CommunityInitiative, pay(&world)), Ok(()));
    world.wait(100_000);
    let second = world.now();
    world.settle(1).expect("it has expired");
    assert_eq!(world.enact(SPENDING, pay(&world)), Ok(()));
    assert_eq!([first, second].map(|moment| world.spent(SPENDING, moment)), [1_000, 1_000]);
    assert_eq!([first, second].map(|moment| world.spent(Kind::CommunityInitiative, moment)), [1_000, 0]);
    assert_eq!(world.spent(Kind::ParameterChange, first), 0);
}

#[test]
fn a_kind_without_caps_moves_no_money() {
    let mut world = World::under(Rules { spend_cap: 0, period_cap: 0, ..rules() });
    world.give(world.governor, 10);
    let pay = vec![world.payment(&BOB, 1)];
    assert_eq!(world.enact(SPENDING, pay), Err(GovernorError::SpendCap));
    let sent = sent(&mut world, 1);
    assert_eq!(world.enact(SPENDING, vec![sent]), Err(GovernorError::SpendCap));
    let neither = vec![call(world.treasury, message!("Treasury::deposit"))];
    assert_eq!(world.enact(SPENDING, neither), Ok(()));
}

#[test]
fn currency_that_the_governor_sends_along_is_spent_too() {
    let mut world = capped();
    world.give(world.governor, 5_000);
    let (much, rest) = (sent(&mut world, 900), sent(&mut world, 101));
    let pay = world.payment(&BOB, 100);
    assert_eq!(world.enact(SPENDING, vec![much.clone(), rest]), Err(GovernorError::SpendCap));
    assert_eq!(world.enact(SPENDING, vec![much, pay]), Ok(()));
    let now = world.now();
    assert_eq!(world.spent(SPENDING, now), 1_000);
}

#[test]
fn what_the_governor_does_not_hold_cannot_be_sent() {
    let mut world = World::new();
    let sent = sent(&mut world, 700);
    assert_eq!(world.enact(SPENDING, vec![sent]), Err(GovernorError::CallFailed(0)));
}

#[test]
fn what_treasury_and_governor_give_each_other_is_not_spent() {
    let mut world = World::under(Rules { spend_cap: 0, period_cap: 0, ..rules() });
    world.give(world.governor, 700);
    let deposit = Call { value: 700, ..call(world.treasury, message!("Treasury::deposit")) };
    assert_eq!(world.enact(SPENDING, vec![deposit]), Ok(()));
    assert_eq!(world.holds(world.treasury), TREASURY + 700);
    let back = world.payment(&account(world.governor), 200);
    assert_eq!(world.enact(SPENDING, vec![back]), Ok(()));
    assert_eq!((world.holds(world.treasury), world.money(world.governor)), (TREASURY + 500, 201));
}

#[test]
fn deposits_cannot_be_spent() {
    let mut world = World::new();
    let deposit = rules().deposit;
    let others = world.propose(&BOB, &request(SPENDING, vec![])).expect("Bob may propose");
    let sent = sent(&mut world, 1);
    let proposal = world.ready(vec![sent]);
    assert_eq!(world.money(world.governor), 1 + 2 * deposit);
    assert_eq!(world.execute(proposal), Err(GovernorError::SpendCap), "all it holds is deposits");
    world.give(world.governor, 1);
    assert_eq!(world.execute(proposal), Ok(()));

    assert_eq!(world.money(world.governor), 1 + 2 * deposit);
    for (proposal, left) in [(proposal, deposit), (others, 0)] {
        assert_eq!(world.settle(proposal), Ok(()), "every deposit is there");
        assert_eq!(world.money(world.governor), 1 + left);
    }
}

#[test]
fn a_lowered_cap_binds_what_is_queued_already() {
    let patient = Rules { execution_window: 50_000, ..rules() };
    let mut world = World::under(patient);
    let queued = world.ready(vec![world.payment(&BOB, 1_000)]);
    let lower = Rules { spend_cap: 999, ..patient };
    let change = call(world.governor, message!("Governor::set_rules", SPENDING, lower));
    assert_eq!(world.enact(Kind::ParameterChange, vec![change]), Ok(()));
    assert_eq!(world.execute(queued), Err(GovernorError::SpendCap));
}

#[test]
fn a_cap_that_a_proposal_raises_does_not_help_itself() {
    let mut world = World::under(Rules { spend_cap: 0, period_cap: 0, ..rules() });
    let raise = call(world.governor, message!("Governor::set_rules", Kind::ParameterChange, rules()));
    let pay = world.payment(&BOB, 1);
    let both = vec![raise.clone(), pay.clone()];
    assert_eq!(world.enact(Kind::ParameterChange, both), Err(GovernorError::SpendCap));
    assert_eq!(world.enact(Kind::ParameterChange, vec![raise]), Ok(()));
    assert_eq!(world.enact(Kind::ParameterChange, vec![pay]), Ok(()), "only the next one");
}

#[test]
fn a_period_of_another_length_begins_at_nothing() {
    let mut world = capped();
    let pay = |world: &World| vec![world.payment(&BOB, 1_000)];
    assert_eq!(world.enact(SPENDING, pay(&world)), Ok(()));
    let longer = Rules { spend_cap: 1_000, period_cap: 1_500, period: 200_000, ..rules() };
    let change = call(world.governor, message!("Governor::set_rules", SPENDING, longer));
    assert_eq!(world.enact(Kind::ParameterChange, vec![change]), Ok(()));
    let now = world.now();
    assert_eq!(world.spent(SPENDING, now), 0);
    assert_eq!(world.enact(SPENDING, pay(&world)), Ok(()));
    assert_eq!(world.spent(SPENDING, now), 1_000);
}
