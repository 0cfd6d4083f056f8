//! Real elections, counted again: every round must come out as it was certified.

use ballot::irv::{CountResult, InstantRunoff, Round, RoundOutcome, Rules, TieBreak};
use ballot::{OptionId, Power};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// What RCTab calls all write-ins that are no candidates.
const WRITE_INS: &str = "Undeclared Write-ins";

struct Election {
    name: String,
    options: u8,
    rules: Rules,
    ballots: Vec<(Vec<OptionId>, Power)>,
    rounds: Vec<Certified>,
}

/// One round as it was certified.
#[derive(Debug, PartialEq)]
struct Certified {
    tallies: BTreeMap<OptionId, Power>,
    eliminated: BTreeSet<OptionId>,
    elected: BTreeSet<OptionId>,
}

fn option(value: &Value) -> OptionId {
    value.as_u64().and_then(|option| option.try_into().ok()).expect("an option")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn read(path: &Path) -> Election {
    let file: Value = serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON");
    let certified = |round: &Value| Certified {
        tallies: round["tally"]
            .as_object()
            .expect("a tally")
            .iter()
            .map(|(option, tally)| {
                (option.parse().expect("an option"), tally.as_u64().expect("a number of votes").into())
            })
            .collect(),
        eliminated: list(&round["eliminated"]).iter().map(option).collect(),
        elected: list(&round["elected"]).iter().map(option).collect(),
    };
    let ballot = |ballot: &Value| {
        let ranking = list(&ballot[1]).iter().map(option).collect();
        (ranking, ballot[0].as_u64().expect("a number of ballots").into())
    };
    let write_ins = list(&file["options"]).iter().position(|name| name == WRITE_INS);
    Election {
        name: file["contest"].as_str().expect("a name").to_owned(),
        options: list(&file["options"]).len().try_into().expect("not too many options"),
        rules: Rules {
            batch: file["batch_elimination"].as_bool().expect("yes or no"),
            first_out: write_ins.map(|option| option.try_into().expect("an option")),
        },
        ballots: list(&file["ballots"]).iter().map(ballot).collect(),
        rounds: list(&file["rounds"]).iter().map(certified).collect(),
    }
}

fn elections() -> Vec<Election> {
    let Some(vectors) = std::env::var_os("GAIA_VECTORS") else {
        // Written, not printed, so that the test runner does not keep it to itself.
        writeln!(std::io::stderr(), "skipped: GAIA_VECTORS is not set").expect("writable");
        return vec![];
    };
    let folder = std::fs::read_dir(Path::new(&vectors).join("ranked")).expect("GAIA_VECTORS has ranked elections");
    let elections: Vec<_> = folder.map(|entry| read(&entry.expect("readable").path())).collect();
    assert!(!elections.is_empty());
    elections
}

fn count(election: &Election, rules: Rules, page: usize) -> (Vec<Round>, CountResult) {
    let mut count = InstantRunoff::new(election.options, rules).expect("not too many options");
    let distinct = u32::try_from(election.ballots.len()).expect("not too many rankings");
    let mut rounds = vec![];
    loop {
        let rankings = election.ballots.iter().skip(count.next().try_into().expect("fits")).take(page);
        let page: Vec<_> = rankings.cloned().collect();
        rounds.extend(count.advance(distinct, &page).expect("no overflow"));
        if let Some(result) = count.result() {
            return (rounds, result);
        }
    }
}

fn as_certified(round: &Round) -> Certified {
    let (eliminated, elected) = match &round.outcome {
        RoundOutcome::Eliminated { options, .. } => (options.iter().copied().collect(), BTreeSet::new()),
        RoundOutcome::Elected(option) => (BTreeSet::new(), BTreeSet::from([*option])),
        RoundOutcome::Nobody => (BTreeSet::new(), BTreeSet::new()),
    };
    Certified { tallies: round.tallies.iter().copied().collect(), eliminated, elected }
}

#[test]
fn every_round_is_as_certified() {
    for election in elections() {
        let all: Power = election.ballots.iter().map(|(_, count)| count).sum();
        let (rounds, _) = count(&election, election.rules, 100);
        for (number, (round, certified)) in (1..).zip(rounds.iter().zip(&election.rounds)) {
            assert_eq!((round.number, &as_certified(round)), (number, certified), "{}", election.name);
            assert_eq!(round.tallies.iter().map(|(_, tally)| tally).sum::<Power>() + round.exhausted, all);
        }
        assert_eq!(rounds.len(), election.rounds.len(), "{}", election.name);
        let tied =
            |round: &&Round| matches!(round.outcome, RoundOutcome::Eliminated { tie, .. } if tie != TieBreak::None);
        println!("{}: {} rounds, {} ties broken", election.name, rounds.len(), rounds.iter().filter(tied).count());
    }
}

#[test]
fn one_elimination_at_a_time_elects_the_same_winner() {
    for election in elections() {
        let certified = election.rounds.last().and_then(|round| round.elected.first()).expect("somebody was elected");
        let (_, result) = count(&election, Rules { batch: false, ..election.rules }, 1_000);
        assert_eq!(result, CountResult::Winner(*certified), "{}", election.name);
    }
}
