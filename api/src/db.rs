//! The mirror in Postgres, read and never written.

use crate::{
    account::Account,
    model::{Amount, Asset, Block, Finality, Hash, Instant, Name, Selector, Time},
    problem::{Error, NotReady, Unreadable},
};
use ballot::{BasisPoints, OptionId};
use interfaces::Moment;
use scale::DecodeAll;
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
        let block = block(row.height, &row.hash, row.moment, row.finalized)?;
        Ok(Snapshot { transaction, block })
    }

    /// Height of the mirror's last block, if it has any.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn height(&self) -> Result<Option<u64>, Error> {
        let height = sqlx::query_scalar!(r#"SELECT height AS "height!" FROM mirror.block"#);
        Ok(height.fetch_optional(&self.pool).await?.map(TryInto::try_into).transpose()?)
    }

    /// Finalised height that the indexer last saw the chain at, if it ever did.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn head(&self) -> Result<Option<u64>, Error> {
        let height = sqlx::query_scalar!(r#"SELECT height AS "height!" FROM mirror.head"#);
        Ok(height.fetch_optional(&self.pool).await?.map(TryInto::try_into).transpose()?)
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
}

/// An account as stored.
///
/// # Errors
/// If it is not one.
pub fn account(bytes: &[u8]) -> Result<Account, Unreadable> {
    <[u8; 32]>::try_from(bytes).map(Account::from).map_err(|_| Unreadable("account"))
}

/// A block as stored.
///
/// # Errors
/// If it is not one.
pub fn block(height: i64, hash: &[u8], moment: i64, is_finalized: bool) -> Result<Block, Error> {
    let Instant { time, moment } = instant(moment)?;
    let finality = if is_finalized { Finality::Finalized } else { Finality::Provisional };
    Ok(Block { height: height.try_into()?, hash: self::hash(hash)?, time, moment, finality })
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

/// A moment that is stored whole, however late it is.
///
/// # Errors
/// If it is not one.
pub fn exact_moment(text: &str) -> Result<Moment, Unreadable> {
    text.parse().map_err(|_| Unreadable("moment"))
}

/// An asset as stored: the account of its token, and nothing for the native currency.
///
/// # Errors
/// If it is not one.
pub fn asset(bytes: &[u8]) -> Result<Asset, Unreadable> {
    if bytes.is_empty() { Ok(Asset::Native) } else { account(bytes).map(Asset::Token) }
}

/// Something stored as SCALE.
///
/// # Errors
/// If it is not what it should be.
pub fn scale<T: DecodeAll>(mut bytes: &[u8], what: &'static str) -> Result<T, Unreadable> {
    T::decode_all(&mut bytes).map_err(|_| Unreadable(what))
}

/// A time of the database's clock, in milliseconds since the Unix epoch.
///
/// # Errors
/// If it is not one.
pub fn time(milliseconds: i64) -> Result<Time, Unreadable> {
    instant(milliseconds).map(|instant| instant.time)
}

/// A share in basis points, as stored.
///
/// # Errors
/// If it is not one.
pub fn share(points: i32) -> Result<BasisPoints, Unreadable> {
    let points = u16::try_from(points).map_err(|_| Unreadable("share"))?;
    BasisPoints::new(points).map_err(|_| Unreadable("share"))
}

/// The number of an option, as stored.
///
/// # Errors
/// If it is not one.
pub fn option(number: i16) -> Result<OptionId, Unreadable> {
    number.try_into().map_err(|_| Unreadable("option"))
}

/// A name of a parameter, flag, component or origin, as stored.
///
/// # Errors
/// If it is not one.
pub fn key(text: &str) -> Result<Name, Unreadable> {
    text.parse().map_err(|_| Unreadable("key"))
}

/// One of the names of an enum, as stored.
///
/// # Errors
/// If it is not one.
pub fn name<T: serde::de::DeserializeOwned>(text: String) -> Result<T, Unreadable> {
    serde_json::from_value(text.into()).map_err(|_| Unreadable("name"))
}
