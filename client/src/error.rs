//! What can go wrong, in sentences.

use std::path::PathBuf;

/// A failure to talk to the chain, or the chain's refusal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a WebSocket URL.
    #[error("{0:?} is not a chain URL: it must look like ws://host:port or wss://host:port")]
    BadUrl(String),
    /// Nobody answers there, or not as a Substrate node.
    #[error("no Substrate node answers at {url}: {reason}; is the chain running?")]
    Unreachable {
        /// Where.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// The chain cannot run contracts.
    #[error("the chain at {0} has no pallet-contracts, so it cannot run the governance contracts")]
    NoContractsPallet(String),
    /// The node answered, but not as expected.
    #[error("the chain's answer to {doing} was unusable: {reason}")]
    Rpc {
        /// What was asked.
        doing: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// The chain has no such block.
    #[error("the chain has no block {0}")]
    NoBlock(String),
    /// A transaction was handed in, and then nothing certain was heard of it.
    #[error(
        "what became of {message} is not known ({reason}): it may still be included, so look before sending it again"
    )]
    Unsettled {
        /// Which message or call.
        message: &'static str,
        /// What was heard instead.
        reason: String,
    },
    /// The node gave no answer in time.
    #[error("the chain did not answer {doing} within {seconds} s")]
    Timeout {
        /// What was asked.
        doing: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The runtime or the contract refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The answer of a contract does not decode as the message's return type.
    #[error("the contract's answer to {message} does not decode: is {account} the right contract?")]
    UndecodableAnswer {
        /// Which message.
        message: &'static str,
        /// The account that was asked.
        account: String,
    },
    /// A file could not be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// "read" or "write".
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file's content is not what it should be.
    #[error("{} is not a {what}: {reason}", path.display())]
    BadFile {
        /// Which file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        reason: String,
    },
    /// A key that is none.
    #[error(
        "{name} is not a usable key: {reason}; give a secret phrase, a 0x seed, or a development account like //Alice"
    )]
    BadKey {
        /// Where the key came from; never the key itself.
        name: String,
        /// Why.
        reason: String,
    },
}

/// A call was understood and refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// By the contract, with its own error in words.
    #[error("{message} was refused: {reason}")]
    Contract {
        /// Which message.
        message: &'static str,
        /// The contract's error, as a sentence.
        reason: String,
        /// The contract's error, as its variant's name.
        code: String,
    },
    /// By the contract's dispatch: no such message, or input it cannot decode.
    #[error("{account} does not understand {message}: is it the right contract?")]
    NotUnderstood {
        /// Which message.
        message: &'static str,
        /// The account that was called.
        account: String,
    },
    /// By the runtime.
    #[error("the chain refused {message}: {reason}")]
    Runtime {
        /// Which message or call.
        message: &'static str,
        /// The runtime's error.
        reason: String,
    },
}

impl Error {
    /// For `map_err`: an answer that could not be had or used.
    pub(crate) fn rpc<E: std::fmt::Display>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Rpc { doing, reason: error.to_string() }
    }
}
