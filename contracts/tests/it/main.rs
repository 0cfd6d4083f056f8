//! The contracts together, on pallet-contracts in memory. Every test is named after what it shows.

mod bundles;
mod costing;
mod executing;
mod holding;
mod paying;
mod proposing;
mod voting;
mod world;
