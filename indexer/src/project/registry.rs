//! Whose wallets are whose, and who says so.

use super::{Origin, Table};
use crate::{decode::RegistryEvent, facts::Height};
use interfaces::{
    AccountId,
    registry::{Accreditation, Accredited, Attested, Detached, Disaccredited, IdentityId},
};

/// What a batch changes about identities.
#[derive(Debug, Default)]
pub struct Registry {
    /// The identity of an account, and the block in which that was said.
    pub identities: Table<AccountId, (IdentityId, Height)>,
    /// What attestors may do, and the block in which that was said.
    pub attestors: Table<AccountId, (Accreditation, Height)>,
}

impl Registry {
    /// What follows from an event of the registry.
    pub(super) fn apply(&mut self, origin: Origin, event: RegistryEvent) {
        match event {
            RegistryEvent::Attested(Attested { account, identity }) => {
                self.identities.put(account, (identity, origin.height));
            }
            RegistryEvent::Detached(Detached { account, .. }) => self.identities.remove(account),
            RegistryEvent::Accredited(Accredited { attestor, accreditation }) => {
                self.attestors.put(attestor, (accreditation, origin.height));
            }
            RegistryEvent::Disaccredited(Disaccredited { attestor }) => self.attestors.remove(attestor),
            _ => {}
        }
    }
}
