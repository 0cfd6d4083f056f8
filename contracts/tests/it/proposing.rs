//! Making a proposal, and taking it back.

use crate::{
    message,
    world::{ALICE, BOB, ERIN, START, STRANGER, World, call, id, request, rules},
};
use interfaces::{
    governor::{GovernorError, PinnedCall, ProposalCancelled, ProposalCreated, ProposalRequest, Rules, limits},
    lifecycle::{Progress, State},
};

/// A proposal that lacks nothing.
fn good(world: &World) -> ProposalRequest {
    request(vec![world.payment(&BOB, 1)])
}

#[test]
fn a_proposal_is_numbered_measured_and_announced() {
    let mut world = World::new();
    let asked = good(&world);
    let now = world.now();
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
    let created: Vec<ProposalCreated> = world.events();
    let [created] = &created[..] else { panic!("one event, not {created:?}") };
    assert_eq!((created.proposal, created.proposer), (0, id(&ALICE)));
    assert_eq!((&created.title, &created.link, created.content_hash), (&asked.title, &asked.link, asked.content_hash));
    assert_eq!(created.terms.snapshot, now + rules().voting_delay);
    assert_eq!(created.terms.voting_ends, created.terms.snapshot + rules().voting_period);

    let known = world.proposal(0);
    assert_eq!((known.proposer, known.terms, known.progress), (id(&ALICE), created.terms, Progress::Proposed));
    let calls: Vec<PinnedCall> = world.send(&STRANGER, world.governor, message!("Governor::calls", 0_u32));
    assert_eq!(calls, created.calls);
    assert_eq!(calls[0].call, asked.calls[0]);
    assert_eq!(calls[0].code_hash, world.upload("treasury"));

    assert_eq!(world.propose(&ALICE, &asked), Ok(1));
    let count: u32 = world.send(&STRANGER, world.governor, message!("Governor::proposal_count"));
    assert_eq!(count, 2);
}

#[test]
fn the_title_must_have_1_to_128_bytes() {
    let mut world = World::new();
    for title in [String::new(), "t".repeat(limits::TITLE + 1)] {
        let asked = ProposalRequest { title, ..good(&world) };
        assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::BadTitle));
    }
}

#[test]
fn the_link_must_have_at_most_256_bytes() {
    let mut world = World::new();
    let asked = ProposalRequest { link: "l".repeat(limits::LINK + 1), ..good(&world) };
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::BadLink));
}

#[test]
fn there_must_be_1_to_8_calls() {
    let mut world = World::new();
    for calls in [vec![], vec![world.payment(&BOB, 1); limits::CALLS + 1]] {
        assert_eq!(world.propose(&ALICE, &request(calls)), Err(GovernorError::BadCalls));
    }
}

#[test]
fn all_inputs_together_must_have_at_most_4096_bytes() {
    let mut world = World::new();
    let mut calls = vec![world.payment(&BOB, 1); 2];
    calls[0].input = vec![0; limits::INPUT - calls[1].input.len() + 1];
    assert_eq!(world.propose(&ALICE, &request(calls)), Err(GovernorError::BadCalls));
}

#[test]
fn the_largest_proposal_fits_and_can_be_read_again() {
    let mut world = World::new();
    let mut largest = call(world.treasury, message!("Treasury::balance"));
    largest.input = vec![0xff; limits::INPUT / limits::CALLS];
    let asked = ProposalRequest {
        title: "t".repeat(limits::TITLE),
        link: "l".repeat(limits::LINK),
        ..request(vec![largest; limits::CALLS])
    };
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
    let calls: Vec<PinnedCall> = world.send(&STRANGER, world.governor, message!("Governor::calls", 0_u32));
    assert_eq!(calls.into_iter().map(|pinned| pinned.call).collect::<Vec<_>>(), asked.calls);
}

#[test]
fn a_call_of_what_is_not_a_contract_is_refused() {
    let mut world = World::new();
    let calls = vec![world.payment(&BOB, 1), call(id(&BOB), message!("Treasury::balance"))];
    assert_eq!(world.propose(&ALICE, &request(calls)), Err(GovernorError::TargetIsNotContract(id(&BOB))));
}

#[test]
fn a_proposer_below_the_threshold_is_refused() {
    let mut world = World::new();
    let asked = good(&world);
    assert_eq!(world.propose(&ERIN, &asked), Err(GovernorError::BelowProposalThreshold));
}

#[test]
fn tokens_borrowed_within_the_block_do_not_reach_the_threshold() {
    let mut world = World::new();
    let asked = good(&world);
    world.transfer(&ALICE, &STRANGER, 400).expect("Alice lends all she has");
    assert_eq!(world.propose(&STRANGER, &asked), Err(GovernorError::BelowProposalThreshold));
    world.wait(1);
    assert_eq!(world.propose(&STRANGER, &asked), Ok(0), "held over the end of a block, they do");
}

#[test]
fn its_proposer_can_take_it_back_before_voting_opens() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.cancel(&ALICE, proposal), Ok(()));
    world.expect_events(&[ProposalCancelled { proposal }]);
    world.open(proposal);
    assert_eq!(world.state(proposal), Ok(State::Cancelled));
    assert_eq!(world.cancel(&ALICE, proposal), Err(GovernorError::WrongState(State::Cancelled)));
}

#[test]
fn a_stranger_cannot_take_it_back() {
    let mut world = World::new();
    let proposal = world.proposed(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.cancel(&BOB, proposal), Err(GovernorError::NotProposer));
}

#[test]
fn nobody_can_take_it_back_once_voting_is_open() {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    assert_eq!(world.cancel(&ALICE, proposal), Err(GovernorError::WrongState(State::Active)));
}

#[test]
fn what_was_never_proposed_is_unknown_to_every_message() {
    let mut world = World::new();
    let unknown = Err(GovernorError::UnknownProposal);
    assert_eq!(world.vote(&ALICE, 0, ballot::Support::For), unknown);
    assert_eq!(world.queue(0), unknown);
    assert_eq!(world.execute(0), unknown);
    assert_eq!(world.cancel(&ALICE, 0), unknown);
    assert_eq!(world.state(0), Err(GovernorError::UnknownProposal));
    assert_eq!(world.receipt(0, &ALICE), None);
}

#[test]
fn moments_beyond_the_clocks_range_are_refused() {
    let mut world = World::new();
    // Such rules are usable now, but not for ever.
    const LONG: u64 = 1_000_000_000;
    let endless = Rules { voting_delay: u64::MAX - START - rules().voting_period - LONG, ..rules() };
    world.governor = world.deploy("governor", message!("new", world.token, endless), 0);
    let asked = good(&world);
    world.wait(2 * LONG);
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::Overflow));
}

#[test]
fn rules_under_which_nothing_can_pass_are_refused() {
    let mut world = World::new();
    let all = ballot::BasisPoints::new(10_000).expect("the whole is a share");
    for bad in [
        Rules { voting_period: 0, ..rules() },
        Rules { execution_window: 0, ..rules() },
        Rules { approval: all, ..rules() },
        Rules { voting_delay: u64::MAX, ..rules() },
    ] {
        let answer = world.try_deploy("governor", message!("new", world.token, bad), 0);
        let refused: Result<(), GovernorError> = Err(GovernorError::BadRules);
        assert_eq!(answer, Err(scale::Encode::encode(&Ok::<_, ink::primitives::LangError>(refused))));
    }
}

#[test]
fn without_a_token_that_answers_nothing_can_be_proposed() {
    let mut world = World::new();
    for not_a_token in [id(&BOB), world.treasury] {
        world.governor = world.deploy("governor", message!("new", not_a_token, rules()), 0);
        let asked = good(&world);
        assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::TokenFailed));
    }
}
