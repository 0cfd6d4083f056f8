//! What is mirrored and how far, and why a request was refused.

use super::{Hash, Time};
use crate::account::Account;
use interfaces::contracts::Contracts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is mirrored, and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The chain.
    pub chain: Chain,
    /// The contracts' accounts, by name.
    #[schema(value_type = BTreeMap<String, Account>)]
    pub contracts: Contracts<Account>,
    /// The chain's finalised head as the indexer last saw it; null if it has not seen one.
    #[schema(required = true)]
    pub head: Option<Head>,
    /// How many blocks the mirror is behind that head; null without one.
    #[schema(required = true)]
    pub lag_blocks: Option<u64>,
}

/// A chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chain {
    /// The name it gives itself.
    pub name: String,
    /// Hash of its first block: what it really is.
    pub genesis_hash: Hash,
}

/// A chain's finalised head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Its height.
    pub height: u64,
    /// When the indexer saw it, by the database's clock.
    pub observed_at: Time,
}

/// The process answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
}

/// The API can answer from the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Always true; otherwise the answer is a problem.
    pub ready: bool,
}

/// Why a request was refused or failed (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem; a name that never changes.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem in words.
    pub detail: String,
    /// What is wrong with which part of the request; absent if no part is at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with a part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The parameter.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}
