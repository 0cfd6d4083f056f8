//! Feature flags: who sees what, within a ceiling that governance sets and operators cannot raise.

use super::SettingsError;
use crate::{AccountId, governor::Kind, key::Key};
use ballot::BasisPoints;
use ink::prelude::string::String;

/// What is enforced of a flag. Whoever asks for the flag and is not among those exposed to it gets its default variant,
/// and so does everyone while it is killed; the others get what its body says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Control {
    /// Which proposals may set it.
    pub owner: Kind,
    /// The share of all that may be exposed to it at most.
    pub ceiling: BasisPoints,
    /// The share of all that is; at most the ceiling, and 0 while it is killed.
    pub exposure: BasisPoints,
    /// Whether it is killed: its exposure stays 0 until it is revived.
    pub killed: bool,
}

/// A flag.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Flag {
    /// What is enforced.
    pub control: Control,
    /// What it says.
    pub body: String,
}

/// What governance wants a flag to be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct FlagOrder {
    /// Which proposals may set it from now on.
    pub owner: Kind,
    /// The share of all that may be exposed to it at most.
    pub ceiling: BasisPoints,
    /// The share of all that is exposed to it at first; at most the ceiling. A killed flag's stays 0.
    pub exposure: BasisPoints,
    /// Its state, variants, default variant and targeting, in flagd's JSON: 1 to [`BODY`](super::limits::BODY) bytes. The
    /// contract does not read it.
    pub body: String,
}

/// What can be done with flags.
#[ink::trait_definition]
pub trait Flags {
    /// Sets a flag. A new one is for proposals of kind [`Kind::ParameterChange`], one that is there for its owner. A
    /// killed one stays so: what was voted on before it was killed does not bring it back. Only the governor can.
    #[ink(message)]
    fn set_flag(&mut self, kind: Kind, flag: Key, order: FlagOrder) -> Result<(), SettingsError>;

    /// Sets a flag's exposure to a share of all, up to its ceiling. Only an operator can.
    #[ink(message)]
    fn expose(&mut self, flag: Key, exposure: BasisPoints) -> Result<(), SettingsError>;

    /// Kills a flag. Only an operator can.
    #[ink(message)]
    fn kill(&mut self, flag: Key) -> Result<(), SettingsError>;

    /// Ends a flag's being killed; its exposure is 0 and has to be raised by a step of its own. Only an operator can: it
    /// gains nothing that it could not do before the kill, and who need not wait for a vote does not hesitate to kill.
    #[ink(message)]
    fn revive(&mut self, flag: Key) -> Result<(), SettingsError>;

    /// A flag.
    #[ink(message)]
    fn flag(&self, flag: Key) -> Option<Flag>;

    /// How many flags there are; their numbers are below this.
    #[ink(message)]
    fn flag_count(&self) -> u32;

    /// The name of the flag with this number.
    #[ink(message)]
    fn flag_key(&self, number: u32) -> Option<Key>;
}

/// Governance has set a flag.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagSet {
    /// Which.
    #[ink(topic)]
    pub flag: Key,
    /// What is enforced.
    pub control: Control,
    /// What it says.
    pub body: String,
}

/// An operator has changed a flag's exposure, killed or revived it. What it says is as before.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagSteered {
    /// Which.
    #[ink(topic)]
    pub flag: Key,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
    /// What is enforced.
    pub control: Control,
}
