//! What governance tells the systems: parameters, feature flags, releases, and anchors of audit logs.

mod anchors;
mod flagd;
mod flags;
mod parameters;
mod releases;

pub use anchors::{Anchor, AnchorOrigin};
pub use flagd::{FLAGD_SCHEMA, Flagd, flagd_flag};
pub use flags::{FLAG_ACTIONS, Flag, FlagAction, FlagEntry, flag_json};
pub use parameters::{
    InForce, PARAMETER_ACTIONS, Parameter, ParameterAction, ParameterBounds, ParameterEntry, ParameterValue,
    ScheduledChange,
};
pub use releases::{
    RELEASE_STAGES, ReleaseReport, ReleaseReported, ReleaseRunning, ReleaseStage, ReleaseStep, ReleaseStrategy,
    ReleaseThreshold, SoftwareRelease,
};
