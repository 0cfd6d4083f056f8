//! What the treasury has, why, and what it may spend.

use super::Asset;
use crate::{
    account::Account,
    model::{Amount, Instant, Time},
};
use interfaces::{
    Millis, Moment, ProposalId,
    treasury::{self, Category, EscrowId, MilestoneId, StreamId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the treasury has of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssetBalance {
    /// Of what.
    pub asset: Asset,
    /// What its account has, by the chain; of a token other than the governance token, by what that token told.
    pub balance: Amount,
    /// What of that it can ever pay: all, but of the native currency the existential deposit, which keeps its account alive.
    pub held: Amount,
    /// What of that escrows and streams still owe.
    pub reserved: Amount,
    /// What of that is not reserved.
    pub free: Amount,
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BudgetTerms {
    /// Of what.
    pub asset: Asset,
    /// How much in a period; with 0, nothing more is spent.
    pub cap: Amount,
    /// Milliseconds of a period.
    #[schema(value_type = u64)]
    pub period_ms: Millis,
    /// When the first period begins; before it, nothing is spent.
    pub begins: Instant,
    /// Whether what periods leave over can be spent in later ones.
    pub carries: bool,
    /// The tier for which the registry must clear a payee when it is paid; null if it is not asked.
    #[schema(required = true)]
    pub tier: Option<u8>,
}

impl From<treasury::Budget> for BudgetTerms {
    fn from(budget: treasury::Budget) -> Self {
        let treasury::Budget { asset, cap, period, begins, carries, tier } = budget;
        Self { asset: asset.into(), cap: Amount(cap), period_ms: period, begins: begins.into(), carries, tier }
    }
}

/// The budget of a category of spending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Budget {
    /// Which category. What it stands for is said by the proposal that gave it a budget.
    #[schema(value_type = u16)]
    pub category: Category,
    /// The budget.
    pub terms: BudgetTerms,
    /// What can still be committed of it in the period that the block is in.
    pub left: Amount,
    /// The proposal whose execution last set it; null if it was there from the beginning.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Block in which it was last set.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// A category was given a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BudgetChange {
    /// Which category.
    #[schema(value_type = u16)]
    pub category: Category,
    /// The budget.
    pub terms: BudgetTerms,
    /// What could be committed of it just then.
    pub left: Amount,
    /// The proposal whose execution set it; null if it was there from the beginning.
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

/// Something that changed what the treasury has of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// Of what.
    pub asset: Asset,
    /// What happened.
    pub kind: EntryKind,
    /// Whether it came in or went out.
    pub direction: Direction,
    /// How much.
    pub amount: Amount,
    /// From whom or to whom; null if nobody said, or if tokens were minted or burnt.
    #[schema(required = true)]
    pub counterparty: Option<Account>,
    /// What the treasury has of the asset after it.
    pub balance: Amount,
    /// What of the amount is not in the balance, which is 0 unless a token told of more than there was.
    pub excess: Amount,
    /// Out of which budget it was paid; null if it was not paid.
    #[schema(required = true, value_type = Option<u16>)]
    pub category: Option<Category>,
    /// Out of which escrow it was released; null if it was not.
    #[schema(required = true, value_type = Option<u32>)]
    pub escrow: Option<EscrowId>,
    /// For which of its milestones.
    #[schema(required = true, value_type = Option<u8>)]
    pub milestone: Option<MilestoneId>,
    /// Out of which stream it was claimed; null if it was not.
    #[schema(required = true, value_type = Option<u32>)]
    pub stream: Option<StreamId>,
    /// The proposal whose execution paid it, or opened the escrow or stream that it comes from; null if none did.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// In which block.
    pub height: u64,
    /// Position of its event in the block; null for native currency that came or went without one, which is known from
    /// what the treasury's account has after the block.
    #[schema(required = true)]
    pub index: Option<u32>,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

impl LedgerEntry {
    /// What the treasury had of the asset before it; nothing if that makes no sense.
    pub fn balance_before(&self) -> Option<Amount> {
        let counted = self.amount.0.checked_sub(self.excess.0)?;
        let before = match self.direction {
            Direction::In => self.balance.0.checked_sub(counted),
            Direction::Out => self.balance.0.checked_add(counted),
        };
        before.map(Amount)
    }
}

/// What changed what the treasury has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Native currency was deposited by message.
    Deposit,
    /// A payment at once.
    Payment,
    /// A payment out of an escrow, for a milestone.
    Release,
    /// A payment of what had accrued in a stream.
    StreamClaim,
    /// Anything else: it came or went without a message of the treasury's.
    Transfer,
}

/// Whether something came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It came in.
    In,
    /// It went out.
    Out,
}
