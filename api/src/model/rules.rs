//! By which rules proposals are made.

use super::{Amount, Hash, Instant, KindName, MechanismName, Time};
use crate::account::Account;
use ballot::{BasisPoints, Mechanism};
use interfaces::{Millis, Moment, ProposalId, governor::Kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The rules for new proposals, and who has powers of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rulebook {
    /// The rules of each kind of proposal.
    pub kinds: Vec<Rules>,
    /// Who may stop proposals; null if nobody may.
    #[schema(required = true)]
    pub guardian: Option<Guardian>,
    /// How many live proposals one account may have; null while the governor has not said.
    #[schema(required = true)]
    pub live_limit: Option<u32>,
}

/// The rules for new proposals of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rules {
    /// Of which kind.
    #[schema(value_type = KindName)]
    pub kind: Kind,
    /// How they may be voted on.
    #[schema(value_type = Vec<MechanismName>)]
    pub mechanisms: Vec<Mechanism>,
    /// Voting power that a proposer and its sponsors need together.
    pub proposal_threshold: Amount,
    /// Milliseconds from proposing to the snapshot of voting power.
    #[schema(value_type = u64)]
    pub voting_delay_ms: Millis,
    /// What a proposal keeps of them from its making on.
    pub terms: Terms,
    /// Block of their last change.
    pub height: u64,
}

/// The rules that a proposal is made under and keeps, whatever becomes of its kind's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Terms {
    /// Native currency that its proposer leaves with the governor until it is settled.
    pub deposit: Amount,
    /// Milliseconds from the snapshot of voting power to the last moment of voting, before any extension.
    #[schema(value_type = u64)]
    pub voting_period_ms: Millis,
    /// How many milliseconds before the end of voting votes can no longer be changed.
    #[schema(value_type = u64)]
    pub freeze_ms: Millis,
    /// For how many milliseconds voting stays open at least after the quorum is first reached.
    #[schema(value_type = u64)]
    pub extension_ms: Millis,
    /// Share of the electorate that the backing must reach, in basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub quorum_bps: BasisPoints,
    /// Share of those who took a side that one side must exceed, in a majority vote and in each of Condorcet's duels, in
    /// basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub approval_bps: BasisPoints,
    /// Share of the turnout, or of the votes in a quadratic vote, that the first of several options must exceed, in
    /// basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub plurality_bps: BasisPoints,
    /// Voice credits of each identity in a quadratic vote.
    pub credits: u32,
    /// Milliseconds from queueing to the first moment of execution.
    #[schema(value_type = u64)]
    pub execution_delay_ms: Millis,
    /// Milliseconds in which it can be queued once it has passed, and executed after its delay.
    #[schema(value_type = u64)]
    pub execution_window_ms: Millis,
    /// Native currency that it can take from the treasury and the governor at most.
    pub spend_cap: Amount,
    /// Native currency that all proposals of its kind can take within one period at most.
    pub period_cap: Amount,
    /// Milliseconds of such a period; periods are counted from the epoch of the clock.
    #[schema(value_type = u64)]
    pub period_ms: Millis,
    /// Whether the guardian may stop it.
    pub guarded: bool,
}

/// Who may stop proposals, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guardian {
    /// Who.
    pub account: Account,
    /// The last moment of its power.
    pub until: Instant,
}

/// A contract's change of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Upgrade {
    /// Which contract.
    pub contract: Account,
    /// The code that it runs from then on.
    pub code_hash: Hash,
    /// The proposal whose execution ordered it; null if none did.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}
