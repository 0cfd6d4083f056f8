//! The contracts together, on pallet-contracts in memory. Every test is named after what it shows.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

mod approving;
mod asks;
mod bookkeeping;
mod booth;
mod budgeting;
mod bundles;
mod changing;
mod costing;
mod crediting;
mod delegating;
mod drafting;
mod escrowing;
mod executing;
mod holding;
mod incidents;
mod installing;
mod machine;
mod overriding;
mod pausing;
mod paying;
mod polling;
mod proposing;
mod ranking;
mod registering;
mod renewing;
mod serving;
mod settling;
mod signing;
mod spending;
mod stopping;
mod streaming;
mod upgrading;
mod vault;
mod voting;
mod world;
