//! The verbs that move a proposal, an identity or tokens with one message.

use super::{Shared, Signing, acting::Acting};
use crate::{
    Result,
    parse::{Account, Amount, Hash},
};
use clap::Args;
use client::{
    Message,
    messages::{Answer, governor, registry, token},
};
use interfaces::{AccountId, ProposalId};

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
    /// The person it belongs to: a salted hash that says nothing about whose it is
    #[arg(long, value_name = "0xHASH")]
    identity: Hash,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
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

impl Attest {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = registry::attest(AccountId::from(self.account.0.0), self.identity.0.0.into());
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("{} attested", self.account.0));
        Ok(())
    }
}

impl Revoke {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = registry::revoke(AccountId::from(self.account.0.0));
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
