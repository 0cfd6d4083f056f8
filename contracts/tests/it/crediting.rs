//! Quadratic polls: persons, their wallets and their voice credits.

use crate::{
    booth::{Booth, quadratic, weighted},
    message,
    world::{ALICE, BOB, CAROL, DAVE, STRANGER, id},
};
use ballot::{Choice, InvalidChoice, Mechanism, quadratic::IdentityVotes};
use interfaces::{
    Hash, Moment, ProposalId,
    polls::{ElectorateFixed, IdentityVoted, PollError, PollTerms, Receipt, VoteCast, VoteOverridden},
    registry::{Bought, RegistryError},
};

/// The person of this number.
fn someone(number: u8) -> Hash {
    Hash::from([number; 32])
}

/// What a person's wallets vote together.
fn together(votes: &[(u8, u32)]) -> IdentityVotes {
    let mut all = IdentityVotes::default();
    all.replace(&[], votes, u32::MAX).expect("the votes of a test can be had");
    all
}

#[test]
fn votes_cost_their_square_and_no_more_can_be_had() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    let poll = booth.open(Mechanism::Quadratic, 3);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 10), (1, 1)])), Err(PollError::OverBudget));
    let choice = quadratic(&[(0, 8), (1, 6)]);
    assert_eq!(booth.vote(&ALICE, poll, choice.clone()), Ok(()));
    booth.world.expect_events(&[ElectorateFixed { poll, electorate: 1 }]);
    let votes = together(&[(0, 8), (1, 6)]);
    booth.world.expect_events(&[IdentityVoted { poll, identity: someone(1), votes, cost: 100 }]);
    booth.world.expect_events(&[VoteCast { poll, voter: id(&ALICE), choice, power: 0 }]);
}

#[test]
fn two_wallets_of_a_person_share_a_budget() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    booth.attest(&STRANGER, 1);
    booth.attest(&BOB, 2);
    let poll = booth.open(Mechanism::Quadratic, 3);
    booth.voted(&ALICE, poll, quadratic(&[(0, 6)]));
    let over = Err(PollError::OverBudget);
    assert_eq!(booth.vote(&STRANGER, poll, quadratic(&[(0, 5)])), over, "eleven votes cost 121, not 36 and 25");
    booth.voted(&STRANGER, poll, quadratic(&[(0, 4)]));
    let votes = together(&[(0, 10)]);
    booth.world.expect_events(&[IdentityVoted { poll, identity: someone(1), votes, cost: 100 }]);
    booth.voted(&BOB, poll, quadratic(&[(1, 10)]));
    let tally = booth.plurality(poll);
    assert_eq!((tally.per_option, tally.turnout), (vec![10, 10, 0], 2), "two persons with the same say");
    assert_eq!(booth.poll(poll).electorate, Some(2));
}

#[test]
fn a_wallet_that_changes_its_votes_leaves_those_of_the_other() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    booth.attest(&STRANGER, 1);
    let poll = booth.open(Mechanism::Quadratic, 3);
    booth.voted(&ALICE, poll, quadratic(&[(0, 6)]));
    booth.voted(&STRANGER, poll, quadratic(&[(0, 4)]));
    booth.voted(&ALICE, poll, quadratic(&[(1, 3), (2, 2)]));
    assert_eq!(booth.plurality(poll).per_option, [4, 3, 2]);
    booth.voted(&STRANGER, poll, quadratic(&[(1, 1)]));
    assert_eq!(booth.plurality(poll).per_option, [0, 4, 2]);
    let choice = Some(quadratic(&[(1, 3), (2, 2)]));
    assert_eq!(booth.receipt(poll, &ALICE), Some(Receipt { choice, power: 0, overridden: 0, casts: 2 }));
    assert_eq!(booth.plurality(poll).turnout, 1);
}

#[test]
fn a_wallet_without_a_person_does_not_vote_however_much_it_holds() {
    let mut booth = Booth::new();
    booth.attest(&DAVE, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 1)])), Err(PollError::NoIdentity));
    booth.attest(&ALICE, 2);
    booth.world.wait(1);
    let late = booth.vote(&ALICE, poll, quadratic(&[(0, 1)]));
    assert_eq!(late, Err(PollError::NoIdentity), "who came after the snapshot came too late");
}

#[test]
fn power_and_delegation_play_no_role() {
    let mut booth = Booth::new();
    booth.delegate(&ALICE, &[(&BOB, 10_000)]);
    for (number, wallet) in (1..).zip([ALICE, BOB, STRANGER]) {
        booth.attest(&wallet, number);
    }
    let poll = booth.open(Mechanism::Quadratic, 2);
    for wallet in [ALICE, BOB, STRANGER] {
        booth.voted(&wallet, poll, quadratic(&[(0, 10)]));
        booth.world.expect_events::<VoteOverridden>(&[]);
    }
    assert_eq!(booth.plurality(poll).per_option, [30, 0]);
}

#[test]
fn the_quorum_is_of_persons() {
    let mut booth = Booth::new();
    for (number, wallet) in (1..).zip([ALICE, BOB, CAROL, DAVE, STRANGER]) {
        booth.attest(&wallet, number);
    }
    let terms = booth.terms(Mechanism::Quadratic, 2);
    let mut thresholds = terms.thresholds;
    thresholds.quorum = crate::world::share(4_000);
    let poll = booth.open_under(PollTerms { thresholds, ..terms });
    booth.voted(&ALICE, poll, quadratic(&[(0, 10)]));
    booth.voted(&BOB, poll, quadratic(&[(1, 5)]));
    assert!(!booth.poll(poll).quorum_reached, "none of the above never helps");
    booth.voted(&STRANGER, poll, quadratic(&[(0, 1)]));
    assert!(booth.poll(poll).quorum_reached);
    assert_eq!(booth.decided(poll), Some(0));
}

#[test]
fn a_changed_vote_is_frozen_like_any_other() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    booth.attest(&BOB, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    booth.voted(&ALICE, poll, quadratic(&[(0, 1)]));
    booth.last_moment(poll);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 2)])), Err(PollError::Frozen));
    booth.voted(&BOB, poll, quadratic(&[(0, 2)]));
    assert_eq!(booth.plurality(poll).per_option, [3, 0]);
}

#[test]
fn choices_of_other_polls_do_not_fit() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    let wrong = Err(PollError::BadChoice(InvalidChoice::WrongMechanism));
    assert_eq!(booth.vote(&ALICE, poll, weighted(&[(0, 10_000)])), wrong);
    assert_eq!(booth.vote(&ALICE, poll, Choice::Approval(1)), wrong);
    let nothing = Err(PollError::BadChoice(InvalidChoice::Nothing(1)));
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(1, 0)])), nothing);
    let poll = booth.open(Mechanism::Approval, 2);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 1)])), wrong);
}

/// What somebody buys who asks the registry without a ballot box.
struct Purchase {
    old: &'static [(u8, u32)],
    new: &'static [(u8, u32)],
}

impl Booth {
    fn buy(&mut self, poll: ProposalId, moment: Moment, purchase: Purchase) -> Result<Bought, RegistryError> {
        let Purchase { old, new } = purchase;
        let order = message!("Credits::buy", poll, id(&ALICE), moment, old, new, 100_u32);
        self.world.send(&STRANGER, self.world.registry, order)
    }
}

#[test]
fn nobody_but_the_ballot_box_touches_what_is_bought_in_its_polls() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    booth.voted(&ALICE, poll, quadratic(&[(0, 10)]));
    let moment = booth.world.now() - 1;
    // In a poll of the same number that is the stranger's, her credits are whole.
    let bought = booth.buy(poll, moment, Purchase { old: &[], new: &[(1, 10)] });
    let after = together(&[(1, 10)]);
    assert_eq!(bought, Ok(Bought { identity: someone(1), before: IdentityVotes::default(), after }));
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(1, 10)])), Ok(()), "what she has is still what she voted");
    assert_eq!(booth.plurality(poll).per_option, [0, 10]);
}

#[test]
fn nothing_is_bought_that_cannot_be_counted_or_belongs_to_nobody() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    booth.world.wait(1);
    let now = booth.world.now();
    for (old, new) in [(&[(0, 1)][..], &[][..]), (&[], &[(1, 1), (0, 1)])] {
        assert_eq!(booth.buy(0, now - 1, Purchase { old, new }), Err(RegistryError::Overflow));
    }
    assert_eq!(booth.buy(0, now - 1, Purchase { old: &[], new: &[(0, 11)] }), Err(RegistryError::OverBudget));
    assert_eq!(booth.buy(0, now, Purchase { old: &[], new: &[(0, 1)] }), Err(RegistryError::NotYetPast));
    assert_eq!(booth.buy(0, 0, Purchase { old: &[], new: &[(0, 1)] }), Err(RegistryError::NotAttested));
}
