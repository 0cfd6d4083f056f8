//! What follows from the events: pure arithmetic from what was known before a batch to the rows after it. No I/O, and
//! nothing from outside a batch but what [`Needs`] names, so the same events give the same rows however they are cut
//! into batches.

mod accounts;
mod effects;
mod governor;
mod needs;
mod ordered;
mod polls;
mod proposals;
mod registry;
pub mod settings;
mod table;
mod treasury;
mod unclaimed;

pub use accounts::{Account, Accounts, Delegated};
pub use effects::Effects;
pub use governor::Governor;
pub use needs::Needs;
pub use polls::{Vote, Votes};
pub use proposals::{CreatedRow, Draft, Executed, OptionText, Proposal, Proposals, Queued, Text, Voting};
pub use registry::{
    Freeze, Identity, Journal, Known, Member, Office, PublishedKey, ROLES, Registry, RegistryNeeds, Tenure, role_name,
};
pub use settings::{Settings, SettingsNeeds};
pub use table::Table;
pub use treasury::{
    Budgeted, Entry, EntryKind, EscrowRow, Freed, Freeing, Holding, MilestoneRow, Ordered, Place, Said, Statement,
    StreamRow, Treasury,
};

use crate::{
    config::Contracts,
    decode::{ContractEvent, ProposalEvent, TokenEvent, decode},
    error::Error,
    facts::{BlockFacts, Height},
};
use interfaces::{AccountId, Balance, Moment, ProposalId};

/// A block with its events decoded; those of contracts that are not projected are left out.
#[derive(Debug)]
pub struct Block {
    height: Height,
    moment: Moment,
    events: Vec<Event>,
    /// The treasury's account.
    treasury: AccountId,
    /// Its free native balance after the block.
    treasury_free: Balance,
}

#[derive(Debug)]
struct Event {
    index: u32,
    extrinsic: Option<u32>,
    contract: AccountId,
    meaning: Result<ContractEvent, String>,
}

impl Block {
    /// Decodes a block's events.
    pub fn decode(contracts: &Contracts, facts: &BlockFacts) -> Self {
        let events = facts.events.iter().filter_map(|event| {
            let meaning = decode(contracts, event)?;
            Some(Event { index: event.index, extrinsic: event.extrinsic, contract: event.contract, meaning })
        });
        Self {
            height: facts.id.height,
            moment: facts.moment,
            events: events.collect(),
            treasury: contracts.treasury,
            treasury_free: facts.treasury_free,
        }
    }
}

/// The part of the mirror that a batch is about: what was known of it before, and afterwards what is to be written.
#[derive(Debug, Default)]
pub struct Mirror {
    /// Tokens and voting power.
    pub accounts: Accounts,
    /// Whose accounts are whose, and who may do what.
    pub registry: Registry,
    /// What the governor goes by.
    pub governor: Governor,
    /// Proposals.
    pub proposals: Proposals,
    /// Votes.
    pub votes: Votes,
    /// The treasury.
    pub treasury: Treasury,
    /// What executions do besides.
    pub effects: Effects,
    /// What governance tells the systems.
    pub settings: Settings,
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

/// An event that was not understood, and why.
#[derive(Debug)]
pub struct UndecodedRow {
    pub origin: Origin,
    pub reason: String,
}

impl Mirror {
    /// Works out what a batch changes.
    ///
    /// # Errors
    /// [`Error::Contradiction`] if an event cannot follow from what is known, such as a transfer of more than the sender
    /// holds.
    pub fn project(mut self, batch: Vec<Block>) -> Result<Self, Error> {
        for block in batch {
            self.block(block)?;
        }
        Ok(self)
    }

    fn block(&mut self, block: Block) -> Result<(), Error> {
        let Block { height, moment, events, treasury, treasury_free } = block;
        // What a block's time has ended was over before anything in it happened.
        self.accounts.end_due(moment, height).map_err(Error::Tampered)?;
        let mut last = 0;
        let ordered = ordered::by_proposals(&events);
        for (Event { index, extrinsic, contract, meaning }, ordered) in events.into_iter().zip(ordered) {
            last = index;
            let origin = Origin { height, index, moment };
            match meaning {
                Err(reason) => self.undecoded.push(UndecodedRow { origin, reason }),
                Ok(event) => self
                    .event(origin, extrinsic, ordered, contract, treasury, event)
                    .map_err(|reason| Error::Contradiction { height, index, reason })?,
            }
        }
        self.proposals.settle(height, moment);
        self.effects.end_block();
        self.registry.end_block();
        self.treasury.end_block(height, moment, treasury_free).map_err(|reason| Error::Contradiction {
            height,
            index: last,
            reason,
        })?;
        Ok(())
    }

    fn event(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        ordered: Option<ProposalId>,
        contract: AccountId,
        treasury: AccountId,
        event: ContractEvent,
    ) -> Result<(), String> {
        use ContractEvent as E;
        match event {
            E::Token(event) => {
                if let TokenEvent::Transfer(transfer) = &event {
                    self.treasury.moved(origin, extrinsic, contract, treasury, transfer);
                }
                return self.accounts.apply(origin, event);
            }
            E::Foreign(transfer) => self.treasury.moved(origin, extrinsic, contract, treasury, &transfer),
            E::Registry(event) => return self.registry.apply(origin, extrinsic, event),
            E::Governor(event) => self.governor.apply(origin, event),
            E::Proposal(event) => {
                if let ProposalEvent::ProposalExecuted(executed) = &event {
                    self.effects.executed(extrinsic, contract, executed.proposal);
                    self.treasury.executed(extrinsic, executed.proposal);
                    self.registry.executed(extrinsic, contract, executed.proposal);
                }
                return self.proposals.apply(origin, event);
            }
            E::Poll(event) => return self.votes.apply(origin, event, &mut self.proposals),
            E::Rankings(event) => return self.votes.counted(origin, event, &mut self.proposals),
            E::Treasury(event) => return self.treasury.apply(origin, extrinsic, event),
            E::Settings(event) => return self.settings.apply(origin, ordered, event),
            E::Upgraded(event) => self.effects.upgraded(origin, extrinsic, contract, &event),
        }
        Ok(())
    }
}
