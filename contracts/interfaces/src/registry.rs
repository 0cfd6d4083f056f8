//! The registry: which accounts belong to which verified person.

use crate::{AccountId, Hash, Moment, ProposalId};
use ballot::{OptionId, quadratic::IdentityVotes};
use ink::prelude::vec::Vec;

/// A verified person: a salted hash, made so that one person always gets the same and nobody can tell whose it is.
pub type IdentityId = Hash;

/// Why the registry refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RegistryError {
    /// The caller is not the attestor.
    NotAttestor,
    /// The caller is not the governor.
    NotGovernor,
    /// The account belongs to an identity already.
    AlreadyAttested,
    /// The account belongs to no identity.
    NotAttested,
    /// The moment is not strictly before the present block, and what was at its end can still change.
    NotYetPast,
    /// The identity's votes cost more than its voice credits.
    OverBudget,
    /// A number is beyond what can be stored, or votes that were never bought are given back.
    Overflow,
}

/// The registry's messages.
#[ink::trait_definition]
pub trait Identities {
    /// The identity to which an account belongs now.
    #[ink(message)]
    fn identity_of(&self, account: AccountId) -> Option<IdentityId>;

    /// The identity to which an account belonged at the end of `moment`.
    #[ink(message)]
    fn identity_at(&self, account: AccountId, moment: Moment) -> Result<Option<IdentityId>, RegistryError>;

    /// How many identities had at least one account at the end of `moment`.
    #[ink(message)]
    fn population_at(&self, moment: Moment) -> Result<u32, RegistryError>;

    /// Says that `account`, which belongs to no identity, belongs to this one from now on. Other accounts may too. Only
    /// the attestor can.
    #[ink(message)]
    fn attest(&mut self, account: AccountId, identity: IdentityId) -> Result<(), RegistryError>;

    /// Says that `account` belongs to no identity from now on. Only the attestor can.
    #[ink(message)]
    fn revoke(&mut self, account: AccountId) -> Result<(), RegistryError>;

    /// Names another attestor. What was attested before stays. Only the governor can.
    #[ink(message)]
    fn set_attestor(&mut self, attestor: AccountId) -> Result<(), RegistryError>;

    /// Who says which account belongs to whom.
    #[ink(message)]
    fn attestor(&self) -> AccountId;

    /// Who names the attestor.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}

/// What an identity votes in a quadratic poll, before a purchase of one of its accounts and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Bought {
    /// Whose votes they are.
    pub identity: IdentityId,
    /// With all accounts together, before.
    pub before: IdentityVotes,
    /// With all accounts together, after.
    pub after: IdentityVotes,
}

/// The voice credits of identities.
#[ink::trait_definition]
pub trait Credits {
    /// Buys votes in the caller's quadratic poll of this number, out of the `credits` that the identity to which
    /// `account` belonged at the end of `moment` has for it: `new` ones in place of the `old` ones, which the same
    /// account bought. Whoever asks has polls of its own, apart from those of anybody else.
    #[ink(message)]
    fn buy(
        &mut self,
        poll: ProposalId,
        account: AccountId,
        moment: Moment,
        old: Vec<(OptionId, u32)>,
        new: Vec<(OptionId, u32)>,
        credits: u32,
    ) -> Result<Bought, RegistryError>;
}

/// What payers ask the registry.
#[ink::trait_definition]
pub trait Attestations {
    /// Whether an account has a valid attestation of this tier, or of one that includes it, and is not frozen, now.
    #[ink(message)]
    fn is_cleared(&self, account: AccountId, tier: u8) -> bool;
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
pub struct Revoked {
    /// The account.
    #[ink(topic)]
    pub account: AccountId,
    /// The identity to which it belonged.
    #[ink(topic)]
    pub identity: IdentityId,
}

/// Another account is the attestor from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestorChanged {
    /// Which.
    pub attestor: AccountId,
}
