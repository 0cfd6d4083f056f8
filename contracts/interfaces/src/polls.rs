//! The ballot box: who may vote how on which poll, and what comes of it.
//!
//! The governor opens one poll for each proposal, under the proposal's number; the ledger says with how much power
//! someone votes, and the registry says which person a wallet belongs to. A vote touches this contract and one of
//! those two, and never the governor.

use crate::{AccountId, Balance, Hash, Millis, Moment, ProposalId, registry::IdentityId, signed::Text};
use ballot::{Choice, InvalidChoice, Mechanism, OptionId, Tally, Thresholds, quadratic::IdentityVotes};
use scale::{Decode, Encode, Input};

/// Bounds that keep a poll within what a contract can handle at once.
pub mod limits {
    /// Fewest options of a poll that has any, with "none of the above".
    pub const FEWEST_OPTIONS: u8 = 2;
    /// Most options of a poll, with "none of the above".
    pub const OPTIONS: u8 = 32;
    /// Most rankings that one message counts.
    pub const PAGE: u32 = 8_192;
}

/// What a poll is held by. Fixed when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct PollTerms {
    /// How it is voted and decided.
    pub mechanism: Mechanism,
    /// How many options it has, the last of which is "none of the above"; 0 in a majority vote, which has none.
    pub options: u8,
    /// The moment whose voting power counts. Voting is open strictly after it, for the ledger answers only for the past.
    pub snapshot: Moment,
    /// From the snapshot to the last moment of voting.
    pub period: Millis,
    /// How long before the end votes can no longer be changed; when the end moves, this moves along.
    pub freeze: Millis,
    /// How long voting stays open at least after the quorum is first reached: if it is reached later than this before
    /// the end, the end moves, once.
    pub extension: Millis,
    /// Shares of the electorate and of the votes that are needed.
    pub thresholds: Thresholds,
    /// Voice credits of each identity in a quadratic vote.
    pub credits: u32,
}

/// A poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Poll {
    /// What it is held by.
    pub terms: PollTerms,
    /// The last moment of voting.
    pub closes: Moment,
    /// Whether the quorum was ever reached; the end can move only when it first is.
    pub quorum_reached: bool,
    /// All that could vote: the token's supply at the snapshot, or the number of identities then. Known from the first
    /// vote on.
    pub electorate: Option<Balance>,
    /// How far it was moved by messages.
    pub stage: Stage,
}

/// How far a poll was moved by messages; time moves it further by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Stage {
    /// Opened.
    Opened,
    /// Its rankings were counted.
    Counted {
        /// Which option won, if any did.
        winner: Option<OptionId>,
        /// When the count was finished.
        at: Moment,
    },
    /// The governor stopped it: its proposal was taken back or vetoed.
    Stopped,
}

/// Where a poll stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Standing {
    /// Voting has not opened.
    Pending,
    /// Voting is open.
    Open,
    /// Voting is over, and its rankings are yet to be counted.
    Counting,
    /// It is decided.
    Decided {
        /// Which option is to be carried out: in a majority vote 0 if it carries; nothing where the quorum or the
        /// majority was missed, nobody won, or "none of the above" did.
        winner: Option<OptionId>,
        /// Since when.
        since: Moment,
    },
    /// It was stopped.
    Stopped,
}

impl Poll {
    /// A poll that was just opened under `terms`, or nothing if it would never end.
    pub fn opened(terms: PollTerms) -> Option<Self> {
        let closes = terms.snapshot.checked_add(terms.period)?;
        // However late the quorum is reached, the end must be a moment.
        closes.checked_add(terms.extension)?;
        Some(Self { terms, closes, quorum_reached: false, electorate: None, stage: Stage::Opened })
    }

    /// Where it stands at `now`, given its count.
    pub fn standing(&self, tally: &Tally, now: Moment) -> Standing {
        match self.stage {
            Stage::Stopped => Standing::Stopped,
            Stage::Counted { winner, at } => Standing::Decided { winner, since: at },
            Stage::Opened if now <= self.terms.snapshot => Standing::Pending,
            Stage::Opened if now <= self.closes => Standing::Open,
            Stage::Opened if self.awaits_count(tally) => Standing::Counting,
            Stage::Opened => Standing::Decided { winner: self.winner(tally), since: self.closes },
        }
    }

    /// The last moment of its standing at `now`, if time alone can end that.
    pub fn holds_until(&self, now: Moment) -> Option<Moment> {
        let ends = [self.terms.snapshot, self.closes];
        ends.into_iter().find(|last| self.stage == Stage::Opened && now <= *last)
    }

    /// Whether votes can still be changed at `now`.
    pub fn is_frozen(&self, now: Moment) -> bool {
        now > self.closes.saturating_sub(self.terms.freeze)
    }

    /// Whether enough of the electorate has voted.
    pub fn has_quorum(&self, tally: &Tally) -> bool {
        self.electorate.is_some_and(|electorate| tally.reaches(self.terms.thresholds.quorum, electorate))
    }

    /// Rankings are counted only where that can decide something.
    fn awaits_count(&self, tally: &Tally) -> bool {
        self.terms.mechanism.is_ranked() && self.has_quorum(tally)
    }

    fn winner(&self, tally: &Tally) -> Option<OptionId> {
        tally.decide(&self.terms.thresholds, self.electorate?)
    }
}

/// What an account did in a poll.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Receipt {
    /// What it voted; nothing if it has not, and only those it represents have.
    pub choice: Option<Choice>,
    /// The power its vote counts with now; in a quadratic vote 0, for there the choice says it all.
    pub power: Balance,
    /// Power delegated to it whose holders voted themselves.
    pub overridden: Balance,
    /// How many times it voted: the nonce of the next vote that it signs for this poll.
    pub casts: u32,
}

/// A vote that its voter signed and anybody may send by the [relay](crate::relay).
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct SignedVote {
    /// On which poll.
    pub poll: ProposalId,
    /// Whose vote.
    pub voter: AccountId,
    /// What.
    pub choice: Choice,
    /// How many times the voter has voted in this poll before, signed or not: whatever it votes next makes this void.
    pub nonce: u32,
    /// The last moment at which it may be sent.
    pub deadline: Moment,
}

/// Whom the ballot box follows and asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, TypeInfo)]
pub struct Parts {
    /// The only account that may open and stop polls.
    pub governor: AccountId,
    /// The ledger that knows with how much power everybody votes.
    pub ledger: AccountId,
    /// The registry that knows which person a wallet belongs to.
    pub registry: AccountId,
    /// Who keeps and counts what is voted in ranked polls.
    pub rankings: AccountId,
    /// Who has seen that a vote was signed: the only account that may cast others' votes.
    pub relay: AccountId,
}

// By hand, so that it is there once: the constructor reads parts, and so does nearly every message.
impl Decode for Parts {
    #[inline(never)]
    fn decode<I: Input>(input: &mut I) -> Result<Self, scale::Error> {
        let [governor, ledger, registry, rankings, relay] = Decode::decode(input)?;
        Ok(Self { governor, ledger, registry, rankings, relay })
    }
}

/// Why the ballot box refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PollError {
    /// No poll has this number.
    UnknownPoll,
    /// The poll is not in a state in which this can be done.
    WrongStanding(Standing),
    /// The caller is not the governor.
    NotGovernor,
    /// There is a poll of this number already.
    AlreadyOpened,
    /// No poll can be held by these terms: too few or too many options, or no end.
    BadTerms,
    /// The vote does not fit the poll.
    BadChoice(InvalidChoice),
    /// This account had no voting power at the snapshot, or those it delegated to it have all voted themselves.
    NoVotingPower,
    /// This account belonged to no verified identity at the snapshot.
    NoIdentity,
    /// The identity's votes cost more than its voice credits.
    OverBudget,
    /// Votes can no longer be changed.
    Frozen,
    /// The signature is not the voter's, or is for another message, contract or chain.
    BadSignature,
    /// The nonce is not how many times the voter has voted in this poll: the vote was sent already, or the voter voted
    /// again since it was signed, or another is to be sent before.
    WrongNonce,
    /// The signed vote came after its deadline.
    TooLate,
    /// A page of no rankings counts nothing.
    EmptyPage,
    /// A moment, number or sum is beyond what can be stored.
    Overflow,
    /// The ledger did not answer.
    LedgerFailed,
    /// The registry contract did not answer.
    RegistryFailed,
    /// The contract that keeps the rankings did not answer, or refused, as it does for all but one ballot box.
    RankingsFailed,
    /// The caller is not the relay.
    NotRelay,
    /// The ballot box did not answer the relay.
    BallotBoxFailed,
}

/// The ballot box's messages.
#[ink::trait_definition]
pub trait Polls {
    /// Opens a poll. Only the governor may.
    #[ink(message)]
    fn open(&mut self, poll: ProposalId, terms: PollTerms) -> Result<(), PollError>;

    /// Stops a poll that is not decided, for good. Only the governor may.
    #[ink(message)]
    fn stop(&mut self, poll: ProposalId) -> Result<(), PollError>;

    /// Casts the caller's vote, or changes it. It counts with all the caller's power at the snapshot, what is
    /// delegated away included: the votes of the caller's representatives shrink by just that.
    #[ink(message)]
    fn vote(&mut self, poll: ProposalId, choice: Choice) -> Result<(), PollError>;

    /// As `vote`, for a voter who signed it and has voted `nonce` times in this poll before. Only the relay may.
    #[ink(message)]
    fn vote_for(&mut self, poll: ProposalId, voter: AccountId, choice: Choice, nonce: u32) -> Result<(), PollError>;

    /// Counts up to `rankings` further rankings of a poll whose voting is over. Anyone may. Answers where the poll
    /// stands then: decided, or still counting.
    #[ink(message)]
    fn count(&mut self, poll: ProposalId, rankings: u32) -> Result<Standing, PollError>;

    /// A poll, and its count so far.
    #[ink(message)]
    fn poll(&self, poll: ProposalId) -> Option<(Poll, Tally)>;

    /// Where a poll stands at this block's time.
    #[ink(message)]
    fn standing(&self, poll: ProposalId) -> Result<Standing, PollError>;

    /// What `account` did in a poll.
    #[ink(message)]
    fn receipt(&self, poll: ProposalId, account: AccountId) -> Option<Receipt>;

    /// Whom it follows and asks.
    #[ink(message)]
    fn parts(&self) -> Parts;
}

/// A poll was opened.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOpened {
    /// Its number, which is its proposal's.
    #[ink(topic)]
    pub poll: ProposalId,
    /// What it is held by.
    pub terms: PollTerms,
}

/// A vote was cast or changed.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteCast {
    /// In which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// By whom.
    #[ink(topic)]
    pub voter: AccountId,
    /// What.
    pub choice: Choice,
    /// With how much power; in a quadratic vote 0.
    pub power: Balance,
}

/// A vote shrank, because somebody whom the voter represents voted themselves.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteOverridden {
    /// In which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// The representative.
    #[ink(topic)]
    pub representative: AccountId,
    /// Who voted themselves.
    pub holder: AccountId,
    /// How much power the representative's vote, cast or to come, has lost by this.
    pub power: Balance,
}

/// A quadratic vote was cast or changed by a wallet of this identity, so that its votes are these now.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityVoted {
    /// In which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// Whose.
    #[ink(topic)]
    pub identity: IdentityId,
    /// What all its wallets vote together.
    pub votes: IdentityVotes,
    /// What they cost of its voice credits.
    pub cost: u64,
}

/// The electorate became known, with the first vote.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectorateFixed {
    /// Of which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// The token's supply at the snapshot, or the number of identities then.
    pub electorate: Balance,
}

/// The quorum was first reached; where that was late, voting goes on for longer.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuorumReached {
    /// In which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// The last moment of voting from now on.
    pub closes: Moment,
}

/// A poll's rankings were counted to the end.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollCounted {
    /// Which.
    #[ink(topic)]
    pub poll: ProposalId,
    /// Which option is to be carried out, if any.
    pub winner: Option<OptionId>,
}

/// A poll was stopped.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollStopped {
    /// Which.
    #[ink(topic)]
    pub poll: ProposalId,
}

/// What a signed vote says, as the voter's wallet shows and signs it.
pub fn text(vote: &SignedVote, chain: &Hash, polls: &AccountId) -> Text {
    let mut text = Text::new("Gaia vote");
    text.hex("chain", chain.as_ref());
    text.hex("contract", polls.as_ref());
    text.number("poll", vote.poll.into());
    text.hex("voter", vote.voter.as_ref());
    text.hex("choice", &vote.choice.encode());
    text.number("nonce", vote.nonce.into());
    text.number("until", vote.deadline.into());
    text
}
