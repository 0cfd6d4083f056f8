//! Where blocks come from. The pipeline knows a chain only through these two traits.

mod chain;

pub use chain::{Chain, Node};

use crate::{
    error::Error,
    facts::{BlockFacts, Height},
};
use interfaces::Hash;
use std::convert::Infallible;
use tokio::sync::watch;

/// Something that can be connected to, again and again.
pub trait Connect: Sync {
    /// What a connection gives.
    type Source: Source;

    /// Connects, and makes sure that it is the right chain.
    ///
    /// # Errors
    /// A transient one if the chain is away; another if it is the wrong one.
    fn connect(&self) -> impl Future<Output = Result<Self::Source, Error>> + Send;
}

/// A connection to a chain.
pub trait Source: Send + Sync + 'static {
    /// Publishes the finalised head whenever it moves on, until the connection is of no more use.
    ///
    /// # Errors
    /// Always: why the connection is of no more use.
    fn follow(&self, head: watch::Sender<Option<Height>>) -> impl Future<Output = Result<Infallible, Error>> + Send;

    /// Fetches a finalised block.
    ///
    /// # Errors
    /// If the node does not answer, or answers what cannot be.
    fn block(&self, height: Height) -> impl Future<Output = Result<BlockFacts, Error>> + Send;

    /// The finalised head, as the node now knows it.
    ///
    /// # Errors
    /// If the node does not answer.
    fn finalised_head(&self) -> impl Future<Output = Result<Height, Error>> + Send;

    /// The hash of the block at `height`, if the chain has come that far. It can change until the block is finalised.
    ///
    /// # Errors
    /// If the node does not answer.
    fn hash_at(&self, height: Height) -> impl Future<Output = Result<Option<Hash>, Error>> + Send;
}
