//! The contracts' messages, typed: selector and arguments going out, the return type coming back.
//!
//! A selector is the first four bytes of BLAKE2b-256 of `Trait::message`; the traits in `interfaces` fix both names.

use ink::primitives::MessageResult;
use scale::{Decode, Encode};
use std::{fmt, marker::PhantomData};

/// A message ready to be sent to a contract, whose answer decodes as `R`.
#[derive(Debug, Clone)]
pub struct Message<R> {
    /// `Trait::message`, for error texts.
    pub name: &'static str,
    /// Selector and encoded arguments.
    pub data: Vec<u8>,
    returns: PhantomData<fn() -> R>,
}

/// What a message that can be refused answers; a `Result`, so that one path serves all of them.
pub trait Answer: Decode {
    /// What it answers when it was done.
    type Done;

    /// The answer, or the refusal in words and by name.
    ///
    /// # Errors
    /// The contract's own error.
    fn into_done(self) -> Result<Self::Done, (String, String)>;
}

impl<T: Decode, E: Decode + fmt::Display + fmt::Debug> Answer for Result<T, E> {
    type Done = T;

    fn into_done(self) -> Result<T, (String, String)> {
        self.map_err(|error| (error.to_string(), format!("{error:?}")))
    }
}

/// A message that cannot be refused.
impl Answer for () {
    type Done = ();

    fn into_done(self) -> Result<(), (String, String)> {
        Ok(())
    }
}

impl<R: Decode> Message<R> {
    fn new(name: &'static str, selector: [u8; 4], arguments: impl Encode) -> Self {
        let mut data = selector.to_vec();
        arguments.encode_to(&mut data);
        Self { name, data, returns: PhantomData }
    }

    /// Selector alone.
    pub fn selector(&self) -> [u8; 4] {
        let mut selector = [0; 4];
        selector.copy_from_slice(&self.data[..4]);
        selector
    }

    /// Encoded arguments alone.
    pub fn arguments(&self) -> &[u8] {
        &self.data[4..]
    }

    /// The answer in the bytes that the contract returned; `None` if they are no answer to this message. A contract
    /// that does not know the selector answers with ink!'s `LangError`, given as `Some(None)`.
    pub(crate) fn decode(&self, mut bytes: &[u8]) -> Option<Option<R>> {
        MessageResult::<R>::decode(&mut bytes).ok().filter(|_| bytes.is_empty()).map(Result::ok)
    }
}

macro_rules! message {
    ($name:literal $(, $argument:expr)* $(,)?) => {
        Message::new($name, ink::selector_bytes!($name), ($($argument,)*))
    };
}

/// The message of the `baseline` fixture, which costs what a vote must cost at least.
pub fn baseline_vote(proposal: interfaces::ProposalId, support: ballot::Support) -> Message<()> {
    message!("vote", proposal, support)
}

/// Messages of the governor.
pub mod governor {
    use super::Message;
    use ballot::{Majority, Support};
    use interfaces::{
        AccountId, ProposalId,
        governor::{GovernorError, PinnedCall, Proposal, ProposalRequest, Receipt, Rules},
        lifecycle::State,
    };

    type Outcome<T> = Result<T, GovernorError>;

    /// Makes a proposal.
    pub fn propose(request: &ProposalRequest) -> Message<Outcome<ProposalId>> {
        message!("Governor::propose", request)
    }

    /// Casts the sender's vote.
    pub fn vote(proposal: ProposalId, support: Support) -> Message<Outcome<()>> {
        message!("Governor::vote", proposal, support)
    }

    /// Queues a passed proposal.
    pub fn queue(proposal: ProposalId) -> Message<Outcome<()>> {
        message!("Governor::queue", proposal)
    }

    /// Executes a queued proposal.
    pub fn execute(proposal: ProposalId) -> Message<Outcome<()>> {
        message!("Governor::execute", proposal)
    }

    /// Takes a proposal back.
    pub fn cancel(proposal: ProposalId) -> Message<Outcome<()>> {
        message!("Governor::cancel", proposal)
    }

    /// The rules for new proposals.
    pub fn rules() -> Message<Rules> {
        message!("Governor::rules")
    }

    /// How many proposals there are.
    pub fn proposal_count() -> Message<ProposalId> {
        message!("Governor::proposal_count")
    }

    /// A proposal.
    pub fn proposal(proposal: ProposalId) -> Message<Option<Proposal>> {
        message!("Governor::proposal", proposal)
    }

    /// A proposal's calls.
    pub fn calls(proposal: ProposalId) -> Message<Vec<PinnedCall>> {
        message!("Governor::calls", proposal)
    }

    /// A proposal's count.
    pub fn tally(proposal: ProposalId) -> Message<Option<Majority>> {
        message!("Governor::tally", proposal)
    }

    /// A proposal's state.
    pub fn state(proposal: ProposalId) -> Message<Outcome<State>> {
        message!("Governor::state", proposal)
    }

    /// What an account voted.
    pub fn receipt(proposal: ProposalId, account: AccountId) -> Message<Option<Receipt>> {
        message!("Governor::receipt", proposal, account)
    }
}

/// Messages of the token.
pub mod token {
    use super::Message;
    use interfaces::{AccountId, Balance, token::PSP22Error};

    /// All tokens in existence.
    pub fn total_supply() -> Message<Balance> {
        message!("PSP22::total_supply")
    }

    /// What an account holds.
    pub fn balance_of(owner: AccountId) -> Message<Balance> {
        message!("PSP22::balance_of", owner)
    }

    /// Sends tokens.
    pub fn transfer(to: AccountId, value: Balance) -> Message<Result<(), PSP22Error>> {
        message!("PSP22::transfer", to, value, Vec::<u8>::new())
    }

    /// An account's voting power now.
    pub fn votes(account: AccountId) -> Message<Balance> {
        message!("Votes::votes", account)
    }
}

/// Messages of the treasury.
pub mod treasury {
    use super::Message;
    use interfaces::{AccountId, Balance, treasury::TreasuryError};

    /// Pays; only the governor may.
    pub fn pay(payee: AccountId, amount: Balance) -> Message<Result<(), TreasuryError>> {
        message!("Treasury::pay", payee, amount)
    }

    /// The native currency the treasury holds.
    pub fn balance() -> Message<Balance> {
        message!("Treasury::balance")
    }
}

/// Constructors, for instantiating.
pub mod constructors {
    use interfaces::{AccountId, Balance, governor::Rules};
    use scale::Encode;

    fn call(selector: [u8; 4], arguments: impl Encode) -> Vec<u8> {
        let mut data = selector.to_vec();
        arguments.encode_to(&mut data);
        data
    }

    /// That of the `baseline` fixture.
    pub fn baseline() -> Vec<u8> {
        call(ink::selector_bytes!("new"), ())
    }

    /// The token's, with its first holders.
    pub fn token(
        name: Option<String>,
        symbol: Option<String>,
        decimals: u8,
        holders: &[(AccountId, Balance)],
    ) -> Vec<u8> {
        call(ink::selector_bytes!("new"), (name, symbol, decimals, holders))
    }

    /// The governor's.
    pub fn governor(token: AccountId, rules: &Rules) -> Vec<u8> {
        call(ink::selector_bytes!("new"), (token, rules))
    }

    /// The treasury's.
    pub fn treasury(governor: AccountId) -> Vec<u8> {
        call(ink::selector_bytes!("new"), governor)
    }
}
