//! End to end: a real chain, a real Postgres, real HTTP, real keys.
//!
//! Needs the programs and bundles that `scripts/build --fixtures` makes. Every test has services of its own; nobody waits
//! for the clock, for the chain's is sent ahead.

mod bad_input;
mod checking;
mod commands;
mod crash;
mod forks;
mod live;
mod monitoring;
mod readers;
mod refusals;
mod registry;
mod restart;
mod round;
mod settings;
mod standby;
mod treasury;
mod verbs;
mod verifying;
mod world;
