//! Plurality: of several options, the one with most votes. The last option is "none of the above".

use crate::{
    BasisPoints, Choice, Mechanism, OptionId, OptionSet, Power, TallyError, Way, none_of_the_above,
    quadratic::IdentityVotes,
};
use alloc::vec::Vec;
use scale::{Decode, Encode};

/// The running count of an approval, weighted or quadratic vote. In a quadratic vote `turnout` and `backing` count
/// identities, and options have votes instead of power.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Plurality {
    /// How ballots are read.
    pub mechanism: Mechanism,
    /// What each option has.
    pub per_option: Vec<Power>,
    /// All power that voted.
    pub turnout: Power,
    /// What of it counts towards the quorum: ballots that approve more than "none of the above", shares that go to
    /// other options, identities that have votes for another option.
    pub backing: Power,
}

impl Plurality {
    /// The count of a poll in which nobody has voted.
    pub fn new(mechanism: Mechanism, options: u8) -> Self {
        Self { mechanism, per_option: alloc::vec![0; usize::from(options)], turnout: 0, backing: 0 }
    }

    /// Adds a checked ballot of `power`, or takes out one that was added before with just this power. In a quadratic vote
    /// the ballot is all votes of an identity, whose power is 1; see [`Self::replace_identity`].
    ///
    /// # Errors
    /// If it cannot be counted or was not, and then the tally is as before.
    pub fn shift(&mut self, way: Way, choice: &Choice, power: Power) -> Result<(), TallyError> {
        // A copy, so that no error leaves half of a ballot behind.
        let mut moved = self.clone();
        match (choice, self.mechanism) {
            (Choice::Approval(approved), Mechanism::Approval) => moved.move_approval(way, *approved, power)?,
            (Choice::Weighted(shares), Mechanism::Weighted) => moved.move_shares(way, shares, power)?,
            (Choice::Quadratic(votes), Mechanism::Quadratic) => moved.move_votes(way, votes, power)?,
            _ => return Err(TallyError::WrongBallot),
        }
        *self = moved;
        Ok(())
    }

    /// Moves an identity's votes in a quadratic vote from what they were to what they are.
    ///
    /// # Errors
    /// If `before` was not counted, and then the tally is as before.
    pub fn replace_identity(&mut self, before: &IdentityVotes, after: &IdentityVotes) -> Result<(), TallyError> {
        if self.mechanism != Mechanism::Quadratic {
            return Err(TallyError::WrongBallot);
        }
        let mut moved = self.clone();
        moved.move_votes(Way::Out, before.as_slice(), before.identities())?;
        moved.move_votes(Way::In, after.as_slice(), after.identities())?;
        *self = moved;
        Ok(())
    }

    /// The option that has strictly more than any other, and what it has.
    pub fn leader(&self) -> Option<(OptionId, Power)> {
        let (mut leader, mut most) = (None, 0);
        for (option, votes) in (0..=OptionId::MAX).zip(&self.per_option) {
            if *votes > most {
                (leader, most) = (Some(option), *votes);
            } else if *votes == most {
                leader = None;
            }
        }
        leader.map(|option| (option, most))
    }

    /// The leader, if it exceeds `plurality` of the turnout (of all votes cast, in a quadratic vote) and is not "none
    /// of the above".
    pub fn winner(&self, plurality: BasisPoints) -> Option<OptionId> {
        let whole = match self.mechanism {
            Mechanism::Quadratic => self.per_option.iter().fold(0, |sum: Power, votes| sum.saturating_add(*votes)),
            _ => self.turnout,
        };
        let (leader, votes) = self.leader()?;
        (leader != self.none_of_the_above() && plurality.is_exceeded_by(votes, whole)).then_some(leader)
    }

    fn none_of_the_above(&self) -> OptionId {
        none_of_the_above(OptionId::try_from(self.per_option.len()).unwrap_or(OptionId::MAX))
    }

    fn move_approval(&mut self, way: Way, approved: u32, power: Power) -> Result<(), TallyError> {
        let mut approved = OptionSet::from(approved);
        let mut backing = 0;
        while let Some(option) = approved.pop_first() {
            if self.move_part(way, option, power)? {
                backing = power;
            }
        }
        self.move_ballot(way, power, backing)
    }

    /// Each option gets the difference between the shares up to it and before it, both rounded down, so that all
    /// together get exactly `power`.
    fn move_shares(&mut self, way: Way, shares: &[(OptionId, BasisPoints)], power: Power) -> Result<(), TallyError> {
        let (mut points, mut given, mut backing) = (0u16, 0, 0);
        for (option, share) in shares {
            points = points.saturating_add(share.get());
            let up_to = BasisPoints::new(points).map_err(|_| TallyError::WrongBallot)?.floor_of(power);
            // Shares up to an option grow with each option, and are at most the power: nothing here saturates.
            let part: Power = up_to.saturating_sub(given);
            if self.move_part(way, *option, part)? {
                backing = part.saturating_add(backing);
            }
            given = up_to;
        }
        self.move_ballot(way, power, backing)
    }

    fn move_votes(&mut self, way: Way, votes: &[(OptionId, u32)], identities: Power) -> Result<(), TallyError> {
        let mut backing = 0;
        for (option, votes) in votes {
            if self.move_part(way, *option, (*votes).into())? {
                backing = identities;
            }
        }
        self.move_ballot(way, identities, backing)
    }

    /// Moves what one option gets; whether that option is another than "none of the above".
    fn move_part(&mut self, way: Way, option: OptionId, part: Power) -> Result<bool, TallyError> {
        let sum = self.per_option.get_mut(usize::from(option)).ok_or(TallyError::WrongBallot)?;
        *sum = way.apply(*sum, part)?;
        Ok(option != self.none_of_the_above())
    }

    fn move_ballot(&mut self, way: Way, power: Power, backing: Power) -> Result<(), TallyError> {
        self.turnout = way.apply(self.turnout, power)?;
        self.backing = way.apply(self.backing, backing)?;
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bps(points: u16) -> BasisPoints {
        BasisPoints::new(points).expect("test shares are in range")
    }

    fn weighted(shares: &[(OptionId, u16)]) -> Choice {
        Choice::Weighted(shares.iter().map(|(option, points)| (*option, bps(*points))).collect())
    }

    fn counted(mechanism: Mechanism, ballots: &[(Choice, Power)]) -> Plurality {
        let mut tally = Plurality::new(mechanism, OPTIONS);
        for (choice, power) in ballots {
            choice.check(mechanism, OPTIONS).expect("a valid ballot");
            tally.shift(Way::In, choice, *power).expect("fits");
        }
        tally
    }

    #[test]
    fn an_approved_option_gets_the_full_power() {
        let tally = counted(Mechanism::Approval, &[(Choice::Approval(0b0011), 7), (Choice::Approval(0b1001), 5)]);
        assert_eq!(tally.per_option, [12, 7, 0, 5]);
        assert_eq!((tally.turnout, tally.backing), (12, 12));
    }

    #[test]
    fn none_of_the_above_never_backs() {
        let tally = counted(Mechanism::Approval, &[(Choice::Approval(0b1000), 7)]);
        assert_eq!((tally.turnout, tally.backing), (7, 0));
        let tally = counted(Mechanism::Weighted, &[(weighted(&[(0, 2_500), (3, 7_500)]), 8)]);
        assert_eq!((tally.turnout, tally.backing), (8, 2));
        let tally = counted(Mechanism::Quadratic, &[(Choice::Quadratic(vec![(3, 9)]), 1)]);
        assert_eq!((tally.turnout, tally.backing), (1, 0));
    }

    #[test]
    fn a_tie_for_the_first_place_decides_nothing() {
        let tied = counted(Mechanism::Approval, &[(Choice::Approval(0b0011), 7), (Choice::Approval(0b0100), 6)]);
        assert_eq!((tied.leader(), tied.winner(bps(0))), (None, None));
        assert_eq!(Plurality::new(Mechanism::Approval, OPTIONS).winner(bps(0)), None);
    }

    #[test]
    fn none_of_the_above_wins_and_decides_nothing() {
        let tally = counted(Mechanism::Approval, &[(Choice::Approval(0b1000), 7), (Choice::Approval(0b0001), 6)]);
        assert_eq!((tally.leader(), tally.winner(bps(0))), (Some((3, 7)), None));
    }

    #[test]
    fn a_plurality_is_a_share_of_the_turnout() {
        let ballots = [(Choice::Approval(0b0011), 40), (Choice::Approval(0b0101), 20), (Choice::Approval(0b0110), 40)];
        let tally = counted(Mechanism::Approval, &ballots);
        assert_eq!(tally.per_option, [60, 80, 60, 0]);
        assert_eq!((tally.winner(bps(7_999)), tally.winner(bps(8_000))), (Some(1), None));
    }

    #[test]
    fn a_quadratic_plurality_is_a_share_of_the_votes() {
        let ballots = [(Choice::Quadratic(vec![(0, 3), (1, 1)]), 1), (Choice::Quadratic(vec![(2, 1)]), 1)];
        let tally = counted(Mechanism::Quadratic, &ballots);
        assert_eq!((tally.winner(bps(5_999)), tally.winner(bps(6_000))), (Some(0), None));
    }

    #[test]
    fn an_error_leaves_the_tally_as_it_was() {
        let before = counted(Mechanism::Approval, &[(Choice::Approval(0b0001), Power::MAX)]);
        let mut tally = before.clone();
        assert_eq!(tally.shift(Way::In, &Choice::Approval(0b0110), 1), Err(TallyError::Overflow));
        assert_eq!(tally.shift(Way::Out, &Choice::Approval(0b0011), 1), Err(TallyError::Underflow));
        assert_eq!(tally.shift(Way::In, &Choice::Approval(0b1_0001), 0), Err(TallyError::WrongBallot));
        assert_eq!(tally.shift(Way::In, &weighted(&[(0, 10_000)]), 0), Err(TallyError::WrongBallot));
        assert_eq!(tally, before);
    }

    const OPTIONS: u8 = 4;

    fn shares() -> impl Strategy<Value = Choice> {
        prop::collection::vec(0u16..=10_000, 3).prop_map(|mut cuts| {
            cuts.sort_unstable();
            let cuts = [&[0], &cuts[..], &[10_000]].concat();
            let shares = (0..).zip(cuts.windows(2)).map(|(option, cut)| (option, cut[1] - cut[0]));
            weighted(&shares.filter(|(_, share)| *share > 0).collect::<Vec<_>>())
        })
    }

    fn votes() -> impl Strategy<Value = Choice> {
        prop::collection::btree_map(0..OPTIONS, 1u32.., 1..4)
            .prop_map(|votes| Choice::Quadratic(votes.into_iter().collect()))
    }

    fn ballots() -> impl Strategy<Value = (Mechanism, Vec<(Choice, Power)>)> {
        fn many(choice: impl Strategy<Value = Choice>) -> impl Strategy<Value = Vec<(Choice, Power)>> {
            prop::collection::vec((choice, any::<u64>().prop_map(Power::from)), 1..8)
        }
        prop_oneof![
            many((1u32..16).prop_map(Choice::Approval)).prop_map(|ballots| (Mechanism::Approval, ballots)),
            many(shares()).prop_map(|ballots| (Mechanism::Weighted, ballots)),
            many(votes()).prop_map(|ballots| (Mechanism::Quadratic, ballots)),
        ]
    }

    proptest! {
        #[test]
        fn order_changes_nothing((mechanism, mut ballots) in ballots(), turn: usize) {
            let before = counted(mechanism, &ballots);
            let by = turn % ballots.len();
            ballots.rotate_left(by);
            prop_assert_eq!(counted(mechanism, &ballots), before);
        }

        #[test]
        fn changing_a_vote_moves_it_exactly((mechanism, ballots) in ballots(), power: u64) {
            let (last, others) = ballots.split_last().expect("at least one ballot");
            let mut tally = counted(mechanism, &ballots);
            tally.shift(Way::Out, &last.0, last.1).expect("was added");
            prop_assert_eq!(&tally, &counted(mechanism, others));
            tally.shift(Way::In, &last.0, power.into()).expect("fits");
            let changed = [others, &[(last.0.clone(), power.into())]].concat();
            prop_assert_eq!(tally, counted(mechanism, &changed));
        }

        #[test]
        fn the_parts_of_a_weighted_ballot_are_its_power(choice in shares(), power: Power) {
            let tally = counted(Mechanism::Weighted, &[(choice.clone(), power)]);
            prop_assert_eq!(tally.per_option.iter().sum::<Power>(), power);
            prop_assert_eq!((tally.turnout, tally.backing), (power, power - tally.per_option[3]));
            let Choice::Weighted(shares) = choice else { unreachable!("a weighted ballot") };
            for (option, share) in shares {
                let part = tally.per_option[usize::from(option)];
                prop_assert!(share.floor_of(power) <= part && part <= share.ceil_of(power));
            }
        }

        #[test]
        fn one_more_for_none_of_the_above_never_helps_another(
            (mechanism, mut ballots) in ballots(), power: u64, share in 0u16..=10_000,
        ) {
            let before = counted(mechanism, &ballots);
            ballots.push(match mechanism {
                Mechanism::Approval => (Choice::Approval(0b1000), power.into()),
                Mechanism::Weighted => (weighted(&[(3, 10_000)]), power.into()),
                _ => (Choice::Quadratic(vec![(3, 1)]), 1),
            });
            let after = counted(mechanism, &ballots);
            prop_assert_eq!(after.backing, before.backing);
            prop_assert!(after.winner(bps(share)).is_none() || after.winner(bps(share)) == before.winner(bps(share)));
        }
    }
}
