//! What the contracts, and everyone who talks to them, know of each other.
//!
//! One module per contract: its messages as an ink! trait (the trait's name is part of every selector), the SCALE
//! types they carry, its events and its errors; [`calls`] and [`refusal`] are how they speak. [`lifecycle`] holds the rule that turns a proposal's facts and a
//! moment into its state; the governor answers with it and the indexer mirrors with it.
//!
//! Times are block timestamps in milliseconds since the Unix epoch; amounts are base units.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![expect(clippy::cast_possible_truncation, reason = "the codec's derive casts the numbers of variants, which are few")]

pub mod calls;
#[cfg(feature = "std")]
pub mod contracts;
#[cfg(feature = "std")]
mod explain;
pub mod governor;
pub mod key;
pub mod ledger;
pub mod lifecycle;
mod packed;
pub mod polls;
pub mod rankings;
pub mod refusal;
pub mod registry;
pub mod relay;
pub mod roles;
pub mod settings;
pub mod signed;
pub mod token;
pub mod treasury;
pub mod upgrade;

pub use packed::Leaf;

/// The contracts' account, hash and amount types.
pub use ink::primitives::{AccountId, Hash};

/// An amount of the native currency or of a token, in base units.
pub type Balance = u128;

/// A block timestamp, in milliseconds since the Unix epoch.
pub type Moment = u64;

/// A length of time, in milliseconds.
pub type Millis = u64;

/// Number of a proposal: 0, 1, 2, … in the order of proposing.
pub type ProposalId = u32;
