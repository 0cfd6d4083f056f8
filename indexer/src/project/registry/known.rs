//! What must be known of the registry's past.

use super::{Freeze, Identity, Member, Office, PublishedKey, Tenure, role_name};
use crate::{decode::RegistryEvent, facts::Height, project::Table};
use interfaces::{
    AccountId,
    registry::{Accreditation, IdentityId, KeyId, Subject},
};
use std::collections::BTreeSet;

/// What must be known of it to project a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct RegistryNeeds {
    /// Accounts that join or leave identities, or are frozen or not.
    pub members: BTreeSet<AccountId>,
    /// Identities of which something is said.
    pub identities: BTreeSet<IdentityId>,
    /// What is frozen or not, and what could be.
    pub subjects: BTreeSet<Subject>,
    /// Accounts that are linked.
    pub linked: BTreeSet<AccountId>,
    /// Attestors whose accreditation changes.
    pub attestors: BTreeSet<AccountId>,
    /// Roles that are taken away.
    pub roles: BTreeSet<Office>,
    /// Keys that are published or revoked.
    pub keys: BTreeSet<KeyId>,
}

/// What was known before a batch.
#[derive(Debug, Default)]
pub struct Known {
    /// Of [`RegistryNeeds::members`].
    pub members: Table<AccountId, Member>,
    /// Of [`RegistryNeeds::identities`].
    pub identities: Table<IdentityId, Identity>,
    /// Of [`RegistryNeeds::subjects`].
    pub freezes: Table<Subject, Freeze>,
    /// Of [`RegistryNeeds::linked`].
    pub nonces: Table<AccountId, u32>,
    /// Of [`RegistryNeeds::attestors`].
    pub attestors: Table<AccountId, (Accreditation, Height)>,
    /// Of [`RegistryNeeds::roles`].
    pub roles: Table<Office, Tenure>,
    /// Of [`RegistryNeeds::keys`].
    pub keys: Table<KeyId, PublishedKey>,
    /// How many identities count.
    pub population: u32,
}

impl RegistryNeeds {
    pub(in crate::project) fn add(&mut self, event: &RegistryEvent) {
        use RegistryEvent as E;
        match event {
            E::Attested(event) => {
                self.members.insert(event.account);
            }
            E::Detached(event) => {
                self.members.insert(event.account);
            }
            E::Linked(event) => {
                self.members.insert(event.account);
                self.linked.insert(event.account);
            }
            E::Certified(event) => {
                self.identities.insert(event.identity);
                self.subjects.insert(Subject::Identity(event.identity));
            }
            E::Revoked(event) => {
                self.identities.insert(event.identity);
            }
            E::Expired(event) => {
                self.identities.insert(event.identity);
            }
            E::Accredited(event) => {
                self.attestors.insert(event.attestor);
            }
            E::Disaccredited(event) => {
                self.attestors.insert(event.attestor);
            }
            E::Frozen(event) => self.add_subject(event.subject),
            E::Unfrozen(event) => self.add_subject(event.subject),
            E::RoleGranted(event) => {
                self.roles.insert((event.account, role_name(event.role)));
            }
            E::RoleRevoked(event) => {
                self.roles.insert((event.account, role_name(event.role)));
            }
            // Should not be there yet; asked for so that a second one of the same number shows.
            E::KeyPublished(event) => {
                self.keys.insert(event.number);
            }
            E::KeyRevoked(event) => {
                self.keys.insert(event.number);
            }
        }
    }

    fn add_subject(&mut self, subject: Subject) {
        self.subjects.insert(subject);
        match subject {
            Subject::Account(account) => self.members.insert(account),
            Subject::Identity(identity) => self.identities.insert(identity),
        };
    }
}
