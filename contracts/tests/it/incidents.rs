//! What has gone wrong elsewhere, re-enacted: each test is named after what happened, and shows what holds here.

use crate::{
    asks::{AGAINST, FOR},
    message,
    world::{
        ALICE, BOB, CAROL, DAVE, ERIN, GUARDED_UNTIL, GUARDIAN, STRANGER, SUPPLY, TREASURY, World, call, choosing, id,
        request, rules, share,
    },
};
use ballot::{Choice, Mechanism};
use interfaces::{
    AccountId, Moment,
    governor::{Call, GovernorError, Kind, ProposalRequest, Rules},
    ledger::VotesError,
    lifecycle::State,
    polls::{PollError, QuorumReached, Standing},
    token::{DelegationError, Share},
};

/// A proposal to give everything in the treasury to somebody.
fn plunder(world: &World, payee: &drink::AccountId32) -> ProposalRequest {
    request(Kind::TreasurySpending, vec![world.payment(payee, TREASURY)])
}

/// 2022: an attacker borrowed enough to pass a proposal and executed it in the same transaction.
#[test]
fn beanstalk_tokens_borrowed_within_a_transaction_decide_nothing() {
    // Not even where every delay is 0.
    let mut world = World::under(Rules { voting_delay: 0, execution_delay: 0, ..rules() });
    let asked = plunder(&world, &STRANGER);
    for lender in [ALICE, BOB, CAROL] {
        world.transfer(&lender, &STRANGER, 200).expect("it is lent");
    }
    let now = world.now();
    assert_eq!(world.votes_at(&STRANGER, now), Err(VotesError::NotYetPast));
    assert_eq!(world.propose(&STRANGER, &asked), Err(GovernorError::BelowProposalThreshold));

    // Nor if somebody else has proposed it for the attacker.
    let proposal = world.propose(&ALICE, &asked).expect("Alice may propose");
    let too_early = Err(GovernorError::WrongState(State::Pending));
    assert_eq!(world.vote(&STRANGER, proposal, FOR), Err(PollError::WrongStanding(Standing::Pending)));
    assert_eq!([world.queue(proposal), world.execute(proposal)], [too_early; 2]);
    for lender in [ALICE, BOB, CAROL] {
        world.transfer(&STRANGER, &lender, 200).expect("it is given back before the block ends");
    }
    world.open(proposal);
    assert_eq!(world.vote(&STRANGER, proposal, FOR), Err(PollError::NoVotingPower));
    assert_eq!(world.holds(world.treasury), TREASURY);
}

/// 2023: holders approved a contract that was destroyed and replaced before its execution.
#[test]
fn tornado_cash_what_was_approved_cannot_be_replaced() {
    let mut world = World::new();
    let target = world.deploy("chameleon", message!("new"), 0);
    let proposal = world.ready(vec![world.payment(&BOB, 10), call(target, message!("harmless"))]);
    let voted_on = world.calls(proposal, 0)[1].code_hash;
    let harmful = world.upload("reentrant");
    let became: bool = world.send(&STRANGER, target, message!("become_code", harmful));
    assert!(became && harmful != voted_on);
    assert_eq!(world.execute(proposal), Err(GovernorError::CodeChanged(target)));
    assert_eq!((world.state(proposal), world.holds(world.treasury)), (Ok(State::Queued), TREASURY));
}

/// 2024: a large spend was voted through by few holders on a quiet weekend, at the last moment.
#[test]
fn compound_289_a_quiet_vote_on_a_large_spend_is_seen_and_can_be_stopped() {
    let long = Rules { extension: 8_000, ..rules() };
    let mut world = World::under(long);
    let proposal = world.propose(&ALICE, &plunder(&world, &ALICE)).expect("Alice may propose");
    let closes = world.poll(proposal).closes;
    world.at(closes);
    world.vote(&ALICE, proposal, FOR).expect("holders vote");
    world.vote(&DAVE, proposal, FOR).expect("holders vote");
    world.vote(&ERIN, proposal, FOR).expect("holders vote");
    // Reached at the last moment, the quorum keeps voting open.
    world.expect_events(&[QuorumReached { poll: proposal, closes: closes + long.extension }]);
    world.at(closes + long.extension);
    assert_eq!(world.state(proposal), Ok(State::Active));
    world.vote(&BOB, proposal, AGAINST).expect("those who slept wake up");
    world.vote(&CAROL, proposal, AGAINST).expect("those who slept wake up");
    world.wait(1);
    assert_eq!(world.state(proposal), Ok(State::Defeated));

    // Where nobody wakes up, the guardian can, while it is in power.
    let other = world.propose(&ALICE, &plunder(&world, &ALICE)).expect("Alice may propose");
    world.decide(other, &FOR);
    world.mature(other);
    assert!(world.now() < GUARDED_UNTIL);
    assert_eq!(world.veto(&GUARDIAN, other, true), Ok(()));
    assert_eq!(world.execute(other), Err(GovernorError::WrongState(State::Vetoed)));
    assert_eq!(world.holds(world.treasury), TREASURY);
}

/// The same, where neither extension nor guardian helps: no more is lost than a kind's cap.
#[test]
fn compound_289_what_nobody_stopped_is_bounded_by_the_caps() {
    let mut world = World::under(Rules { spend_cap: TREASURY / 20, guarded: false, ..rules() });
    let much = world.propose(&ALICE, &plunder(&world, &ALICE)).expect("Alice may propose");
    world.decide(much, &FOR);
    world.mature(much);
    assert_eq!(world.execute(much), Err(GovernorError::SpendCap));
    assert_eq!(world.holds(world.treasury), TREASURY);
}

/// 2022: one holder gathered enough tokens to take over, minted more and emptied the treasury.
#[test]
fn build_finance_one_holder_with_a_majority_cannot_empty_the_treasury() {
    let tenth = TREASURY / 10;
    let mut world = World::under(Rules { spend_cap: tenth, period_cap: tenth, ..rules() });
    world.transfer(&BOB, &ALICE, 300).expect("Alice buys a majority");
    world.wait(1);
    // Nobody mints.
    let mint = call(world.token, message!("PSP22Mintable::mint", id(&ALICE), 1_000_000_u128));
    assert_eq!(take(&mut world, vec![mint]), Err(GovernorError::CallFailed(0)));
    // Half-way out in each period there is the cap, however many proposals she passes.
    let pay = world.payment(&ALICE, tenth);
    assert_eq!(take(&mut world, vec![pay.clone()]), Ok(()));
    for _ in 0..3 {
        assert_eq!(take(&mut world, vec![pay.clone()]), Err(GovernorError::SpendCap));
    }
    // Nor does it help to disguise it as something else.
    let limit = call(world.governor, message!("Governor::set_live_limit", 100_u32));
    let disguised = request(Kind::CommunityInitiative, vec![limit]);
    assert_eq!(world.propose(&ALICE, &disguised), Err(GovernorError::WrongKind));
    let before = world.now() - 1;
    assert_eq!((world.supply_at(before), world.holds(world.treasury)), (Ok(SUPPLY), TREASURY - tenth));
}

/// Alice alone passes and executes this; whatever becomes of it is settled.
fn take(world: &mut World, calls: Vec<Call>) -> Result<(), GovernorError> {
    let proposal = world.proposed(calls);
    world.open(proposal);
    world.vote(&ALICE, proposal, FOR).expect("holders vote");
    world.close(proposal);
    world.mature(proposal);
    let executed = world.execute(proposal);
    if executed.is_err() {
        world.wait(rules().execution_window + 1);
    }
    world.settle(proposal).expect("it is over");
    executed
}

/// 2021: a proposal's target re-entered the timelock between its check and its change of state.
#[test]
fn open_zeppelin_timelock_a_target_that_calls_back_finds_nobody() {
    let mut world = World::new();
    let target = world.deploy("reentrant", message!("new", world.governor), 0);
    let calls = vec![
        world.payment(&BOB, 1_000),
        call(target, message!("execute", 0_u32)),
        call(target, message!("settle", 0_u32)),
    ];
    let proposal = world.ready(calls);
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(1)));
    assert_eq!((world.state(proposal), world.holds(world.treasury)), (Ok(State::Queued), TREASURY));
}

/// Audits of Nouns and its kin: power that was delegated counted twice, or was frozen by delegating it to nobody.
#[test]
fn nouns_delegated_power_counts_once_and_is_never_frozen() {
    let mut world = World::new();
    let nobody = vec![Share { to: AccountId::from([0; 32]), share: share(10_000) }];
    let frozen: Result<(), DelegationError> =
        world.send(&BOB, world.token, message!("Delegating::delegate", nobody, None::<Moment>));
    assert_eq!(frozen, Err(DelegationError::ToNobody));
    world.vote_through(&BOB, Some(&DAVE)).expect("Bob lets Dave vote");
    world.vote_through(&CAROL, Some(&DAVE)).expect("so does Carol");
    world.transfer(&BOB, &STRANGER, 100).expect("Bob's tokens are still his");
    world.wait(1);
    let then = world.now() - 1;
    let everyone = [ALICE, BOB, CAROL, DAVE, ERIN, STRANGER];
    let votes = everyone.map(|person| world.votes_at(&person, then).expect("it is past"));
    assert_eq!(votes, [400, 0, 0, 490, 10, 100]);
    assert_eq!(votes.iter().sum::<u128>(), SUPPLY);

    let proposal = world.opened(vec![]);
    world.vote(&DAVE, proposal, FOR).expect("Dave votes for three");
    assert_eq!(world.majority(proposal), [0, 490, 0]);
    world.vote(&BOB, proposal, AGAINST).expect("Bob votes himself");
    assert_eq!(world.majority(proposal), [200, 290, 0]);
    world.vote(&BOB, proposal, FOR).expect("and thinks better of it");
    assert_eq!(world.majority(proposal), [0, 490, 0]);
    world.vote(&CAROL, proposal, AGAINST).expect("Carol votes herself");
    world.vote(&STRANGER, proposal, AGAINST).expect("so does who bought from Bob");
    world.vote(&ALICE, proposal, AGAINST).expect("and the rest");
    world.vote(&ERIN, proposal, AGAINST).expect("and the rest");
    assert_eq!(world.majority(proposal), [710, 290, 0], "all there is, once");
}

/// An audit of Agora: there was no way to vote for the status quo.
#[test]
fn agora_the_status_quo_is_always_an_option() {
    let mut world = World::new();
    for mechanism in [Mechanism::Approval, Mechanism::Weighted, Mechanism::Quadratic, Mechanism::Ranked] {
        let proposal = world.made(&choosing(mechanism, vec![vec![world.payment(&ALICE, 1)]]));
        assert_eq!(world.poll(proposal).terms.options, 2, "what is proposed, and none of it");
        world.cancel(&ALICE, proposal).expect("it is hers");
        world.settle(proposal).expect("it is over");
    }
    let proposal = world.made(&choosing(Mechanism::Approval, vec![vec![world.payment(&ALICE, 1)]]));
    world.open(proposal);
    for (person, approved) in [(ALICE, 0b01), (BOB, 0b10), (CAROL, 0b11)] {
        world.vote(&person, proposal, Choice::Approval(approved)).expect("holders vote");
    }
    world.vote(&DAVE, proposal, Choice::Approval(0b10)).expect("holders vote");
    world.vote(&ERIN, proposal, Choice::Approval(0b10)).expect("holders vote");
    world.close(proposal);
    assert_eq!(world.state(proposal), Ok(State::Defeated), "600 to 600 is not more than none of it");
}

/// The same audit: a proposal that was over could be opened again under the same identifier.
#[test]
fn agora_what_is_over_is_not_opened_again_by_proposing_the_same() {
    let mut world = World::new();
    let asked = plunder(&world, &ALICE);
    let first = world.made(&asked);
    world.veto(&GUARDIAN, first, true).expect("the guardian may");
    let second = world.made(&asked);
    assert_ne!(first, second);
    assert_eq!([first, second].map(|proposal| world.state(proposal)), [Ok(State::Vetoed), Ok(State::Pending)]);
    let reopened: Result<(), PollError> = {
        let terms = world.poll(second).terms;
        world.send(&ALICE, world.polls, message!("Polls::open", first, terms))
    };
    assert_eq!(reopened, Err(PollError::NotGovernor));
}

/// The same audit: a deadline could move back. Here it moves at most once, and on.
#[test]
fn agora_a_deadline_never_moves_back() {
    let mut world = World::under(Rules { extension: 4_000, ..rules() });
    let early = world.opened(vec![]);
    let closes = world.poll(early).closes;
    world.vote(&ALICE, early, FOR).expect("holders vote");
    world.vote(&BOB, early, FOR).expect("holders vote");
    world.expect_events(&[QuorumReached { poll: early, closes }]);

    let late = world.opened(vec![]);
    let closes = world.poll(late).closes;
    world.at(closes - 1_000);
    world.vote(&ALICE, late, FOR).expect("holders vote");
    world.vote(&BOB, late, FOR).expect("holders vote");
    let moved = world.poll(late).closes;
    assert_eq!(moved, closes + 3_000);
    world.at(moved);
    world.vote(&BOB, late, AGAINST).expect("the quorum is lost again");
    world.vote(&BOB, late, FOR).expect("and found again");
    world.vote(&CAROL, late, FOR).expect("holders vote");
    assert_eq!(world.poll(late).closes, moved);
    world.wait(1);
    assert_eq!(world.state(late), Ok(State::Succeeded));
}

/// The same audit: the budget was measured by what calls said they would take, not by what was gone.
#[test]
fn agora_a_budget_is_what_is_gone_from_all_pockets() {
    let mut world = World::under(Rules { spend_cap: 1_000, ..rules() });
    world.give(world.governor, 500);
    let target = world.deploy("chameleon", message!("new"), 0);
    let sent = Call { value: 400, ..call(target, message!("accept")) };
    let through = crate::world::account(world.governor);
    let calls = vec![world.payment(&BOB, 601), world.payment(&through, 100), sent.clone()];
    assert_eq!(world.enact(Kind::TreasurySpending, calls), Err(GovernorError::SpendCap), "601 and 400");
    let calls = vec![world.payment(&BOB, 600), world.payment(&through, 100), sent];
    assert_eq!(world.enact(Kind::TreasurySpending, calls), Ok(()), "what it gives itself is not gone");
    let now = world.now();
    assert_eq!(world.spent(Kind::TreasurySpending, now), 1_000);
}
