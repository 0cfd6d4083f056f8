//! What the indexer is told, parsed once into types that cannot be wrong later.

use crate::{error::Error, facts::Height};
use interfaces::{AccountId, Hash};
use sqlx::postgres::PgConnectOptions;
use std::{
    fmt::{Debug, Display, Formatter, Result as FmtResult},
    path::Path,
    str::FromStr,
};
use tracing::subscriber::NoSubscriber;

/// Where the chain answers: a `ws://` or `wss://` URL. Written without its path and user, which may hold a key.
#[derive(Clone, PartialEq, Eq)]
pub struct ChainUrl(String);

impl ChainUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChainUrl {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("ws" | "wss", rest)) if !rest.is_empty() => Ok(Self(url.to_owned())),
            _ => Err(Error::ChainUrl),
        }
    }
}

impl Display for ChainUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("ws", &self.0));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        write!(f, "{scheme}://{host}")
    }
}

impl Debug for ChainUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        Display::fmt(self, f)
    }
}

/// Where Postgres answers: a `postgres://` URL. Never written with its password.
#[derive(Clone)]
pub struct DatabaseUrl(PgConnectOptions);

impl DatabaseUrl {
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.0.clone().application_name("gaia-indexer")
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self, Error> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(Error::DatabaseUrl("it does not begin with postgres://".to_owned()));
        }
        // The driver warns of parameters that it does not know, with their values: a mistyped one may be a password.
        let parsed = tracing::subscriber::with_default(NoSubscriber::new(), || url.parse());
        parsed.map(Self).map_err(|error: sqlx::Error| match error {
            sqlx::Error::Configuration(reason) => Error::DatabaseUrl(reason.to_string()),
            _ => Error::DatabaseUrl("it cannot be parsed".to_owned()),
        })
    }
}

impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let database = self.0.get_database().unwrap_or(self.0.get_username());
        match self.0.get_socket() {
            Some(socket) => write!(f, "{database} at {}", socket.display()),
            None => write!(f, "{database} at {}:{}", self.0.get_host(), self.0.get_port()),
        }
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        Display::fmt(self, f)
    }
}

/// The contracts that are projected.
pub type Contracts = interfaces::contracts::Contracts<AccountId>;

/// What `gaia contracts deploy` wrote down: on which chain the contracts are, and from which block on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployment {
    /// Hash of the chain's block 0.
    pub genesis: Hash,
    /// The first block to mirror: at or before the contracts' first event.
    pub start: Height,
    /// The contracts.
    pub contracts: Contracts,
}

impl Deployment {
    /// Reads the file that `gaia contracts deploy` writes.
    ///
    /// # Errors
    /// [`Error::Deployment`] if it cannot be read or is not such a file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let client::Deployment { genesis_hash, height, contracts } = client::Deployment::read(path)?;
        let contracts = contracts.map(|contract| AccountId(contract.account.0));
        Ok(Self { genesis: genesis_hash.0.into(), start: height, contracts })
    }
}

/// Everything that `gaia-indexer run` is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The chain to mirror.
    pub chain: ChainUrl,
    /// The database to mirror it into, as the role that may only write the mirror.
    pub database: DatabaseUrl,
    /// What to mirror.
    pub deployment: Deployment,
    /// How much is held in memory.
    pub bounds: Bounds,
    /// How many blocks the mirror may be behind the chain to count as ready.
    pub max_lag: u64,
}

/// What bounds the indexer's memory, however far behind it is.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Blocks being asked for at once. [`Self::WAITING`] times as many may wait to be written.
    pub blocks_ahead: usize,
    /// Rows after which a batch is written. A block is never split, so a batch can be larger by one block.
    pub batch_rows: usize,
}

impl Bounds {
    /// Blocks that may wait to be written, for each that is being asked for: enough that a batch of nearly empty blocks
    /// is worth its transaction.
    pub const WAITING: usize = 8;
}

impl Default for Bounds {
    fn default() -> Self {
        Self { blocks_ahead: 32, batch_rows: 10_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_urls_are_not_written() {
        let chain: ChainUrl = "wss://user:pass@node.example:443/api-key".parse().expect("a URL");
        assert_eq!(chain.to_string(), "wss://node.example:443");
        let database: DatabaseUrl = "postgres://gaia:hunter2@db.example:5433/mirror".parse().expect("a URL");
        assert_eq!(format!("{database} {database:?}"), "mirror at db.example:5433 mirror at db.example:5433");
    }

    #[test]
    fn other_schemes_are_refused() {
        assert!("http://127.0.0.1:9944".parse::<ChainUrl>().is_err());
        assert!("127.0.0.1:9944".parse::<ChainUrl>().is_err());
        assert!("mysql://127.0.0.1/mirror".parse::<DatabaseUrl>().is_err());
    }
}
