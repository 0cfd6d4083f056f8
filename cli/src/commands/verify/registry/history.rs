//! The history against what stands: whoever plays it from its beginning must come to the same.
//!
//! No contract can be asked what happened, but what stands was compared with the contract, so a row that is missing here,
//! or is too much, shows.

use crate::{
    Result,
    commands::verify::{Check, account_id, rows, shown, value},
};
use api::{
    account::Account,
    model::{Attestor, Freeze, Identity, Member, Page, PublishedKey, RegistryEvent, RegistryEventKind as Kind, Tenure},
};
use interfaces::{registry::Subject, roles::Role};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// What stands after a history.
#[derive(Debug, Default, PartialEq, Eq)]
struct Standing {
    /// Identities that were ever attested, and whether they count.
    identities: BTreeMap<[u8; 32], bool>,
    members: BTreeMap<Account, [u8; 32]>,
    frozen: BTreeSet<Subject>,
    attestors: BTreeSet<Account>,
    roles: BTreeSet<(Account, String)>,
    keys: BTreeMap<u32, bool>,
}

impl Check<'_> {
    pub(super) async fn history(&mut self) -> Result<()> {
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            let Some((mut events, block)) = self.list::<RegistryEvent>("/v1/registry/history").await? else {
                return Ok(());
            };
            let listed = self.standing_listed().await?;
            // The lists are of several blocks; nothing happened between the first and the last of them if nothing is
            // newer now.
            let newest = self.api.get::<Page<RegistryEvent>>("/v1/registry/history?limit=1").await?.data;
            if newest.first() != events.first() {
                continue;
            }
            events.reverse();
            let replayed = Standing::after(&events);
            if replayed != listed {
                self.differs(format!(
                    "history of the registry (block {}): it comes to {replayed:?}, what stands is {listed:?}",
                    block.height
                ));
            }
            self.report.registry_events = events.len();
            return Ok(());
        }
        self.report.unchecked.push("the registry changed too fast for its history to be compared".to_owned());
        Ok(())
    }

    /// What the mirror says stands.
    async fn standing_listed(&self) -> Result<Standing> {
        let mut standing = Standing::default();
        for identity in self.all::<Identity>("/v1/identities?limit=200").await? {
            standing.identities.insert(identity.identity.0, identity.attestation.counts);
            let path = format!("/v1/identities/{}/accounts?limit=200", identity.identity);
            let members = self.all::<Member>(&path).await?;
            standing.members.extend(members.into_iter().map(|member| (member.account, identity.identity.0)));
        }
        let freezes = self.all::<Freeze>("/v1/freezes?limit=200").await?;
        standing.frozen = freezes.into_iter().map(|freeze| freeze.subject.into()).collect();
        let attestors = self.all::<Attestor>("/v1/attestors?limit=200").await?;
        standing.attestors = attestors.into_iter().map(|attestor| attestor.account).collect();
        let roles = self.all::<Tenure>("/v1/roles?include=expired&limit=200").await?;
        standing.roles = roles.into_iter().map(|tenure| (tenure.account, name(tenure.role))).collect();
        let keys = self.all::<PublishedKey>("/v1/keys?limit=200").await?;
        standing.keys = keys.into_iter().map(|key| (key.number, key.revoked)).collect();
        Ok(standing)
    }

    /// All rows of a list, whatever block they stand at.
    async fn all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>> {
        Ok(rows(self.api.pages(path).await?))
    }
}

fn name(role: Role) -> String {
    shown(&value(role))
}

impl Standing {
    /// What stands after these events, the oldest first.
    fn after(events: &[RegistryEvent]) -> Self {
        let mut standing = Self::default();
        for event in events {
            standing.play(event);
        }
        standing
    }

    fn play(&mut self, event: &RegistryEvent) {
        let RegistryEvent { kind, identity, account, role, key, .. } = event;
        let identity = identity.map(|identity| identity.0);
        // Of a freeze of an account, the identity is told besides.
        let subject = match (account, identity) {
            (Some(account), _) => Some(Subject::Account(account_id(*account))),
            (None, identity) => identity.map(|identity| Subject::Identity(identity.into())),
        };
        match kind {
            Kind::Attested | Kind::Linked => self.members.extend(account.zip(identity)),
            Kind::Detached => self.members.retain(|member, _| Some(*member) != *account),
            Kind::Certified => self.identities.extend(identity.map(|identity| (identity, true))),
            Kind::Revoked | Kind::Expired => self.identities.extend(identity.map(|identity| (identity, false))),
            Kind::Frozen => self.frozen.extend(subject),
            Kind::Unfrozen => self.frozen.retain(|frozen| Some(*frozen) != subject),
            Kind::Accredited => self.attestors.extend(*account),
            Kind::Disaccredited => self.attestors.retain(|attestor| Some(*attestor) != *account),
            Kind::RoleGranted => self.roles.extend(account.zip(role.map(name))),
            Kind::RoleRevoked => self.roles.retain(|held| Some(held.clone()) != account.zip(role.map(name))),
            Kind::KeyPublished => self.keys.extend(key.map(|key| (key, false))),
            Kind::KeyRevoked => self.keys.extend(key.map(|key| (key, true))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(kind: &str, about: Value) -> RegistryEvent {
        let mut event = json!({
            "kind": kind, "height": 1, "time": "2026-03-01T12:00:00.000Z", "moment": 1_772_366_400_000_u64,
        });
        let (Value::Object(fields), Value::Object(about)) = (&mut event, about) else { panic!("objects") };
        fields.extend(about);
        serde_json::from_value(event).expect("an event")
    }

    #[test]
    fn what_was_taken_back_does_not_stand() {
        let (account, identity) = (Account::from([1; 32]), api::model::Hash([2; 32]));
        let both = json!({ "account": account, "identity": identity });
        let role = json!({ "account": account, "role": "auditor" });
        let steps = [
            event("accredited", json!({ "account": account })),
            event("attested", both.clone()),
            event("certified", json!({ "identity": identity })),
            event("frozen", both.clone()),
            event("role_granted", role.clone()),
            event("key_published", json!({ "account": account, "key": 0 })),
        ];
        let standing = Standing::after(&steps);
        let expected = Standing {
            identities: [([2; 32], true)].into(),
            members: [(account, [2; 32])].into(),
            frozen: [Subject::Account([1; 32].into())].into(),
            attestors: [account].into(),
            roles: [(account, "auditor".to_owned())].into(),
            keys: [(0, false)].into(),
        };
        assert_eq!(standing, expected);
        let back = [
            event("disaccredited", json!({ "account": account })),
            event("unfrozen", both.clone()),
            event("detached", both),
            event("revoked", json!({ "identity": identity })),
            event("role_revoked", role),
            event("key_revoked", json!({ "account": account, "key": 0 })),
        ];
        let standing = Standing::after(&[&steps[..], &back].concat());
        let expected =
            Standing { identities: [([2; 32], false)].into(), keys: [(0, true)].into(), ..Standing::default() };
        assert_eq!(standing, expected);
    }
}
