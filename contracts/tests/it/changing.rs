//! Changing the governor's rules, guardian and limit.

use crate::{
    asks::FOR,
    message,
    world::{ALICE, BOB, GUARDED_UNTIL, GUARDIAN, START, STRANGER, World, call, id, request, rules},
};
use interfaces::{
    governor::{Call, GovernorError, Guardian, GuardianSet, Kind, LiveLimitSet, Rules, RulesSet},
    lifecycle::State,
};

const CHANGE: Kind = Kind::ParameterChange;

fn rules_now(world: &mut World, kind: Kind) -> Rules {
    world.ask(world.governor, message!("Governor::rules", kind))
}

fn guardian_now(world: &mut World) -> Option<Guardian> {
    world.ask(world.governor, message!("Governor::guardian"))
}

fn set_rules(world: &World, kind: Kind, rules: Rules) -> Call {
    call(world.governor, message!("Governor::set_rules", kind, rules))
}

#[test]
fn a_proposal_changes_the_rules_of_one_kind() {
    let mut world = World::new();
    let other = Rules { deposit: 7, proposal_threshold: 350, ..rules() };
    let change = set_rules(&world, Kind::TreasurySpending, other);
    let proposal = world.ready_as(CHANGE, vec![change]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[RulesSet { kind: Kind::TreasurySpending, rules: other }]);
    assert_eq!(Kind::ALL.map(|kind| rules_now(&mut world, kind)), [rules(), other, rules(), rules()]);
    let asked = request(Kind::TreasurySpending, vec![]);
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::WrongDeposit));
    assert_eq!(world.propose_with(&BOB, &asked, 7), Err(GovernorError::BelowProposalThreshold));
    assert_eq!(world.propose_with(&ALICE, &asked, 7), Ok(1));
}

#[test]
fn a_proposal_changes_the_guardian_and_the_limit() {
    let mut world = World::new();
    let other = Guardian { account: id(&BOB), until: GUARDED_UNTIL + 1 };
    let set =
        |world: &World, guardian: Option<Guardian>| call(world.governor, message!("Governor::set_guardian", guardian));
    let limit = call(world.governor, message!("Governor::set_live_limit", 1_u32));
    let proposal = world.ready_as(CHANGE, vec![set(&world, Some(other)), limit]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[GuardianSet { guardian: Some(other) }]);
    world.expect_events(&[LiveLimitSet { limit: 1 }]);
    assert_eq!(
        (guardian_now(&mut world), world.ask(world.governor, message!("Governor::live_limit"))),
        (Some(other), 1)
    );
    assert_eq!(world.propose(&ALICE, &request(CHANGE, vec![])), Err(GovernorError::TooManyProposals));
    world.settle(proposal).expect("it is over");
    let next = world.proposed(vec![]);
    assert_eq!(world.veto(&GUARDIAN, next, false), Err(GovernorError::NotGuardian));
    assert_eq!(world.veto(&BOB, next, false), Ok(()));
    world.settle(next).expect("it is over");

    let nobody = set(&world, None);
    assert_eq!(world.enact(CHANGE, vec![nobody]), Ok(()));
    assert_eq!(guardian_now(&mut world), None);
    let last = world.proposed(vec![]);
    assert_eq!(world.veto(&BOB, last, false), Err(GovernorError::NotGuardian));
}

#[test]
fn nobody_changes_anything_by_message() {
    let mut world = World::new();
    let lenient = Rules { proposal_threshold: 0, ..rules() };
    for person in [ALICE, GUARDIAN, STRANGER] {
        let guardian = Guardian { account: id(&person), until: u64::MAX };
        let mut messages = Kind::ALL.map(|kind| message!("Governor::set_rules", kind, lenient)).to_vec();
        messages.push(message!("Governor::set_guardian", Some(guardian)));
        messages.push(message!("Governor::set_live_limit", 1_000_u32));
        for message in messages {
            let refused: Result<(), GovernorError> = world.send(&person, world.governor, message);
            assert_eq!(refused, Err(GovernorError::NotGoverned));
        }
    }
    assert_eq!(Kind::ALL.map(|kind| rules_now(&mut world, kind)), [rules(); 4]);
}

#[test]
fn rules_under_which_nothing_can_pass_cannot_be_set() {
    let mut world = World::new();
    for bad in [Rules { voting_period: 0, ..rules() }, Rules { voting_delay: u64::MAX - START, ..rules() }] {
        let good = set_rules(&world, CHANGE, Rules { deposit: 3, ..rules() });
        let bad = set_rules(&world, CHANGE, bad);
        let proposal = world.ready_as(CHANGE, vec![good, bad]);
        assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(1)));
        assert_eq!(rules_now(&mut world, CHANGE), rules(), "nor is the good one that was set with it");
        assert_eq!(world.state(proposal), Ok(State::Queued));
    }
    let none = call(world.governor, message!("Governor::set_live_limit", 0_u32));
    assert_eq!(world.enact(CHANGE, vec![none]), Err(GovernorError::CallFailed(0)));
}

#[test]
fn any_other_call_of_the_governor_to_itself_fails() {
    let mut world = World::new();
    let paid = Call { value: 1, ..set_rules(&world, CHANGE, rules()) };
    let mut long = set_rules(&world, CHANGE, rules());
    long.input.push(0);
    let mut short = set_rules(&world, CHANGE, rules());
    short.input.pop();
    world.give(world.governor, 1_000);
    for bad in [
        paid,
        long,
        short,
        call(world.governor, message!("Governor::settle", 0_u32)),
        call(world.governor, message!("Governor::proposal_count")),
        call(world.governor, message!("Governor::no_such_message")),
    ] {
        let proposal = world.ready_as(CHANGE, vec![bad.clone()]);
        assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(0)), "{bad:?}");
        world.wait(rules().execution_window + 1);
        world.settle(proposal).expect("it has expired");
    }
}

#[test]
fn a_proposal_keeps_the_rules_of_its_making_and_a_draft_has_the_present_ones() {
    let mut world = World::new();
    let draft = world.draft(&BOB, &request(CHANGE, vec![])).expect("anyone may write one");
    let stricter = Rules { proposal_threshold: 301, voting_period: 77, execution_window: 1, ..rules() };
    let change = set_rules(&world, CHANGE, stricter);
    let changing = world.made(&request(CHANGE, vec![change]));
    let other = world.made(&request(CHANGE, vec![]));
    world.open(other);
    for person in [ALICE, BOB] {
        for proposal in [changing, other] {
            world.vote(&person, proposal, FOR).expect("holders vote");
        }
    }
    world.close(other);
    world.mature(changing);
    assert_eq!(world.execute(changing), Ok(()));
    assert_eq!([draft, other].map(|proposal| world.proposal(proposal).rules), [stricter, rules()]);
    assert_eq!(world.poll(other).terms.period, rules().voting_period);
    assert_eq!(world.submit(&BOB, draft, rules().deposit), Err(GovernorError::BelowProposalThreshold));
    assert_eq!(world.queue(other), Ok(()), "its window is the one it was made with");
    world.wait(rules().execution_delay + rules().execution_window);
    assert_eq!(world.execute(other), Ok(()));
}
