//! Taking proposals back, and vetoing them.

use crate::{
    asks::{AGAINST, FOR},
    world::{ALICE, BOB, GUARDED_UNTIL, GUARDIAN, STRANGER, World, choosing, rules},
};
use ballot::{Choice, Mechanism, Ranking};
use interfaces::{
    governor::{GovernorError, ProposalCancelled, ProposalVetoed, Rules},
    lifecycle::{Progress, State},
    polls::{PollError, PollStopped, Standing},
};

/// What the guardian does in the tests that go through every state.
type Stop = fn(&mut World, u32) -> Result<(), GovernorError>;

const STOPS: [(Stop, State); 3] = [
    (|world, proposal| world.cancel(&GUARDIAN, proposal), State::Cancelled),
    (|world, proposal| world.veto(&GUARDIAN, proposal, false), State::Vetoed),
    (|world, proposal| world.veto(&GUARDIAN, proposal, true), State::Vetoed),
];

/// The guardian stops a proposal that was brought this far, in every way there is.
fn stops_what_is(state: State, brought: fn(&mut World) -> u32) {
    for (stop, then) in STOPS {
        let mut world = World::new();
        let proposal = brought(&mut world);
        assert_eq!(world.state(proposal), Ok(state));
        assert_eq!(stop(&mut world, proposal), Ok(()));
        assert_eq!(world.state(proposal), Ok(then));
        let refused = Err(GovernorError::WrongState(then));
        assert_eq!([world.queue(proposal), world.execute(proposal), stop(&mut world, proposal)], [refused; 3]);
        assert_eq!(world.settle(proposal), Ok(()));
    }
}

/// A poll of ranked choice that waits to be counted.
fn uncounted(world: &mut World) -> u32 {
    let proposal = world.made(&choosing(Mechanism::Ranked, vec![vec![], vec![]]));
    world.decide(proposal, &Choice::Ranked(Ranking::new(vec![1, 0]).expect("a ranking")));
    proposal
}

#[test]
fn its_proposer_can_take_it_back_before_voting_opens() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.cancel(&ALICE, proposal), Ok(()));
    world.expect_events(&[ProposalCancelled { proposal, by: crate::world::id(&ALICE) }]);
    world.expect_events(&[PollStopped { poll: proposal }]);
    assert_eq!(
        (world.standing(proposal), world.proposal(proposal).progress),
        (Ok(Standing::Stopped), Progress::Cancelled)
    );
    let snapshot = world.poll(proposal).terms.snapshot;
    world.at(snapshot + 1);
    assert_eq!(world.vote(&BOB, proposal, FOR), Err(PollError::WrongStanding(Standing::Stopped)));
    assert_eq!(world.state(proposal), Ok(State::Cancelled));
    assert_eq!(world.cancel(&ALICE, proposal), Err(GovernorError::WrongState(State::Cancelled)));
}

#[test]
fn its_proposer_cannot_take_it_back_once_voting_is_open() {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.cancel(&ALICE, proposal), Err(GovernorError::WrongState(State::Active)));
    world.decide(proposal, &FOR);
    assert_eq!(world.cancel(&ALICE, proposal), Err(GovernorError::WrongState(State::Succeeded)));
}

#[test]
fn strangers_can_stop_nothing() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    for person in [BOB, STRANGER] {
        assert_eq!(world.cancel(&person, proposal), Err(GovernorError::NotProposer));
        assert_eq!(world.veto(&person, proposal, false), Err(GovernorError::NotGuardian));
    }
    assert_eq!(world.veto(&ALICE, proposal, false), Err(GovernorError::NotGuardian), "not even who proposed it");
}

#[test]
fn the_guardian_stops_what_is_pending() {
    stops_what_is(State::Pending, |world| world.proposed(vec![]));
}

#[test]
fn the_guardian_stops_what_is_voted_on() {
    stops_what_is(State::Active, |world| world.opened(vec![]));
}

#[test]
fn the_guardian_stops_what_is_being_counted() {
    stops_what_is(State::Counting, uncounted);
}

#[test]
fn the_guardian_stops_what_has_succeeded() {
    stops_what_is(State::Succeeded, |world| world.passed(vec![]));
}

#[test]
fn the_guardian_stops_what_is_queued() {
    stops_what_is(State::Queued, |world| world.ready(vec![]));
}

#[test]
fn a_veto_is_announced() {
    let mut world = World::new();
    for abuse in [false, true] {
        let proposal = world.proposed(vec![]);
        world.veto(&GUARDIAN, proposal, abuse).expect("the guardian may");
        world.expect_events(&[ProposalVetoed { proposal, abuse }]);
    }
}

#[test]
fn the_guardian_cannot_stop_what_is_over() {
    let mut world = World::new();
    let executed = world.ready(vec![]);
    world.execute(executed).expect("it is ready");
    let defeated = world.proposed(vec![]);
    world.decide(defeated, &AGAINST);
    let expired = world.ready(vec![]);
    world.wait(rules().execution_window + 1);
    for (proposal, state) in [(executed, State::Executed), (defeated, State::Defeated), (expired, State::Expired)] {
        for (stop, _) in STOPS {
            assert_eq!(stop(&mut world, proposal), Err(GovernorError::WrongState(state)));
        }
    }
}

#[test]
fn the_guardian_is_powerless_after_its_end() {
    let mut world = World::new();
    world.at(GUARDED_UNTIL - 500);
    let proposal = world.proposed(vec![]);
    world.at(GUARDED_UNTIL + 1);
    assert_eq!(world.veto(&GUARDIAN, proposal, true), Err(GovernorError::NotGuardian));
    assert_eq!(world.cancel(&GUARDIAN, proposal), Err(GovernorError::NotProposer));
    world.at(GUARDED_UNTIL);
    assert_eq!(world.veto(&GUARDIAN, proposal, true), Ok(()), "the last moment is in time");
}

#[test]
fn the_guardian_has_no_power_over_kinds_that_are_not_guarded() {
    let mut world = World::under(Rules { guarded: false, ..rules() });
    let proposal = world.proposed(vec![]);
    assert_eq!(world.veto(&GUARDIAN, proposal, true), Err(GovernorError::NotGuardian));
    assert_eq!(world.cancel(&GUARDIAN, proposal), Err(GovernorError::NotProposer));
}

#[test]
fn the_guardian_executes_nothing_that_others_could_not() {
    let mut world = World::new();
    let proposal = world.passed(vec![]);
    let execute = crate::message!("Governor::execute", proposal);
    let early: Result<(), GovernorError> = world.send(&GUARDIAN, world.governor, execute);
    assert_eq!(early, Err(GovernorError::WrongState(State::Succeeded)));
}

#[test]
fn only_the_governor_stops_polls() {
    let mut world = World::new();
    let proposal = world.opened(vec![]);
    for person in [ALICE, GUARDIAN, STRANGER] {
        let stopped: Result<(), PollError> = world.send(&person, world.polls, crate::message!("Polls::stop", proposal));
        assert_eq!(stopped, Err(PollError::NotGovernor));
    }
    assert_eq!(world.state(proposal), Ok(State::Active));
}
