//! Making a proposal.

use crate::{
    message,
    world::{ALICE, BOB, ERIN, LIVE_LIMIT, START, STRANGER, World, call, choosing, id, request, rules},
};
use ballot::Mechanism;
use interfaces::{
    governor::{Choosable, GovernorError, Kind, Mechanisms, ProposalCreated, ProposalRequest, Rules, limits},
    lifecycle::{Progress, State},
    polls::{PollError, PollOpened, PollTerms},
    roles::Role,
};

/// A proposal that lacks nothing.
fn good(world: &World) -> ProposalRequest {
    request(Kind::TreasurySpending, vec![world.payment(&BOB, 1)])
}

/// Nothing is proposed, and nothing is taken for it.
#[track_caller]
fn refused(world: &mut World, asked: &ProposalRequest, why: GovernorError) {
    assert_eq!(world.propose(&ALICE, asked), Err(why));
    let count: u32 = world.ask(world.governor, message!("Governor::proposal_count"));
    assert_eq!((count, world.live(&ALICE)), (0, 0));
    assert_eq!(world.money(world.governor), 1, "the deposit went back");
}

#[test]
fn a_proposal_is_numbered_pinned_and_announced_and_its_poll_opened() {
    let mut world = World::new();
    let asked = good(&world);
    let now = world.now();
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
    let created: Vec<ProposalCreated> = world.events();
    let [created] = &created[..] else { panic!("one event, not {created:?}") };
    let terms = PollTerms {
        mechanism: Mechanism::Majority,
        options: 0,
        snapshot: now + rules().voting_delay,
        period: rules().voting_period,
        freeze: rules().freeze,
        extension: rules().extension,
        thresholds: rules().thresholds,
        credits: rules().credits,
    };
    world.expect_events(&[PollOpened { poll: 0, terms }]);
    assert_eq!((created.proposal, created.proposer, created.kind), (0, id(&ALICE), Kind::TreasurySpending));
    assert_eq!((&created.title, &created.link, created.content_hash), (&asked.title, &asked.link, asked.content_hash));
    assert_eq!((created.rules, created.poll), (rules(), terms));
    let [(title, pinned)] = &created.options[..] else { panic!("one option, not {:?}", created.options) };
    assert_eq!(*title, asked.options[0].title);

    let known = world.proposal(0);
    assert_eq!((known.proposer, known.kind, known.rules), (id(&ALICE), Kind::TreasurySpending, rules()));
    assert_eq!((known.progress, known.deposit, known.settled), (Progress::Proposed, rules().deposit, false));
    assert_eq!((world.poll(0).terms, world.live(&ALICE)), (terms, 1));
    let calls = world.calls(0, 0);
    assert_eq!((&calls, &calls[0].call), (pinned, &asked.options[0].calls[0]));
    assert_eq!(calls[0].code_hash, world.upload("treasury"));
    assert_eq!((world.calls(0, 1), world.draft_of(0)), (vec![], None));
    assert_eq!(world.propose(&ALICE, &asked), Ok(1));
}

#[test]
fn several_options_are_followed_by_none_of_the_above() {
    let mut world = World::new();
    let proposal = world.made(&choosing(Mechanism::Approval, vec![vec![], vec![world.payment(&BOB, 1)], vec![]]));
    assert_eq!(world.poll(proposal).terms.options, 4);
    assert_eq!([0, 1, 2, 3].map(|option| world.calls(proposal, option).len()), [0, 1, 0, 0]);
}

#[test]
fn titles_must_have_1_to_128_bytes() {
    let mut world = World::new();
    for title in [String::new(), "t".repeat(limits::TITLE + 1)] {
        let asked = ProposalRequest { title: title.clone(), ..good(&world) };
        refused(&mut world, &asked, GovernorError::BadTitle);
        let mut asked = good(&world);
        asked.options[0].title = title;
        refused(&mut world, &asked, GovernorError::BadTitle);
    }
}

#[test]
fn the_link_must_have_at_most_256_bytes() {
    let mut world = World::new();
    let asked = ProposalRequest { link: "l".repeat(limits::LINK + 1), ..good(&world) };
    refused(&mut world, &asked, GovernorError::BadLink);
}

#[test]
fn a_majority_vote_has_exactly_one_option() {
    let mut world = World::new();
    for options in [vec![], vec![vec![]; 2]] {
        refused(&mut world, &choosing(Mechanism::Majority, options), GovernorError::BadOptions);
    }
}

#[test]
fn every_other_vote_has_1_to_31_options() {
    let mut world = World::new();
    for mechanism in [Mechanism::Approval, Mechanism::Weighted, Mechanism::Quadratic, Mechanism::Ranked] {
        for options in [vec![], vec![vec![]; limits::OPTIONS + 1]] {
            refused(&mut world, &choosing(mechanism, options), GovernorError::BadOptions);
        }
    }
    for (expected, options) in (0..).zip([1, limits::OPTIONS]) {
        assert_eq!(world.propose(&ALICE, &choosing(Mechanism::Condorcet, vec![vec![]; options])), Ok(expected));
    }
}

#[test]
fn an_option_has_at_most_8_calls() {
    let mut world = World::new();
    let asked = request(Kind::TreasurySpending, vec![world.payment(&BOB, 1); limits::CALLS + 1]);
    refused(&mut world, &asked, GovernorError::BadCalls);
}

#[test]
fn all_options_together_have_at_most_64_calls() {
    let mut world = World::new();
    let mut options = vec![vec![world.payment(&BOB, 1); limits::CALLS]; limits::ALL_CALLS / limits::CALLS];
    options.push(vec![world.payment(&BOB, 1)]);
    refused(&mut world, &choosing(Mechanism::Approval, options), GovernorError::BadCalls);
}

#[test]
fn all_inputs_together_have_at_most_4096_bytes() {
    let mut world = World::new();
    let mut calls = vec![world.payment(&BOB, 1); 2];
    calls[0].input = vec![0; limits::INPUT - calls[1].input.len() + 1];
    let options = calls.into_iter().map(|call| vec![call]).collect();
    refused(&mut world, &choosing(Mechanism::Approval, options), GovernorError::BadCalls);
}

/// As large as every limit allows.
fn largest(world: &World) -> ProposalRequest {
    let mut call = call(world.treasury, message!("Treasury::balance"));
    call.input = vec![0xff; limits::INPUT / limits::ALL_CALLS];
    let title = "t".repeat(limits::TITLE);
    let option = |number| {
        let calls = if number < limits::ALL_CALLS / limits::CALLS { vec![call.clone(); limits::CALLS] } else { vec![] };
        Choosable { title: title.clone(), calls }
    };
    ProposalRequest {
        title: title.clone(),
        link: "l".repeat(limits::LINK),
        options: (0..limits::OPTIONS).map(option).collect(),
        ..choosing(Mechanism::Ranked, vec![])
    }
}

#[test]
fn the_largest_proposal_fits_and_can_be_read_again() {
    let mut world = World::new();
    let asked = largest(&world);
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
    for (number, option) in (0..).zip(&asked.options) {
        let calls: Vec<_> = world.calls(0, number).into_iter().map(|pinned| pinned.call).collect();
        assert_eq!(calls, option.calls);
    }
}

#[test]
fn the_largest_draft_fits_and_can_be_submitted() {
    let mut world = World::new();
    let asked = largest(&world);
    assert_eq!(world.draft(&ALICE, &asked), Ok(0));
    assert_eq!(world.edit(&ALICE, 0, &asked), Ok(()));
    assert_eq!(world.draft_of(0).map(|draft| draft.request), Some(asked));
    assert_eq!(world.submit(&ALICE, 0, rules().deposit), Ok(()));
}

#[test]
fn a_call_of_what_is_not_a_contract_is_refused() {
    let mut world = World::new();
    let calls = vec![world.payment(&BOB, 1), call(id(&BOB), message!("Treasury::balance"))];
    refused(&mut world, &request(Kind::TreasurySpending, calls), GovernorError::TargetIsNotContract(id(&BOB)));
}

#[test]
fn a_way_of_voting_that_its_kind_does_not_know_is_refused() {
    let majority = Mechanisms::from_iter([Mechanism::Majority]);
    let mut world = World::under(Rules { mechanisms: majority, ..rules() });
    refused(&mut world, &choosing(Mechanism::Approval, vec![vec![]]), GovernorError::MechanismNotAllowed);
    let asked = good(&world);
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
}

#[test]
fn only_upgrades_upgrade_and_only_they_and_parameter_changes_set_anything() {
    let mut world = World::new();
    let upgrade = call(world.treasury, message!("Upgradable::upgrade", [1_u8; 32]));
    let settings = [
        call(world.governor, message!("Governor::set_rules", Kind::TreasurySpending, rules())),
        call(world.governor, message!("Governor::set_guardian", None::<interfaces::governor::Guardian>)),
        call(world.governor, message!("Governor::set_live_limit", 1_u32)),
    ];
    let registered = [
        message!("Attestors::accredit", id(&BOB)),
        message!("Attestors::disaccredit", id(&BOB)),
        message!("Identities::attest", id(&BOB)),
        message!("Identities::renew", id(&BOB)),
        message!("Identities::revoke", id(&BOB)),
        message!("Identities::detach", id(&BOB)),
        message!("Freezing::freeze", id(&BOB)),
        message!("Freezing::unfreeze", id(&BOB)),
        message!("Roles::grant_role", id(&BOB), Role::Auditor),
        message!("Roles::revoke_role", id(&BOB), Role::Auditor),
        message!("Keys::publish_key", id(&BOB)),
        message!("Keys::revoke_key", 0_u32),
    ]
    .map(|message| call(world.registry, message));
    for kind in [Kind::TreasurySpending, Kind::CommunityInitiative] {
        for setting in settings.iter().chain(&registered).chain([&upgrade]) {
            refused(&mut world, &request(kind, vec![setting.clone()]), GovernorError::WrongKind);
        }
    }
    refused(&mut world, &request(Kind::ParameterChange, vec![upgrade.clone()]), GovernorError::WrongKind);
    assert_eq!(world.propose(&ALICE, &request(Kind::ParameterChange, settings.to_vec())), Ok(0));
    let all = settings.into_iter().chain([upgrade]).collect();
    assert_eq!(world.propose(&ALICE, &request(Kind::ProtocolUpgrade, all)), Ok(1));
}

#[test]
fn no_proposal_opens_or_stops_polls() {
    let mut world = World::new();
    let proposal = world.proposed(vec![]);
    let terms = world.poll(proposal).terms;
    for kind in Kind::ALL {
        for meddling in [message!("Polls::open", 1_u32, terms), message!("Polls::stop", 0_u32)] {
            let asked = request(kind, vec![call(world.polls, meddling)]);
            assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::WrongKind));
        }
    }
}

#[test]
fn the_governors_own_upgrade_must_be_the_last_call() {
    let mut world = World::new();
    let own = call(world.governor, message!("Upgradable::upgrade", [1_u8; 32]));
    let other = world.payment(&BOB, 1);
    let early = request(Kind::ProtocolUpgrade, vec![own.clone(), other.clone()]);
    refused(&mut world, &early, GovernorError::BadCalls);
    let last = request(Kind::ProtocolUpgrade, vec![other, own]);
    assert_eq!(world.propose(&ALICE, &last), Ok(0));
}

#[test]
fn a_deposit_of_any_other_amount_is_refused() {
    let mut world = World::new();
    let asked = good(&world);
    for deposit in [0, rules().deposit - 1, rules().deposit + 1] {
        assert_eq!(world.propose_with(&ALICE, &asked, deposit), Err(GovernorError::WrongDeposit));
    }
    assert_eq!(world.propose_with(&ALICE, &asked, rules().deposit), Ok(0));
    assert_eq!(world.money(world.governor), 1 + rules().deposit);
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
fn an_account_has_only_so_many_live_proposals_and_drafts() {
    let mut world = World::new();
    let asked = good(&world);
    assert_eq!(world.draft(&ALICE, &asked), Ok(0));
    for number in 1..LIVE_LIMIT {
        assert_eq!(world.propose(&ALICE, &asked), Ok(number));
    }
    assert_eq!(world.live(&ALICE), LIVE_LIMIT);
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::TooManyProposals));
    assert_eq!(world.draft(&ALICE, &asked), Err(GovernorError::TooManyProposals));
    assert_eq!(world.propose(&BOB, &asked), Ok(LIVE_LIMIT), "others have their own");

    world.cancel(&ALICE, 1).expect("it is hers");
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::TooManyProposals), "it is not settled yet");
    world.settle(1).expect("it is over");
    assert_eq!(world.propose(&ALICE, &asked), Ok(LIVE_LIMIT + 1));
}

#[test]
fn what_was_never_proposed_is_unknown_to_every_message() {
    let mut world = World::new();
    let unknown = Err(GovernorError::UnknownProposal);
    let asked = good(&world);
    assert_eq!([world.edit(&ALICE, 0, &asked), world.sponsor(&BOB, 0), world.submit(&ALICE, 0, 0)], [unknown; 3]);
    assert_eq!([world.queue(0), world.execute(0), world.settle(0)], [unknown; 3]);
    assert_eq!([world.cancel(&ALICE, 0), world.veto(&ALICE, 0, false)], [unknown; 2]);
    assert_eq!(world.state(0), Err(GovernorError::UnknownProposal));
}

#[test]
fn moments_beyond_the_clocks_range_are_refused() {
    // Such rules are usable now, but not for ever.
    const LONG: u64 = 1_000_000_000;
    const ENDLESS: u64 = u64::MAX - START - LONG;
    for (rules, why) in [
        (Rules { voting_delay: ENDLESS, ..rules() }, GovernorError::Overflow),
        (Rules { voting_period: ENDLESS, ..rules() }, GovernorError::Polls(PollError::BadTerms)),
    ] {
        let mut world = World::under(rules);
        let asked = good(&world);
        world.wait(2 * LONG);
        assert_eq!(world.propose(&ALICE, &asked), Err(why));
    }
}

#[test]
fn identical_proposals_are_different_ones() {
    let mut world = World::new();
    let asked = good(&world);
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
    world.cancel(&ALICE, 0).expect("it is hers");
    assert_eq!(world.propose(&ALICE, &asked), Ok(1));
    assert_eq!((world.state(0), world.state(1)), (Ok(State::Cancelled), Ok(State::Pending)));
}
