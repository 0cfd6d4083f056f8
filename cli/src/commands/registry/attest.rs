//! `gaia attest`, `gaia renew`, `gaia revoke`, `gaia expire` and `gaia detach`.

use crate::{
    Error, Result,
    commands::{Shared, Signing, acting::Acting},
    parse::{Account, Hash},
};
use clap::Args;
use client::messages::registry as messages;
use interfaces::{
    AccountId, Moment,
    registry::{self, Attestation, DAY, IdentityId, Reason, Tier, limits},
};

/// `gaia attest`.
#[derive(Debug, Args)]
pub struct Attest {
    /// Which account
    account: Account,
    /// The person or entity it belongs to: a salted hash that says nothing about who that is
    #[arg(long, value_name = "0xHASH")]
    identity: Hash,
    /// A salted hash of the record of how it was verified; needed unless the identity is attested already
    #[arg(long, value_name = "0xHASH")]
    commitment: Option<Hash>,
    /// How thoroughly it was verified; by default 1, or as the identity is attested already
    #[arg(long, value_parser = clap::value_parser!(u8).range(..i64::from(limits::TIERS)))]
    tier: Option<Tier>,
    /// For how many days it holds; by default 365, or as the identity is attested already
    #[arg(long)]
    days: Option<u16>,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia renew`.
#[derive(Debug, Args)]
pub struct Renew {
    /// Which identity
    #[arg(value_name = "0xID")]
    identity: Hash,
    /// How thoroughly it was verified; by default as before
    #[arg(long, value_parser = clap::value_parser!(u8).range(..i64::from(limits::TIERS)))]
    tier: Option<Tier>,
    /// For how many days from now it holds
    #[arg(long, default_value = "365")]
    days: u16,
    /// A salted hash of the record of how it was verified; by default that of before
    #[arg(long, value_name = "0xHASH")]
    commitment: Option<Hash>,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// Which identity
    #[arg(value_name = "0xHASH")]
    identity: Hash,
    /// Why: a code whose meaning the record off chain tells
    #[arg(long, value_name = "CODE")]
    reason: Reason,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia expire`.
#[derive(Debug, Args)]
pub struct Expire {
    /// Which identity
    #[arg(value_name = "0xID")]
    identity: Hash,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia detach`.
#[derive(Debug, Args)]
pub struct Detach {
    /// Which account
    account: Account,
    #[command(flatten)]
    signing: Signing,
}

/// What is usually said of an identity: tier 1, for a year.
pub fn for_a_year(identity: IdentityId, now: Moment) -> registry::Attest {
    let commitment = client::blake2_256(identity.as_ref()).into();
    registry::Attest { identity, tier: 1, expires: now.saturating_add(365 * DAY), commitment }
}

/// The moment so many days after another.
fn after(now: Moment, days: u16) -> Moment {
    now.saturating_add(Moment::from(days).saturating_mul(DAY))
}

/// What was last said of an identity, and the chain's time.
async fn said(acting: &Acting<'_>, identity: IdentityId) -> Result<(Option<Attestation>, Moment)> {
    let view = acting.view().await?;
    let now = acting.chain.moment(view.block().hash).await?;
    let known = view.ask(&acting.contracts.registry.account, &messages::attestation(identity)).await?;
    Ok((known, now))
}

impl Attest {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let identity = IdentityId::from(self.identity.0.0);
        let (known, now) = said(&acting, identity).await?;
        let known = known.filter(|attestation| attestation.holds(now));
        let Some(commitment) = self.commitment.map(|Hash(hash)| hash.0.into()).or(known.map(|it| it.commitment)) else {
            return Err(Error::Usage("this identity is not attested yet: give --commitment".into()));
        };
        let tier = self.tier.or(known.map(|it| it.tier)).unwrap_or(1);
        let expires = match (self.days, known) {
            (None, Some(known)) => known.expires,
            (days, _) => after(now, days.unwrap_or(365)),
        };
        let terms = registry::Attest { identity, tier, expires, commitment };
        let message = messages::attest(AccountId::from(self.account.0.0), terms);
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("{} attested", self.account.0));
        Ok(())
    }
}

impl Renew {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let identity = IdentityId::from(self.identity.0.0);
        let (known, now) = said(&acting, identity).await?;
        let Some(known) = known else {
            return Err(Error::Usage(
                "this identity was never attested: say first which account belongs to it, with gaia attest".into(),
            ));
        };
        let tier = self.tier.unwrap_or(known.tier);
        let commitment = self.commitment.map_or(known.commitment, |Hash(hash)| hash.0.into());
        let message = messages::renew(identity, tier, after(now, self.days), commitment);
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("attested at tier {tier} for {} days more", self.days));
        Ok(())
    }
}

impl Revoke {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = messages::revoke(self.identity.0.0.into(), self.reason);
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, "attested no more");
        Ok(())
    }
}

impl Expire {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = messages::expire(self.identity.0.0.into());
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, "noted as expired");
        Ok(())
    }
}

impl Detach {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = messages::detach(AccountId::from(self.account.0.0));
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("{} belongs to nobody any more", self.account.0));
        Ok(())
    }
}
