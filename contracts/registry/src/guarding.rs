//! Who may do what, and what can be told of which moment.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{AccountId, Moment, refusal::refuse, registry::RegistryError};

impl Registry {
    pub(crate) fn now(&self) -> Moment {
        self.env().block_timestamp()
    }

    pub(crate) fn caller(&self) -> AccountId {
        self.env().caller()
    }

    pub(crate) fn is_governed(&self) -> bool {
        self.governor.get() == Some(self.caller())
    }

    pub(crate) fn only_governor(&self) {
        if !self.is_governed() {
            refuse(RegistryError::NotGovernor);
        }
    }

    /// Refuses moments whose end can still change.
    pub(crate) fn only_past(&self, moment: Moment) {
        if moment >= self.now() {
            refuse(RegistryError::NotYetPast);
        }
    }

    /// Refuses an end that is not to come.
    pub(crate) fn only_future(&self, end: Moment) {
        if end <= self.now() {
            refuse(RegistryError::BadExpiry);
        }
    }
}
