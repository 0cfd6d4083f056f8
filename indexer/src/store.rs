//! The mirror in Postgres: one writer, one transaction per batch, the cursor in it.

mod columns;
mod kept;
mod mirror_2;
mod raw;
mod rebuild;
mod replay;
mod schema;

pub use kept::Kept;
pub use rebuild::{Comparison, Difference, Watcher, check_projection, rebuild, switch_back};
pub use schema::migrate;

use crate::{
    config::{Contracts, DatabaseUrl, Deployment},
    error::Error,
    facts::{BlockFacts, BlockId, Height},
    project::Block,
};
use columns::{stored_height, to_hash, to_u64};
use sqlx::{Connection, PgPool, postgres::PgPoolOptions};
use std::time::Duration;

/// Longest wait for another transaction, which may be one of this process whose connection was lost.
const LOCK_TIMEOUT: &str = "2s";

/// A mirror opened for writing.
///
/// There is no lock that could outlive its holder: the cursor itself is the fence. Every transaction begins by moving
/// the cursor from where this process left it, which also keeps any other writer waiting until the transaction ends;
/// whoever then finds the cursor elsewhere has written nothing and stops.
#[derive(Debug)]
pub struct Store {
    pool: PgPool,
    database: DatabaseUrl,
    contracts: Contracts,
    start: Height,
    cursor: Option<BlockId>,
    /// Up to where the mirrored blocks are projected.
    projected: Option<Height>,
    /// Where the cursor goes if the last transaction is committed: after a lost connection, nobody knows, and Postgres
    /// may still be at it.
    attempt: Option<BlockId>,
}

/// What one batch wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The last block of it.
    pub tip: BlockId,
    /// How many blocks.
    pub blocks: usize,
    /// How many contract events, of any contract.
    pub events: usize,
    /// How many of the projected contracts' events were not understood.
    pub undecoded: usize,
}

impl Store {
    /// Opens the mirror of `deployment` on the chain called `chain`, beginning it if the database is empty.
    ///
    /// # Errors
    /// If the database cannot be reached, has another schema than this program, or mirrors something else.
    pub async fn open(database: &DatabaseUrl, deployment: &Deployment, chain: &str) -> Result<Self, Error> {
        // A single connection first: a pool would try again and again, and then only say that time is up.
        let mut connection = schema::open(database).await?;
        raw::claim_source(&mut connection, deployment, chain).await?;
        let cursor = raw::cursor(&mut connection).await?;
        let projected = raw::projected(&mut connection).await?;
        connection.close().await.map_err(Error::database("closing a connection"))?;
        Ok(Self {
            pool: PgPoolOptions::new()
                .max_connections(2)
                .acquire_timeout(Duration::from_secs(10))
                .connect_lazy_with(database.options().options([("lock_timeout", LOCK_TIMEOUT)])),
            database: database.clone(),
            contracts: deployment.contracts,
            start: deployment.start,
            cursor,
            projected,
            attempt: None,
        })
    }

    /// The last mirrored block.
    pub fn cursor(&self) -> Option<BlockId> {
        self.cursor
    }

    /// The height that must come next.
    pub fn next_height(&self) -> Height {
        self.cursor.map_or(self.start, |block| block.height.saturating_add(1))
    }

    /// Finds out where the mirror stands after a failure, which may have hidden whether the last batch was committed.
    /// Waits for a transaction that is still being committed, but not for long.
    ///
    /// # Errors
    /// [`Error::Fenced`] if the cursor is where this process can not have put it; else if Postgres fails.
    pub async fn recover(&mut self) -> Result<(), Error> {
        let mut connection = self
            .pool
            .acquire()
            .await
            .map_err(|source| Error::NoDatabase { database: self.database.to_string(), source })?;
        let found = raw::settled_cursor(&mut connection).await?;
        if found != self.cursor && (found.is_none() || found != self.attempt) {
            return Err(Error::Fenced { expected: self.cursor, found });
        }
        // The first batch leaves no row to wait for before it is committed, so it can still come to light: see `write`.
        self.cursor = found;
        self.projected = raw::projected(&mut connection).await?;
        Ok(())
    }

    /// Writes a batch: its blocks, their events, what follows from them, and the cursor, all or nothing.
    ///
    /// # Errors
    /// If the batch does not continue the mirror, contradicts it, or somebody else writes it, or if there are [mirrored
    /// blocks that are not projected](Self::unprojected); then nothing is written.
    /// If Postgres fails: then call [`Self::recover`] before anything else.
    pub async fn write(&mut self, batch: &[BlockFacts]) -> Result<Option<Written>, Error> {
        let Some(tip) = batch.last().map(|block| block.id) else { return Ok(None) };
        if self.unprojected() > 0 {
            return Err(Error::Internal(
                "blocks were to be mirrored before those that are there were projected".to_owned(),
            ));
        }
        self.check_continues(batch)?;
        let blocks: Vec<Block> = batch.iter().map(|facts| Block::decode(&self.contracts, facts)).collect();

        let mut transaction = self.pool.begin().await.map_err(Error::database("beginning a batch"))?;
        raw::move_cursor(&mut transaction, self.cursor, tip).await.map_err(|error| match error {
            Error::Fenced { found: Some(found), .. } if self.attempt == Some(found) => Error::Late(found),
            error => error,
        })?;
        // Whoever holds the cursor's row knows that no earlier attempt can be committed any more.
        self.attempt = Some(tip);
        raw::insert(&mut transaction, batch, &self.contracts.treasury).await?;
        let undecoded = mirror_2::project(&mut transaction, blocks).await?;
        transaction.commit().await.map_err(Error::database("committing a batch"))?;

        self.cursor = Some(tip);
        self.projected = Some(tip.height);
        self.attempt = None;
        Ok(Some(Written {
            tip,
            blocks: batch.len(),
            events: batch.iter().map(|block| block.events.len()).sum(),
            undecoded,
        }))
    }

    /// Notes the finalised head, so that readers can tell how far behind the mirror is.
    ///
    /// # Errors
    /// If Postgres fails.
    pub async fn note_head(&self, head: Height) -> Result<(), Error> {
        raw::note_head(&self.pool, stored_height(head)?).await
    }

    /// Refuses a gap, a repeat, and a block that does not follow the one before it.
    fn check_continues(&self, batch: &[BlockFacts]) -> Result<(), Error> {
        let mut expected = self.next_height();
        let mut last = self.cursor;
        for block in batch {
            let height = block.id.height;
            if height != expected {
                return Err(Error::NotNext { expected, found: height });
            }
            if let Some(last) = last.filter(|last| last.hash != block.parent) {
                return Err(Error::OtherHistory { height: last.height, found: block.parent, expected: last.hash });
            }
            expected = height.saturating_add(1);
            last = Some(block.id);
        }
        Ok(())
    }
}

/// A stored cursor as it was written.
fn block_id(height: i64, hash: &[u8]) -> Result<BlockId, Error> {
    Ok(BlockId { height: to_u64(height, "a block's height")?, hash: to_hash(hash)? })
}
