//! Messages of the governor.

use super::messages;
use ballot::OptionId;
use interfaces::{
    AccountId, Balance, Moment, ProposalId,
    governor::{Draft, GovernorError, Guardian, Kind, Parts, PinnedCall, Proposal, ProposalRequest, Rules},
    lifecycle::State,
};

type Outcome<T> = Result<T, GovernorError>;

messages!(Governor {
    /// Tells the governor its parts.
    install(parts: Parts) -> Outcome<()>;
    /// Makes a proposal; to be sent with its deposit.
    propose(request: &ProposalRequest) -> Outcome<ProposalId>;
    /// Writes a draft.
    draft(request: &ProposalRequest) -> Outcome<ProposalId>;
    /// Writes a draft anew.
    edit(proposal: ProposalId, request: &ProposalRequest) -> Outcome<()>;
    /// Lends the sender's power to a draft.
    sponsor(proposal: ProposalId) -> Outcome<()>;
    /// Turns a draft into a proposal; to be sent with its deposit.
    submit(proposal: ProposalId) -> Outcome<()>;
    /// Queues a passed proposal.
    queue(proposal: ProposalId) -> Outcome<()>;
    /// Executes a queued proposal.
    execute(proposal: ProposalId) -> Outcome<()>;
    /// Takes a proposal back.
    cancel(proposal: ProposalId) -> Outcome<()>;
    /// Vetoes a proposal.
    veto(proposal: ProposalId, abuse: bool) -> Outcome<()>;
    /// Pays the deposit of a proposal that is over.
    settle(proposal: ProposalId) -> Outcome<()>;
    /// Changes the rules of a kind; only a proposal can.
    set_rules(kind: Kind, rules: &Rules) -> Outcome<()>;
    /// Names another guardian; only a proposal can.
    set_guardian(guardian: Option<Guardian>) -> Outcome<()>;
    /// Changes how many live proposals an account may have; only a proposal can.
    set_live_limit(limit: u32) -> Outcome<()>;
    /// The rules for new proposals of a kind.
    rules(kind: Kind) -> Rules;
    /// The guardian.
    guardian() -> Option<Guardian>;
    /// How many live proposals an account may have.
    live_limit() -> u32;
    /// What the governor is made of.
    parts() -> Option<Parts>;
    /// How many proposals there are.
    proposal_count() -> ProposalId;
    /// How many live proposals an account has.
    live(account: AccountId) -> u32;
    /// A proposal.
    proposal(proposal: ProposalId) -> Option<Proposal>;
    /// A draft's text.
    draft_of(proposal: ProposalId) -> Option<Draft>;
    /// The calls of one of a proposal's options.
    calls(proposal: ProposalId, option: OptionId) -> Vec<PinnedCall>;
    /// A proposal's state.
    state(proposal: ProposalId) -> Outcome<State>;
    /// What proposals of a kind have taken in the period of a moment.
    spent(kind: Kind, moment: Moment) -> Balance;
});
