//! From the chain to the store, for as long as it takes.
//!
//! There is one loop, "from the block after the cursor to the finalised head", and the head only moves on: catching up
//! and keeping up are the same code, so nothing can be lost between them. Blocks are asked for several at a time, arrive
//! in order, and wait in a bounded channel while a batch is written; whatever waits by then is the next batch. A slow
//! database thus makes batches larger, and then makes the fetching wait.

use crate::{
    config::Bounds,
    error::Error,
    facts::{BlockFacts, BlockId, Height},
    health::Health,
    source::{Connect, Source},
    store::Store,
};
use futures::{FutureExt, StreamExt, stream};
use std::{
    convert::Infallible,
    future::pending,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep},
};

/// How often the loop turns at least, and the finalised head is noted at most.
const TURN: Duration = Duration::from_secs(1);

/// How often progress is told while catching up.
const TELL: Duration = Duration::from_secs(5);

/// How many blocks behind it must fall, once it has caught up, to be told about.
const BEHIND: Height = 100;

/// How long to wait before connecting anew, at first and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));

/// Mirrors finalised blocks into `store` until `stop` is ready, connecting anew whenever that can help. A batch that is
/// being written is finished first.
///
/// # Errors
/// What a person must look at. What is stored by then is whole.
pub async fn mirror<C: Connect>(
    connect: &C,
    first: C::Source,
    store: &mut Store,
    bounds: Bounds,
    health: &Health,
    stop: impl Future<Output = ()> + Clone,
) -> Result<(), Error> {
    let mut connection = Ok(first);
    let (mut wait, longest) = RETRY;
    loop {
        let before = store.cursor();
        // Also after a failure, which may have hidden that a batch was written.
        health.found(before.map(|block| block.height), store.next_height());
        let ended = match connection {
            Ok(source) => session(source, store, bounds, health, stop.clone()).await,
            Err(error) => Err(error),
        };
        let error = match ended {
            Ok(()) => return Ok(()),
            Err(error) if error.is_transient() => error,
            Err(error) => return Err(error),
        };
        if store.cursor() != before {
            (wait, _) = RETRY;
        }
        tracing::warn!(%error, retry_in_ms = wait.as_millis(), "interrupted");
        health.interrupted(&error);
        let reconnect = async {
            sleep(wait).await;
            store.recover().await?;
            connect.connect().await
        };
        connection = tokio::select! {
            () = stop.clone() => return Ok(()),
            connection = reconnect => connection,
        };
        wait = wait.saturating_mul(2).min(longest);
    }
}

/// Mirrors over one connection. Returns when told to stop.
async fn session<S: Source>(
    source: S,
    store: &mut Store,
    bounds: Bounds,
    health: &Health,
    stop: impl Future<Output = ()> + Clone,
) -> Result<(), Error> {
    check_history(&source, store.cursor()).await?;
    health.connected();
    if !project_kept(store, bounds, health, stop.clone()).await? {
        return Ok(());
    }
    let source = Arc::new(source);
    let (head, mut blocks, mut tasks) = spawn(&source, store.next_height(), bounds);
    let mut turn = interval(TURN);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut progress = Progress::new(store.cursor());
    let mut waiting_since = Instant::now();
    loop {
        // Only waiting is ever given up for something else; writing never is.
        let block = tokio::select! {
            biased;
            () = stop.clone() => return Ok(()),
            Some(ended) = tasks.join_next() => {
                let Err(error) = ended.map_err(|error| Error::Internal(error.to_string())).flatten();
                return Err(error);
            }
            _ = turn.tick() => None,
            block = blocks.recv() => block,
        };
        if let Some(block) = block {
            let batch = fill(block, &mut blocks, bounds.batch_rows);
            let began = Instant::now();
            if let Some(written) = store.write(&batch).await? {
                health.wrote(&written, began.duration_since(waiting_since), began.elapsed());
                waiting_since = Instant::now();
                tracing::debug!(tip = %written.tip, blocks = written.blocks, events = written.events, "batch");
                progress.add(written.blocks, written.events);
            }
        } else {
            let head = *head.borrow();
            if let Some(head) = head {
                store.note_head(head).await?;
                health.saw_head(head);
                progress.tell(store.cursor(), head);
            }
        }
        health.turned();
    }
}

/// Projects the mirrored blocks that are not: all of them after a migration that changed the projection. Says whether it
/// was not told to stop meanwhile.
async fn project_kept(
    store: &mut Store,
    bounds: Bounds,
    health: &Health,
    stop: impl Future<Output = ()> + Clone,
) -> Result<bool, Error> {
    let all = store.unprojected();
    if all == 0 {
        return Ok(true);
    }
    tracing::info!(blocks = all, "projecting what was mirrored before, anew");
    let mut told = Instant::now();
    while store.unprojected() > 0 {
        if stop.clone().now_or_never().is_some() {
            return Ok(false);
        }
        store.project_kept(bounds.batch_rows).await?;
        health.projecting(store.unprojected());
        health.turned();
        if told.elapsed() >= TELL {
            told = Instant::now();
            tracing::info!(left = store.unprojected(), "projecting anew");
        }
    }
    tracing::info!("everything that was mirrored is projected");
    Ok(true)
}

/// Refuses a chain that has another block where the mirror ends.
async fn check_history(source: &impl Source, cursor: Option<BlockId>) -> Result<(), Error> {
    let Some(BlockId { height, hash: expected }) = cursor else { return Ok(()) };
    // A node that lags may hold a block there that the chain will not keep, which says nothing of its history. When it
    // has come further, the next block's parent tells.
    let is_final = source.finalised_head().await? >= height;
    match source.hash_at(height).await?.filter(|_| is_final) {
        Some(found) if found != expected => Err(Error::OtherHistory { height, found, expected }),
        Some(_) => Ok(()),
        None => {
            tracing::warn!(height, "the chain has not come as far as the mirror: waiting for it");
            Ok(())
        }
    }
}

type Head = watch::Receiver<Option<Height>>;

/// Starts following the head and fetching blocks. Both end when the set of tasks is dropped.
fn spawn<S: Source>(
    source: &Arc<S>,
    next: Height,
    bounds: Bounds,
) -> (Head, mpsc::Receiver<BlockFacts>, JoinSet<Result<Infallible, Error>>) {
    let (publish, head) = watch::channel(None);
    let ahead = bounds.blocks_ahead.max(1);
    let (send, blocks) = mpsc::channel(ahead.saturating_mul(Bounds::WAITING));
    let mut tasks = JoinSet::new();
    let follower = Arc::clone(source);
    tasks.spawn(async move { follower.follow(publish).await });
    tasks.spawn(fetch(Arc::clone(source), head.clone(), next, ahead, send));
    (head, blocks, tasks)
}

/// Fetches every block from `next` on, as soon as it is finalised, at most `ahead` at once, and hands them on in order.
async fn fetch<S: Source>(
    source: Arc<S>,
    head: Head,
    next: Height,
    ahead: usize,
    blocks: mpsc::Sender<BlockFacts>,
) -> Result<Infallible, Error> {
    let heights = stream::unfold((next, head), |(height, mut head)| async move {
        head.wait_for(|head| head.is_some_and(|head| height <= head)).await.ok()?;
        Some((height, (height.saturating_add(1), head)))
    });
    let fetched = heights.map(|height| {
        let source = Arc::clone(&source);
        async move { source.block(height).await }
    });
    let mut fetched = pin!(fetched.buffered(ahead));
    while let Some(block) = fetched.next().await {
        if blocks.send(block?).await.is_err() {
            break;
        }
    }
    // The head is no longer followed, or nobody waits for blocks: whoever ended that says why.
    pending().await
}

/// A batch of `first` and of what waits already, within the bound.
fn fill(first: BlockFacts, blocks: &mut mpsc::Receiver<BlockFacts>, bound: usize) -> Vec<BlockFacts> {
    let mut rows = first.rows();
    let mut batch = vec![first];
    while rows < bound {
        let Ok(block) = blocks.try_recv() else { break };
        rows = rows.saturating_add(block.rows());
        batch.push(block);
    }
    batch
}

/// Tells how catching up goes, and when it is done.
#[derive(Debug)]
struct Progress {
    since: Instant,
    blocks: usize,
    events: usize,
    is_behind: bool,
}

impl Progress {
    fn new(cursor: Option<BlockId>) -> Self {
        match cursor {
            Some(block) => tracing::info!(after = %block, "mirroring"),
            None => tracing::info!("mirroring from the first block"),
        }
        Self { since: Instant::now(), blocks: 0, events: 0, is_behind: true }
    }

    fn add(&mut self, blocks: usize, events: usize) {
        self.blocks = self.blocks.saturating_add(blocks);
        self.events = self.events.saturating_add(events);
    }

    fn tell(&mut self, cursor: Option<BlockId>, head: Height) {
        let Some(height) = cursor.map(|block| block.height) else { return };
        let left = head.saturating_sub(height);
        if self.is_behind && left == 0 {
            tracing::info!(height, "caught up with the finalised head");
        }
        // A block or two behind is what keeping up looks like.
        self.is_behind = left > if self.is_behind { 0 } else { BEHIND };
        let elapsed = self.since.elapsed();
        if elapsed < TELL {
            return;
        }
        if self.is_behind {
            let per_second = |count: usize| (count as f64 / elapsed.as_secs_f64()).round();
            let (blocks_per_s, events_per_s) = (per_second(self.blocks), per_second(self.events));
            let seconds_left = (left as f64 / blocks_per_s.max(1.0)).round();
            tracing::info!(height, head, left, blocks_per_s, events_per_s, seconds_left, "catching up");
        }
        *self = Self { since: Instant::now(), blocks: 0, events: 0, is_behind: self.is_behind };
    }
}
