//! A chain in memory with our contracts on it, and people who hold tokens. What the contracts can be asked stands in
//! [`crate::asks`].

use crate::bundles;
use ballot::{BasisPoints, Mechanism, Thresholds};
use drink::{
    AccountId32, DispatchError, Sandbox, Weight,
    minimal::{MinimalSandbox, RuntimeEvent},
    pallet_contracts::{Determinism, Event as ContractsEvent},
    sandbox_api::prelude::*,
};
use ink::{env::Event, primitives::LangError};
use interfaces::{
    AccountId, Balance, Hash, Millis, Moment,
    governor::{Call, Choosable, GovernorError, Guardian, Kind, Mechanisms, Parts, ProposalRequest, Rules},
    polls,
    registry::{Accreditation, Tiers, limits},
    treasury::{Asset, Budget, Category},
};
use scale::Decode;
use std::fmt::Debug;

/// Holds 400 of the 1,000 tokens.
pub const ALICE: AccountId32 = AccountId32::new([0xa1; 32]);
/// Holds 300.
pub const BOB: AccountId32 = AccountId32::new([0xb0; 32]);
/// Holds 200.
pub const CAROL: AccountId32 = AccountId32::new([0xca; 32]);
/// Holds 90.
pub const DAVE: AccountId32 = AccountId32::new([0xda; 32]);
/// Holds 10, fewer than a proposer needs.
pub const ERIN: AccountId32 = AccountId32::new([0xe1; 32]);
/// Holds nothing.
pub const STRANGER: AccountId32 = AccountId32::new([0xff; 32]);
/// Holds nothing, and may stop proposals until [`GUARDED_UNTIL`].
pub const GUARDIAN: AccountId32 = AccountId32::new([0x9d; 32]);
/// Holds nothing, and says who is who.
pub const ATTESTOR: AccountId32 = AccountId32::new([0xad; 32]);

/// All tokens.
pub const SUPPLY: Balance = 1_000;
/// Who holds them at the start.
pub const HOLDERS: [(AccountId32, Balance); 5] = [(ALICE, 400), (BOB, 300), (CAROL, 200), (DAVE, 90), (ERIN, 10)];
/// The treasury's native currency at the start.
pub const TREASURY: Balance = 1_000_000;
/// The category of spending that has as much as the treasury.
pub const GENERAL: Category = 0;
/// When every test begins: the first moment of a period of spending.
pub const START: Moment = 1_700_000_000_000;
/// The last moment of the guardian's power.
pub const GUARDED_UNTIL: Moment = START + 10_000_000;
/// How long identities are attested that a test does not say otherwise of.
pub const ATTESTED_UNTIL: Moment = START + limits::VALIDITY;
/// How many live proposals an account may have.
pub const LIVE_LIMIT: u32 = 3;
/// How much work a block of the local chain takes: two seconds, and a proof of five megabytes.
pub const BLOCK: Weight = Weight::from_parts(2_000_000_000_000, 5 * 1024 * 1024);

/// What the contracts take for the hash of this chain's genesis block.
pub fn chain() -> Hash {
    Hash::from([0xc4; 32])
}

/// The rules that most tests play by, whatever a proposal's kind.
pub fn rules() -> Rules {
    Rules {
        mechanisms: Mechanisms::ALL,
        proposal_threshold: 50,
        deposit: 100,
        voting_delay: 1_000,
        voting_period: 10_000,
        freeze: 0,
        extension: 0,
        thresholds: Thresholds { quorum: share(5_000), approval: share(5_000), plurality: share(0) },
        credits: 100,
        execution_delay: 2_000,
        execution_window: 5_000,
        spend_cap: 2 * TREASURY,
        period_cap: 3 * TREASURY,
        period: 1_000_000,
        guarded: true,
    }
}

/// A share in basis points.
pub fn share(bps: u16) -> BasisPoints {
    BasisPoints::new(bps).expect("a share in a test is one")
}

/// A person as contracts know one.
pub fn id(person: &AccountId32) -> AccountId {
    let bytes: &[u8; 32] = person.as_ref();
    AccountId::from(*bytes)
}

pub fn account(id: AccountId) -> AccountId32 {
    AccountId32::new(*id.as_ref())
}

/// A message and its arguments, as bytes. A macro, for the selector is made when this is compiled.
#[macro_export]
macro_rules! message {
    ($name:literal $(, $argument:expr)*) => {
        scale::Encode::encode(&(ink::selector_bytes!($name), $($argument,)*))
    };
}

/// A call of a proposal.
pub fn call(target: AccountId, message: Vec<u8>) -> Call {
    let (selector, input) = message.split_first_chunk().expect("a message begins with its selector");
    Call { target, selector: *selector, input: input.to_vec(), value: 0 }
}

/// A majority vote on these calls.
pub fn request(kind: Kind, calls: Vec<Call>) -> ProposalRequest {
    ProposalRequest { kind, ..choosing(Mechanism::Majority, vec![calls]) }
}

/// A vote in which one of these options is chosen.
pub fn choosing(mechanism: Mechanism, options: Vec<Vec<Call>>) -> ProposalRequest {
    ProposalRequest {
        kind: Kind::TreasurySpending,
        mechanism,
        title: "Pay for the audit".into(),
        link: "https://forum.example/t/1".into(),
        content_hash: Hash::from([7; 32]),
        options: options.into_iter().map(|calls| Choosable { title: "Do it".into(), calls }).collect(),
    }
}

/// The chain, and where the contracts are.
pub struct World {
    pub chain: MinimalSandbox,
    /// How many contracts were instantiated: every one is another, even if it begins like one that is there.
    deployed: u32,
    pub governor: AccountId,
    pub ledger: AccountId,
    pub token: AccountId,
    pub registry: AccountId,
    pub relay: AccountId,
    pub rankings: AccountId,
    pub polls: AccountId,
    pub treasury: AccountId,
    pub settings: AccountId,
}

impl World {
    /// A world in which nothing has happened yet.
    pub fn new() -> Self {
        Self::under(rules())
    }

    /// A world with these rules for every kind of proposal.
    pub fn under(rules: Rules) -> Self {
        let mut world = Self::empty();
        world.governor = world.deploy("governor", Self::constructor(rules), 0);
        world.deploy_voting(&HOLDERS);
        world.deploy_governed();
        assert_eq!(world.install(&ALICE, world.parts()), Ok(()));
        world.at(START + 1);
        world
    }

    /// A chain without contracts.
    pub fn empty() -> Self {
        let chain = MinimalSandbox::default();
        let nobody = AccountId::from([0; 32]);
        let [governor, ledger, token, registry, relay, rankings, polls, treasury, settings] = [nobody; 9];
        let mut world =
            Self { chain, deployed: 0, governor, ledger, token, registry, relay, rankings, polls, treasury, settings };
        world.at(START);
        for person in [ALICE, BOB, CAROL, DAVE, ERIN, STRANGER, GUARDIAN, ATTESTOR] {
            world.give(id(&person), 1_000_000_000_000);
        }
        world
    }

    /// How the governor of most tests is instantiated.
    pub fn constructor(rules: Rules) -> Vec<u8> {
        let guardian = Some(Guardian { account: id(&GUARDIAN), until: GUARDED_UNTIL });
        message!("new", [rules; 4], guardian, LIVE_LIMIT)
    }

    /// Instantiates what knows and counts votes, all of this governor's, and gives out the tokens.
    pub fn deploy_voting(&mut self, holders: &[(AccountId32, Balance)]) {
        self.ledger = self.deploy("ledger", message!("new", self.governor), 0);
        self.relay = self.deploy("relay", message!("new", self.governor, chain()), 0);
        self.token = self.deploy("token", self.token_on(self.ledger, holders), 0);
        self.registry = self.deploy_registry(self.governor);
        self.polls = self.deploy_polls(self.ledger);
        self.rankings = self.ask::<polls::Parts>(self.polls, message!("Polls::parts")).rankings;
    }

    /// Instantiates a registry that follows this governor, in which one attestor may do what can be done.
    pub fn deploy_registry(&mut self, governor: AccountId) -> AccountId {
        let all = Accreditation { tiers: Tiers(u16::MAX), daily_cap: u32::MAX };
        self.deploy("registry", message!("new", governor, vec![(id(&ATTESTOR), all)], chain()), 0)
    }

    /// Instantiates the treasury, with its money, and the settings, which follow this governor.
    pub fn deploy_governed(&mut self) {
        self.treasury = self.deploy("treasury", self.treasury_for(self.governor), TREASURY);
        self.settings = self.deploy("settings", message!("new", self.governor, self.registry), 0);
    }

    /// What knows and counts votes, by the names of the code.
    pub fn voting(&self) -> [(&'static str, AccountId); 6] {
        [
            ("ledger", self.ledger),
            ("token", self.token),
            ("registry", self.registry),
            ("relay", self.relay),
            ("rankings", self.rankings),
            ("polls", self.polls),
        ]
    }

    /// How a token of this governor's is instantiated, which is kept in the books of `ledger`.
    pub fn token_on(&self, ledger: AccountId, holders: &[(AccountId32, Balance)]) -> Vec<u8> {
        let holders: Vec<_> = holders.iter().map(|(person, balance)| (id(person), *balance)).collect();
        message!("new", self.governor, ledger, self.relay, Some("Gaia"), Some("GAIA"), 12_u8, holders)
    }

    /// How a ballot box of this governor's is instantiated, in which those vote whom `ledger` knows.
    pub fn polls_on(&self, ledger: AccountId, rankings: AccountId) -> Vec<u8> {
        message!("new", self.governor, ledger, self.registry, rankings, self.relay)
    }

    /// A ballot box like that, with rankings of its own.
    pub fn deploy_polls(&mut self, ledger: AccountId) -> AccountId {
        let rankings = self.deploy("rankings", message!("new", self.governor), 0);
        self.deploy("polls", self.polls_on(ledger, rankings), 0)
    }

    /// How a treasury that follows `governor` is instantiated, with [`GENERAL`] to spend from.
    pub fn treasury_for(&self, governor: AccountId) -> Vec<u8> {
        let unbounded =
            Budget { asset: Asset::Native, cap: Balance::MAX, period: 1, begins: 0, carries: false, tier: None };
        message!("new", governor, self.registry, chain(), vec![(GENERAL, unbounded)])
    }

    /// What the governor is made of.
    pub fn parts(&self) -> Parts {
        Parts { ledger: self.ledger, polls: self.polls, treasury: self.treasury, settings: self.settings }
    }

    /// Tells the governor its parts.
    pub fn install(&mut self, who: &AccountId32, parts: Parts) -> Result<(), GovernorError> {
        self.send(who, self.governor, message!("Governor::install", parts))
    }

    /// Instantiates a contract; Alice does.
    pub fn deploy(&mut self, name: &str, constructor: Vec<u8>, endowment: Balance) -> AccountId {
        self.try_deploy(name, constructor, endowment).unwrap_or_else(|answer| panic!("{name} refused: {answer:?}"))
    }

    /// Instantiates a contract; its constructor's answer if that is an error. It may take as long as a block does, for
    /// each holder of a token is an entry in another contract.
    pub fn try_deploy(&mut self, name: &str, constructor: Vec<u8>, endowment: Balance) -> Result<AccountId, Vec<u8>> {
        let code = bundles::code(name);
        self.deployed += 1;
        let salt = self.deployed.to_le_bytes().to_vec();
        let done = self.chain.deploy_contract(code, endowment, constructor, salt, ALICE, BLOCK, None);
        let done = done.result.unwrap_or_else(|error| panic!("{name} cannot be deployed: {error:?}"));
        if done.result.did_revert() { Err(done.result.data) } else { Ok(id(&done.account_id)) }
    }

    /// Makes code known to the chain, and says by which hash.
    pub fn upload(&mut self, name: &str) -> Hash {
        let uploaded = self.chain.upload_contract(bundles::code(name), ALICE, None, Determinism::Enforced);
        Hash::from(uploaded.unwrap_or_else(|error| panic!("{name} cannot be uploaded: {error:?}")).code_hash.0)
    }

    /// Sends a message and decodes its answer. No contract here ever traps, whatever it is sent.
    pub fn send<R: Decode>(&mut self, from: &AccountId32, to: AccountId, message: Vec<u8>) -> R {
        self.pay(from, to, message, 0)
    }

    /// Sends a message with native currency.
    pub fn pay<R: Decode>(&mut self, from: &AccountId32, to: AccountId, message: Vec<u8>, value: Balance) -> R {
        let data =
            self.try_send(from, to, message, value).unwrap_or_else(|error| panic!("the call trapped: {error:?}"));
        let answer = Result::<R, LangError>::decode(&mut &data[..]).expect("the answer is of the message's type");
        answer.expect("the contract knows the message")
    }

    /// Asks a contract what changes nothing.
    pub fn ask<R: Decode>(&mut self, whom: AccountId, message: Vec<u8>) -> R {
        self.send(&STRANGER, whom, message)
    }

    /// Sends a message; its answer as bytes, or why the pallet undid it.
    pub fn try_send(
        &mut self,
        from: &AccountId32,
        to: AccountId,
        message: Vec<u8>,
        value: Balance,
    ) -> Result<Vec<u8>, DispatchError> {
        self.chain.reset_events();
        let (gas, determinism) = (MinimalSandbox::default_gas_limit(), Determinism::Enforced);
        let done = self.chain.call_contract(account(to), value, message, from.clone(), gas, None, determinism);
        done.result.map(|answer| answer.data)
    }

    /// Sends a message and says what it cost.
    pub fn weigh(&mut self, from: &AccountId32, to: AccountId, message: Vec<u8>) -> (Weight, Balance) {
        let (gas, determinism) = (MinimalSandbox::default_gas_limit(), Determinism::Enforced);
        let done = self.chain.call_contract(account(to), 0, message, from.clone(), gas, None, determinism);
        assert!(done.result.is_ok_and(|answer| !answer.did_revert()), "what is weighed must succeed");
        (done.gas_consumed, done.storage_deposit.charge_or_zero())
    }

    /// Forgets the events of the messages before.
    pub fn reset_events(&mut self) {
        self.chain.reset_events();
    }

    /// The events of this kind that the last message led to.
    pub fn events<E: Event + Decode>(&mut self) -> Vec<E> {
        let signature = E::SIGNATURE_TOPIC.expect("no event here is anonymous");
        let records = self.chain.events();
        let of_kind = records.iter().filter(|record| record.topics.first().is_some_and(|topic| topic.0 == signature));
        of_kind
            .map(|record| match &record.event {
                RuntimeEvent::Contracts(ContractsEvent::ContractEmitted { data, .. }) => {
                    E::decode(&mut &data[..]).expect("an event is of its signature's type")
                }
                other => panic!("{other:?} has a contract event's topic"),
            })
            .collect()
    }

    /// Of this kind, the last message led to these events and no others.
    #[track_caller]
    pub fn expect_events<E: Event + Decode + PartialEq + Debug>(&mut self, expected: &[E]) {
        assert_eq!(self.events::<E>(), expected);
    }

    /// Moves the clock: the next message is in a block of this time.
    pub fn at(&mut self, moment: Moment) {
        self.chain.set_timestamp(moment);
    }

    /// The present block's time.
    pub fn now(&mut self) -> Moment {
        self.chain.get_timestamp()
    }

    /// Moves the clock on.
    pub fn wait(&mut self, time: Millis) {
        let now = self.now();
        self.at(now + time);
    }

    /// An account's native currency, with what keeps it in existence: 1.
    pub fn money(&mut self, whose: AccountId) -> Balance {
        self.chain.free_balance(&account(whose))
    }

    /// Gives an account native currency.
    pub fn give(&mut self, whom: AccountId, amount: Balance) {
        self.chain.mint_into(&account(whom), amount).expect("an account can be given money");
    }
}
