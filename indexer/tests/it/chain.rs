//! Blocks as a chain would tell them.

use indexer::{
    Contracts,
    facts::{BlockFacts, BlockId, Height, RawEvent},
};
use ink::env::Event;
use interfaces::{
    AccountId, Balance, Hash, Moment, ProposalId,
    governor::{Call, PinnedCall, ProposalCreated, ProposalExecuted, ProposalQueued, VoteCast},
    lifecycle::Terms,
    token::Transfer,
    treasury::Paid,
};
use scale::Encode;

/// First block of the mirror.
pub const START: Height = 10;

/// The contracts.
pub const CONTRACTS: Contracts =
    Contracts { token: AccountId([1; 32]), governor: AccountId([2; 32]), treasury: AccountId([3; 32]) };

/// A person.
pub fn person(number: u8) -> AccountId {
    AccountId([100 + number; 32])
}

/// What a proposal's life is measured by: voting from 1,000 to 2,000 ms after `made`, 100 ms of delay, a window of
/// 5,000 ms, a tenth of the supply as quorum and half as approval.
pub fn terms(made: Moment) -> Terms {
    Terms {
        snapshot: made + 1_000,
        voting_ends: made + 2_000,
        execution_delay: 100,
        execution_window: 5_000,
        quorum: ballot::BasisPoints::new(1_000).expect("a share"),
        approval: ballot::BasisPoints::new(5_000).expect("a share"),
    }
}

/// A proposal with one call, to pay `amount` to `payee`.
pub fn proposal(number: ProposalId, made: Moment) -> ProposalCreated {
    let call =
        Call { target: CONTRACTS.treasury, selector: [1, 2, 3, 4], input: (person(9), 500u128).encode(), value: 0 };
    ProposalCreated {
        proposal: number,
        proposer: person(0),
        title: format!("Proposal {number}"),
        link: String::new(),
        content_hash: [5; 32].into(),
        calls: vec![PinnedCall { call, code_hash: [6; 32].into() }],
        terms: terms(made),
    }
}

/// Blocks in a row.
pub struct Chain {
    height: Height,
    last: Hash,
    moment: Moment,
    treasury_free: Balance,
    /// Told from other chains by it.
    pub salt: u8,
    /// The blocks so far.
    pub blocks: Vec<BlockFacts>,
}

impl Chain {
    /// A chain whose first block is the mirror's first.
    pub fn new() -> Self {
        Self { height: START, last: [0; 32].into(), moment: 0, treasury_free: 0, salt: 0, blocks: Vec::new() }
    }

    /// A chain whose first block creates the token: 100 for person 1, 200 for person 2, 700 for person 3.
    pub fn with_tokens() -> Self {
        let mut chain = Self::new();
        chain.block(0, |block| {
            for (number, value) in [(1, 100), (2, 200), (3, 700)] {
                block.token(&Transfer { from: None, to: Some(person(number)), value });
            }
        });
        chain
    }

    /// Adds a block at `moment`.
    pub fn block(&mut self, moment: Moment, fill: impl FnOnce(&mut Events)) -> &mut Self {
        let mut events = Events::default();
        fill(&mut events);
        let mut hash = [self.salt; 32];
        hash[..8].copy_from_slice(&self.height.to_be_bytes());
        let id = BlockId { height: self.height, hash: hash.into() };
        self.moment = moment;
        self.treasury_free = events.treasury_free.unwrap_or(self.treasury_free);
        self.blocks.push(BlockFacts {
            id,
            parent: self.last,
            state_root: [8; 32].into(),
            moment,
            spec_version: 1,
            events: events.events,
            treasury_free: self.treasury_free,
        });
        self.last = id.hash;
        self.height += 1;
        self
    }

    /// Adds an empty block at `moment`.
    pub fn empty(&mut self, moment: Moment) -> &mut Self {
        self.block(moment, |_| {})
    }
}

/// A whole round: a proposal made at 1,000, voted on, queued, executed with one payment, and another made that fails.
pub fn round() -> Chain {
    let mut chain = Chain::with_tokens();
    chain
        .block(500, |block| block.treasury_free = Some(10_000))
        .block(1_000, |block| block.governor(&proposal(0, 1_000)))
        .block(1_500, |block| {
            block.token(&Transfer { from: Some(person(3)), to: Some(person(4)), value: 50 });
            block.governor(&proposal(1, 1_500));
        })
        .empty(2_000)
        .block(2_500, |block| {
            block.governor(&vote(0, 1, ballot::Support::For, 100));
            block.extrinsic(2).governor(&vote(0, 2, ballot::Support::Abstain, 200));
        })
        .block(2_600, |block| {
            block.governor(&vote(0, 4, ballot::Support::Against, 50));
            block.governor(&vote(1, 4, ballot::Support::For, 50));
        })
        .block(3_100, |block| {
            block.governor(&ProposalQueued { proposal: 0, ready_at: 3_200, expires_at: 8_200 });
        })
        .block(3_300, |block| {
            block.treasury(&Paid { payee: person(9), amount: 500 });
            block.governor(&ProposalExecuted { proposal: 0, executor: person(1) });
            block.treasury_free = Some(9_500);
        })
        .empty(4_000)
        .empty(9_000);
    chain
}

/// A vote.
pub fn vote(proposal: ProposalId, voter: u8, support: ballot::Support, power: Balance) -> VoteCast {
    VoteCast { proposal, voter: person(voter), support, power }
}

/// The events of a block.
pub struct Events {
    events: Vec<RawEvent>,
    extrinsic: Option<u32>,
    index: u32,
    /// What the treasury holds after the block; as before if nothing.
    pub treasury_free: Option<Balance>,
}

impl Default for Events {
    fn default() -> Self {
        Self { events: Vec::new(), extrinsic: Some(1), index: 0, treasury_free: None }
    }
}

impl Events {
    /// What follows belongs to this extrinsic.
    pub fn extrinsic(&mut self, number: u32) -> &mut Self {
        self.extrinsic = Some(number);
        self
    }

    /// What follows belongs to no extrinsic.
    pub fn hook(&mut self) -> &mut Self {
        self.extrinsic = None;
        self
    }

    /// An event of the token.
    pub fn token(&mut self, event: &impl Event) {
        self.event(CONTRACTS.token, event);
    }

    /// An event of the governor.
    pub fn governor(&mut self, event: &impl Event) {
        self.event(CONTRACTS.governor, event);
    }

    /// An event of the treasury.
    pub fn treasury(&mut self, event: &impl Event) {
        self.event(CONTRACTS.treasury, event);
    }

    /// An event of any contract.
    pub fn event<E: Event>(&mut self, contract: AccountId, event: &E) {
        let topics = E::SIGNATURE_TOPIC.map(Hash::from).into_iter().chain([[0xee; 32].into()]).collect();
        self.raw(contract, topics, event.encode());
    }

    /// Any event of any contract.
    pub fn raw(&mut self, contract: AccountId, topics: Vec<Hash>, data: Vec<u8>) {
        // Pallets emit events of their own in between.
        self.index += 2;
        self.events.push(RawEvent { index: self.index, extrinsic: self.extrinsic, contract, topics, data });
    }
}
