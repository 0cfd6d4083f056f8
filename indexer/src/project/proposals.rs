//! Proposals, from their first draft to their settling.

use super::{Origin, Table};
use crate::{decode::ProposalEvent, facts::Height};
use ballot::{Mechanism, OptionId, Tally};
use interfaces::{
    AccountId, Balance, Hash, Millis, Moment, ProposalId,
    governor::{
        Call, Choosable, DraftSponsored, DraftWritten, Kind, PinnedCall, ProposalCreated, ProposalRequest, Rules,
    },
    lifecycle::{Progress, State},
    polls::{Poll, PollTerms, Stage, Standing},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

/// The proposals that a batch is about.
#[derive(Debug, Default)]
pub struct Proposals {
    /// Proposals and drafts.
    pub proposals: Table<ProposalId, Proposal>,
    /// What those that were written in the batch say.
    pub texts: BTreeMap<ProposalId, Text>,
    /// Under which rules those that were proposed in the batch were.
    pub created: BTreeMap<ProposalId, CreatedRow>,
    /// New sponsors of drafts.
    pub sponsors: Vec<SponsorRow>,
    /// Those that something happened to in the present block.
    touched: BTreeSet<ProposalId>,
}

/// What can change about a proposal, and what its state follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its present state.
    pub state: State,
    /// Last moment of that state, if time alone can end it.
    pub holds_until: Option<Moment>,
    /// What it was as a draft, if it was one.
    pub draft: Option<Draft>,
    /// Its vote; a draft has none.
    pub voting: Option<Voting>,
    /// When it was queued, and what follows from that.
    pub queued: Option<Queued>,
    /// When, by whom and at what cost it was executed.
    pub executed: Option<Executed>,
    /// The last block in which any of this changed.
    pub changed: Height,
    /// When and by whom it was taken back.
    pub cancelled: Option<(Moment, AccountId)>,
    /// When it was vetoed, and whether as abuse.
    pub vetoed: Option<(Moment, bool)>,
    /// When it was settled, and who was paid the deposit.
    pub settled: Option<(Moment, AccountId)>,
}

/// A draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draft {
    /// When it was first written.
    pub since: Moment,
    /// How often it was written since.
    pub revision: u32,
    /// The moment whose voting power its author and sponsors count with.
    pub snapshot: Moment,
    /// Power of its sponsors so far.
    pub sponsored: Balance,
}

/// A proposal's poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voting {
    /// How long what it decides can be queued.
    pub window: Millis,
    /// The poll.
    pub poll: Poll,
    /// Its count.
    pub tally: Tally,
    /// How many accounts have voted.
    pub voters: u64,
    /// When the quorum was first reached.
    pub quorum_reached: Option<Moment>,
    /// When it was stopped.
    pub stopped: Option<Moment>,
    /// Which option is to be carried out, once it is decided that one is.
    pub winner: Option<OptionId>,
}

/// When a proposal was queued, and what follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// When.
    pub at: Moment,
    /// Which option is to be carried out.
    pub option: OptionId,
    /// First moment of execution.
    pub ready_at: Moment,
    /// Last moment of execution.
    pub expires_at: Moment,
}

/// A proposal's execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executed {
    /// When.
    pub at: Moment,
    /// Who sent it.
    pub by: AccountId,
    /// What its calls took.
    pub spent: Balance,
}

/// What a proposal or draft says.
#[derive(Debug)]
pub struct Text {
    pub proposer: AccountId,
    pub kind: Kind,
    pub mechanism: Mechanism,
    pub title: String,
    pub link: String,
    pub content_hash: Hash,
    pub options: Vec<OptionText>,
}

/// What an option says and does.
#[derive(Debug)]
pub struct OptionText {
    pub title: String,
    /// Its calls, with the code that each is pinned to; a draft's are not pinned yet.
    pub calls: Vec<(Call, Option<Hash>)>,
}

/// A proposal was made.
#[derive(Debug)]
pub struct CreatedRow {
    pub moment: Moment,
    pub height: Height,
    pub rules: Rules,
    pub poll: PollTerms,
}

/// A draft found a sponsor.
#[derive(Debug)]
pub struct SponsorRow {
    pub proposal: ProposalId,
    pub revision: u32,
    pub sponsor: AccountId,
    pub power: Balance,
    pub moment: Moment,
}

impl Proposals {
    /// What was known before a batch.
    pub fn known(proposals: Table<ProposalId, Proposal>) -> Self {
        Self { proposals, ..Self::default() }
    }

    /// What follows from an event of the governor that is about a proposal.
    pub(super) fn apply(&mut self, origin: Origin, event: ProposalEvent) -> Result<(), String> {
        use ProposalEvent as E;
        let at = origin.moment;
        match event {
            E::DraftWritten(event) => return self.written(at, event),
            E::DraftSponsored(event) => return self.sponsored(at, event),
            E::ProposalCreated(event) => return self.created(origin, event),
            E::ProposalQueued(event) => {
                let (option, ready_at, expires_at) = (event.option, event.ready_at, event.expires_at);
                self.voting(event.proposal)?.winner = Some(option);
                self.get(event.proposal)?.queued = Some(Queued { at, option, ready_at, expires_at });
            }
            E::ProposalExecuted(event) => {
                let (by, spent) = (event.executor, event.spent);
                self.get(event.proposal)?.executed = Some(Executed { at, by, spent });
            }
            E::ProposalCancelled(event) => self.get(event.proposal)?.cancelled = Some((at, event.by)),
            E::ProposalVetoed(event) => self.get(event.proposal)?.vetoed = Some((at, event.abuse)),
            E::ProposalSettled(event) => self.get(event.proposal)?.settled = Some((at, event.payee)),
        }
        Ok(())
    }

    /// The poll of a proposal, to be changed.
    pub(super) fn voting(&mut self, proposal: ProposalId) -> Result<&mut Voting, String> {
        self.get(proposal)?.voting.as_mut().ok_or_else(|| format!("draft {proposal} has no poll"))
    }

    /// Brings to `now`, the moment of the block at `height`, the state of every proposal that something happened to in it or
    /// whose time has come.
    pub(super) fn settle(&mut self, height: Height, now: Moment) {
        let due = self.proposals.iter().filter(|(_, proposal)| proposal.holds_until.is_some_and(|last| last < now));
        let due: Vec<_> = due.map(|(proposal, _)| *proposal).collect();
        for proposal in due.into_iter().chain(std::mem::take(&mut self.touched)) {
            if let Some(proposal) = self.proposals.get_mut(&proposal) {
                proposal.settle(now);
                proposal.changed = height;
            }
        }
    }

    fn get(&mut self, proposal: ProposalId) -> Result<&mut Proposal, String> {
        self.touched.insert(proposal);
        self.proposals.get_mut(&proposal).ok_or_else(|| format!("there is no proposal {proposal}"))
    }

    fn written(&mut self, moment: Moment, event: DraftWritten) -> Result<(), String> {
        let DraftWritten { proposal, author, request, snapshot, revision } = event;
        let since = match self.proposals.get(&proposal) {
            None if revision == 0 => moment,
            Some(Proposal { draft: Some(draft), voting: None, .. }) if revision > draft.revision => draft.since,
            _ => return Err(format!("there is no draft {proposal} that could be at revision {revision}")),
        };
        let ProposalRequest { kind, mechanism, title, link, content_hash, options } = request;
        let options = options.into_iter().map(|Choosable { title, calls }| OptionText {
            title,
            calls: calls.into_iter().map(|call| (call, None)).collect(),
        });
        let options = with_none_of_the_above(mechanism, options.collect());
        let text = Text { proposer: author, kind, mechanism, title, link, content_hash, options };
        self.texts.insert(proposal, text);
        self.put(proposal, Some(Draft { since, revision, snapshot, sponsored: 0 }), None);
        Ok(())
    }

    fn sponsored(&mut self, moment: Moment, event: DraftSponsored) -> Result<(), String> {
        let DraftSponsored { proposal, sponsor, power } = event;
        let draft = self.get(proposal)?.draft.as_mut();
        let draft = draft.ok_or_else(|| format!("proposal {proposal} is no draft"))?;
        draft.sponsored =
            draft.sponsored.checked_add(power).ok_or("the sponsors' power exceeds what can be counted")?;
        let revision = draft.revision;
        self.sponsors.push(SponsorRow { proposal, revision, sponsor, power, moment });
        Ok(())
    }

    fn created(&mut self, origin: Origin, event: ProposalCreated) -> Result<(), String> {
        let ProposalCreated { proposal, proposer, kind, title, link, content_hash, options, rules, poll: terms } =
            event;
        let draft = match self.proposals.get(&proposal) {
            None => None,
            Some(Proposal { draft, voting: None, .. }) => *draft,
            Some(_) => return Err(format!("there is a proposal {proposal} already")),
        };
        let poll = Poll::opened(terms).ok_or_else(|| format!("the poll of proposal {proposal} would never end"))?;
        let options = options.into_iter().map(|(title, calls)| OptionText {
            title,
            calls: calls.into_iter().map(|PinnedCall { call, code_hash }| (call, Some(code_hash))).collect(),
        });
        let mechanism = terms.mechanism;
        let options = with_none_of_the_above(mechanism, options.collect());
        if mechanism != Mechanism::Majority && options.len() != usize::from(terms.options) {
            return Err(format!("the poll of proposal {proposal} has other options than the proposal"));
        }
        self.texts.insert(proposal, Text { proposer, kind, mechanism, title, link, content_hash, options });
        let Origin { height, moment, .. } = origin;
        self.created.insert(proposal, CreatedRow { moment, height, rules, poll: terms });
        let voting = Voting {
            window: rules.execution_window,
            poll,
            tally: Tally::new(mechanism, terms.options),
            voters: 0,
            quorum_reached: None,
            stopped: None,
            winner: None,
        };
        self.put(proposal, draft, Some(voting));
        Ok(())
    }

    fn put(&mut self, proposal: ProposalId, draft: Option<Draft>, voting: Option<Voting>) {
        self.touched.insert(proposal);
        let written = Proposal {
            state: State::Draft,
            holds_until: None,
            draft,
            voting,
            queued: None,
            executed: None,
            changed: 0,
            cancelled: None,
            vetoed: None,
            settled: None,
        };
        self.proposals.put(proposal, written);
    }
}

impl Proposal {
    fn progress(&self) -> Progress {
        match self {
            Self { executed: Some(_), .. } => Progress::Executed,
            Self { vetoed: Some(_), .. } => Progress::Vetoed,
            Self { cancelled: Some(_), .. } => Progress::Cancelled,
            Self { queued: Some(Queued { option, ready_at, expires_at, .. }), .. } => {
                Progress::Queued { option: *option, ready_at: *ready_at, expires_at: *expires_at }
            }
            Self { voting: Some(_), .. } => Progress::Proposed,
            _ => Progress::Draft,
        }
    }

    /// Its state at `now`, by the contracts' own rules.
    fn settle(&mut self, now: Moment) {
        let progress = self.progress();
        let window = self.voting.as_ref().map_or(0, |voting| voting.window);
        let poll = self.voting.as_ref().map(|voting| (&voting.poll, &voting.tally));
        let standing = poll.map(|(poll, tally)| poll.standing(tally, now));
        // Only a draft has no poll, and its state follows from its being one.
        let Ok(state) = State::of(progress, window, now, || Ok::<_, Infallible>(standing.unwrap_or(Standing::Stopped)));
        self.holds_until = State::holds_until(progress, window, now, poll);
        self.state = state;
        if let (Some(voting), Some(Standing::Decided { winner, .. })) = (&mut self.voting, standing) {
            voting.winner = winner;
        }
    }
}

impl Voting {
    /// When its rankings were counted.
    pub fn counted(&self) -> Option<Moment> {
        match self.poll.stage {
            Stage::Counted { at, .. } => Some(at),
            Stage::Opened | Stage::Stopped => None,
        }
    }
}

/// What can be decided: a majority vote is for or against its only option, in any other vote none can win.
fn with_none_of_the_above(mechanism: Mechanism, mut options: Vec<OptionText>) -> Vec<OptionText> {
    if mechanism != Mechanism::Majority {
        options.push(OptionText { title: "None of the above".to_owned(), calls: Vec::new() });
    }
    options
}
