//! Attestors, and how often they have attested today.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    AccountId, Leaf, Moment,
    refusal::{OrRefuse, refuse},
    registry::{Accreditation, Accredited, DAY, Disaccredited, RegistryError, Tier},
};

/// An attestor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Desk {
    /// What it may do.
    pub accreditation: Accreditation,
    /// The day on which it attested or renewed last.
    day: u64,
    /// How often it did on that day.
    used: u32,
}

impl Desk {
    /// How often it attested and renewed on the day of `now`.
    fn used(&self, now: Moment) -> u32 {
        if self.day == now / DAY { self.used } else { 0 }
    }

    /// How often it still may.
    pub fn left(&self, now: Moment) -> u32 {
        self.accreditation.daily_cap.saturating_sub(self.used(now))
    }

    /// After one time more; nothing, if it may not any more.
    fn after_one_more(self, now: Moment) -> Option<Self> {
        let used = self.used(now).checked_add(1).filter(|used| *used <= self.accreditation.daily_cap)?;
        Some(Self { day: now / DAY, used, ..self })
    }
}

impl Registry {
    pub(crate) fn desk(&self, attestor: AccountId) -> Option<Desk> {
        self.desks.get(attestor).map(|Leaf(desk)| desk)
    }

    pub(crate) fn let_attest(&mut self, attestor: AccountId, accreditation: Accreditation) {
        let desk = self.desk(attestor).unwrap_or(Desk { accreditation, day: 0, used: 0 });
        self.desks.insert(attestor, &Leaf(Desk { accreditation, ..desk }));
        self.env().emit_event(Accredited { attestor, accreditation });
    }

    pub(crate) fn let_attest_no_more(&mut self, attestor: AccountId) {
        if !self.desks.contains(attestor) {
            refuse(RegistryError::NotAttestor);
        }
        self.desks.remove(attestor);
        self.env().emit_event(Disaccredited { attestor });
    }

    /// Counts one use of the caller's accreditation, to grant this tier. Answers with what that allows.
    pub(crate) fn use_accreditation(&mut self, tier: Tier) -> Accreditation {
        let caller = self.caller();
        let desk = self.desk(caller).or_refuse(RegistryError::NotAttestor);
        if !desk.accreditation.tiers.contain(tier) {
            refuse(RegistryError::WrongTier);
        }
        let after = desk.after_one_more(self.now()).or_refuse(RegistryError::CapReached);
        self.desks.insert(caller, &Leaf(after));
        desk.accreditation
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]
mod tests {
    use super::*;
    use interfaces::registry::Tiers;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn desk(daily_cap: u32) -> Desk {
        Desk { accreditation: Accreditation { tiers: Tiers(1), daily_cap }, day: 0, used: 0 }
    }

    #[test]
    fn a_day_begins_with_its_first_millisecond() {
        let spent = desk(1).after_one_more(DAY).expect("it is the first of the day");
        assert_eq!([DAY, 2 * DAY - 1, 2 * DAY].map(|now| spent.left(now)), [0, 0, 1]);
    }

    #[test]
    fn the_highest_cap_does_not_overflow() {
        let full = Desk { used: u32::MAX, ..desk(u32::MAX) };
        assert_eq!((full.left(0), full.after_one_more(0)), (0, None));
    }

    proptest! {
        #[test]
        fn no_day_has_more_uses_than_its_cap(cap in 0..4_u32, pauses in prop::collection::vec(0..DAY, 0..40)) {
            let (mut desk, mut now, mut days) = (desk(cap), 0, BTreeMap::<_, u32>::new());
            for pause in pauses {
                now += pause;
                let used = days.entry(now / DAY).or_default();
                prop_assert_eq!(desk.left(now), cap - *used);
                let after = desk.after_one_more(now);
                prop_assert_eq!(after.is_some(), *used < cap);
                if let Some(after) = after {
                    desk = after;
                    *used += 1;
                }
            }
        }
    }
}
