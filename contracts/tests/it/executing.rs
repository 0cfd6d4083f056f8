//! Queueing and executing what has passed.

use crate::{
    asks::{ABSTAIN, AGAINST, FOR},
    message,
    world::{ALICE, BOB, CAROL, DAVE, GENERAL, STRANGER, TREASURY, World, call, id, request, rules},
};
use interfaces::{
    governor::{GovernorError, Kind, ProposalExecuted, ProposalQueued},
    lifecycle::{Progress, State},
    polls::Standing,
    treasury::{Asset, Paid},
};

#[test]
fn a_whole_round_pays_the_payee_exactly() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&DAVE, 25_000)]);
    assert_eq!(world.state(proposal), Ok(State::Pending));

    world.open(proposal);
    assert_eq!(world.state(proposal), Ok(State::Active));
    for (person, choice) in [(ALICE, FOR), (BOB, AGAINST), (CAROL, ABSTAIN)] {
        world.vote(&person, proposal, choice).expect("holders vote");
    }

    world.close(proposal);
    assert_eq!(world.state(proposal), Ok(State::Succeeded));
    let ready_at = world.now() + rules().execution_delay;
    assert_eq!(world.queue(proposal), Ok(()));
    let expires_at = ready_at + rules().execution_window;
    world.expect_events(&[ProposalQueued { proposal, option: 0, ready_at, expires_at }]);
    assert_eq!(world.state(proposal), Ok(State::Queued));
    assert_eq!(world.proposal(proposal).progress, Progress::Queued { option: 0, ready_at, expires_at });

    world.at(ready_at);
    let before = world.money(id(&DAVE));
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Paid { category: GENERAL, payee: id(&DAVE), asset: Asset::Native, amount: 25_000 }]);
    world.expect_events(&[ProposalExecuted { proposal, executor: id(&STRANGER), spent: 25_000 }]);
    assert_eq!(world.state(proposal), Ok(State::Executed));
    assert_eq!(world.money(id(&DAVE)) - before, 25_000);
    assert_eq!(world.holds(world.treasury), TREASURY - 25_000);
}

#[test]
fn a_decision_without_calls_is_queued_and_executed_too() {
    let mut world = World::new();
    assert_eq!(world.enact(Kind::CommunityInitiative, vec![]), Ok(()));
    assert_eq!(world.state(0), Ok(State::Executed));
}

#[test]
fn what_was_defeated_cannot_be_queued() {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.queue(proposal), Err(GovernorError::WrongState(State::Active)));
    world.vote(&ALICE, proposal, AGAINST).expect("holders vote");
    world.close(proposal);
    assert_eq!(world.queue(proposal), Err(GovernorError::WrongState(State::Defeated)));
    assert_eq!(world.execute(proposal), Err(GovernorError::WrongState(State::Defeated)));
}

#[test]
fn what_nobody_voted_on_is_defeated() {
    let mut world = World::new();
    let proposal = world.opened(vec![]);
    world.close(proposal);
    assert_eq!(world.state(proposal), Ok(State::Defeated));
}

#[test]
fn what_has_passed_cannot_be_queued_too_late() {
    let mut world = World::new();
    let proposal = world.passed(vec![world.payment(&BOB, 1)]);
    let Ok(Standing::Decided { since, .. }) = world.standing(proposal) else { panic!("it is decided") };
    let queue_by = since + rules().execution_window;
    world.at(queue_by + 1);
    assert_eq!(world.queue(proposal), Err(GovernorError::WrongState(State::Expired)));
    world.at(queue_by);
    assert_eq!(world.queue(proposal), Ok(()), "the last moment is in time");
}

#[test]
fn it_cannot_be_executed_before_it_is_queued() {
    let mut world = World::new();
    let proposal = world.passed(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.execute(proposal), Err(GovernorError::WrongState(State::Succeeded)));
}

#[test]
fn it_cannot_be_executed_too_early() {
    let mut world = World::new();
    let proposal = world.passed(vec![world.payment(&BOB, 1)]);
    world.queue(proposal).expect("it has passed");
    world.wait(rules().execution_delay - 1);
    assert_eq!(world.execute(proposal), Err(GovernorError::TooEarly));
    world.wait(1);
    assert_eq!(world.execute(proposal), Ok(()));
}

#[test]
fn it_cannot_be_executed_too_late() {
    let mut world = World::new();
    let proposal = world.ready(vec![world.payment(&BOB, 1)]);
    world.wait(rules().execution_window);
    assert_eq!(world.state(proposal), Ok(State::Queued), "the last moment is in time");
    world.wait(1);
    assert_eq!(world.state(proposal), Ok(State::Expired));
    assert_eq!(world.execute(proposal), Err(GovernorError::WrongState(State::Expired)));
}

#[test]
fn it_cannot_be_executed_or_queued_twice() {
    let mut world = World::new();
    let proposal = world.ready(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.queue(proposal), Err(GovernorError::WrongState(State::Queued)));
    assert_eq!(world.execute(proposal), Ok(()));
    let before = world.money(id(&BOB));
    assert_eq!(world.execute(proposal), Err(GovernorError::WrongState(State::Executed)));
    assert_eq!(world.money(id(&BOB)), before);
}

#[test]
fn a_failing_second_call_undoes_the_first() {
    let mut world = World::new();
    let proposal = world.ready(vec![world.payment(&BOB, 1_000), world.payment(&BOB, TREASURY)]);
    let before = world.money(id(&BOB));
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(1)));
    assert_eq!(world.money(id(&BOB)), before);
    assert_eq!(world.holds(world.treasury), TREASURY);
    assert_eq!(world.state(proposal), Ok(State::Queued), "it can be tried again once the treasury holds enough");
    let _: () = world.pay(&ALICE, world.treasury, message!("Treasury::deposit"), 5_000);
    assert_eq!(world.execute(proposal), Ok(()));
    assert_eq!(world.money(id(&BOB)) - before, TREASURY + 1_000);
}

#[test]
fn a_message_that_its_target_does_not_know_fails() {
    let mut world = World::new();
    let proposal = world.ready(vec![call(world.treasury, message!("Treasury::pay_everyone"))]);
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(0)));
}

#[test]
fn a_call_succeeds_whatever_it_returns() {
    let mut world = World::new();
    let calls = vec![
        call(world.token, message!("PSP22Metadata::token_name")),
        call(world.treasury, message!("Treasury::governor")),
        call(world.treasury, message!("Treasury::deposit")),
    ];
    let proposal = world.ready(calls);
    assert_eq!(world.execute(proposal), Ok(()));
}

#[test]
fn a_target_whose_code_was_replaced_is_not_called() {
    let mut world = World::new();
    let target = world.deploy("chameleon", message!("new"), 0);
    let proposal = world.ready(vec![call(target, message!("harmless"))]);
    let other = world.upload("treasury");
    let became: bool = world.send(&STRANGER, target, message!("become_code", other));
    assert!(became, "the chain knows the other code");
    assert_eq!(world.execute(proposal), Err(GovernorError::CodeChanged(target)));
}

#[test]
fn a_target_replaced_by_an_earlier_call_of_the_same_proposal_is_not_called() {
    let mut world = World::new();
    let target = world.deploy("chameleon", message!("new"), 0);
    let other = world.upload("treasury");
    let calls = vec![call(target, message!("become_code", other)), call(target, message!("harmless"))];
    let proposal = world.ready(calls);
    assert_eq!(world.execute(proposal), Err(GovernorError::CodeChanged(target)));
}

#[test]
fn a_target_cannot_execute_a_proposal_again_from_within() {
    let mut world = World::new();
    let target = world.deploy("reentrant", message!("new", world.governor), 0);
    let again = call(target, message!("execute", 0_u32));
    let proposal = world.ready(vec![world.payment(&BOB, 1_000), again]);
    let before = world.money(id(&BOB));
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(1)));
    assert_eq!(world.state(proposal), Ok(State::Queued));
    assert_eq!(world.money(id(&BOB)), before, "nobody was paid, let alone twice");

    // The same target does execute a proposal when the governor is not in the midst of one.
    let other = world.ready(vec![world.payment(&BOB, 1_000)]);
    let before = world.money(id(&BOB));
    let _: () = world.send(&STRANGER, target, message!("execute", other));
    assert_eq!(world.state(other), Ok(State::Executed));
    assert_eq!(world.money(id(&BOB)) - before, 1_000);
}

#[test]
fn a_target_cannot_take_a_deposit_from_within() {
    let mut world = World::new();
    let target = world.deploy("reentrant", message!("new", world.governor), 0);
    let over = world.made(&request(Kind::CommunityInitiative, vec![]));
    world.cancel(&ALICE, over).expect("it is hers");
    let proposal = world.ready(vec![call(target, message!("settle", over))]);
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(0)));
    assert!(!world.proposal(over).settled);

    let _: () = world.send(&STRANGER, target, message!("settle", over));
    assert!(world.proposal(over).settled, "outside an execution it can");
}

#[test]
fn the_governors_own_vote_changes_nothing_that_is_being_executed() {
    let mut world = World::new();
    world.transfer(&CAROL, &crate::world::account(world.governor), 100).expect("the governor holds tokens");
    world.wait(1);
    let proposal =
        world.made(&request(Kind::CommunityInitiative, vec![call(world.polls, message!("Polls::vote", 1_u32, FOR))]));
    world.decide(proposal, &FOR);
    world.queue(proposal).expect("it has passed");
    let other = world.opened(vec![]);
    world.wait(rules().execution_delay);
    assert_eq!(world.execute(proposal), Ok(()), "it votes in another poll as any holder does");
    assert_eq!(world.majority(other), [0, 100, 0]);
}
