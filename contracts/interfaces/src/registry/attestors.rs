//! Attestors: who may vouch for identities.

use super::{RegistryError, limits};
use crate::AccountId;

/// How thoroughly an identity was verified: below [`limits::TIERS`]. A tier includes all that are below it.
pub type Tier = u8;

/// A set of tiers: bit `n` stands for tier `n`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Tiers(pub u16);

impl Tiers {
    /// Whether a tier is among them. None from [`limits::TIERS`] on is.
    pub fn contain(self, tier: Tier) -> bool {
        tier < limits::TIERS && (self.0 >> tier) & 1 == 1
    }
}

impl FromIterator<Tier> for Tiers {
    /// Leaves out what is no tier.
    fn from_iter<I: IntoIterator<Item = Tier>>(tiers: I) -> Self {
        let bit = |tier: Tier| 1_u16.checked_shl(tier.into()).unwrap_or_default();
        Self(tiers.into_iter().map(bit).fold(0, core::ops::BitOr::bitor))
    }
}

/// What an attestor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Accreditation {
    /// The tiers that it may grant.
    pub tiers: Tiers,
    /// How often it may attest and renew in a day of UTC, taken together.
    pub daily_cap: u32,
}

/// Who attests.
#[ink::trait_definition]
pub trait Attestors {
    /// Lets an account attest as the accreditation says, in place of what it was allowed before; what it did today counts
    /// on. Only the governor can.
    #[ink(message)]
    fn accredit(&mut self, attestor: AccountId, accreditation: Accreditation) -> Result<(), RegistryError>;

    /// Ends an accreditation. What the attestor attested stays, and it can neither revoke nor detach any of it. Only the
    /// governor can.
    #[ink(message)]
    fn disaccredit(&mut self, attestor: AccountId) -> Result<(), RegistryError>;

    /// What an account may do as an attestor, if it is one.
    #[ink(message)]
    fn accreditation(&self, attestor: AccountId) -> Option<Accreditation>;

    /// How often an account may still attest and renew today.
    #[ink(message)]
    fn left_today(&self, attestor: AccountId) -> u32;
}

/// An account may attest from now on, in this way.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accredited {
    /// Who.
    #[ink(topic)]
    pub attestor: AccountId,
    /// In which way.
    pub accreditation: Accreditation,
}

/// An account attests no more from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disaccredited {
    /// Who.
    #[ink(topic)]
    pub attestor: AccountId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_tiers_that_were_put_in_and_no_others() {
        let tiers: Tiers = [0, 3, 15, 16, 255].into_iter().collect();
        assert_eq!(tiers, Tiers(0b1000_0000_0000_1001));
        let among: Vec<_> = (0..=Tier::MAX).filter(|tier| tiers.contain(*tier)).collect();
        assert_eq!(among, [0, 3, 15]);
    }
}
