//! `gaia bench`: figures that anyone can measure again.

use super::Shared;
use crate::{Result, output::table};
use clap::Subcommand;

mod vote;

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// What a vote costs, beside a contract that does nothing but the same reads, writes and event
    Vote(vote::Vote),
}

impl Bench {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Vote(vote) => vote.run(shared).await,
        }
    }
}

/// A table of figures beside those they are compared with.
fn beside(rows: &[(&str, i128, i128)]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|(name, measured, baseline)| vec![(*name).to_owned(), measured.to_string(), baseline.to_string()])
        .collect();
    table(&["", "measured", "baseline"], &rows)
}
