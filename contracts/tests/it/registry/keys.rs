//! Publishing the keys that sign the checkpoints of audit logs.

use super::{ALICE, BOB, Bureau, Name};
use crate::{
    message,
    world::{START, id},
};
use interfaces::{
    Moment,
    registry::{KeyId, KeyPublished, KeyRevoked, RegistryError, SigningKey, limits},
};

fn log() -> Name {
    Name::new("audit.example.org").expect("a key in a test is one")
}

/// A key of Alice's that is good between these moments after the beginning.
fn key(from: Moment, until: Moment) -> SigningKey {
    SigningKey { origin: log(), key: [7; 32], holder: id(&ALICE), from: START + from, until: START + until }
}

impl Bureau {
    fn published(&mut self, number: KeyId) -> Option<SigningKey> {
        self.ask(message!("Keys::key", number))
    }

    fn key_count(&mut self) -> KeyId {
        self.ask(message!("Keys::key_count"))
    }

    /// Whether Alice holds a good key so long after the beginning.
    fn good(&mut self, after: Moment) -> bool {
        self.world.at(START + after);
        self.holds_key(&ALICE, &log())
    }
}

#[test]
fn a_key_is_published_and_held_while_it_is_good() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.publish(&key(10, 20)), Ok(0));
    let SigningKey { origin, key: public, holder, from, until } = key(10, 20);
    bureau.world.expect_events(&[KeyPublished { number: 0, origin, holder, key: public, from, until }]);
    assert_eq!((bureau.published(0), bureau.published(1), bureau.key_count()), (Some(key(10, 20)), None, 1));
    assert_eq!([0, 9, 10, 20, 21].map(|after| bureau.good(after)), [false, false, true, true, false]);
}

#[test]
fn a_key_is_its_holders_and_for_its_origin_alone() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.publish(&key(0, 20)), Ok(0));
    let other = Name::new("other").expect("a key in a test is one");
    assert_eq!((bureau.holds_key(&BOB, &log()), bureau.holds_key(&ALICE, &other)), (false, false));
}

#[test]
fn one_key_takes_over_from_another() {
    let mut bureau = Bureau::new();
    assert_eq!([key(0, 20), key(15, 30)].map(|key| bureau.publish(&key)), [Ok(0), Ok(1)]);
    assert_eq!([0, 15, 20, 21, 30, 31].map(|after| bureau.good(after)), [true, true, true, true, true, false]);
}

#[test]
fn a_revoked_key_is_good_no_more_from_that_moment_on() {
    let mut bureau = Bureau::new();
    assert_eq!([key(0, 50), key(0, 50), key(40, 50)].map(|key| bureau.publish(&key)), [Ok(0), Ok(1), Ok(2)]);
    bureau.world.at(START + 10);
    for number in [0, 2] {
        assert_eq!(bureau.revoke_key(number), Ok(()));
        bureau.world.expect_events(&[KeyRevoked { number, until: START + 9 }]);
    }
    assert_eq!(bureau.published(0), Some(key(0, 9)), "nothing else of it changes");
    assert_eq!(bureau.revoke_key(0), Err(RegistryError::KeyOver));
    assert!(bureau.good(10), "there is the other");
    assert_eq!(bureau.revoke_key(1), Ok(()));
    assert_eq!([10, 40, 50].map(|after| bureau.good(after)), [false; 3]);
}

#[test]
fn a_key_that_is_over_or_not_there_cannot_be_revoked() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.revoke_key(0), Err(RegistryError::UnknownKey));
    assert_eq!(bureau.publish(&key(0, 20)), Ok(0));
    bureau.world.at(START + 21);
    assert_eq!(bureau.revoke_key(0), Err(RegistryError::KeyOver));
    bureau.world.at(START + 20);
    assert_eq!(bureau.revoke_key(0), Ok(()));
}

#[test]
fn a_key_that_would_be_over_or_never_good_is_refused() {
    let mut bureau = Bureau::new();
    bureau.world.at(START + 10);
    for (from, until) in [(0, 9), (0, 10), (21, 20)] {
        assert_eq!(bureau.publish(&key(from, until)), Err(RegistryError::BadExpiry));
    }
    assert_eq!((bureau.publish(&key(11, 11)), bureau.key_count()), (Ok(0), 1));
}

#[test]
fn a_holder_has_few_keys_of_an_origin_whose_time_is_not_over() {
    let mut bureau = Bureau::new();
    for number in (0..).take(limits::KEYS) {
        assert_eq!(bureau.publish(&key(0, 20)), Ok(number));
    }
    assert_eq!(bureau.publish(&key(0, 20)), Err(RegistryError::TooManyKeys));
    let bobs = SigningKey { holder: id(&BOB), ..key(0, 20) };
    let other = SigningKey { origin: Name::new("other").expect("a key in a test is one"), ..key(0, 20) };
    assert_eq!([bobs, other].map(|key| bureau.publish(&key)), [Ok(4), Ok(5)]);
    assert_eq!(bureau.revoke_key(2), Ok(()));
    assert_eq!(bureau.publish(&key(0, 30)), Ok(6), "which makes room");
    assert_eq!(bureau.publish(&key(0, 30)), Err(RegistryError::TooManyKeys));
    bureau.world.at(START + 21);
    assert_eq!([7, 8, 9].map(|_| bureau.publish(&key(0, 30))), [Ok(7), Ok(8), Ok(9)], "and so does time");
    assert_eq!(bureau.publish(&key(0, 30)), Err(RegistryError::TooManyKeys));
    assert_eq!([21, 30, 31].map(|after| bureau.good(after)), [true, true, false]);
}

#[test]
fn only_the_governor_publishes_and_revokes_keys() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.publish(&key(0, 20)), Ok(0));
    bureau.only_governor(&message!("Keys::publish_key", key(0, 20)));
    bureau.only_governor(&message!("Keys::revoke_key", 0_u32));
}
