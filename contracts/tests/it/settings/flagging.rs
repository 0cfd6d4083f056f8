//! Feature flags: what governance sets, and what operators do within it.

use super::{CHANGE, Desk, Done, OPERATOR, UPGRADE, key};
use crate::{
    message,
    world::{id, share},
};
use interfaces::{
    governor::Kind,
    key::Key,
    settings::{Control, Flag, FlagOrder, FlagSet, FlagSteered, SettingsError, limits},
};

const SEARCH: &str = "search.semantic";

/// What flagd reads.
const BODY: &str = r#"{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"fractional":[["on",25],["off",75]]}}"#;

fn ordered(owner: Kind, ceiling: u16, exposure: u16) -> FlagOrder {
    FlagOrder { owner, ceiling: share(ceiling), exposure: share(exposure), body: BODY.into() }
}

fn control(ceiling: u16, exposure: u16, killed: bool) -> Control {
    Control { owner: CHANGE, ceiling: share(ceiling), exposure: share(exposure), killed }
}

impl Desk {
    fn set_flag(&mut self, kind: Kind, order: &FlagOrder) -> Done {
        self.order(message!("Flags::set_flag", kind, key(SEARCH), order))
    }

    fn expose(&mut self, exposure: u16) -> Done {
        self.send(&OPERATOR, message!("Flags::expose", key(SEARCH), share(exposure)))
    }

    fn kill(&mut self) -> Done {
        self.send(&OPERATOR, message!("Flags::kill", key(SEARCH)))
    }

    fn revive(&mut self) -> Done {
        self.send(&OPERATOR, message!("Flags::revive", key(SEARCH)))
    }

    fn control(&mut self) -> Control {
        let known: Option<Flag> = self.ask(message!("Flags::flag", key(SEARCH)));
        known.expect("the flag was set").control
    }

    #[track_caller]
    fn steered(&mut self, control: Control) {
        self.world.expect_events(&[FlagSteered { flag: key(SEARCH), by: id(&OPERATOR), control }]);
        assert_eq!(self.control(), control);
    }
}

/// A flag that at most half are exposed to, and a tenth is.
fn flagged() -> Desk {
    let mut desk = Desk::new();
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 5_000, 1_000)), Ok(()));
    desk
}

#[test]
fn a_parameter_change_brings_in_a_flag() {
    let mut desk = flagged();
    let control = control(5_000, 1_000, false);
    desk.world.expect_events(&[FlagSet { flag: key(SEARCH), control, body: BODY.into() }]);
    let known: Option<Flag> = desk.ask(message!("Flags::flag", key(SEARCH)));
    assert_eq!(known, Some(Flag { control, body: BODY.into() }));
    assert_eq!(desk.ask::<Option<Flag>>(message!("Flags::flag", key("other"))), None);
    let keys: [Option<Key>; 2] = [0_u32, 1].map(|number| desk.ask(message!("Flags::flag_key", number)));
    assert_eq!((desk.ask::<u32>(message!("Flags::flag_count")), keys), (1, [Some(key(SEARCH)), None]));
}

#[test]
fn no_other_kind_brings_in_one_and_none_but_its_owner_sets_it() {
    let mut desk = Desk::new();
    desk.only_kind::<()>(CHANGE, |kind| message!("Flags::set_flag", kind, key(SEARCH), ordered(kind, 5_000, 0)));
    assert_eq!(desk.set_flag(CHANGE, &ordered(UPGRADE, 5_000, 0)), Ok(()));
    desk.only_kind::<()>(UPGRADE, |kind| message!("Flags::set_flag", kind, key(SEARCH), ordered(kind, 9_000, 0)));
    assert_eq!(desk.set_flag(UPGRADE, &ordered(CHANGE, 9_000, 0)), Ok(()));
    assert_eq!(desk.control(), control(9_000, 0, false));
}

#[test]
fn nobody_but_the_governor_sets_a_flag() {
    let mut desk = flagged();
    desk.only_governor::<()>(&message!("Flags::set_flag", CHANGE, key(SEARCH), ordered(CHANGE, 10_000, 0)));
    desk.only_governor::<()>(&message!("Flags::set_flag", CHANGE, key("other"), ordered(CHANGE, 10_000, 0)));
    assert_eq!(desk.control(), control(5_000, 1_000, false));
}

#[test]
fn an_operator_moves_the_exposure_up_and_down_within_the_ceiling() {
    let mut desk = flagged();
    for exposure in [5_000, 0, 3_000, 3_000] {
        assert_eq!(desk.expose(exposure), Ok(()));
        desk.steered(control(5_000, exposure, false));
    }
    for exposure in [5_001, 10_000] {
        assert_eq!(desk.expose(exposure), Err(SettingsError::AboveCeiling));
    }
    assert_eq!(desk.control(), control(5_000, 3_000, false));
}

#[test]
fn governance_raises_and_lowers_the_ceiling() {
    let mut desk = flagged();
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 8_000, 2_000)), Ok(()));
    assert_eq!((desk.expose(8_000), desk.expose(8_001)), (Ok(()), Err(SettingsError::AboveCeiling)));
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 100, 100)), Ok(()), "which brings the exposure down with it");
    assert_eq!((desk.control(), desk.expose(101)), (control(100, 100, false), Err(SettingsError::AboveCeiling)));
}

#[test]
fn governance_too_keeps_the_exposure_within_the_ceiling() {
    let mut desk = flagged();
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 999, 1_000)), Err(SettingsError::AboveCeiling));
    assert_eq!(desk.control(), control(5_000, 1_000, false));
}

#[test]
fn nobody_but_an_operator_steers_a_flag() {
    let mut desk = flagged();
    desk.only_operator(&message!("Flags::expose", key(SEARCH), share(0)));
    desk.only_operator(&message!("Flags::kill", key(SEARCH)));
    assert_eq!(desk.kill(), Ok(()));
    desk.only_operator(&message!("Flags::revive", key(SEARCH)));
}

#[test]
fn a_killed_flag_is_exposed_to_nobody_until_it_is_revived_and_raised_again() {
    let mut desk = flagged();
    assert_eq!(desk.kill(), Ok(()));
    desk.steered(control(5_000, 0, true));
    assert_eq!([desk.expose(1), desk.expose(0), desk.kill()], [Err(SettingsError::Killed); 3]);
    assert_eq!(desk.revive(), Ok(()));
    desk.steered(control(5_000, 0, false));
    assert_eq!((desk.expose(1_000), desk.control()), (Ok(()), control(5_000, 1_000, false)));
}

#[test]
fn governance_does_not_bring_back_what_was_killed_while_it_voted() {
    let mut desk = flagged();
    assert_eq!(desk.kill(), Ok(()));
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 9_000, 7_000)), Ok(()));
    let dead = control(9_000, 0, true);
    desk.world.expect_events(&[FlagSet { flag: key(SEARCH), control: dead, body: BODY.into() }]);
    assert_eq!(desk.control(), dead);
}

#[test]
fn what_is_not_killed_cannot_be_revived() {
    assert_eq!(flagged().revive(), Err(SettingsError::NotKilled));
}

#[test]
fn a_flag_that_was_never_set_is_unknown() {
    let mut desk = Desk::new();
    assert_eq!([desk.expose(0), desk.kill(), desk.revive()], [Err(SettingsError::Unknown); 3]);
}

#[test]
fn a_body_that_is_empty_or_too_long_is_refused_and_the_longest_fits() {
    let mut desk = Desk::new();
    let of = |bytes: usize| FlagOrder { body: "b".repeat(bytes), ..ordered(CHANGE, 1, 0) };
    for bytes in [0, limits::BODY + 1] {
        assert_eq!(desk.set_flag(CHANGE, &of(bytes)), Err(SettingsError::BadBody));
    }
    assert_eq!(desk.set_flag(CHANGE, &of(limits::BODY)), Ok(()));
    let known: Option<Flag> = desk.ask(message!("Flags::flag", key(SEARCH)));
    assert_eq!(known.map(|flag| flag.body.len()), Some(limits::BODY));
}

#[test]
fn without_a_registry_that_answers_nobody_is_an_operator() {
    let mut desk = flagged();
    // The treasury knows nothing of roles.
    let (governor, none) =
        (id(&super::GOVERNOR), desk.world.deploy("treasury", desk.world.treasury_for(desk.settings), 0));
    desk.settings = desk.world.deploy("settings", message!("new", governor, none), 0);
    assert_eq!(desk.set_flag(CHANGE, &ordered(CHANGE, 5_000, 0)), Ok(()));
    assert_eq!([desk.expose(0), desk.kill(), desk.revive()], [Err(SettingsError::RegistryFailed); 3]);
}
