//! Waiting for the chain's clock.

use crate::{Error, Result, output::waiting};
use client::{Block, Chain};
use interfaces::{Millis, Moment};
use std::time::{Duration, Instant};

/// How much longer than the clock needs may be waited before it counts as standing still.
const SLACK: Duration = Duration::from_secs(30);

/// Waits until the chain's clock is past `delay` milliseconds after a block, with a progress bar.
///
/// # Errors
/// As [`until`].
pub async fn pass(chain: &Chain, what: &str, since: Block, delay: Millis) -> Result<()> {
    until(chain, what, chain.moment(since.hash).await?.saturating_add(delay)).await
}

/// Waits until the chain's clock is past a moment, with a progress bar.
///
/// # Errors
/// If the chain does not answer, or its clock stands still: without transactions and without a block time, it does.
pub async fn until(chain: &Chain, what: &str, moment: Moment) -> Result<()> {
    let start = chain.moment(chain.head().await?.hash).await?;
    let length = Duration::from_millis(moment.saturating_sub(start));
    let bar = waiting(what, length);
    let patience = length + SLACK;
    let end = Instant::now() + patience;
    loop {
        let now = chain.moment(chain.head().await?.hash).await?;
        bar.set_position(now.saturating_sub(start));
        if now > moment {
            bar.finish_and_clear();
            return Ok(());
        }
        if Instant::now() > end {
            return Err(Error::TooLate { what: what.to_owned(), seconds: patience.as_secs() });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
