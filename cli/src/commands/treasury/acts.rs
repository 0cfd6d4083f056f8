//! The verbs that send the treasury one message.

use super::{Shared, Signing, Which};
use crate::{Result, commands::acting::Acting};
use clap::Args;
use client::{Message, messages::treasury as messages};
use interfaces::treasury::{EscrowId, MilestoneId, Release, StreamClaimed, StreamId, TreasuryError};

/// Something about a release.
#[derive(Debug, Args)]
pub struct OfRelease {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    signing: Signing,
}

/// Something about a milestone.
#[derive(Debug, Args)]
pub struct OfMilestone {
    /// The escrow's number
    escrow: EscrowId,
    /// The milestone's number, from 0
    milestone: MilestoneId,
    #[command(flatten)]
    signing: Signing,
}

/// Something about a stream.
#[derive(Debug, Args)]
pub struct OfStream {
    /// The stream's number
    stream: StreamId,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia treasury pause`.
#[derive(Debug, Args)]
pub struct Pause {
    #[command(flatten)]
    signing: Signing,
}

impl OfRelease {
    /// Sends the treasury a message about the release.
    pub(super) async fn send(
        self,
        shared: &Shared,
        message: impl FnOnce(Release) -> Message<Result<(), TreasuryError>>,
        done: &str,
    ) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let contract = &acting.contracts.treasury;
        let release = self.which.release(&acting.view().await?, &contract.account).await?;
        let sent = acting.send(contract, &message(release)).await?;
        let Release { escrow, milestone, amount, .. } = release;
        acting.report(None, &sent, &format!("{done} {amount} for milestone {milestone} of escrow {escrow}"));
        Ok(())
    }
}

impl OfMilestone {
    pub(super) async fn lapse(self, shared: &Shared) -> Result<()> {
        let Self { escrow, milestone, signing } = self;
        let acting = Acting::new(shared, &signing).await?;
        let sent = acting.send(&acting.contracts.treasury, &messages::lapse(escrow, milestone)).await?;
        acting.report(None, &sent, &format!("what milestone {milestone} of escrow {escrow} had left freed"));
        Ok(())
    }
}

impl OfStream {
    pub(super) async fn claim(self, shared: &Shared) -> Result<()> {
        let Self { stream, signing } = self;
        let acting = Acting::new(shared, &signing).await?;
        let contract = &acting.contracts.treasury;
        let sent = acting.send(contract, &messages::claim(stream)).await?;
        // The dry run does not say how much, and more had accrued by the block anyway.
        let paid = sent.event(&contract.account).map(|claimed: StreamClaimed| claimed.amount);
        let paid = paid.map_or_else(|| "what had accrued".to_owned(), |amount| amount.to_string());
        acting.report(None, &sent, &format!("{paid} of stream {stream} claimed"));
        Ok(())
    }
}

impl Pause {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let sent = acting.send(&acting.contracts.treasury, &messages::pause()).await?;
        acting.report(None, &sent, "all payments stopped, until a proposal ends the pause,");
        Ok(())
    }
}
