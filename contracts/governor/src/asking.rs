//! What the governor asks its parts, and what it knows of a proposal.

use crate::governor::Governor;
use ballot::OptionId;
use core::convert::Infallible;
use ink::{
    codegen::Env,
    scale::{Decode, Encode},
    selector_bytes,
};
use interfaces::{
    AccountId, Balance, Leaf, Moment, ProposalId, calls,
    governor::{GovernorError, Kind, Parts, Proposal, Rules},
    ledger::VotesError,
    lifecycle::{Progress, State},
    polls::{self, PollError, PollTerms, Standing},
    refusal::{OrRefuse, refuse},
};

/// Its own account, the clock, and who called.
impl Governor {
    pub(crate) fn own(&self) -> AccountId {
        self.env().account_id()
    }

    pub(crate) fn now(&self) -> Moment {
        self.env().block_timestamp()
    }

    pub(crate) fn caller(&self) -> AccountId {
        self.env().caller()
    }
}

/// Its parts.
impl Governor {
    pub(crate) fn installed(&self) -> Parts {
        let Leaf(parts) = self.parts.get().or_refuse(GovernorError::BadParts);
        parts
    }

    /// Whether these parts, and those that they rely on, take orders from this governor and from nobody else: whoever
    /// could give one of them new code would decide what is voted.
    pub(crate) fn fits(&self, parts: &Parts) -> bool {
        let own = self.own();
        let governs = |part: &AccountId, question| calls::ask(part, question) == Some(own);
        let relied: Option<polls::Parts> = calls::ask(&parts.polls, &selector_bytes!("Polls::parts"));
        relied.is_some_and(|relied| {
            relied.governor == own
                && relied.ledger == parts.ledger
                && governs(&relied.ledger, &selector_bytes!("Ledger::governor"))
                && governs(&relied.registry, &selector_bytes!("Registry::governor"))
                && governs(&relied.rankings, &selector_bytes!("Rankings::governor"))
                && governs(&relied.relay, &selector_bytes!("Relay::governor"))
        }) && governs(&parts.treasury, &selector_bytes!("Treasury::governor"))
            && governs(&parts.settings, &selector_bytes!("Settings::governor"))
    }

    /// An account's voting power at the end of a past moment.
    pub(crate) fn power(&self, account: AccountId, moment: Moment) -> Balance {
        let question = (selector_bytes!("Votes::votes_at"), account, moment).encode();
        let power: Option<Result<_, VotesError>> = calls::ask(&self.installed().ledger, &question);
        power.or_refuse(GovernorError::LedgerFailed).unwrap_or_else(|error| refuse(GovernorError::Votes(error)))
    }

    pub(crate) fn standing(&self, proposal: ProposalId) -> Standing {
        self.ask_polls(&(selector_bytes!("Polls::standing"), proposal).encode())
    }

    pub(crate) fn open_poll(&self, proposal: ProposalId, terms: PollTerms) {
        self.ask_polls(&(selector_bytes!("Polls::open"), proposal, terms).encode())
    }

    pub(crate) fn stop_poll(&self, proposal: ProposalId) {
        self.ask_polls(&(selector_bytes!("Polls::stop"), proposal).encode())
    }

    fn ask_polls<T: Decode>(&self, question: &[u8]) -> T {
        let answer: Option<Result<T, PollError>> = calls::ask(&self.installed().polls, question);
        answer.or_refuse(GovernorError::PollsFailed).unwrap_or_else(|error| refuse(GovernorError::Polls(error)))
    }

    pub(crate) fn treasury_holds(&self) -> Balance {
        let holds = calls::ask(&self.installed().treasury, &selector_bytes!("Treasury::balance"));
        holds.or_refuse(GovernorError::TreasuryFailed)
    }
}

/// A proposal.
impl Governor {
    pub(crate) fn present_rules(&self, kind: Kind) -> Rules {
        let Leaf(rules) = self.rules.get(kind).expect("the constructor sets those of every kind");
        rules
    }

    /// A proposal, or a draft with the rules of the present.
    pub(crate) fn found(&self, proposal: ProposalId) -> Option<Proposal> {
        let Leaf(mut known) = self.proposals.get(proposal)?;
        if known.progress == Progress::Draft {
            known.rules = self.present_rules(known.kind);
        }
        Some(known)
    }

    pub(crate) fn known(&self, proposal: ProposalId) -> Proposal {
        self.found(proposal).or_refuse(GovernorError::UnknownProposal)
    }

    pub(crate) fn state_of(&self, proposal: ProposalId, known: &Proposal) -> State {
        let (state, _) = self.state_and_winner(proposal, known);
        state
    }

    /// The state of a proposal, and which option its poll decided if that was looked at and it did.
    pub(crate) fn state_and_winner(&self, proposal: ProposalId, known: &Proposal) -> (State, Option<OptionId>) {
        let mut decided = None;
        let poll = || {
            let standing = self.standing(proposal);
            if let Standing::Decided { winner, .. } = standing {
                decided = winner;
            }
            Ok::<_, Infallible>(standing)
        };
        let Ok(state) = State::of(known.progress, known.rules.execution_window, self.now(), poll);
        (state, decided)
    }

    /// A draft, for its author to change; refused to others and when it is none any more.
    pub(crate) fn own_draft(&self, proposal: ProposalId) -> Proposal {
        let known = self.known_draft(proposal);
        if known.proposer == self.caller() { known } else { refuse(GovernorError::NotProposer) }
    }

    pub(crate) fn known_draft(&self, proposal: ProposalId) -> Proposal {
        let known = self.known(proposal);
        match self.state_of(proposal, &known) {
            State::Draft => known,
            state => refuse(GovernorError::WrongState(state)),
        }
    }
}
