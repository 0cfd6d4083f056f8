//! Schema `raw`: what the chain said, as it said it, and how far the mirror has come.

use super::{
    block_id,
    columns::{
        account, hash, stored_count, stored_height, stored_index, stored_moment, to_account, to_balance, to_hash,
        to_u64,
    },
};
use crate::{
    config::{Contracts, Deployment},
    error::Error,
    facts::{BlockFacts, BlockId, Height},
};
use interfaces::{AccountId, Hash};
use sqlx::{PgConnection, PgPool};

/// Writes down what this database mirrors, or refuses if that is already something else.
pub async fn claim_source(connection: &mut PgConnection, deployment: &Deployment, chain: &str) -> Result<(), Error> {
    let Deployment { genesis, start, contracts } = deployment;
    let names: Vec<_> = contracts.each().map(|(name, _)| name.to_owned()).collect();
    let accounts: Vec<_> = contracts.each().map(|(_, contract)| account(contract)).collect();
    // Two indexers may begin at the same time: whoever comes second compares with what the first one wrote.
    sqlx::query!(
        "WITH made AS (
             INSERT INTO raw.source (genesis_hash, chain, start_height) VALUES ($1, $2, $3)
             ON CONFLICT (only_row) DO NOTHING RETURNING true
         )
         INSERT INTO raw.contracts (name, account)
         SELECT name, account FROM made, unnest($4::text[], $5::bytea[]) AS contract (name, account)",
        hash(genesis),
        chain,
        stored_height(*start)?,
        &names,
        &accounts as _,
    )
    .execute(&mut *connection)
    .await
    .map_err(Error::database("writing down what it mirrors"))?;

    let (stored_genesis, stored_start) = origin(connection).await?;
    if stored_genesis != *genesis {
        return Err(Error::OtherGenesis { stored: stored_genesis, found: *genesis });
    }
    for ((name, stored), (_, given)) in self::contracts(connection).await?.each().zip(contracts.each()) {
        if stored != given {
            return Err(Error::OtherContract { name, stored: *stored, given: *given });
        }
    }
    if stored_start != *start {
        return Err(Error::OtherStart { stored: stored_start, given: *start });
    }
    Ok(())
}

/// What this database mirrors.
pub async fn source(connection: &mut PgConnection) -> Result<Deployment, Error> {
    let (genesis, start) = origin(connection).await?;
    Ok(Deployment { genesis, start, contracts: contracts(connection).await? })
}

/// Which chain this database mirrors, and from which block on.
async fn origin(connection: &mut PgConnection) -> Result<(Hash, Height), Error> {
    let row = sqlx::query!("SELECT genesis_hash, start_height FROM raw.source")
        .fetch_optional(connection)
        .await
        .map_err(Error::database("reading what it mirrors"))?
        .ok_or(Error::NothingMirrored)?;
    Ok((to_hash(&row.genesis_hash)?, to_u64(row.start_height, "a first block")?))
}

/// Which contracts this database mirrors.
async fn contracts(connection: &mut PgConnection) -> Result<Contracts, Error> {
    let stored = sqlx::query!("SELECT name, account FROM raw.contracts")
        .fetch_all(connection)
        .await
        .map_err(Error::database("reading which contracts it mirrors"))?;
    Contracts::try_from_fn(|name| {
        let found = stored.iter().find(|row| row.name == name).ok_or(Error::OlderContracts { lacks: name })?;
        to_account(&found.account)
    })
}

/// Notes up to where the projection was that has been set aside, and up to where the one in its place is.
pub async fn note_projections(
    connection: &mut PgConnection,
    before: Option<Height>,
    now: Option<Height>,
) -> Result<(), Error> {
    sqlx::query!(
        "WITH moved AS (UPDATE raw.cursor SET projected = $2)
         INSERT INTO raw.projection_before (projected) VALUES ($1)
         ON CONFLICT (only_row) DO UPDATE SET projected = excluded.projected",
        before.map(stored_height).transpose()?,
        now.map(stored_height).transpose()?,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("noting how far the projections are"))
}

/// Whether there is a projection to switch back to.
pub async fn has_projection_before(connection: &mut PgConnection) -> Result<bool, Error> {
    sqlx::query_scalar!(
        r#"SELECT to_regnamespace('mirror_2_before') IS NOT NULL AND EXISTS (SELECT FROM raw.projection_before) AS "is!""#
    )
    .fetch_one(connection)
    .await
    .map_err(Error::database("looking for the projection before"))
}

/// Up to which height the events of the mirrored blocks are projected.
pub async fn projected(connection: &mut PgConnection) -> Result<Option<Height>, Error> {
    let height = sqlx::query_scalar!("SELECT projected FROM raw.cursor")
        .fetch_optional(connection)
        .await
        .map_err(Error::database("reading how far the projection is"))?;
    height.flatten().map(|height| to_u64(height, "a block's height")).transpose()
}

/// The last mirrored block.
pub async fn cursor(connection: &mut PgConnection) -> Result<Option<BlockId>, Error> {
    let row = sqlx::query!("SELECT height, hash FROM raw.cursor")
        .fetch_optional(connection)
        .await
        .map_err(Error::database("reading the cursor"))?;
    row.map(|row| block_id(row.height, &row.hash)).transpose()
}

/// The last mirrored block, once no transaction that has moved the cursor is in flight.
pub async fn settled_cursor(connection: &mut PgConnection) -> Result<Option<BlockId>, Error> {
    let row = sqlx::query!("SELECT height, hash FROM raw.cursor FOR UPDATE")
        .fetch_optional(connection)
        .await
        .map_err(Error::database("waiting for the cursor"))?;
    row.map(|row| block_id(row.height, &row.hash)).transpose()
}

/// Moves the cursor from where this process left it, or refuses if somebody else has moved it. The row stays locked
/// until the transaction ends. Blocks are projected as they are mirrored, so everything before them must be.
pub async fn move_cursor(connection: &mut PgConnection, from: Option<BlockId>, to: BlockId) -> Result<(), Error> {
    let height = stored_height(to.height)?;
    let moved = match from {
        None => sqlx::query!(
            "INSERT INTO raw.cursor (height, hash, projected) VALUES ($1, $2, $1) ON CONFLICT (only_row) DO NOTHING",
            height,
            hash(&to.hash),
        ),
        Some(from) => sqlx::query!(
            "UPDATE raw.cursor SET height = $1, hash = $2, projected = $1
             WHERE height = $3 AND hash = $4 AND projected = height",
            height,
            hash(&to.hash),
            stored_height(from.height)?,
            hash(&from.hash),
        ),
    }
    .execute(&mut *connection)
    .await
    .map_err(Error::database("moving the cursor"))?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    match cursor(connection).await? {
        found if found == from && found.is_some() => Err(Error::OtherProjection),
        found => Err(Error::Fenced { expected: from, found }),
    }
}

/// Notes that the events of the blocks up to `to` are projected from now on, or refuses if somebody else moves the
/// cursor, which stands at `cursor`, or projects. The cursor's row stays locked until the transaction ends.
pub async fn move_projected(
    connection: &mut PgConnection,
    cursor: BlockId,
    from: Option<Height>,
    to: Height,
) -> Result<(), Error> {
    let moved = sqlx::query!(
        "UPDATE raw.cursor SET projected = $1
         WHERE height = $2 AND hash = $3 AND projected IS NOT DISTINCT FROM $4",
        stored_height(to)?,
        stored_height(cursor.height)?,
        hash(&cursor.hash),
        from.map(stored_height).transpose()?,
    )
    .execute(&mut *connection)
    .await
    .map_err(Error::database("noting how far the projection is"))?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::Fenced { expected: Some(cursor), found: self::cursor(connection).await? })
}

/// Notes the finalised head, which never moves back: a node that is behind has only not heard of it.
pub async fn note_head(pool: &PgPool, head: i64) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO raw.head (height) VALUES ($1)
         ON CONFLICT (only_row) DO UPDATE SET height = greatest(head.height, excluded.height), observed_at = now()",
        head,
    )
    .execute(pool)
    .await
    .map(drop)
    .map_err(Error::database("noting the finalised head"))
}

/// Keeps the noted head from falling behind the mirror itself.
async fn raise_head(connection: &mut PgConnection, batch: &[BlockFacts]) -> Result<(), Error> {
    let Some(tip) = batch.last() else { return Ok(()) };
    sqlx::query!(
        "INSERT INTO raw.head (height) VALUES ($1)
         ON CONFLICT (only_row) DO UPDATE SET height = excluded.height, observed_at = now()
         WHERE head.height < excluded.height",
        stored_height(tip.id.height)?,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("noting the finalised head"))
}

/// Inserts a batch's blocks, events and balances of the treasury.
pub async fn insert(connection: &mut PgConnection, batch: &[BlockFacts], treasury: &AccountId) -> Result<(), Error> {
    insert_blocks(connection, batch).await?;
    insert_events(connection, batch).await?;
    insert_balances(connection, batch, treasury).await?;
    insert_existential_deposits(connection, batch).await?;
    raise_head(connection, batch).await
}

async fn insert_blocks(connection: &mut PgConnection, batch: &[BlockFacts]) -> Result<(), Error> {
    let heights = batch.iter().map(|block| stored_height(block.id.height)).collect::<Result<Vec<_>, _>>()?;
    let hashes: Vec<_> = batch.iter().map(|block| hash(&block.id.hash)).collect();
    let parents: Vec<_> = batch.iter().map(|block| hash(&block.parent)).collect();
    let state_roots: Vec<_> = batch.iter().map(|block| hash(&block.state_root)).collect();
    let moments: Vec<_> = batch.iter().map(|block| stored_moment(block.moment)).collect();
    let spec_versions: Vec<_> = batch.iter().map(|block| i64::from(block.spec_version)).collect();
    let events = batch.iter().map(|block| stored_count(block.events.len())).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO raw.blocks
             (height, hash, parent_hash, state_root, moment, spec_version, contract_events, finalized)
         SELECT *, true
         FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::integer[])",
        &heights,
        &hashes as _,
        &parents as _,
        &state_roots as _,
        &moments,
        &spec_versions,
        &events,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing blocks"))
}

async fn insert_events(connection: &mut PgConnection, batch: &[BlockFacts]) -> Result<(), Error> {
    let count = batch.iter().map(|block| block.events.len()).sum();
    if count == 0 {
        return Ok(());
    }
    let mut heights = Vec::with_capacity(count);
    let mut indices = Vec::with_capacity(count);
    let mut extrinsics = Vec::with_capacity(count);
    let mut contracts = Vec::with_capacity(count);
    let mut topics = Vec::with_capacity(count);
    let mut data = Vec::with_capacity(count);
    for block in batch {
        let height = stored_height(block.id.height)?;
        for event in &block.events {
            heights.push(height);
            indices.push(stored_index(event.index)?);
            extrinsics.push(event.extrinsic.map(stored_index).transpose()?);
            contracts.push(account(&event.contract));
            topics.push(event.topics.iter().flat_map(hash).copied().collect::<Vec<u8>>());
            data.push(&*event.data);
        }
    }
    // An array of arrays cannot be unnested row by row, so each event's topics come end to end, 32 bytes each.
    sqlx::query!(
        "INSERT INTO raw.contract_events (height, index, extrinsic, contract, topics, data)
         SELECT height, index, extrinsic, contract,
                ARRAY(SELECT substr(topics, n * 32 + 1, 32)
                      FROM generate_series(0, octet_length(topics) / 32 - 1) AS n ORDER BY n),
                data
         FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bytea[], $5::bytea[], $6::bytea[])
              AS event (height, index, extrinsic, contract, topics, data)",
        &heights,
        &indices,
        &extrinsics as _,
        &contracts as _,
        &topics,
        &data as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing contract events"))
}

/// Only changes are kept, and the balance at the first block.
async fn insert_balances(
    connection: &mut PgConnection,
    batch: &[BlockFacts],
    treasury: &AccountId,
) -> Result<(), Error> {
    let known = sqlx::query_scalar!(
        r#"SELECT free::text AS "free!" FROM raw.native_balances WHERE account = $1 ORDER BY height DESC LIMIT 1"#,
        account(treasury),
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(Error::database("reading the treasury's balance"))?;
    let mut last = known.as_deref().map(to_balance).transpose()?;
    let (mut heights, mut amounts) = (Vec::new(), Vec::new());
    for block in batch {
        if last.replace(block.treasury_free) != Some(block.treasury_free) {
            heights.push(stored_height(block.id.height)?);
            amounts.push(block.treasury_free.to_string());
        }
    }
    if heights.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO raw.native_balances (account, height, free)
         SELECT $1, height, free::numeric FROM unnest($2::bigint[], $3::text[]) AS balance (height, free)",
        account(treasury),
        &heights,
        &amounts,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the treasury's balance"))
}

/// Only changes are kept, and what it was at the first block.
async fn insert_existential_deposits(connection: &mut PgConnection, batch: &[BlockFacts]) -> Result<(), Error> {
    let known = sqlx::query_scalar!(
        r#"SELECT amount::text AS "amount!" FROM raw.existential_deposits ORDER BY height DESC LIMIT 1"#
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(Error::database("reading the existential deposit"))?;
    let mut last = known.as_deref().map(to_balance).transpose()?;
    for block in batch {
        if last.replace(block.existential_deposit) != Some(block.existential_deposit) {
            sqlx::query!(
                "INSERT INTO raw.existential_deposits (height, amount) VALUES ($1, $2::text::numeric)",
                stored_height(block.id.height)?,
                block.existential_deposit.to_string(),
            )
            .execute(&mut *connection)
            .await
            .map_err(Error::database("writing the existential deposit"))?;
        }
    }
    Ok(())
}
