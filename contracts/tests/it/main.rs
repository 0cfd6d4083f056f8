//! The contracts together, on pallet-contracts in memory. Every test is named after what it shows.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

mod bundles;
mod costing;
mod executing;
mod holding;
mod paying;
mod proposing;
mod voting;
mod world;
