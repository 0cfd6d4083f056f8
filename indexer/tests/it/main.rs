//! The indexer against a real Postgres, fed with blocks made here.
//!
//! Needs GAIA_TEST_DATABASE: the URL of a role that may create databases, for example
//! `postgres://gaia@127.0.0.1:5432/postgres`. Every test has a database of its own and drops it.

mod batches;
mod chain;
mod command;
mod contradictions;
mod database;
mod delegations;
mod everything;
mod naive;
mod pipeline;
mod polls;
mod projections;
mod proposals;
mod rebuild;
mod recount;
mod registry;
mod replay;
mod schema;
mod settings;
mod treasury;
