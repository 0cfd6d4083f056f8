//! A chain in memory with a token, a governor and a treasury on it, and five people who hold tokens.

use crate::bundles;
use ballot::{BasisPoints, Support};
use drink::{
    AccountId32, DispatchError, Sandbox,
    minimal::{MinimalSandbox, RuntimeEvent},
    pallet_contracts::{Determinism, Event as ContractsEvent},
    sandbox_api::prelude::*,
};
use ink::{env::Event, primitives::LangError};
use interfaces::{
    AccountId, Balance, Hash, Millis, Moment, ProposalId,
    governor::{Call, GovernorError, Proposal, ProposalRequest, Receipt, Rules},
    lifecycle::State,
    token::{PSP22Error, VotesError},
    treasury::TreasuryError,
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

/// All tokens.
pub const SUPPLY: Balance = 1_000;
/// The treasury's native currency at the start.
pub const TREASURY: Balance = 1_000_000;
/// When every test begins.
pub const START: Moment = 1_700_000_000_000;

/// The rules that every test plays by.
pub fn rules() -> Rules {
    Rules {
        proposal_threshold: 50,
        voting_delay: 1_000,
        voting_period: 10_000,
        execution_delay: 2_000,
        execution_window: 5_000,
        quorum: share(5_000),
        approval: share(5_000),
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

fn account(id: AccountId) -> AccountId32 {
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

/// A proposal that makes these calls.
pub fn request(calls: Vec<Call>) -> ProposalRequest {
    ProposalRequest {
        title: "Pay for the audit".into(),
        link: "https://forum.example/t/1".into(),
        content_hash: Hash::from([7; 32]),
        calls,
    }
}

/// The chain, and where the contracts are.
pub struct World {
    chain: MinimalSandbox,
    pub token: AccountId,
    pub governor: AccountId,
    pub treasury: AccountId,
}

impl World {
    /// A world in which nothing has happened yet.
    pub fn new() -> Self {
        let nowhere = AccountId::from([0; 32]);
        let mut world = Self { chain: MinimalSandbox::default(), token: nowhere, governor: nowhere, treasury: nowhere };
        world.at(START);
        for person in [ALICE, BOB, CAROL, DAVE, ERIN, STRANGER] {
            world.give(id(&person), 1_000_000_000_000);
        }
        let holders = [(ALICE, 400), (BOB, 300), (CAROL, 200), (DAVE, 90), (ERIN, 10)]
            .map(|(person, balance): (_, Balance)| (id(&person), balance));
        let (name, symbol) = (Some("Gaia".to_owned()), Some("GAIA".to_owned()));
        world.token = world.deploy("token", message!("new", name, symbol, 12_u8, holders.to_vec()), 0);
        world.governor = world.deploy("governor", message!("new", world.token, rules()), 0);
        world.treasury = world.deploy("treasury", message!("new", world.governor), TREASURY);
        world.at(START + 1);
        world
    }

    /// Instantiates a contract.
    pub fn deploy(&mut self, name: &str, constructor: Vec<u8>, endowment: Balance) -> AccountId {
        self.try_deploy(name, constructor, endowment).unwrap_or_else(|answer| panic!("{name} refused: {answer:?}"))
    }

    /// Instantiates a contract; its constructor's answer if that is an error.
    pub fn try_deploy(&mut self, name: &str, constructor: Vec<u8>, endowment: Balance) -> Result<AccountId, Vec<u8>> {
        let (code, gas) = (bundles::code(name), MinimalSandbox::default_gas_limit());
        let done = self.chain.deploy_contract(code, endowment, constructor, vec![], ALICE, gas, None);
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
    pub fn weigh(&mut self, from: &AccountId32, to: AccountId, message: Vec<u8>) -> (drink::Weight, Balance) {
        let (gas, determinism) = (MinimalSandbox::default_gas_limit(), Determinism::Enforced);
        let done = self.chain.call_contract(account(to), 0, message, from.clone(), gas, None, determinism);
        assert!(done.result.is_ok_and(|answer| !answer.did_revert()), "what is weighed must succeed");
        (done.gas_consumed, done.storage_deposit.charge_or_zero())
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

/// The token's messages.
impl World {
    pub fn transfer(&mut self, from: &AccountId32, to: &AccountId32, value: Balance) -> Result<(), PSP22Error> {
        self.send(from, self.token, message!("PSP22::transfer", id(to), value, Vec::<u8>::new()))
    }

    pub fn votes_at(&mut self, person: &AccountId32, moment: Moment) -> Result<Balance, VotesError> {
        self.send(&STRANGER, self.token, message!("Votes::votes_at", id(person), moment))
    }

    pub fn supply_at(&mut self, moment: Moment) -> Result<Balance, VotesError> {
        self.send(&STRANGER, self.token, message!("Votes::supply_at", moment))
    }
}

/// The governor's messages.
impl World {
    pub fn propose(&mut self, who: &AccountId32, request: &ProposalRequest) -> Result<ProposalId, GovernorError> {
        self.send(who, self.governor, message!("Governor::propose", request))
    }

    pub fn vote(&mut self, who: &AccountId32, proposal: ProposalId, support: Support) -> Result<(), GovernorError> {
        self.send(who, self.governor, message!("Governor::vote", proposal, support))
    }

    pub fn queue(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
        self.send(&STRANGER, self.governor, message!("Governor::queue", proposal))
    }

    pub fn execute(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
        self.send(&STRANGER, self.governor, message!("Governor::execute", proposal))
    }

    pub fn cancel(&mut self, who: &AccountId32, proposal: ProposalId) -> Result<(), GovernorError> {
        self.send(who, self.governor, message!("Governor::cancel", proposal))
    }

    pub fn state(&mut self, proposal: ProposalId) -> Result<State, GovernorError> {
        self.send(&STRANGER, self.governor, message!("Governor::state", proposal))
    }

    pub fn proposal(&mut self, proposal: ProposalId) -> Proposal {
        let known: Option<Proposal> = self.send(&STRANGER, self.governor, message!("Governor::proposal", proposal));
        known.expect("the proposal was made")
    }

    pub fn tally(&mut self, proposal: ProposalId) -> ballot::Majority {
        let known: Option<ballot::Majority> =
            self.send(&STRANGER, self.governor, message!("Governor::tally", proposal));
        known.expect("the proposal was made")
    }

    pub fn receipt(&mut self, proposal: ProposalId, person: &AccountId32) -> Option<Receipt> {
        self.send(&STRANGER, self.governor, message!("Governor::receipt", proposal, id(person)))
    }
}

/// The treasury's messages.
impl World {
    pub fn order(
        &mut self,
        who: &AccountId32,
        treasury: AccountId,
        payee: AccountId,
        amount: Balance,
    ) -> Result<(), TreasuryError> {
        self.send(who, treasury, message!("Treasury::pay", payee, amount))
    }

    /// What a treasury says it holds.
    pub fn holds(&mut self, treasury: AccountId) -> Balance {
        self.send(&STRANGER, treasury, message!("Treasury::balance"))
    }

    /// A proposal's call that pays from the treasury.
    pub fn payment(&self, payee: &AccountId32, amount: Balance) -> Call {
        call(self.treasury, message!("Treasury::pay", id(payee), amount))
    }
}

/// A proposal's way.
impl World {
    /// Alice proposes these calls.
    pub fn proposed(&mut self, calls: Vec<Call>) -> ProposalId {
        self.propose(&ALICE, &request(calls)).expect("Alice may propose")
    }

    /// The first moment of voting has come.
    pub fn opened(&mut self, calls: Vec<Call>) -> ProposalId {
        let proposal = self.proposed(calls);
        self.open(proposal);
        proposal
    }

    /// Goes to the first moment of voting.
    pub fn open(&mut self, proposal: ProposalId) {
        let opens = self.proposal(proposal).terms.snapshot + 1;
        self.at(opens);
    }

    /// Goes to the first moment after voting.
    pub fn close(&mut self, proposal: ProposalId) {
        let closed = self.proposal(proposal).terms.voting_ends + 1;
        self.at(closed);
    }

    /// Voting is over, and the proposal has passed.
    pub fn passed(&mut self, calls: Vec<Call>) -> ProposalId {
        let proposal = self.opened(calls);
        for person in [ALICE, BOB] {
            self.vote(&person, proposal, Support::For).expect("holders vote");
        }
        self.close(proposal);
        proposal
    }

    /// The proposal is queued, and its delay is over.
    pub fn ready(&mut self, calls: Vec<Call>) -> ProposalId {
        let proposal = self.passed(calls);
        self.queue(proposal).expect("what passed can be queued");
        self.wait(rules().execution_delay);
        proposal
    }
}
