//! Talks to the chain and to the contracts on it.
//!
//! [`Chain`] is a connection; [`messages`] builds typed contract messages from the traits in `interfaces`;
//! [`Contract`] asks them without a transaction ([`Contract::ask`], or [`View::ask`] at any block) or sends them signed
//! ([`Contract::send`], which dry-runs first, so that a refusal costs nothing and comes back as the contract's own
//! typed error). [`Deployment`] is the file that says which contracts are meant.
//!
//! Nothing here knows Postgres or HTTP.

mod chain;
mod contract;
mod deployment;
mod error;
pub mod messages;
mod runtime;
mod signer;

pub use chain::{Block, Chain, View};
pub use contract::{Contract, Cost, Emitted, Sent, Upload, blake2_256};
pub use deployment::{Contracts, Deployed, Deployment};
pub use error::{Error, Refusal};
pub use messages::Message;
pub use runtime::Weight;
pub use signer::{Signer, development_account};
pub use subxt::utils::{AccountId32, H256};
