//! What the API answers, for those who write it and for those who read it.

mod accounts;
mod count;
mod exact;
mod live;
mod monitoring;
mod names;
mod proposals;
mod registry;
mod rules;
mod settings;
mod text;
mod treasury;
mod votes;

pub use accounts::{Delegation, Delegator, Holder, Profile, Share};
pub use count::{IdentityVotes, RankingTally, Round, RoundTally, TieBreak};
pub use exact::{Decimal, Integer, Name, Natural};
pub use live::{LIVE_TOPICS, LiveTopic};
pub use monitoring::{Chain, FieldError, Head, Health, Problem, Readiness, Status};
pub use names::{
    ENTRY_KINDS, ESCROW_STATES, KINDS, KindName, MECHANISMS, MechanismName, ROLES, RoleName, STATES, SUPPORTS,
    StateName, SupportName, TIE_BREAKS,
};
pub use proposals::{
    Call, Cancelled, Created, Draft, Executed, Poll, PollOption, Proposal, Queued, Quorum, Settled, Threshold, Vetoed,
    VoteCounts,
};
pub use registry::{
    Attestation, Attestor, FROZEN_KINDS, Freeze, Frozen, FrozenKind, IDENTITY_STATES, Identity, IdentityProfile,
    IdentityState, Joining, Member, PublishedKey, REGISTRY_EVENT_KINDS, Registry, RegistryEvent, RegistryEventKind,
    Tenure,
};
pub use rules::{Guardian, Rulebook, Rules, Terms, Upgrade};
pub use settings::{
    Anchor, AnchorOrigin, FLAG_ACTIONS, FLAGD_SCHEMA, Flag, FlagAction, FlagEntry, Flagd, InForce, PARAMETER_ACTIONS,
    Parameter, ParameterAction, ParameterBounds, ParameterEntry, ParameterValue, RELEASE_STAGES, ReleaseReport,
    ReleaseReported, ReleaseRunning, ReleaseStage, ReleaseStep, ReleaseStrategy, ReleaseThreshold, ScheduledChange,
    SoftwareRelease, flag_json, flagd_flag,
};
pub use text::{Amount, Bytes, Hash, Malformed, Selector, Time};
pub use treasury::{
    Approval, Asset, AssetBalance, Awaiting, AwaitingMilestone, AwaitingRelease, Budget, BudgetChange, BudgetTerms,
    Direction, EntryKind, Escrow, EscrowState, Freed, Freeing, InvalidAsset, LedgerEntry, Milestone, MilestoneState,
    Pause, PendingRelease, Release, Signer, Signers, SignersChange, Stance, Statement, Stream, Treasury, WholeEscrow,
};
pub use votes::{Choice, ChoiceForm, OptionShare, OptionVotes, Override, Sponsor, Vote};

use interfaces::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use names::name_of;

/// One thing, at a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer<T> {
    /// The thing.
    pub data: T,
    /// The block whose state this is.
    pub block: Block,
}

/// A part of a list, at a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub data: Vec<T>,
    /// What to send as `cursor` for the rows after these; null after the last ones.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// The block whose state this is.
    pub block: Block,
}

/// The block that an answer stands at. Everything in the answer is as it was when this block was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Block {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub hash: Hash,
    /// Its timestamp.
    pub time: Time,
    /// Its timestamp in milliseconds since the Unix epoch: the contracts' clock.
    #[schema(value_type = u64)]
    pub moment: Moment,
    /// Whether the chain can still take it back.
    pub finality: Finality,
}

/// Whether the chain can still take a block back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// It cannot.
    Finalized,
    /// It can.
    Provisional,
}

/// A moment of the contracts' clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Instant {
    /// The moment as a time.
    pub time: Time,
    /// The moment, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

impl From<Moment> for Instant {
    fn from(moment: Moment) -> Self {
        Self { time: Time::from_moment(moment), moment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_beyond_the_calendar_has_a_time() {
        assert_eq!(Instant::from(u64::MAX).time.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Instant::from(0).time.to_string(), "1970-01-01T00:00:00.000Z");
    }
}
