//! Roles: what accounts may do in the systems around the contracts. The registry knows who has which.

use crate::AccountId;

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
    /// Whether an account has a role at this block's time.
    #[ink(message)]
    fn has_role(&self, account: AccountId, role: Role) -> bool;
}
