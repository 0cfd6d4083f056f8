//! What can be followed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a stream tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveTopic {
    /// Proposals and drafts.
    Proposals,
    /// Votes.
    Votes,
    /// Entries of the treasury's ledger.
    Treasury,
}

/// Everything that can be followed.
pub const LIVE_TOPICS: [LiveTopic; 3] = [LiveTopic::Proposals, LiveTopic::Votes, LiveTopic::Treasury];
