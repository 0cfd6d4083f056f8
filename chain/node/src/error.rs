//! Why the node could not start, or had to stop: one sentence each, saying what to do where something can be done.

use std::{net::SocketAddr, path::PathBuf};

/// Anything that ends the node.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the runtime {}: {source}; build it with chain/build-runtime, or name one with --runtime", path.display())]
    RuntimeUnreadable { path: PathBuf, source: std::io::Error },

    #[error("{} is not a runtime this node can run: {reason}", path.display())]
    RuntimeUnusable { path: PathBuf, reason: String },

    #[error("{address} is already in use; choose another port with --rpc-port (0 lets the system choose one)")]
    PortInUse { address: SocketAddr },

    #[error("cannot listen on {address}: {reason}")]
    Listen { address: SocketAddr, reason: String },

    #[error("cannot use {} for the chain's data: {source}", path.display())]
    BasePath { path: PathBuf, source: std::io::Error },

    #[error("cannot open the chain's data in {}: {reason}; is another gaia-chain using it?", path.display())]
    Database { path: PathBuf, reason: String },

    #[error("cannot set up logging from --log: {0}")]
    Log(String),

    #[error("the node could not start: {0}")]
    Start(Box<dyn std::error::Error + Send + Sync>),

    #[error("the node stopped because one of its tasks failed: {0}")]
    TaskFailed(String),
}

impl Error {
    /// Wraps an error of one of the SDK's parts that no user can do anything about.
    pub(crate) fn start(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Start(Box::new(error))
    }
}
