//! What voting power counts in the poll of a proposal, and what its outcome means for the proposal.

use crate::{
    asks::{ABSTAIN, AGAINST, FOR},
    world::{ALICE, BOB, CAROL, DAVE, ERIN, GENERAL, STRANGER, World, choosing, id},
};
use ballot::{Choice, Mechanism, Ranking};
use drink::AccountId32;
use interfaces::{
    governor::GovernorError,
    ledger::VotesError,
    lifecycle::State,
    polls::{PollError, Standing, VoteCast},
    treasury::{Asset, Paid},
};

fn opened() -> (World, u32) {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    (world, proposal)
}

/// Everyone's vote, then the state when voting is over.
fn outcome(votes: &[(AccountId32, Choice)]) -> State {
    let (mut world, proposal) = opened();
    for (person, choice) in votes {
        world.vote(person, proposal, choice.clone()).expect("holders vote");
    }
    world.close(proposal);
    world.state(proposal).expect("the proposal is known")
}

#[test]
fn a_vote_counts_with_the_power_at_the_snapshot() {
    let (mut world, proposal) = opened();
    assert_eq!(world.vote(&ALICE, proposal, FOR), Ok(()));
    world.expect_events(&[VoteCast { poll: proposal, voter: id(&ALICE), choice: FOR, power: 400 }]);
    assert_eq!(world.vote(&BOB, proposal, AGAINST), Ok(()));
    assert_eq!(world.vote(&CAROL, proposal, ABSTAIN), Ok(()));
    assert_eq!(world.majority(proposal), [300, 400, 200]);
    assert_eq!(
        world.receipt(proposal, &BOB).map(|receipt| (receipt.choice, receipt.power)),
        Some((Some(AGAINST), 300))
    );
}

#[test]
fn a_vote_before_voting_opens_is_refused() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    let snapshot = world.poll(proposal).terms.snapshot;
    let refused = Err(PollError::WrongStanding(Standing::Pending));
    assert_eq!(world.vote(&ALICE, proposal, FOR), refused);
    world.at(snapshot);
    assert_eq!(world.vote(&ALICE, proposal, FOR), refused, "power can still change at the snapshot");
    world.at(snapshot + 1);
    assert_eq!(world.vote(&ALICE, proposal, FOR), Ok(()));
}

#[test]
fn a_vote_after_the_deadline_is_refused() {
    let (mut world, proposal) = opened();
    let closes = world.poll(proposal).closes;
    world.at(closes);
    assert_eq!(world.vote(&ALICE, proposal, FOR), Ok(()), "the deadline itself is in time");
    world.at(closes + 1);
    assert!(matches!(world.vote(&BOB, proposal, FOR), Err(PollError::WrongStanding(Standing::Decided { .. }))));
}

#[test]
fn tokens_bought_after_the_snapshot_count_for_nothing() {
    let (mut world, proposal) = opened();
    world.transfer(&ALICE, &STRANGER, 400).expect("Alice sells");
    assert_eq!(world.vote(&STRANGER, proposal, AGAINST), Err(PollError::NoVotingPower));
    assert_eq!(world.vote(&ALICE, proposal, FOR), Ok(()), "who sold after it still votes");
    world.transfer(&STRANGER, &BOB, 400).expect("and on they go");
    world.wait(1);
    world.vote(&BOB, proposal, AGAINST).expect("Bob votes with what he had");
    assert_eq!(world.majority(proposal), [300, 400, 0]);
}

#[test]
fn tokens_borrowed_and_returned_within_the_snapshots_block_count_for_nothing() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    let snapshot = world.poll(proposal).terms.snapshot;
    world.at(snapshot);
    world.transfer(&ALICE, &STRANGER, 400).expect("Alice lends all she has");
    assert_eq!(world.votes_at(&STRANGER, snapshot), Err(VotesError::NotYetPast));
    world.transfer(&STRANGER, &ALICE, 400).expect("and has it back");
    world.at(snapshot + 1);
    assert_eq!(world.votes_at(&STRANGER, snapshot), Ok(0));
    assert_eq!(world.vote(&STRANGER, proposal, FOR), Err(PollError::NoVotingPower));
    assert_eq!(world.vote(&ALICE, proposal, FOR), Ok(()));
}

#[test]
fn a_missed_quorum_defeats_a_proposal_nobody_is_against() {
    assert_eq!(outcome(&[(ALICE, FOR), (DAVE, FOR)]), State::Defeated, "490 of the 500 needed");
    assert_eq!(outcome(&[(ALICE, FOR), (DAVE, FOR), (ERIN, ABSTAIN)]), State::Succeeded);
}

#[test]
fn a_vote_against_never_makes_the_quorum() {
    assert_eq!(outcome(&[(ALICE, FOR), (BOB, AGAINST)]), State::Defeated);
}

#[test]
fn a_tie_is_a_defeat() {
    let tie = [(ALICE, FOR), (DAVE, FOR), (ERIN, FOR)];
    let against = [(BOB, AGAINST), (CAROL, AGAINST)];
    assert_eq!(outcome(&[&tie[..], &against].concat()), State::Defeated);
    assert_eq!(outcome(&[&tie[..], &against[..1]].concat()), State::Succeeded);
}

/// Three payments to choose from: 100 to Bob, 200 to Carol, 300 to Dave; the fourth option is none of them.
fn payments(world: &World, mechanism: Mechanism) -> interfaces::governor::ProposalRequest {
    let payees = [(BOB, 100), (CAROL, 200), (DAVE, 300)];
    choosing(mechanism, payees.map(|(payee, amount)| vec![world.payment(&payee, amount)]).to_vec())
}

/// The proposal is queued and executed, and makes this payment and no other.
#[track_caller]
fn pays(world: &mut World, proposal: u32, payee: &AccountId32, amount: u128) {
    world.mature(proposal);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Paid { category: GENERAL, payee: id(payee), asset: Asset::Native, amount }]);
}

#[test]
fn the_approved_option_is_carried_out_and_no_other() {
    let mut world = World::new();
    let proposal = world.made(&payments(&world, Mechanism::Approval));
    world.open(proposal);
    for (person, approved) in [(ALICE, 0b0011), (BOB, 0b0010), (CAROL, 0b0100)] {
        world.vote(&person, proposal, Choice::Approval(approved)).expect("holders vote");
    }
    world.close(proposal);
    pays(&mut world, proposal, &CAROL, 200);
}

#[test]
fn the_option_with_most_weight_is_carried_out() {
    let mut world = World::new();
    let proposal = world.made(&payments(&world, Mechanism::Weighted));
    let half = crate::world::share(5_000);
    world.decide(proposal, &Choice::Weighted(vec![(2, half), (3, half)]));
    assert_eq!(world.state(proposal), Ok(State::Defeated), "a tie with none of the above is no majority");

    let proposal = world.made(&payments(&world, Mechanism::Weighted));
    let [more, less] = [8_000, 2_000].map(crate::world::share);
    world.decide(proposal, &Choice::Weighted(vec![(2, more), (3, less)]));
    pays(&mut world, proposal, &DAVE, 300);
}

#[test]
fn the_option_that_most_people_pay_for_is_carried_out() {
    let mut world = World::new();
    for (number, person) in (1..).zip([ALICE, BOB, ERIN]) {
        world.attest(&person, number).expect("the attestor may");
    }
    let proposal = world.made(&payments(&world, Mechanism::Quadratic));
    world.open(proposal);
    for (person, votes) in [(ALICE, vec![(0, 10)]), (BOB, vec![(1, 7)]), (ERIN, vec![(1, 4)])] {
        world.vote(&person, proposal, Choice::Quadratic(votes)).expect("people vote");
    }
    assert_eq!(world.vote(&CAROL, proposal, Choice::Quadratic(vec![(0, 1)])), Err(PollError::NoIdentity));
    world.close(proposal);
    pays(&mut world, proposal, &CAROL, 200);
}

#[test]
fn none_of_the_above_executes_nothing() {
    for (mechanism, none) in [
        (Mechanism::Approval, Choice::Approval(0b1000)),
        (Mechanism::Weighted, Choice::Weighted(vec![(3, crate::world::share(10_000))])),
        (Mechanism::Ranked, Choice::Ranked(Ranking::new(vec![3, 0]).expect("a ranking"))),
        (Mechanism::Condorcet, Choice::Ranked(Ranking::new(vec![3, 0]).expect("a ranking"))),
    ] {
        let mut world = World::new();
        let proposal = world.made(&payments(&world, mechanism));
        world.open(proposal);
        for (person, choice) in [(ALICE, none.clone()), (BOB, none.clone())] {
            world.vote(&person, proposal, choice).expect("holders vote");
        }
        world.close(proposal);
        if world.state(proposal) == Ok(State::Counting) {
            world.count(proposal, 100).expect("it awaits its count");
        }
        let refused = Err(GovernorError::WrongState(State::Defeated));
        assert_eq!([world.queue(proposal), world.execute(proposal)], [refused; 2], "{mechanism:?}");
        assert_eq!(world.holds(world.treasury), crate::world::TREASURY);
    }
}

#[test]
fn a_ranked_proposal_waits_until_it_is_counted() {
    for mechanism in crate::asks::ranked() {
        let mut world = World::new();
        let proposal = world.made(&payments(&world, mechanism));
        world.open(proposal);
        for (person, ranking) in [(ALICE, vec![0, 1]), (BOB, vec![1, 0]), (CAROL, vec![2, 1])] {
            let choice = Choice::Ranked(Ranking::new(ranking).expect("a ranking"));
            world.vote(&person, proposal, choice).expect("holders vote");
        }
        world.close(proposal);
        assert_eq!(world.state(proposal), Ok(State::Counting));
        let refused = Err(GovernorError::WrongState(State::Counting));
        assert_eq!([world.queue(proposal), world.execute(proposal), world.settle(proposal)], [refused; 3]);

        // However long that takes: what can be queued for a while can be from the count on.
        world.wait(1_000_000);
        assert_eq!(world.state(proposal), Ok(State::Counting));
        while world.state(proposal) == Ok(State::Counting) {
            world.count(proposal, 1).expect("anyone may count");
        }
        assert_eq!(world.state(proposal), Ok(State::Succeeded));
        // Alice 400 : Bob 300 with Carol's 200.
        pays(&mut world, proposal, &CAROL, 200);
    }
}
