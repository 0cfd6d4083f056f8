//! Polls and votes: what is taken, what is refused, and what comes of it.

use crate::{
    booth::{AGAINST, Booth, FOR, GOVERNOR, quadratic, ranked, ranking, weighted},
    world::{ALICE, BOB, CAROL, DAVE, ERIN, STRANGER, SUPPLY, id, share},
};
use ballot::{Choice, InvalidChoice, Majority, Mechanism, Support, Tally, Thresholds};
use interfaces::polls::{
    ElectorateFixed, Poll, PollError, PollOpened, PollStopped, PollTerms, QuorumReached, Receipt, Stage, Standing,
    VoteCast,
};

/// Every mechanism that counts power, how many options it has in a test, and a choice for the first and for the second.
fn mechanisms() -> [(Mechanism, u8, Choice, Choice); 5] {
    [
        (Mechanism::Majority, 0, FOR, AGAINST),
        (Mechanism::Approval, 3, Choice::Approval(0b001), Choice::Approval(0b110)),
        (Mechanism::Weighted, 3, weighted(&[(0, 3_333), (1, 6_667)]), weighted(&[(1, 1), (2, 9_999)])),
        (Mechanism::Ranked, 3, ranked(&[0, 1]), ranked(&[1, 2, 0])),
        (Mechanism::Condorcet, 3, ranked(&[0]), ranked(&[2, 1])),
    ]
}

#[test]
fn a_vote_counts_with_the_power_at_the_snapshot() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    assert_eq!(booth.vote(&ALICE, poll, FOR), Ok(()));
    booth.world.expect_events(&[VoteCast { poll, voter: id(&ALICE), choice: FOR, power: 400 }]);
    booth.voted(&BOB, poll, AGAINST);
    booth.voted(&CAROL, poll, Choice::Majority(Support::Abstain));
    assert_eq!(booth.tally(poll), Tally::Majority(Majority { in_favour: 400, against: 300, abstain: 200 }));
    assert_eq!(booth.receipt(poll, &BOB), Some(Receipt { choice: Some(AGAINST), power: 300, overridden: 0, casts: 1 }));
    assert_eq!(booth.receipt(poll, &DAVE), None);
    assert_eq!(booth.decided(poll), Some(0));
}

#[test]
fn several_options_are_approved() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Approval, 4);
    booth.voted(&ALICE, poll, Choice::Approval(0b0011));
    booth.voted(&BOB, poll, Choice::Approval(0b0110));
    booth.voted(&CAROL, poll, Choice::Approval(0b1000));
    let tally = booth.plurality(poll);
    assert_eq!((tally.per_option, tally.turnout, tally.backing), (vec![400, 700, 300, 200], 900, 700));
    assert_eq!(booth.decided(poll), Some(1));
}

#[test]
fn power_is_spread_over_options() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Weighted, 3);
    booth.voted(&ALICE, poll, weighted(&[(0, 2_500), (1, 7_500)]));
    booth.voted(&DAVE, poll, weighted(&[(0, 3_333), (2, 6_667)]));
    let tally = booth.plurality(poll);
    assert_eq!((tally.per_option, tally.turnout), (vec![129, 300, 61], 490), "and nothing is lost by rounding");
    assert_eq!(booth.decided(poll), Some(1));
}

#[test]
fn rankings_are_run_off() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Ranked, 4);
    booth.voted(&ALICE, poll, ranked(&[0]));
    booth.voted(&BOB, poll, ranked(&[1, 2]));
    booth.voted(&CAROL, poll, ranked(&[2, 1]));
    booth.voted(&DAVE, poll, ranked(&[1, 2]));
    assert_eq!(booth.rankings(poll), [(ranking(&[0]), 400), (ranking(&[1, 2]), 390), (ranking(&[2, 1]), 200)]);
    booth.close(poll);
    assert_eq!(booth.standing(poll), Standing::Counting);
    let since = booth.world.now();
    assert_eq!(booth.count(poll, 100), Ok(Standing::Decided { winner: Some(1), since }));
    assert_eq!(booth.poll(poll).stage, Stage::Counted { winner: Some(1), at: since });
}

#[test]
fn rankings_are_compared_in_pairs() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Condorcet, 4);
    // A runoff would drop 1, with whom everyone can live.
    booth.voted(&ALICE, poll, ranked(&[0, 1]));
    booth.voted(&BOB, poll, ranked(&[2, 1]));
    booth.voted(&CAROL, poll, ranked(&[1, 0]));
    booth.close(poll);
    let since = booth.world.now();
    assert_eq!(booth.count(poll, 3), Ok(Standing::Decided { winner: Some(1), since }));
}

#[test]
fn votes_are_bought_by_persons() {
    let mut booth = Booth::new();
    for (number, wallet) in (1..).zip([ALICE, BOB, STRANGER]) {
        booth.attest(&wallet, number);
    }
    let poll = booth.open(Mechanism::Quadratic, 3);
    booth.voted(&ALICE, poll, quadratic(&[(0, 8), (2, 6)]));
    assert_eq!(booth.receipt(poll, &ALICE).map(|receipt| receipt.power), Some(0));
    booth.voted(&STRANGER, poll, quadratic(&[(1, 10)]));
    let tally = booth.plurality(poll);
    assert_eq!((tally.per_option, tally.turnout, tally.backing), (vec![8, 10, 6], 2, 2));
    assert_eq!(booth.poll(poll).electorate, Some(3), "all persons");
    assert_eq!(booth.decided(poll), Some(1));
}

#[test]
fn none_of_the_above_wins_and_nothing_is_done() {
    for (mechanism, choice) in [
        (Mechanism::Approval, Choice::Approval(0b100)),
        (Mechanism::Weighted, weighted(&[(2, 10_000)])),
        (Mechanism::Ranked, ranked(&[2])),
        (Mechanism::Condorcet, ranked(&[2])),
    ] {
        let mut booth = Booth::new();
        let poll = booth.open(mechanism, 3);
        booth.voted(&ALICE, poll, choice.clone());
        let other = match choice {
            Choice::Weighted(_) => weighted(&[(0, 10_000)]),
            Choice::Ranked(_) => ranked(&[0]),
            _ => Choice::Approval(1),
        };
        booth.voted(&BOB, poll, other);
        booth.close(poll);
        if mechanism.is_ranked() {
            booth.count(poll, 100).expect("it is counted");
        }
        assert_eq!(booth.decided(poll), None, "{mechanism:?}");
    }
}

#[test]
fn without_a_quorum_nothing_is_decided_and_nothing_counted() {
    for (mechanism, options, choice, _) in mechanisms() {
        let mut booth = Booth::new();
        let poll = booth.open(mechanism, options);
        booth.voted(&DAVE, poll, choice);
        assert_eq!(booth.decided(poll), None, "{mechanism:?}: 90 of the 200 needed");
        let decided = booth.standing(poll);
        assert_eq!(booth.count(poll, 1), Err(PollError::WrongStanding(decided)));
    }
}

#[test]
fn a_poll_in_which_nobody_votes_decides_nothing() {
    for (mechanism, options, ..) in mechanisms() {
        let mut booth = Booth::new();
        let terms = booth.terms(mechanism, options);
        let thresholds = Thresholds { quorum: share(0), ..terms.thresholds };
        let poll = booth.open_under(PollTerms { thresholds, ..terms });
        assert_eq!(booth.decided(poll), None, "{mechanism:?}");
    }
}

#[test]
fn only_the_governor_opens_and_stops() {
    let mut booth = Booth::new();
    let terms = booth.terms(Mechanism::Majority, 0);
    assert_eq!(booth.try_open(&ALICE, 0, terms), Err(PollError::NotGovernor));
    let poll = booth.open_under(terms);
    assert_eq!(booth.stop(&ALICE, poll), Err(PollError::NotGovernor));
    assert_eq!(booth.try_open(&GOVERNOR, poll, terms), Err(PollError::AlreadyOpened));
}

#[test]
fn an_opened_poll_keeps_its_terms() {
    let mut booth = Booth::new();
    let terms = booth.terms(Mechanism::Approval, 32);
    assert_eq!(booth.try_open(&GOVERNOR, 7, terms), Ok(()));
    booth.world.expect_events(&[PollOpened { poll: 7, terms }]);
    let closes = terms.snapshot + terms.period;
    let opened = Poll { terms, closes, quorum_reached: false, electorate: None, stage: Stage::Opened };
    assert_eq!((booth.poll(7), booth.standing(7)), (opened, Standing::Pending));
}

#[test]
fn terms_under_which_no_poll_can_be_held_are_refused() {
    let mut booth = Booth::new();
    for (mechanism, options) in [
        (Mechanism::Majority, 1),
        (Mechanism::Approval, 0),
        (Mechanism::Weighted, 1),
        (Mechanism::Ranked, 33),
        (Mechanism::Condorcet, 0),
        (Mechanism::Quadratic, 255),
    ] {
        let terms = booth.terms(mechanism, options);
        assert_eq!(booth.try_open(&GOVERNOR, 0, terms), Err(PollError::BadTerms), "{mechanism:?}");
    }
    let terms = booth.terms(Mechanism::Majority, 0);
    for endless in [PollTerms { period: u64::MAX, ..terms }, PollTerms { extension: u64::MAX, ..terms }] {
        assert_eq!(booth.try_open(&GOVERNOR, 0, endless), Err(PollError::BadTerms));
    }
}

#[test]
fn what_was_never_opened_is_unknown() {
    let mut booth = Booth::new();
    assert_eq!(booth.vote(&ALICE, 9, FOR), Err(PollError::UnknownPoll));
    assert_eq!(booth.stop(&GOVERNOR, 9), Err(PollError::UnknownPoll));
    assert_eq!(booth.count(9, 1), Err(PollError::UnknownPoll));
    assert_eq!(booth.world.standing(9), Err(PollError::UnknownPoll));
    let known = booth.world.poll_and_tally(9);
    assert_eq!((known, booth.receipt(9, &ALICE), booth.rankings(9)), (None, None, vec![]));
}

#[test]
fn votes_are_taken_after_the_snapshot_until_the_end() {
    let mut booth = Booth::new();
    let terms = booth.terms(Mechanism::Majority, 0);
    assert_eq!(booth.try_open(&GOVERNOR, 0, terms), Ok(()));
    booth.world.at(terms.snapshot);
    let pending = Err(PollError::WrongStanding(Standing::Pending));
    assert_eq!(booth.vote(&ALICE, 0, FOR), pending, "power can still change at the snapshot");
    booth.world.at(terms.snapshot + 1);
    assert_eq!(booth.vote(&ALICE, 0, FOR), Ok(()));
    let closes = terms.snapshot + terms.period;
    booth.world.at(closes);
    assert_eq!(booth.vote(&BOB, 0, FOR), Ok(()), "the last moment is in time");
    booth.world.at(closes + 1);
    let decided = Standing::Decided { winner: Some(0), since: closes };
    assert_eq!(booth.standing(0), decided);
    assert_eq!(booth.vote(&CAROL, 0, FOR), Err(PollError::WrongStanding(decided)));
}

#[test]
fn a_stopped_poll_takes_no_votes_and_decides_nothing() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&ALICE, poll, FOR);
    assert_eq!(booth.stop(&GOVERNOR, poll), Ok(()));
    booth.world.expect_events(&[PollStopped { poll }]);
    let stopped = Err(PollError::WrongStanding(Standing::Stopped));
    assert_eq!(booth.vote(&BOB, poll, FOR), stopped);
    assert_eq!(booth.stop(&GOVERNOR, poll), stopped);
    booth.close(poll);
    assert_eq!(booth.standing(poll), Standing::Stopped);
}

#[test]
fn a_decided_poll_cannot_be_stopped_and_one_to_be_counted_can() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&ALICE, poll, FOR);
    booth.close(poll);
    let decided = booth.standing(poll);
    assert_eq!(booth.stop(&GOVERNOR, poll), Err(PollError::WrongStanding(decided)));
    let poll = booth.open(Mechanism::Ranked, 2);
    booth.voted(&ALICE, poll, ranked(&[0]));
    booth.close(poll);
    assert_eq!(booth.stop(&GOVERNOR, poll), Ok(()));
    assert_eq!(booth.count(poll, 1), Err(PollError::WrongStanding(Standing::Stopped)));
}

#[test]
fn a_choice_that_does_not_fit_is_refused() {
    let mut booth = Booth::new();
    for (mechanism, options, choice, _) in mechanisms() {
        let poll = booth.open(mechanism, options);
        for (other, _, misfit, _) in mechanisms() {
            if other != mechanism && other.is_ranked() != mechanism.is_ranked() {
                let refused = Err(PollError::BadChoice(InvalidChoice::WrongMechanism));
                assert_eq!(booth.vote(&ALICE, poll, misfit), refused, "{other:?} in {mechanism:?}");
            }
        }
        booth.voted(&ALICE, poll, choice);
    }
    let unknown = Err(PollError::BadChoice(InvalidChoice::UnknownOption(3)));
    let poll = booth.open(Mechanism::Approval, 3);
    assert_eq!(booth.vote(&ALICE, poll, Choice::Approval(0b1001)), unknown);
    assert_eq!(booth.vote(&ALICE, poll, Choice::Approval(0)), Err(PollError::BadChoice(InvalidChoice::Empty)));
    let poll = booth.open(Mechanism::Weighted, 3);
    let over = weighted(&[(0, 5_000), (1, 5_001)]);
    assert_eq!(booth.vote(&ALICE, poll, over), Err(PollError::BadChoice(InvalidChoice::SharesNotWhole)));
    let poll = booth.open(Mechanism::Ranked, 3);
    assert_eq!(booth.vote(&ALICE, poll, ranked(&[1, 3])), unknown);
}

#[test]
fn who_held_nothing_at_the_snapshot_does_not_vote() {
    let mut booth = Booth::new();
    for (mechanism, options, choice, _) in mechanisms() {
        let poll = booth.open(mechanism, options);
        assert_eq!(booth.vote(&STRANGER, poll, choice), Err(PollError::NoVotingPower), "{mechanism:?}");
        assert_eq!(booth.poll(poll).electorate, None, "and nothing of it is kept");
    }
}

#[test]
fn tokens_bought_after_the_snapshot_count_for_nothing() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.transfer(&ALICE, &STRANGER, 400);
    booth.world.wait(1);
    assert_eq!(booth.vote(&STRANGER, poll, AGAINST), Err(PollError::NoVotingPower));
    booth.voted(&ALICE, poll, FOR);
    assert_eq!(booth.power(poll, &ALICE), 400, "who sold after it still votes");
}

#[test]
fn the_first_vote_tells_how_many_could_vote() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&ERIN, poll, FOR);
    booth.world.expect_events(&[ElectorateFixed { poll, electorate: SUPPLY }]);
    booth.voted(&DAVE, poll, FOR);
    booth.world.expect_events::<ElectorateFixed>(&[]);
    assert_eq!(booth.poll(poll).electorate, Some(SUPPLY));
}

#[test]
fn a_change_moves_the_vote_exactly_until_the_freeze_and_not_after() {
    for (mechanism, options, first, second) in mechanisms() {
        let mut booth = Booth::new();
        let poll = booth.open(mechanism, options);
        booth.voted(&ALICE, poll, first.clone());
        booth.voted(&BOB, poll, first.clone());
        booth.voted(&ALICE, poll, second.clone());
        booth.world.expect_events(&[VoteCast { poll, voter: id(&ALICE), choice: second.clone(), power: 400 }]);
        booth.assert_counted(poll, &[ALICE, BOB]);
        let Poll { terms, closes, .. } = booth.poll(poll);
        booth.world.at(closes - terms.freeze);
        booth.voted(&ALICE, poll, first.clone());
        booth.voted(&ALICE, poll, second.clone());
        booth.world.wait(1);
        assert_eq!(booth.vote(&ALICE, poll, first.clone()), Err(PollError::Frozen), "{mechanism:?}");
        booth.voted(&CAROL, poll, first);
        booth.assert_counted(poll, &[ALICE, BOB, CAROL]);
        assert_eq!(booth.receipt(poll, &ALICE).and_then(|receipt| receipt.choice), Some(second));
    }
}

#[test]
fn a_late_quorum_moves_the_end_once() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    let Poll { terms, closes, .. } = booth.poll(poll);
    booth.voted(&DAVE, poll, FOR);
    booth.world.expect_events::<QuorumReached>(&[]);
    booth.world.at(closes - 500);
    booth.voted(&BOB, poll, FOR);
    let later = closes - 500 + terms.extension;
    booth.world.expect_events(&[QuorumReached { poll, closes: later }]);
    assert_eq!(booth.poll(poll).closes, later);
    booth.world.at(later);
    booth.voted(&ALICE, poll, AGAINST);
    booth.world.expect_events::<QuorumReached>(&[]);
    assert_eq!(booth.poll(poll).closes, later, "an end that moved stays");
    assert_eq!(booth.decided(poll), None);
}

#[test]
fn an_early_quorum_moves_nothing() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    let closes = booth.poll(poll).closes;
    booth.voted(&ALICE, poll, FOR);
    booth.world.expect_events(&[QuorumReached { poll, closes }]);
    assert_eq!(booth.poll(poll).closes, closes);
}

#[test]
fn a_quorum_that_was_lost_and_regained_moves_nothing_again() {
    let mut booth = Booth::new();
    let terms = booth.terms(Mechanism::Majority, 0);
    let poll = booth.open_under(PollTerms { freeze: 0, ..terms });
    booth.voted(&ALICE, poll, FOR);
    booth.voted(&ALICE, poll, AGAINST);
    let closes = booth.poll(poll).closes;
    booth.world.at(closes);
    booth.voted(&ALICE, poll, FOR);
    assert_eq!(booth.poll(poll).closes, closes);
}

#[test]
fn votes_against_and_for_nothing_never_make_the_quorum() {
    for (mechanism, options, choice) in [
        (Mechanism::Majority, 0, AGAINST),
        (Mechanism::Approval, 2, Choice::Approval(0b10)),
        (Mechanism::Weighted, 2, weighted(&[(1, 10_000)])),
        (Mechanism::Ranked, 2, ranked(&[1, 0])),
    ] {
        let mut booth = Booth::new();
        let poll = booth.open(mechanism, options);
        booth.voted(&ALICE, poll, choice);
        assert!(!booth.poll(poll).quorum_reached, "{mechanism:?}");
    }
}
