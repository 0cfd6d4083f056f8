//! The running count of a poll, whatever its mechanism, and what it decides.

use crate::quadratic::IdentityVotes;
use crate::{BasisPoints, Choice, Majority, Mechanism, OptionId, Plurality, Power, TallyError, Way, none_of_the_above};
use scale::{Decode, Encode};

/// The shares that a decision needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Thresholds {
    /// Of the electorate, which the backing must reach. The electorate is all voting power, or all identities in a
    /// quadratic vote.
    pub quorum: BasisPoints,
    /// Of those who took a side, which one side must exceed: in a majority vote, and in each of Condorcet's duels.
    pub approval: BasisPoints,
    /// Of the turnout, or of the votes in a quadratic vote, which the first of several options must exceed.
    pub plurality: BasisPoints,
}

/// The running count of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub enum Tally {
    /// Of a majority vote.
    Majority(Majority),
    /// Of an approval, weighted or quadratic vote.
    Plurality(Plurality),
    /// Of a ranked vote.
    Rankings(Rankings),
}

/// What is known of a ranked vote before its count. The power behind each distinct ranking is kept elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Rankings {
    /// How many options there are.
    pub options: u8,
    /// How many distinct rankings there are; kept by whoever keeps the rankings.
    pub distinct: u32,
    /// All power that voted.
    pub turnout: Power,
    /// What of it counts towards the quorum: ballots that do not rank "none of the above" first.
    pub backing: Power,
}

impl Tally {
    /// The count of a poll in which nobody has voted.
    pub fn new(mechanism: Mechanism, options: u8) -> Self {
        match mechanism {
            Mechanism::Majority => Self::Majority(Majority::default()),
            Mechanism::Ranked | Mechanism::Condorcet => {
                Self::Rankings(Rankings { options, distinct: 0, turnout: 0, backing: 0 })
            }
            _ => Self::Plurality(Plurality::new(mechanism, options)),
        }
    }

    /// Adds a ballot of `power` that has passed [`Choice::check`]. Not for wallets in a quadratic vote: see
    /// [`Self::replace_identity`].
    ///
    /// # Errors
    /// If it cannot be counted, and then the tally is as before.
    pub fn add(&mut self, choice: &Choice, power: Power) -> Result<(), TallyError> {
        self.shift(Way::In, choice, power)
    }

    /// Takes out a ballot that was added before with just this `power`.
    ///
    /// # Errors
    /// If it was not, and then the tally is as before.
    pub fn remove(&mut self, choice: &Choice, power: Power) -> Result<(), TallyError> {
        self.shift(Way::Out, choice, power)
    }

    /// Adds a ballot or takes it out: see [`Self::add`] and [`Self::remove`].
    ///
    /// # Errors
    /// If it cannot be moved, and then the tally is as before.
    pub fn shift(&mut self, way: Way, choice: &Choice, power: Power) -> Result<(), TallyError> {
        match (self, choice) {
            (Self::Majority(tally), Choice::Majority(support)) => tally.shift(way, *support, power),
            (Self::Plurality(tally), choice) => tally.shift(way, choice, power),
            (Self::Rankings(tally), Choice::Ranked(ranking)) => tally.shift(way, ranking.as_slice(), power),
            _ => Err(TallyError::WrongBallot),
        }
    }

    /// Moves an identity's votes in a quadratic vote from what they were to what they are.
    ///
    /// # Errors
    /// If `before` was not counted, and then the tally is as before.
    pub fn replace_identity(&mut self, before: &IdentityVotes, after: &IdentityVotes) -> Result<(), TallyError> {
        match self {
            Self::Plurality(tally) => tally.replace_identity(before, after),
            _ => Err(TallyError::WrongBallot),
        }
    }

    /// All power that voted, or all identities.
    pub fn turnout(&self) -> Power {
        match self {
            Self::Majority(tally) => tally.turnout().unwrap_or(Power::MAX),
            Self::Plurality(tally) => tally.turnout,
            Self::Rankings(tally) => tally.turnout,
        }
    }

    /// What of the turnout counts towards the quorum. A vote for the status quo never does, so that its friends lose
    /// nothing by voting.
    pub fn backing(&self) -> Power {
        match self {
            Self::Majority(tally) => tally.in_favour.saturating_add(tally.abstain),
            Self::Plurality(tally) => tally.backing,
            Self::Rankings(tally) => tally.backing,
        }
    }

    /// Whether the backing is at least `quorum` of the electorate, rounded up.
    pub fn reaches(&self, quorum: BasisPoints, electorate: Power) -> bool {
        self.backing() >= quorum.ceil_of(electorate)
    }

    /// The option to be carried out, if one is: 0 where a majority vote carries. Of a ranked vote the tally alone
    /// decides nothing; see [`Self::decide_counted`].
    pub fn decide(&self, thresholds: &Thresholds, electorate: Power) -> Option<OptionId> {
        let winner = match self {
            Self::Majority(tally) => tally.is_approved(thresholds.approval).then_some(0),
            Self::Plurality(tally) => tally.winner(thresholds.plurality),
            Self::Rankings(_) => None,
        };
        winner.filter(|_| self.reaches(thresholds.quorum, electorate))
    }

    /// The option to be carried out after the count of a ranked vote found `winner`: that option, unless it is "none
    /// of the above" or the quorum was missed.
    pub fn decide_counted(
        &self,
        winner: Option<OptionId>,
        thresholds: &Thresholds,
        electorate: Power,
    ) -> Option<OptionId> {
        let Self::Rankings(tally) = self else { return None };
        let carries = |winner: &OptionId| *winner < none_of_the_above(tally.options);
        winner.filter(carries).filter(|_| self.reaches(thresholds.quorum, electorate))
    }
}

impl Rankings {
    fn shift(&mut self, way: Way, ranking: &[OptionId], power: Power) -> Result<(), TallyError> {
        let backing = if ranking.first() == Some(&none_of_the_above(self.options)) { 0 } else { power };
        let turnout = way.apply(self.turnout, power)?;
        (self.turnout, self.backing) = (turnout, way.apply(self.backing, backing)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ranking, Support};
    use proptest::prelude::*;

    fn thresholds(quorum: u16, approval: u16, plurality: u16) -> Thresholds {
        let share = |points| BasisPoints::new(points).expect("test shares are in range");
        Thresholds { quorum: share(quorum), approval: share(approval), plurality: share(plurality) }
    }

    fn ranked(options: &[OptionId]) -> Choice {
        Choice::Ranked(Ranking::new(options.to_vec()).expect("a ranking"))
    }

    #[test]
    fn every_tally_takes_its_own_ballots_only() {
        let ballots = [
            (Mechanism::Majority, Choice::Majority(Support::For)),
            (Mechanism::Approval, Choice::Approval(1)),
            (Mechanism::Weighted, Choice::Weighted(vec![(0, BasisPoints::try_from(10_000).expect("a share"))])),
            (Mechanism::Quadratic, Choice::Quadratic(vec![(0, 1)])),
            (Mechanism::Ranked, ranked(&[0])),
        ];
        for (mechanism, _) in &ballots {
            for (other, choice) in &ballots {
                let mut tally = Tally::new(*mechanism, 2);
                let expected = if mechanism == other { Ok(()) } else { Err(TallyError::WrongBallot) };
                assert_eq!(tally.add(choice, 1), expected);
                assert_eq!(tally.remove(choice, 1), expected);
                assert_eq!(tally, Tally::new(*mechanism, 2));
            }
        }
    }

    #[test]
    fn a_quorum_is_a_share_of_the_electorate_rounded_up() {
        let mut tally = Tally::new(Mechanism::Approval, 2);
        tally.add(&Choice::Approval(1), 4).expect("fits");
        assert_eq!(tally.decide(&thresholds(400, 0, 0), 100), Some(0));
        assert_eq!(tally.decide(&thresholds(400, 0, 0), 101), None);
    }

    #[test]
    fn a_majority_vote_decides_as_the_majority_does() {
        let mut tally = Tally::new(Mechanism::Majority, 0);
        tally.add(&Choice::Majority(Support::For), 51).expect("fits");
        tally.add(&Choice::Majority(Support::Against), 49).expect("fits");
        assert_eq!(tally.decide(&thresholds(5_100, 5_000, 10_000), 100), Some(0));
        assert_eq!(tally.decide(&thresholds(5_101, 5_000, 10_000), 100), None);
        assert_eq!(tally.decide(&thresholds(5_100, 5_100, 10_000), 100), None);
    }

    #[test]
    fn a_ranked_vote_is_decided_by_its_count_and_the_quorum() {
        let mut tally = Tally::new(Mechanism::Ranked, 3);
        tally.add(&ranked(&[1, 2]), 10).expect("fits");
        tally.add(&ranked(&[2, 1]), 90).expect("fits");
        assert_eq!((tally.turnout(), tally.backing()), (100, 10));
        assert_eq!(tally.decide(&thresholds(0, 0, 0), 100), None);
        assert_eq!(tally.decide_counted(Some(1), &thresholds(1_000, 0, 0), 100), Some(1));
        assert_eq!(tally.decide_counted(Some(1), &thresholds(1_001, 0, 0), 100), None);
        assert_eq!(tally.decide_counted(Some(2), &thresholds(0, 0, 0), 100), None);
        assert_eq!(tally.decide_counted(None, &thresholds(0, 0, 0), 100), None);
    }

    #[test]
    fn an_overflow_leaves_a_ranked_tally_as_it_was() {
        let mut tally = Tally::new(Mechanism::Condorcet, 3);
        tally.add(&ranked(&[2]), Power::MAX).expect("fits");
        let before = tally.clone();
        assert_eq!(tally.add(&ranked(&[0]), 1), Err(TallyError::Overflow));
        assert_eq!(tally.remove(&ranked(&[0]), 1), Err(TallyError::Underflow));
        assert_eq!(tally, before);
    }

    proptest! {
        #[test]
        fn a_changed_ranking_moves_exactly(first in 0u8..3, second in 0u8..3, before: u64, after: u64) {
            let mut tally = Tally::new(Mechanism::Ranked, 3);
            tally.add(&ranked(&[first]), before.into()).expect("fits");
            tally.remove(&ranked(&[first]), before.into()).expect("was added");
            prop_assert_eq!(&tally, &Tally::new(Mechanism::Ranked, 3));
            tally.add(&ranked(&[second]), after.into()).expect("fits");
            prop_assert_eq!(tally.turnout(), Power::from(after));
            prop_assert_eq!(tally.backing(), if second == 2 { 0 } else { after.into() });
        }
    }
}
