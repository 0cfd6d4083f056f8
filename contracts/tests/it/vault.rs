//! A treasury by itself, which takes its orders from a governor's account without a vote, and what it can be told.
#![expect(clippy::cast_possible_truncation, reason = "the codec's derive casts the numbers of variants, which are few")]

use crate::{
    message,
    world::{START, STRANGER, World, account, chain, id, rules},
};
use drink::AccountId32;
use interfaces::{
    AccountId, Balance, Hash, Moment,
    signed::Signature,
    treasury::{
        Asset, Budget, Category, EscrowId, Milestone, MilestoneId, Payment, Release, Signers, Stream, StreamId,
        Tranche, TreasuryError,
    },
};
use scale::{Decode, Encode};
use sp_core::{Pair, sr25519};

/// What a message that changes something answers.
pub type Done = Result<(), TreasuryError>;

/// May spend 1,000 of the native currency in a period, and carries nothing.
pub const NATIVE: Category = 1;
/// May spend 1,000 tokens in a period, and carries what is left over.
pub const TOKENS: Category = 2;
/// As [`NATIVE`], for payees of tier 2.
pub const CLEARED: Category = 3;
/// What a budget allows in a period.
pub const CAP: Balance = 1_000;
/// Length of the budgets' periods.
pub const PERIOD: u64 = 10_000;
/// What the treasury has at the start, of the native currency and of tokens.
pub const ENDOWMENT: Balance = 10_000;
/// A milestone's dates in most tests.
pub const EARLIEST: Moment = START + 1_000;
pub const LATEST: Moment = START + 2_000;

/// How the crooked token takes an order; the variants are those of the fixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode)]
pub enum Manner {
    Honest,
    Refuses,
    Pretends,
    Denies,
    TakesFee,
    Mints,
    Traps,
    Bans(AccountId),
    CallsBack,
    Hides,
}

/// A budget for this asset from the beginning.
pub fn budget(asset: Asset) -> Budget {
    Budget { asset, cap: CAP, period: PERIOD, begins: START, carries: false, tier: None }
}

/// A step of the work that is worth so much.
pub fn milestone(payee: &AccountId32, amount: Balance) -> Milestone {
    let deliverable = Hash::from([5; 32]);
    Milestone { payee: id(payee), amount, earliest: EARLIEST, latest: LATEST, deliverable }
}

/// The first release of an escrow's first milestone.
pub fn release(payee: &AccountId32, amount: Balance) -> Release {
    Release { escrow: 0, milestone: 0, payee: id(payee), amount, nonce: 0 }
}

/// Someone with a key, who can sign.
pub struct Key {
    pair: sr25519::Pair,
    pub account: AccountId32,
}

impl Key {
    pub fn new(seed: u8) -> Self {
        let pair = sr25519::Pair::from_seed(&[seed; 32]);
        Self { account: AccountId32::new(pair.public().0), pair }
    }

    pub fn id(&self) -> AccountId {
        id(&self.account)
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::Sr25519(self.pair.sign(message).0)
    }
}

/// People with keys, in the order of their accounts.
pub fn keys(count: u8) -> Vec<Key> {
    let mut keys: Vec<_> = (1..=count).map(Key::new).collect();
    keys.sort_by_key(Key::id);
    keys
}

/// Their accounts.
pub fn ids(keys: &[Key]) -> Vec<AccountId> {
    keys.iter().map(Key::id).collect()
}

/// The treasury, with a token and a registry to try it with.
pub struct Vault {
    pub world: World,
    pub treasury: AccountId,
    pub token: AccountId,
}

impl Vault {
    /// A treasury without signers.
    pub fn new() -> Self {
        let mut world = World::empty();
        world.governor = world.deploy("governor", World::constructor(rules()), 0);
        // Orders come from its account, which pays for what is stored.
        world.give(world.governor, 1_000_000_000_000);
        world.registry = world.deploy_registry(world.governor);
        let token = world.deploy("crooked", message!("new"), 0);
        let tokens = Budget { carries: true, ..budget(Asset::Token(token)) };
        let cleared = Budget { tier: Some(2), ..budget(Asset::Native) };
        let budgets = vec![(NATIVE, budget(Asset::Native)), (TOKENS, tokens), (CLEARED, cleared)];
        let treasury =
            world.deploy("treasury", message!("new", world.governor, world.registry, chain(), budgets), ENDOWMENT);
        let mut vault = Self { world, treasury, token };
        vault.give_tokens(treasury, ENDOWMENT);
        vault
    }

    /// A treasury in which 2 of 3 signers must approve, and the signers.
    pub fn signing() -> (Self, Vec<Key>) {
        let (mut vault, keys) = (Self::new(), keys(3));
        for key in &keys {
            vault.world.give(key.id(), 1_000_000_000_000);
        }
        assert_eq!(vault.set_signers(&ids(&keys), 2), Ok(()));
        (vault, keys)
    }

    pub fn tokens(&self) -> Asset {
        Asset::Token(self.token)
    }

    /// Somebody sends it a message.
    pub fn send<R: Decode>(&mut self, who: &AccountId32, message: Vec<u8>) -> R {
        self.world.send(who, self.treasury, message)
    }

    /// The governor does.
    pub fn order<R: Decode>(&mut self, message: Vec<u8>) -> R {
        self.send(&account(self.world.governor), message)
    }

    /// Anybody does.
    pub fn ask<R: Decode>(&mut self, message: Vec<u8>) -> R {
        self.send(&STRANGER, message)
    }
}

/// What it is told.
impl Vault {
    pub fn pay(&mut self, category: Category, payee: &AccountId32, amount: Balance) -> Done {
        self.order(message!("Treasury::pay", Payment { category, payee: id(payee), amount }))
    }

    pub fn set_budget(&mut self, category: Category, budget: Budget) -> Done {
        self.order(message!("Budgets::set_budget", category, budget))
    }

    pub fn open_escrow(&mut self, category: Category, milestones: &[Milestone]) -> Result<EscrowId, TreasuryError> {
        self.order(message!("Escrows::open_escrow", category, milestones))
    }

    pub fn release(&mut self, release: Release) -> Done {
        self.ask(message!("Escrows::release", release))
    }

    pub fn lapse(&mut self, escrow: EscrowId, milestone: MilestoneId) -> Done {
        self.ask(message!("Escrows::lapse", escrow, milestone))
    }

    pub fn claw_back(&mut self, escrow: EscrowId, milestone: Option<MilestoneId>) -> Done {
        self.order(message!("Escrows::claw_back", escrow, milestone))
    }

    pub fn set_signers(&mut self, accounts: &[AccountId], threshold: u8) -> Done {
        self.order(message!("Signing::set_signers", accounts, threshold))
    }

    pub fn approve(&mut self, who: &AccountId32, release: Release) -> Done {
        self.send(who, message!("Signing::approve", release))
    }

    pub fn withdraw(&mut self, who: &AccountId32, release: Release) -> Done {
        self.send(who, message!("Signing::withdraw", release))
    }

    pub fn hand_in(&mut self, release: Release, deadline: Moment, signed: &[(AccountId, Signature)]) -> Done {
        self.ask(message!("Signing::approve_signed", release, deadline, signed))
    }

    pub fn open_stream(
        &mut self,
        category: Category,
        payee: &AccountId32,
        amount: Balance,
        begins: Moment,
        ends: Moment,
    ) -> Result<StreamId, TreasuryError> {
        self.order(message!("Streams::open_stream", category, id(payee), amount, begins, ends))
    }

    pub fn claim(&mut self, stream: StreamId) -> Done {
        self.ask(message!("Streams::claim", stream))
    }

    pub fn stop_stream(&mut self, stream: StreamId) -> Done {
        self.order(message!("Streams::stop_stream", stream))
    }

    pub fn pause(&mut self, who: &AccountId32) -> Done {
        self.send(who, message!("Pausing::pause"))
    }

    pub fn unpause(&mut self) -> Done {
        self.order(message!("Pausing::unpause"))
    }
}

/// What it is asked.
impl Vault {
    pub fn free(&mut self, asset: Asset) -> Result<Balance, TreasuryError> {
        self.ask(message!("Budgets::free", asset))
    }

    pub fn reserved(&mut self, asset: Asset) -> Balance {
        self.ask(message!("Budgets::reserved", asset))
    }

    /// What is free and what is reserved.
    pub fn books(&mut self, asset: Asset) -> (Balance, Balance) {
        (self.free(asset).expect("the token answers"), self.reserved(asset))
    }

    pub fn left(&mut self, category: Category) -> Balance {
        self.ask(message!("Budgets::left", category))
    }

    pub fn tranche(&mut self, escrow: EscrowId, milestone: MilestoneId) -> Option<Tranche> {
        self.ask(message!("Escrows::tranche", escrow, milestone))
    }

    /// What a milestone has had paid, and has left.
    pub fn money_of(&mut self, escrow: EscrowId, milestone: MilestoneId) -> (Balance, Balance) {
        let tranche = self.tranche(escrow, milestone).expect("there is such a milestone");
        (tranche.paid, tranche.left)
    }

    pub fn signers(&mut self) -> Signers {
        self.ask(message!("Signing::signers"))
    }

    pub fn approvals(&mut self, release: Release) -> Vec<AccountId> {
        self.ask(message!("Signing::approvals", release))
    }

    pub fn stream(&mut self, stream: StreamId) -> Stream {
        self.ask::<Option<Stream>>(message!("Streams::stream", stream)).expect("there is such a stream")
    }
}

/// The token, and the registry.
impl Vault {
    pub fn give_tokens(&mut self, to: AccountId, amount: Balance) {
        self.world.send(&STRANGER, self.token, message!("give", to, amount))
    }

    pub fn tokens_of(&mut self, whom: AccountId) -> Balance {
        self.world.ask(self.token, message!("PSP22::balance_of", whom))
    }

    pub fn behave(&mut self, manner: Manner) {
        self.world.send(&STRANGER, self.token, message!("behave", manner))
    }

    /// The token calls the treasury with this message whenever it sends something.
    pub fn aim(&mut self, message: Vec<u8>) {
        self.world.send(&STRANGER, self.token, message!("aim", self.treasury, message))
    }

    /// How often the treasury answered the token's call.
    pub fn let_in(&mut self) -> u32 {
        self.world.ask(self.token, message!("let_in"))
    }

    pub fn clear(&mut self, whom: &AccountId32, tier: Option<u8>) {
        self.world.clear(whom, tier);
    }

    /// What somebody has of an asset.
    pub fn has(&mut self, whom: &AccountId32, asset: Asset) -> Balance {
        match asset {
            Asset::Native => self.world.money(id(whom)),
            Asset::Token(_) => self.tokens_of(id(whom)),
        }
    }
}
