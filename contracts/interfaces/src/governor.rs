//! The governor: proposals, from their making to their execution.

use crate::{
    AccountId, Balance, Hash, Millis, Moment, ProposalId,
    ledger::VotesError,
    lifecycle::{Progress, State},
    polls::{PollError, PollTerms},
    upgrade::UpgradeError,
};
use ballot::{Mechanism, OptionId, Thresholds};
use ink::prelude::{string::String, vec::Vec};

/// Bounds on what a proposal may carry; every one keeps a storage cell or an event within the 16 KiB that a contract
/// can handle at once.
pub mod limits {
    /// Longest title of a proposal or an option, in bytes.
    pub const TITLE: usize = 128;
    /// Longest discussion link, in bytes.
    pub const LINK: usize = 256;
    /// Most calls of one option.
    pub const CALLS: usize = 8;
    /// Most calls of a proposal, those of all options together.
    pub const ALL_CALLS: usize = 64;
    /// Longest input of all calls of a proposal together, in bytes.
    pub const INPUT: usize = 4_096;
    /// Most options that can be proposed; "none of the above" comes to them.
    pub const OPTIONS: usize = 31;
}

/// What a proposal is about. Each kind has rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Kind {
    /// Changes the code of a contract.
    ProtocolUpgrade,
    /// Spends the treasury's money.
    TreasurySpending,
    /// Changes a rule or a setting.
    ParameterChange,
    /// Anything that the community wants to decide.
    CommunityInitiative,
}

impl Kind {
    /// All kinds, in their order.
    pub const ALL: [Self; 4] =
        [Self::ProtocolUpgrade, Self::TreasurySpending, Self::ParameterChange, Self::CommunityInitiative];
}

/// A set of mechanisms: bit `n` stands for the `n`th of [`Mechanism`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Mechanisms(pub u8);

impl Mechanisms {
    /// All there are.
    pub const ALL: Self = Self(0b11_1111);

    /// Whether `mechanism` is among them.
    pub fn contains(self, mechanism: Mechanism) -> bool {
        self.0 & bit(mechanism) != 0
    }
}

impl FromIterator<Mechanism> for Mechanisms {
    fn from_iter<I: IntoIterator<Item = Mechanism>>(mechanisms: I) -> Self {
        Self(mechanisms.into_iter().fold(0, |bits, mechanism| bits | bit(mechanism)))
    }
}

fn bit(mechanism: Mechanism) -> u8 {
    1_u8.wrapping_shl((mechanism as u8).into())
}

/// The rules that a new proposal of a kind is made under. A proposal keeps those of its making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Rules {
    /// How it may be voted on.
    pub mechanisms: Mechanisms,
    /// Voting power that a proposer and its sponsors need together.
    pub proposal_threshold: Balance,
    /// Native currency that a proposer leaves with the governor until the proposal is settled.
    pub deposit: Balance,
    /// From proposing to the snapshot of voting power, after which voting is open.
    pub voting_delay: Millis,
    /// From the snapshot to the last moment of voting; not 0.
    pub voting_period: Millis,
    /// How long before the end of voting votes can no longer be changed.
    pub freeze: Millis,
    /// How long voting stays open at least after the quorum is first reached.
    pub extension: Millis,
    /// Shares of the electorate and of the votes that are needed.
    pub thresholds: Thresholds,
    /// Voice credits of each identity in a quadratic vote.
    pub credits: u32,
    /// From queueing to the first moment of execution.
    pub execution_delay: Millis,
    /// How long a queued proposal can be executed, and a passed one be queued; not 0.
    pub execution_window: Millis,
    /// Native currency that one proposal can take from the treasury and the governor at most. Unlike the other rules,
    /// this and the two below bind a proposal as they are just before it is executed.
    pub spend_cap: Balance,
    /// Native currency that all proposals of the kind can take within one period at most.
    pub period_cap: Balance,
    /// Length of such a period; periods are counted from the epoch of the clock. Not 0.
    pub period: Millis,
    /// Whether the guardian may stop proposals of this kind.
    pub guarded: bool,
}

/// One call that a passed proposal makes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Call {
    /// The contract to call. The governor itself stands for a change of its own rules, guardian or code.
    pub target: AccountId,
    /// The message to call.
    pub selector: [u8; 4],
    /// Its SCALE-encoded arguments.
    pub input: Vec<u8>,
    /// Native currency to send along, from the governor's own balance.
    pub value: Balance,
}

/// A call with the code its target ran when it was proposed, or the code that an earlier call of the same option
/// upgrades it to. If the target runs other code when the time comes, the call is refused: what was voted on is what is
/// executed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct PinnedCall {
    /// The call.
    pub call: Call,
    /// Hash of the code that the target is to run.
    pub code_hash: Hash,
}

/// One of the options of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Choosable {
    /// One line that says what it is; 1 to [`limits::TITLE`] bytes.
    pub title: String,
    /// What to do if it is decided; at most [`limits::CALLS`], and none where the decision itself is all.
    pub calls: Vec<Call>,
}

/// What a proposer hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct ProposalRequest {
    /// What it is about.
    pub kind: Kind,
    /// How it is voted on.
    pub mechanism: Mechanism,
    /// One line that says what is proposed; 1 to [`limits::TITLE`] bytes.
    pub title: String,
    /// Where it is discussed; at most [`limits::LINK`] bytes, may be empty.
    pub link: String,
    /// BLAKE2b-256 of the proposal's full text, kept off chain.
    pub content_hash: Hash,
    /// What can be decided: one option in a majority vote, which is for or against it; otherwise 1 to
    /// [`limits::OPTIONS`], after which "none of the above" stands as the last. All options together have at most
    /// [`limits::ALL_CALLS`] calls, with at most [`limits::INPUT`] bytes of input.
    pub options: Vec<Choosable>,
}

/// A proposal as the governor keeps it, without its text, calls and poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Proposal {
    /// Who proposed it.
    pub proposer: AccountId,
    /// What it is about.
    pub kind: Kind,
    /// The rules it was made under; those of a draft are the present ones.
    pub rules: Rules,
    /// How far it has come.
    pub progress: Progress,
    /// The deposit that the governor still holds for it.
    pub deposit: Balance,
    /// Whether it is settled: it no longer counts among its proposer's live ones.
    pub settled: bool,
}

/// A draft as the governor keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Draft {
    /// What would be proposed.
    pub request: ProposalRequest,
    /// The moment whose voting power its author and sponsors count with: just before it was last written. The same for
    /// all of them, so that no token backs it twice.
    pub snapshot: Moment,
    /// How often it was written; those who sponsored an earlier text do not sponsor this one.
    pub revision: u32,
    /// Power of its sponsors so far.
    pub backing: Balance,
}

/// Who may stop proposals, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Guardian {
    /// Who.
    pub account: AccountId,
    /// The last moment of its power.
    pub until: Moment,
}

/// What a governor is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Parts {
    /// The ledger that knows with how much power everybody votes.
    pub ledger: AccountId,
    /// The ballot box.
    pub polls: AccountId,
    /// The treasury: its spending is bounded by the rules, and forfeited deposits go to it.
    pub treasury: AccountId,
    /// The settings, which believe the governor in what kind of proposal an order comes from.
    pub settings: AccountId,
}

/// Why the governor refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum GovernorError {
    /// No proposal has this number.
    UnknownProposal,
    /// The proposal is not in a state in which this can be done.
    WrongState(State),
    /// The proposer and its sponsors have less voting power than the threshold.
    BelowProposalThreshold,
    /// The deposit sent along is not the one that the kind's rules ask for.
    WrongDeposit,
    /// The proposer has as many live proposals as one account may have.
    TooManyProposals,
    /// The title of the proposal or of an option is empty or too long.
    BadTitle,
    /// The link is too long.
    BadLink,
    /// There are too few or too many options for this way of voting.
    BadOptions,
    /// There are too many calls, or their inputs are too long, or the governor's own upgrade is not the last.
    BadCalls,
    /// Such a call belongs to proposals of another kind: an upgrade to [`Kind::ProtocolUpgrade`], a setting to that or
    /// to [`Kind::ParameterChange`], and opening or stopping polls to none.
    WrongKind,
    /// A call of the settings does not begin with the proposal's own kind, by which they tell what it may order.
    ForeignKind,
    /// Proposals of this kind are not voted on in this way.
    MechanismNotAllowed,
    /// A call's target is not a contract.
    TargetIsNotContract(AccountId),
    /// Only the proposer can do this.
    NotProposer,
    /// The author of a draft is no sponsor: its power counts anyway.
    OwnDraft,
    /// This account already sponsors the draft as it stands.
    AlreadySponsored,
    /// This account had no voting power when the draft was written.
    NoVotingPower,
    /// It is queued, but its execution delay has not passed.
    TooEarly,
    /// A call's target runs other code than when it was proposed.
    CodeChanged(AccountId),
    /// A call failed (its number among the option's calls, from 0); nothing of the proposal was executed.
    CallFailed(u8),
    /// The proposal's calls took more money than its kind may spend, at once or within the period, or deposits of
    /// other proposals.
    SpendCap,
    /// Nothing could pass under these rules: a period or a limit is 0, a share is the whole or a majority less than
    /// half, no way of voting is allowed, or a delay is beyond the clock.
    BadRules,
    /// The caller is not the guardian, its time is over, or proposals of this kind are not guarded.
    NotGuardian,
    /// Only a proposal can do this.
    NotGoverned,
    /// The governor was told its parts already, or was not told them yet, or the caller did not instantiate it, or one
    /// of the parts, or of those that the ballot box relies on, follows another governor.
    BadParts,
    /// It is settled already.
    AlreadySettled,
    /// The deposit cannot be paid out.
    TransferFailed,
    /// A moment, number or sum is beyond what can be stored.
    Overflow,
    /// The ledger did not answer.
    LedgerFailed,
    /// The ledger refused to look at that moment.
    Votes(VotesError),
    /// The ballot box did not answer.
    PollsFailed,
    /// The ballot box refused.
    Polls(PollError),
    /// The treasury did not answer.
    TreasuryFailed,
    /// The new code cannot take over.
    Upgrade(UpgradeError),
}

/// The governor's messages.
#[ink::trait_definition]
pub trait Governor {
    /// Tells the governor its parts, once; only who instantiated it can. Nothing can be proposed before.
    #[ink(message)]
    fn install(&mut self, parts: Parts) -> Result<(), GovernorError>;

    /// Makes a proposal; the caller is its proposer, and sends the deposit along. Voting opens after the voting delay.
    #[ink(message, payable)]
    fn propose(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError>;

    /// Writes a draft of a proposal, for others to sponsor. It counts among the author's live proposals.
    #[ink(message)]
    fn draft(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError>;

    /// Writes a draft anew; whoever sponsored it is asked again. Only its author may.
    #[ink(message)]
    fn edit(&mut self, proposal: ProposalId, request: ProposalRequest) -> Result<(), GovernorError>;

    /// Lends the caller's voting power to a draft, so that it can reach the threshold. Binds nobody's vote.
    #[ink(message)]
    fn sponsor(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Turns a draft into a proposal. Only its author may, and sends the deposit along.
    #[ink(message, payable)]
    fn submit(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Starts the execution delay of a proposal that has passed. Anyone may.
    #[ink(message)]
    fn queue(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Makes the calls of a queued proposal's decided option, all or none. Anyone may, within the execution window.
    #[ink(message)]
    fn execute(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Takes a proposal back: its proposer while voting has not opened, the guardian until it is executed.
    #[ink(message)]
    fn cancel(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Vetoes a proposal until it is executed; as `abuse`, its deposit goes to the treasury. Only the guardian may.
    #[ink(message)]
    fn veto(&mut self, proposal: ProposalId, abuse: bool) -> Result<(), GovernorError>;

    /// Pays the deposit of a proposal that is over to whom it is due, and takes it off its proposer's live ones. Anyone
    /// may.
    #[ink(message)]
    fn settle(&mut self, proposal: ProposalId) -> Result<(), GovernorError>;

    /// Changes the rules for new proposals of a kind. Only a proposal can.
    #[ink(message)]
    fn set_rules(&mut self, kind: Kind, rules: Rules) -> Result<(), GovernorError>;

    /// Names another guardian, or none. Only a proposal can.
    #[ink(message)]
    fn set_guardian(&mut self, guardian: Option<Guardian>) -> Result<(), GovernorError>;

    /// Changes how many live proposals one account may have; not 0. Only a proposal can.
    #[ink(message)]
    fn set_live_limit(&mut self, limit: u32) -> Result<(), GovernorError>;

    /// The rules for new proposals of a kind.
    #[ink(message)]
    fn rules(&self, kind: Kind) -> Rules;

    /// The guardian, if there is one.
    #[ink(message)]
    fn guardian(&self) -> Option<Guardian>;

    /// How many live proposals one account may have.
    #[ink(message)]
    fn live_limit(&self) -> u32;

    /// What it is made of, once it was told.
    #[ink(message)]
    fn parts(&self) -> Option<Parts>;

    /// How many proposals and drafts there are; their numbers are below this.
    #[ink(message)]
    fn proposal_count(&self) -> ProposalId;

    /// How many live proposals and drafts an account has.
    #[ink(message)]
    fn live(&self, account: AccountId) -> u32;

    /// A proposal or draft.
    #[ink(message)]
    fn proposal(&self, proposal: ProposalId) -> Option<Proposal>;

    /// A draft's text, while it is one.
    #[ink(message)]
    fn draft_of(&self, proposal: ProposalId) -> Option<Draft>;

    /// The calls of one of a proposal's options; empty if there is no such proposal or option, or while it is a draft.
    #[ink(message)]
    fn calls(&self, proposal: ProposalId, option: OptionId) -> Vec<PinnedCall>;

    /// A proposal's state at this block's time.
    #[ink(message)]
    fn state(&self, proposal: ProposalId) -> Result<State, GovernorError>;

    /// What proposals of a kind have taken from the treasury and the governor in the period that `moment` is in.
    #[ink(message)]
    fn spent(&self, kind: Kind, moment: Moment) -> Balance;
}

/// The governor was told its parts.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// What it is made of.
    pub parts: Parts,
}

/// A draft was written, or written anew.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftWritten {
    /// Its number, which it keeps when it is submitted.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Who wrote it.
    #[ink(topic)]
    pub author: AccountId,
    /// What would be proposed.
    pub request: ProposalRequest,
    /// The moment whose voting power its author and sponsors count with.
    pub snapshot: Moment,
    /// How often it was written; 0 the first time.
    pub revision: u32,
}

/// A draft found a sponsor.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSponsored {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Whom.
    #[ink(topic)]
    pub sponsor: AccountId,
    /// With how much power.
    pub power: Balance,
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
    /// What it is about.
    pub kind: Kind,
    /// What is proposed, in one line.
    pub title: String,
    /// Where it is discussed.
    pub link: String,
    /// BLAKE2b-256 of its full text.
    pub content_hash: Hash,
    /// What can be decided, without "none of the above": the title of each option and what it does.
    pub options: Vec<(String, Vec<PinnedCall>)>,
    /// The rules it was made under.
    pub rules: Rules,
    /// What its poll is held by.
    pub poll: PollTerms,
}

/// A passed proposal was queued.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalQueued {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Which of its options was decided.
    pub option: OptionId,
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
    /// Native currency that its calls took from the treasury and the governor together.
    pub spent: Balance,
}

/// A proposal was taken back, by its proposer or by the guardian.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalCancelled {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
}

/// A proposal was vetoed.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalVetoed {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Whether as abuse.
    pub abuse: bool,
}

/// A proposal that is over was settled.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalSettled {
    /// Which.
    #[ink(topic)]
    pub proposal: ProposalId,
    /// Who was paid the deposit: its proposer, or the treasury.
    #[ink(topic)]
    pub payee: AccountId,
    /// The deposit.
    pub deposit: Balance,
}

/// The rules of a kind were set.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesSet {
    /// Of which kind.
    #[ink(topic)]
    pub kind: Kind,
    /// The rules for new proposals.
    pub rules: Rules,
}

/// The guardian was named, or there is none from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianSet {
    /// Who, and until when.
    pub guardian: Option<Guardian>,
}

/// How many live proposals one account may have was set.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLimitSet {
    /// How many.
    pub limit: u32,
}
