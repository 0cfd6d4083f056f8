//! Approvals that are signed without a transaction, and handing them in.

use super::{Shared, Signing, Which};
use crate::{
    Result,
    approval::{self, ReleaseText, SignedApproval},
    commands::acting::Acting,
    parse::Date,
};
use clap::Args;
use client::messages::treasury;
use interfaces::{AccountId, Moment};
use serde::Serialize;
use std::path::PathBuf;

/// For how long what is signed can be handed in, if nothing else is said: a day.
const VALID: Moment = 86_400_000;

/// `gaia treasury sign`.
#[derive(Debug, Args)]
pub struct Sign {
    #[command(flatten)]
    which: Which,
    /// Until when it can be handed in, like 2026-03-05 or 2026-03-05T12:00:00Z; by default for a day. What is handed in
    /// with one message is signed until the same moment
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia treasury approve-signed`.
#[derive(Debug, Args)]
pub struct ApproveSigned {
    /// What gaia treasury sign printed for each signer, all about the same release
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

/// What was handed in.
#[derive(Debug, Serialize)]
struct HandedIn<T> {
    release: ReleaseText,
    signers: Vec<api::account::Account>,
    /// Each transaction: signatures until different moments take one each.
    transactions: Vec<T>,
}

impl Sign {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let (view, contract) = (acting.view().await?, acting.contracts.treasury.account);
        let release = self.which.release(&view, &contract).await?;
        let deadline = match self.until {
            Some(Date(moment)) => moment,
            None => acting.chain.moment(view.block().hash).await?.saturating_add(VALID),
        };
        let (chain, contract) = (acting.chain.genesis_hash(), AccountId::from(contract.0));
        shared.output().document(&SignedApproval::sign(&acting.signer, release, deadline, chain, contract));
        Ok(())
    }
}

impl ApproveSigned {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let (release, bundles) = approval::together(&self.files)?;
        let acting = Acting::new(shared, &self.signing).await?;
        let (mut signers, mut transactions) = (Vec::new(), Vec::new());
        for bundle in bundles {
            let message = treasury::approve_signed(release, bundle.deadline, &bundle.signatures);
            let sent = acting.send(&acting.contracts.treasury, &message).await?;
            signers.extend(bundle.signatures.iter().map(|(signer, _)| api::account::Account::from(signer.0)));
            transactions.push(acting.reported(None, &sent));
        }
        let handed_in = HandedIn { release: release.into(), signers, transactions };
        shared.output().result(&handed_in, |it| {
            let ReleaseText { escrow, milestone, amount, .. } = it.release;
            let who: Vec<_> = it.signers.iter().map(ToString::to_string).collect();
            format!(
                "{} of {amount} for milestone {milestone} of escrow {escrow} handed in: {}",
                if who.len() == 1 { "approval" } else { "approvals" },
                who.join(", ")
            )
        });
        Ok(())
    }
}
