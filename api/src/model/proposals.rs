//! Proposals.

use super::{Amount, Bytes, Hash, Instant, KindName, MechanismName, Selector, StateName, Terms, Time};
use crate::account::Account;
use ballot::{Mechanism, OptionId};
use interfaces::{Moment, ProposalId, governor::Kind, lifecycle::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A proposal, or the draft of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Its number.
    #[schema(value_type = u32)]
    pub id: ProposalId,
    /// Who proposed it.
    pub proposer: Account,
    /// What it is about.
    #[schema(value_type = KindName)]
    pub kind: Kind,
    /// How it is voted on.
    #[schema(value_type = MechanismName)]
    pub mechanism: Mechanism,
    /// What is proposed, in one line.
    pub title: String,
    /// Where it is discussed; may be empty.
    pub link: String,
    /// BLAKE2b-256 of its full text.
    pub content_hash: Hash,
    /// Its state at the block.
    #[schema(value_type = StateName)]
    pub state: State,
    /// What can be decided: one option in a majority vote, which is for or against it; otherwise several, the last of
    /// which is "none of the above".
    pub options: Vec<PollOption>,
    /// Its time as a draft; null if it never was one.
    #[schema(required = true)]
    pub draft: Option<Draft>,
    /// When it was proposed; null while it is a draft.
    #[schema(required = true)]
    pub created: Option<Created>,
    /// The rules it was made under; null while it is a draft.
    #[schema(required = true)]
    pub terms: Option<Terms>,
    /// How it is voted on and counted; null while it is a draft.
    #[schema(required = true)]
    pub poll: Option<Poll>,
    /// When it was queued, and what follows from that; null if it was not.
    #[schema(required = true)]
    pub queued: Option<Queued>,
    /// Its execution; null if it was not executed.
    #[schema(required = true)]
    pub executed: Option<Executed>,
    /// When it was taken back, and by whom; null if it was not.
    #[schema(required = true)]
    pub cancelled: Option<Cancelled>,
    /// When it was vetoed; null if it was not.
    #[schema(required = true)]
    pub vetoed: Option<Vetoed>,
    /// What became of its deposit; null if it is not settled.
    #[schema(required = true)]
    pub settled: Option<Settled>,
}

/// One of the options of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PollOption {
    /// Its number, from 0.
    #[schema(value_type = u8)]
    pub number: OptionId,
    /// What it is, in one line.
    pub title: String,
    /// Power behind it, or in a quadratic vote the votes bought for it. Null where options are not counted one by one:
    /// in a majority vote, and of rankings, whose rounds tell.
    #[schema(required = true)]
    pub votes: Option<Amount>,
    /// What is done if it is decided.
    pub calls: Vec<Call>,
}

/// A call that a proposal makes when it is executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// The contract to call.
    pub target: Account,
    /// The message to call.
    pub selector: Selector,
    /// Its SCALE-encoded arguments.
    pub input: Bytes,
    /// Native currency sent along.
    pub value: Amount,
    /// The code that the target ran when this was proposed, and without which the call is refused; null in a draft.
    #[schema(required = true)]
    pub code_hash: Option<Hash>,
}

/// A proposal's time as a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    /// When it was first written.
    pub written: Instant,
    /// How often it was written anew.
    pub revision: u32,
    /// The moment whose voting power its author and sponsors count with.
    pub snapshot: Instant,
    /// Power of those who sponsor it as it stands.
    pub sponsored: Amount,
    /// The power it needs to be submitted; null once it is no draft, or while the rules of its kind are not known.
    #[schema(required = true)]
    pub threshold: Option<Threshold>,
}

/// The power that a draft needs to be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Threshold {
    /// What its author and its sponsors need together, by the present rules.
    pub needed: Amount,
    /// What of it the sponsors have not brought: the author needs as much of its own at the snapshot.
    pub missing: Amount,
}

/// The making of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Created {
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
    /// In which block.
    pub height: u64,
}

/// How a proposal is voted on, and how its count stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Poll {
    /// The moment whose voting power counts; voting is open after it.
    pub snapshot: Instant,
    /// The last moment of voting, as it was extended.
    pub voting_ends: Instant,
    /// All that can vote: the supply at the snapshot, or in a quadratic vote the number of identities; null before the
    /// first vote.
    #[schema(required = true)]
    pub electorate: Option<Amount>,
    /// How far its quorum is reached.
    pub quorum: Quorum,
    /// All power that voted, or in a quadratic vote the number of identities that did.
    pub turnout: Amount,
    /// What of the turnout counts towards the quorum: not what is against, or for "none of the above".
    pub backing: Amount,
    /// How many accounts have voted.
    pub voters: u64,
    /// Power per answer; null unless it is a majority vote.
    #[schema(required = true)]
    pub votes: Option<VoteCounts>,
    /// How many different rankings there are; null unless rankings are voted with.
    #[schema(required = true)]
    pub rankings: Option<u32>,
    /// When its rankings were counted to the end; null if they were not.
    #[schema(required = true)]
    pub counted_at: Option<Instant>,
    /// Number of the option that is to be carried out; null while that is not decided, and if it is none.
    #[schema(required = true, value_type = Option<u8>)]
    pub winner: Option<OptionId>,
}

/// How far a quorum is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quorum {
    /// What the backing must be at least; null while the electorate is not known.
    #[schema(required = true)]
    pub needed: Option<Amount>,
    /// Whether it is; false while it is not known what is needed.
    pub reached: bool,
    /// When it first was, for votes can change; null if it never was.
    #[schema(required = true)]
    pub reached_at: Option<Instant>,
}

/// Voting power per answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoteCounts {
    /// Power that voted for.
    #[serde(rename = "for")]
    pub in_favour: Amount,
    /// Power that voted against.
    pub against: Amount,
    /// Power that abstained.
    pub abstain: Amount,
}

/// The queueing of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// When.
    pub at: Instant,
    /// First moment at which the proposal can be executed.
    pub ready_at: Instant,
    /// Last moment at which it can be.
    pub expires_at: Instant,
}

/// The execution of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Executed {
    /// When.
    pub at: Instant,
    /// Who sent it.
    pub executor: Account,
    /// Native currency that its calls took from the treasury and the governor.
    pub spent: Amount,
}

/// The taking back of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cancelled {
    /// When.
    pub at: Instant,
    /// By whom: its proposer, or the guardian.
    pub by: Account,
}

/// The veto of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vetoed {
    /// When.
    pub at: Instant,
    /// Whether as abuse, so that its deposit goes to the treasury.
    pub abuse: bool,
}

/// The settlement of a proposal that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settled {
    /// When.
    pub at: Instant,
    /// Who was paid the deposit: its proposer, or the treasury.
    pub paid_to: Account,
}
