//! The treasury.

mod asset;
mod books;
mod escrows;
mod signing;
mod streams;

pub use asset::{Asset, InvalidAsset};
pub use books::{AssetBalance, Budget, BudgetChange, BudgetTerms, Direction, EntryKind, LedgerEntry};
pub use escrows::{
    Escrow, EscrowState, Freed, Freeing, Milestone, MilestoneState, PendingRelease, Release, WholeEscrow,
};
pub use signing::{
    Approval, Awaiting, AwaitingMilestone, AwaitingRelease, Pause, Signer, Signers, SignersChange, Stance, Statement,
};
pub use streams::Stream;

use crate::account::Account;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Treasury {
    /// Its account.
    pub account: Account,
    /// Whether it pays nobody now.
    pub paused: bool,
    /// Who can approve of what escrows pay.
    pub signers: Signers,
    /// What it has: of the native currency, and of every token that ever had a budget.
    pub balances: Vec<AssetBalance>,
}
