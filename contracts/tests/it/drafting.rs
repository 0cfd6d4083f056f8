//! Drafts: writing, editing, sponsoring and submitting them.

use crate::{
    message,
    world::{ALICE, BOB, CAROL, DAVE, ERIN, GUARDIAN, STRANGER, World, call, choosing, id, request, rules},
};
use ballot::Mechanism;
use interfaces::{
    governor::{DraftSponsored, DraftWritten, GovernorError, Kind, ProposalCreated, ProposalRequest, Rules},
    ledger::VotesError,
    lifecycle::{Progress, State},
};

fn good() -> ProposalRequest {
    request(Kind::CommunityInitiative, vec![])
}

/// Erin, who is far below the threshold, has written a draft.
fn drafted() -> (World, u32) {
    let mut world = World::new();
    let draft = world.draft(&ERIN, &good()).expect("anyone may write one");
    (world, draft)
}

const NOT_A_DRAFT: GovernorError = GovernorError::WrongState(State::Pending);

#[test]
fn a_draft_is_numbered_and_announced_and_has_no_poll() {
    let (mut world, proposal) = drafted();
    let snapshot = world.now() - 1;
    world.expect_events(&[DraftWritten { proposal, author: id(&ERIN), request: good(), snapshot, revision: 0 }]);
    assert_eq!(world.state(proposal), Ok(State::Draft));
    let known = world.proposal(proposal);
    assert_eq!((known.proposer, known.progress, known.deposit), (id(&ERIN), Progress::Draft, 0));
    let draft = world.draft_of(proposal).expect("it is one");
    assert_eq!((draft.request, draft.snapshot, draft.revision, draft.backing), (good(), snapshot, 0, 0));
    assert_eq!(world.live(&ERIN), 1);
    assert_eq!(world.poll_and_tally(proposal), None);
}

#[test]
fn a_draft_that_could_not_be_proposed_is_refused() {
    let mut world = World::new();
    let bad = ProposalRequest { title: String::new(), ..good() };
    assert_eq!(world.draft(&ERIN, &bad), Err(GovernorError::BadTitle));
    let upgrade = call(world.treasury, message!("Upgradable::upgrade", [1_u8; 32]));
    assert_eq!(world.draft(&ERIN, &request(Kind::CommunityInitiative, vec![upgrade])), Err(GovernorError::WrongKind));
    assert_eq!(world.draft(&ERIN, &good()), Ok(0));
    assert_eq!(world.edit(&ERIN, 0, &bad), Err(GovernorError::BadTitle));
}

#[test]
fn sponsors_lend_their_power_until_the_threshold_is_reached() {
    let (mut world, draft) = drafted();
    let deposit = rules().deposit;
    assert_eq!(world.submit(&ERIN, draft, deposit), Err(GovernorError::BelowProposalThreshold));
    assert_eq!(world.sponsor(&DAVE, draft), Ok(()));
    world.expect_events(&[DraftSponsored { proposal: draft, sponsor: id(&DAVE), power: 90 }]);
    assert_eq!(world.draft_of(draft).map(|draft| draft.backing), Some(90));
    assert_eq!(world.submit(&ERIN, draft, deposit), Ok(()));
    let created: Vec<ProposalCreated> = world.events();
    assert_eq!((created[0].proposal, created[0].proposer), (draft, id(&ERIN)));
    assert_eq!((world.state(draft), world.live(&ERIN)), (Ok(State::Pending), 1));
    assert_eq!((world.draft_of(draft), world.proposal(draft).deposit), (None, deposit));
}

#[test]
fn the_authors_own_power_counts_without_being_lent() {
    let mut world = World::under(Rules { proposal_threshold: 100, ..rules() });
    let draft = world.draft(&ERIN, &good()).expect("anyone may write one");
    world.sponsor(&DAVE, draft).expect("Dave likes it");
    assert_eq!(world.submit(&ERIN, draft, rules().deposit), Ok(()), "10 and 90");
}

#[test]
fn nobody_sponsors_their_own_draft() {
    let (mut world, draft) = drafted();
    assert_eq!(world.sponsor(&ERIN, draft), Err(GovernorError::OwnDraft));
}

#[test]
fn nobody_sponsors_the_same_text_twice() {
    let (mut world, draft) = drafted();
    world.sponsor(&BOB, draft).expect("Bob likes it");
    assert_eq!(world.sponsor(&BOB, draft), Err(GovernorError::AlreadySponsored));
    assert_eq!(world.draft_of(draft).map(|draft| draft.backing), Some(300));
}

#[test]
fn nobody_without_power_sponsors() {
    let (mut world, draft) = drafted();
    assert_eq!(world.sponsor(&STRANGER, draft), Err(GovernorError::NoVotingPower));
}

#[test]
fn no_power_is_lent_before_it_is_known() {
    let (mut world, draft) = drafted();
    // On no chain does the clock go back; if it did, nobody would be taken for more than they are.
    let snapshot = world.draft_of(draft).expect("it is one").snapshot;
    world.at(snapshot);
    assert_eq!(world.sponsor(&DAVE, draft), Err(GovernorError::Votes(VotesError::NotYetPast)));
}

#[test]
fn no_token_backs_a_draft_twice() {
    let (mut world, draft) = drafted();
    world.sponsor(&BOB, draft).expect("Bob likes it");
    world.transfer(&BOB, &STRANGER, 300).expect("and passes his tokens on");
    world.wait(10);
    assert_eq!(world.sponsor(&STRANGER, draft), Err(GovernorError::NoVotingPower));
    world.transfer(&STRANGER, &ERIN, 300).expect("even to the author");
    world.wait(10);
    assert_eq!(world.draft_of(draft).map(|draft| draft.backing), Some(300));
}

#[test]
fn whoever_sponsored_an_earlier_text_is_asked_again() {
    let (mut world, draft) = drafted();
    world.sponsor(&BOB, draft).expect("Bob likes it");
    world.wait(50);
    let other = ProposalRequest { title: "Pay Erin instead".into(), ..good() };
    assert_eq!(world.edit(&ERIN, draft, &other), Ok(()));
    let snapshot = world.now() - 1;
    let written = DraftWritten { proposal: draft, author: id(&ERIN), request: other.clone(), snapshot, revision: 1 };
    world.expect_events(&[written]);
    let known = world.draft_of(draft).expect("it still is one");
    assert_eq!((known.request, known.revision, known.backing), (other, 1, 0));
    assert_eq!(world.submit(&ERIN, draft, rules().deposit), Err(GovernorError::BelowProposalThreshold));
    assert_eq!(world.sponsor(&BOB, draft), Ok(()), "Bob likes this one too");
    assert_eq!(world.submit(&ERIN, draft, rules().deposit), Ok(()));
}

#[test]
fn an_edit_can_change_everything_but_the_author() {
    let (mut world, draft) = drafted();
    let other = ProposalRequest {
        kind: Kind::TreasurySpending,
        ..choosing(Mechanism::Ranked, vec![vec![world.payment(&ERIN, 5)], vec![]])
    };
    assert_eq!(world.edit(&ERIN, draft, &other), Ok(()));
    world.sponsor(&CAROL, draft).expect("Carol likes it");
    assert_eq!(world.submit(&ERIN, draft, rules().deposit), Ok(()));
    assert_eq!((world.proposal(draft).kind, world.poll(draft).terms.options), (Kind::TreasurySpending, 3));
}

#[test]
fn only_its_author_edits_submits_and_takes_back_a_draft() {
    let (mut world, draft) = drafted();
    for person in [ALICE, GUARDIAN, STRANGER] {
        assert_eq!(world.edit(&person, draft, &good()), Err(GovernorError::NotProposer));
        assert_eq!(world.submit(&person, draft, rules().deposit), Err(GovernorError::NotProposer));
    }
    assert_eq!(world.cancel(&ALICE, draft), Err(GovernorError::NotProposer));
    assert_eq!(world.cancel(&ERIN, draft), Ok(()));
    assert_eq!((world.state(draft), world.draft_of(draft)), (Ok(State::Cancelled), None));
}

#[test]
fn a_draft_is_nothing_that_could_be_stopped_or_carried_out() {
    let (mut world, draft) = drafted();
    let refused = Err(GovernorError::WrongState(State::Draft));
    assert_eq!([world.queue(draft), world.execute(draft), world.settle(draft)], [refused; 3]);
    assert_eq!([world.cancel(&GUARDIAN, draft), world.veto(&GUARDIAN, draft, true)], [refused; 2]);
}

#[test]
fn what_was_submitted_is_no_draft_any_more() {
    let mut world = World::new();
    let draft = world.draft(&ALICE, &good()).expect("anyone may write one");
    world.submit(&ALICE, draft, rules().deposit).expect("Alice has enough");
    let refused = Err(NOT_A_DRAFT);
    assert_eq!([world.edit(&ALICE, draft, &good()), world.sponsor(&BOB, draft)], [refused; 2]);
    assert_eq!(world.submit(&ALICE, draft, rules().deposit), refused);
}

#[test]
fn a_submission_needs_the_deposit_exactly() {
    let mut world = World::new();
    let draft = world.draft(&ALICE, &good()).expect("anyone may write one");
    for deposit in [0, rules().deposit - 1, rules().deposit + 1] {
        assert_eq!(world.submit(&ALICE, draft, deposit), Err(GovernorError::WrongDeposit));
    }
    assert_eq!(world.state(draft), Ok(State::Draft));
}

#[test]
fn a_draft_that_was_taken_back_is_settled_and_makes_room() {
    let (mut world, draft) = drafted();
    world.cancel(&ERIN, draft).expect("it is hers");
    assert_eq!(world.live(&ERIN), 1);
    assert_eq!(world.settle(draft), Ok(()));
    assert_eq!(world.live(&ERIN), 0);
    assert_eq!(world.settle(draft), Err(GovernorError::AlreadySettled));
}

#[test]
fn targets_are_pinned_when_a_draft_is_submitted() {
    let mut world = World::new();
    let target = world.deploy("chameleon", message!("new"), 0);
    let asked = request(Kind::CommunityInitiative, vec![call(target, message!("harmless"))]);
    let draft = world.draft(&ALICE, &asked).expect("anyone may write one");
    assert_eq!(world.calls(draft, 0), vec![]);
    let other = world.upload("treasury");
    let _: bool = world.send(&STRANGER, target, message!("become_code", other));
    world.submit(&ALICE, draft, rules().deposit).expect("Alice has enough");
    assert_eq!(world.calls(draft, 0)[0].code_hash, other);
}
