//! The verbs that move a proposal, an identity or tokens with one message.

use super::{Shared, Signing, acting::Acting};
use crate::{
    Error, Result,
    parse::{Account, Amount, Hash},
};
use clap::Args;
use client::{
    Message,
    messages::{Answer, governor, registry as messages, token},
};
use interfaces::{
    AccountId, Moment, ProposalId,
    registry::{self, DAY, IdentityId, Reason, Tier, limits},
};

/// Something done to a proposal.
#[derive(Debug, Args)]
pub struct Act {
    /// The proposal's number
    pub(super) proposal: ProposalId,
    #[command(flatten)]
    pub(super) signing: Signing,
}

/// `gaia veto`.
#[derive(Debug, Args)]
pub struct Veto {
    #[command(flatten)]
    act: Act,
    /// As abuse: its deposit goes to the treasury
    #[arg(long)]
    abuse: bool,
}

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

/// `gaia detach`.
#[derive(Debug, Args)]
pub struct Detach {
    /// Which account
    account: Account,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia transfer`.
#[derive(Debug, Args)]
pub struct Transfer {
    /// To whom
    to: Account,
    /// How many, in base units
    amount: Amount,
    #[command(flatten)]
    signing: Signing,
}

impl Act {
    /// Sends the governor a message about the proposal.
    pub(super) async fn send<R: Answer>(
        self,
        shared: &Shared,
        message: impl FnOnce(ProposalId) -> Message<R>,
        done: &str,
    ) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let sent = acting.send(&acting.contracts.governor, &message(self.proposal)).await?;
        acting.report(Some(self.proposal), &sent, &format!("proposal {}: {done}", self.proposal));
        Ok(())
    }
}

impl Veto {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let abuse = self.abuse;
        self.act.send(shared, |proposal| governor::veto(proposal, abuse), "vetoed").await
    }
}

/// What is usually said of an identity: tier 1, for a year.
pub fn for_a_year(identity: IdentityId, now: Moment) -> registry::Attest {
    let commitment = client::blake2_256(identity.as_ref()).into();
    registry::Attest { identity, tier: 1, expires: now.saturating_add(365 * DAY), commitment }
}

impl Attest {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let (view, contract) = (acting.view().await?, &acting.contracts.registry);
        let identity = IdentityId::from(self.identity.0.0);
        let now = acting.chain.moment(view.block().hash).await?;
        let known = view.ask(&contract.account, &messages::attestation(identity)).await?;
        let known = known.filter(|attestation| attestation.holds(now));
        let Some(commitment) = self.commitment.map(|Hash(hash)| hash.0.into()).or(known.map(|it| it.commitment)) else {
            return Err(Error::Usage("this identity is not attested yet: give --commitment".into()));
        };
        let tier = self.tier.or(known.map(|it| it.tier)).unwrap_or(1);
        let expires = match (self.days, known) {
            (None, Some(known)) => known.expires,
            (days, _) => now.saturating_add(Moment::from(days.unwrap_or(365)).saturating_mul(DAY)),
        };
        let terms = registry::Attest { identity, tier, expires, commitment };
        let sent = acting.send(contract, &messages::attest(AccountId::from(self.account.0.0), terms)).await?;
        acting.report(None, &sent, &format!("{} attested", self.account.0));
        Ok(())
    }
}

impl Revoke {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = messages::revoke(self.identity.0.0.into(), self.reason);
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, "attested no more");
        Ok(())
    }
}

impl Detach {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = messages::detach(AccountId::from(self.account.0.0));
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("{} belongs to nobody any more", self.account.0));
        Ok(())
    }
}

impl Transfer {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = token::transfer(AccountId::from(self.to.0.0), self.amount.0);
        let sent = acting.send(&acting.contracts.token, &message).await?;
        acting.report(None, &sent, &format!("{} sent to {}", self.amount.0, self.to.0));
        Ok(())
    }
}
