//! Mirrors what the governance contracts do on the chain into Postgres.
//!
//! ```text
//! source ─► facts ─► decode ─► project ─► store
//! (chain)   (pure)   (pure)    (pure)     (Postgres)
//!    └─────────── pipeline ────────────────┘    health tells how it goes
//! ```
//!
//! Every contract event is kept as it was emitted (schema `raw`), and everything else (schema `mirror_2`, read through
//! the views of schema `mirror`) follows from that alone. A batch's rows and the cursor `(height, hash)` are one
//! transaction: the process can be killed at any moment and goes on where the cursor stands.
//!
//! Only finalised blocks are mirrored.

mod check;
pub mod config;
mod decode;
mod error;
pub mod facts;
pub mod health;
pub mod pipeline;
mod project;
pub mod source;
pub mod store;

pub use check::{CheckWatcher, Findings, Sample, check};
pub use config::{Bounds, ChainUrl, Contracts, DatabaseUrl, Deployment, Settings};
pub use error::Error;
pub use health::MAX_LAG;
pub use store::migrate;

use health::Health;
use source::{Chain, Connect, Node};
use std::{net::SocketAddr, sync::Arc};
use store::Store;
use tokio::{net::TcpListener, task::JoinSet};

/// Takes the address that `/metrics` and `/healthz` are to be answered at.
///
/// # Errors
/// [`Error::Listen`] if it cannot be had.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|reason| Error::Listen { address, reason })
}

/// An indexer that is connected to its chain and its database.
#[derive(Debug)]
pub struct Indexer {
    node: Node,
    source: Chain,
    store: Store,
    bounds: Bounds,
    health: Arc<Health>,
    /// Answers `/metrics`, `/healthz` and `/readyz` for as long as this lives.
    _server: JoinSet<std::io::Result<()>>,
}

impl Indexer {
    /// Connects, and tells at `listener` how it goes from now on.
    ///
    /// # Errors
    /// If the chain or the database cannot be reached or is the wrong one, so that a mistyped setting is told at once.
    pub async fn start(settings: Settings, listener: TcpListener) -> Result<Self, Error> {
        let Settings { chain, database, deployment, bounds, max_lag } = settings;
        let health = Arc::new(Health::new().with_max_lag(max_lag));
        let mut server = JoinSet::new();
        server.spawn(axum::serve(listener, Arc::clone(&health).router()).into_future());

        let node = Node { url: chain, genesis: deployment.genesis, treasury: deployment.contracts.treasury };
        let source = node.connect().await?;
        let store = Store::open(&database, &deployment, source.name()).await?;
        tracing::info!(chain = source.name(), url = %node.url, database = %database, "connected");
        Ok(Self { node, source, store, bounds, health, _server: server })
    }

    /// Mirrors until `stop` is ready or something needs a person.
    ///
    /// # Errors
    /// What connecting anew cannot mend.
    pub async fn run(self, stop: impl Future<Output = ()> + Clone + Send) -> Result<(), Error> {
        let Self { node, source, mut store, bounds, health, _server } = self;
        pipeline::mirror(&node, source, &mut store, bounds, &health, stop).await?;
        tracing::info!("stopped");
        Ok(())
    }
}
