//! The count straight from its definition, with the history of all rounds, and what has to hold of any count.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

type Ballots = Vec<(Vec<OptionId>, Power)>;

/// All rounds and the winner, by the definition.
fn recount(options: u8, rules: Rules, ballots: &Ballots) -> (Vec<Round>, Option<OptionId>) {
    let mut continuing: BTreeSet<_> = (0..options).collect();
    let mut history: Vec<BTreeMap<OptionId, Power>> = vec![];
    let mut rounds = vec![];
    loop {
        let mut tallies: BTreeMap<_, Power> = continuing.iter().map(|option| (*option, 0)).collect();
        let mut exhausted = 0;
        for (ranking, weight) in ballots {
            match ranking.iter().find(|option| continuing.contains(option)) {
                Some(option) => *tallies.get_mut(option).expect("continuing") += weight,
                None => exhausted += weight,
            }
        }
        history.push(tallies.clone());
        let outcome = decide(rules, &tallies, &history);
        rounds.push(Round {
            number: u16::try_from(history.len()).expect("few rounds"),
            tallies: tallies.into_iter().collect(),
            exhausted,
            outcome: outcome.clone(),
        });
        match outcome {
            RoundOutcome::Eliminated { options, .. } => continuing.retain(|option| !options.contains(option)),
            RoundOutcome::Elected(option) => return (rounds, Some(option)),
            RoundOutcome::Nobody => return (rounds, None),
        }
    }
}

fn decide(rules: Rules, tallies: &BTreeMap<OptionId, Power>, history: &[BTreeMap<OptionId, Power>]) -> RoundOutcome {
    let weight: Power = tallies.values().sum();
    if weight == 0 {
        return RoundOutcome::Nobody;
    }
    if let Some(option) = rules.first_out.filter(|option| tallies.get(option).is_some_and(|tally| *tally > 0)) {
        return RoundOutcome::Eliminated { options: vec![option], tie: TieBreak::None };
    }
    if let Some((option, _)) = tallies.iter().find(|(_, tally)| 2 * **tally > weight) {
        return RoundOutcome::Elected(*option);
    }
    let by_history = |a: &OptionId, b: &OptionId| {
        history.iter().rev().map(|round| round[a].cmp(&round[b])).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut weakest_first: Vec<_> = tallies.keys().copied().collect();
    weakest_first.sort_by(|a, b| by_history(a, b).then(b.cmp(a)));
    let hopeless = |count: &usize| {
        let (lower, upper) = weakest_first.split_at(*count);
        lower.iter().map(|option| tallies[option]).sum::<Power>() < tallies[&upper[0]]
    };
    if let Some(count) = (1..weakest_first.len()).rev().filter(|_| rules.batch).find(hopeless) {
        return RoundOutcome::Eliminated { options: weakest_first[..count].to_vec(), tie: TieBreak::None };
    }
    let lowest = weakest_first[0];
    let rivals: Vec<_> = weakest_first[1..].iter().filter(|option| tallies[*option] == tallies[&lowest]).collect();
    let tie = if rivals.is_empty() {
        TieBreak::None
    } else if rivals.iter().any(|rival| by_history(&lowest, rival).is_eq()) {
        TieBreak::Index
    } else {
        TieBreak::EarlierRound
    };
    RoundOutcome::Eliminated { options: vec![lowest], tie }
}

/// All rounds and the winner, by the machine, counting `page` rankings at a time and storing it in between.
/// `late` are counted as well from the second round on.
fn count(options: u8, rules: Rules, ballots: &Ballots, page: usize, late: &Ballots) -> (Vec<Round>, Option<OptionId>) {
    let mut count = InstantRunoff::new(options, rules).expect("few options");
    let mut rounds = vec![];
    loop {
        let ballots = if count.round() == 1 { ballots.clone() } else { [&ballots[..], late].concat() };
        let distinct = u32::try_from(ballots.len()).expect("few ballots");
        let next = usize::try_from(count.next()).expect("fits");
        let end = ballots.len().min(next + page);
        rounds.extend(count.advance(distinct, &ballots[next..end]).expect("no overflow"));
        count = InstantRunoff::decode(&mut &count.encode()[..]).expect("round trips");
        if let Some(result) = count.result() {
            return (rounds, result.winner());
        }
    }
}

fn count_at_once(options: u8, rules: Rules, ballots: &Ballots) -> (Vec<Round>, Option<OptionId>) {
    count(options, rules, ballots, usize::from(u8::MAX), &vec![])
}

fn broke_a_tie(rounds: &[Round], by: impl Fn(TieBreak) -> bool) -> bool {
    rounds.iter().any(|round| matches!(round.outcome, RoundOutcome::Eliminated { tie, .. } if by(tie)))
}

fn ranking(options: u8) -> impl Strategy<Value = Vec<OptionId>> {
    let all = Just((0..options).collect::<Vec<_>>()).prop_shuffle();
    (all, 0..=usize::from(options)).prop_map(|(mut ranking, length)| {
        ranking.truncate(length);
        ranking
    })
}

fn elections() -> impl Strategy<Value = (u8, Rules, Ballots)> {
    (1u8..8).prop_flat_map(|options| {
        let rules = (any::<bool>(), prop::option::of(0..options));
        let rules = rules.prop_map(|(batch, first_out)| Rules { batch, first_out });
        // Small weights make for many ties, large ones for few.
        let weight = prop_oneof![0u128..4, 0u128..1_000_000];
        (Just(options), rules, prop::collection::vec((ranking(options), weight), 0..16))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn the_machine_agrees_with_the_definition((options, rules, ballots) in elections()) {
        prop_assert_eq!(count_at_once(options, rules, &ballots), recount(options, rules, &ballots));
    }

    #[test]
    fn the_pages_size_changes_nothing((options, rules, ballots) in elections(), page in 1usize..8) {
        let paged = count(options, rules, &ballots, page, &vec![]);
        prop_assert_eq!(paged, count_at_once(options, rules, &ballots));
    }

    #[test]
    fn the_order_of_ballots_changes_nothing((options, rules, mut ballots) in elections(), turn: usize) {
        let before = count_at_once(options, rules, &ballots);
        let by = turn.checked_rem(ballots.len()).unwrap_or_default();
        ballots.rotate_left(by);
        ballots.reverse();
        prop_assert_eq!(count_at_once(options, rules, &ballots), before);
    }

    #[test]
    fn relabelling_options_relabels_the_result(
        ((options, rules, ballots), labels) in elections().prop_flat_map(|election| {
            let labels = Just((0..election.0).collect::<Vec<_>>()).prop_shuffle();
            (Just(election), labels)
        }),
    ) {
        let label = |option: &OptionId| labels[usize::from(*option)];
        let relabelled = |options: &[OptionId]| options.iter().map(label).collect::<Vec<_>>();
        let other_rules = Rules { first_out: rules.first_out.as_ref().map(label), ..rules };
        let other_ballots = ballots.iter().map(|(ranking, weight)| (relabelled(ranking), *weight)).collect();
        let (rounds, winner) = count_at_once(options, rules, &ballots);
        let (other_rounds, other_winner) = count_at_once(options, other_rules, &other_ballots);
        let by_index = |tie| tie == TieBreak::Index;
        prop_assert_eq!(broke_a_tie(&rounds, by_index), broke_a_tie(&other_rounds, by_index));
        if !broke_a_tie(&rounds, by_index) {
            prop_assert_eq!(winner.as_ref().map(label), other_winner);
            prop_assert_eq!(rounds.len(), other_rounds.len());
        }
    }

    #[test]
    fn tallies_and_exhausted_weight_are_one_sum_in_every_round((options, rules, ballots) in elections()) {
        let weight: Power = ballots.iter().map(|(_, weight)| weight).sum();
        for round in count_at_once(options, rules, &ballots).0 {
            let counted: Power = round.tallies.iter().map(|(_, tally)| tally).sum();
            prop_assert_eq!(counted + round.exhausted, weight);
        }
    }

    #[test]
    fn late_ballots_for_options_that_are_out_change_no_winner(
        (options, rules, ballots) in elections(), weight in 1u128..1_000_000, turn: usize,
    ) {
        let (rounds, winner) = count_at_once(options, rules, &ballots);
        if let Some(RoundOutcome::Eliminated { options: out, .. }) = rounds.first().map(|round| &round.outcome) {
            let mut out = out.clone();
            let by = turn % out.len();
            out.rotate_left(by);
            let (late_rounds, late_winner) = count(options, rules, &ballots, 3, &vec![(out, weight)]);
            prop_assert_eq!(late_winner, winner);
            for (late, round) in late_rounds.iter().zip(&rounds).skip(1) {
                prop_assert_eq!((&late.tallies, &late.outcome), (&round.tallies, &round.outcome));
                prop_assert_eq!(late.exhausted, round.exhausted + weight);
            }
        }
    }

    #[test]
    fn batches_elect_whom_one_at_a_time_elects((options, rules, ballots) in elections()) {
        let (batches, winner) = count_at_once(options, Rules { batch: true, ..rules }, &ballots);
        let (singles, same) = count_at_once(options, Rules { batch: false, ..rules }, &ballots);
        let any = |tie| tie != TieBreak::None;
        if !broke_a_tie(&batches, any) && !broke_a_tie(&singles, any) {
            prop_assert_eq!(winner, same);
        }
    }
}
