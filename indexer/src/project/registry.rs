//! Whose wallets are whose.

use super::{Origin, Table};
use crate::{decode::RegistryEvent, facts::Height};
use interfaces::{
    AccountId,
    registry::{Attested, AttestorChanged, IdentityId, Revoked},
};

/// What a batch changes about identities.
#[derive(Debug, Default)]
pub struct Registry {
    /// The identity of an account, and the block in which that was said.
    pub identities: Table<AccountId, (IdentityId, Height)>,
    /// Who says so from now on.
    pub attestor: Option<AccountId>,
}

impl Registry {
    /// What follows from an event of the registry.
    pub(super) fn apply(&mut self, origin: Origin, event: RegistryEvent) {
        match event {
            RegistryEvent::Attested(Attested { account, identity }) => {
                self.identities.put(account, (identity, origin.height));
            }
            RegistryEvent::Revoked(Revoked { account, .. }) => self.identities.remove(account),
            RegistryEvent::AttestorChanged(AttestorChanged { attestor }) => self.attestor = Some(attestor),
        }
    }
}
