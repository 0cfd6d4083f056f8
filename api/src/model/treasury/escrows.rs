//! Escrows.

use super::{Approval, Asset};
use crate::{
    account::Account,
    model::{Amount, Hash, Instant, Time},
};
use interfaces::{
    Moment, ProposalId,
    treasury::{Category, EscrowId, MilestoneId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Money that was put aside for work done in steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Escrow {
    /// Its number.
    #[schema(value_type = u32)]
    pub id: EscrowId,
    /// Out of which budget it was opened.
    #[schema(value_type = u16)]
    pub category: Category,
    /// What is reserved.
    pub asset: Asset,
    /// How many milestones it has.
    #[schema(value_type = u8)]
    pub milestones: MilestoneId,
    /// What was reserved for all of them.
    pub amount: Amount,
    /// What was released of it.
    pub paid: Amount,
    /// What is still reserved of it. What is neither paid nor left is free again.
    pub left: Amount,
    /// Whether anything is left.
    pub state: EscrowState,
    /// The proposal whose execution opened it; null if none did.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Block in which it was opened.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// Whether an escrow still reserves anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscrowState {
    /// It does.
    Open,
    /// It does not: all of it was released or is free again.
    Done,
}

/// An escrow with its milestones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WholeEscrow {
    /// The escrow.
    pub escrow: Escrow,
    /// Its milestones.
    pub milestones: Vec<Milestone>,
}

/// A step of the work, and what has become of its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Milestone {
    /// Its number, from 0.
    #[schema(value_type = u8)]
    pub number: MilestoneId,
    /// Who is paid for it.
    pub payee: Account,
    /// How much.
    pub amount: Amount,
    /// First moment at which something of it can be released.
    pub earliest: Instant,
    /// Last such moment.
    pub latest: Instant,
    /// BLAKE2b-256 of the text that says what is to be delivered.
    pub deliverable: Hash,
    /// What was released.
    pub paid: Amount,
    /// What is still reserved.
    pub left: Amount,
    /// How many releases it has had: the nonce of the next.
    pub releases: u32,
    /// How it stands at the block.
    pub state: MilestoneState,
    /// What became of what was not released, if that is free again; otherwise null.
    #[schema(required = true)]
    pub freed: Option<Freed>,
    /// Its releases, the latest first, and of more than 200 the latest 200. The ledger has all.
    pub made: Vec<Release>,
    /// What signers said of the next release, by amount: a release is approved of with just one amount. Only the latest
    /// 200 that they said count here.
    pub pending: Vec<PendingRelease>,
}

/// How a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneState {
    /// Its earliest date has not come. It can be approved of already.
    Waiting,
    /// It can be released.
    Open,
    /// Its latest date is past, and anyone can free what it has left.
    Late,
    /// Nothing is left.
    Done,
}

/// What a milestone had left is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Freed {
    /// How much.
    pub amount: Amount,
    /// How.
    pub how: Freeing,
    /// The proposal whose execution ordered it; null if none did.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// How what was reserved becomes free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freeing {
    /// The milestone's time was over.
    Lapsed,
    /// Governance took it back.
    ClawedBack,
}

/// A release that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Release {
    /// How many releases the milestone had had.
    pub nonce: u32,
    /// How much was paid.
    pub amount: Amount,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// A release of this amount, which signers have said something of, and which was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PendingRelease {
    /// How much.
    pub amount: Amount,
    /// How many releases the milestone has had.
    pub nonce: u32,
    /// How many of the present signers approve.
    pub approving: usize,
    /// Whether as many approve as must.
    pub enough: bool,
    /// What each signer last said of it, the latest first.
    pub approvals: Vec<Approval>,
}
