//! Anchors of audit logs.

use super::{Desk, Done, GOVERNOR, OPERATOR, OTHERS, key};
use crate::{
    message,
    world::{ALICE, BOB, START, id},
};
use drink::AccountId32;
use interfaces::{
    Hash, Moment,
    key::Key,
    registry::{KeyId, RegistryError, SigningKey},
    settings::{Anchor, Anchored, SettingsError},
};

const LOG: &str = "audit.example.org";

fn root(number: u8) -> Hash {
    Hash::from([number; 32])
}

impl Desk {
    /// Publishes a key of an origin that is good from now on.
    fn publish(&mut self, origin: &str, holder: &AccountId32, until: Moment) -> KeyId {
        let key = SigningKey { origin: key(origin), key: [7; 32], holder: id(holder), from: self.world.now(), until };
        let order = message!("Keys::publish_key", key);
        self.world
            .send::<Result<KeyId, RegistryError>>(&GOVERNOR, self.world.registry, order)
            .expect("it is a good key")
    }

    fn revoke_key(&mut self, number: KeyId) {
        let order = message!("Keys::revoke_key", number);
        assert_eq!(self.world.send::<Result<(), RegistryError>>(&GOVERNOR, self.world.registry, order), Ok(()));
    }

    fn anchor(&mut self, who: &AccountId32, size: u64, number: u8) -> Done {
        self.send(who, message!("Anchors::anchor", key(LOG), size, root(number)))
    }

    fn anchors(&mut self) -> Vec<Anchor> {
        let count: u32 = self.ask(message!("Anchors::anchor_count", key(LOG)));
        let one = |number| self.ask::<Option<Anchor>>(message!("Anchors::anchor_at", key(LOG), number));
        let mut all: Vec<_> = (0..=count).map(one).collect();
        assert_eq!(all.pop(), Some(None), "there is none beyond the last");
        all.into_iter().map(|anchor| anchor.expect("none is missing")).collect()
    }
}

/// Settings in which Alice anchors a log.
fn appointed() -> Desk {
    let mut desk = Desk::new();
    desk.publish(LOG, &ALICE, Moment::MAX);
    desk
}

#[test]
fn a_growing_log_is_anchored_again_and_again() {
    let mut desk = appointed();
    let mut expected = vec![];
    for (number, size) in [(0_u8, 1_u64), (1, 2), (2, 900), (3, u64::MAX)] {
        desk.world.wait(10);
        assert_eq!(desk.anchor(&ALICE, size, number), Ok(()));
        let anchor = Anchor { size, root: root(number), at: START + 1 + 10 * (u64::from(number) + 1) };
        desk.world.expect_events(&[Anchored { origin: key(LOG), by: id(&ALICE), number: number.into(), anchor }]);
        assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::latest", key(LOG))), Some(anchor));
        expected.push(anchor);
    }
    assert_eq!(desk.anchors(), expected);
}

#[test]
fn nobody_but_who_holds_a_key_of_the_origin_anchors() {
    let mut desk = appointed();
    desk.publish("other", &BOB, Moment::MAX);
    for person in OTHERS[1..].iter().chain([&GOVERNOR, &OPERATOR]) {
        assert_eq!(desk.anchor(person, 1, 1), Err(SettingsError::NoKey));
    }
    assert_eq!(desk.ask::<u32>(message!("Anchors::origin_count")), 0);
}

#[test]
fn nobody_anchors_with_a_key_that_is_over_or_revoked() {
    let mut desk = Desk::new();
    let until = desk.world.now() + 10;
    desk.publish(LOG, &ALICE, until);
    let revoked = desk.publish(LOG, &BOB, Moment::MAX);
    desk.world.at(until);
    assert_eq!([desk.anchor(&ALICE, 1, 1), desk.anchor(&BOB, 2, 1)], [Ok(()); 2]);
    desk.revoke_key(revoked);
    assert_eq!([desk.anchor(&ALICE, 3, 1), desk.anchor(&BOB, 4, 1)], [Ok(()), Err(SettingsError::NoKey)]);
    desk.world.wait(1);
    assert_eq!(desk.anchor(&ALICE, 4, 1), Err(SettingsError::NoKey));
}

#[test]
fn a_log_goes_on_from_where_it_was_when_another_anchors() {
    let mut desk = appointed();
    assert_eq!(desk.anchor(&ALICE, 7, 1), Ok(()));
    desk.publish(LOG, &BOB, Moment::MAX);
    assert_eq!([desk.anchor(&BOB, 6, 1), desk.anchor(&BOB, 8, 2)], [Err(SettingsError::Shrinks), Ok(())]);
    assert_eq!(desk.anchors().iter().map(|anchor| anchor.size).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn what_is_anchored_already_is_nothing_new() {
    let mut desk = appointed();
    assert_eq!(desk.anchor(&ALICE, 0, 1), Err(SettingsError::NothingNew), "nor is an empty log");
    assert_eq!(desk.anchor(&ALICE, 7, 1), Ok(()));
    assert_eq!(desk.anchor(&ALICE, 7, 1), Err(SettingsError::NothingNew));
    assert_eq!(desk.anchors().len(), 1);
}

#[test]
fn a_log_that_shrinks_or_forks_is_refused() {
    let mut desk = appointed();
    assert_eq!(desk.anchor(&ALICE, 7, 1), Ok(()));
    assert_eq!([desk.anchor(&ALICE, 6, 1), desk.anchor(&ALICE, 0, 1)], [Err(SettingsError::Shrinks); 2]);
    assert_eq!(desk.anchor(&ALICE, 7, 2), Err(SettingsError::Forks));
    assert_eq!(desk.anchors().len(), 1);
}

#[test]
fn an_origin_is_known_from_its_first_anchor_on() {
    let mut desk = appointed();
    let known = |desk: &mut Desk| {
        let keys: [Option<Key>; 2] = [0_u32, 1].map(|number| desk.ask(message!("Anchors::origin_key", number)));
        (desk.ask::<u32>(message!("Anchors::origin_count")), keys)
    };
    assert_eq!(known(&mut desk), (0, [None, None]));
    assert_eq!(desk.anchors(), []);
    assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::latest", key(LOG))), None);
    assert_eq!(desk.anchor(&ALICE, 7, 1), Ok(()));
    assert_eq!(known(&mut desk), (1, [Some(key(LOG)), None]));
}
