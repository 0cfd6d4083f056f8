//! Ballots, voting mechanisms and tallies.
//!
//! The contracts count with this crate and `gaia verify` recounts with it: there is no second implementation. It
//! knows no contract, chain, clock or storage, allocates nothing for a majority vote, and never panics: whatever
//! cannot be counted is an error.
//!
//! A [`Choice`] is what one ballot says; a [`Tally`] is the running count of a poll, and decides it by its
//! [`Thresholds`]. Rankings say nothing until all are in: then [`irv`] or [`condorcet`] counts them, in pages.
#![cfg_attr(not(feature = "std"), no_std)]
#![expect(clippy::cast_possible_truncation, reason = "the codec's derive casts the numbers of variants, which are few")]

extern crate alloc;

mod choice;
pub mod condorcet;
mod error;
pub mod irv;
pub mod majority;
mod mechanism;
mod options;
mod plurality;
pub mod quadratic;
mod ranking;
mod share;
mod tally;
mod way;

pub use choice::{Choice, InvalidChoice};
pub use error::{TallyError, TooManyOptions};
pub use majority::{Majority, Support};
pub use mechanism::{FEWEST_OPTIONS, MOST_OPTIONS, Mechanism, none_of_the_above};
pub use options::OptionSet;
pub use plurality::Plurality;
pub use ranking::Ranking;
pub use share::{BasisPoints, InvalidShare};
pub use tally::{Rankings, Tally, Thresholds};
pub use way::Way;

/// Voting power, in base units of the governance token.
pub type Power = u128;

/// The number of an option: 0, 1, and so on.
pub type OptionId = u8;
