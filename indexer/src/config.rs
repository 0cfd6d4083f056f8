//! What the indexer is told, parsed once into types that cannot be wrong later.

use crate::{
    error::Error,
    facts::{Height, Hex},
};
use interfaces::{AccountId, Hash};
use serde::{Deserialize, Deserializer, de::Error as _};
use sqlx::postgres::PgConnectOptions;
use std::{
    fmt::{Debug, Display, Formatter, Result as FmtResult},
    fs,
    net::SocketAddr,
    path::Path,
    str::FromStr,
};

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
        url.parse().map(Self).map_err(|error: sqlx::Error| match error {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contracts {
    /// The governance token.
    pub token: AccountId,
    /// The governor.
    pub governor: AccountId,
    /// The treasury.
    pub treasury: AccountId,
}

impl Display for Contracts {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let hex = |account: &AccountId| Hex(account.as_ref()).to_string();
        write!(f, "token {}, governor {}, treasury {}", hex(&self.token), hex(&self.governor), hex(&self.treasury))
    }
}

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
        let refused = |reason: String| Error::Deployment { path: path.to_owned(), reason };
        let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        text.parse().map_err(|error: serde_json::Error| refused(error.to_string()))
    }
}

impl FromStr for Deployment {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, serde_json::Error> {
        let file: DeploymentFile = serde_json::from_str(json)?;
        let DeployedContracts { token, governor, treasury } = file.contracts;
        Ok(Self {
            genesis: file.genesis_hash.0.into(),
            start: file.height,
            contracts: Contracts {
                token: token.account.0.into(),
                governor: governor.account.0.into(),
                treasury: treasury.account.0.into(),
            },
        })
    }
}

#[derive(Deserialize)]
struct DeploymentFile {
    genesis_hash: Bytes32,
    height: Height,
    contracts: DeployedContracts,
}

#[derive(Deserialize)]
struct DeployedContracts {
    token: DeployedContract,
    governor: DeployedContract,
    treasury: DeployedContract,
}

#[derive(Deserialize)]
struct DeployedContract {
    account: Bytes32,
}

/// `0x` and 64 hexadecimal digits.
struct Bytes32([u8; 32]);

impl<'de> Deserialize<'de> for Bytes32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
            .ok_or_else(|| D::Error::custom(format!("{text:?} is not 0x and 64 hexadecimal digits")))?;
        Ok(Self(bytes))
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
    /// Where to answer `/metrics` and `/healthz`.
    pub listen: SocketAddr,
    /// How much is held in memory.
    pub bounds: Bounds,
}

/// What bounds the indexer's memory, however far behind it is.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Blocks being asked for at once, and as many more waiting to be written.
    pub blocks_ahead: usize,
    /// Rows after which a batch is written. A block is never split, so a batch can be larger by one block.
    pub batch_rows: usize,
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

    #[test]
    fn a_malformed_account_is_named() {
        let zero = format!("0x{}", "00".repeat(32));
        let json = |token: &str| {
            format!(
                r#"{{"genesis_hash":"{zero}","height":12,"contracts":{{"token":{{"account":"{token}","code_hash":"{zero}"}},
                "governor":{{"account":"{zero}"}},"treasury":{{"account":"{zero}"}}}}}}"#
            )
        };
        assert_eq!(json(&zero).parse::<Deployment>().expect("well formed").start, 12);
        let error = json("0x12").parse::<Deployment>().expect_err("too short");
        assert!(error.to_string().contains(r#""0x12" is not 0x and 64 hexadecimal digits"#), "{error}");
    }
}
