//! Voting although represented: the representative's vote shrinks by just that share.

use crate::{
    booth::{AGAINST, Booth, FOR, person, ranked, weighted},
    world::{ALICE, BOB, CAROL, DAVE, ERIN, SUPPLY, id},
};
use ballot::{Choice, Mechanism, Tally};
use drink::AccountId32;
use interfaces::{
    Balance,
    polls::{PollError, PollTerms, Receipt, VoteCast, VoteOverridden},
};

const EVERYONE: [AccountId32; 5] = [ALICE, BOB, CAROL, DAVE, ERIN];

/// Every mechanism that counts power, how many options it has in a test, and three different choices.
fn mechanisms() -> [(Mechanism, u8, [Choice; 3]); 5] {
    let shares = [[(0, 3_333), (1, 6_667)], [(0, 1), (2, 9_999)], [(1, 5_001), (2, 4_999)]];
    let rankings = [&[0, 1][..], &[1], &[2, 0, 1]];
    [
        (Mechanism::Majority, 0, [FOR, AGAINST, Choice::Majority(ballot::Support::Abstain)]),
        (Mechanism::Approval, 3, [0b001, 0b110, 0b111].map(Choice::Approval)),
        (Mechanism::Weighted, 3, shares.map(|shares| weighted(&shares))),
        (Mechanism::Ranked, 3, rankings.map(ranked)),
        (Mechanism::Condorcet, 3, rankings.map(ranked)),
    ]
}

#[test]
fn a_holder_votes_after_the_representative_and_its_vote_shrinks() {
    for (mechanism, options, [first, second, _]) in mechanisms() {
        let mut booth = Booth::new();
        booth.delegate(&ALICE, &[(&BOB, 2_500)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&BOB, poll, first.clone());
        assert_eq!(booth.power(poll, &BOB), 400);
        booth.voted(&ALICE, poll, second.clone());
        let (representative, holder) = (id(&BOB), id(&ALICE));
        booth.world.expect_events(&[VoteOverridden { poll, representative, holder, power: 100 }]);
        booth.world.expect_events(&[VoteCast { poll, voter: holder, choice: second, power: 400 }]);
        let left = Receipt { choice: Some(first), power: 300, overridden: 100, casts: 1 };
        assert_eq!(booth.receipt(poll, &BOB), Some(left));
        booth.assert_counted(poll, &EVERYONE);
    }
}

#[test]
fn a_holder_votes_before_the_representative_and_its_vote_is_smaller() {
    for (mechanism, options, [first, second, _]) in mechanisms() {
        let mut booth = Booth::new();
        booth.delegate(&ALICE, &[(&BOB, 2_500)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&ALICE, poll, second);
        assert_eq!(booth.receipt(poll, &BOB), Some(Receipt { choice: None, power: 0, overridden: 100, casts: 0 }));
        booth.voted(&BOB, poll, first.clone());
        let left = Receipt { choice: Some(first), power: 300, overridden: 100, casts: 1 };
        assert_eq!(booth.receipt(poll, &BOB), Some(left));
        booth.assert_counted(poll, &EVERYONE);
    }
}

#[test]
fn eight_representatives_are_overridden_at_once() {
    for (mechanism, options, choices) in mechanisms() {
        let representatives: Vec<_> = (1..=8).map(person).collect();
        let holders: Vec<_> =
            representatives.iter().map(|person| (person.clone(), 10)).chain([(ALICE, 1_003)]).collect();
        let mut booth = Booth::with(&holders);
        let shares: Vec<_> = representatives.iter().zip(1_111..).collect();
        booth.delegate(&ALICE, &shares);
        let poll = booth.open(mechanism, options);
        // Every second one has voted; the others are yet to.
        for (number, representative) in representatives.iter().enumerate().step_by(2) {
            booth.voted(representative, poll, choices[number % 3].clone());
        }
        booth.voted(&ALICE, poll, choices[0].clone());
        assert_eq!(booth.world.events::<VoteOverridden>().len(), 8);
        assert_eq!(booth.power(poll, &ALICE), 1_003, "{mechanism:?}");
        for (number, representative) in representatives.iter().enumerate().skip(1).step_by(2) {
            booth.voted(representative, poll, choices[number % 3].clone());
        }
        assert!(representatives.iter().all(|representative| booth.power(poll, representative) == 10));
        let voters: Vec<_> = holders.into_iter().map(|(holder, _)| holder).collect();
        booth.assert_counted(poll, &voters);
        assert_eq!(booth.tally(poll).turnout(), 1_083);
    }
}

#[test]
fn an_overridden_representative_changes_what_is_left_of_its_vote() {
    for (mechanism, options, [first, second, third]) in mechanisms() {
        let mut booth = Booth::new();
        booth.delegate(&ALICE, &[(&BOB, 3_333), (&CAROL, 3_333)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&BOB, poll, first.clone());
        booth.voted(&ALICE, poll, second);
        booth.voted(&BOB, poll, third.clone());
        let left = Receipt { choice: Some(third), power: 300, overridden: 133, casts: 2 };
        assert_eq!(booth.receipt(poll, &BOB), Some(left));
        booth.assert_counted(poll, &EVERYONE);
    }
}

#[test]
fn no_vote_is_ever_shrunk_twice() {
    for (mechanism, options, [first, second, third]) in mechanisms() {
        let mut booth = Booth::new();
        booth.delegate(&ALICE, &[(&BOB, 5_000)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&BOB, poll, first);
        booth.voted(&ALICE, poll, second);
        booth.voted(&ALICE, poll, third);
        booth.world.expect_events::<VoteOverridden>(&[]);
        assert_eq!((booth.power(poll, &ALICE), booth.power(poll, &BOB)), (400, 300));
        booth.assert_counted(poll, &EVERYONE);
    }
}

#[test]
fn a_representative_of_whom_all_voted_themselves_has_no_vote_left() {
    for (mechanism, options, [first, second, _]) in mechanisms() {
        let mut booth = Booth::with(&[(ALICE, 5), (BOB, 3), (CAROL, 1)]);
        booth.transfer(&CAROL, &ALICE, 1);
        booth.delegate(&ALICE, &[(&CAROL, 10_000)]);
        booth.delegate(&BOB, &[(&CAROL, 10_000)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&CAROL, poll, first.clone());
        booth.voted(&ALICE, poll, second.clone());
        booth.voted(&BOB, poll, second.clone());
        let empty = Receipt { choice: Some(first), power: 0, overridden: 9, casts: 1 };
        assert_eq!(booth.receipt(poll, &CAROL), Some(empty));
        assert_eq!(booth.vote(&CAROL, poll, second.clone()), Err(PollError::NoVotingPower));
        booth.assert_counted(poll, &EVERYONE);

        let poll = booth.open(mechanism, options);
        booth.voted(&ALICE, poll, second.clone());
        booth.voted(&BOB, poll, second.clone());
        assert_eq!(booth.vote(&CAROL, poll, second), Err(PollError::NoVotingPower));
    }
}

#[test]
fn two_who_represent_each_other_both_vote_with_their_own() {
    for (mechanism, options, [first, second, _]) in mechanisms() {
        let mut booth = Booth::new();
        booth.delegate(&ALICE, &[(&BOB, 10_000)]);
        booth.delegate(&BOB, &[(&ALICE, 10_000)]);
        let poll = booth.open(mechanism, options);
        booth.voted(&ALICE, poll, first);
        assert_eq!(booth.power(poll, &ALICE), 700, "her own, and what Bob gave her");
        booth.voted(&BOB, poll, second);
        assert_eq!((booth.power(poll, &ALICE), booth.power(poll, &BOB)), (400, 300));
        booth.assert_counted(poll, &EVERYONE);
    }
}

#[test]
fn a_holder_overrides_in_the_last_moment_and_the_frozen_vote_shrinks() {
    let mut booth = Booth::new();
    booth.delegate(&ALICE, &[(&BOB, 10_000)]);
    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&BOB, poll, FOR);
    booth.last_moment(poll);
    assert_eq!(booth.vote(&BOB, poll, AGAINST), Err(PollError::Frozen));
    booth.voted(&ALICE, poll, AGAINST);
    assert_eq!(booth.sides(poll), [300, 400, 0]);
}

#[test]
fn delegating_after_the_snapshot_takes_and_gives_nothing() {
    let mut booth = Booth::new();
    booth.delegate(&ALICE, &[(&BOB, 10_000)]);
    let poll = booth.open(Mechanism::Majority, 0);
    booth.delegate(&ALICE, &[(&CAROL, 10_000)]);
    booth.world.wait(1);
    booth.voted(&BOB, poll, FOR);
    booth.voted(&CAROL, poll, FOR);
    booth.voted(&ALICE, poll, AGAINST);
    let powers = [ALICE, BOB, CAROL].map(|voter| booth.power(poll, &voter));
    assert_eq!(powers, [400, 300, 200]);
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let number = self.roll(u64::try_from(from.len()).expect("a small number"));
        &from[usize::try_from(number).expect("a small number")]
    }
}

#[test]
fn whoever_votes_and_delegates_how_never_more_than_the_supply_is_counted() {
    for (seed, (mechanism, options, choices)) in (1..).zip(mechanisms()) {
        let mut dice = Dice(seed);
        let mut booth = Booth::new();
        for _ in 0..12 {
            let (from, to, other) = (dice.pick(&EVERYONE), dice.pick(&EVERYONE), dice.pick(&EVERYONE));
            if from != to && from != other && to != other {
                booth.delegate(from, &[(to, 3_333), (other, 1_250)]);
            }
        }
        let terms = booth.terms(mechanism, options);
        let poll = booth.open_under(PollTerms { freeze: 0, ..terms });
        for _ in 0..40 {
            let (voter, choice) = (dice.pick(&EVERYONE), dice.pick(&choices));
            booth.voted(voter, poll, choice.clone());
            booth.assert_counted(poll, &EVERYONE);
            assert!(turnout(&mut booth, poll) <= SUPPLY, "{mechanism:?}");
        }
        for voter in &EVERYONE {
            booth.voted(voter, poll, choices[0].clone());
        }
        assert_eq!(turnout(&mut booth, poll), SUPPLY, "all have voted with all they have");
    }
}

fn turnout(booth: &mut Booth, poll: u32) -> Balance {
    match booth.tally(poll) {
        Tally::Majority(tally) => tally.in_favour + tally.against + tally.abstain,
        other => other.turnout(),
    }
}
