//! Simple majority: for, against, abstain.

use crate::{BasisPoints, Power, TallyError, Way};
use scale::{Decode, Encode};

/// What one ballot says in a majority vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Support {
    /// Keep things as they are.
    Against,
    /// Do what the proposal says.
    For,
    /// Count towards the quorum only.
    Abstain,
}

impl Support {
    /// The answer's name, as it is stored and as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Against => "against",
            Self::For => "for",
            Self::Abstain => "abstain",
        }
    }
}

/// The running count of a majority vote: voting power per answer.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Majority {
    /// Power that voted against.
    pub against: Power,
    /// Power that voted for.
    pub in_favour: Power,
    /// Power that abstained.
    pub abstain: Power,
}

impl Majority {
    /// Moves one ballot of `power`, which out of the tally must have been moved in before.
    ///
    /// # Errors
    /// [`TallyError`], and then the tally is as before.
    pub fn shift(&mut self, way: Way, support: Support, power: Power) -> Result<(), TallyError> {
        // The turnout bounds every partial sum, so the verdict cannot overflow later.
        way.apply(self.turnout()?, power)?;
        let side = self.side(support);
        *side = way.apply(*side, power)?;
        Ok(())
    }

    fn side(&mut self, support: Support) -> &mut Power {
        match support {
            Support::Against => &mut self.against,
            Support::For => &mut self.in_favour,
            Support::Abstain => &mut self.abstain,
        }
    }

    /// All power that voted.
    ///
    /// # Errors
    /// [`TallyError::Overflow`], only for a tally that was not built with [`Self::shift`].
    pub fn turnout(&self) -> Result<Power, TallyError> {
        self.against
            .checked_add(self.in_favour)
            .and_then(|sum| sum.checked_add(self.abstain))
            .ok_or(TallyError::Overflow)
    }

    /// Whether for and abstain together reach `quorum` of `supply` (rounded up). Votes against never help a
    /// quorum, so an opponent loses nothing by voting (OpenZeppelin Governor counts the same way).
    pub fn reaches_quorum(&self, quorum: BasisPoints, supply: Power) -> bool {
        self.in_favour.saturating_add(self.abstain) >= quorum.ceil_of(supply)
    }

    /// Whether for is strictly more than `approval` of for and against together. A vote in which nobody
    /// took a side is not approved.
    pub fn is_approved(&self, approval: BasisPoints) -> bool {
        approval.is_exceeded_by(self.in_favour, self.in_favour.saturating_add(self.against))
    }

    /// Whether the vote carries: quorum reached and approved.
    pub fn carries(&self, quorum: BasisPoints, approval: BasisPoints, supply: Power) -> bool {
        self.reaches_quorum(quorum, supply) && self.is_approved(approval)
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

    fn tally(in_favour: Power, against: Power, abstain: Power) -> Majority {
        Majority { against, in_favour, abstain }
    }

    #[test]
    fn a_tie_is_not_a_majority() {
        assert!(!tally(50, 50, 0).is_approved(bps(5_000)));
        assert!(tally(51, 50, 0).is_approved(bps(5_000)));
    }

    #[test]
    fn silence_is_not_approval() {
        assert!(!tally(0, 0, 100).is_approved(bps(0)));
        assert!(!tally(0, 0, 0).carries(bps(0), bps(0), 0));
    }

    #[test]
    fn against_never_helps_the_quorum() {
        assert!(!tally(1, 99, 0).reaches_quorum(bps(400), 100));
        assert!(tally(1, 0, 3).reaches_quorum(bps(400), 100));
    }

    #[test]
    fn an_overflow_leaves_the_tally_as_it_was() {
        let mut count = tally(Power::MAX, 0, 0);
        assert_eq!(count.shift(Way::In, Support::Against, 1), Err(TallyError::Overflow));
        assert_eq!(count, tally(Power::MAX, 0, 0));
    }

    #[test]
    fn what_was_not_added_cannot_be_removed() {
        let mut count = tally(5, 0, 0);
        assert_eq!(count.shift(Way::Out, Support::For, 6), Err(TallyError::Underflow));
        assert_eq!(count.shift(Way::Out, Support::Against, 1), Err(TallyError::Underflow));
        assert_eq!(count, tally(5, 0, 0));
    }

    fn support() -> impl Strategy<Value = Support> {
        prop_oneof![Just(Support::Against), Just(Support::For), Just(Support::Abstain)]
    }

    proptest! {
        #[test]
        fn adding_and_removing_restores(a: u32, f: u32, b: u32, support in support(), power: u64) {
            let before = tally(f.into(), a.into(), b.into());
            let mut count = before;
            count.shift(Way::In, support, power.into()).expect("fits");
            count.shift(Way::Out, support, power.into()).expect("was added");
            prop_assert_eq!(count, before);
        }

        #[test]
        fn order_changes_nothing(ballots in prop::collection::vec((support(), any::<u64>()), 0..50), turn: usize) {
            let count = |ballots: &[(Support, u64)]| {
                let mut tally = Majority::default();
                for (support, power) in ballots {
                    tally.shift(Way::In, *support, Power::from(*power)).expect("50 u64s fit");
                }
                tally
            };
            let mut turned = ballots.clone();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            prop_assert_eq!(count(&ballots), count(&turned));
            let sum: Power = ballots.iter().map(|(_, power)| Power::from(*power)).sum();
            prop_assert_eq!(count(&ballots).turnout(), Ok(sum));
        }

        #[test]
        fn one_more_against_never_turns_a_defeat_into_a_pass(
            a: u32, f: u32, b: u32, extra: u32, quorum in 0u16..=10_000, approval in 0u16..=10_000, supply: u32,
        ) {
            let before = tally(f.into(), a.into(), b.into());
            let mut after = before;
            after.shift(Way::In, Support::Against, extra.into()).expect("fits");
            let carries = |tally: Majority| tally.carries(bps(quorum), bps(approval), supply.into());
            prop_assert!(carries(before) || !carries(after));
        }
    }
}
