//! The file that an election comes in.

use ballot::{OptionId, OptionSet, Power};
use serde::Deserialize;

/// The option of this name stands for all write-ins that are no candidates, and goes out first.
const WRITE_INS: &str = "Undeclared Write-ins";

/// An election that can be counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Election {
    pub(super) contest: String,
    pub(super) options: Vec<String>,
    /// Whether all options that cannot win any more go out at once.
    pub(super) batch: bool,
    /// The option that goes out before any other.
    pub(super) first_out: Option<OptionId>,
    /// Distinct rankings and how many ballots have each; none is empty.
    pub(super) ballots: Vec<(Vec<OptionId>, Power)>,
    /// Ballots that rank nobody.
    pub(super) blank: Power,
}

/// The file as it is written.
#[derive(Deserialize)]
struct Written {
    contest: String,
    options: Vec<String>,
    batch_elimination: bool,
    ballots: Vec<(i64, Vec<i64>)>,
}

impl Election {
    /// Reads and checks an election. Other fields than those needed are left alone.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let written: Written = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let Written { contest, options, batch_elimination, ballots } = written;
        if options.is_empty() {
            return Err("there are no options".into());
        }
        if options.len() > usize::from(OptionSet::CAPACITY) {
            return Err(format!(
                "there are {} options, of which {} can be counted",
                options.len(),
                OptionSet::CAPACITY
            ));
        }
        let first_out = (0..).zip(&options).find(|(_, name)| *name == WRITE_INS).map(|(option, _)| option);
        let mut election =
            Self { contest, options, batch: batch_elimination, first_out, ballots: Vec::new(), blank: 0 };
        for (number, (count, ranking)) in ballots.iter().enumerate() {
            election.add(*count, ranking).map_err(|problem| format!("ballots[{number}] {problem}"))?;
        }
        Ok(election)
    }

    fn add(&mut self, count: i64, ranking: &[i64]) -> Result<(), String> {
        let count = Power::try_from(count).map_err(|_| format!("is there {count} times, which is less than none"))?;
        let mut seen = OptionSet::default();
        let mut options = Vec::with_capacity(ranking.len());
        for option in ranking {
            let known = OptionId::try_from(*option).ok().filter(|number| usize::from(*number) < self.options.len());
            let last = self.options.len() - 1;
            let number = known.ok_or_else(|| format!("ranks option {option}, and there are only 0 to {last}"))?;
            if !seen.insert(number) {
                return Err(format!("ranks option {option} twice"));
            }
            options.push(number);
        }
        if options.is_empty() {
            self.blank = self.blank.saturating_add(count);
        } else {
            self.ballots.push((options, count));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn refused(change: impl FnOnce(&mut Value)) -> String {
        let mut election = json!({
            "contest": "x", "options": ["a", "b"], "batch_elimination": false, "ballots": [[1, [0, 1]], [2, [1]]],
        });
        change(&mut election);
        Election::parse(election.to_string().as_bytes()).expect_err("no election")
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "rounds", "{\"contest\":", "[]"] {
            assert!(Election::parse(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        for field in ["contest", "options", "batch_elimination", "ballots"] {
            let error = refused(|election| drop(election.as_object_mut().and_then(|fields| fields.remove(field))));
            assert!(error.contains(&format!("missing field `{field}`")), "{error}");
        }
    }

    #[test]
    fn an_option_out_of_range_is_refused() {
        for option in [-1, 2, 256, i64::MAX] {
            let error = refused(|election| election["ballots"][1][1][0] = json!(option));
            assert_eq!(error, format!("ballots[1] ranks option {option}, and there are only 0 to 1"));
        }
    }

    #[test]
    fn an_option_ranked_twice_is_refused() {
        assert_eq!(refused(|election| election["ballots"][0][1][1] = json!(0)), "ballots[0] ranks option 0 twice");
    }

    #[test]
    fn a_negative_count_is_refused() {
        let error = refused(|election| election["ballots"][0][0] = json!(-3));
        assert_eq!(error, "ballots[0] is there -3 times, which is less than none");
    }

    #[test]
    fn a_count_that_is_no_whole_number_is_refused() {
        for count in [json!(1.5), json!("1"), Value::Null] {
            let error = refused(|election| election["ballots"][0][0] = count.clone());
            assert!(error.contains("expected i64"), "{error}");
        }
    }

    #[test]
    fn too_many_and_no_options_are_refused() {
        let error = refused(|election| election["options"] = json!(vec!["x"; 129]));
        assert_eq!(error, "there are 129 options, of which 128 can be counted");
        assert_eq!(refused(|election| election["options"] = json!([])), "there are no options");
    }

    #[test]
    fn write_ins_go_out_first() {
        let text = json!({
            "contest": "x", "options": ["a", WRITE_INS], "batch_elimination": false, "ballots": [], "source": "y",
        });
        let election = Election::parse(text.to_string().as_bytes()).expect("an election");
        assert_eq!(election.first_out, Some(1));
    }
}
