//! Anchors of audit logs.

use crate::{
    account::Account,
    model::{Hash, Name, Natural, Time},
};
use interfaces::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an audit log was, at a moment that the chain vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Anchor {
    /// Whose log.
    pub origin: Name,
    /// The anchor's number among those of its origin, from 0.
    pub number: u32,
    /// How many entries the log had.
    pub size: Natural,
    /// The root of their Merkle tree.
    pub root: Hash,
    /// Who anchored it.
    pub by: Account,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// An audit log that was ever anchored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnchorOrigin {
    /// Whose log.
    pub origin: Name,
    /// How often it was anchored.
    pub anchors: u32,
    /// The latest anchor.
    pub latest: Anchor,
}
