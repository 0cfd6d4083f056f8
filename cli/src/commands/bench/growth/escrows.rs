//! Escrows, and with them approvals of releases.

use super::{Costs, Growing, send};
use crate::{
    Result,
    commands::bench::{governed::Treasury, stage::Stage},
    output::say,
};
use client::messages::treasury;

/// A treasury, and how many escrows it has.
pub(super) struct Escrows {
    treasury: Treasury,
    count: u32,
}

impl Escrows {
    pub(super) async fn new(stage: &Stage) -> Result<Self> {
        Ok(Self { treasury: stage.own_treasury().await?, count: 0 })
    }
}

impl Growing for Escrows {
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Costs> {
        let Self { treasury, count } = self;
        say("  opening escrows");
        let opening = treasury.opening(stage).await?;
        let many: Vec<_> = (*count..size).map(|_| opening.clone()).collect();
        stage.load(&treasury.account, &many).await?;
        let opened = send(stage, &treasury.account, &stage.alice, &opening).await?;
        let escrow = opened.answer;
        *count = escrow.saturating_add(1);

        let release = treasury.payment(escrow);
        let approve = treasury::approve(release);
        let approved = send(stage, &treasury.account, &stage.alice, &approve).await?;
        send(stage, &treasury.account, &treasury.bob, &approve).await?;
        let released = send(stage, &treasury.account, &stage.alice, &treasury::release(release)).await?;
        Ok(vec![("open_escrow", (&opened).into()), ("approve", (&approved).into()), ("release", (&released).into())])
    }
}
