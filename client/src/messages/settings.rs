//! Messages of the settings.

use super::messages;
use ballot::BasisPoints;
use interfaces::{
    AccountId, Hash, Moment,
    governor::Kind,
    key::Key,
    settings::{
        Anchor, Definition, Flag, FlagOrder, Parameter, Release, ReleaseId, Report, SettingsError, Stage, Value,
    },
};

messages!(Settings {
    /// Whose orders they follow.
    governor() -> AccountId;
    /// Who knows the operators.
    registry() -> AccountId;
});

messages!(Parameters {
    /// Says what a parameter is, and sets it; only the governor may.
    define(kind: Kind, key: &Key, definition: &Definition, value: &Value) -> Result<(), SettingsError>;
    /// Sets a parameter, at once or from a moment on; only the governor may.
    set(kind: Kind, key: &Key, value: &Value, from: Option<Moment>) -> Result<(), SettingsError>;
    /// Drops the change to come; only the governor may.
    cancel(kind: Kind, key: &Key) -> Result<(), SettingsError>;
    /// Lets a parameter have no value; only the governor may.
    retire(kind: Kind, key: &Key) -> Result<(), SettingsError>;
    /// A parameter.
    parameter(key: &Key) -> Option<Parameter>;
    /// Its value at a past moment.
    value_at(key: &Key, moment: Moment) -> Result<Option<Value>, SettingsError>;
    /// How many parameters were ever defined.
    parameter_count() -> u32;
    /// The name of the parameter with this number.
    parameter_key(number: u32) -> Option<Key>;
});

messages!(Flags {
    /// Sets a flag; only the governor may.
    set_flag(kind: Kind, flag: &Key, order: &FlagOrder) -> Result<(), SettingsError>;
    /// Sets a flag's exposure; only an operator may.
    expose(flag: &Key, exposure: BasisPoints) -> Result<(), SettingsError>;
    /// Kills a flag; only an operator may.
    kill(flag: &Key) -> Result<(), SettingsError>;
    /// Ends a flag's being killed; only an operator may.
    revive(flag: &Key) -> Result<(), SettingsError>;
    /// A flag.
    flag(flag: &Key) -> Option<Flag>;
    /// How many flags there are.
    flag_count() -> u32;
    /// The name of the flag with this number.
    flag_key(number: u32) -> Option<Key>;
});

messages!(Releases {
    /// Approves a release; only the governor may.
    approve_release(kind: Kind, release: &Release) -> Result<ReleaseId, SettingsError>;
    /// Says how far a release has come; only an operator may.
    report(release: ReleaseId, report: Report) -> Result<(), SettingsError>;
    /// Withdraws the approval of a release; only the governor may.
    revoke(kind: Kind, release: ReleaseId) -> Result<(), SettingsError>;
    /// What was approved.
    release(release: ReleaseId) -> Option<Release>;
    /// How far it has come.
    stage(release: ReleaseId) -> Option<Stage>;
    /// How many releases were ever approved.
    release_count() -> ReleaseId;
});

messages!(Anchors {
    /// Notes what the log of an origin is.
    anchor(origin: &Key, size: u64, root: Hash) -> Result<(), SettingsError>;
    /// How often the log of an origin was anchored.
    anchor_count(origin: &Key) -> u32;
    /// An anchor by its number.
    anchor_at(origin: &Key, number: u32) -> Option<Anchor>;
    /// The latest anchor.
    latest(origin: &Key) -> Option<Anchor>;
    /// How many origins there are.
    origin_count() -> u32;
    /// The name of the origin with this number.
    origin_key(number: u32) -> Option<Key>;
});
