//! Identities and the accounts that belong to them, freezes, roles and keys, and who did what to whom.

mod journal;
mod known;

pub use journal::{Journal, JournalRow};
pub use known::{Known, RegistryNeeds};

use super::{Origin, Table};
use crate::{decode::RegistryEvent, facts::Height};
use interfaces::{
    AccountId, Moment, ProposalId,
    registry::{
        Accreditation, Attestation, Attested, Certified, Detached, Expired, Frozen, IdentityId, KeyId, KeyPublished,
        KeyRevoked, Linked, Reason, Revoked, SigningKey, Subject, Unfrozen,
    },
    roles::{Role, RoleGranted, RoleRevoked},
};
use std::collections::BTreeMap;

/// Every role; their names are [`role_name`]'s.
pub const ROLES: [Role; 5] =
    [Role::ComplianceOfficer, Role::Auditor, Role::Operator, Role::TreasurySigner, Role::ServiceKey];

/// How a role is stored.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::ComplianceOfficer => "compliance_officer",
        Role::Auditor => "auditor",
        Role::Operator => "operator",
        Role::TreasurySigner => "treasury_signer",
        Role::ServiceKey => "service_key",
    }
}

/// What a batch is about of the registry.
#[derive(Debug, Default)]
pub struct Registry {
    /// To whom accounts belong.
    pub members: Table<AccountId, Member>,
    /// What was last said of identities.
    pub identities: Table<IdentityId, Identity>,
    /// Who can be paid by nobody.
    pub freezes: Table<Subject, Freeze>,
    /// How often accounts were linked.
    pub nonces: Table<AccountId, u32>,
    /// What attestors may do, and the block in which that was said.
    pub attestors: Table<AccountId, (Accreditation, Height)>,
    /// Up to which moment who has which role.
    pub roles: Table<Office, Tenure>,
    /// Published keys.
    pub keys: Table<KeyId, PublishedKey>,
    /// How many identities count.
    population: u32,
    /// How many did from each moment of the batch at which that changed.
    pub populations: BTreeMap<Moment, u32>,
    /// Who did what to whom.
    pub journal: Journal,
}

/// What an account may do, by the role's name.
pub type Office = (AccountId, &'static str);

/// An account of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Whose it is.
    pub identity: IdentityId,
    /// The account whose identity it joined by itself.
    pub linked_with: Option<AccountId>,
    /// Block in which it did.
    pub height: Height,
    /// When.
    pub moment: Moment,
}

/// An identity that was attested once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// What was last said.
    pub said: Attestation,
    /// Whether that was revoked.
    pub revoked: bool,
    /// Whether it is frozen.
    pub frozen: bool,
    /// Block of the last change.
    pub height: Height,
}

/// A freeze in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freeze {
    /// Why.
    pub reason: Reason,
    /// By whom.
    pub by: AccountId,
    /// Where that was said.
    pub origin: Origin,
}

/// A role that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenure {
    /// Its last moment.
    pub until: Moment,
    /// Block of its granting.
    pub height: Height,
    /// When it was granted.
    pub moment: Moment,
}

/// A signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub key: SigningKey,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Block of the last change.
    pub height: Height,
}

impl Registry {
    /// What was known before a batch.
    pub fn known(known: Known) -> Self {
        let Known { members, identities, freezes, nonces, attestors, roles, keys, population } = known;
        Self { members, identities, freezes, nonces, attestors, roles, keys, population, ..Self::default() }
    }

    /// What follows from an event of the registry.
    pub(super) fn apply(&mut self, origin: Origin, extrinsic: Option<u32>, event: RegistryEvent) -> Result<(), String> {
        use RegistryEvent as E;
        let row = match event {
            E::Attested(event) => self.attested(origin, event)?,
            E::Detached(event) => self.detached(origin, &event)?,
            E::Certified(event) => return self.certified(origin, extrinsic, event),
            E::Revoked(event) => self.revoked(origin, &event)?,
            E::Expired(event) => self.expired(origin, &event)?,
            E::Linked(event) => return self.linked(origin, extrinsic, &event),
            E::Accredited(event) => {
                self.attestors.put(event.attestor, (event.accreditation, origin.height));
                JournalRow {
                    account: Some(event.attestor),
                    accreditation: Some(event.accreditation),
                    ..JournalRow::new(origin, "accredited")
                }
            }
            E::Disaccredited(event) => {
                self.attestors.get(&event.attestor).ok_or("who was no attestor ceased to be one")?;
                self.attestors.remove(event.attestor);
                JournalRow { account: Some(event.attestor), ..JournalRow::new(origin, "disaccredited") }
            }
            E::Frozen(event) => self.frozen(origin, &event)?,
            E::Unfrozen(event) => self.unfrozen(origin, &event)?,
            E::RoleGranted(event) => self.granted(origin, &event),
            E::RoleRevoked(event) => self.taken(origin, &event)?,
            E::KeyPublished(event) => self.published(origin, event)?,
            E::KeyRevoked(event) => self.key_revoked(origin, &event)?,
        };
        self.journal.add(extrinsic, row);
        Ok(())
    }

    /// The governor told of an execution, which did what it alone can do since the extrinsic's last one.
    pub(super) fn executed(&mut self, extrinsic: Option<u32>, governor: AccountId, proposal: ProposalId) {
        self.journal.executed(extrinsic, governor, proposal);
    }

    /// The block is over.
    pub(super) fn end_block(&mut self) {
        self.journal.end_block();
    }

    fn attested(&mut self, origin: Origin, event: Attested) -> Result<JournalRow, String> {
        let Attested { account, identity } = event;
        if self.members.get(&account).is_some() {
            return Err("an account that belongs to an identity was attested".to_owned());
        }
        let Origin { height, moment, .. } = origin;
        self.members.put(account, Member { identity, linked_with: None, height, moment });
        Ok(JournalRow { identity: Some(identity), account: Some(account), ..JournalRow::new(origin, "attested") })
    }

    /// A link is told twice: that the account belongs to the identity, and then, with whom it was linked.
    fn linked(&mut self, origin: Origin, extrinsic: Option<u32>, event: &Linked) -> Result<(), String> {
        let Linked { account, with, identity, nonce } = *event;
        let joined = self.members.get_mut(&account).filter(|member| member.identity == identity);
        let member = joined.ok_or("an account was linked that has not joined the identity")?;
        if !self.journal.take_attested(origin, extrinsic, account) {
            return Err("an account was linked that has not joined the identity just now".to_owned());
        }
        member.linked_with = Some(with);
        if self.nonces.get(&account).copied().unwrap_or_default() != nonce {
            return Err("an account was linked with another nonce than its next".to_owned());
        }
        self.nonces.put(account, nonce.checked_add(1).ok_or("an account was linked more often than can be counted")?);
        let row = JournalRow {
            identity: Some(identity),
            account: Some(account),
            linked_with: Some(with),
            nonce: Some(nonce),
            ..JournalRow::new(origin, "linked")
        };
        self.journal.add(extrinsic, row);
        Ok(())
    }

    fn detached(&mut self, origin: Origin, event: &Detached) -> Result<JournalRow, String> {
        let Detached { account, identity, by } = *event;
        let belonged = self.members.get(&account).is_some_and(|member| member.identity == identity);
        if !belonged {
            return Err("an account left an identity to which it did not belong".to_owned());
        }
        self.members.remove(account);
        let row = JournalRow::new(origin, "detached");
        Ok(JournalRow { identity: Some(identity), account: Some(account), by: Some(by), ..row })
    }

    fn certified(&mut self, origin: Origin, extrinsic: Option<u32>, event: Certified) -> Result<(), String> {
        let Certified { identity, attestor, tier, expires, commitment } = event;
        if !self.identities.get(&identity).is_some_and(|known| known.said.counts) {
            self.count(origin.moment, |population| population.checked_add(1))?;
        }
        let said = Attestation { attestor, tier, expires, commitment, counts: true };
        let frozen = self.freezes.get(&Subject::Identity(identity)).is_some();
        self.identities.put(identity, Identity { said, revoked: false, frozen, height: origin.height });
        // The account that came with it was attested by the same.
        self.journal.attribute(origin, extrinsic, identity, attestor);
        let row = JournalRow {
            identity: Some(identity),
            by: Some(attestor),
            tier: Some(tier),
            until: Some(expires),
            commitment: Some(commitment),
            ..JournalRow::new(origin, "certified")
        };
        self.journal.add(extrinsic, row);
        Ok(())
    }

    fn revoked(&mut self, origin: Origin, event: &Revoked) -> Result<JournalRow, String> {
        let Revoked { identity, by, reason } = *event;
        self.count_out(origin, identity)?.revoked = true;
        let row = JournalRow::new(origin, "revoked");
        Ok(JournalRow { identity: Some(identity), by: Some(by), reason: Some(reason), ..row })
    }

    fn expired(&mut self, origin: Origin, event: &Expired) -> Result<JournalRow, String> {
        let identity = event.identity;
        if self.count_out(origin, identity)?.said.expires >= origin.moment {
            return Err("an attestation was over before its time".to_owned());
        }
        Ok(JournalRow { identity: Some(identity), ..JournalRow::new(origin, "expired") })
    }

    /// Lets an identity count no more.
    fn count_out(&mut self, origin: Origin, identity: IdentityId) -> Result<&mut Identity, String> {
        let counted = |identity: &&Identity| identity.said.counts;
        self.identities.get(&identity).filter(counted).ok_or("an identity that does not count was counted out")?;
        self.count(origin.moment, |population| population.checked_sub(1))?;
        let known = self.identities.get_mut(&identity).ok_or("there is no such identity")?;
        known.said.counts = false;
        known.height = origin.height;
        Ok(known)
    }

    fn count(&mut self, since: Moment, step: fn(u32) -> Option<u32>) -> Result<(), String> {
        self.population = step(self.population).ok_or("the population would be less than 0, or cannot be counted")?;
        self.populations.insert(since, self.population);
        Ok(())
    }

    fn frozen(&mut self, origin: Origin, event: &Frozen) -> Result<JournalRow, String> {
        let Frozen { subject, by, reason } = *event;
        if self.freezes.get(&subject).is_some() {
            return Err("what is frozen was frozen again".to_owned());
        }
        self.freezes.put(subject, Freeze { reason, by, origin });
        self.mark_frozen(origin, subject, true);
        Ok(JournalRow { by: Some(by), reason: Some(reason), ..self.about(subject, JournalRow::new(origin, "frozen")) })
    }

    fn unfrozen(&mut self, origin: Origin, event: &Unfrozen) -> Result<JournalRow, String> {
        let Unfrozen { subject, by, reason } = *event;
        self.freezes.get(&subject).ok_or("what was not frozen was unfrozen")?;
        self.freezes.remove(subject);
        self.mark_frozen(origin, subject, false);
        let row = self.about(subject, JournalRow::new(origin, "unfrozen"));
        Ok(JournalRow { by: Some(by), reason: Some(reason), ..row })
    }

    fn mark_frozen(&mut self, origin: Origin, subject: Subject, frozen: bool) {
        let Subject::Identity(identity) = subject else { return };
        if let Some(known) = self.identities.get_mut(&identity) {
            known.frozen = frozen;
            known.height = origin.height;
        }
    }

    /// The row about a subject: an account also with its identity, whose history it is part of.
    fn about(&self, subject: Subject, row: JournalRow) -> JournalRow {
        match subject {
            Subject::Identity(identity) => JournalRow { identity: Some(identity), ..row },
            Subject::Account(account) => {
                let identity = self.members.get(&account).map(|member| member.identity);
                JournalRow { account: Some(account), identity, ..row }
            }
        }
    }

    fn granted(&mut self, origin: Origin, event: &RoleGranted) -> JournalRow {
        let RoleGranted { account, role, until } = *event;
        let Origin { height, moment, .. } = origin;
        self.roles.put((account, role_name(role)), Tenure { until, height, moment });
        JournalRow {
            account: Some(account),
            role: Some(role_name(role)),
            until: Some(until),
            ..JournalRow::new(origin, "role_granted")
        }
    }

    fn taken(&mut self, origin: Origin, event: &RoleRevoked) -> Result<JournalRow, String> {
        let RoleRevoked { account, role } = *event;
        let office = (account, role_name(role));
        self.roles.get(&office).ok_or("a role was taken away that was never granted")?;
        self.roles.remove(office);
        let row = JournalRow::new(origin, "role_revoked");
        Ok(JournalRow { account: Some(account), role: Some(role_name(role)), ..row })
    }

    fn published(&mut self, origin: Origin, event: KeyPublished) -> Result<JournalRow, String> {
        let KeyPublished { number, origin: log, holder, key, from, until } = event;
        if self.keys.get(&number).is_some() {
            return Err(format!("there is a key {number} already"));
        }
        let row = JournalRow {
            account: Some(holder),
            key: Some(number),
            log: Some(log.clone()),
            until: Some(until),
            ..JournalRow::new(origin, "key_published")
        };
        let key = SigningKey { origin: log, key, holder, from, until };
        self.keys.put(number, PublishedKey { key, revoked: false, height: origin.height });
        Ok(row)
    }

    fn key_revoked(&mut self, origin: Origin, event: &KeyRevoked) -> Result<JournalRow, String> {
        let KeyRevoked { number, until } = *event;
        let known = self.keys.get_mut(&number).ok_or_else(|| format!("there is no key {number}"))?;
        known.key.until = until;
        known.revoked = true;
        known.height = origin.height;
        Ok(JournalRow {
            account: Some(known.key.holder),
            key: Some(number),
            log: Some(known.key.origin.clone()),
            until: Some(until),
            ..JournalRow::new(origin, "key_revoked")
        })
    }
}
