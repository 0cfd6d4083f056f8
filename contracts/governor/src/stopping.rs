//! Taking proposals back, vetoing them, and settling what is over.

use crate::governor::Governor;
use ink::codegen::Env;
use interfaces::{
    AccountId, Leaf, ProposalId,
    governor::{GovernorError, Proposal, ProposalCancelled, ProposalSettled, ProposalVetoed},
    lifecycle::{Progress, State},
    refusal::{OrRefuse, refuse},
};

impl Governor {
    pub(crate) fn take_back(&mut self, proposal: ProposalId) {
        let known = self.known(proposal);
        let (state, by) = (self.state_of(proposal, &known), self.caller());
        let (proposes, guards) = (known.proposer == by, self.guards(&known, by));
        let may = match state {
            State::Draft | State::Pending if proposes => true,
            State::Draft => false,
            state => guards && !state.is_final(),
        };
        if !may {
            // Who could at another time is told that it is not the time.
            let could = proposes || guards;
            refuse(if could { GovernorError::WrongState(state) } else { GovernorError::NotProposer });
        }
        self.stop(proposal, known, state, Progress::Cancelled);
        self.env().emit_event(ProposalCancelled { proposal, by });
    }

    pub(crate) fn veto_as_guardian(&mut self, proposal: ProposalId, abuse: bool) {
        let known = self.known(proposal);
        if !self.guards(&known, self.caller()) {
            refuse(GovernorError::NotGuardian);
        }
        let state = self.state_of(proposal, &known);
        if state == State::Draft || state.is_final() {
            refuse(GovernorError::WrongState(state));
        }
        self.stop(proposal, known, state, Progress::Vetoed);
        if abuse {
            self.abuses.insert(proposal, &());
        }
        self.env().emit_event(ProposalVetoed { proposal, abuse });
    }

    /// Whether `account` is the guardian of such proposals, and still has power.
    fn guards(&self, known: &Proposal, account: AccountId) -> bool {
        let guardian = self.guardian.get().and_then(|Leaf(guardian)| guardian);
        known.rules.guarded
            && guardian.is_some_and(|guardian| guardian.account == account && self.now() <= guardian.until)
    }

    /// Ends a proposal that is not over, and its poll with it if that is not.
    fn stop(&mut self, proposal: ProposalId, mut known: Proposal, state: State, progress: Progress) {
        known.progress = progress;
        self.proposals.insert(proposal, &Leaf(known));
        match state {
            State::Draft => self.drafts.remove(proposal),
            State::Pending | State::Active | State::Counting => self.stop_poll(proposal),
            _ => (),
        }
    }

    pub(crate) fn settle_final(&mut self, proposal: ProposalId) {
        let mut known = self.known(proposal);
        let state = self.state_of(proposal, &known);
        if !state.is_final() {
            refuse(GovernorError::WrongState(state));
        }
        if known.settled {
            refuse(GovernorError::AlreadySettled);
        }
        let Proposal { proposer, deposit, .. } = known;
        (known.deposit, known.settled) = (0, true);
        self.proposals.insert(proposal, &Leaf(known));
        let live = self.live.get(proposer).unwrap_or_default();
        self.live.insert(proposer, &live.saturating_sub(1));
        let held = self.held.get_or_default().checked_sub(deposit).or_refuse(GovernorError::Overflow);
        self.held.set(&held);
        let payee = if self.abuses.contains(proposal) { self.installed().treasury } else { proposer };
        if deposit != 0 && self.env().transfer(payee, deposit).is_err() {
            refuse(GovernorError::TransferFailed);
        }
        self.env().emit_event(ProposalSettled { proposal, payee, deposit });
    }
}
