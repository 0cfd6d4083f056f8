//! What is kept of the chain, looked at for what is missing or was changed.

use super::{
    columns::{stored_height, to_hash, to_u64},
    raw, replay, schema,
};
use crate::{
    config::{DatabaseUrl, Deployment},
    error::Error,
    facts::{BlockFacts, Height, Hex},
};
use sqlx::{Connection, PgConnection};

/// Most findings of a sort that are told.
const MOST: i64 = 20;

/// The mirrored blocks, at one moment.
#[derive(Debug)]
pub struct Kept {
    connection: PgConnection,
    deployment: Deployment,
    last: Option<Height>,
}

impl Kept {
    /// Looks at the mirror as it is now; what is mirrored meanwhile does not show. Reading is all that it takes.
    ///
    /// # Errors
    /// If the database cannot be reached, has another schema than this program, or mirrors nothing yet.
    pub async fn open(database: &DatabaseUrl) -> Result<Self, Error> {
        let mut connection = schema::open(database).await?;
        sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .execute(&mut connection)
            .await
            .map_err(Error::database("beginning to look"))?;
        let deployment = raw::source(&mut connection).await?;
        let last = raw::cursor(&mut connection).await?.map(|block| block.height);
        Ok(Self { connection, deployment, last })
    }

    /// What is mirrored.
    pub fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// The mirrored heights.
    pub fn heights(&self) -> std::ops::Range<Height> {
        let start = self.deployment.start;
        start..self.last.map_or(start, |last| last.saturating_add(1))
    }

    /// Everything that is wrong with the blocks and events by themselves, as sentences: heights that are missing, blocks that
    /// do not follow the one before them, and blocks that have not as many events as they had.
    ///
    /// # Errors
    /// If Postgres fails.
    pub async fn gaps(&mut self) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let heights = self.heights();
        let (first, end) = (stored_height(heights.start)?, stored_height(heights.end)?);
        let missing = sqlx::query!(
            r#"SELECT least($2, coalesce(next, $2)) AS "next!", height AS "height!" FROM (
                   SELECT height, lead(height) OVER (ORDER BY height) AS next FROM (
                       SELECT height FROM raw.blocks UNION ALL SELECT $1::bigint - 1
                   ) AS heights
               ) AS pairs
               WHERE least($2, coalesce(next, $2)) <> height + 1 AND height < $2 ORDER BY height LIMIT $3"#,
            first,
            end,
            MOST,
        )
        .fetch_all(&mut self.connection)
        .await
        .map_err(Error::database("looking for missing blocks"))?;
        for row in missing {
            found.push(format!("the blocks from {} to {} are missing", row.height + 1, row.next - 1));
        }
        let beyond = sqlx::query_scalar!(
            r#"SELECT height AS "height!" FROM raw.blocks WHERE height < $1 OR height >= $2 ORDER BY height LIMIT $3"#,
            first,
            end,
            MOST,
        )
        .fetch_all(&mut self.connection)
        .await
        .map_err(Error::database("looking for blocks beyond"))?;
        for height in beyond {
            found.push(format!("block {height} is there, outside of what is mirrored"));
        }
        let strangers = sqlx::query!(
            r#"SELECT block.height AS "height!", block.parent_hash AS "parent!", before.hash AS "hash!"
               FROM raw.blocks AS block JOIN raw.blocks AS before ON before.height = block.height - 1
               WHERE block.parent_hash <> before.hash ORDER BY block.height LIMIT $1"#,
            MOST,
        )
        .fetch_all(&mut self.connection)
        .await
        .map_err(Error::database("following the blocks' parents"))?;
        for row in strangers {
            found.push(format!(
                "block {} follows {}, but the block before it is {}",
                row.height,
                Hex(to_hash(&row.parent)?.as_ref()),
                Hex(to_hash(&row.hash)?.as_ref())
            ));
        }
        let lost = sqlx::query!(
            r#"SELECT height AS "height!", contract_events AS "had!", count(event.index) AS "has!"
               FROM raw.blocks AS block LEFT JOIN raw.contract_events AS event USING (height)
               GROUP BY height, contract_events HAVING count(event.index) <> contract_events
               ORDER BY height LIMIT $1"#,
            MOST,
        )
        .fetch_all(&mut self.connection)
        .await
        .map_err(Error::database("counting events"))?;
        for row in lost {
            found.push(format!("block {} had {} contract events and has {}", row.height, row.had, row.has));
        }
        Ok(found)
    }

    /// How many contract events are kept.
    ///
    /// # Errors
    /// If Postgres fails.
    pub async fn events(&mut self) -> Result<u64, Error> {
        let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM raw.contract_events"#)
            .fetch_one(&mut self.connection)
            .await
            .map_err(Error::database("counting events"))?;
        to_u64(count, "a number of events")
    }

    /// A block as it is kept, if it is, with the events that are kept of it.
    ///
    /// # Errors
    /// If Postgres fails, or holds what the indexer never writes.
    pub async fn block(&mut self, height: Height) -> Result<Option<BlockFacts>, Error> {
        replay::read_one(&mut self.connection, height, &self.deployment.contracts.treasury).await
    }

    /// Looks no more.
    ///
    /// # Errors
    /// If Postgres fails.
    pub async fn close(self) -> Result<(), Error> {
        self.connection.close().await.map_err(Error::database("closing a connection"))
    }
}
