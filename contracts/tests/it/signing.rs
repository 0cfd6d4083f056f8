//! Votes that their voters signed and others send.

use crate::{
    booth::{AGAINST, Booth, FOR, ranked},
    world::{ALICE, BOB, account, chain, id},
};
use ballot::{Choice, InvalidChoice, Mechanism};
use drink::AccountId32;
use interfaces::{
    AccountId, Hash, ProposalId,
    polls::{PollError, SignedVote, VoteCast, VoteOverridden, text},
    signed::Signature,
};
use sp_core::{Pair, blake2_256, ecdsa, sr25519};

/// A booth in which somebody who signs holds 500 tokens, and Alice 400.
struct Office {
    booth: Booth,
    key: sr25519::Pair,
    poll: ProposalId,
}

impl Office {
    fn new() -> Self {
        let key = sr25519::Pair::from_seed(&[7; 32]);
        let voter = AccountId32::new(key.public().0);
        let mut booth = Booth::with(&[(voter, 500), (ALICE, 400)]);
        let poll = booth.open(Mechanism::Majority, 0);
        Self { booth, key, poll }
    }

    fn voter(&self) -> AccountId {
        AccountId::from(self.key.public().0)
    }

    /// What is to be signed first.
    fn vote(&mut self) -> SignedVote {
        let deadline = self.booth.world.now() + 1_000;
        SignedVote { poll: self.poll, voter: self.voter(), choice: FOR, nonce: 0, deadline }
    }

    fn sign(&self, bytes: &[u8]) -> Signature {
        Signature::Sr25519(self.key.sign(bytes).0)
    }

    /// Signs a vote as the wallet does for this ballot box.
    fn signed(&self, vote: &SignedVote) -> Signature {
        self.sign(text(vote, &chain(), &self.booth.world.polls).as_bytes())
    }

    /// A stranger sends it.
    fn relay(&mut self, vote: &SignedVote, signature: Signature) -> Result<(), PollError> {
        self.booth.world.relay_vote(self.booth.world.polls, vote, signature)
    }
}

#[test]
fn anyone_can_send_a_signed_vote_and_it_is_the_signers() {
    let mut office = Office::new();
    let vote = office.vote();
    let signature = office.signed(&vote);
    assert_eq!(office.relay(&vote, signature), Ok(()));
    let (poll, voter) = (office.poll, office.voter());
    office.booth.world.expect_events(&[VoteCast { poll, voter, choice: FOR, power: 500 }]);
    assert_eq!(office.booth.sides(poll), [500, 0, 0]);
    assert_eq!(office.booth.casts(poll, &account(voter)), 1);
}

#[test]
fn the_text_says_all_that_is_signed() {
    let vote = SignedVote { poll: 3, voter: id(&BOB), choice: ranked(&[2, 0]), nonce: 4, deadline: 1_700_000_000_000 };
    let text: String = text(&vote, &Hash::from([0xc4; 32]), &id(&ALICE)).into();
    let lines = [
        "Gaia vote".to_owned(),
        format!("chain 0x{}", "c4".repeat(32)),
        format!("contract 0x{}", "a1".repeat(32)),
        "poll 3".to_owned(),
        format!("voter 0x{}", "b0".repeat(32)),
        "choice 0x04080200".to_owned(),
        "nonce 4".to_owned(),
        "until 1700000000000".to_owned(),
    ];
    assert_eq!(text, lines.join("\n"));
}

#[test]
fn what_a_wallet_puts_between_bytes_tags_is_taken_too() {
    let mut office = Office::new();
    let vote = office.vote();
    let text = text(&vote, &chain(), &office.booth.world.polls);
    let wrap = |bytes: &[u8]| [b"<Bytes>", bytes, b"</Bytes>"].concat();
    let twice = office.sign(&wrap(&wrap(text.as_bytes())));
    assert_eq!(office.relay(&vote, twice), Err(PollError::BadSignature));
    let once = office.sign(&wrap(text.as_bytes()));
    assert_eq!(office.relay(&vote, once), Ok(()));
}

#[test]
fn an_ecdsa_key_signs_as_well_with_and_without_tags() {
    let key = ecdsa::Pair::from_seed(&[5; 32]);
    let voter = AccountId32::new(blake2_256(&key.public().0));
    let mut booth = Booth::with(&[(voter.clone(), 500)]);
    let poll = booth.open(Mechanism::Majority, 0);
    let deadline = booth.world.now();
    for (nonce, choice) in (0..).zip([FOR, AGAINST]) {
        let vote = SignedVote { poll, voter: id(&voter), choice, nonce, deadline };
        let text = text(&vote, &chain(), &booth.world.polls);
        let message =
            if nonce == 0 { text.as_bytes().to_vec() } else { [b"<Bytes>", text.as_bytes(), b"</Bytes>"].concat() };
        let signature = Signature::Ecdsa(key.sign(&message).0);
        assert_eq!(booth.world.relay_vote(booth.world.polls, &vote, signature), Ok(()));
    }
    assert_eq!(booth.sides(poll), [0, 500, 0]);
}

#[test]
fn a_signed_vote_is_taken_once() {
    let mut office = Office::new();
    let vote = office.vote();
    let signature = office.signed(&vote);
    assert_eq!(office.relay(&vote, signature), Ok(()));
    assert_eq!(office.relay(&vote, signature), Err(PollError::WrongNonce));
    let next = SignedVote { nonce: 1, choice: AGAINST, ..vote.clone() };
    let changed = office.signed(&next);
    assert_eq!(office.relay(&next, changed), Ok(()));
    assert_eq!(office.relay(&vote, signature), Err(PollError::WrongNonce), "the one before cannot come back");
    assert_eq!(office.booth.sides(office.poll), [0, 500, 0]);
}

#[test]
fn a_nonce_cannot_be_skipped() {
    let mut office = Office::new();
    let vote = SignedVote { nonce: 1, ..office.vote() };
    let signature = office.signed(&vote);
    assert_eq!(office.relay(&vote, signature), Err(PollError::WrongNonce));
}

#[test]
fn a_refused_vote_uses_no_nonce() {
    let mut office = Office::new();
    let vote = office.vote();
    for (refused, why) in [
        (SignedVote { poll: 9, ..vote.clone() }, PollError::UnknownPoll),
        (SignedVote { choice: ranked(&[0]), ..vote.clone() }, PollError::BadChoice(InvalidChoice::WrongMechanism)),
    ] {
        let signature = office.signed(&refused);
        assert_eq!(office.relay(&refused, signature), Err(why));
    }
    let signature = office.signed(&vote);
    assert_eq!(office.relay(&vote, signature), Ok(()));
}

#[test]
fn a_direct_vote_makes_void_what_was_signed_before_and_not_sent() {
    let mut office = Office::new();
    let (poll, voter) = (office.poll, account(office.voter()));
    let unsent = office.vote();
    let signature = office.signed(&unsent);
    office.booth.voted(&voter, poll, AGAINST);
    assert_eq!(office.relay(&unsent, signature), Err(PollError::WrongNonce));
    assert_eq!(office.booth.sides(poll), [0, 500, 0], "the later vote stands");
    let next = SignedVote { nonce: 1, ..unsent };
    let signature = office.signed(&next);
    assert_eq!(office.relay(&next, signature), Ok(()));
    assert_eq!((office.booth.sides(poll), office.booth.casts(poll, &voter)), ([500, 0, 0], 2));
}

#[test]
fn a_vote_that_shrinks_does_not_make_void_what_was_signed() {
    let mut office = Office::new();
    let voter = account(office.voter());
    office.booth.delegate(&ALICE, &[(&voter, 10_000)]);
    office.poll = office.booth.open(Mechanism::Majority, 0);
    let vote = office.vote();
    let signature = office.signed(&vote);
    office.booth.voted(&ALICE, office.poll, AGAINST);
    assert_eq!(office.relay(&vote, signature), Ok(()));
    assert_eq!(office.booth.sides(office.poll), [500, 400, 0]);
}

#[test]
fn votes_signed_for_different_polls_are_sent_in_any_order() {
    let mut office = Office::new();
    let other = office.booth.open(Mechanism::Majority, 0);
    let first = office.vote();
    let second = SignedVote { poll: other, choice: AGAINST, ..first.clone() };
    for vote in [&second, &first] {
        let signature = office.signed(vote);
        assert_eq!(office.relay(vote, signature), Ok(()));
    }
    assert_eq!([office.poll, other].map(|poll| office.booth.sides(poll)), [[500, 0, 0], [0, 500, 0]]);
}

#[test]
fn a_vote_signed_for_another_chain_is_refused() {
    let mut office = Office::new();
    let vote = office.vote();
    let signature = office.sign(text(&vote, &Hash::from([1; 32]), &office.booth.world.polls).as_bytes());
    assert_eq!(office.relay(&vote, signature), Err(PollError::BadSignature));
}

#[test]
fn a_vote_signed_for_another_contract_is_refused() {
    let mut office = Office::new();
    let vote = office.vote();
    let signature = office.sign(text(&vote, &chain(), &office.booth.world.token).as_bytes());
    assert_eq!(office.relay(&vote, signature), Err(PollError::BadSignature));
}

#[test]
fn nothing_of_a_signed_vote_can_be_altered() {
    let mut office = Office::new();
    let other = office.booth.open(Mechanism::Majority, 0);
    let vote = office.vote();
    let signature = office.signed(&vote);
    let altered = [
        SignedVote { poll: other, ..vote.clone() },
        SignedVote { voter: id(&ALICE), ..vote.clone() },
        SignedVote { choice: AGAINST, ..vote.clone() },
        SignedVote { choice: Choice::Approval(1), ..vote.clone() },
        SignedVote { deadline: vote.deadline + 1, ..vote.clone() },
    ];
    for altered in altered {
        assert_eq!(office.relay(&altered, signature), Err(PollError::BadSignature), "{altered:?}");
    }
    assert_eq!(office.relay(&vote, signature), Ok(()));
    let renumbered = SignedVote { nonce: 1, ..vote };
    assert_eq!(office.relay(&renumbered, signature), Err(PollError::BadSignature));
}

#[test]
fn a_signature_of_the_other_kind_is_refused() {
    let mut office = Office::new();
    let vote = office.vote();
    let key = ecdsa::Pair::from_seed(&[7; 32]);
    let signature = Signature::Ecdsa(key.sign(text(&vote, &chain(), &office.booth.world.polls).as_bytes()).0);
    assert_eq!(office.relay(&vote, signature), Err(PollError::BadSignature));
    assert_eq!(office.relay(&vote, Signature::Ecdsa([0xff; 65])), Err(PollError::BadSignature));
}

#[test]
fn a_signed_vote_is_taken_until_its_deadline() {
    let mut office = Office::new();
    let vote = office.vote();
    let signature = office.signed(&vote);
    office.booth.world.at(vote.deadline + 1);
    assert_eq!(office.relay(&vote, signature), Err(PollError::TooLate));
    office.booth.world.at(vote.deadline);
    assert_eq!(office.relay(&vote, signature), Ok(()));
}

#[test]
fn a_signed_vote_overrides_as_any_other() {
    let mut office = Office::new();
    let voter = AccountId32::new(office.key.public().0);
    office.booth.delegate(&voter, &[(&ALICE, 4_000)]);
    office.poll = office.booth.open(Mechanism::Majority, 0);
    let poll = office.poll;
    office.booth.voted(&ALICE, poll, AGAINST);
    let vote = office.vote();
    let signature = office.signed(&vote);
    assert_eq!(office.relay(&vote, signature), Ok(()));
    let (representative, holder) = (id(&ALICE), id(&voter));
    office.booth.world.expect_events(&[VoteOverridden { poll, representative, holder, power: 200 }]);
    assert_eq!(office.booth.sides(poll), [500, 400, 0]);
}
