//! The settings: what the organisation's systems are told by governance. Parameters, feature flags, releases, and
//! anchors of the audit log.
//!
//! What governance may order is told by the kind of proposal that the order comes from, and is the first argument of
//! each such message. The contract believes the governor, which lets no proposal name another kind than its own.

mod anchors;
mod flags;
mod parameters;
mod releases;

pub use anchors::{Anchor, Anchored, Anchors};
pub use flags::{Control, Flag, FlagOrder, FlagSet, FlagSteered, Flags};
pub use parameters::{
    Bounds, Change, Course, Decimal, Definition, Parameter, ParameterDefined, ParameterRetired, ParameterSet,
    Parameters, Value,
};
pub use releases::{
    Limit, Release, ReleaseApproved, ReleaseId, ReleaseReported, ReleaseRevoked, Releases, Report, Stage, Step,
    Strategy, Threshold,
};

use crate::{AccountId, governor::Kind};

/// Bounds on what can be set; every one keeps a storage cell or an event within the 16 KiB that a contract can handle
/// at once, and an order within the input that a proposal's calls can have.
pub mod limits {
    /// Longest lifetime note of a parameter, in bytes.
    pub const NOTE: usize = 256;
    /// Longest text that a parameter's bounds can allow, in bytes.
    pub const TEXT: u16 = 1_024;
    /// Most decimals of a decimal number: as many digits as every integer of 128 bits can have.
    pub const DECIMALS: u8 = 38;
    /// Longest body of a flag, in bytes.
    pub const BODY: usize = 2_048;
    /// Most steps of a canary release.
    pub const STEPS: usize = 16;
    /// Most thresholds of a canary release.
    pub const THRESHOLDS: usize = 16;
}

/// Why the settings refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum SettingsError {
    /// The caller is not the governor.
    NotGovernor,
    /// Only proposals of this kind may order that.
    WrongKind(Kind),
    /// The caller is no operator.
    NotOperator,
    /// The registry did not answer.
    RegistryFailed,
    /// There is no parameter, flag or release of this name or number.
    Unknown,
    /// No value is within these bounds, or they are beyond what can be stored.
    BadBounds,
    /// The lifetime note is too long.
    BadNote,
    /// The value, or what a parameter is to be, is of another type than the parameter.
    WrongType,
    /// The value is not within the parameter's bounds.
    OutOfBounds,
    /// The parameter is retired.
    Retired,
    /// No change of the parameter is to come.
    NotScheduled,
    /// The moment is not strictly before the present block, and what was at its end can still change.
    NotYetPast,
    /// The body of a flag is empty or too long.
    BadBody,
    /// The exposure is above the flag's ceiling.
    AboveCeiling,
    /// The flag is killed.
    Killed,
    /// The flag is not killed.
    NotKilled,
    /// A canary release has no steps or too many, or too many thresholds, or one with too many decimals.
    BadStrategy,
    /// The release would expire now or in the past.
    BadExpiry,
    /// The release is at a stage at which this cannot be done.
    WrongStage(Stage),
    /// The release has expired.
    Expired,
    /// The present step of the release has not been held for as long as was approved.
    TooEarly,
    /// The caller holds no key that is valid now for signing the checkpoints of this origin.
    NoKey,
    /// This was anchored already, or the log is empty.
    NothingNew,
    /// A larger log was anchored already.
    Shrinks,
    /// A log of the same size with another root was anchored already.
    Forks,
    /// A number is beyond what can be stored.
    Overflow,
}

/// Whom the settings follow.
#[ink::trait_definition]
pub trait Settings {
    /// Whose orders they follow.
    #[ink(message)]
    fn governor(&self) -> AccountId;

    /// Who knows the operators, and who may anchor.
    #[ink(message)]
    fn registry(&self) -> AccountId;
}
