//! Casting votes, and what they add up to.

use crate::world::{ALICE, BOB, CAROL, DAVE, ERIN, STRANGER, World, id};
use ballot::{Majority, Support};
use interfaces::{
    governor::{GovernorError, Receipt, VoteCast},
    lifecycle::State,
    token::VotesError,
};

fn opened() -> (World, u32) {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    (world, proposal)
}

/// Everyone's vote, then the state when voting is over.
fn outcome(votes: &[(drink::AccountId32, Support)]) -> State {
    let (mut world, proposal) = opened();
    for (person, support) in votes {
        world.vote(person, proposal, *support).expect("holders vote");
    }
    world.close(proposal);
    world.state(proposal).expect("the proposal is known")
}

#[test]
fn a_vote_counts_with_the_power_at_the_snapshot() {
    let (mut world, proposal) = opened();
    assert_eq!(world.vote(&ALICE, proposal, Support::For), Ok(()));
    world.expect_events(&[VoteCast { proposal, voter: id(&ALICE), support: Support::For, power: 400 }]);
    assert_eq!(world.vote(&BOB, proposal, Support::Against), Ok(()));
    assert_eq!(world.vote(&CAROL, proposal, Support::Abstain), Ok(()));
    assert_eq!(world.tally(proposal), Majority { in_favour: 400, against: 300, abstain: 200 });
    assert_eq!(world.receipt(proposal, &BOB), Some(Receipt { support: Support::Against, power: 300 }));
    assert_eq!(world.receipt(proposal, &DAVE), None);
}

#[test]
fn a_vote_before_voting_opens_is_refused() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    let snapshot = world.proposal(proposal).terms.snapshot;
    let refused = Err(GovernorError::WrongState(State::Pending));
    assert_eq!(world.vote(&ALICE, proposal, Support::For), refused);
    world.at(snapshot);
    assert_eq!(world.vote(&ALICE, proposal, Support::For), refused, "power can still change at the snapshot");
    world.at(snapshot + 1);
    assert_eq!(world.vote(&ALICE, proposal, Support::For), Ok(()));
}

#[test]
fn a_vote_after_the_deadline_is_refused() {
    let (mut world, proposal) = opened();
    let deadline = world.proposal(proposal).terms.voting_ends;
    world.at(deadline);
    assert_eq!(world.vote(&ALICE, proposal, Support::For), Ok(()), "the deadline itself is in time");
    world.at(deadline + 1);
    let refused = Err(GovernorError::WrongState(State::Defeated));
    assert_eq!(world.vote(&BOB, proposal, Support::For), refused);
}

#[test]
fn a_second_vote_is_refused_whatever_it_says() {
    let (mut world, proposal) = opened();
    world.vote(&ALICE, proposal, Support::For).expect("the first counts");
    for support in [Support::For, Support::Against, Support::Abstain] {
        assert_eq!(world.vote(&ALICE, proposal, support), Err(GovernorError::AlreadyVoted));
    }
    assert_eq!(world.tally(proposal), Majority { in_favour: 400, against: 0, abstain: 0 });
}

#[test]
fn a_vote_without_power_is_refused() {
    let (mut world, proposal) = opened();
    assert_eq!(world.vote(&STRANGER, proposal, Support::For), Err(GovernorError::NoVotingPower));
}

#[test]
fn tokens_bought_after_the_snapshot_count_for_nothing() {
    let (mut world, proposal) = opened();
    world.transfer(&ALICE, &STRANGER, 400).expect("Alice sells");
    assert_eq!(world.vote(&STRANGER, proposal, Support::Against), Err(GovernorError::NoVotingPower));
    world.transfer(&ALICE, &BOB, 0).expect("sending nothing changes nothing");
    assert_eq!(world.vote(&ALICE, proposal, Support::For), Ok(()), "who sold after it still votes");
    assert_eq!(world.tally(proposal).in_favour, 400);
    world.transfer(&STRANGER, &BOB, 400).expect("and on they go");
    world.wait(1);
    world.vote(&BOB, proposal, Support::Against).expect("Bob votes with what he had");
    assert_eq!(world.tally(proposal).against, 300);
}

#[test]
fn tokens_borrowed_and_returned_within_the_snapshots_block_count_for_nothing() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    let snapshot = world.proposal(proposal).terms.snapshot;
    world.at(snapshot);
    world.transfer(&ALICE, &STRANGER, 400).expect("Alice lends all she has");
    assert_eq!(world.votes_at(&STRANGER, snapshot), Err(VotesError::NotYetPast));
    world.transfer(&STRANGER, &ALICE, 400).expect("and has it back");
    world.at(snapshot + 1);
    assert_eq!(world.votes_at(&STRANGER, snapshot), Ok(0));
    assert_eq!(world.vote(&STRANGER, proposal, Support::For), Err(GovernorError::NoVotingPower));
    assert_eq!(world.vote(&ALICE, proposal, Support::For), Ok(()));
}

#[test]
fn a_missed_quorum_defeats_a_proposal_nobody_is_against() {
    assert_eq!(outcome(&[(ALICE, Support::For), (DAVE, Support::For)]), State::Defeated, "490 of the 500 needed");
    assert_eq!(outcome(&[(ALICE, Support::For), (DAVE, Support::For), (ERIN, Support::Abstain)]), State::Succeeded);
}

#[test]
fn a_vote_against_never_makes_the_quorum() {
    assert_eq!(outcome(&[(ALICE, Support::For), (BOB, Support::Against)]), State::Defeated);
}

#[test]
fn a_tie_is_a_defeat() {
    let tie = [(ALICE, Support::For), (DAVE, Support::For), (ERIN, Support::For)];
    let against = [(BOB, Support::Against), (CAROL, Support::Against)];
    assert_eq!(outcome(&[&tie[..], &against].concat()), State::Defeated);
    assert_eq!(outcome(&[&tie[..], &against[..1]].concat()), State::Succeeded);
}
