//! Roles, up to a moment.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    AccountId, Moment,
    refusal::refuse,
    registry::RegistryError,
    roles::{Role, RoleGranted, RoleRevoked},
};

impl Registry {
    pub(crate) fn has(&self, account: AccountId, role: Role) -> bool {
        self.roles.get((account, role)).is_some_and(|until| self.now() <= until)
    }

    pub(crate) fn grant(&mut self, account: AccountId, role: Role, until: Moment) {
        self.only_future(until);
        self.roles.insert((account, role), &until);
        self.env().emit_event(RoleGranted { account, role, until });
    }

    pub(crate) fn take_away(&mut self, account: AccountId, role: Role) {
        if !self.roles.contains((account, role)) {
            refuse(RegistryError::NoRole);
        }
        self.roles.remove((account, role));
        self.env().emit_event(RoleRevoked { account, role });
    }
}
