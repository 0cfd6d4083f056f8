//! The treasury.

use super::{Amount, Time};
use crate::account::Account;
use interfaces::{Moment, ProposalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Treasury {
    /// Its account.
    pub account: Account,
    /// The native currency it holds; null while none was ever recorded.
    #[schema(required = true)]
    pub balance: Option<Amount>,
}

/// Currency that came to the treasury by message, or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// In which direction.
    pub kind: MovementKind,
    /// The depositor or the payee.
    pub account: Account,
    /// How much.
    pub amount: Amount,
    /// The proposal whose execution made a payment; null for a deposit.
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

/// Direction of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Into the treasury, by message. A plain transfer makes no event and is seen in the balance only.
    Deposit,
    /// Out of the treasury.
    Payment,
}
