//! The relay: nobody else speaks for others, and what it brings, whom it is for decides on.

use crate::{
    booth::{AGAINST, Booth, FOR, GOVERNOR},
    message,
    world::{ALICE, BOB, STRANGER, World, chain, id, share},
};
use ballot::Mechanism;
use drink::AccountId32;
use interfaces::{
    AccountId, Hash, Moment, ProposalId,
    polls::{PollError, SignedVote, Standing, text},
    signed::Signature,
    token::{Delegation, DelegationError, Share, SignedDelegation},
    upgrade::{UpgradeError, Upgraded},
};
use sp_core::{Pair, sr25519};

/// Somebody who holds 500 tokens, and signs.
struct Signer {
    booth: Booth,
    key: sr25519::Pair,
    poll: ProposalId,
}

impl Signer {
    fn new() -> Self {
        let key = sr25519::Pair::from_seed(&[7; 32]);
        let mut booth = Booth::with(&[(AccountId32::new(key.public().0), 500), (ALICE, 400)]);
        let poll = booth.open(Mechanism::Majority, 0);
        Self { booth, key, poll }
    }

    fn who(&self) -> AccountId32 {
        AccountId32::new(self.key.public().0)
    }

    /// The first vote, and its signature for this ballot box.
    fn vote(&self, ballot_box: AccountId) -> (SignedVote, Signature) {
        let vote = SignedVote { poll: self.poll, voter: id(&self.who()), choice: FOR, nonce: 0, deadline: Moment::MAX };
        let signature = self.key.sign(text(&vote, &chain(), &ballot_box).as_bytes());
        (vote, Signature::Sr25519(signature.0))
    }

    /// The first delegation, of all to Bob, and its signature for this token.
    fn order(&self, token: AccountId) -> (SignedDelegation, Signature) {
        let order = SignedDelegation {
            delegator: id(&self.who()),
            shares: to_bob(),
            ends: None,
            nonce: 0,
            deadline: Moment::MAX,
        };
        let signature = self.key.sign(order.text(&chain(), &token).as_bytes());
        (order, Signature::Sr25519(signature.0))
    }

    /// Sends the relay a vote that is signed for this ballot box.
    fn vote_in(&mut self, ballot_box: AccountId) -> Result<(), PollError> {
        let (vote, signature) = self.vote(ballot_box);
        self.booth.world.relay_vote(ballot_box, &vote, signature)
    }

    /// Sends the relay a delegation that is signed for this token.
    fn delegate_with(&mut self, token: AccountId) -> Result<(), DelegationError> {
        let (order, signature) = self.order(token);
        self.booth.world.relay_delegation(token, &order, signature)
    }

    fn delegation(&mut self) -> Delegation {
        let question = message!("Delegating::delegation", id(&self.who()));
        self.booth.world.ask(self.booth.world.token, question)
    }
}

fn to_bob() -> Vec<Share> {
    vec![Share { to: id(&BOB), share: share(10_000) }]
}

/// A relay that neither the ballot box nor the token knows, of this governor.
fn another(world: &mut World, governor: &AccountId32) -> AccountId {
    world.deploy("relay", message!("new", id(governor), chain()), 0)
}

#[test]
fn nobody_but_the_relay_votes_for_somebody() {
    let mut signer = Signer::new();
    let (who, poll) = (signer.who(), signer.poll);
    for person in [who.clone(), ALICE, STRANGER, GOVERNOR] {
        let order = message!("Polls::vote_for", poll, id(&who), FOR, 0_u32);
        let refused: Result<(), PollError> = signer.booth.world.send(&person, signer.booth.world.polls, order);
        assert_eq!(refused, Err(PollError::NotRelay));
    }
    assert_eq!(signer.booth.receipt(poll, &who), None);
}

#[test]
fn nobody_but_the_relay_delegates_for_somebody() {
    let mut signer = Signer::new();
    let who = signer.who();
    for person in [who.clone(), ALICE, STRANGER, GOVERNOR] {
        let order = message!("Delegating::delegate_for", id(&who), to_bob(), None::<Moment>, 0_u64);
        let refused: Result<(), DelegationError> = signer.booth.world.send(&person, signer.booth.world.token, order);
        assert_eq!(refused, Err(DelegationError::NotRelay));
    }
    assert_eq!(signer.delegation(), Delegation::default());
}

#[test]
fn another_relay_is_not_trusted_whoever_governs_it() {
    let mut signer = Signer::new();
    let (polls, token, known) = (signer.booth.world.polls, signer.booth.world.token, signer.booth.world.relay);
    for governor in [GOVERNOR, ALICE] {
        signer.booth.world.relay = another(&mut signer.booth.world, &governor);
        assert_eq!(signer.vote_in(polls), Err(PollError::NotRelay));
        assert_eq!(signer.delegate_with(token), Err(DelegationError::NotRelay));
    }
    signer.booth.world.relay = known;
    assert_eq!((signer.vote_in(polls), signer.delegate_with(token)), (Ok(()), Ok(())));
}

#[test]
fn a_relay_of_another_chain_takes_nothing_that_is_signed_for_this_one() {
    let mut signer = Signer::new();
    let world = &mut signer.booth.world;
    world.relay = world.deploy("relay", message!("new", world.governor, Hash::from([1; 32])), 0);
    let (polls, token) = (world.polls, world.token);
    assert_eq!(signer.vote_in(polls), Err(PollError::BadSignature));
    assert_eq!(signer.delegate_with(token), Err(DelegationError::WrongSignature));
}

#[test]
fn a_vote_for_one_ballot_box_is_none_for_another_that_trusts_the_same_relay() {
    let mut signer = Signer::new();
    let (ledger, first) = (signer.booth.world.ledger, signer.booth.world.polls);
    let second = signer.booth.world.deploy_polls(ledger);
    let terms = signer.booth.poll(signer.poll).terms;
    let opened: Result<(), PollError> =
        signer.booth.world.send(&GOVERNOR, second, message!("Polls::open", signer.poll, terms));
    assert_eq!(opened, Ok(()));
    let (vote, signature) = signer.vote(first);
    assert_eq!(signer.booth.world.relay_vote(second, &vote, signature), Err(PollError::BadSignature));
    assert_eq!(signer.booth.world.relay_vote(first, &vote, signature), Ok(()));
    assert_eq!(signer.vote_in(second), Ok(()), "it has polls and nonces of its own");
}

#[test]
fn what_is_signed_for_no_ballot_box_or_token_goes_nowhere() {
    let mut signer = Signer::new();
    let (polls, token) = (signer.booth.world.polls, signer.booth.world.token);
    // An account without code, a contract of another trade, and the relay itself, which cannot be entered twice.
    for nowhere in [id(&BOB), token, signer.booth.world.registry, signer.booth.world.relay] {
        assert_eq!(signer.vote_in(nowhere), Err(PollError::BallotBoxFailed));
    }
    for nowhere in [id(&BOB), polls, signer.booth.world.registry, signer.booth.world.relay] {
        assert_eq!(signer.delegate_with(nowhere), Err(DelegationError::TokenFailed));
    }
    let (vote, signature) = signer.vote(token);
    let (order, order_signature) = signer.order(polls);
    assert_eq!(signer.booth.world.relay_vote(polls, &vote, signature), Err(PollError::BadSignature));
    let refused = signer.booth.world.relay_delegation(token, &order, order_signature);
    assert_eq!(refused, Err(DelegationError::WrongSignature));
}

#[test]
fn what_the_ballot_box_refuses_it_refuses_through_the_relay_too() {
    let mut signer = Signer::new();
    let polls = signer.booth.world.polls;
    signer.booth.close(signer.poll);
    let decided = Standing::Decided { winner: None, since: signer.booth.poll(signer.poll).closes };
    assert_eq!(signer.vote_in(polls), Err(PollError::WrongStanding(decided)));
    signer.poll = signer.booth.open(Mechanism::Majority, 0);
    assert_eq!(signer.vote_in(polls), Ok(()));
    assert_eq!(signer.vote_in(polls), Err(PollError::WrongNonce));
    signer.booth.last_moment(signer.poll);
    let frozen = SignedVote { nonce: 1, choice: AGAINST, ..signer.vote(polls).0 };
    let signature = Signature::Sr25519(signer.key.sign(text(&frozen, &chain(), &polls).as_bytes()).0);
    assert_eq!(signer.booth.world.relay_vote(polls, &frozen, signature), Err(PollError::Frozen));
    assert_eq!(signer.booth.sides(signer.poll), [500, 0, 0]);
}

#[test]
fn the_relay_gets_new_code_from_its_governor_and_goes_on() {
    let mut signer = Signer::new();
    let (relay, polls, token) = (signer.booth.world.relay, signer.booth.world.polls, signer.booth.world.token);
    let code_hash = signer.booth.world.upload("relay");
    let order = message!("Upgradable::upgrade", code_hash);
    let refused: Result<(), UpgradeError> = signer.booth.world.send(&ALICE, relay, order.clone());
    assert_eq!(refused, Err(UpgradeError::NotGoverned));
    let upgraded: Result<(), UpgradeError> = signer.booth.world.send(&GOVERNOR, relay, order);
    assert_eq!(upgraded, Ok(()));
    signer.booth.world.expect_events(&[Upgraded { code_hash }]);
    assert_eq!((signer.vote_in(polls), signer.delegate_with(token)), (Ok(()), Ok(())));
    assert_eq!(signer.booth.sides(signer.poll), [500, 0, 0]);
    assert_eq!(signer.delegation(), Delegation { shares: to_bob(), ends: None });
}
