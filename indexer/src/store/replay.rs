//! Projecting anew what is kept: the mirrored blocks as the chain said them, read back in batches.

use super::{
    Store, Written,
    columns::{account, stored_height, to_account, to_balance, to_hash, to_u32, to_u64},
    mirror_2, raw,
};
use crate::{
    error::Error,
    facts::{BlockFacts, BlockId, Height, RawEvent},
    project::Block,
};
use interfaces::AccountId;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// Most blocks that are read back at once, however empty they are.
const BLOCKS: i64 = 10_000;

impl Store {
    /// How many mirrored blocks are not projected yet. Until none are left, nothing more can be mirrored.
    pub fn unprojected(&self) -> u64 {
        let Some(BlockId { height, .. }) = self.cursor else { return 0 };
        height.saturating_add(1).saturating_sub(self.next_projected())
    }

    fn next_projected(&self) -> Height {
        self.projected.map_or(self.start, |height| height.saturating_add(1))
    }

    /// Projects the next mirrored blocks that are not, about `rows` rows of them, all or nothing; answers with nothing if
    /// there are none.
    ///
    /// # Errors
    /// If the events contradict each other, or somebody else writes the mirror; then nothing is written. If Postgres
    /// fails: then call [`Self::recover`] before anything else.
    pub async fn project_kept(&mut self, rows: usize) -> Result<Option<Written>, Error> {
        let Some(cursor) = self.cursor.filter(|_| self.unprojected() > 0) else { return Ok(None) };
        let mut transaction = self.pool.begin().await.map_err(Error::database("beginning a batch"))?;
        let kept = read(&mut transaction, self.next_projected(), rows, &self.contracts.treasury).await?;
        let Some(tip) = kept.last().map(|block| block.id) else {
            return Err(Error::Tampered(format!("no block {}, which was mirrored", self.next_projected())));
        };
        raw::move_projected(&mut transaction, cursor, self.projected, tip.height).await?;
        let blocks: Vec<Block> = kept.iter().map(|facts| Block::decode(&self.contracts, facts)).collect();
        let undecoded = mirror_2::project(&mut transaction, blocks).await?;
        transaction.commit().await.map_err(Error::database("committing a batch"))?;

        self.projected = Some(tip.height);
        Ok(Some(Written {
            tip,
            blocks: kept.len(),
            events: kept.iter().map(|block| block.events.len()).sum(),
            undecoded,
        }))
    }
}

/// Blocks from `first` on as they were mirrored: about `rows` rows of them, and one at least if there is any.
pub(super) async fn read(
    connection: &mut PgConnection,
    first: Height,
    rows: usize,
    treasury: &AccountId,
) -> Result<Vec<BlockFacts>, Error> {
    let kept = read_blocks(connection, first, rows, treasury).await?;
    let Some((last, _)) = kept.last() else { return Ok(Vec::new()) };
    let mut events = read_events(connection, first, last.id.height).await?;
    let mut blocks = Vec::with_capacity(kept.len());
    for ((mut block, count), expected) in kept.into_iter().zip(first..) {
        let height = block.id.height;
        block.events = events.remove(&height).unwrap_or_default();
        if height != expected || block.events.len() != count {
            return Err(Error::Tampered(format!("at height {expected} not the block and events that were mirrored")));
        }
        blocks.push(block);
    }
    Ok(blocks)
}

/// One block as it was mirrored, with as many events as there are of it.
pub(super) async fn read_one(
    connection: &mut PgConnection,
    height: Height,
    treasury: &AccountId,
) -> Result<Option<BlockFacts>, Error> {
    let kept = read_blocks(connection, height, 1, treasury).await?;
    let Some((mut block, _)) = kept.into_iter().find(|(block, _)| block.id.height == height) else { return Ok(None) };
    block.events = read_events(connection, height, height).await?.remove(&height).unwrap_or_default();
    Ok(Some(block))
}

/// Blocks without their events, each with the number of those.
async fn read_blocks(
    connection: &mut PgConnection,
    first: Height,
    rows: usize,
    treasury: &AccountId,
) -> Result<Vec<(BlockFacts, usize)>, Error> {
    let kept = sqlx::query!(
        r#"SELECT height AS "height!", hash AS "hash!", parent_hash AS "parent_hash!", state_root AS "state_root!",
               moment AS "moment!", spec_version AS "spec_version!", contract_events AS "contract_events!",
               (SELECT free::text FROM raw.native_balances AS b
                WHERE b.account = $4 AND b.height <= block.height ORDER BY b.height DESC LIMIT 1) AS free,
               (SELECT amount::text FROM raw.existential_deposits AS d
                WHERE d.height <= block.height ORDER BY d.height DESC LIMIT 1) AS existential_deposit
           FROM (SELECT *, sum(contract_events + 1) OVER (ORDER BY height) AS so_far
                 FROM (SELECT * FROM raw.blocks WHERE height >= $1 ORDER BY height LIMIT $2) AS next) AS block
           WHERE so_far - contract_events - 1 < $3
           ORDER BY height"#,
        stored_height(first)?,
        BLOCKS,
        i64::try_from(rows.max(1)).map_err(|_| Error::TooLarge("a batch"))?,
        account(treasury),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading mirrored blocks"))?;
    let blocks = kept.into_iter().map(|row| {
        let block = BlockFacts {
            id: BlockId { height: to_u64(row.height, "a block's height")?, hash: to_hash(&row.hash)? },
            parent: to_hash(&row.parent_hash)?,
            state_root: to_hash(&row.state_root)?,
            moment: to_u64(row.moment, "a moment")?,
            spec_version: to_u32(row.spec_version, "a runtime's version")?,
            events: Vec::new(),
            treasury_free: row.free.as_deref().map_or(Ok(0), to_balance)?,
            existential_deposit: row.existential_deposit.as_deref().map_or(Ok(0), to_balance)?,
        };
        Ok((block, to_u32(row.contract_events.into(), "a number of events")? as usize))
    });
    blocks.collect()
}

/// The contract events of these heights, in order.
async fn read_events(
    connection: &mut PgConnection,
    first: Height,
    last: Height,
) -> Result<BTreeMap<Height, Vec<RawEvent>>, Error> {
    let kept = sqlx::query!(
        "SELECT height, index, extrinsic, contract, topics, data FROM raw.contract_events
         WHERE height BETWEEN $1 AND $2 ORDER BY height, index",
        stored_height(first)?,
        stored_height(last)?,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading mirrored events"))?;
    let mut events: BTreeMap<Height, Vec<RawEvent>> = BTreeMap::new();
    for row in kept {
        let position = |index: i32| to_u32(index.into(), "an event's position");
        events.entry(to_u64(row.height, "a block's height")?).or_default().push(RawEvent {
            index: position(row.index)?,
            extrinsic: row.extrinsic.map(position).transpose()?,
            contract: to_account(&row.contract)?,
            topics: row.topics.iter().map(|topic| to_hash(topic)).collect::<Result<_, _>>()?,
            data: row.data,
        });
    }
    Ok(events)
}
