//! A second projection beside the live one, from the same raw events: to see whether the two are the same, or to take the
//! live one's place.
//!
//! All of it is one transaction. In it the live tables are set aside and empty ones of their form are called by their names,
//! so that what projects need not know; nobody else sees that before it is committed. Reads and the indexer go on.

use super::{columns::to_u64, mirror_2, raw, replay, schema};
use crate::{
    config::{Contracts, DatabaseUrl},
    error::Error,
    facts::Height,
    project::Block,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// About how many rows are projected at once.
const ROWS: usize = 5_000;

/// How many blocks may be left when the live projection is held for the switch.
const FEW: u64 = 100;

/// What was found of two projections of the same events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How many blocks were projected anew.
    pub blocks: u64,
    /// How many contract events, of any contract.
    pub events: u64,
    /// The tables whose rows are not the same.
    pub differences: Vec<Difference>,
}

/// A table that is not the same in two projections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table's name.
    pub table: String,
    /// How many rows only the live projection has, and one of them.
    pub live: (u64, Option<String>),
    /// How many rows only the new one has, and one of them.
    pub anew: (u64, Option<String>),
}

/// What to tell while it takes its time.
pub trait Watcher {
    /// So many of so many blocks are projected.
    fn projected(&mut self, blocks: u64, of: u64);
}

/// Projects anew all that the mirror's projection is made of, and compares the two. Nothing is changed. `owner` must be the
/// role that owns the database.
///
/// # Errors
/// If the events contradict each other, or Postgres fails.
pub async fn check_projection(owner: &DatabaseUrl, watcher: &mut impl Watcher) -> Result<Comparison, Error> {
    let mut connection = schema::open(owner).await?;
    // One moment for all of it, however long it takes.
    let mut transaction = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
        .await
        .map_err(Error::database("beginning to project anew"))?;
    let mut anew = Anew::begin(&mut transaction).await?;
    let upto = raw::projected(&mut transaction).await?;
    anew.project(&mut transaction, upto, watcher).await?;
    let comparison = anew.compare(&mut transaction).await?;
    transaction.rollback().await.map_err(Error::database("forgetting the projection"))?;
    connection.close().await.map_err(Error::database("closing a connection"))?;
    Ok(comparison)
}

/// Projects anew everything that is mirrored, and puts that in place of the live projection, which is kept to be [switched
/// back](switch_back) to. Tells what is not the same in the two. `owner` must be the role that owns the database.
///
/// # Errors
/// If the events contradict each other, or Postgres fails; then the live projection stays what it was.
pub async fn rebuild(owner: &DatabaseUrl, watcher: &mut impl Watcher) -> Result<Comparison, Error> {
    let mut connection = schema::open(owner).await?;
    let mut transaction = connection.begin().await.map_err(Error::database("beginning to project anew"))?;
    let mut anew = Anew::begin(&mut transaction).await?;
    loop {
        let upto = raw::cursor(&mut transaction).await?.map(|block| block.height);
        let left = anew.left(upto);
        anew.project(&mut transaction, upto, watcher).await?;
        if left <= FEW {
            break;
        }
    }
    // From here on the indexer waits.
    let cursor = raw::settled_cursor(&mut transaction).await?.map(|block| block.height);
    let before = raw::projected(&mut transaction).await?;
    anew.project(&mut transaction, cursor, watcher).await?;
    let comparison = anew.compare(&mut transaction).await?;
    raw::note_projections(&mut transaction, before, cursor).await?;
    run(&mut transaction, "SELECT raw.show_projection()", "switching to the projection").await?;
    schema::grant(&mut transaction).await?;
    transaction.commit().await.map_err(Error::database("switching to the projection"))?;
    connection.close().await.map_err(Error::database("closing a connection"))?;
    Ok(comparison)
}

/// Puts the projection back that [`rebuild`] has taken the place of. The indexer then projects into it what was mirrored
/// since. Doing it again undoes it.
///
/// # Errors
/// [`Error::NoProjectionBefore`], or if Postgres fails; then nothing has changed.
pub async fn switch_back(owner: &DatabaseUrl) -> Result<(), Error> {
    let mut connection = schema::open(owner).await?;
    let mut transaction = connection.begin().await.map_err(Error::database("beginning to switch back"))?;
    raw::settled_cursor(&mut transaction).await?;
    if !raw::has_projection_before(&mut transaction).await? {
        return Err(Error::NoProjectionBefore);
    }
    run(&mut transaction, "SELECT raw.switch_projection_back()", "switching back").await?;
    schema::grant(&mut transaction).await?;
    transaction.commit().await.map_err(Error::database("switching back"))?;
    connection.close().await.map_err(Error::database("closing a connection"))
}

async fn run(connection: &mut PgConnection, sql: &'static str, doing: &'static str) -> Result<(), Error> {
    sqlx::query(sql).execute(connection).await.map(drop).map_err(Error::database(doing))
}

/// A projection that is being made.
struct Anew {
    contracts: Contracts,
    /// The block that comes next.
    next: Height,
    /// The first block of all.
    start: Height,
    events: u64,
}

impl Anew {
    /// Sets the live projection aside.
    async fn begin(connection: &mut PgConnection) -> Result<Self, Error> {
        let deployment = raw::source(connection).await?;
        run(connection, "SELECT raw.set_projection_aside()", "laying out a projection").await?;
        Ok(Self { contracts: deployment.contracts, next: deployment.start, start: deployment.start, events: 0 })
    }

    /// How many blocks are left up to this one.
    fn left(&self, upto: Option<Height>) -> u64 {
        upto.map_or(0, |upto| upto.saturating_add(1).saturating_sub(self.next))
    }

    /// Projects everything up to a block.
    async fn project(
        &mut self,
        connection: &mut PgConnection,
        upto: Option<Height>,
        watcher: &mut impl Watcher,
    ) -> Result<(), Error> {
        let all = upto.map_or(0, |upto| upto.saturating_add(1).saturating_sub(self.start));
        while self.left(upto) > 0 {
            let mut kept = replay::read(connection, self.next, ROWS, &self.contracts.treasury).await?;
            kept.retain(|block| upto.is_some_and(|upto| block.id.height <= upto));
            let Some(tip) = kept.last().map(|block| block.id.height) else {
                return Err(Error::Tampered(format!("no block {}, which was mirrored", self.next)));
            };
            for block in &kept {
                self.events = self.events.saturating_add(block.events.len() as u64);
            }
            let blocks: Vec<Block> = kept.iter().map(|facts| Block::decode(&self.contracts, facts)).collect();
            mirror_2::project(connection, blocks).await?;
            self.next = tip.saturating_add(1);
            watcher.projected(self.next.saturating_sub(self.start), all);
        }
        Ok(())
    }

    /// What is not the same in the projection that was set aside.
    async fn compare(&self, connection: &mut PgConnection) -> Result<Comparison, Error> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT relname::text FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'mirror_2'::regnamespace ORDER BY relname",
        )
        .fetch_all(&mut *connection)
        .await
        .map_err(Error::database("listing the projection's tables"))?;
        let mut differences = Vec::new();
        for table in tables {
            let live = rows_beyond(connection, &table, "mirror_2_before", "mirror_2").await?;
            let anew = rows_beyond(connection, &table, "mirror_2", "mirror_2_before").await?;
            if live.0 > 0 || anew.0 > 0 {
                differences.push(Difference { table, live, anew });
            }
        }
        Ok(Comparison { blocks: self.next.saturating_sub(self.start), events: self.events, differences })
    }
}

/// How many rows of a table the first schema has and the second has not, and one of them.
async fn rows_beyond(
    connection: &mut PgConnection,
    table: &str,
    has: &str,
    has_not: &str,
) -> Result<(u64, Option<String>), Error> {
    // Names out of Postgres' own list of tables. Every table has a key, so that no row is there twice.
    let name = table.replace('"', "\"\"");
    let sql = format!(
        "SELECT count(*), min(row::text)
         FROM (SELECT * FROM {has}.\"{name}\" EXCEPT SELECT * FROM {has_not}.\"{name}\") AS row"
    );
    let (count, row): (i64, Option<String>) = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await
        .map_err(Error::database("comparing two projections"))?;
    Ok((to_u64(count, "a number of rows")?, row))
}
