//! The task that makes blocks. There is one, so blocks are made one at a time.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use futures::{
    FutureExt,
    future::{self, BoxFuture},
};
use sc_basic_authorship::ProposerFactory;
use sc_consensus::LongestChain;
use sc_consensus_manual_seal::{
    CreatedBlock, Error as SealError, FinalizeBlockParams, MANUAL_SEAL_ENGINE_ID, SealBlockParams, finalize_block,
    seal_block,
};
use sc_transaction_pool_api::TransactionPool;
use sp_runtime::EncodedJustification;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{Interval, MissedTickBehavior, interval},
};

use crate::{
    client::{Backend, Block, Client, Hash, Pool},
    clock::Clock,
};

/// How long to wait for the pool to take note of a block. It usually takes a few milliseconds.
const POOL_PATIENCE: Duration = Duration::from_secs(1);

/// Where the answer to a command goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, SealError>>;

/// What JSON-RPC asks of this task.
pub(crate) enum Command {
    /// Make one block on top of `parent`, or of the best block.
    Create { create_empty: bool, finalize: bool, parent: Option<Hash>, reply: Reply<CreatedBlock<Hash>> },
    /// Make a block and all before it final.
    Finalize { block: Hash, justification: Option<EncodedJustification>, reply: Reply<()> },
}

/// Makes blocks.
pub(crate) struct Sealer {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) proposers: ProposerFactory<Pool, Client>,
    pub(crate) select_chain: LongestChain<Backend, Block>,
    pub(crate) clock: Arc<Clock>,
}

impl Sealer {
    /// Makes blocks until the other end of `commands` is gone, which is when the node stops.
    ///
    /// With instant seal, `transactions` is notified of every transaction that could go into a block.
    pub(crate) async fn run(
        mut self,
        transactions: Arc<Notify>,
        every: Option<Duration>,
        mut commands: mpsc::Receiver<Command>,
    ) {
        let mut ticks = every.map(ticks);
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => return,
                },
                () = transactions.notified() => self.drain_pool().await,
                () = next(&mut ticks) => {
                    if let Err(error) = self.create(true, true, None).await {
                        log::error!("no block at the end of the interval: {error}");
                    }
                }
            }
        }
    }

    /// Makes blocks, final at once, until the pool has nothing more to put into one.
    ///
    /// More than one is needed when transactions exceed a block: the rest of them gives no further notice of itself.
    async fn drain_pool(&mut self) {
        loop {
            match self.create(false, true, None).await {
                Ok(block) if self.left_after(block.hash).await => (),
                Ok(_) | Err(SealError::EmptyTransactionPool) => return,
                Err(error) => {
                    log::error!("no block for the waiting transactions: {error}");
                    return;
                }
            }
        }
    }

    /// Whether transactions are waiting once the pool has removed those that are in `block`.
    fn left_after(&self, block: Hash) -> impl Future<Output = bool> + Send + use<> {
        let pool = self.pool.clone();
        async move { pool.ready_at_with_timeout(block, POOL_PATIENCE).await.next().is_some() }
    }

    async fn obey(&mut self, command: Command) {
        // An answer to somebody who has hung up is dropped.
        match command {
            Command::Create { create_empty, finalize, parent, reply } => {
                let _ = reply.send(self.create(create_empty, finalize, parent).await);
            }
            Command::Finalize { block, justification, reply } => {
                let _ = reply.send(finalize(self.client.clone(), block, justification).await);
            }
        }
    }

    /// Boxed, because the compiler cannot see through `seal_block` that its future may move between threads.
    fn create(
        &mut self,
        create_empty: bool,
        finalize: bool,
        parent: Option<Hash>,
    ) -> BoxFuture<'_, Result<CreatedBlock<Hash>, SealError>> {
        async move {
            // Without a sender the SDK would report to the log, at error level for an empty pool.
            let (sender, outcome) = futures::channel::oneshot::channel();
            seal_block(SealBlockParams {
                create_empty,
                finalize,
                parent_hash: parent,
                sender: Some(sender),
                pool: self.pool.clone(),
                client: self.client.clone(),
                env: &mut self.proposers,
                select_chain: &self.select_chain,
                consensus_data_provider: None,
                block_import: &mut self.client.clone(),
                create_inherent_data_providers: &*self.clock,
            })
            .await;
            outcome.await?
        }
        .boxed()
    }
}

async fn finalize(
    client: Arc<Client>,
    block: Hash,
    justification: Option<EncodedJustification>,
) -> Result<(), SealError> {
    let (sender, outcome) = futures::channel::oneshot::channel();
    finalize_block(FinalizeBlockParams {
        hash: block,
        sender: Some(sender),
        justification: justification.map(|proof| (MANUAL_SEAL_ENGINE_ID, proof)),
        finalizer: client,
        _phantom: PhantomData::<Backend>,
    })
    .await;
    outcome.await?
}

/// Ticks every `period`, the first time after one period. A late tick is made up for by waiting, not by a burst.
fn ticks(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}

async fn next(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => drop(ticks.tick().await),
        None => future::pending().await,
    }
}
