//! Between the types of the domain and those of Postgres' columns.

use crate::{error::Error, facts::Height};
use interfaces::{AccountId, Balance, Hash, Moment};

/// A height as it is stored.
pub fn stored_height(height: Height) -> Result<i64, Error> {
    i64::try_from(height).map_err(|_| Error::TooLarge("a block's height"))
}

/// A position, in a block or among calls, as it is stored.
pub fn stored_index(index: u32) -> Result<i32, Error> {
    i32::try_from(index).map_err(|_| Error::TooLarge("an event's position"))
}

/// A moment or a length of time as it is stored. Contracts may say "never" with a moment beyond 2⁶³-1 ms, 292 million
/// years from now; that is stored as 2⁶³-1, which no comparison with a real block's timestamp can tell apart.
pub fn stored_moment(moment: Moment) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

/// A count of rows as it is stored.
pub fn stored_count(count: usize) -> Result<i32, Error> {
    i32::try_from(count).map_err(|_| Error::TooLarge("a block's number of events"))
}

/// Text as it is stored: Postgres cannot hold the character U+0000, which anybody could put into a proposal to stop the
/// mirror. It is shown as U+FFFD; the raw event keeps it.
pub fn stored_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A stored number that is never below 0.
pub fn to_u64(number: i64, what: &str) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Tampered(format!("{what} of {number}")))
}

/// A stored amount.
pub fn to_balance(amount: &str) -> Result<Balance, Error> {
    amount.parse().map_err(|_| Error::Tampered(format!("an amount of {amount}")))
}

/// A stored account.
pub fn to_account(bytes: &[u8]) -> Result<AccountId, Error> {
    bytes.try_into().map_err(|_| Error::Tampered("an account that is not 32 bytes".to_owned()))
}

/// The bytes of an account.
pub fn account(account: &AccountId) -> &[u8] {
    account.as_ref()
}

/// The bytes of a hash.
pub fn hash(hash: &Hash) -> &[u8] {
    hash.as_ref()
}
