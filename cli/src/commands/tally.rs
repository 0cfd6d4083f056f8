//! `gaia tally`: counts the ballots of an election in a file, with the library that the ballot box counts with.

mod election;

use super::Shared;
use crate::{Error, Result, output::table};
use ballot::{
    OptionId, Power, TallyError,
    condorcet::Duels,
    irv::{InstantRunoff, Round, RoundOutcome, Rules},
};
use clap::Args;
use election::Election;
use serde::Serialize;
use std::{collections::BTreeMap, path::PathBuf};

/// `gaia tally`.
#[derive(Debug, Args)]
pub struct Tally {
    /// The election, as JSON: contest, options, batch_elimination, and ballots as [count, [option, ..]]
    file: PathBuf,
}

/// What the count shows.
#[derive(Debug, Serialize)]
struct Outcome {
    contest: String,
    options: Vec<String>,
    /// Ballots that rank nobody, and take no part.
    blank: Power,
    rounds: Vec<Counted>,
    winner: Option<Named>,
    /// The option that beats every other one in a duel.
    condorcet_winner: Option<Named>,
}

/// A round.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Counted {
    round: u16,
    /// The fewest votes with which an option is elected.
    threshold: Power,
    tally: BTreeMap<OptionId, Power>,
    exhausted: Power,
    eliminated: Vec<OptionId>,
    elected: Vec<OptionId>,
}

/// An option.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Named {
    option: OptionId,
    name: String,
}

impl Tally {
    pub(super) fn run(&self, shared: &Shared) -> Result<()> {
        let text = std::fs::read(&self.file).map_err(Error::file("read", &self.file))?;
        let wrong = |reason: String| Error::Usage(format!("{} cannot be counted: {reason}", self.file.display()));
        let election = Election::parse(&text).map_err(wrong)?;
        let outcome = count(election).map_err(|error| wrong(error.to_string()))?;
        shared.output().result(&outcome, text_of);
        Ok(())
    }
}

fn count(election: Election) -> Result<Outcome, TallyError> {
    let Election { contest, options, batch, first_out, ballots, blank } = election;
    let count = OptionId::try_from(options.len()).unwrap_or(OptionId::MAX);
    let beyond = |_| TallyError::Overflow;
    let mut runoff = InstantRunoff::new(count, Rules { batch, first_out }).map_err(beyond)?;
    let mut duels = Duels::new(count).map_err(beyond)?;
    for (ranking, weight) in &ballots {
        duels.add(ranking, *weight)?;
    }
    let mut rounds = Vec::new();
    while runoff.result().is_none() {
        for (ranking, weight) in &ballots {
            runoff.count(ranking, *weight)?;
        }
        rounds.push(Counted::from(runoff.close_round()?));
    }
    let named = |option: OptionId| Named { option, name: options[usize::from(option)].clone() };
    let winner = runoff.result().and_then(|result| result.winner()).map(named);
    let condorcet_winner = duels.winner(ballot::BasisPoints::HALF).map(named);
    Ok(Outcome { contest, blank, rounds, winner, condorcet_winner, options })
}

impl From<Round> for Counted {
    fn from(Round { number, tallies, exhausted, outcome }: Round) -> Self {
        let tally: BTreeMap<_, _> = tallies.into_iter().collect();
        let threshold = tally.values().sum::<Power>() / 2 + 1;
        let (eliminated, elected) = match outcome {
            RoundOutcome::Eliminated { options, .. } => (options, Vec::new()),
            RoundOutcome::Elected(option) => (Vec::new(), vec![option]),
            RoundOutcome::Nobody => (Vec::new(), Vec::new()),
        };
        Self { round: number, threshold, tally, exhausted, eliminated, elected }
    }
}

fn text_of(outcome: &Outcome) -> String {
    let Outcome { contest, options, rounds, winner, condorcet_winner, blank } = outcome;
    let heading: Vec<_> =
        std::iter::once(String::new()).chain(rounds.iter().map(|it| format!("round {}", it.round))).collect();
    let heading: Vec<_> = heading.iter().map(String::as_str).collect();
    let row = |name: &str, cell: &dyn Fn(&Counted) -> String| {
        std::iter::once(name.to_owned()).chain(rounds.iter().map(cell)).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = (0..)
        .zip(options)
        .map(|(option, name)| {
            row(name, &|round| {
                let mark = if round.elected.contains(&option) {
                    " elected"
                } else if round.eliminated.contains(&option) {
                    " out"
                } else {
                    ""
                };
                round.tally.get(&option).map_or(String::new(), |votes| format!("{votes}{mark}"))
            })
        })
        .collect();
    rows.push(row("exhausted", &|round| round.exhausted.to_string()));
    rows.push(row("needed", &|round| round.threshold.to_string()));
    let name = |winner: &Option<Named>| winner.as_ref().map_or("nobody".to_owned(), |winner| winner.name.clone());
    format!(
        "{contest}\n\n{}\n\nballots that rank nobody: {blank}\nelected: {}\nbeats every other one in a duel: {}",
        table(&heading, &rows),
        name(winner),
        name(condorcet_winner)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn counted(election: &Value) -> Outcome {
        count(Election::parse(election.to_string().as_bytes()).expect("an election")).expect("countable")
    }

    /// Tennessee chooses its capital: the runoff elects Knoxville, and Nashville would win every duel.
    fn tennessee() -> Value {
        json!({
            "contest": "Capital of Tennessee",
            "options": ["Memphis", "Nashville", "Chattanooga", "Knoxville"],
            "batch_elimination": false,
            "ballots": [[42, [0, 1, 2, 3]], [26, [1, 2, 3, 0]], [15, [2, 3, 1, 0]], [17, [3, 2, 1, 0]], [3, []]],
        })
    }

    #[test]
    fn rounds_winner_and_condorcet_winner_are_told() {
        let outcome = serde_json::to_value(counted(&tennessee())).expect("JSON");
        assert_eq!(
            outcome["rounds"][0],
            json!({
                "round": 1, "threshold": 51, "tally": { "0": 42, "1": 26, "2": 15, "3": 17 },
                "exhausted": 0, "eliminated": [2], "elected": [],
            })
        );
        assert_eq!(outcome["rounds"][2]["elected"], json!([3]));
        assert_eq!(outcome["winner"], json!({ "option": 3, "name": "Knoxville" }));
        assert_eq!(outcome["condorcet_winner"], json!({ "option": 1, "name": "Nashville" }));
        assert_eq!(outcome["blank"], 3);
    }

    #[test]
    fn people_get_a_table() {
        let text = text_of(&counted(&tennessee()));
        assert!(text.contains("Chattanooga  15 out"), "{text}");
        assert!(text.ends_with("elected: Knoxville\nbeats every other one in a duel: Nashville"), "{text}");
    }

    #[test]
    fn without_ballots_nobody_wins() {
        let outcome = counted(&json!({
            "contest": "", "options": ["a", "b"], "batch_elimination": true, "ballots": [],
        }));
        assert_eq!((outcome.winner, outcome.condorcet_winner, outcome.rounds.len()), (None, None, 1));
    }

    #[test]
    fn real_elections_are_counted_as_they_were() {
        let Some(folder) = std::env::var_os("GAIA_VECTORS") else {
            return eprintln!("NOT CHECKED: real elections, for GAIA_VECTORS names no folder");
        };
        let files = std::fs::read_dir(PathBuf::from(folder).join("ranked")).expect("a folder");
        for file in files {
            let text = std::fs::read(file.expect("a file").path()).expect("readable");
            let expected: Value = serde_json::from_slice(&text).expect("JSON");
            let outcome = count(Election::parse(&text).expect("an election")).expect("countable");
            let rounds = expected["rounds"].as_array().expect("rounds");
            assert_eq!(outcome.rounds.len(), rounds.len(), "{}", outcome.contest);
            for (round, expected) in outcome.rounds.iter().zip(rounds) {
                let shown = serde_json::to_value(round).expect("JSON");
                for key in ["round", "threshold", "tally", "elected"] {
                    assert_eq!(shown[key], expected[key], "{}, {key}", outcome.contest);
                }
                let sorted = |list: &Value| {
                    let mut options: Vec<_> = list.as_array().expect("a list").iter().map(Value::as_u64).collect();
                    options.sort_unstable();
                    options
                };
                assert_eq!(sorted(&shown["eliminated"]), sorted(&expected["eliminated"]), "{}", outcome.contest);
            }
        }
    }
}
