//! What the contracts can be asked, in one line each, and the way of a proposal.

use crate::{
    message,
    world::{ALICE, ATTESTED_UNTIL, ATTESTOR, BOB, GENERAL, STRANGER, World, call, id, request, rules},
};
use ballot::{Choice, Mechanism, Support, Tally};
use drink::AccountId32;
use interfaces::{
    AccountId, Balance, Hash, Moment, ProposalId,
    governor::{Call, Draft, GovernorError, Kind, PinnedCall, Proposal, ProposalRequest},
    ledger::VotesError,
    lifecycle::State,
    polls::{Poll, PollError, Receipt, SignedVote, Standing},
    registry::{Attest, IdentityId, RegistryError, Tier},
    signed::Signature,
    token::{DelegationError, PSP22Error, Share, SignedDelegation},
};

pub const FOR: Choice = Choice::Majority(Support::For);
pub const AGAINST: Choice = Choice::Majority(Support::Against);
pub const ABSTAIN: Choice = Choice::Majority(Support::Abstain);

/// What the governor answers to most messages.
pub type Done = Result<(), GovernorError>;

/// The token, and its ledger.
impl World {
    pub fn transfer(&mut self, from: &AccountId32, to: &AccountId32, value: Balance) -> Result<(), PSP22Error> {
        self.send(from, self.token, message!("PSP22::transfer", id(to), value, Vec::<u8>::new()))
    }

    /// Lets all of someone's tokens vote through somebody, or through nobody any more.
    pub fn vote_through(&mut self, from: &AccountId32, to: Option<&AccountId32>) -> Result<(), DelegationError> {
        let shares: Vec<_> =
            to.map(|to| Share { to: id(to), share: crate::world::share(10_000) }).into_iter().collect();
        self.send(from, self.token, message!("Delegating::delegate", shares, None::<Moment>))
    }

    pub fn votes_at(&mut self, person: &AccountId32, moment: Moment) -> Result<Balance, VotesError> {
        self.ask(self.ledger, message!("Votes::votes_at", id(person), moment))
    }

    pub fn supply_at(&mut self, moment: Moment) -> Result<Balance, VotesError> {
        self.ask(self.ledger, message!("Votes::supply_at", moment))
    }
}

/// What is said of an identity that is attested for as long as can be.
pub fn attest(identity: IdentityId, tier: Tier) -> Attest {
    Attest { identity, tier, expires: ATTESTED_UNTIL, commitment: Hash::from([0xc0; 32]) }
}

/// The registry.
impl World {
    /// Lets an account belong to the identity of this number.
    pub fn attest(&mut self, who: &AccountId32, identity: u8) -> Result<(), RegistryError> {
        let attest = attest(Hash::from([identity; 32]), 1);
        self.send(&ATTESTOR, self.registry, message!("Identities::attest", id(who), attest))
    }

    /// Clears an account that has an identity of its own for a tier and those below it, or for none any more.
    pub fn clear(&mut self, who: &AccountId32, tier: Option<Tier>) {
        let own = Hash::from(*<AccountId32 as AsRef<[u8; 32]>>::as_ref(who));
        let known: Option<IdentityId> = self.ask(self.registry, message!("Identities::identity_of", id(who)));
        let Some(tier) = tier else {
            // Who was never cleared cannot be revoked, and need not be.
            let _: Result<(), RegistryError> =
                self.send(&ATTESTOR, self.registry, message!("Identities::revoke", own, 0_u16));
            return;
        };
        let Attest { expires, commitment, .. } = attest(own, tier);
        let message = match known {
            None => message!("Identities::attest", id(who), attest(own, tier)),
            Some(_) => message!("Identities::renew", own, tier, expires, commitment),
        };
        assert_eq!(self.send::<Result<(), RegistryError>>(&ATTESTOR, self.registry, message), Ok(()));
    }
}

/// The ballot box.
impl World {
    pub fn vote(&mut self, who: &AccountId32, poll: ProposalId, choice: Choice) -> Result<(), PollError> {
        self.send(who, self.polls, message!("Polls::vote", poll, choice))
    }

    pub fn count(&mut self, poll: ProposalId, rankings: u32) -> Result<Standing, PollError> {
        self.ask(self.polls, message!("Polls::count", poll, rankings))
    }

    pub fn standing(&mut self, poll: ProposalId) -> Result<Standing, PollError> {
        self.ask(self.polls, message!("Polls::standing", poll))
    }

    pub fn poll(&mut self, poll: ProposalId) -> Poll {
        let (poll, _) = self.poll_and_tally(poll).expect("the poll was opened");
        poll
    }

    pub fn tally(&mut self, poll: ProposalId) -> Tally {
        let (_, tally) = self.poll_and_tally(poll).expect("the poll was opened");
        tally
    }

    pub fn poll_and_tally(&mut self, poll: ProposalId) -> Option<(Poll, Tally)> {
        self.ask(self.polls, message!("Polls::poll", poll))
    }

    pub fn receipt(&mut self, poll: ProposalId, who: &AccountId32) -> Option<Receipt> {
        self.ask(self.polls, message!("Polls::receipt", poll, id(who)))
    }
}

/// The relay, by which a stranger sends what others signed.
impl World {
    pub fn relay_vote(
        &mut self,
        ballot_box: AccountId,
        vote: &SignedVote,
        signature: Signature,
    ) -> Result<(), PollError> {
        self.ask(self.relay, message!("Relay::vote", ballot_box, vote, signature))
    }

    pub fn relay_delegation(
        &mut self,
        token: AccountId,
        order: &SignedDelegation,
        signature: Signature,
    ) -> Result<(), DelegationError> {
        self.ask(self.relay, message!("Relay::delegate", token, order, signature))
    }
}

/// The governor.
impl World {
    /// Proposes, with the deposit of [`rules`].
    pub fn propose(&mut self, who: &AccountId32, request: &ProposalRequest) -> Result<ProposalId, GovernorError> {
        self.propose_with(who, request, rules().deposit)
    }

    pub fn propose_with(
        &mut self,
        who: &AccountId32,
        request: &ProposalRequest,
        deposit: Balance,
    ) -> Result<ProposalId, GovernorError> {
        self.pay(who, self.governor, message!("Governor::propose", request), deposit)
    }

    pub fn draft(&mut self, who: &AccountId32, request: &ProposalRequest) -> Result<ProposalId, GovernorError> {
        self.send(who, self.governor, message!("Governor::draft", request))
    }

    pub fn edit(&mut self, who: &AccountId32, proposal: ProposalId, request: &ProposalRequest) -> Done {
        self.send(who, self.governor, message!("Governor::edit", proposal, request))
    }

    pub fn sponsor(&mut self, who: &AccountId32, proposal: ProposalId) -> Done {
        self.send(who, self.governor, message!("Governor::sponsor", proposal))
    }

    pub fn submit(&mut self, who: &AccountId32, proposal: ProposalId, deposit: Balance) -> Done {
        self.pay(who, self.governor, message!("Governor::submit", proposal), deposit)
    }

    pub fn queue(&mut self, proposal: ProposalId) -> Done {
        self.send(&STRANGER, self.governor, message!("Governor::queue", proposal))
    }

    pub fn execute(&mut self, proposal: ProposalId) -> Done {
        self.send(&STRANGER, self.governor, message!("Governor::execute", proposal))
    }

    pub fn cancel(&mut self, who: &AccountId32, proposal: ProposalId) -> Done {
        self.send(who, self.governor, message!("Governor::cancel", proposal))
    }

    pub fn veto(&mut self, who: &AccountId32, proposal: ProposalId, abuse: bool) -> Done {
        self.send(who, self.governor, message!("Governor::veto", proposal, abuse))
    }

    pub fn settle(&mut self, proposal: ProposalId) -> Done {
        self.send(&STRANGER, self.governor, message!("Governor::settle", proposal))
    }

    pub fn state(&mut self, proposal: ProposalId) -> Result<State, GovernorError> {
        self.ask(self.governor, message!("Governor::state", proposal))
    }

    pub fn proposal(&mut self, proposal: ProposalId) -> Proposal {
        let known: Option<Proposal> = self.ask(self.governor, message!("Governor::proposal", proposal));
        known.expect("the proposal was made")
    }

    pub fn draft_of(&mut self, proposal: ProposalId) -> Option<Draft> {
        self.ask(self.governor, message!("Governor::draft_of", proposal))
    }

    pub fn calls(&mut self, proposal: ProposalId, option: u8) -> Vec<PinnedCall> {
        self.ask(self.governor, message!("Governor::calls", proposal, option))
    }

    pub fn live(&mut self, who: &AccountId32) -> u32 {
        self.ask(self.governor, message!("Governor::live", id(who)))
    }

    pub fn spent(&mut self, kind: Kind, moment: Moment) -> Balance {
        self.ask(self.governor, message!("Governor::spent", kind, moment))
    }

    pub fn storage_version(&mut self, of: AccountId) -> u16 {
        self.ask(of, message!("Upgradable::storage_version"))
    }
}

/// The treasury.
impl World {
    /// What a treasury says it has free.
    pub fn holds(&mut self, treasury: AccountId) -> Balance {
        self.ask(treasury, message!("Treasury::balance"))
    }

    /// A proposal's call that pays from the treasury.
    pub fn payment(&self, payee: &AccountId32, amount: Balance) -> Call {
        call(self.treasury, message!("Treasury::pay", GENERAL, id(payee), amount))
    }
}

/// The way of a proposal.
impl World {
    /// Alice proposes to spend.
    pub fn proposed(&mut self, calls: Vec<Call>) -> ProposalId {
        self.made(&request(Kind::TreasurySpending, calls))
    }

    /// Alice proposes this.
    pub fn made(&mut self, request: &ProposalRequest) -> ProposalId {
        self.propose(&ALICE, request).expect("Alice may propose")
    }

    /// Voting on Alice's proposal to spend has opened.
    pub fn opened(&mut self, calls: Vec<Call>) -> ProposalId {
        let proposal = self.proposed(calls);
        self.open(proposal);
        proposal
    }

    /// Goes to the first moment of voting.
    pub fn open(&mut self, proposal: ProposalId) {
        let opens = self.poll(proposal).terms.snapshot + 1;
        self.at(opens);
    }

    /// Goes to the first moment after voting.
    pub fn close(&mut self, proposal: ProposalId) {
        let closed = self.poll(proposal).closes + 1;
        self.at(closed);
    }

    /// Voting opens, Alice and Bob choose this, and voting closes.
    pub fn decide(&mut self, proposal: ProposalId, choice: &Choice) {
        self.open(proposal);
        for person in [ALICE, BOB] {
            self.vote(&person, proposal, choice.clone()).expect("holders vote");
        }
        self.close(proposal);
    }

    /// The proposal is queued, and its delay is over.
    pub fn mature(&mut self, proposal: ProposalId) {
        self.queue(proposal).expect("what passed can be queued");
        self.wait(rules().execution_delay);
    }

    /// Alice's proposal to spend has passed.
    pub fn passed(&mut self, calls: Vec<Call>) -> ProposalId {
        let proposal = self.proposed(calls);
        self.decide(proposal, &FOR);
        proposal
    }

    /// Alice's proposal to spend can be executed.
    pub fn ready(&mut self, calls: Vec<Call>) -> ProposalId {
        self.ready_as(Kind::TreasurySpending, calls)
    }

    /// Alice's proposal of this kind can be executed.
    pub fn ready_as(&mut self, kind: Kind, calls: Vec<Call>) -> ProposalId {
        let proposal = self.made(&request(kind, calls));
        self.decide(proposal, &FOR);
        self.mature(proposal);
        proposal
    }

    /// Alice's proposal of this kind is made, passed, executed and, if that went well, settled.
    pub fn enact(&mut self, kind: Kind, calls: Vec<Call>) -> Done {
        let proposal = self.ready_as(kind, calls);
        self.execute(proposal)?;
        self.settle(proposal)
    }

    /// A majority vote's count: against, for, abstain.
    pub fn majority(&mut self, poll: ProposalId) -> [Balance; 3] {
        match self.tally(poll) {
            Tally::Majority(tally) => [tally.against, tally.in_favour, tally.abstain],
            other => panic!("{other:?} is not a majority vote's"),
        }
    }
}

/// Whether a mechanism's ballots must be counted after voting.
pub fn ranked() -> [Mechanism; 2] {
    [Mechanism::Ranked, Mechanism::Condorcet]
}
