//! The ledger and the rankings: each serves one contract for ever, and nobody else.

use crate::{
    booth::ranking,
    message,
    world::{ALICE, BOB, CAROL, GUARDIAN, STRANGER, SUPPLY, World, call, id, share},
};
use ballot::{Mechanism, Ranking, Way};
use drink::AccountId32;
use ink::primitives::LangError;
use interfaces::{
    AccountId, Balance,
    governor::{GovernorError, Kind},
    ledger::LedgerError,
    polls::PollError,
    rankings::{CountTerms, Move, RankingsError},
    token::{Delegation, Share},
};
use scale::Encode;

/// Some of all those who are not served.
const OTHERS: [AccountId32; 3] = [ALICE, GUARDIAN, STRANGER];

/// An order to move tokens: out of nothing if from nobody, into nothing if to nobody.
fn transfer(from: Option<&AccountId32>, to: Option<&AccountId32>, value: Balance) -> Vec<u8> {
    message!("Ledger::transfer", from.map(id), to.map(id), value)
}

/// An order to move power in a poll that has no rankings yet.
fn change(way: Way, power: Balance) -> Vec<u8> {
    message!("Rankings::change", 0_u32, 0_u32, vec![Move { way, ranking: ranking(&[0]), power }])
}

/// An order to count one ranking of a poll with so many options.
fn count(options: u8) -> Vec<u8> {
    let terms = CountTerms { mechanism: Mechanism::Ranked, options, approval: share(5_000), distinct: 1 };
    message!("Rankings::count", 0_u32, terms, 1_u32)
}

impl World {
    fn chunk(&mut self, rankings: AccountId) -> Vec<(Ranking, Balance)> {
        self.ask(rankings, message!("Rankings::chunk", 0_u32, 0_u32))
    }

    /// Not even a proposal that has passed can give this order.
    #[track_caller]
    fn assert_ungovernable(&mut self, target: AccountId, order: Vec<u8>) {
        let order = call(target, order);
        assert_eq!(self.enact(Kind::CommunityInitiative, vec![order]), Err(GovernorError::CallFailed(0)));
    }
}

#[test]
fn the_ledger_takes_transfers_and_delegations_from_its_token_only() {
    let mut world = World::new();
    let delegation = Delegation { shares: vec![Share { to: id(&STRANGER), share: share(10_000) }], ends: None };
    for order in [
        transfer(None, Some(&STRANGER), 1),
        transfer(Some(&ALICE), Some(&STRANGER), 1),
        transfer(Some(&ALICE), None, 1),
        message!("Ledger::delegate", id(&ALICE), delegation),
    ] {
        for person in OTHERS {
            let refused: Result<(), LedgerError> = world.send(&person, world.ledger, order.clone());
            assert_eq!(refused, Err(LedgerError::NotToken));
        }
    }
    world.assert_ungovernable(world.ledger, transfer(None, Some(&STRANGER), 1));
    let past = world.now() - 1;
    assert_eq!([ALICE, STRANGER].map(|person| world.votes_at(&person, past)), [400, 0].map(Ok));
    assert_eq!(world.supply_at(past), Ok(SUPPLY));
}

#[test]
fn the_ledger_serves_one_token_for_ever() {
    let mut world = World::new();
    let serve = message!("Ledger::serve");
    for person in OTHERS {
        let refused: Result<(), LedgerError> = world.send(&person, world.ledger, serve.clone());
        assert_eq!(refused, Err(LedgerError::AlreadyServing));
    }
    world.assert_ungovernable(world.ledger, serve);
    let second = world.try_deploy("token", world.token_on(world.ledger, &[(STRANGER, 1)]), 0);
    assert!(second.is_err(), "a token that does not have it for itself is none");
    let served: Option<AccountId> = world.ask(world.ledger, message!("Ledger::token"));
    let supply: Balance = world.ask(world.ledger, message!("Ledger::balance", None::<AccountId>));
    assert_eq!((served, supply), (Some(world.token), SUPPLY));
}

#[test]
fn the_ledger_keeps_what_the_first_who_asked_says_and_refuses_what_cannot_be() {
    let mut world = World::new();
    let ledger = world.deploy("ledger", message!("new", world.governor), 0);
    assert_eq!(world.ask::<Option<AccountId>>(ledger, message!("Ledger::token")), None);
    let mut tell = |order| world.send::<Result<(), LedgerError>>(&ALICE, ledger, order);
    assert_eq!(tell(transfer(None, Some(&BOB), 1)), Err(LedgerError::NotToken), "she has not asked yet");
    assert_eq!(tell(message!("Ledger::serve")), Ok(()));
    assert_eq!(tell(message!("Ledger::serve")), Err(LedgerError::AlreadyServing));
    assert_eq!(tell(transfer(None, Some(&BOB), Balance::MAX)), Ok(()));
    assert_eq!(tell(transfer(None, Some(&CAROL), 1)), Err(LedgerError::Overflow));
    assert_eq!(tell(transfer(Some(&CAROL), Some(&BOB), 1)), Err(LedgerError::InsufficientBalance));
    assert_eq!(tell(transfer(Some(&BOB), Some(&CAROL), 1)), Ok(()));
    let balances: [Balance; 2] =
        [BOB, CAROL].map(|person| world.ask(ledger, message!("Ledger::balance", Some(id(&person)))));
    assert_eq!(balances, [Balance::MAX - 1, 1]);
}

#[test]
fn the_rankings_are_changed_and_counted_by_their_ballot_box_only() {
    let mut world = World::new();
    for order in [change(Way::In, 1), change(Way::Out, 1), count(3)] {
        for person in OTHERS {
            let refused: Result<(), RankingsError> = world.send(&person, world.rankings, order.clone());
            assert_eq!(refused, Err(RankingsError::NotPolls));
        }
    }
    world.assert_ungovernable(world.rankings, change(Way::In, 1));
    assert!(world.chunk(world.rankings).is_empty());
}

#[test]
fn the_rankings_serve_one_ballot_box_for_ever() {
    let mut world = World::new();
    let serve = message!("Rankings::serve");
    for person in OTHERS {
        let refused: Result<(), RankingsError> = world.send(&person, world.rankings, serve.clone());
        assert_eq!(refused, Err(RankingsError::AlreadyServing));
    }
    world.assert_ungovernable(world.rankings, serve);
    let second = world.polls_on(world.ledger, world.rankings);
    assert_refused(&mut world, second, PollError::RankingsFailed);
    let served: Option<AccountId> = world.ask(world.rankings, message!("Rankings::polls"));
    assert_eq!(served, Some(world.polls));
}

/// What a ballot box's constructor answers.
#[track_caller]
fn assert_refused(world: &mut World, constructor: Vec<u8>, why: PollError) {
    let refused: Result<Result<(), PollError>, LangError> = Ok(Err(why));
    assert_eq!(world.try_deploy("polls", constructor, 0), Err(refused.encode()));
}

#[test]
fn the_rankings_keep_what_the_first_who_asked_says_and_refuse_what_cannot_be() {
    let mut world = World::new();
    let rankings = world.deploy("rankings", message!("new", world.governor), 0);
    assert_eq!(world.ask::<Option<AccountId>>(rankings, message!("Rankings::polls")), None);
    let early: Result<u32, RankingsError> = world.send(&ALICE, rankings, change(Way::In, 5));
    assert_eq!(early, Err(RankingsError::NotPolls), "she has not asked yet");
    let served: Result<(), RankingsError> = world.send(&ALICE, rankings, message!("Rankings::serve"));
    assert_eq!(served, Ok(()));
    let mut tell = |order| world.send::<Result<u32, RankingsError>>(&ALICE, rankings, order);
    assert_eq!(tell(change(Way::Out, 1)), Err(RankingsError::Overflow));
    assert_eq!(tell(change(Way::In, 5)), Ok(1));
    assert_eq!(tell(count(129)), Err(RankingsError::TooManyOptions));
    assert_eq!(world.chunk(rankings), [(ranking(&[0]), 5)]);
}

#[test]
fn nothing_is_instantiated_on_what_does_not_answer() {
    let mut world = World::new();
    // An account without code, and a contract of another trade.
    for silent in [id(&BOB), world.treasury] {
        let polls = world.polls_on(world.ledger, silent);
        assert_refused(&mut world, polls, PollError::RankingsFailed);
        let token = world.token_on(silent, &[(BOB, 1)]);
        assert!(world.try_deploy("token", token, 0).is_err());
    }
}

#[test]
fn everyone_can_ask_who_asks_whom_and_who_governs() {
    let mut world = World::new();
    let World { governor, ledger, token, registry, relay, rankings, polls, .. } = world;
    for (whom, question, answer) in [
        (ledger, message!("Ledger::governor"), governor),
        (token, message!("Delegating::governor"), governor),
        (token, message!("Delegating::ledger"), ledger),
        (token, message!("Delegating::relay"), relay),
        (relay, message!("Relay::governor"), governor),
        (registry, message!("Registry::governor"), governor),
        (rankings, message!("Rankings::governor"), governor),
    ] {
        assert_eq!(world.ask::<AccountId>(whom, question), answer);
    }
    let parts = interfaces::polls::Parts { governor, ledger, registry, rankings, relay };
    assert_eq!(world.ask::<interfaces::polls::Parts>(polls, message!("Polls::parts")), parts);
}
