//! The governor: proposals from their making to their execution.

use crate::{
    AccountId, Balance, Hash, Millis, Moment, ProposalId,
    lifecycle::{Progress, State, Terms},
    token::VotesError,
};
use ballot::{BasisPoints, Majority, Support};
use ink::prelude::{string::String, vec::Vec};

/// Bounds on what a proposal may carry; every one keeps a storage cell or an event within the 16 KiB that a contract
/// can handle at once.
pub mod limits {
    /// Longest title, in bytes.
    pub const TITLE: usize = 128;
    /// Longest discussion link, in bytes.
    pub const LINK: usize = 256;
    /// Most calls in a proposal.
    pub const CALLS: usize = 8;
    /// Longest input of all calls of a proposal together, in bytes.
    pub const INPUT: usize = 4_096;
}

/// One call that a passed proposal makes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Call {
    /// The contract to call.
    pub target: AccountId,
    /// The message to call.
    pub selector: [u8; 4],
    /// Its SCALE-encoded arguments.
    pub input: Vec<u8>,
    /// Native currency to send along, from the governor's own balance.
    pub value: Balance,
}

/// A call with the code its target ran when it was proposed. If the target runs other code when the time comes, the
/// call is refused: what was voted on is what is executed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct PinnedCall {
    /// The call.
    pub call: Call,
    /// Hash of the target's code.
    pub code_hash: Hash,
}

/// What a proposer hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct ProposalRequest {
    /// One line that says what is proposed; 1 to [`limits::TITLE`] bytes.
    pub title: String,
    /// Where it is discussed; at most [`limits::LINK`] bytes, may be empty.
    pub link: String,
    /// BLAKE2b-256 of the proposal's full text, kept off chain.
    pub content_hash: Hash,
    /// What to do if it passes; 1 to [`limits::CALLS`].
    pub calls: Vec<Call>,
}

/// The rules that a new proposal is made under. A proposal keeps those of its making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Rules {
    /// Voting power that a proposer needs just before proposing.
    pub proposal_threshold: Balance,
    /// From proposing to the snapshot of voting power, after which voting is open.
    pub voting_delay: Millis,
    /// From the snapshot to the last moment of voting; not 0.
    pub voting_period: Millis,
    /// From queueing to the first moment of execution.
    pub execution_delay: Millis,
    /// How long a queued proposal can be executed, and a passed one be queued; not 0.
    pub execution_window: Millis,
    /// Share of the supply at the snapshot that must vote for or abstain.
    pub quorum: BasisPoints,
    /// Share of for and against together that for must exceed; less than the whole.
    pub approval: BasisPoints,
}

/// A proposal as the governor keeps it, without its text, calls and tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Proposal {
    /// Who proposed it.
    pub proposer: AccountId,
    /// What its life is measured by; never changes.
    pub terms: Terms,
    /// How far it has come.
    pub progress: Progress,
}

/// A vote that was cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Receipt {
    /// What was voted.
    pub support: Support,
    /// With how much power.
    pub power: Balance,
}

/// Why the governor refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum GovernorError {
    /// No proposal has this number.
    UnknownProposal,
    /// The proposal is not in a state in which this can be done.
    WrongState(State),
    /// The proposer has less voting power than the threshold.
    BelowProposalThreshold,
    /// The title is empty or too long.
    BadTitle,
    /// The link is too long.
    BadLink,
    /// There is no call, there are too many, or their inputs are too long.
    BadCalls,
    /// A call's target is not a contract.
    TargetIsNotContract(AccountId),
    /// This account has already voted on this proposal.
    AlreadyVoted,
    /// This account had no voting power at the snapshot.
    NoVotingPower,
    /// Only the proposer can do this.
    NotProposer,
    /// It is queued, but its execution delay has not passed.
    TooEarly,
    /// A call's target runs other code than when it was proposed.
    CodeChanged(AccountId),
    /// A call failed (its number among the proposal's calls, from 0); nothing of the proposal was executed.
    CallFailed(u8),
    /// Nothing could pass under these rules: the voting period or execution window is 0, the approval is the whole, or
    /// a delay is beyond the clock.
    BadRules,
    /// A moment, number or sum is beyond what can be stored.
    Overflow,
    /// The token contract did not answer.
    TokenFailed,
    /// The token contract refused to look at that moment.
    Votes(VotesError),
}

/// The governor's messages.
#[ink::trait_definition]
pub trait Governor {
    /// Makes a proposal; the caller is its proposer. Voting opens after the voting delay.
    #[ink(message)]
    fn propose(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError>;

    /// Casts the caller's vote with its power at the snapshot, once.
    #[ink(message)]
    fn vote(&mut self, proposal: ProposalId, support: Support) -> Result<(), GovernorError>;

    /// Starts the execution delay of a proposal that has passed. Anyone may.
    #[ink(message)]
    fn queue(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Makes a queued proposal's calls, all or none. Anyone may, within the execution window.
    #[ink(message)]
    fn execute(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Takes a proposal back. Only its proposer may, and only while voting has not opened.
    #[ink(message)]
    fn cancel(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// The rules for new proposals.
    #[ink(message)]
    fn rules(&self) -> Rules;

    /// The token whose holders vote.
    #[ink(message)]
    fn token(&self) -> AccountId;

    /// How many proposals there are; their numbers are below this.
    #[ink(message)]
    fn proposal_count(&self) -> ProposalId;

    /// A proposal.
    #[ink(message)]
    fn proposal(&self, proposal: ProposalId) -> Option<Proposal>;

    /// A proposal's calls; empty if there is no such proposal.
    #[ink(message)]
    fn calls(&self, proposal: ProposalId) -> Vec<PinnedCall>;

    /// A proposal's count so far.
    #[ink(message)]
    fn tally(&self, proposal: ProposalId) -> Option<Majority>;

    /// A proposal's state at this block's time.
    #[ink(message)]
    fn state(&self, proposal: ProposalId) -> Result<State, GovernorError>;

    /// What `account` voted on a proposal.
    #[ink(message)]
    fn receipt(&self, proposal: ProposalId, account: AccountId) -> Option<Receipt>;
}

/// A proposal was made. Carries everything that never changes about it.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalCreated {
    /// Its number.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Who proposed it.
    #[ink(topic)]
    pub proposer: AccountId,
    /// What is proposed, in one line.
    pub title: String,
    /// Where it is discussed.
    pub link: String,
    /// BLAKE2b-256 of its full text.
    pub content_hash: Hash,
    /// What it does if it passes.
    pub calls: Vec<PinnedCall>,
    /// What its life is measured by.
    pub terms: Terms,
}

/// A vote was cast.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteCast {
    /// On which proposal.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// By whom.
    #[ink(topic)]
    pub voter: AccountId,
    /// What.
    pub support: Support,
    /// With how much power.
    pub power: Balance,
}

/// A passed proposal was queued.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalQueued {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// First moment at which it can be executed.
    pub ready_at: Moment,
    /// Last moment at which it can be executed.
    pub expires_at: Moment,
}

/// A proposal was executed: all its calls succeeded.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalExecuted {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Who sent the execution.
    #[ink(topic)]
    pub executor: AccountId,
}

/// A proposal was taken back by its proposer.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalCancelled {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
}
