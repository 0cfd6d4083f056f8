//! The mirror in Postgres, read and never written.

use crate::{
    account::Account,
    model::{Amount, Block, Finality, Hash, Instant, Selector, Time},
    problem::{Error, NotReady, Unreadable},
};
use sqlx::{
    PgConnection, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// Longest a statement may run in the database.
const STATEMENT_TIMEOUT: &str = "5s";

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Most connections.
const CONNECTIONS: u32 = 16;

/// What this program reads, so that a database of another version is recognised before a request fails on it.
const MIRROR: [(&str, &[&str]); 10] = [
    ("accounts", &["account", "balance", "power"]),
    ("block", &["height", "hash", "moment", "finalized"]),
    ("calls", &["proposal", "number", "target", "selector", "input", "value", "code_hash"]),
    ("head", &["height", "observed_at"]),
    ("native_balances", &["account", "height", "free"]),
    (
        "proposals",
        &[
            "proposal",
            "proposer",
            "title",
            "link",
            "content_hash",
            "snapshot",
            "voting_ends",
            "execution_delay",
            "execution_window",
            "quorum_bps",
            "approval_bps",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "voters",
            "state",
            "created_at",
            "created_height",
            "queued_at",
            "ready_at",
            "expires_at",
            "executed_at",
            "executor",
            "cancelled_at",
        ],
    ),
    ("source", &["chain", "genesis_hash", "token", "governor", "treasury"]),
    ("supply", &["since", "supply"]),
    ("treasury_movements", &["height", "index", "moment", "kind", "account", "amount", "proposal"]),
    ("votes", &["proposal", "voter", "support", "power", "height", "index", "moment"]),
];

/// The database.
#[derive(Debug, Clone)]
pub struct Database {
    pool: PgPool,
}

/// How the connections are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// Most that may be open.
    pub most: u32,
    /// Open.
    pub open: u32,
    /// Open, with nothing to do.
    pub idle: usize,
}

impl Database {
    /// The database that `options` lead to. It is connected to when first needed, so that it may come later than
    /// this program.
    pub fn new(options: PgConnectOptions) -> Self {
        let options = options
            .application_name("gaia-api")
            .options([("statement_timeout", STATEMENT_TIMEOUT), ("default_transaction_read_only", "on")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(CONNECT_TIMEOUT)
            .connect_lazy_with(options);
        Self { pool }
    }

    /// How the connections are used.
    pub fn pool_state(&self) -> PoolState {
        PoolState {
            most: self.pool.options().get_max_connections(),
            open: self.pool.size(),
            idle: self.pool.num_idle(),
        }
    }

    /// The mirror as it stands at its last block. Nothing the indexer writes meanwhile shows in it.
    ///
    /// # Errors
    /// [`Error::Database`], or [`Error::NotReady`] if there is no block yet.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let mut transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let row = sqlx::query!(
            r#"SELECT height AS "height!", hash AS "hash!", moment AS "moment!", finalized AS "finalized!"
            FROM mirror.block"#
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(NotReady::NoBlock)?;
        let Instant { time, moment } = instant(row.moment)?;
        let block = Block {
            height: row.height.try_into()?,
            hash: hash(&row.hash)?,
            time,
            moment,
            finality: if row.finalized { Finality::Finalized } else { Finality::Provisional },
        };
        Ok(Snapshot { transaction, block })
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The mirror at one block.
#[derive(Debug)]
pub struct Snapshot {
    transaction: Transaction<'static, Postgres>,
    /// The block.
    pub block: Block,
}

impl Snapshot {
    /// To query with.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Checks that this program finds in the mirror all that it reads.
    ///
    /// # Errors
    /// [`Error::NotReady`] with what is missing, or [`Error::Database`].
    pub async fn check_schema(&mut self) -> Result<(), Error> {
        let found = sqlx::query!(
            r#"SELECT table_name::text AS "view!", column_name::text AS "column!"
            FROM information_schema.columns WHERE table_schema = 'mirror'"#
        )
        .fetch_all(self.connection())
        .await?;
        let missing: Vec<_> = MIRROR
            .iter()
            .flat_map(|(view, columns)| columns.iter().map(move |column| (*view, *column)))
            .filter(|(view, column)| !found.iter().any(|row| row.view == *view && row.column == *column))
            .map(|(view, column)| format!("mirror.{view}.{column}"))
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(NotReady::MissingColumns(missing).into()) }
    }
}

/// An account as stored.
///
/// # Errors
/// If it is not one.
pub fn account(bytes: &[u8]) -> Result<Account, Unreadable> {
    <[u8; 32]>::try_from(bytes).map(Account::from).map_err(|_| Unreadable("account"))
}

/// A hash as stored.
///
/// # Errors
/// If it is not one.
pub fn hash(bytes: &[u8]) -> Result<Hash, Unreadable> {
    bytes.try_into().map(Hash).map_err(|_| Unreadable("hash"))
}

/// A selector as stored.
///
/// # Errors
/// If it is not one.
pub fn selector(bytes: &[u8]) -> Result<Selector, Unreadable> {
    bytes.try_into().map(Selector).map_err(|_| Unreadable("selector"))
}

/// An amount as the database writes it.
///
/// # Errors
/// If it is not one: `numeric(39, 0)` holds a little more than `u128`.
pub fn amount(text: &str) -> Result<Amount, Unreadable> {
    text.parse().map_err(|_| Unreadable("amount"))
}

/// A moment as stored.
///
/// # Errors
/// If it is not one.
pub fn instant(moment: i64) -> Result<Instant, Unreadable> {
    u64::try_from(moment).map(Instant::from).map_err(|_| Unreadable("moment"))
}

/// A time of the database's clock, in milliseconds since the Unix epoch.
///
/// # Errors
/// If it is not one.
pub fn time(milliseconds: i64) -> Result<Time, Unreadable> {
    instant(milliseconds).map(|instant| instant.time)
}

/// One of the names of an enum, as stored.
///
/// # Errors
/// If it is not one.
pub fn name<T: serde::de::DeserializeOwned>(text: String) -> Result<T, Unreadable> {
    serde_json::from_value(text.into()).map_err(|_| Unreadable("name"))
}
