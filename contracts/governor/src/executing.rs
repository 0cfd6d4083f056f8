//! Queueing and executing what has passed.

use crate::{admin, governor::Governor};
use ink::codegen::Env;
use interfaces::{
    Leaf, ProposalId, calls,
    governor::{Call, GovernorError, PinnedCall, Proposal, ProposalExecuted, ProposalQueued},
    lifecycle::{Progress, State},
    refusal::{OrRefuse, refuse},
};

impl Governor {
    pub(crate) fn queue_passed(&mut self, proposal: ProposalId) {
        let mut known = self.known(proposal);
        let option = match self.state_and_winner(proposal, &known) {
            (State::Succeeded, Some(option)) => option,
            (state, _) => refuse(GovernorError::WrongState(state)),
        };
        let ready_at = self.now().checked_add(known.rules.execution_delay).or_refuse(GovernorError::Overflow);
        let expires_at = ready_at.checked_add(known.rules.execution_window).or_refuse(GovernorError::Overflow);
        known.progress = Progress::Queued { option, ready_at, expires_at };
        self.proposals.insert(proposal, &Leaf(known));
        self.env().emit_event(ProposalQueued { proposal, option, ready_at, expires_at });
    }

    pub(crate) fn execute_queued(&mut self, proposal: ProposalId) {
        let mut executed = self.known(proposal);
        let (option, ready_at) = match (self.state_of(proposal, &executed), executed.progress) {
            (State::Queued, Progress::Queued { option, ready_at, .. }) => (option, ready_at),
            (state, _) => refuse(GovernorError::WrongState(state)),
        };
        if self.now() < ready_at {
            refuse(GovernorError::TooEarly);
        }
        // Before any call, so that whatever a call may lead to finds the proposal executed already.
        executed.progress = Progress::Executed;
        let executed = Leaf(executed);
        self.proposals.insert(proposal, &executed);
        self.carry_out(proposal, &executed, &self.calls.get((proposal, option)).unwrap_or_default());
    }

    /// Makes the calls, and sees to it that they spent no more than they may.
    fn carry_out(&mut self, proposal: ProposalId, executed: &Leaf<Proposal>, calls: &[PinnedCall]) {
        let (calls, own_upgrade) = match calls.split_last() {
            Some((last, earlier)) if admin::is_own_upgrade(&last.call, &self.own()) => (earlier, Some(last)),
            _ => (calls, None),
        };
        let kind = executed.0.kind;
        let (rules, purse) = (self.present_rules(kind), self.purse());
        let mut number = 0_u8;
        for call in calls {
            self.perform(number, call);
            // No call can have changed the proposal, while none can enter the governor. This holds even if some day one
            // can.
            if self.proposals.get(proposal).as_ref() != Some(executed) {
                refuse(GovernorError::WrongState(self.state_of(proposal, &self.known(proposal))));
            }
            number = number.saturating_add(1);
        }
        let spent = self.account_for(kind, &rules, purse);
        self.env().emit_event(ProposalExecuted { proposal, executor: self.caller(), spent });
        if let Some(order) = own_upgrade {
            self.change_code(order, number);
        }
    }

    /// Makes one call of a proposal, if its target still runs the code that was voted on.
    fn perform(&mut self, number: u8, pinned: &PinnedCall) {
        self.check_code(pinned);
        let call = &pinned.call;
        let done = if call.target == self.own() { self.change(call) } else { succeeds(call) };
        if !done {
            refuse(GovernorError::CallFailed(number));
        }
    }

    pub(crate) fn check_code(&self, PinnedCall { call, code_hash }: &PinnedCall) {
        if self.env().code_hash(&call.target).as_ref() != Ok(code_hash) {
            refuse(GovernorError::CodeChanged(call.target));
        }
    }
}

/// Makes a call. Whether it succeeded: it neither trapped nor reverted, and an ink! message that returns an error
/// reverts. Whatever it returns besides is not looked at, so it can be as long as the target likes.
fn succeeds(call: &Call) -> bool {
    let message = [&call.selector[..], &call.input].concat();
    calls::made(&call.target, &message, call.value, None) == Some(true)
}
