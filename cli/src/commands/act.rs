//! The verbs that move a proposal or tokens with one message.

use super::{Shared, Signing, acting::Acting};
use crate::{
    Result,
    parse::{Account, Amount},
};
use clap::Args;
use client::{
    Message,
    messages::{Answer, governor, token},
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

impl Transfer {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let message = token::transfer(AccountId::from(self.to.0.0), self.amount.0);
        let sent = acting.send(&acting.contracts.token, &message).await?;
        acting.report(None, &sent, &format!("{} sent to {}", self.amount.0, self.to.0));
        Ok(())
    }
}
