//! Blocks as a chain would tell them.

use ballot::{BasisPoints, Choice, Mechanism, Support, Thresholds};
use indexer::{
    Contracts,
    facts::{BlockFacts, BlockId, Height, RawEvent},
};
use ink::env::Event;
use interfaces::{
    AccountId, Balance, Hash, Moment, ProposalId,
    governor::{
        Call, Kind, Mechanisms, PinnedCall, ProposalCreated, ProposalExecuted, ProposalQueued, ProposalSettled, Rules,
    },
    polls::{ElectorateFixed, PollOpened, PollTerms, QuorumReached, VoteCast},
    token::Transfer,
    treasury::{Asset, Budget, BudgetSet, Category, Paid},
};
use scale::Encode;

/// First block of the mirror.
pub const START: Height = 10;

/// The contracts.
pub const CONTRACTS: Contracts = Contracts {
    token: AccountId([1; 32]),
    governor: AccountId([2; 32]),
    treasury: AccountId([3; 32]),
    registry: AccountId([4; 32]),
    polls: AccountId([5; 32]),
    ledger: AccountId([6; 32]),
    rankings: AccountId([7; 32]),
    settings: AccountId([8; 32]),
    relay: AccountId([9; 32]),
};

/// A person.
pub fn person(number: u8) -> AccountId {
    AccountId([100 + number; 32])
}

/// A share in basis points.
pub fn share(points: u16) -> BasisPoints {
    BasisPoints::new(points).expect("a share")
}

/// Rules: voting from 1,000 to 2,000 ms after the making, changes until 200 ms before its end, 300 ms more if the quorum
/// comes late, 100 ms of delay, a window of 5,000 ms; a tenth of the electorate as quorum, half as approval, and a third
/// as plurality.
pub fn rules() -> Rules {
    Rules {
        mechanisms: Mechanisms::ALL,
        proposal_threshold: 10,
        deposit: 7,
        voting_delay: 1_000,
        voting_period: 1_000,
        freeze: 200,
        extension: 300,
        thresholds: Thresholds { quorum: share(1_000), approval: share(5_000), plurality: share(3_333) },
        credits: 100,
        execution_delay: 100,
        execution_window: 5_000,
        spend_cap: 1_000,
        period_cap: 3_000,
        period: 86_400_000,
        guarded: true,
    }
}

/// What the poll of a proposal made at that moment is held by; `options` with "none of the above".
pub fn terms(made: Moment, mechanism: Mechanism, options: u8) -> PollTerms {
    let Rules { voting_delay, voting_period: period, freeze, extension, thresholds, credits, .. } = rules();
    PollTerms { mechanism, options, snapshot: made + voting_delay, period, freeze, extension, thresholds, credits }
}

/// A call that pays `amount` to person 9.
pub fn payment(amount: Balance) -> Call {
    Call { target: CONTRACTS.treasury, selector: [1, 2, 3, 4], input: (person(9), amount).encode(), value: 0 }
}

/// A category is given this budget, with periods of 1,000 ms from 500 on, in the first of which nothing was spent.
pub fn budget_set(category: Category, asset: Asset, cap: Balance, now: Moment) -> BudgetSet {
    let budget = Budget { asset, cap, period: 1_000, begins: 500, carries: false, tier: None };
    BudgetSet { category, budget, left: if now < 500 { 0 } else { cap } }
}

/// A proposal that is voted for or against, with one call.
pub fn proposal(number: ProposalId, made: Moment) -> ProposalCreated {
    ProposalCreated {
        proposal: number,
        proposer: person(0),
        kind: Kind::TreasurySpending,
        title: format!("Proposal {number}"),
        link: String::new(),
        content_hash: [5; 32].into(),
        options: vec![("Pay".to_owned(), vec![PinnedCall { call: payment(500), code_hash: [6; 32].into() }])],
        rules: rules(),
        poll: terms(made, Mechanism::Majority, 0),
    }
}

/// A proposal with so many options that do nothing, and "none of the above".
pub fn election(number: ProposalId, made: Moment, mechanism: Mechanism, options: u8) -> ProposalCreated {
    ProposalCreated {
        kind: Kind::CommunityInitiative,
        options: (0..options).map(|option| (format!("Option {option}"), Vec::new())).collect(),
        poll: terms(made, mechanism, options + 1),
        ..proposal(number, made)
    }
}

/// A vote for or against.
pub fn vote(poll: ProposalId, voter: u8, support: Support, power: Balance) -> VoteCast {
    ballot(poll, voter, Choice::Majority(support), power)
}

/// A vote.
pub fn ballot(poll: ProposalId, voter: u8, choice: Choice, power: Balance) -> VoteCast {
    VoteCast { poll, voter: person(voter), choice, power }
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
            existential_deposit: 5,
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

/// A whole round: a proposal made at 1,000, voted on, queued, executed with one payment and settled, and another made
/// that fails.
pub fn round() -> Chain {
    let mut chain = Chain::with_tokens();
    chain
        .block(500, |block| {
            block.treasury(&budget_set(0, Asset::Native, 1_000, 500));
            block.treasury_free = Some(10_000);
        })
        .block(1_000, |block| block.propose(&proposal(0, 1_000)))
        .block(1_500, |block| {
            block.token(&Transfer { from: Some(person(3)), to: Some(person(4)), value: 50 });
            block.propose(&proposal(1, 1_500));
        })
        .empty(2_000)
        .block(2_500, |block| {
            block.polls(&ElectorateFixed { poll: 0, electorate: 1_000 });
            block.polls(&vote(0, 1, Support::For, 100));
            block.polls(&QuorumReached { poll: 0, closes: 3_000 });
            block.extrinsic(2).polls(&vote(0, 2, Support::Abstain, 200));
        })
        .block(2_600, |block| {
            block.polls(&vote(0, 4, Support::Against, 50));
            block.polls(&ElectorateFixed { poll: 1, electorate: 1_000 });
            block.polls(&vote(1, 4, Support::For, 50));
        })
        .block(3_100, |block| {
            block.governor(&ProposalQueued { proposal: 0, option: 0, ready_at: 3_200, expires_at: 8_200 });
        })
        .block(3_300, |block| {
            block.treasury(&Paid { category: 0, payee: person(9), asset: Asset::Native, amount: 500 });
            block.governor(&ProposalExecuted { proposal: 0, executor: person(1), spent: 500 });
            block.governor(&ProposalSettled { proposal: 0, payee: person(0), deposit: 7 });
            block.treasury_free = Some(9_500);
        })
        .empty(4_000)
        .empty(9_000);
    chain
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

    /// An event of the registry.
    pub fn registry(&mut self, event: &impl Event) {
        self.event(CONTRACTS.registry, event);
    }

    /// An event of the ballot box.
    pub fn polls(&mut self, event: &impl Event) {
        self.event(CONTRACTS.polls, event);
    }

    /// An event of the rankings.
    pub fn rankings(&mut self, event: &impl Event) {
        self.event(CONTRACTS.rankings, event);
    }

    /// What making a proposal emits: its poll is opened first.
    pub fn propose(&mut self, event: &ProposalCreated) {
        self.polls(&PollOpened { poll: event.proposal, terms: event.poll });
        self.governor(event);
    }

    /// An event of the governor.
    pub fn governor(&mut self, event: &impl Event) {
        self.event(CONTRACTS.governor, event);
    }

    /// An event of the treasury.
    pub fn treasury(&mut self, event: &impl Event) {
        self.event(CONTRACTS.treasury, event);
    }

    /// An event of the settings.
    pub fn settings(&mut self, event: &impl Event) {
        self.event(CONTRACTS.settings, event);
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
