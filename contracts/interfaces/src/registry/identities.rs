//! Identities: verified persons and entities, and the accounts that belong to them.

use super::{Reason, RegistryError, Tier};
use crate::{AccountId, Hash, Moment};

/// A verified person or entity: a salted hash, made so that the same one always gets the same and nobody can tell whose
/// it is.
pub type IdentityId = Hash;

/// What is said of an identity when an account is attested to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Attest {
    /// To which identity the account belongs.
    pub identity: IdentityId,
    /// How thoroughly it was verified.
    pub tier: Tier,
    /// The last moment at which this holds.
    pub expires: Moment,
    /// A salted hash of the attestor's record. Nothing personal comes on chain.
    pub commitment: Hash,
}

/// What was last said of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Attestation {
    /// By whom.
    pub attestor: AccountId,
    /// How thoroughly it was verified.
    pub tier: Tier,
    /// The last moment at which this holds.
    pub expires: Moment,
    /// A salted hash of the attestor's record.
    pub commitment: Hash,
    /// Whether the identity counts in the population: until it is revoked, or noted that its time is over.
    pub counts: bool,
}

impl Attestation {
    /// Whether the identity is attested at a moment, if nothing changes before.
    pub fn holds(&self, now: Moment) -> bool {
        self.counts && now <= self.expires
    }
}

/// Who belongs to whom. What an attestor does is within its accreditation.
#[ink::trait_definition]
pub trait Identities {
    /// The identity to which an account belongs now, attested or not.
    #[ink(message)]
    fn identity_of(&self, account: AccountId) -> Option<IdentityId>;

    /// The identity to which an account belonged at the end of `moment`, if that identity was attested then. A freeze plays
    /// no role: who may stop payments must not be able to silence voters.
    #[ink(message)]
    fn identity_at(&self, account: AccountId, moment: Moment) -> Result<Option<IdentityId>, RegistryError>;

    /// How many identities were attested at the end of `moment`. One that had expired still counts if nobody had
    /// [said so](Self::expire): a quorum of identities errs on the high side until somebody does.
    #[ink(message)]
    fn population_at(&self, moment: Moment) -> Result<u32, RegistryError>;

    /// What was last said of an identity.
    #[ink(message)]
    fn attestation(&self, identity: IdentityId) -> Option<Attestation>;

    /// Says that `account`, which belongs to no identity, belongs to this one from now on, and that the identity is
    /// attested, until a future moment at most [`VALIDITY`](super::limits::VALIDITY) ahead. If it is attested already, it
    /// must be in these very terms: with another account nobody changes by accident what somebody else has said. Only an
    /// attestor can that may grant the tier.
    #[ink(message)]
    fn attest(&mut self, account: AccountId, attest: Attest) -> Result<(), RegistryError>;

    /// Attests an identity anew that was attested once: at this tier, until a future moment at most
    /// [`VALIDITY`](super::limits::VALIDITY) ahead. Only an attestor can that may grant the tier, and also the one at which
    /// the identity is attested now, if it is: nobody takes away what is above them.
    #[ink(message)]
    fn renew(
        &mut self,
        identity: IdentityId,
        tier: Tier,
        expires: Moment,
        commitment: Hash,
    ) -> Result<(), RegistryError>;

    /// Says that an identity is attested no more from now on. Its accounts belong to it still, and it can be attested anew.
    /// Only the attestor that attested or renewed it last can, or the governor. What the reason means is told by the
    /// record off chain.
    #[ink(message)]
    fn revoke(&mut self, identity: IdentityId, reason: Reason) -> Result<(), RegistryError>;

    /// Notes that the time of an identity's attestation is over: it does not count in the population any more. Anyone can.
    #[ink(message)]
    fn expire(&mut self, identity: IdentityId) -> Result<(), RegistryError>;

    /// Says that `account` belongs to no identity from now on. Only the account itself can, or the attestor that attested or
    /// renewed its identity last; and not while the identity is frozen, which the account could else escape.
    #[ink(message)]
    fn detach(&mut self, account: AccountId) -> Result<(), RegistryError>;
}

/// What payers ask the registry.
#[ink::trait_definition]
pub trait Attestations {
    /// Whether an account belongs to an identity that is attested at this tier or a higher one, and neither of them is
    /// frozen, now.
    #[ink(message)]
    fn is_cleared(&self, account: AccountId, tier: Tier) -> bool;
}

/// An account belongs to an identity from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The account.
    #[ink(topic)]
    pub account: AccountId,
    /// The identity.
    #[ink(topic)]
    pub identity: IdentityId,
}

/// An account belongs to no identity from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detached {
    /// The account.
    #[ink(topic)]
    pub account: AccountId,
    /// The identity to which it belonged.
    #[ink(topic)]
    pub identity: IdentityId,
    /// By whom.
    pub by: AccountId,
}

/// An identity is attested from now on, for the first time, anew, or otherwise than before.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// Which.
    #[ink(topic)]
    pub identity: IdentityId,
    /// By whom.
    #[ink(topic)]
    pub attestor: AccountId,
    /// How thoroughly it was verified.
    pub tier: Tier,
    /// The last moment at which this holds.
    pub expires: Moment,
    /// A salted hash of the attestor's record.
    pub commitment: Hash,
}

/// An identity is attested no more from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Which.
    #[ink(topic)]
    pub identity: IdentityId,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
    /// Why.
    pub reason: Reason,
}

/// The time of an identity's attestation was over before, and it does not count in the population from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// Which.
    #[ink(topic)]
    pub identity: IdentityId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attestation_holds_up_to_its_last_moment_while_it_counts() {
        let attestation = Attestation {
            attestor: AccountId::from([1; 32]),
            tier: 0,
            expires: 10,
            commitment: Hash::default(),
            counts: true,
        };
        assert_eq!([0, 10, 11].map(|now| attestation.holds(now)), [true, true, false]);
        assert!(!Attestation { counts: false, ..attestation }.holds(0));
    }
}
