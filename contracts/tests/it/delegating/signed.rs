//! Delegations that are signed by one and sent by another, and every way in which one must not be sent again.

use super::{NEXT, shares};
use crate::{
    message,
    world::{BOB, CAROL, DAVE, START, STRANGER, World, chain, id},
};
use drink::AccountId32;
use interfaces::{
    AccountId, Hash, Moment,
    signed::{Signature, Text},
    token::{DelegationChanged, DelegationError, SignedDelegation},
};
use sp_core::{Pair, blake2_256, ecdsa, sr25519};

impl World {
    fn nonce(&mut self, who: AccountId) -> u64 {
        self.send(&STRANGER, self.token, message!("Delegating::nonce", who))
    }

    fn relay(&mut self, order: &SignedDelegation, signature: Signature) -> Result<(), DelegationError> {
        self.relay_delegation(self.token, order, signature)
    }
}

/// Someone with a key, and half of Carol's tokens.
struct Signer {
    key: sr25519::Pair,
    account: AccountId32,
}

impl Signer {
    fn new(world: &mut World, seed: u8) -> Self {
        let key = sr25519::Pair::from_seed(&[seed; 32]);
        let account = AccountId32::new(key.public().0);
        world.transfer(&CAROL, &account, 50).expect("Carol holds enough");
        Self { key, account }
    }

    /// Everything to Bob.
    fn order(&self, world: &mut World) -> SignedDelegation {
        let deadline = world.now() + 1_000;
        SignedDelegation {
            delegator: id(&self.account),
            shares: shares(&[(&BOB, 10_000)]),
            ends: None,
            nonce: world.nonce(id(&self.account)),
            deadline,
        }
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::Sr25519(self.key.sign(message).0)
    }

    fn sign_text(&self, text: &Text) -> Signature {
        self.sign(text.as_bytes())
    }

    /// As it has to be signed in this world.
    fn sign_order(&self, world: &World, order: &SignedDelegation) -> Signature {
        self.sign_text(&order.text(&chain(), &world.token))
    }
}

/// A world, someone in it, and what that someone has signed.
fn signed() -> (World, Signer, SignedDelegation, Signature) {
    let mut world = World::new();
    let signer = Signer::new(&mut world, 1);
    let order = signer.order(&mut world);
    let signature = signer.sign_order(&world, &order);
    (world, signer, order, signature)
}

#[test]
fn anyone_can_send_a_signed_delegation() {
    let (mut world, signer, order, signature) = signed();
    assert_eq!(world.relay(&order, signature), Ok(()));
    let SignedDelegation { delegator, shares, ends, .. } = order;
    world.expect_events(&[DelegationChanged { delegator, shares, ends }]);
    assert_eq!((world.votes(&signer.account), world.votes(&BOB)), (0, 350));
    assert_eq!((world.nonce(delegator), world.nonce(id(&BOB)), world.nonce(id(&STRANGER))), (1, 0, 0));
    let revoked = SignedDelegation { shares: vec![], ..signer.order(&mut world) };
    let signature = signer.sign_order(&world, &revoked);
    assert_eq!(world.relay(&revoked, signature), Ok(()));
    assert_eq!((world.votes(&signer.account), world.votes(&BOB), world.nonce(delegator)), (50, 300, 2));
}

#[test]
fn a_wallet_signs_between_bytes_tags() {
    let (mut world, signer, order, _) = signed();
    let text = order.text(&chain(), &world.token);
    let wrapped = [b"<Bytes>", text.as_bytes(), b"</Bytes>"].concat();
    let twice = [b"<Bytes>", &wrapped[..], b"</Bytes>"].concat();
    assert_eq!(world.relay(&order, signer.sign(&twice)), Err(DelegationError::WrongSignature));
    assert_eq!(world.relay(&order, signer.sign(&wrapped)), Ok(()));
}

#[test]
fn an_ecdsa_key_signs_as_well_as_it_is_and_between_bytes_tags() {
    let mut world = World::new();
    let key = ecdsa::Pair::from_seed(&[5; 32]);
    let account = AccountId32::new(blake2_256(&key.public().0));
    world.transfer(&CAROL, &account, 50).expect("Carol holds enough");
    let sign = |message: &[u8]| Signature::Ecdsa(key.sign(message).0);
    let wrap = |text: Text| [b"<Bytes>", text.as_bytes(), b"</Bytes>"].concat();
    let mut order = SignedDelegation {
        delegator: id(&account),
        shares: shares(&[(&BOB, 10_000)]),
        ends: Some(NEXT),
        nonce: 0,
        deadline: START + 1,
    };
    let forged = SignedDelegation { delegator: id(&DAVE), ..order.clone() };
    let text = forged.text(&chain(), &world.token);
    assert_eq!(world.relay(&forged, sign(text.as_bytes())), Err(DelegationError::WrongSignature));
    for garbage in [[0; 65], [0xff; 65]] {
        assert_eq!(world.relay(&order, Signature::Ecdsa(garbage)), Err(DelegationError::WrongSignature));
    }
    let text = order.text(&chain(), &world.token);
    assert_eq!(world.relay(&order, sign(text.as_bytes())), Ok(()));
    order.nonce = 1;
    let text = order.text(&chain(), &world.token);
    assert_eq!(world.relay(&order, sign(&wrap(text))), Ok(()));
    assert_eq!(world.votes(&BOB), 350);
}

#[test]
fn a_signature_for_another_chain_is_refused() {
    let (mut world, signer, order, _) = signed();
    let elsewhere = signer.sign_text(&order.text(&Hash::from([1; 32]), &world.token));
    assert_eq!(world.relay(&order, elsewhere), Err(DelegationError::WrongSignature));
    let told: Hash = world.ask(world.relay, message!("Relay::chain"));
    assert_eq!(told, chain());
}

#[test]
fn a_signature_for_another_token_is_refused() {
    let (mut world, signer, order, signature) = signed();
    let ledger = world.deploy("ledger", message!("new", world.governor), 0);
    let other = world.deploy("token", world.token_on(ledger, &[(signer.account, 50)]), 0);
    assert_eq!(world.relay_delegation(other, &order, signature), Err(DelegationError::WrongSignature));
    assert_eq!(world.relay(&order, signature), Ok(()), "it is good where it was made for");
}

#[test]
fn a_signature_of_another_delegator_is_refused() {
    let (mut world, _, order, signature) = signed();
    let other = Signer::new(&mut world, 2);
    assert_eq!(world.relay(&order, other.sign_order(&world, &order)), Err(DelegationError::WrongSignature));
    let stolen = SignedDelegation { delegator: id(&other.account), ..order };
    assert_eq!(world.relay(&stolen, signature), Err(DelegationError::WrongSignature));
}

#[test]
fn a_signed_delegation_is_taken_once_and_in_order() {
    let (mut world, signer, order, signature) = signed();
    let next = SignedDelegation { nonce: 1, shares: vec![], ..order.clone() };
    let next_signature = signer.sign_order(&world, &next);
    assert_eq!(world.relay(&next, next_signature), Err(DelegationError::WrongNonce), "too early");
    assert_eq!(world.relay(&order, signature), Ok(()));
    assert_eq!(world.relay(&order, signature), Err(DelegationError::WrongNonce), "again");
    let renumbered = SignedDelegation { nonce: 1, ..order };
    assert_eq!(world.relay(&renumbered, signature), Err(DelegationError::WrongSignature));
    assert_eq!(world.relay(&next, next_signature), Ok(()));
    assert_eq!((world.nonce(next.delegator), world.votes(&BOB)), (2, 300));
}

#[test]
fn a_signed_delegation_is_taken_until_its_deadline() {
    let (mut world, _, order, signature) = signed();
    world.at(order.deadline + 1);
    assert_eq!(world.relay(&order, signature), Err(DelegationError::DeadlinePassed));
    let prolonged = SignedDelegation { deadline: Moment::MAX, ..order.clone() };
    assert_eq!(world.relay(&prolonged, signature), Err(DelegationError::WrongSignature));
    world.at(order.deadline);
    assert_eq!(world.relay(&order, signature), Ok(()));
}

#[test]
fn nothing_that_was_signed_can_be_changed() {
    let (mut world, _, order, signature) = signed();
    let to_dave = SignedDelegation { shares: shares(&[(&DAVE, 10_000)]), ..order.clone() };
    let less = SignedDelegation { shares: shares(&[(&BOB, 9_999)]), ..order.clone() };
    let shorter = SignedDelegation { ends: Some(NEXT), ..order };
    for changed in [to_dave, less, shorter] {
        assert_eq!(world.relay(&changed, signature), Err(DelegationError::WrongSignature));
    }
}

#[test]
fn a_refused_signed_delegation_keeps_its_nonce() {
    let (mut world, signer, order, _) = signed();
    let wrong = SignedDelegation { shares: shares(&[(&signer.account, 1)]), ..order };
    let signature = signer.sign_order(&world, &wrong);
    assert_eq!(world.relay(&wrong, signature), Err(DelegationError::ToOneself));
    assert_eq!(world.nonce(wrong.delegator), 0);
}
