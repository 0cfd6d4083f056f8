//! `gaia treasury`: for signers, payees, and whoever wants to know what it holds and why.

mod acts;
mod offline;
mod show;

use super::{Shared, Signing};
use crate::{Error, Result, parse::Amount};
use clap::{Args, Subcommand};
use client::{AccountId32, View, messages::treasury};
use interfaces::treasury::{EscrowId, MilestoneId, Release};

/// What can be done with the treasury.
#[derive(Debug, Subcommand)]
pub enum Treasury {
    /// Show what it holds, what it may spend, and who signs
    Show,
    /// List what waits for a signer: releases that others approve of, and milestones without any
    Awaiting(show::Awaiting),
    /// Approve of a release out of an escrow, as a signer
    Approve(acts::OfRelease),
    /// Take an approval back, also one that was signed but not handed in
    Withdraw(acts::OfRelease),
    /// Pay what enough signers approve of; anyone may
    Release(acts::OfRelease),
    /// Free what a milestone has left after its latest date; anyone may
    Lapse(acts::OfMilestone),
    /// Pay what has accrued in a stream to its payee; anyone may
    Claim(acts::OfStream),
    /// Stop all payments, as guardian
    Pause(acts::Pause),
    /// Sign an approval without sending it, for somebody else to hand in
    Sign(offline::Sign),
    /// Hand in what signers signed; anyone may
    ApproveSigned(offline::ApproveSigned),
    /// Show everything that changed what it holds
    Ledger(show::Ledger),
}

impl Treasury {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Show => show::show(shared).await,
            Self::Awaiting(awaiting) => awaiting.run(shared).await,
            Self::Approve(it) => it.send(shared, treasury::approve, "approved of").await,
            Self::Withdraw(it) => it.send(shared, treasury::withdraw, "withdrew from").await,
            Self::Release(it) => it.send(shared, treasury::release, "released").await,
            Self::Lapse(it) => it.lapse(shared).await,
            Self::Claim(it) => it.claim(shared).await,
            Self::Pause(it) => it.run(shared).await,
            Self::Sign(sign) => sign.run(shared).await,
            Self::ApproveSigned(signed) => signed.run(shared).await,
            Self::Ledger(ledger) => ledger.run(shared).await,
        }
    }
}

/// Which release. What is not given is read from the chain.
#[derive(Debug, Args)]
struct Which {
    /// The escrow's number
    escrow: EscrowId,
    /// The milestone's number, from 0
    milestone: MilestoneId,
    /// How much, in base units; by default all that the milestone has left
    #[arg(long, value_name = "NUMBER")]
    amount: Option<Amount>,
    /// How many releases the milestone has had; by default as the chain says
    #[arg(long, value_name = "NUMBER")]
    nonce: Option<u32>,
}

impl Which {
    /// The release, as the treasury knows its milestone.
    async fn release(&self, view: &View, contract: &AccountId32) -> Result<Release> {
        let Self { escrow, milestone, amount, nonce } = *self;
        let Some(tranche) = view.ask(contract, &treasury::tranche(escrow, milestone)).await? else {
            return Err(Error::Usage(format!("there is no milestone {milestone} of escrow {escrow}")));
        };
        if amount.is_none() && tranche.left == 0 {
            return Err(Error::Usage(format!("milestone {milestone} of escrow {escrow} has nothing left")));
        }
        let amount = amount.map_or(tranche.left, |Amount(amount)| amount);
        let (payee, nonce) = (tranche.milestone.payee, nonce.unwrap_or(tranche.releases));
        Ok(Release { escrow, milestone, payee, amount, nonce })
    }
}
