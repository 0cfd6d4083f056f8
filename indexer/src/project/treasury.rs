//! The treasury: what it holds and why, what it may spend, and what it owes.

mod budgets;
mod escrows;
mod ledger;
mod streams;

pub use budgets::{BudgetChange, Budgeted};
pub use escrows::{EscrowRow, Freed, Freeing, MilestoneRow, ReleaseRow, Said, Statement};
pub use ledger::{Entry, EntryKind, Holding, Ledger, Place, Why};
pub use streams::StreamRow;

use super::{Origin, Table, unclaimed::Unclaimed};
use crate::{decode::TreasuryEvent, facts::Height};
use interfaces::{
    AccountId, Balance, Moment, ProposalId,
    token::Transfer,
    treasury::{Asset, Category, Deposited, EscrowId, MilestoneId, Paid, Signers, SignersSet, StreamId},
};

/// What a batch is about of it.
#[derive(Debug, Default)]
pub struct Treasury {
    /// What it holds, and everything that changed that.
    pub ledger: Ledger,
    /// The budget of each category.
    pub budgets: Table<Category, Budgeted>,
    /// New budgets.
    pub budget_changes: Vec<BudgetChange>,
    /// Escrows.
    pub escrows: Table<EscrowId, EscrowRow>,
    /// Their milestones.
    pub milestones: Table<(EscrowId, MilestoneId), MilestoneRow>,
    /// New releases.
    pub releases: Vec<ReleaseRow>,
    /// What each signer last said of each release.
    pub approvals: Table<Said, Statement>,
    /// All that signers said.
    pub statements: Vec<(Said, Statement)>,
    /// New sets of signers.
    pub signers: Vec<SignersRow>,
    /// Streams.
    pub streams: Table<StreamId, StreamRow>,
    /// New pauses, and ends of pauses.
    pub pauses: Vec<PauseRow>,
    /// What an execution can have ordered.
    orders: Unclaimed<Order>,
}

/// Something that only an execution orders, by its position or number.
#[derive(Debug, Clone, Copy)]
enum Order {
    Entry(usize),
    Budget(usize, Category),
    Escrow(EscrowId),
    ClawedBack(EscrowId, MilestoneId),
    Signers(usize),
    Stream(StreamId),
    Stopped(StreamId),
    Unpaused(usize),
}

/// When something was ordered, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered {
    /// In which block.
    pub height: Height,
    /// When.
    pub moment: Moment,
    /// By the execution of which proposal.
    pub proposal: Option<ProposalId>,
}

impl Ordered {
    /// Nobody has said yet who ordered it.
    fn at(origin: Origin) -> Self {
        Self { height: origin.height, moment: origin.moment, proposal: None }
    }
}

/// Signers were named.
#[derive(Debug)]
pub struct SignersRow {
    pub origin: Origin,
    pub signers: Signers,
    /// The proposal whose execution named them.
    pub proposal: Option<ProposalId>,
}

/// The treasury was paused, or pays again.
#[derive(Debug)]
pub struct PauseRow {
    pub origin: Origin,
    /// Who paused it; nobody where it pays again.
    pub guardian: Option<AccountId>,
    /// The proposal whose execution ended the pause.
    pub proposal: Option<ProposalId>,
}

impl Treasury {
    /// What was known before a batch.
    pub fn known(
        assets: Table<Asset, Holding>,
        budgets: Table<Category, Budgeted>,
        escrows: Table<EscrowId, EscrowRow>,
        milestones: Table<(EscrowId, MilestoneId), MilestoneRow>,
        streams: Table<StreamId, StreamRow>,
    ) -> Self {
        Self { ledger: Ledger::known(assets), budgets, escrows, milestones, streams, ..Self::default() }
    }

    /// What follows from an event of the treasury.
    pub(super) fn apply(&mut self, origin: Origin, extrinsic: Option<u32>, event: TreasuryEvent) -> Result<(), String> {
        use TreasuryEvent as E;
        match event {
            E::Deposited(Deposited { from, amount }) => self.ledger.deposited(origin, from, amount),
            E::Paid(event) => return self.paid(origin, extrinsic, &event),
            E::BudgetSet(event) => self.budget_set(origin, extrinsic, &event),
            E::EscrowOpened(event) => return self.escrow_opened(origin, extrinsic, &event),
            E::Released(event) => return self.released(origin, extrinsic, &event),
            E::Lapsed(event) => {
                let (which, asset) = ((event.escrow, event.milestone), event.asset);
                return self.freed(origin, which, asset, event.amount, Freeing::Lapsed);
            }
            E::ClawedBack(event) => {
                self.orders.push(extrinsic, Order::ClawedBack(event.escrow, event.milestone));
                let (which, asset) = ((event.escrow, event.milestone), event.asset);
                return self.freed(origin, which, asset, event.amount, Freeing::ClawedBack);
            }
            E::SignersSet(SignersSet { signers }) => {
                self.orders.push(extrinsic, Order::Signers(self.signers.len()));
                self.signers.push(SignersRow { origin, signers, proposal: None });
            }
            E::SignerApproved(event) => return self.said(origin, event.release, event.signer, Some(event.since)),
            E::ApprovalWithdrawn(event) => return self.said(origin, event.release, event.signer, None),
            E::StreamOpened(event) => return self.stream_opened(origin, extrinsic, &event),
            E::StreamClaimed(event) => return self.stream_claimed(origin, extrinsic, &event),
            E::StreamStopped(event) => return self.stream_stopped(origin, extrinsic, &event),
            E::Paused(event) => {
                self.pauses.push(PauseRow { origin, guardian: Some(event.guardian), proposal: None });
            }
            E::Unpaused(_) => {
                self.orders.push(extrinsic, Order::Unpaused(self.pauses.len()));
                self.pauses.push(PauseRow { origin, guardian: None, proposal: None });
            }
        }
        Ok(())
    }

    /// A token told of a transfer, which may be none of the treasury's.
    pub(super) fn moved(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        token: AccountId,
        treasury: AccountId,
        transfer: &Transfer,
    ) {
        self.ledger.moved(origin, extrinsic, token, treasury, transfer);
    }

    /// The governor told of an execution.
    pub(super) fn executed(&mut self, extrinsic: Option<u32>, proposal: ProposalId) {
        let proposal = Some(proposal);
        for order in self.orders.claim(extrinsic) {
            match order {
                Order::Entry(position) => self.ledger.entries[position].why.proposal = proposal,
                Order::Budget(position, category) => {
                    self.budget_changes[position].proposal = proposal;
                    if let Some(row) = self.budgets.get_mut(&category) {
                        row.set.proposal = proposal;
                    }
                }
                Order::Escrow(escrow) => {
                    if let Some(row) = self.escrows.get_mut(&escrow) {
                        row.opened.proposal = proposal;
                    }
                }
                Order::ClawedBack(escrow, milestone) => {
                    let row = self.milestones.get_mut(&(escrow, milestone));
                    if let Some(Freed { at, .. }) = row.and_then(|row| row.freed.as_mut()) {
                        at.proposal = proposal;
                    }
                }
                Order::Signers(position) => self.signers[position].proposal = proposal,
                Order::Stream(stream) => {
                    if let Some(row) = self.streams.get_mut(&stream) {
                        row.opened.proposal = proposal;
                    }
                }
                Order::Stopped(stream) => {
                    if let Some(row) = self.streams.get_mut(&stream) {
                        row.stopped_by = proposal;
                    }
                }
                Order::Unpaused(position) => self.pauses[position].proposal = proposal,
            }
        }
    }

    /// The block is over, and the treasury's account has so much of the native currency that is free.
    pub(super) fn end_block(&mut self, height: Height, moment: Moment, free: Balance) -> Result<(), String> {
        self.orders.end_block();
        self.ledger.end_block(height, moment, free)
    }

    fn paid(&mut self, origin: Origin, extrinsic: Option<u32>, event: &Paid) -> Result<(), String> {
        let Paid { category, payee, asset, amount } = *event;
        self.commit(origin, category, asset, amount)?;
        let why = Why { category: Some(category), ..Why::default() };
        self.left(origin, extrinsic, asset, EntryKind::Payment, (payee, amount), why);
        Ok(())
    }

    /// Something left the treasury. What is not known by now to go back to a proposal, the execution under way did.
    fn left(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        asset: Asset,
        kind: EntryKind,
        (payee, amount): (AccountId, Balance),
        why: Why,
    ) {
        for position in self.ledger.left(origin, extrinsic, asset, kind, (payee, amount), why) {
            if why.proposal.is_none() {
                self.orders.push(extrinsic, Order::Entry(position));
            }
        }
    }
}
