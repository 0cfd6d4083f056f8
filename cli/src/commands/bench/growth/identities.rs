//! Identities, with an account each.

use super::{Costs, Growing, cost, id};
use crate::{
    Result,
    commands::{bench::stage::Stage, for_a_year},
    output::say,
};
use client::{AccountId32, messages::registry};
use interfaces::{AccountId, registry::Subject, roles::Role};

/// A registry, and how many identities it knows.
pub(super) struct Identities {
    registry: AccountId32,
    count: u32,
}

impl Identities {
    pub(super) async fn new(stage: &Stage) -> Result<Self> {
        let (registry, alice) = (stage.own_registry().await?, id(&stage.alice));
        cost(stage, &registry, &stage.alice, &registry::grant_role(alice, Role::ComplianceOfficer, u64::MAX)).await?;
        Ok(Self { registry, count: 0 })
    }
}

impl Growing for Identities {
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Costs> {
        let Self { registry, count } = self;
        say("  attesting");
        let now = stage.now().await?;
        let attest = |number| registry::attest(person(number), for_a_year(identity(number), now));
        let many: Vec<_> = (*count..size).map(attest).collect();
        stage.load(registry, &many).await?;
        let next = size.max(*count);
        *count = next.saturating_add(1);

        let (terms, subject) = (for_a_year(identity(next), now), Subject::Account(person(next)));
        let renew = registry::renew(identity(next), terms.tier, terms.expires, terms.commitment);
        let alice = &stage.alice;
        Ok(vec![
            ("attest", cost(stage, registry, alice, &attest(next)).await?),
            ("renew", cost(stage, registry, alice, &renew).await?),
            ("freeze", cost(stage, registry, alice, &registry::freeze(subject, 1)).await?),
            ("unfreeze", cost(stage, registry, alice, &registry::unfreeze(subject, 1)).await?),
        ])
    }
}

/// Somebody's account; nobody has its key.
fn person(number: u32) -> AccountId {
    AccountId::from(client::blake2_256(&number.to_le_bytes()))
}

fn identity(number: u32) -> interfaces::registry::IdentityId {
    client::blake2_256(&number.to_be_bytes()).into()
}
