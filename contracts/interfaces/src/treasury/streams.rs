//! Streams: an amount that a payee earns bit by bit between two moments.

use super::{Asset, Category, TreasuryError};
use crate::{AccountId, Balance, Millis, Moment};

/// Number of a stream: 0, 1, 2, … in the order of opening.
pub type StreamId = u32;

/// A stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Stream {
    /// Out of which budget it was opened. The payee must be cleared as that budget asks when it claims.
    pub category: Category,
    /// In what it pays.
    pub asset: Asset,
    /// Whom.
    pub payee: AccountId,
    /// How much in all, unless it is stopped.
    pub amount: Balance,
    /// Until when nothing has accrued.
    pub begins: Moment,
    /// From when all has.
    pub ends: Moment,
    /// What was paid of it.
    pub claimed: Balance,
    /// When it was stopped: nothing accrues after that.
    pub stopped: Option<Moment>,
}

impl Stream {
    /// What the payee has earned by then, in whole base units.
    pub fn accrued_at(&self, moment: Moment) -> Balance {
        let moment = self.stopped.map_or(moment, |stopped| stopped.min(moment));
        let length = self.ends.saturating_sub(self.begins);
        let elapsed = moment.saturating_sub(self.begins);
        if elapsed >= length { self.amount } else { part(self.amount, elapsed, length) }
    }

    /// What the payee can claim then.
    pub fn claimable_at(&self, moment: Moment) -> Balance {
        self.accrued_at(moment).saturating_sub(self.claimed)
    }
}

/// `amount * elapsed / length`, rounded down, of an `elapsed` less than `length`. The product may be beyond what a
/// number can hold, so the amount is divided first and its remainder, which is less than `length`, apart: both parts
/// are whole but for the one rounding at the end.
fn part(amount: Balance, elapsed: Millis, length: Millis) -> Balance {
    let (elapsed, length) = (Balance::from(elapsed), Balance::from(length));
    let each = amount.checked_div(length).unwrap_or_default();
    let rest = amount.saturating_sub(each.saturating_mul(length));
    let of_rest = rest.saturating_mul(elapsed).checked_div(length).unwrap_or_default();
    each.saturating_mul(elapsed).saturating_add(of_rest)
}

/// Streams.
#[ink::trait_definition]
pub trait Streams {
    /// Reserves an amount, which the payee earns evenly from `begins` to `ends`. It may have begun already, and must end in
    /// the future. Only the governor may.
    #[ink(message)]
    fn open_stream(
        &mut self,
        category: Category,
        payee: AccountId,
        amount: Balance,
        begins: Moment,
        ends: Moment,
    ) -> Result<StreamId, TreasuryError>;

    /// Pays what has accrued and was not paid yet to the stream's payee. Anyone may.
    #[ink(message)]
    fn claim(&mut self, stream: StreamId) -> Result<(), TreasuryError>;

    /// Frees what has not accrued; what has stays the payee's. Only the governor may.
    #[ink(message)]
    fn stop_stream(&mut self, stream: StreamId) -> Result<(), TreasuryError>;

    /// A stream.
    #[ink(message)]
    fn stream(&self, stream: StreamId) -> Option<Stream>;

    /// How many streams were opened; their numbers are below this.
    #[ink(message)]
    fn stream_count(&self) -> StreamId;
}

/// Money was reserved that a payee earns over time.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamOpened {
    /// The stream's number.
    #[ink(topic)]
    pub stream: StreamId,
    /// Out of which budget.
    #[ink(topic)]
    pub category: Category,
    /// Who earns it.
    #[ink(topic)]
    pub payee: AccountId,
    /// In what.
    pub asset: Asset,
    /// How much.
    pub amount: Balance,
    /// From when.
    pub begins: Moment,
    /// Until when.
    pub ends: Moment,
}

/// What had accrued in a stream was paid.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamClaimed {
    /// Of which.
    #[ink(topic)]
    pub stream: StreamId,
    /// To whom.
    #[ink(topic)]
    pub payee: AccountId,
    /// In what.
    pub asset: Asset,
    /// How much.
    pub amount: Balance,
}

/// A stream was stopped.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamStopped {
    /// Which.
    #[ink(topic)]
    pub stream: StreamId,
    /// What is free.
    pub asset: Asset,
    /// How much of it: what had not accrued.
    pub amount: Balance,
}

#[cfg(test)]
mod tests;
