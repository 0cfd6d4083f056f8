//! Waiting for the chain's clock.

use crate::{Error, Result, output::waiting};
use client::{Block, Chain};
use std::time::{Duration, Instant};

/// How much longer than the clock needs may be waited before it counts as standing still.
const SLACK: Duration = Duration::from_secs(30);

/// Waits until the chain's clock is past `delay` milliseconds after a block, with a progress bar.
///
/// # Errors
/// If the chain does not answer, or its clock stands still: without transactions and without a block time, it does.
pub async fn pass(chain: &Chain, what: &str, since: Block, delay: u64) -> Result<()> {
    let start = chain.moment(since.hash).await?;
    let bar = waiting(what, Duration::from_millis(delay));
    let patience = Duration::from_millis(delay) + SLACK;
    let end = Instant::now() + patience;
    loop {
        let passed = chain.moment(chain.head().await?.hash).await?.saturating_sub(start);
        bar.set_position(passed.min(delay));
        if passed > delay {
            bar.finish_and_clear();
            return Ok(());
        }
        if Instant::now() > end {
            return Err(Error::TooLate { what: what.to_owned(), seconds: patience.as_secs() });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
