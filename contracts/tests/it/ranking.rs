//! Ranked polls: how rankings are kept, and how they are counted in pages.

use crate::{
    booth::{Booth, GOVERNOR, person, ranked, ranking},
    message,
    world::{ALICE, BLOCK, BOB, CAROL, DAVE, STRANGER, id},
};
use ballot::{
    Mechanism, OptionId, Ranking, Tally,
    irv::{InstantRunoff, Round},
};
use drink::{AccountId32, Weight};
use interfaces::{
    Balance, ProposalId,
    polls::{PollCounted, PollError, PollTerms, Stage, Standing},
    rankings::{CHUNK, RUNOFF, RoundCounted},
};
use std::{env, fs, path::PathBuf};

/// A poll on four options in which the people of these numbers have voted like this, each with this power.
fn voted(mechanism: Mechanism, ballots: &[(&[OptionId], Balance)]) -> (Booth, ProposalId) {
    let voters: Vec<_> = (0..).map(person).zip(ballots).collect();
    let holders: Vec<_> = voters.iter().map(|(voter, (_, power))| (voter.clone(), *power)).collect();
    let mut booth = Booth::with(&holders);
    let poll = booth.open(mechanism, 4);
    for (voter, (options, _)) in voters {
        booth.voted(&voter, poll, ranked(options));
    }
    (booth, poll)
}

/// Every ranking of three out of four options, by twice as many people, with a power of its own.
fn ballots() -> Vec<(Vec<OptionId>, Balance)> {
    let mut ballots = vec![];
    for (first, second, third) in (0..64).map(|number| (number % 4, number / 4 % 4, number / 16)) {
        if first != second && second != third && first != third {
            let power = 40 - Balance::from(first) * 7 - Balance::from(second) * 3 - Balance::from(third);
            ballots.push((vec![first, second, third], power));
            ballots.push((vec![third, first], power + 1));
        }
    }
    ballots
}

#[test]
fn pages_of_any_size_give_the_same_rounds_and_the_same_winner() {
    let ballots = ballots();
    let ballots: Vec<_> = ballots.iter().map(|(options, power)| (&options[..], *power)).collect();
    let mut expected = None;
    for page in [1, 2, 7, 31, 33, 1_000] {
        let (mut booth, poll) = voted(Mechanism::Ranked, &ballots);
        booth.close(poll);
        let (rounds, winner) = counted(&mut booth, poll, page);
        assert_eq!(rounds, recounted(&mut booth, poll, 4));
        let expected = expected.get_or_insert_with(|| (rounds.clone(), winner));
        assert_eq!((rounds, winner), *expected, "in pages of {page}");
    }
    assert!(expected.is_some_and(|(rounds, winner)| rounds.len() > 1 && winner.is_some()));
}

#[test]
fn pages_of_any_size_give_the_same_condorcet_winner() {
    let ballots = ballots();
    let ballots: Vec<_> = ballots.iter().map(|(options, power)| (&options[..], *power)).collect();
    let winners = [1, 5, 1_000].map(|page| {
        let (mut booth, poll) = voted(Mechanism::Condorcet, &ballots);
        booth.close(poll);
        counted(&mut booth, poll, page)
    });
    assert!(winners.iter().all(|(rounds, winner)| rounds.is_empty() && *winner == winners[0].1));
}

/// Counts to the end; the rounds that were seen, and the winner.
fn counted(booth: &mut Booth, poll: ProposalId, page: u32) -> (Vec<Round>, Option<OptionId>) {
    let mut rounds = vec![];
    loop {
        let standing = booth.count(poll, page).expect("there is something to count");
        rounds.extend(booth.world.events::<RoundCounted>().into_iter().map(|event| event.round));
        if let Standing::Decided { winner, since } = standing {
            booth.world.expect_events(&[PollCounted { poll, winner }]);
            assert_eq!(since, booth.world.now());
            assert_eq!(booth.standing(poll), standing);
            return (rounds, winner);
        }
        booth.world.expect_events::<PollCounted>(&[]);
        assert_eq!((standing, booth.standing(poll)), (Standing::Counting, Standing::Counting));
    }
}

/// What the library says of the rankings that the contract shows.
fn recounted(booth: &mut Booth, poll: ProposalId, options: u8) -> Vec<Round> {
    let rankings = booth.rankings(poll);
    let mut count = InstantRunoff::new(options, RUNOFF).expect("few options");
    let mut rounds = vec![];
    while count.result().is_none() {
        for (ranking, power) in &rankings {
            count.count(ranking.as_slice(), *power).expect("no overflow");
        }
        rounds.push(count.close_round().expect("no overflow"));
    }
    rounds
}

#[test]
fn equal_rankings_are_kept_once() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1, 0], 6), (&[0], 7), (&[0, 1], 8)]);
    let kept = [(ranking(&[0]), 12), (ranking(&[1, 0]), 6), (ranking(&[0, 1]), 8)];
    assert_eq!(booth.rankings(poll), kept);
    let Tally::Rankings(tally) = booth.tally(poll) else { panic!("a ranked poll has rankings") };
    assert_eq!((tally.distinct, tally.turnout), (3, 26));
}

#[test]
fn a_ranking_that_nobody_stands_behind_goes_and_the_last_takes_its_place() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1], 6), (&[2], 7)]);
    booth.voted(&person(0), poll, ranked(&[2]));
    assert_eq!(booth.rankings(poll), [(ranking(&[2]), 12), (ranking(&[1]), 6)]);
    booth.voted(&person(1), poll, ranked(&[2]));
    assert_eq!(booth.rankings(poll), [(ranking(&[2]), 18)]);
    booth.voted(&person(1), poll, ranked(&[1]));
    assert_eq!(booth.rankings(poll), [(ranking(&[2]), 12), (ranking(&[1]), 6)]);
}

#[test]
fn who_changes_a_vote_again_and_again_makes_the_count_no_longer() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1], 6)]);
    for options in [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2], [1, 3], [2, 0], [3, 1]] {
        booth.voted(&person(0), poll, ranked(&options));
        assert_eq!(booth.rankings(poll).len(), 2);
    }
    assert_eq!(booth.rankings(poll), [(ranking(&[1]), 6), (ranking(&[3, 1]), 5)]);
}

/// Permutations of eight options, as many as there are numbers.
fn permutation(mut number: usize) -> Vec<OptionId> {
    let mut left: Vec<OptionId> = (0..8).collect();
    let mut options = vec![];
    while !left.is_empty() {
        options.push(left.remove(number % left.len()));
        number /= left.len() + 1;
    }
    options
}

#[test]
fn a_ranking_that_goes_is_replaced_from_another_chunk_and_chunks_shrink() {
    let chunk = usize::try_from(CHUNK).expect("a small number");
    let voters: Vec<_> = (0..).map(person).take(chunk + 2).collect();
    let holders: Vec<_> = voters.iter().zip(1..).map(|(voter, power)| (voter.clone(), power)).collect();
    let mut booth = Booth::with(&holders);
    let poll = booth.open(Mechanism::Ranked, 8);
    for (number, voter) in voters.iter().enumerate() {
        booth.voted(voter, poll, ranked(&permutation(number)));
    }
    booth.assert_counted(poll, &voters);
    // One in the middle, the last but one of the first chunk, and the first.
    for (left, number) in (1..).zip([chunk / 2, chunk - 2, 0]) {
        booth.voted(&voters[number], poll, ranked(&permutation(chunk + 1)));
        booth.assert_counted(poll, &voters);
        assert_eq!(booth.rankings(poll).len(), chunk + 2 - left);
    }
    assert_eq!(booth.rankings(poll).len(), chunk - 1, "the second chunk is gone");
    booth.voted(&voters[0], poll, ranked(&permutation(5_000)));
    booth.voted(&voters[1], poll, ranked(&permutation(6_000)));
    booth.assert_counted(poll, &voters);
}

#[test]
fn rankings_are_counted_only_when_voting_is_over_and_once() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1], 6)]);
    assert_eq!(booth.count(poll, 10), Err(PollError::WrongStanding(Standing::Open)));
    booth.close(poll);
    assert_eq!(booth.count(poll, 0), Err(PollError::EmptyPage));
    let decided = booth.count(poll, 10).expect("it can be counted");
    assert_eq!(decided, Standing::Decided { winner: Some(1), since: booth.world.now() });
    booth.world.wait(5);
    assert_eq!(booth.count(poll, 10), Err(PollError::WrongStanding(decided)));
}

#[test]
fn rankings_cannot_change_while_they_are_counted() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1], 6), (&[2], 7)]);
    booth.close(poll);
    assert_eq!(booth.count(poll, 2), Ok(Standing::Counting));
    let counting = Err(PollError::WrongStanding(Standing::Counting));
    assert_eq!(booth.vote(&person(0), poll, ranked(&[1])), counting);
    assert_eq!(booth.vote(&STRANGER, poll, ranked(&[1])), counting);
}

#[test]
fn a_count_can_be_stopped_half_way() {
    let (mut booth, poll) = voted(Mechanism::Ranked, &[(&[0], 5), (&[1], 6)]);
    booth.close(poll);
    assert_eq!(booth.count(poll, 1), Ok(Standing::Counting));
    assert_eq!(booth.stop(&GOVERNOR, poll), Ok(()));
    assert_eq!(booth.count(poll, 1), Err(PollError::WrongStanding(Standing::Stopped)));
}

#[test]
fn two_polls_are_counted_side_by_side() {
    let mut booth = Booth::new();
    let terms = booth.terms(Mechanism::Ranked, 3);
    let (first, second) = (booth.open_under(terms), booth.open_under(terms));
    for (voter, choice) in [(&ALICE, [0, 1]), (&BOB, [1, 0]), (&CAROL, [1, 2])] {
        booth.voted(voter, first, ranked(&choice));
    }
    booth.voted(&ALICE, second, ranked(&[1]));
    booth.voted(&DAVE, second, ranked(&[0]));
    booth.close(first);
    assert_eq!(booth.count(first, 2), Ok(Standing::Counting));
    let since = booth.world.now();
    assert_eq!(booth.count(second, 2), Ok(Standing::Decided { winner: Some(1), since }));
    assert_eq!(booth.count(first, 1), Ok(Standing::Decided { winner: Some(1), since }));
}

#[test]
fn a_condorcet_cycle_decides_nothing() {
    let (mut booth, poll) = voted(Mechanism::Condorcet, &[(&[0, 1, 2], 5), (&[1, 2, 0], 5), (&[2, 0, 1], 5)]);
    booth.close(poll);
    assert_eq!(counted(&mut booth, poll, 100), (vec![], None));
    let at = booth.world.now();
    assert_eq!(booth.poll(poll).stage, Stage::Counted { winner: None, at });
}

#[test]
fn thirty_two_options_fit() {
    let all: Vec<OptionId> = (0..32).collect();
    let turned: Vec<OptionId> = (0..32).rev().collect();
    for mechanism in [Mechanism::Ranked, Mechanism::Condorcet] {
        let mut booth = Booth::new();
        let poll = booth.open(mechanism, 32);
        booth.voted(&ALICE, poll, ranked(&all));
        booth.voted(&BOB, poll, ranked(&turned));
        booth.voted(&CAROL, poll, ranked(&[5]));
        booth.voted(&DAVE, poll, ranked(&turned[1..]));
        booth.close(poll);
        let (_, winner) = counted(&mut booth, poll, 1);
        assert!(winner.is_none_or(|winner| winner < 31), "{mechanism:?}");
    }
}

/// The rankings of a real election, each with how many people gave it: 2,479 and one that ranks nobody.
fn minneapolis() -> Option<Vec<(Balance, Vec<OptionId>)>> {
    let folder = PathBuf::from(env::var_os("GAIA_VECTORS")?);
    let text = fs::read_to_string(folder.join("ranked/2017_minneapolis_mayor.json")).expect("the election is there");
    let election: serde_json::Value = serde_json::from_str(&text).expect("the election is JSON");
    Some(serde_json::from_value(election["ballots"].clone()).expect("an election has ballots"))
}

#[test]
fn minneapolis_is_counted_on_chain() {
    let Some(ballots) = minneapolis() else {
        println!("skipped: GAIA_VECTORS does not name the folder of real elections");
        return;
    };
    assert_eq!(ballots.len(), 2_480);
    let voters: Vec<AccountId32> = (0..).map(person).take(ballots.len()).collect();
    let (mut booth, poll) = loaded(&voters, &ballots);
    assert_eq!(booth.rankings(poll).len(), 2_479, "who ranks nobody does not vote");
    booth.close(poll);

    let (mut pages, mut rounds, mut dearest) = (0, vec![], Weight::zero());
    while booth.standing(poll) == Standing::Counting {
        let message = message!("Polls::count", poll, 1_300_u32);
        booth.world.reset_events();
        let (cost, _) = booth.world.weigh(&STRANGER, booth.world.polls, message);
        rounds.extend(booth.world.events::<RoundCounted>().into_iter().map(|event| event.round));
        dearest = dearest.max(cost);
        pages += 1;
    }
    println!("{pages} pages of 1,300 rankings, {} rounds; the dearest page: {dearest:?}", rounds.len());
    assert!(dearest.all_lte(BLOCK / 2), "{dearest:?} is more than half of a block");
    assert_eq!(rounds, recounted(&mut booth, poll, 20));
    let frey = Some(0);
    assert!(matches!(booth.standing(poll), Standing::Decided { winner, .. } if winner == frey));
    // The last round is the certified one, for by then all write-ins are out either way.
    let certified = [(0, 46_704), (3, 34_970)];
    assert_eq!(rounds.last().map(|round| &round.tallies[..]), Some(&certified[..]));
}

/// A poll in which one account for each ranking has voted, with as many tokens as there were ballots of it.
fn loaded(voters: &[AccountId32], ballots: &[(Balance, Vec<OptionId>)]) -> (Booth, ProposalId) {
    // What a constructor takes in one message; the others are sent theirs.
    let (first, others) = voters.split_at(50);
    let supply: Balance = ballots.iter().map(|(count, _)| count).sum();
    let given: Balance = ballots.iter().take(first.len()).map(|(count, _)| count).sum();
    let mut holders: Vec<_> = first.iter().cloned().zip(ballots.iter().map(|(count, _)| *count)).collect();
    holders.push((ALICE, supply - given));
    let mut booth = Booth::with(&holders);
    for (voter, (count, _)) in others.iter().zip(&ballots[first.len()..]) {
        booth.world.give(id(voter), 1_000_000_000_000);
        booth.transfer(&ALICE, voter, *count);
    }
    booth.world.wait(1);
    let terms = booth.terms(Mechanism::Ranked, 20);
    let poll = booth.open_under(PollTerms { period: 1_000_000, ..terms });
    for (voter, (_, options)) in voters.iter().zip(ballots) {
        if let Ok(ranking) = Ranking::new(options.clone()) {
            booth.voted(voter, poll, ballot::Choice::Ranked(ranking));
        }
    }
    (booth, poll)
}
