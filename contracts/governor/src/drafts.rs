//! Drafts: written, edited and sponsored before there is a poll.

use crate::governor::Governor;
use ink::codegen::Env;
use interfaces::{
    AccountId, Leaf, ProposalId,
    governor::{Draft, DraftSponsored, DraftWritten, GovernorError, Proposal, ProposalRequest},
    lifecycle::Progress,
    refusal::{OrRefuse, refuse},
};

impl Governor {
    pub(crate) fn write_draft(&mut self, request: ProposalRequest) -> ProposalId {
        self.installed();
        let author = self.caller();
        let proposal = self.number(author);
        self.store_draft(proposal, author, request, 0);
        proposal
    }

    pub(crate) fn edit_draft(&mut self, proposal: ProposalId, request: ProposalRequest) {
        let author = self.own_draft(proposal).proposer;
        let revision = self.text(proposal).revision.checked_add(1).or_refuse(GovernorError::Overflow);
        self.store_draft(proposal, author, request, revision);
    }

    /// Writes a draft's text, which begins to gather sponsors now.
    fn store_draft(&mut self, proposal: ProposalId, author: AccountId, request: ProposalRequest, revision: u32) {
        let (kind, rules) = (request.kind, self.present_rules(request.kind));
        self.check(&request, &rules);
        let snapshot = self.just_before();
        let record = Proposal { proposer: author, kind, rules, progress: Progress::Draft, deposit: 0, settled: false };
        self.proposals.insert(proposal, &Leaf(record));
        let draft = Leaf(Draft { request, snapshot, revision, backing: 0 });
        self.drafts.insert(proposal, &draft);
        let Leaf(Draft { request, .. }) = draft;
        self.env().emit_event(DraftWritten { proposal, author, request, snapshot, revision });
    }

    pub(crate) fn sponsor_draft(&mut self, proposal: ProposalId) {
        let (known, sponsor) = (self.known_draft(proposal), self.caller());
        if known.proposer == sponsor {
            refuse(GovernorError::OwnDraft);
        }
        let mut draft = self.text(proposal);
        if self.sponsors.insert((proposal, draft.revision, sponsor), &()).is_some() {
            refuse(GovernorError::AlreadySponsored);
        }
        let power = self.power(sponsor, draft.snapshot);
        if power == 0 {
            refuse(GovernorError::NoVotingPower);
        }
        draft.backing = draft.backing.checked_add(power).or_refuse(GovernorError::Overflow);
        self.drafts.insert(proposal, &Leaf(draft));
        self.env().emit_event(DraftSponsored { proposal, sponsor, power });
    }

    pub(crate) fn submit_draft(&mut self, proposal: ProposalId) {
        let Proposal { proposer, rules, .. } = self.own_draft(proposal);
        let Draft { request, snapshot, backing, .. } = self.text(proposal);
        // The rules may have changed since it was written.
        self.check(&request, &rules);
        if self.power(proposer, snapshot).saturating_add(backing) < rules.proposal_threshold {
            refuse(GovernorError::BelowProposalThreshold);
        }
        self.drafts.remove(proposal);
        self.make(proposal, proposer, rules, request);
    }

    fn text(&self, proposal: ProposalId) -> Draft {
        let Leaf(draft) = self.drafts.get(proposal).or_refuse(GovernorError::UnknownProposal);
        draft
    }
}
