//! `gaia bench`: figures that anyone can measure again.

mod governed;
mod growth;
mod stage;
mod tally;
mod vote;

use super::Shared;
use crate::Result;
use clap::Subcommand;

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// What a vote costs in each mechanism, beside a contract that does nothing but a majority vote's reads and writes; and
    /// what escrows, attestations and parameters cost
    Vote(vote::Vote),
    /// What counting rankings costs, and how many pages it takes
    Tally(tally::Tally),
    /// What messages cost when there are few, and when there are many voters, escrows, identities and parameters
    Growth(growth::Growth),
}

impl Bench {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Vote(vote) => vote.run(shared).await,
            Self::Tally(tally) => tally.run(shared).await,
            Self::Growth(growth) => growth.run(shared).await,
        }
    }
}
