//! Why the indexer stopped or was interrupted, as sentences for the person who runs it.

use crate::facts::{BlockId, Height, Hex};
use interfaces::{AccountId, Hash};
use std::{io, net::SocketAddr, time::Duration};

/// What went wrong. `Display` is for people: one sentence that names the thing and says what to do; what lies beneath
/// is in [`std::error::Error::source`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The deployment file cannot be used.
    #[error("{0}; `gaia contracts deploy` writes the deployment file")]
    Deployment(#[from] client::Error),

    /// The chain's URL is not one.
    #[error("the chain's URL must begin with ws:// or wss://, for example ws://127.0.0.1:9944")]
    ChainUrl,

    /// The database's URL is not one.
    #[error("the database's URL cannot be used: {0}; it looks like postgres://user:password@host:port/database")]
    DatabaseUrl(String),

    /// The address for `/metrics` and `/healthz` cannot be had.
    #[error("cannot listen on {address}: {reason}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        reason: io::Error,
    },

    /// The chain's node cannot be reached, or the connection broke.
    #[error("the chain at {url} cannot be reached: {reason}; check the URL and that the node runs")]
    Unreachable {
        /// Where, without secrets.
        url: String,
        /// Why not.
        reason: String,
    },

    /// The node did not answer in time.
    #[error("the chain at {url} did not answer {request} within {} s", within.as_secs())]
    Silent {
        /// Where, without secrets.
        url: String,
        /// What it was asked.
        request: &'static str,
        /// The limit.
        within: Duration,
    },

    /// The node answered that it would not.
    #[error(
        "the chain at {url} refused to give {request}: {reason}; \
         past blocks can be had only from a node that keeps every state (an archive node)"
    )]
    Refused {
        /// Where, without secrets.
        url: String,
        /// What it was asked.
        request: &'static str,
        /// What it said.
        reason: String,
    },

    /// The node's stream of finalised blocks stands still, although the node itself knows of later ones.
    #[error("the chain at {url} has finalised block {head}, but its stream of finalised blocks stands still")]
    Stalled {
        /// Where, without secrets.
        url: String,
        /// The node's finalised head.
        head: Height,
    },

    /// The node answered with something that cannot be.
    #[error("the chain at {url} gave an answer that cannot be used: {reason}")]
    BadAnswer {
        /// Where, without secrets.
        url: String,
        /// What is wrong with it.
        reason: String,
    },

    /// There are no contracts on this chain.
    #[error("the chain at {url} has no pallet Contracts, so it cannot be the one the contracts were deployed on")]
    NoContracts {
        /// Where, without secrets.
        url: String,
    },

    /// The node is on another chain than the contracts.
    #[error(
        "the chain's genesis hash is {}, but the deployment file is for the chain {}; \
         give the URL of that chain, or deploy the contracts on this one",
        Hex(found.as_ref()), Hex(expected.as_ref())
    )]
    OtherChain {
        /// The node's genesis hash.
        found: Hash,
        /// The deployment file's.
        expected: Hash,
    },

    /// The database mirrors another chain.
    #[error(
        "the database was filled from the chain with genesis hash {}, but this chain's is {}; use another database",
        Hex(stored.as_ref()), Hex(found.as_ref())
    )]
    OtherGenesis {
        /// The database's.
        stored: Hash,
        /// The chain's.
        found: Hash,
    },

    /// The database mirrors other contracts.
    #[error(
        "the database mirrors another {name} ({}) than the deployment file names ({}); use another database or the \
         deployment file it was filled with", Hex(stored.as_ref()), Hex(given.as_ref())
    )]
    OtherContract {
        /// The first that is another.
        name: &'static str,
        /// The database's.
        stored: AccountId,
        /// The deployment file's.
        given: AccountId,
    },

    /// The database mirrors contracts of before one was added.
    #[error(
        "the database was filled by an earlier version of the program, from contracts without a {lacks}; use another \
         database"
    )]
    OlderContracts {
        /// The first that there was not.
        lacks: &'static str,
    },

    /// The database mirrors the same contracts from another block on.
    #[error(
        "the database was filled from block {stored} on, but the deployment file says {given}; \
         use another database or the deployment file it was filled with"
    )]
    OtherStart {
        /// The database's first block.
        stored: Height,
        /// The deployment file's.
        given: Height,
    },

    /// The database cannot be reached.
    #[error("the database {database} cannot be reached: {}; check the URL and that Postgres runs", said(source))]
    NoDatabase {
        /// Which, without secrets.
        database: String,
        /// Why not.
        source: sqlx::Error,
    },

    /// The database is of a newer version of the program.
    #[error(
        "the database's schema has version {found}, and this program knows only versions up to {known}; \
         use the newer program"
    )]
    NewerSchema {
        /// A version that this program does not know.
        found: i64,
        /// The last version that it knows.
        known: i64,
    },

    /// The database was never prepared, or for an older version of the program.
    #[error("the database's schema has version {found}, but version {known} is needed; run `gaia-indexer migrate`")]
    OlderSchema {
        /// The database's version; 0 if it was never prepared.
        found: i64,
        /// The version that is needed.
        known: i64,
    },

    /// The database mirrors nothing yet.
    #[error("the database mirrors nothing yet: run the indexer first")]
    NothingMirrored,

    /// There is no projection to switch back to.
    #[error("there is no projection to switch back to: only `gaia index rebuild` keeps one")]
    NoProjectionBefore,

    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),

    /// A statement failed.
    #[error("the database failed while {doing}: {}", said(source))]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What Postgres said.
        source: sqlx::Error,
    },

    /// Somebody else writes the mirror.
    #[error(
        "another indexer writes this database: its last block is {}, and this one had left it at {}; \
         stop one of the two", place(found.as_ref()), place(expected.as_ref())
    )]
    Fenced {
        /// What this process last wrote.
        expected: Option<BlockId>,
        /// What is there.
        found: Option<BlockId>,
    },

    /// Somebody has put another projection in place of the one that was written to.
    #[error("another projection has been switched to, in which not everything is projected that is mirrored")]
    OtherProjection,

    /// A batch that this process had given up was written after all, while the next one waited for it.
    #[error("a batch whose connection was lost has been written after all, up to block {0}")]
    Late(BlockId),

    /// The next block is not the one after the last.
    #[error("block {expected} is the next to mirror, but {found} came: nothing was written")]
    NotNext {
        /// The height that must come next.
        expected: Height,
        /// The height that came.
        found: Height,
    },

    /// The chain is not the one that the mirror was filled from.
    #[error(
        "block {height} of the chain is {}, but the mirror's is {}: this is another chain, or it was reset; \
         use another database", Hex(found.as_ref()), Hex(expected.as_ref())
    )]
    OtherHistory {
        /// The block that differs.
        height: Height,
        /// Its hash on the chain, as the node or the block after it says.
        found: Hash,
        /// Its hash in the mirror.
        expected: Hash,
    },

    /// An event contradicts what the events before it said.
    #[error(
        "event {index} of block {height} cannot be: {reason}; the mirror was probably begun after the contracts' \
         first event (height in the deployment file)"
    )]
    Contradiction {
        /// Its block.
        height: Height,
        /// Its position among the block's events.
        index: u32,
        /// What it contradicts.
        reason: String,
    },

    /// A stored value is outside what the mirror ever writes.
    #[error("the database holds a value that the indexer never writes: {0}; it was changed by somebody else")]
    Tampered(String),

    /// A number has no room in the database.
    #[error("{0} does not fit its column")]
    TooLarge(&'static str),

    /// A part of the program ended that never should.
    #[error("a part of the indexer stopped unexpectedly: {0}")]
    Internal(String),
}

fn place(block: Option<&BlockId>) -> String {
    block.map_or_else(|| "before the first block".to_owned(), |block| format!("block {block}"))
}

/// Postgres' own words, without where in its source they come from.
fn said(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        error => error.to_string(),
    }
}

impl Error {
    /// Names what was being done when Postgres failed.
    pub(crate) fn database(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Whether waiting and connecting anew can help. Everything else needs a person.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Silent { .. }
            | Self::Refused { .. }
            | Self::Stalled { .. }
            | Self::BadAnswer { .. }
            | Self::NoDatabase { .. }
            | Self::OtherProjection
            | Self::Late(_) => true,
            Self::Database { source, .. } => may_pass(source),
            _ => false,
        }
    }
}

/// Whether Postgres may answer otherwise later: it was away, was stopping or starting, had no room or no connections,
/// chose this transaction to break a tie, or let it wait too long for another.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut => true,
        // SQLSTATE classes: connection exception, transaction rollback, insufficient resources, operator intervention.
        sqlx::Error::Database(error) => {
            // And of the class that is about wrong states, the code for a lock that could not be had.
            error.code().is_some_and(|code| ["08", "40", "53", "57", "55P03"].iter().any(|it| code.starts_with(it)))
        }
        _ => false,
    }
}
