//! Streams.

use super::Asset;
use crate::{
    account::Account,
    model::{Amount, Instant, Time},
};
use interfaces::{
    Moment, ProposalId,
    treasury::{Category, StreamId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount that a payee earns bit by bit between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stream {
    /// Its number.
    #[schema(value_type = u32)]
    pub id: StreamId,
    /// Out of which budget it was opened.
    #[schema(value_type = u16)]
    pub category: Category,
    /// In what it pays.
    pub asset: Asset,
    /// Whom.
    pub payee: Account,
    /// How much in all, unless it is stopped.
    pub amount: Amount,
    /// Until when nothing has accrued.
    pub begins: Instant,
    /// From when all has.
    pub ends: Instant,
    /// What was paid of it.
    pub claimed: Amount,
    /// What the payee has earned by the block.
    pub accrued: Amount,
    /// What of that was not paid yet.
    pub claimable: Amount,
    /// What is still reserved for it.
    pub left: Amount,
    /// When it was stopped: nothing accrues after that. Null if it was not.
    #[schema(required = true)]
    pub stopped: Option<Instant>,
    /// The proposal whose execution stopped it; null if none did.
    #[schema(required = true, value_type = Option<u32>)]
    pub stopped_by: Option<ProposalId>,
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
