//! Making a proposal: its number, its pinned calls, its deposit and its poll.

use crate::{admin, checks, governor::Governor};
use ballot::Mechanism;
use ink::{codegen::Env, prelude::vec::Vec};
use interfaces::{
    AccountId, Leaf, Moment, ProposalId,
    governor::{Call, GovernorError, PinnedCall, Proposal, ProposalCreated, ProposalRequest, Rules},
    lifecycle::Progress,
    polls::PollTerms,
    refusal::{OrRefuse, refuse},
};

impl Governor {
    pub(crate) fn make_at_once(&mut self, request: ProposalRequest) -> ProposalId {
        let (proposer, rules) = (self.caller(), self.present_rules(request.kind));
        self.check(&request, &rules);
        if self.power(proposer, self.just_before()) < rules.proposal_threshold {
            refuse(GovernorError::BelowProposalThreshold);
        }
        let proposal = self.number(proposer);
        self.make(proposal, proposer, rules, request);
        proposal
    }

    /// Refuses a request that these rules do not allow or that is too large.
    pub(crate) fn check(&self, request: &ProposalRequest, rules: &Rules) {
        if let Err(error) = checks::request(request, rules, &self.own(), &self.installed().settings) {
            refuse(error);
        }
    }

    /// The latest moment whose voting power can be known.
    pub(crate) fn just_before(&self) -> Moment {
        self.now().checked_sub(1).or_refuse(GovernorError::Overflow)
    }

    /// The next number, for a new live proposal of `account`.
    pub(crate) fn number(&mut self, account: AccountId) -> ProposalId {
        let live = self.live.get(account).unwrap_or_default();
        if live >= self.live_limit.get_or_default() {
            refuse(GovernorError::TooManyProposals);
        }
        self.live.insert(account, &live.saturating_add(1));
        let proposal = self.count.get_or_default();
        self.count.set(&proposal.checked_add(1).or_refuse(GovernorError::Overflow));
        proposal
    }

    /// Makes a proposal of a request that was checked, and opens its poll.
    pub(crate) fn make(&mut self, proposal: ProposalId, proposer: AccountId, rules: Rules, request: ProposalRequest) {
        let deposit = self.take_deposit(&rules);
        let poll = poll_terms(self.now(), &rules, &request);
        let ProposalRequest { kind, title, link, content_hash, options: choosables, .. } = request;
        let mut options = Vec::with_capacity(choosables.len());
        for (option, choosable) in (0..).zip(choosables) {
            let calls = self.pin(choosable.calls);
            self.calls.insert((proposal, option), &calls);
            options.push((choosable.title, calls));
        }
        let record = Proposal { proposer, kind, rules, progress: Progress::Proposed, deposit, settled: false };
        self.proposals.insert(proposal, &Leaf(record));
        self.open_poll(proposal, poll);
        let created = ProposalCreated { proposal, proposer, kind, title, link, content_hash, options, rules, poll };
        self.env().emit_event(created);
    }

    /// Fixes the code of every call's target: what it runs now, or what an earlier of these calls upgrades it to.
    fn pin(&self, calls: Vec<Call>) -> Vec<PinnedCall> {
        let mut pinned = Vec::with_capacity(calls.len());
        for call in calls {
            let runs = || self.env().code_hash(&call.target).ok();
            let code_hash = admin::upgraded_to(&pinned, &call.target).or_else(runs);
            let code_hash = code_hash.or_refuse(GovernorError::TargetIsNotContract(call.target));
            pinned.push(PinnedCall { call, code_hash });
        }
        pinned
    }
}

/// What the poll of a proposal made `now` is held by.
fn poll_terms(now: Moment, rules: &Rules, request: &ProposalRequest) -> PollTerms {
    let options = match request.mechanism {
        Mechanism::Majority => Some(0),
        _ => u8::try_from(request.options.len()).ok().and_then(|proposed| proposed.checked_add(1)),
    };
    PollTerms {
        mechanism: request.mechanism,
        options: options.or_refuse(GovernorError::BadOptions),
        snapshot: now.checked_add(rules.voting_delay).or_refuse(GovernorError::Overflow),
        period: rules.voting_period,
        freeze: rules.freeze,
        extension: rules.extension,
        thresholds: rules.thresholds,
        credits: rules.credits,
    }
}
