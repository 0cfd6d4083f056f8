//! What follows from the events: pure arithmetic from what was known before a batch to the rows after it. No I/O, and
//! nothing from outside a batch but [`Past`], so the same events give the same rows however they are cut into batches.

use crate::{
    config::Contracts,
    decode::{ContractEvent, Decoded, decode},
    error::Error,
    facts::{BlockFacts, Height},
};
use ballot::{Majority, Support};
use interfaces::{
    AccountId, Balance, Hash, Moment, ProposalId,
    governor::{PinnedCall, ProposalCreated, VoteCast},
    lifecycle::{Progress, State, Terms},
    token::Transfer,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    convert::Infallible,
};

/// A block with its events decoded; those of contracts that are not projected are left out.
#[derive(Debug)]
pub struct Block {
    height: Height,
    moment: Moment,
    events: Vec<Event>,
}

#[derive(Debug)]
struct Event {
    index: u32,
    extrinsic: Option<u32>,
    meaning: Result<ContractEvent, String>,
}

impl Block {
    /// Decodes a block's events.
    pub fn decode(contracts: &Contracts, facts: &BlockFacts) -> Self {
        let events = facts.events.iter().filter_map(|event| {
            let meaning = match decode(contracts, event) {
                Decoded::Foreign => return None,
                Decoded::Known(known) => Ok(known),
                Decoded::Unknown(reason) => Err(reason),
            };
            Some(Event { index: event.index, extrinsic: event.extrinsic, meaning })
        });
        Self { height: facts.id.height, moment: facts.moment, events: events.collect() }
    }
}

/// What must be known of the past to project a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Accounts whose balance changes.
    pub accounts: BTreeSet<AccountId>,
    /// Proposals that something happens to.
    pub proposals: BTreeSet<ProposalId>,
    /// Proposals that are due before this moment, too: time happens to them.
    pub due_before: Moment,
}

impl Needs {
    /// What `batch` needs.
    pub fn of(batch: &[Block]) -> Self {
        let mut needs = Self { due_before: batch.last().map_or(0, |block| block.moment), ..Self::default() };
        for event in batch.iter().flat_map(|block| &block.events).filter_map(|event| event.meaning.as_ref().ok()) {
            let proposal = match event {
                ContractEvent::Transfer(Transfer { from, to, .. }) => {
                    needs.accounts.extend(from.iter().chain(to));
                    continue;
                }
                ContractEvent::Approval(_) | ContractEvent::Deposited(_) | ContractEvent::Paid(_) => continue,
                // Should not be there yet; asked for so that a second one of the same number shows.
                ContractEvent::ProposalCreated(event) => event.proposal,
                ContractEvent::VoteCast(event) => event.proposal,
                ContractEvent::ProposalQueued(event) => event.proposal,
                ContractEvent::ProposalExecuted(event) => event.proposal,
                ContractEvent::ProposalCancelled(event) => event.proposal,
            };
            needs.proposals.insert(proposal);
        }
        needs
    }
}

/// What was known before a batch, of what the batch needs.
#[derive(Debug, Default)]
pub struct Past {
    /// Token balances; an account that is missing holds nothing.
    pub balances: HashMap<AccountId, Balance>,
    /// Proposals.
    pub proposals: BTreeMap<ProposalId, Proposal>,
    /// The token's supply: the latest, and the one at the snapshot of each of `proposals`.
    pub supply: Supply,
}

/// The token's supply from each moment on.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Supply(pub BTreeMap<Moment, Balance>);

impl Supply {
    /// The supply at the end of `moment`.
    fn at(&self, moment: Moment) -> Balance {
        self.0.range(..=moment).next_back().map_or(0, |(_, supply)| *supply)
    }
}

/// What can change about a proposal, and what it is measured by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What its life is measured by.
    pub terms: Terms,
    /// The count so far.
    pub tally: Majority,
    /// How many have voted.
    pub voters: u64,
    /// When it was queued, and what follows from that.
    pub queued: Option<Queued>,
    /// When and by whom it was executed.
    pub executed: Option<(Moment, AccountId)>,
    /// When it was taken back.
    pub cancelled: Option<Moment>,
    /// Last moment of its present state, if time alone can end that.
    pub holds_until: Option<Moment>,
}

/// When a proposal was queued, and what follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// The block's moment.
    pub at: Moment,
    /// First moment of execution.
    pub ready_at: Moment,
    /// Last moment of execution.
    pub expires_at: Moment,
}

impl Proposal {
    fn new(terms: Terms) -> Self {
        Self {
            terms,
            tally: Majority::default(),
            voters: 0,
            queued: None,
            executed: None,
            cancelled: None,
            holds_until: None,
        }
    }

    fn progress(&self) -> Progress {
        match self {
            Self { executed: Some(_), .. } => Progress::Executed,
            Self { cancelled: Some(_), .. } => Progress::Cancelled,
            Self { queued: Some(Queued { ready_at, expires_at, .. }), .. } => {
                Progress::Queued { ready_at: *ready_at, expires_at: *expires_at }
            }
            _ => Progress::Proposed,
        }
    }

    /// Its state at `now`, by the contract's own rule.
    fn settle(&mut self, now: Moment, supply: &Supply) -> State {
        let progress = self.progress();
        let answer = || Ok::<_, Infallible>(supply.at(self.terms.snapshot));
        let Ok(state) = self.terms.state(progress, &self.tally, now, answer);
        self.holds_until = if state.is_final() { None } else { self.terms.holds_until(progress, now) };
        state
    }
}

/// What a batch changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Accounts with their new balance and the block of its last change.
    pub accounts: BTreeMap<AccountId, (Balance, Height)>,
    /// New transfers.
    pub transfers: Vec<TransferRow>,
    /// The supply from each moment of the batch at which it changed.
    pub supply: BTreeMap<Moment, Balance>,
    /// New proposals.
    pub created: Vec<CreatedRow>,
    /// Proposals that changed, new ones included, with their new state.
    pub proposals: BTreeMap<ProposalId, (Proposal, State)>,
    /// New votes.
    pub votes: Vec<VoteRow>,
    /// New deposits and payments.
    pub movements: Vec<MovementRow>,
    /// Events that were not understood.
    pub undecoded: Vec<UndecodedRow>,
}

/// Where in the chain a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The event's block.
    pub height: Height,
    /// The event's position in it.
    pub index: u32,
    /// The block's timestamp.
    pub moment: Moment,
}

/// Tokens moved.
#[derive(Debug)]
pub struct TransferRow {
    pub origin: Origin,
    pub from: Option<AccountId>,
    pub to: Option<AccountId>,
    pub value: Balance,
}

/// A proposal was made.
#[derive(Debug)]
pub struct CreatedRow {
    pub origin: Origin,
    pub proposal: ProposalId,
    pub proposer: AccountId,
    pub title: String,
    pub link: String,
    pub content_hash: Hash,
    pub calls: Vec<PinnedCall>,
    pub terms: Terms,
}

/// A vote was cast.
#[derive(Debug)]
pub struct VoteRow {
    pub origin: Origin,
    pub proposal: ProposalId,
    pub voter: AccountId,
    pub support: Support,
    pub power: Balance,
}

/// Currency came into the treasury by message, or left it.
#[derive(Debug)]
pub struct MovementRow {
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it came or left.
    pub kind: Movement,
    /// The depositor or the payee.
    pub account: AccountId,
    /// How much.
    pub amount: Balance,
    /// The proposal whose execution made a payment.
    pub proposal: Option<ProposalId>,
}

/// Which way currency moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Into the treasury.
    Deposit,
    /// Out of it.
    Payment,
}

/// An event that was not understood, and why.
#[derive(Debug)]
pub struct UndecodedRow {
    pub origin: Origin,
    pub reason: String,
}

/// Works out what a batch changes.
///
/// # Errors
/// [`Error::Contradiction`] if an event cannot follow from what is known, such as a transfer of more than the sender
/// holds.
pub fn project(past: Past, batch: Vec<Block>) -> Result<Changes, Error> {
    let mut projection = Projection { past, changes: Changes::default() };
    for block in batch {
        projection.block(block)?;
    }
    Ok(projection.changes)
}

struct Projection {
    past: Past,
    changes: Changes,
}

impl Projection {
    fn block(&mut self, block: Block) -> Result<(), Error> {
        let Block { height, moment, events } = block;
        let mut touched = BTreeSet::new();
        // Payments of each extrinsic that no execution has claimed yet.
        let mut unclaimed: HashMap<Option<u32>, Vec<usize>> = HashMap::new();
        for Event { index, extrinsic, meaning } in events {
            let origin = Origin { height, index, moment };
            let contradiction = |reason: String| Error::Contradiction { height, index, reason };
            match meaning {
                Err(reason) => self.changes.undecoded.push(UndecodedRow { origin, reason }),
                // Allowances are not mirrored.
                Ok(ContractEvent::Approval(_)) => {}
                Ok(ContractEvent::Transfer(event)) => self.transfer(origin, event).map_err(contradiction)?,
                Ok(ContractEvent::ProposalCreated(event)) => {
                    touched.insert(event.proposal);
                    self.created(origin, event).map_err(contradiction)?;
                }
                Ok(ContractEvent::VoteCast(event)) => {
                    touched.insert(event.proposal);
                    self.vote(origin, event).map_err(contradiction)?;
                }
                Ok(ContractEvent::ProposalQueued(event)) => {
                    touched.insert(event.proposal);
                    self.proposal(event.proposal).map_err(contradiction)?.queued =
                        Some(Queued { at: moment, ready_at: event.ready_at, expires_at: event.expires_at });
                }
                Ok(ContractEvent::ProposalExecuted(event)) => {
                    touched.insert(event.proposal);
                    self.proposal(event.proposal).map_err(contradiction)?.executed = Some((moment, event.executor));
                    // The governor makes a proposal's calls first and then tells of the execution, so what was paid
                    // since the extrinsic's last execution was paid by this one.
                    for payment in unclaimed.remove(&extrinsic).unwrap_or_default() {
                        self.changes.movements[payment].proposal = Some(event.proposal);
                    }
                }
                Ok(ContractEvent::ProposalCancelled(event)) => {
                    touched.insert(event.proposal);
                    self.proposal(event.proposal).map_err(contradiction)?.cancelled = Some(moment);
                }
                Ok(ContractEvent::Deposited(event)) => {
                    self.movement(origin, Movement::Deposit, event.from, event.amount);
                }
                Ok(ContractEvent::Paid(event)) => {
                    let payment = self.movement(origin, Movement::Payment, event.payee, event.amount);
                    unclaimed.entry(extrinsic).or_default().push(payment);
                }
            }
        }
        self.settle(moment, &touched);
        Ok(())
    }

    fn transfer(&mut self, origin: Origin, event: Transfer) -> Result<(), String> {
        let Transfer { from, to, value } = event;
        if let Some(from) = from {
            let left = self.balance(from).checked_sub(value);
            self.set_balance(from, left.ok_or("more tokens left an account than it held")?, origin.height);
        }
        if let Some(to) = to {
            let sum = self.balance(to).checked_add(value);
            self.set_balance(to, sum.ok_or("an account's tokens exceed what can be counted")?, origin.height);
        }
        let supply = self.past.supply.at(Moment::MAX);
        let changed = match (from, to) {
            (None, Some(_)) => Some(supply.checked_add(value).ok_or("the supply exceeds what can be counted")?),
            (Some(_), None) => Some(supply.checked_sub(value).ok_or("more tokens were burnt than there are")?),
            _ => None,
        };
        if let Some(supply) = changed {
            self.past.supply.0.insert(origin.moment, supply);
            self.changes.supply.insert(origin.moment, supply);
        }
        self.changes.transfers.push(TransferRow { origin, from, to, value });
        Ok(())
    }

    fn balance(&self, account: AccountId) -> Balance {
        self.past.balances.get(&account).copied().unwrap_or_default()
    }

    fn set_balance(&mut self, account: AccountId, balance: Balance, height: Height) {
        self.past.balances.insert(account, balance);
        self.changes.accounts.insert(account, (balance, height));
    }

    fn created(&mut self, origin: Origin, event: ProposalCreated) -> Result<(), String> {
        let ProposalCreated { proposal, proposer, title, link, content_hash, calls, terms } = event;
        if self.past.proposals.insert(proposal, Proposal::new(terms)).is_some() {
            return Err(format!("there is a proposal {proposal} already"));
        }
        self.changes.created.push(CreatedRow { origin, proposal, proposer, title, link, content_hash, calls, terms });
        Ok(())
    }

    fn vote(&mut self, origin: Origin, event: VoteCast) -> Result<(), String> {
        let VoteCast { proposal, voter, support, power } = event;
        let counted = self.proposal(proposal)?;
        counted.tally.add(support, power).map_err(|_| "the votes exceed what can be counted")?;
        counted.voters = counted.voters.saturating_add(1);
        self.changes.votes.push(VoteRow { origin, proposal, voter, support, power });
        Ok(())
    }

    fn proposal(&mut self, proposal: ProposalId) -> Result<&mut Proposal, String> {
        self.past.proposals.get_mut(&proposal).ok_or_else(|| format!("there is no proposal {proposal}"))
    }

    /// Returns the movement's position among the batch's.
    fn movement(&mut self, origin: Origin, kind: Movement, account: AccountId, amount: Balance) -> usize {
        self.changes.movements.push(MovementRow { origin, kind, account, amount, proposal: None });
        self.changes.movements.len() - 1
    }

    /// Brings to `now` the state of every proposal that something happened to or whose time has come.
    fn settle(&mut self, now: Moment, touched: &BTreeSet<ProposalId>) {
        let Past { proposals, supply, .. } = &mut self.past;
        for (id, proposal) in proposals {
            if touched.contains(id) || proposal.holds_until.is_some_and(|last| last < now) {
                let state = proposal.settle(now, supply);
                self.changes.proposals.insert(*id, (proposal.clone(), state));
            }
        }
    }
}
