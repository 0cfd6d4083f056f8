//! Identities and their accounts, attestors, freezes, roles and signing keys.

mod history;

use super::{Check, account_id, hash};
use crate::Result;
use api::model::{
    Answer, Attestation, Attestor, Block, Freeze, Identity, IdentityState, Instant, Member, Profile, PublishedKey,
    ROLES, Registry, Tenure,
};
use client::{View, messages::registry};
use interfaces::{
    Moment,
    registry::{Attestation as Said, IdentityId, Subject, Tier, limits},
};
use serde_json::{Value, json};

impl Check<'_> {
    pub(super) async fn registered(&mut self) -> Result<()> {
        self.said_of_identities().await?;
        self.attestors().await?;
        self.freezes().await?;
        self.roles().await?;
        self.keys().await?;
        self.history().await
    }

    async fn said_of_identities(&mut self) -> Result<()> {
        let Some((identities, block)) = self.list::<Identity>("/v1/identities").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        for mirrored in &identities {
            let id = IdentityId::from(mirrored.identity.0);
            let said = view.ask(self.registry(), &registry::attestation(id)).await?;
            let frozen = view.ask(self.registry(), &registry::frozen(Subject::Identity(id))).await?.is_some();
            let attestation = said.map(|said| told(&said, mirrored.attestation.state, block.moment));
            let chain = json!({ "attestation": attestation, "frozen": frozen });
            self.compare(format!("identity {}", mirrored.identity), &block, mirrored, chain);
            self.report.identities += 1;
        }
        let counted = identities.iter().filter(|identity| identity.attestation.counts).count();
        self.population(&block, counted).await?;
        for identity in identities {
            self.members(&identity).await?;
        }
        Ok(())
    }

    /// How many identities count: what the mirror says, what its list comes to, and what the contract says.
    async fn population(&mut self, listed_at: &Block, counted: usize) -> Result<()> {
        let Answer { data, block } = self.api.one::<Registry>("/v1/registry").await?;
        if block.hash == listed_at.hash {
            self.compare("identities that count", &block, counted, data.population);
        }
        // The contract tells it of past moments only: of one before this block, if nothing has changed since.
        let since = data.population_since.map_or(0, |since| since.moment);
        let (view, moment) = if since < block.moment {
            (self.view(&block).await?, block.moment.saturating_sub(1))
        } else {
            (self.chain.latest().await?, block.moment)
        };
        match view.ask(self.registry(), &registry::population_at(moment)).await? {
            Ok(population) => self.compare("the population", &block, data.population, population),
            Err(_) => {
                let when = format!("the population cannot be compared before a block after {}", block.height);
                self.report.unchecked.push(when);
            }
        }
        Ok(())
    }

    /// The accounts that the mirror says belong to an identity.
    async fn members(&mut self, identity: &Identity) -> Result<()> {
        let path = format!("/v1/identities/{}/accounts", identity.identity);
        let Some((members, block)) = self.list::<Member>(&path).await? else { return Ok(()) };
        for member in members {
            let (view, id) = (self.view(&block).await?, account_id(member.account));
            let belongs = view.ask(self.registry(), &registry::identity_of(id)).await?.map(hash);
            self.compare(format!("identity of {}", member.account), &block, Some(identity.identity), belongs);
            let frozen = view.ask(self.registry(), &registry::frozen(Subject::Account(id))).await?.is_some();
            self.compare(format!("account {}", member.account), &block, &member, json!({ "frozen": frozen }));
            if !self.profiled.contains(&member.account) {
                self.profile(member.account).await?;
            }
            self.report.members += 1;
        }
        Ok(())
    }

    /// What an account is to those who pay it or let it do things, in the API's words.
    pub(super) async fn standing(&self, view: &View, mirrored: &Profile, now: Moment) -> Result<Value> {
        let id = account_id(mirrored.account);
        let contract = self.registry();
        let identity = view.ask(contract, &registry::identity_of(id)).await?;
        let mut frozen = view.ask(contract, &registry::frozen(Subject::Account(id))).await?.is_some();
        let mut said = None;
        if let Some(identity) = identity {
            said = view.ask(contract, &registry::attestation(identity)).await?;
            frozen |= view.ask(contract, &registry::frozen(Subject::Identity(identity))).await?.is_some();
        }
        let mut roles = Vec::new();
        for role in ROLES {
            let until = view.ask(contract, &registry::role_until(id, role)).await?;
            roles.extend(until.filter(|until| now <= *until).map(|until| (until, super::shown(&super::value(role)))));
        }
        roles.sort();
        let roles: Vec<_> = roles.into_iter().map(|(_, role)| role).collect();
        Ok(json!({
            "identity": identity.map(hash),
            "tier": said.map(|said| said.tier),
            "attested": said.is_some_and(|said| said.holds(now)),
            "frozen": frozen,
            "cleared_tier": self.cleared(view, mirrored).await?,
            "roles": roles,
            "link_nonce": view.ask(contract, &registry::nonce(id)).await?,
        }))
    }

    /// The highest tier at which an account is cleared. The mirror's is tried first, with the one above.
    async fn cleared(&self, view: &View, mirrored: &Profile) -> Result<Option<Tier>> {
        let id = account_id(mirrored.account);
        let clears = async |tier| view.ask(self.registry(), &registry::is_cleared(id, tier)).await;
        let above = mirrored.cleared_tier.map_or(0, |tier| tier.saturating_add(1));
        let holds = match mirrored.cleared_tier {
            Some(tier) => clears(tier).await?,
            None => true,
        };
        if holds && !clears(above).await? {
            return Ok(mirrored.cleared_tier);
        }
        for tier in (0..limits::TIERS).rev() {
            if clears(tier).await? {
                return Ok(Some(tier));
            }
        }
        Ok(None)
    }

    async fn attestors(&mut self) -> Result<()> {
        let Some((attestors, block)) = self.list::<Attestor>("/v1/attestors").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        for attestor in attestors {
            let asked = registry::accreditation(account_id(attestor.account));
            let chain = view.ask(self.registry(), &asked).await?.map(|it| Attestor::new(attestor.account, it));
            self.compare(format!("attestor {}", attestor.account), &block, attestor, chain);
        }
        Ok(())
    }

    async fn freezes(&mut self) -> Result<()> {
        let Some((freezes, block)) = self.list::<Freeze>("/v1/freezes").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        for freeze in freezes {
            let subject = Subject::from(freeze.subject);
            let reason = view.ask(self.registry(), &registry::frozen(subject)).await?;
            self.compare(format!("freeze of {:?}", freeze.subject), &block, Some(freeze.reason), reason);
            self.report.freezes += 1;
        }
        Ok(())
    }

    async fn roles(&mut self) -> Result<()> {
        let Some((roles, block)) = self.list::<Tenure>("/v1/roles?include=expired").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        for tenure in roles {
            let asked = registry::role_until(account_id(tenure.account), tenure.role);
            let until = view.ask(self.registry(), &asked).await?;
            let chain = json!({
                "until": until.map(stored),
                "valid": until.is_some_and(|until| block.moment <= until),
            });
            self.compare(format!("role {:?} of {}", tenure.role, tenure.account), &block, tenure, chain);
            self.report.roles += 1;
        }
        Ok(())
    }

    async fn keys(&mut self) -> Result<()> {
        let Some((keys, block)) = self.list::<PublishedKey>("/v1/keys").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let count = view.ask(self.registry(), &registry::key_count()).await?;
        self.compare("number of signing keys", &block, keys.len(), count);
        for key in keys {
            let chain = view.ask(self.registry(), &registry::key(key.number)).await?.map(|chain| {
                json!({
                    "origin": chain.origin.as_str(),
                    "holder": super::account(chain.holder),
                    "key": api::model::Hash(chain.key),
                    "from": stored(chain.from),
                    "until": stored(chain.until),
                    "valid": (chain.from..=chain.until).contains(&block.moment),
                })
            });
            self.compare(format!("signing key {}", key.number), &block, key, chain);
            self.report.keys += 1;
        }
        Ok(())
    }
}

/// What was last said of an identity, in the API's words. Whether it was revoked or has expired once it counts no more,
/// only the events tell; but it cannot have expired before its time.
fn told(said: &Said, mirrored: IdentityState, now: Moment) -> Attestation {
    let revoked = !said.counts && (mirrored == IdentityState::Revoked || now <= said.expires);
    Attestation::new(said, revoked, now)
}

/// A moment as the mirror can keep it: later ones than it can are the latest there is.
fn stored(moment: Moment) -> Instant {
    Instant::from(moment.min(Moment::MAX >> 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use interfaces::{AccountId, Hash};

    #[test]
    fn what_expired_before_its_time_was_revoked() {
        let said = |counts| Said {
            attestor: AccountId::from([1; 32]),
            tier: 1,
            expires: 10,
            commitment: Hash::default(),
            counts,
        };
        use IdentityState::{Attested, Expired, Revoked};
        for (counts, mirrored, now, state) in [
            (true, Attested, 10, Attested),
            (true, Revoked, 10, Attested),
            (true, Revoked, 11, Expired),
            (false, Expired, 10, Revoked),
            (false, Expired, 11, Expired),
            (false, Revoked, 11, Revoked),
        ] {
            assert_eq!(told(&said(counts), mirrored, now).state, state, "{counts} {mirrored:?} {now}");
        }
    }
}
