//! Freezing, and who may.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    AccountId,
    refusal::refuse,
    registry::{Frozen, Reason, RegistryError, Subject, Unfrozen},
    roles::Role,
};

impl Registry {
    pub(crate) fn freeze_as_caller(&mut self, subject: Subject, reason: Reason) {
        let by = self.officer();
        if self.frozen.insert(subject, &reason).is_some() {
            refuse(RegistryError::AlreadyFrozen);
        }
        self.env().emit_event(Frozen { subject, by, reason });
    }

    pub(crate) fn unfreeze_as_caller(&mut self, subject: Subject, reason: Reason) {
        let by = self.officer();
        if !self.frozen.contains(subject) {
            refuse(RegistryError::NotFrozen);
        }
        self.frozen.remove(subject);
        self.env().emit_event(Unfrozen { subject, by, reason });
    }

    /// The caller, if it is a compliance officer.
    fn officer(&self) -> AccountId {
        let caller = self.caller();
        if !self.has(caller, Role::ComplianceOfficer) {
            refuse(RegistryError::NotOfficer);
        }
        caller
    }
}
