//! The naive model: everybody's tokens and delegations at every moment, every vote, and every proposal's progress.

use crate::world::{GUARDED_UNTIL, LIVE_LIMIT, TREASURY, share};
use ballot::{Majority, Support, Thresholds};
use interfaces::{
    Balance, Moment, ProposalId,
    governor::{GovernorError, Rules},
    lifecycle::{Progress, State},
    polls::{PollError, Standing},
    token::{DelegationError, PSP22Error},
};
use std::collections::BTreeMap;

/// How many people hold tokens.
pub const PEOPLE: usize = 5;

/// One of them.
pub type Who = usize;

/// The rules of every kind.
pub fn rules() -> Rules {
    Rules {
        freeze: 2_000,
        extension: 4_000,
        thresholds: Thresholds { quorum: share(4_000), approval: share(5_500), plurality: share(0) },
        spend_cap: 400_000,
        period_cap: 600_000,
        period: 60_000,
        ..crate::world::rules()
    }
}

/// What a proposal does.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Pays this out of the treasury.
    Pay(Balance),
    /// Lets everybody have so many live proposals.
    Limit(u32),
}

/// Who has what, and who votes with it.
#[derive(Debug, Clone, Copy)]
struct Holdings {
    tokens: [Balance; PEOPLE],
    through: [Option<Who>; PEOPLE],
}

/// A proposal with its poll.
#[derive(Debug)]
pub struct Proposed {
    pub proposer: Who,
    pub action: Action,
    pub snapshot: Moment,
    pub closes: Moment,
    pub quorum_reached: bool,
    votes: BTreeMap<Who, Support>,
    pub progress: Progress,
    pub deposit: Balance,
    pub settled: bool,
    abuse: bool,
    /// Whether the poll was stopped, which one that was decided cannot be.
    stopped: bool,
}

/// Everything.
pub struct Model {
    pub now: Moment,
    past: BTreeMap<Moment, Holdings>,
    pub proposals: Vec<Proposed>,
    pub live: [u32; PEOPLE],
    pub limit: u32,
    pub treasury: Balance,
    spent: BTreeMap<u64, Balance>,
}

type Done = Result<(), GovernorError>;

impl Model {
    pub fn new(now: Moment) -> Self {
        let holdings = Holdings { tokens: [400, 300, 200, 90, 10], through: [None; PEOPLE] };
        Self {
            now,
            past: BTreeMap::from([(now - 1, holdings)]),
            proposals: vec![],
            live: [0; PEOPLE],
            limit: LIVE_LIMIT,
            treasury: TREASURY,
            spent: BTreeMap::new(),
        }
    }

    /// The number of a proposal that is counted backwards from the latest.
    pub fn number(&self, which: usize) -> ProposalId {
        let count = self.proposals.len();
        let number = count.checked_sub(which.saturating_add(1)).unwrap_or(count);
        u32::try_from(number).expect("proposals are few")
    }

    fn known(&self, proposal: ProposalId) -> Option<&Proposed> {
        self.proposals.get(usize::try_from(proposal).expect("proposals are few"))
    }

    fn change(&mut self, proposal: ProposalId) -> &mut Proposed {
        &mut self.proposals[usize::try_from(proposal).expect("proposals are few")]
    }

    fn holdings(&self, moment: Moment) -> Holdings {
        *self.past.range(..=moment).next_back().expect("it is after the beginning").1
    }

    /// Someone's voting power at the end of a moment.
    pub fn power(&self, who: Who, moment: Moment) -> Balance {
        let Holdings { tokens, through } = self.holdings(moment);
        (0..PEOPLE).filter(|holder| through[*holder].unwrap_or(*holder) == who).map(|holder| tokens[holder]).sum()
    }

    pub fn transfer(&mut self, from: Who, to: Who, amount: Balance) -> Result<(), PSP22Error> {
        let mut holdings = self.holdings(self.now);
        if from == to || amount == 0 {
            return Ok(());
        }
        if amount > holdings.tokens[from] {
            return Err(PSP22Error::InsufficientBalance);
        }
        holdings.tokens[from] -= amount;
        holdings.tokens[to] += amount;
        self.past.insert(self.now, holdings);
        Ok(())
    }

    pub fn delegate(&mut self, who: Who, to: Option<Who>) -> Result<(), DelegationError> {
        if to == Some(who) {
            return Err(DelegationError::ToOneself);
        }
        let mut holdings = self.holdings(self.now);
        holdings.through[who] = to;
        self.past.insert(self.now, holdings);
        Ok(())
    }

    /// What a vote counts with: one's own tokens, and those of whom one represents and who have not voted themselves.
    fn weight(&self, proposal: &Proposed, who: Who) -> Balance {
        let Holdings { tokens, through } = self.holdings(proposal.snapshot);
        let counts =
            |holder: &Who| *holder == who || (through[*holder] == Some(who) && !proposal.votes.contains_key(holder));
        (0..PEOPLE).filter(counts).map(|holder| tokens[holder]).sum()
    }

    pub fn tally(&self, proposal: &Proposed) -> Majority {
        let mut tally = Majority::default();
        for (who, support) in &proposal.votes {
            let side = match support {
                Support::For => &mut tally.in_favour,
                Support::Against => &mut tally.against,
                Support::Abstain => &mut tally.abstain,
            };
            *side += self.weight(proposal, *who);
        }
        tally
    }

    fn has_quorum(&self, proposal: &Proposed) -> bool {
        let Majority { in_favour, abstain, .. } = self.tally(proposal);
        !proposal.votes.is_empty() && (in_favour + abstain) * 10_000 >= crate::world::SUPPLY * 4_000
    }

    fn carries(&self, proposal: &Proposed) -> bool {
        let Majority { in_favour, against, .. } = self.tally(proposal);
        self.has_quorum(proposal) && in_favour * 10_000 > (in_favour + against) * 5_500
    }

    fn standing(&self, proposal: &Proposed) -> Standing {
        if proposal.stopped {
            Standing::Stopped
        } else if self.now <= proposal.snapshot {
            Standing::Pending
        } else if self.now <= proposal.closes {
            Standing::Open
        } else {
            Standing::Decided { winner: self.carries(proposal).then_some(0), since: proposal.closes }
        }
    }

    pub fn state(&self, proposal: ProposalId) -> Result<State, GovernorError> {
        let known = self.known(proposal).ok_or(GovernorError::UnknownProposal)?;
        State::of(known.progress, rules().execution_window, self.now, || Ok(self.standing(known)))
    }

    /// The proposal's next moment: when voting opens, when it closes, when it can be executed, when it cannot any more.
    pub fn next_moment(&self, proposal: ProposalId) -> Moment {
        let Some(known) = self.known(proposal) else { return self.now + 1 };
        let window = rules().execution_window;
        let mut moments = vec![known.snapshot, known.snapshot + 1, known.closes, known.closes + 1];
        moments.push(known.closes + window + 1);
        if let Progress::Queued { ready_at, expires_at, .. } = known.progress {
            moments.extend([ready_at, expires_at, expires_at + 1]);
        }
        moments.into_iter().filter(|moment| *moment > self.now).min().unwrap_or(self.now + 1)
    }

    /// Someone whose vote counts and is not cast yet, unless the proposal carries already.
    pub fn next_supporter(&self, proposal: ProposalId) -> Option<Who> {
        let known = self.known(proposal).filter(|known| !self.carries(known))?;
        (0..PEOPLE).find(|who| !known.votes.contains_key(who) && self.weight(known, *who) != 0)
    }

    /// Whether its execution delay is over, if it is queued.
    pub fn is_ready(&self, proposal: ProposalId) -> bool {
        let progress = self.known(proposal).map(|known| known.progress);
        matches!(progress, Some(Progress::Queued { ready_at, .. }) if self.now >= ready_at)
    }

    pub fn vote(&mut self, who: Who, poll: ProposalId, support: Support) -> Result<(), PollError> {
        let (now, rules) = (self.now, rules());
        let known = self.known(poll).ok_or(PollError::UnknownPoll)?;
        let standing = self.standing(known);
        if standing != Standing::Open {
            return Err(PollError::WrongStanding(standing));
        }
        if known.votes.contains_key(&who) && now > known.closes - rules.freeze {
            return Err(PollError::Frozen);
        }
        if self.weight(known, who) == 0 {
            return Err(PollError::NoVotingPower);
        }
        self.change(poll).votes.insert(who, support);
        let known = self.known(poll).expect("it is known");
        if !known.quorum_reached && self.has_quorum(known) {
            let known = self.change(poll);
            known.quorum_reached = true;
            known.closes = known.closes.max(now + rules.extension);
        }
        Ok(())
    }

    pub fn propose(&mut self, proposer: Who, action: Action) -> Result<ProposalId, GovernorError> {
        if self.power(proposer, self.now - 1) < rules().proposal_threshold {
            return Err(GovernorError::BelowProposalThreshold);
        }
        if self.live[proposer] >= self.limit {
            return Err(GovernorError::TooManyProposals);
        }
        self.live[proposer] += 1;
        let snapshot = self.now + rules().voting_delay;
        self.proposals.push(Proposed {
            proposer,
            action,
            snapshot,
            closes: snapshot + rules().voting_period,
            quorum_reached: false,
            votes: BTreeMap::new(),
            progress: Progress::Proposed,
            deposit: rules().deposit,
            settled: false,
            abuse: false,
            stopped: false,
        });
        Ok(self.number(0))
    }

    pub fn queue(&mut self, proposal: ProposalId) -> Done {
        let state = self.state(proposal)?;
        if state != State::Succeeded {
            return Err(GovernorError::WrongState(state));
        }
        let ready_at = self.now + rules().execution_delay;
        let expires_at = ready_at + rules().execution_window;
        self.change(proposal).progress = Progress::Queued { option: 0, ready_at, expires_at };
        Ok(())
    }

    pub fn execute(&mut self, proposal: ProposalId) -> Done {
        let state = self.state(proposal)?;
        let known = self.known(proposal).expect("it has a state");
        match known.progress {
            Progress::Queued { ready_at, .. } if state == State::Queued && self.now < ready_at => {
                return Err(GovernorError::TooEarly);
            }
            Progress::Queued { .. } if state == State::Queued => (),
            _ => return Err(GovernorError::WrongState(state)),
        }
        match known.action {
            Action::Pay(amount) => self.pay(amount)?,
            Action::Limit(0) => return Err(GovernorError::CallFailed(0)),
            Action::Limit(limit) => self.limit = limit,
        }
        self.change(proposal).progress = Progress::Executed;
        Ok(())
    }

    fn pay(&mut self, amount: Balance) -> Done {
        let left = self.treasury.checked_sub(amount).ok_or(GovernorError::CallFailed(0))?;
        let in_period = self.spent_now() + amount;
        if amount > rules().spend_cap || in_period > rules().period_cap {
            return Err(GovernorError::SpendCap);
        }
        self.treasury = left;
        self.spent.insert(self.now / rules().period, in_period);
        Ok(())
    }

    /// What was spent in the present period.
    pub fn spent_now(&self) -> Balance {
        self.spent.get(&(self.now / rules().period)).copied().unwrap_or_default()
    }

    /// Nobody in particular is the guardian.
    pub fn cancel(&mut self, who: Option<Who>, proposal: ProposalId) -> Done {
        let state = self.state(proposal)?;
        let proposes = self.known(proposal).map(|known| known.proposer) == who;
        let guards = who.is_none() && self.now <= GUARDED_UNTIL;
        if proposes && state == State::Pending || guards && !state.is_final() {
            self.stop(proposal, state, Progress::Cancelled);
            return Ok(());
        }
        Err(if proposes || guards { GovernorError::WrongState(state) } else { GovernorError::NotProposer })
    }

    pub fn veto(&mut self, who: Option<Who>, proposal: ProposalId, abuse: bool) -> Done {
        let state = self.state(proposal)?;
        if who.is_some() || self.now > GUARDED_UNTIL {
            return Err(GovernorError::NotGuardian);
        }
        if state.is_final() {
            return Err(GovernorError::WrongState(state));
        }
        self.stop(proposal, state, Progress::Vetoed);
        self.change(proposal).abuse = abuse;
        Ok(())
    }

    fn stop(&mut self, proposal: ProposalId, state: State, progress: Progress) {
        let known = self.change(proposal);
        known.stopped = matches!(state, State::Pending | State::Active);
        known.progress = progress;
    }

    pub fn settle(&mut self, proposal: ProposalId) -> Done {
        let state = self.state(proposal)?;
        if !state.is_final() {
            return Err(GovernorError::WrongState(state));
        }
        let known = self.change(proposal);
        if known.settled {
            return Err(GovernorError::AlreadySettled);
        }
        known.settled = true;
        let (deposit, proposer, abuse) = (std::mem::take(&mut known.deposit), known.proposer, known.abuse);
        self.live[proposer] -= 1;
        if abuse {
            self.treasury += deposit;
        }
        Ok(())
    }
}
