//! Escrows: money put aside for work that is done in steps, and paid as signers find each step done.

use super::{Asset, Category, TreasuryError};
use crate::{AccountId, Balance, Hash, Moment, signed::Text};
use ink::prelude::vec::Vec;

/// Number of an escrow: 0, 1, 2, … in the order of opening.
pub type EscrowId = u32;

/// Number of a milestone of an escrow, from 0.
pub type MilestoneId = u8;

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Milestone {
    /// Who is paid for it.
    pub payee: AccountId,
    /// How much; not 0.
    pub amount: Balance,
    /// First moment at which something of it can be released.
    pub earliest: Moment,
    /// Last such moment.
    pub latest: Moment,
    /// BLAKE2b-256 of the text that says what is to be delivered, kept off chain.
    pub deliverable: Hash,
}

/// An escrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Escrow {
    /// Out of which budget it was opened. Payees must be cleared as that budget asks when they are paid.
    pub category: Category,
    /// What is reserved.
    pub asset: Asset,
    /// How many milestones it has.
    pub milestones: MilestoneId,
}

/// A milestone, and what has become of its money: what is neither paid nor left is free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Tranche {
    /// What was decided.
    pub milestone: Milestone,
    /// What was released.
    pub paid: Balance,
    /// What is still reserved.
    pub left: Balance,
    /// How many releases it has had: the nonce of the next.
    pub releases: u32,
}

/// One payment out of an escrow, as signers approve of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Release {
    /// Out of which escrow.
    pub escrow: EscrowId,
    /// For which of its milestones.
    pub milestone: MilestoneId,
    /// To whom: the milestone's payee.
    pub payee: AccountId,
    /// How much of what the milestone has left; not 0.
    pub amount: Balance,
    /// How many releases the milestone has had.
    pub nonce: u32,
}

impl Release {
    /// What a signer signs with a wallet to approve of this until `deadline`, on the chain whose genesis block has the hash
    /// `chain`, of the treasury with this account.
    pub fn text(&self, deadline: Moment, chain: &Hash, treasury: &AccountId) -> Text {
        let mut text = Text::new("Gaia release");
        text.hex("chain", chain.as_ref());
        text.hex("contract", treasury.as_ref());
        text.number("escrow", self.escrow.into());
        text.number("milestone", self.milestone.into());
        text.hex("payee", self.payee.as_ref());
        text.number("amount", self.amount);
        text.number("nonce", self.nonce.into());
        text.number("until", deadline.into());
        text
    }
}

/// Escrows.
#[ink::trait_definition]
pub trait Escrows {
    /// Reserves all that 1 to [`limits::MILESTONES`](super::limits::MILESTONES) milestones need. Only the governor may.
    #[ink(message)]
    fn open_escrow(&mut self, category: Category, milestones: Vec<Milestone>) -> Result<EscrowId, TreasuryError>;

    /// Pays a part or all of what a milestone has left, between its dates, once as many of the present signers as must
    /// approve of just this release. Anyone may.
    #[ink(message)]
    fn release(&mut self, release: Release) -> Result<(), TreasuryError>;

    /// Frees what a milestone has left after its latest date. Anyone may.
    #[ink(message)]
    fn lapse(&mut self, escrow: EscrowId, milestone: MilestoneId) -> Result<(), TreasuryError>;

    /// Frees what a milestone, or every milestone of the escrow, has left. Only the governor may.
    #[ink(message)]
    fn claw_back(&mut self, escrow: EscrowId, milestone: Option<MilestoneId>) -> Result<(), TreasuryError>;

    /// An escrow.
    #[ink(message)]
    fn escrow(&self, escrow: EscrowId) -> Option<Escrow>;

    /// A milestone and its money.
    #[ink(message)]
    fn tranche(&self, escrow: EscrowId, milestone: MilestoneId) -> Option<Tranche>;

    /// How many escrows were opened; their numbers are below this.
    #[ink(message)]
    fn escrow_count(&self) -> EscrowId;
}

/// Money was reserved for milestones.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscrowOpened {
    /// The escrow's number.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// Out of which budget.
    #[ink(topic)]
    pub category: Category,
    /// What is reserved.
    pub asset: Asset,
    /// How much of it, for what and for whom.
    pub milestones: Vec<Milestone>,
}

/// Something was paid out of an escrow.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Out of which.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// To whom.
    #[ink(topic)]
    pub payee: AccountId,
    /// In what.
    pub asset: Asset,
    /// The release.
    pub release: Release,
}

/// A milestone's time is over, and what it had left is free.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// Of which escrow.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// Which.
    pub milestone: MilestoneId,
    /// What is free.
    pub asset: Asset,
    /// How much of it.
    pub amount: Balance,
}

/// Governance took back what a milestone had left; it is free.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClawedBack {
    /// From which escrow.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// From which of its milestones.
    pub milestone: MilestoneId,
    /// What is free.
    pub asset: Asset,
    /// How much of it.
    pub amount: Balance,
}
