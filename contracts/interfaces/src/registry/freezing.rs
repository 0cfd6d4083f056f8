//! Freezing: barring from payments.

use super::{IdentityId, RegistryError};
use crate::AccountId;

/// Why something was revoked, frozen or unfrozen: a code whose meaning is told by the record off chain.
pub type Reason = u16;

/// What can be frozen. An account is as long as it says so, whomever it belongs to; an identity is with all its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Subject {
    /// One account. It need not belong to an identity: lists of sanctions name addresses.
    Account(AccountId),
    /// An identity, attested or not yet.
    Identity(IdentityId),
}

/// What compliance officers do. A freeze bars payments and nothing else: votes are cast and counted as ever.
#[ink::trait_definition]
pub trait Freezing {
    /// Lets a subject be paid no more from now on. Only an account can that has the role of a compliance officer.
    #[ink(message)]
    fn freeze(&mut self, subject: Subject, reason: Reason) -> Result<(), RegistryError>;

    /// Ends a freeze. Only an account can that has the role of a compliance officer.
    #[ink(message)]
    fn unfreeze(&mut self, subject: Subject, reason: Reason) -> Result<(), RegistryError>;

    /// Why a subject is frozen, if it is.
    #[ink(message)]
    fn frozen(&self, subject: Subject) -> Option<Reason>;
}

/// A subject can be paid no more from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Who.
    #[ink(topic)]
    pub subject: Subject,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
    /// Why.
    pub reason: Reason,
}

/// A subject is frozen no more.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfrozen {
    /// Who.
    #[ink(topic)]
    pub subject: Subject,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
    /// Why.
    pub reason: Reason,
}
