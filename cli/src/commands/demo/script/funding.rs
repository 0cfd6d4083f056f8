//! Work that is paid by milestones, as signers find each of them reached.

use super::{Options, Play, majority, step};
use crate::{Error, Result, commands::GENERAL, commands::call, output::say};
use ballot::Mechanism;
use client::{Block, Signer, messages::treasury};
use interfaces::{
    AccountId, Balance, Hash, Millis, Moment,
    treasury::{EscrowOpened, Milestone, MilestoneId, Release},
};

/// Who sign for the treasury; two of them must.
const SIGNERS: [&str; 3] = ["Alice", "Bob", "Charlie"];

/// What each milestone pays, in base units.
const MILESTONE: Balance = 40_000_000_000_000;

/// How much more time the first one has.
const YEAR: Millis = 365 * 86_400_000;

/// Who does the work.
fn builder() -> Result<AccountId> {
    Ok(AccountId::from(Signer::development("//Grace")?.account().0))
}

impl Play<'_> {
    /// Names the signers.
    pub(super) fn naming(&self) -> (Mechanism, Options) {
        let mut signers = SIGNERS.map(|name| self.account(name));
        signers.sort_unstable();
        let call = call(self.contracts.treasury.account, &treasury::set_signers(&signers, 2));
        majority("Let Alice, Bob and Charlie sign for the treasury", vec![call])
    }

    /// Reserves what two milestones pay; the second one must be reached before `latest`.
    pub(super) fn funding(&self, latest: Moment) -> Result<(Mechanism, Options)> {
        let payee = builder()?;
        let milestone = |text: &str, latest| Milestone {
            payee,
            amount: MILESTONE,
            earliest: 0,
            latest,
            deliverable: Hash::from(client::blake2_256(text.as_bytes())),
        };
        let milestones = [
            milestone("A wallet that votes", latest.saturating_add(YEAR)),
            milestone("One that delegates, too", latest),
        ];
        let call = call(self.contracts.treasury.account, &treasury::open_escrow(GENERAL, &milestones));
        Ok(majority("Fund the wallet, by milestones", vec![call]))
    }

    /// Two of three signers approve of the first milestone, and it is paid.
    pub(super) async fn pay_milestone(&self, opened: &EscrowOpened) -> Result<Block> {
        let (treasury, release) = (&self.contracts.treasury, payment(opened, 0)?);
        let sent = self.send("Alice", treasury, &treasury::approve(release)).await?;
        step(&sent, "Alice approves of the first milestone's payment");
        match self.send("Bob", treasury, &treasury::release(release)).await {
            Err(Error::Chain(client::Error::Refused(refusal))) => {
                say(format!("               one signer is not enough: {refusal}"));
            }
            Err(error) => return Err(error),
            Ok(_) => return Err(Error::Failed("one signer was enough".to_owned())),
        }
        let sent = self.send("Bob", treasury, &treasury::approve(release)).await?;
        step(&sent, "Bob approves, too");
        let sent = self.send("Charlie", treasury, &treasury::release(release)).await?;
        step(&sent, &format!("Grace is paid {MILESTONE} for the first milestone"));
        Ok(sent.block)
    }

    /// The second milestone was not reached in time: what was reserved for it is the treasury's again.
    pub(super) async fn lapse_milestone(&self, opened: &EscrowOpened) -> Result<Block> {
        let sent = self.send("Eve", &self.contracts.treasury, &treasury::lapse(opened.escrow, 1)).await?;
        step(&sent, &format!("the second milestone has lapsed, and {MILESTONE} are free again"));
        Ok(sent.block)
    }
}

/// The first payment of all that a milestone has.
fn payment(opened: &EscrowOpened, number: MilestoneId) -> Result<Release> {
    let EscrowOpened { escrow, milestones, .. } = opened;
    let Some(milestone) = milestones.get(usize::from(number)) else {
        return Err(Error::Failed(format!("escrow {escrow} has no milestone {number}")));
    };
    let Milestone { payee, amount, .. } = *milestone;
    Ok(Release { escrow: *escrow, milestone: number, payee, amount, nonce: 0 })
}
