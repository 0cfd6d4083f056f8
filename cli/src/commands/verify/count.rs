//! Counting a poll again, from its single votes.

use super::{hash, value};
use api::model::{Amount, OptionVotes, RoundTally, TieBreak as Told, Vote};
use ballot::{
    BasisPoints, Choice, Mechanism, OptionId, Power, Tally,
    condorcet::Duels,
    irv::{InstantRunoff, Round, RoundOutcome, TieBreak},
    quadratic::IdentityVotes,
};
use interfaces::{
    polls::{Poll, PollTerms},
    rankings::RUNOFF,
    registry::IdentityId,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The votes of a poll, counted again.
pub(super) struct Recount {
    terms: PollTerms,
    pub(super) tally: Tally,
    /// Power behind each distinct ranking.
    pub(super) rankings: BTreeMap<Vec<OptionId>, Power>,
    identities: BTreeMap<IdentityId, IdentityVotes>,
}

impl Recount {
    pub(super) fn new(poll: &Poll) -> Self {
        let terms = poll.terms;
        let tally = Tally::new(terms.mechanism, terms.options);
        Self { terms, tally, rankings: BTreeMap::new(), identities: BTreeMap::new() }
    }

    /// Adds a vote, in a quadratic poll as that of an identity.
    ///
    /// # Errors
    /// Why it cannot be counted.
    pub(super) fn add(&mut self, vote: &Vote, identity: Option<IdentityId>) -> Result<(), String> {
        let choice = Choice::try_from(vote.choice.clone()).map_err(|error| error.to_string())?;
        choice.check(self.terms.mechanism, self.terms.options).map_err(|error| error.to_string())?;
        if let Choice::Quadratic(votes) = &choice {
            let identity = identity.ok_or("its voter belonged to no identity")?;
            let all = self.identities.entry(identity).or_default();
            let before = all.replace(&[], votes, self.terms.credits).map_err(|error| error.to_string())?;
            return self.tally.replace_identity(&before, all).map_err(|error| error.to_string());
        }
        if let Choice::Ranked(ranking) = &choice
            && vote.power.0 > 0
        {
            let sum = self.rankings.entry(ranking.as_slice().to_vec()).or_default();
            *sum = sum.saturating_add(vote.power.0);
        }
        self.tally.add(&choice, vote.power.0).map_err(|error| error.to_string())?;
        if let Tally::Rankings(tally) = &mut self.tally {
            tally.distinct = u32::try_from(self.rankings.len()).unwrap_or(u32::MAX);
        }
        Ok(())
    }

    /// The rounds of a runoff in the API's words, and the option that a ranked count elects.
    pub(super) fn rounds(&self) -> (Vec<Value>, Option<OptionId>) {
        let counted = match self.terms.mechanism {
            Mechanism::Condorcet => self.duels().map(|winner| (Vec::new(), winner)),
            _ => self.runoff(),
        };
        // More votes than can be counted were refused when they were added.
        counted.unwrap_or_default()
    }

    fn runoff(&self) -> Option<(Vec<Value>, Option<OptionId>)> {
        let mut runoff = InstantRunoff::new(self.terms.options, RUNOFF).ok()?;
        let mut rounds = Vec::new();
        while runoff.result().is_none() {
            for (ranking, power) in &self.rankings {
                runoff.count(ranking, *power).ok()?;
            }
            rounds.push(told(runoff.close_round().ok()?));
        }
        Some((rounds, runoff.result().and_then(|result| result.winner())))
    }

    fn duels(&self) -> Option<Option<OptionId>> {
        let mut duels = Duels::new(self.terms.options).ok()?;
        for (ranking, power) in &self.rankings {
            duels.add(ranking, *power).ok()?;
        }
        let approval: BasisPoints = self.terms.thresholds.approval;
        Some(duels.winner(approval))
    }

    /// What the wallets of each identity vote together, in the API's words and order.
    pub(super) fn identities(&self) -> Vec<Value> {
        let told = |(identity, votes): (&IdentityId, &IdentityVotes)| {
            let list = votes.as_slice().iter().map(|(option, votes)| OptionVotes { option: *option, votes: *votes });
            json!({ "identity": hash(*identity), "votes": list.collect::<Vec<_>>(), "cost": votes.cost() })
        };
        self.identities.iter().map(told).collect()
    }
}

/// A round in the API's words, without its time.
fn told(Round { number, tallies, exhausted, outcome }: Round) -> Value {
    let (eliminated, elected, tie) = match outcome {
        RoundOutcome::Eliminated { options, tie } => (options, None, tie),
        RoundOutcome::Elected(option) => (Vec::new(), Some(option), TieBreak::None),
        RoundOutcome::Nobody => (Vec::new(), None, TieBreak::None),
    };
    let tallies = tallies.into_iter().map(|(option, votes)| RoundTally { option, votes: Amount(votes) });
    json!({
        "round": number,
        "tallies": tallies.collect::<Vec<_>>(),
        "exhausted": Amount(exhausted),
        "eliminated": eliminated,
        "elected": elected,
        "tie_break": match tie {
            TieBreak::None => Value::Null,
            TieBreak::EarlierRound => value(Told::EarlierRound),
            TieBreak::Index => value(Told::Index),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ballot::{Ranking, Thresholds};
    use interfaces::AccountId;

    fn poll(mechanism: Mechanism) -> Poll {
        let share = |points| BasisPoints::new(points).expect("a share");
        let thresholds = Thresholds { quorum: share(0), approval: share(5_000), plurality: share(0) };
        let (snapshot, period, freeze, extension) = (0, 1, 0, 0);
        let terms = PollTerms { mechanism, options: 4, snapshot, period, freeze, extension, thresholds, credits: 100 };
        Poll::opened(terms).expect("it ends")
    }

    fn vote(voter: u8, choice: Choice, power: Power) -> Vote {
        Vote {
            proposal: 0,
            voter: super::super::account(AccountId::from([voter; 32])),
            choice: choice.into(),
            power: Amount(power),
            changes: 0,
            height: 1,
            time: api::model::Time::from_moment(0),
            moment: 0,
        }
    }

    fn ranked(options: &[OptionId]) -> Choice {
        Choice::Ranked(Ranking::new(options.to_vec()).expect("a ranking"))
    }

    #[test]
    fn rankings_are_counted_in_rounds_and_in_duels() {
        let votes = [([0, 1, 2], 42), ([1, 2, 0], 26), ([2, 1, 0], 32)];
        let count = |mechanism| {
            let mut recount = Recount::new(&poll(mechanism));
            for (voter, (ranking, power)) in (0..).zip(votes) {
                recount.add(&vote(voter, ranked(&ranking), power), None).expect("countable");
            }
            recount.rounds()
        };
        let (rounds, winner) = count(Mechanism::Ranked);
        assert_eq!((rounds.len(), winner), (2, Some(2)));
        assert_eq!(rounds[0]["eliminated"], json!([3, 1]));
        assert_eq!(count(Mechanism::Condorcet), (vec![], Some(1)));
    }

    #[test]
    fn wallets_of_one_identity_share_a_budget() {
        let mut recount = Recount::new(&poll(Mechanism::Quadratic));
        let person = Some(IdentityId::from([9; 32]));
        recount.add(&vote(1, Choice::Quadratic(vec![(0, 6)]), 0), person).expect("36 credits");
        recount.add(&vote(2, Choice::Quadratic(vec![(0, 4)]), 0), person).expect("100 together");
        assert_eq!(recount.tally.turnout(), 1);
        let error = recount.add(&vote(3, Choice::Quadratic(vec![(1, 1)]), 0), person).expect_err("over budget");
        assert!(error.contains("101 voice credits of 100"), "{error}");
        let error = recount.add(&vote(4, Choice::Quadratic(vec![(1, 1)]), 0), None).expect_err("nobody");
        assert!(error.contains("no identity"), "{error}");
    }

    #[test]
    fn a_vote_of_another_kind_is_not_counted() {
        let mut recount = Recount::new(&poll(Mechanism::Approval));
        assert!(recount.add(&vote(1, ranked(&[0]), 5), None).is_err());
        assert!(recount.add(&vote(1, Choice::Approval(0b1_0000), 5), None).is_err());
    }
}
