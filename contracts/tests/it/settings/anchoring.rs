//! Anchors of audit logs.

use super::{CHANGE, Desk, Done, GOVERNOR, OPERATOR, OTHERS, key};
use crate::{
    message,
    world::{ALICE, BOB, START, id},
};
use drink::AccountId32;
use interfaces::{
    Hash,
    settings::{Anchor, Anchored, AnchorerSet, Key, Origin, SettingsError},
};

const LOG: &str = "audit.example.org";

fn root(number: u8) -> Hash {
    Hash::from([number; 32])
}

impl Desk {
    fn appoint(&mut self, whom: &AccountId32) -> Done {
        self.order(message!("Anchors::set_anchorer", CHANGE, key(LOG), id(whom)))
    }

    fn anchor(&mut self, who: &AccountId32, size: u64, number: u8) -> Done {
        self.send(who, message!("Anchors::anchor", key(LOG), size, root(number)))
    }

    fn anchors(&mut self) -> Vec<Anchor> {
        let origin: Option<Origin> = self.ask(message!("Anchors::origin", key(LOG)));
        let count = origin.expect("it is known").anchors;
        let one = |number| self.ask::<Option<Anchor>>(message!("Anchors::anchor_at", key(LOG), number));
        let mut all: Vec<_> = (0..=count).map(one).collect();
        assert_eq!(all.pop(), Some(None), "there is none beyond the last");
        all.into_iter().map(|anchor| anchor.expect("none is missing")).collect()
    }
}

/// Settings in which Alice anchors a log.
fn appointed() -> Desk {
    let mut desk = Desk::new();
    assert_eq!(desk.appoint(&ALICE), Ok(()));
    desk
}

#[test]
fn a_parameter_change_names_who_anchors() {
    let mut desk = appointed();
    desk.world.expect_events(&[AnchorerSet { origin: key(LOG), anchorer: id(&ALICE) }]);
    let known: Option<Origin> = desk.ask(message!("Anchors::origin", key(LOG)));
    assert_eq!(known, Some(Origin { anchorer: id(&ALICE), anchors: 0 }));
    assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::latest", key(LOG))), None);
    let keys: [Option<Key>; 2] = [0_u32, 1].map(|number| desk.ask(message!("Anchors::origin_key", number)));
    assert_eq!((desk.ask::<u32>(message!("Anchors::origin_count")), keys), (1, [Some(key(LOG)), None]));
}

#[test]
fn no_other_kind_names_one_and_nobody_but_the_governor_does() {
    let mut desk = appointed();
    desk.only_kind::<()>(CHANGE, |kind| message!("Anchors::set_anchorer", kind, key(LOG), id(&BOB)));
    desk.only_governor::<()>(&message!("Anchors::set_anchorer", CHANGE, key(LOG), id(&BOB)));
    assert_eq!(desk.anchor(&BOB, 1, 1), Err(SettingsError::NotAnchorer));
}

#[test]
fn a_growing_log_is_anchored_again_and_again() {
    let mut desk = appointed();
    let mut expected = vec![];
    for (number, size) in [(0_u8, 1_u64), (1, 2), (2, 900), (3, u64::MAX)] {
        desk.world.wait(10);
        assert_eq!(desk.anchor(&ALICE, size, number), Ok(()));
        let anchor = Anchor { size, root: root(number), at: START + 1 + 10 * (u64::from(number) + 1) };
        desk.world.expect_events(&[Anchored { origin: key(LOG), number: number.into(), anchor }]);
        assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::latest", key(LOG))), Some(anchor));
        expected.push(anchor);
    }
    assert_eq!(desk.anchors(), expected);
}

#[test]
fn nobody_but_who_was_named_for_the_origin_anchors() {
    let mut desk = appointed();
    let other = message!("Anchors::set_anchorer", CHANGE, key("other"), id(&BOB));
    assert_eq!(desk.order::<Done>(other), Ok(()));
    for person in OTHERS[1..].iter().chain([&GOVERNOR, &OPERATOR]) {
        assert_eq!(desk.anchor(person, 1, 1), Err(SettingsError::NotAnchorer));
    }
    assert_eq!(desk.appoint(&BOB), Ok(()));
    assert_eq!([desk.anchor(&ALICE, 1, 1), desk.anchor(&BOB, 1, 1)], [Err(SettingsError::NotAnchorer), Ok(())]);
}

#[test]
fn a_log_goes_on_from_where_it_was_when_another_anchors() {
    let mut desk = appointed();
    assert_eq!(desk.anchor(&ALICE, 7, 1), Ok(()));
    assert_eq!(desk.appoint(&BOB), Ok(()));
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
fn an_origin_that_nobody_was_named_for_is_unknown() {
    let mut desk = Desk::new();
    assert_eq!(desk.anchor(&ALICE, 1, 1), Err(SettingsError::Unknown));
    assert_eq!(desk.ask::<Option<Origin>>(message!("Anchors::origin", key(LOG))), None);
    assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::anchor_at", key(LOG), 0_u32)), None);
    assert_eq!(desk.ask::<Option<Anchor>>(message!("Anchors::latest", key(LOG))), None);
}
