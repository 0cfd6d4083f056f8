//! What governance tells the systems: parameters, feature flags, releases, and anchors of audit logs.

mod anchors;
mod flags;
mod parameters;
mod releases;

pub use anchors::{AnchorRow, Anchors, Log};
pub use flags::{Flag, FlagAction, FlagRow, Flags};
pub use parameters::{Parameter, ParameterAction, ParameterRow, Parameters};
pub use releases::{Release, Releases, ReportRow, Reported};

use super::Origin;
use crate::decode::SettingsEvent;
use interfaces::{ProposalId, key::Key, settings::ReleaseId};
use std::collections::BTreeSet;

/// The settings that a batch is about.
#[derive(Debug, Default)]
pub struct Settings {
    /// Values that systems go by.
    pub parameters: Parameters,
    /// Who sees what.
    pub flags: Flags,
    /// What may be rolled out, and how far it has come.
    pub releases: Releases,
    /// What audit logs were.
    pub anchors: Anchors,
}

/// What must be known of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SettingsNeeds {
    /// Parameters that are changed.
    pub parameters: BTreeSet<Key>,
    /// Flags that are set or steered.
    pub flags: BTreeSet<Key>,
    /// Releases that something is said of; new ones too, so that a second one of the same number shows.
    pub releases: BTreeSet<ReleaseId>,
    /// Origins whose logs are anchored.
    pub origins: BTreeSet<Key>,
}

impl SettingsNeeds {
    /// Adds what an event needs.
    pub(super) fn add(&mut self, event: &SettingsEvent) {
        use SettingsEvent as E;
        let _new = match event {
            E::ParameterDefined(event) => self.parameters.insert(event.key.clone()),
            E::ParameterSet(event) => self.parameters.insert(event.key.clone()),
            E::ParameterRetired(event) => self.parameters.insert(event.key.clone()),
            E::FlagSet(event) => self.flags.insert(event.flag.clone()),
            E::FlagSteered(event) => self.flags.insert(event.flag.clone()),
            E::ReleaseApproved(event) => self.releases.insert(event.release),
            E::ReleaseReported(event) => self.releases.insert(event.release),
            E::ReleaseRevoked(event) => self.releases.insert(event.release),
            E::Anchored(event) => self.origins.insert(event.origin.clone()),
        };
    }
}

impl Settings {
    /// What follows from an event of the settings. `ordered` is the proposal whose execution ordered it, if only
    /// governance can have.
    pub(super) fn apply(
        &mut self,
        origin: Origin,
        ordered: Option<ProposalId>,
        event: SettingsEvent,
    ) -> Result<(), String> {
        use SettingsEvent as E;
        match event {
            E::ParameterDefined(event) => {
                self.parameters.defined(origin, ordered, event);
                Ok(())
            }
            E::ParameterSet(event) => self.parameters.set(origin, ordered, event),
            E::ParameterRetired(event) => self.parameters.retired(origin, ordered, event),
            E::FlagSet(event) => {
                self.flags.set(origin, ordered, event);
                Ok(())
            }
            E::FlagSteered(event) => self.flags.steered(origin, event),
            E::ReleaseApproved(event) => self.releases.approved(origin, ordered, event),
            E::ReleaseReported(event) => self.releases.reported(origin, event),
            E::ReleaseRevoked(event) => self.releases.revoked(origin, ordered, event),
            E::Anchored(event) => self.anchors.anchored(origin, event),
        }
    }
}
