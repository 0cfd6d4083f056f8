//! Ballots, voting mechanisms and tallies.
//!
//! The governor contract counts with this crate and `gaia verify` recounts with it: there is no second
//! implementation. It knows no contract, chain, clock or storage, allocates nothing for a majority vote, and never
//! panics: whatever cannot be counted is an error.
#![cfg_attr(not(feature = "std"), no_std)]

pub mod majority;
mod share;

pub use majority::{Majority, Support};
pub use share::{BasisPoints, InvalidShare};

/// Voting power, in base units of the governance token.
pub type Power = u128;

/// Why a ballot cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TallyError {
    /// The sum of all votes exceeds `u128::MAX`; impossible while power never exceeds the token's supply.
    Overflow,
}
