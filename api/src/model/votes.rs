//! Votes, and what else people lend their power to.

use super::{Amount, SupportName, Time};
use crate::account::Account;
use ballot::{BasisPoints, InvalidChoice, OptionId, Ranking, Support};
use interfaces::{Moment, ProposalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account's vote as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    /// On which proposal.
    #[schema(value_type = u32)]
    pub proposal: ProposalId,
    /// By whom.
    pub voter: Account,
    /// What.
    #[schema(value_type = ChoiceForm)]
    pub choice: Choice,
    /// With how much power it counts; 0 in a quadratic vote, where credits count.
    pub power: Amount,
    /// How often it was changed.
    pub changes: u64,
    /// Block of its last change.
    pub height: u64,
    /// When that was.
    pub time: Time,
    /// When that was, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What a vote says, in the one way that its proposal is voted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// In a majority vote: a side.
    Support(Support),
    /// In an approval vote: the approved options.
    Approved(Vec<OptionId>),
    /// In a weighted vote: which share of the power goes to which option.
    Shares(Vec<OptionShare>),
    /// In a quadratic vote: how many votes go to which option.
    Votes(Vec<OptionVotes>),
    /// In a ranked or Condorcet vote: options in order of preference. What is left out ranks behind.
    Ranking(Ranking),
}

/// How a choice is written, for the API's description.
#[derive(Debug, ToSchema)]
#[schema(
    as = Choice,
    rename_all = "snake_case",
    description = "What a vote says, in the one way that its proposal is voted on."
)]
pub enum ChoiceForm {
    /// In a majority vote: a side.
    Support(SupportName),
    /// In an approval vote: the approved options.
    Approved(Vec<u8>),
    /// In a weighted vote: which share of the power goes to which option.
    Shares(Vec<OptionShare>),
    /// In a quadratic vote: how many votes go to which option.
    Votes(Vec<OptionVotes>),
    /// In a ranked or Condorcet vote: options in order of preference. What is left out ranks behind.
    Ranking(Vec<u8>),
}

/// A share of a vote's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptionShare {
    /// For which option.
    #[schema(value_type = u8)]
    pub option: OptionId,
    /// How much of it, in basis points.
    #[schema(value_type = u16, minimum = 1, maximum = 10_000)]
    pub bps: BasisPoints,
}

/// Votes that were bought for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptionVotes {
    /// Which option.
    #[schema(value_type = u8)]
    pub option: OptionId,
    /// How many.
    pub votes: u32,
}

impl OptionVotes {
    /// Votes per option, as ballots have them.
    pub(crate) fn listed(votes: &[(OptionId, u32)]) -> Vec<Self> {
        votes.iter().map(|(option, votes)| Self { option: *option, votes: *votes }).collect()
    }
}

impl From<ballot::Choice> for Choice {
    fn from(choice: ballot::Choice) -> Self {
        match choice {
            ballot::Choice::Majority(support) => Self::Support(support),
            ballot::Choice::Approval(approved) => {
                Self::Approved((0..32).filter(|option| approved >> option & 1 == 1).collect())
            }
            ballot::Choice::Weighted(shares) => {
                Self::Shares(shares.into_iter().map(|(option, bps)| OptionShare { option, bps }).collect())
            }
            ballot::Choice::Quadratic(votes) => Self::Votes(OptionVotes::listed(&votes)),
            ballot::Choice::Ranked(ranking) => Self::Ranking(ranking),
        }
    }
}

/// The ballot, to count with.
impl TryFrom<Choice> for ballot::Choice {
    type Error = InvalidChoice;

    fn try_from(choice: Choice) -> Result<Self, Self::Error> {
        Ok(match choice {
            Choice::Support(support) => Self::Majority(support),
            Choice::Approved(options) => {
                let mut approved = 0_u32;
                for option in options {
                    let bit = 1_u32.checked_shl(option.into()).ok_or(InvalidChoice::UnknownOption(option))?;
                    if approved & bit != 0 {
                        return Err(InvalidChoice::Repeated(option));
                    }
                    approved |= bit;
                }
                Self::Approval(approved)
            }
            Choice::Shares(shares) => Self::Weighted(shares.into_iter().map(|it| (it.option, it.bps)).collect()),
            Choice::Votes(votes) => Self::Quadratic(votes.into_iter().map(|it| (it.option, it.votes)).collect()),
            Choice::Ranking(ranking) => Self::Ranked(ranking),
        })
    }
}

/// Power that a holder had delegated and voted with itself, so that its representative's vote shrank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Override {
    /// Who represents.
    pub representative: Account,
    /// Who voted itself.
    pub holder: Account,
    /// How much power the representative's vote, cast or to come, has lost by this.
    pub power: Amount,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// Power that was lent to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sponsor {
    /// To which of its revisions; only what was lent to the last one counts.
    pub revision: u32,
    /// By whom.
    pub sponsor: Account,
    /// How much.
    pub power: Amount,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_choice_is_written_for_people_and_read_back() {
        let share = |points| BasisPoints::new(points).expect("a share");
        for (choice, written) in [
            (ballot::Choice::Majority(Support::For), json!({ "support": "for" })),
            (ballot::Choice::Approval(0x8000_0005), json!({ "approved": [0, 2, 31] })),
            (
                ballot::Choice::Weighted(vec![(0, share(6_000)), (2, share(4_000))]),
                json!({ "shares": [{ "option": 0, "bps": 6_000 }, { "option": 2, "bps": 4_000 }] }),
            ),
            (ballot::Choice::Quadratic(vec![(0, 3)]), json!({ "votes": [{ "option": 0, "votes": 3 }] })),
            (ballot::Choice::Ranked(Ranking::new(vec![2, 0, 1]).expect("a ranking")), json!({ "ranking": [2, 0, 1] })),
        ] {
            let shown = Choice::from(choice.clone());
            assert_eq!(serde_json::to_value(&shown).expect("JSON"), written);
            assert_eq!(serde_json::from_value::<Choice>(written).expect("a choice"), shown);
            assert_eq!(ballot::Choice::try_from(shown), Ok(choice));
        }
    }

    #[test]
    fn what_is_no_choice_is_not_read() {
        for written in [
            json!({ "support": "maybe" }),
            json!({ "shares": [{ "option": 0, "bps": 10_001 }] }),
            json!({ "ranking": [1, 1] }),
            json!({ "ranking": [] }),
            json!({ "ranking": [1], "support": "for" }),
            json!({}),
        ] {
            assert!(serde_json::from_value::<Choice>(written.clone()).is_err(), "{written}");
        }
    }

    #[test]
    fn an_approval_that_no_ballot_can_say_is_refused() {
        let ballot = |options: &[OptionId]| ballot::Choice::try_from(Choice::Approved(options.to_vec()));
        assert_eq!(ballot(&[0, 32]), Err(InvalidChoice::UnknownOption(32)));
        assert_eq!(ballot(&[3, 3]), Err(InvalidChoice::Repeated(3)));
    }
}
