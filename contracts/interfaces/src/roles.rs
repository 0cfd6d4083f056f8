//! Roles: what accounts may do in the systems around the contracts. The registry knows who has which.

use crate::{AccountId, Moment, registry::RegistryError};

/// What an account may do for the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Role {
    /// Decides cases of compliance.
    ComplianceOfficer,
    /// Reads the audit log.
    Auditor,
    /// Runs the systems: steers feature flags and reports on releases.
    Operator,
    /// Approves payments of the treasury.
    TreasurySigner,
    /// A program and not a person.
    ServiceKey,
}

/// Who has which role.
#[ink::trait_definition]
pub trait Roles {
    /// Gives an account a role up to a future moment, in place of the one up to which it had it. Only the governor can.
    #[ink(message)]
    fn grant_role(&mut self, account: AccountId, role: Role, until: Moment) -> Result<(), RegistryError>;

    /// Takes a role away from an account. Only the governor can.
    #[ink(message)]
    fn revoke_role(&mut self, account: AccountId, role: Role) -> Result<(), RegistryError>;

    /// Whether an account has a role at this block's time.
    #[ink(message)]
    fn has_role(&self, account: AccountId, role: Role) -> bool;

    /// The last moment at which an account has, or had, a role that was granted to it and not revoked.
    #[ink(message)]
    fn role_until(&self, account: AccountId, role: Role) -> Option<Moment>;
}

/// An account has a role from now on, up to a moment.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGranted {
    /// Who.
    #[ink(topic)]
    pub account: AccountId,
    /// Which.
    #[ink(topic)]
    pub role: Role,
    /// The last moment.
    pub until: Moment,
}

/// An account does not have a role any more.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRevoked {
    /// Who.
    #[ink(topic)]
    pub account: AccountId,
    /// Which.
    #[ink(topic)]
    pub role: Role,
}
