//! `gaia`: the program people type.
//!
//! [`stack`] starts and stops the services (Postgres, chain, indexer, API) that `gaia up`, the demo and the end-to-end
//! tests run on; [`commands`] holds one module per verb. Everything else is shared plumbing.

pub mod api;
mod clock;
pub mod commands;
pub mod deploy;
pub mod error;
pub mod orders;
pub mod output;
pub mod parse;
pub mod signed;
pub mod stack;

pub use error::{Error, Result};
