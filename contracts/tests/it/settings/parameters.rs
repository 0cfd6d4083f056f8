//! Defining, setting and retiring parameters, and what they were.

use super::{CHANGE, Desk, UPGRADE, key, percent};
use crate::{message, world::START};
use interfaces::{
    governor::Kind,
    key::Key,
    settings::{
        Change, Course, Definition, Parameter, ParameterDefined, ParameterRetired, ParameterSet, SettingsError, Value,
    },
};

const FEE: &str = "treasury.fee";

fn number(value: i128) -> Option<Value> {
    Some(Value::Integer(value))
}

/// Settings with a fee of 5.
fn with_fee() -> Desk {
    let mut desk = Desk::new();
    assert_eq!(desk.define(CHANGE, FEE, percent(), Value::Integer(5)), Ok(()));
    desk
}

#[test]
fn a_parameter_change_defines_a_parameter() {
    let mut desk = with_fee();
    let (definition, value) = (percent(), Value::Integer(5));
    desk.world.expect_events(&[ParameterDefined { key: key(FEE), definition, value }]);
    let course = Course { value: number(5), next: None };
    let known: Option<Parameter> = desk.ask(message!("Parameters::parameter", key(FEE)));
    assert_eq!(known, Some(Parameter { definition: percent(), course }));
    assert_eq!((desk.value(FEE), desk.value("other")), (number(5), None));
    assert_eq!(desk.ask::<Option<Parameter>>(message!("Parameters::parameter", key("other"))), None);
}

#[test]
fn no_other_kind_defines_a_new_one() {
    let mut desk = Desk::new();
    for kind in Kind::ALL {
        let owned = Definition { owner: kind, ..percent() };
        let define = |kind| message!("Parameters::define", kind, key(FEE), &owned, Value::Integer(5));
        desk.only_kind::<()>(CHANGE, define);
    }
}

#[test]
fn one_that_is_there_is_its_owners_to_define_to_set_and_to_retire() {
    for owner in Kind::ALL {
        let mut desk = Desk::new();
        let owned = Definition { owner, ..percent() };
        assert_eq!(desk.define(CHANGE, FEE, owned.clone(), Value::Integer(5)), Ok(()));
        assert_eq!(desk.set(owner, FEE, 7, Some(START + 1_000)), Ok(()));
        desk.only_kind::<()>(owner, |kind| {
            message!("Parameters::define", kind, key(FEE), Definition { owner: kind, ..percent() }, Value::Integer(1))
        });
        desk.only_kind::<()>(owner, |kind| message!("Parameters::set", kind, key(FEE), Value::Integer(1), None::<u64>));
        desk.only_kind::<()>(owner, |kind| message!("Parameters::cancel", kind, key(FEE)));
        desk.only_kind::<()>(owner, |kind| message!("Parameters::retire", kind, key(FEE)));
        assert_eq!(desk.set(owner, FEE, 6, None), Ok(()));
        assert_eq!(desk.cancel(owner, FEE), Ok(()));
        assert_eq!(desk.define(owner, FEE, percent(), Value::Integer(8)), Ok(()), "it may give it away");
        assert_eq!((desk.set(CHANGE, FEE, 9, None), desk.value(FEE)), (Ok(()), number(9)));
        assert_eq!(desk.retire(CHANGE, FEE), Ok(()));
    }
}

#[test]
fn nobody_but_the_governor_changes_a_parameter() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    for message in [
        message!("Parameters::define", CHANGE, key("other"), percent(), Value::Integer(1)),
        message!("Parameters::set", CHANGE, key(FEE), Value::Integer(1), None::<u64>),
        message!("Parameters::cancel", CHANGE, key(FEE)),
        message!("Parameters::retire", CHANGE, key(FEE)),
    ] {
        desk.only_governor::<()>(&message);
    }
    assert_eq!(desk.value(FEE), number(5));
}

#[test]
fn a_value_is_set_at_once() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, None), Ok(()));
    desk.world.expect_events(&[ParameterSet { key: key(FEE), course: Course { value: number(7), next: None } }]);
    assert_eq!(desk.value(FEE), number(7));
}

#[test]
fn a_change_to_come_comes_without_a_transaction() {
    let mut desk = with_fee();
    let from = START + 1_000;
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(from)), Ok(()));
    let next = Some(Change { from, value: Value::Integer(7) });
    desk.world.expect_events(&[ParameterSet { key: key(FEE), course: Course { value: number(5), next } }]);
    desk.world.at(from - 1);
    assert_eq!(desk.value(FEE), number(5));
    desk.world.at(from);
    assert_eq!((desk.value(FEE), desk.course(FEE)), (number(7), Course { value: number(7), next: None }));
    desk.world.at(from + 1);
    assert_eq!([from - 1, from].map(|moment| desk.value_at(FEE, moment)), [Ok(number(5)), Ok(number(7))]);
}

#[test]
fn a_change_whose_moment_is_not_to_come_is_made_at_once() {
    for from in [0, START + 1] {
        let mut desk = with_fee();
        assert_eq!((desk.set(CHANGE, FEE, 7, Some(from)), desk.value(FEE)), (Ok(()), number(7)));
        assert_eq!(desk.course(FEE).next, None);
    }
}

#[test]
fn the_latest_change_to_come_takes_the_place_of_the_one_before() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    assert_eq!(desk.set(CHANGE, FEE, 8, Some(START + 2_000)), Ok(()));
    desk.world.at(START + 1_999);
    assert_eq!(desk.value(FEE), number(5));
    desk.world.at(START + 2_000);
    assert_eq!(desk.value(FEE), number(8));
}

#[test]
fn a_change_made_at_once_leaves_the_one_to_come() {
    let mut desk = with_fee();
    let next = Some(Change { from: START + 1_000, value: Value::Integer(7) });
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    assert_eq!(desk.set(CHANGE, FEE, 6, None), Ok(()));
    assert_eq!(desk.course(FEE), Course { value: number(6), next });
}

#[test]
fn a_change_to_come_is_cancelled() {
    let mut desk = with_fee();
    assert_eq!(desk.cancel(CHANGE, FEE), Err(SettingsError::NotScheduled));
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    assert_eq!(desk.cancel(CHANGE, FEE), Ok(()));
    desk.world.expect_events(&[ParameterSet { key: key(FEE), course: Course { value: number(5), next: None } }]);
    desk.world.at(START + 1_000);
    assert_eq!(desk.value(FEE), number(5));
}

#[test]
fn a_change_that_has_come_cannot_be_cancelled() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    desk.world.at(START + 1_000);
    assert_eq!(desk.cancel(CHANGE, FEE), Err(SettingsError::NotScheduled));
    assert_eq!(desk.value(FEE), number(7));
}

#[test]
fn defining_anew_drops_the_change_to_come() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    assert_eq!(desk.define(CHANGE, FEE, percent(), Value::Integer(3)), Ok(()));
    desk.world.at(START + 1_000);
    assert_eq!(desk.value(FEE), number(3));
}

#[test]
fn what_is_retired_has_no_value_and_keeps_its_past() {
    let mut desk = with_fee();
    assert_eq!(desk.set(CHANGE, FEE, 7, Some(START + 1_000)), Ok(()));
    desk.world.at(START + 10);
    assert_eq!(desk.retire(CHANGE, FEE), Ok(()));
    desk.world.expect_events(&[ParameterRetired { key: key(FEE) }]);
    desk.world.at(START + 2_000);
    assert_eq!((desk.value(FEE), desk.course(FEE)), (None, Course::default()));
    let moments = [START, START + 1, START + 9, START + 10, START + 1_500];
    let values = [None, number(5), number(5), None, None].map(Ok);
    assert_eq!(moments.map(|moment| desk.value_at(FEE, moment)), values);
}

#[test]
fn what_is_retired_can_only_be_defined_anew_by_its_owner() {
    let mut desk = Desk::new();
    let owned = Definition { owner: UPGRADE, ..percent() };
    assert_eq!(desk.define(CHANGE, FEE, owned.clone(), Value::Integer(5)), Ok(()));
    assert_eq!(desk.retire(UPGRADE, FEE), Ok(()));
    assert_eq!(desk.set(UPGRADE, FEE, 7, None), Err(SettingsError::Retired));
    assert_eq!(desk.set(UPGRADE, FEE, 7, Some(START + 1_000)), Err(SettingsError::Retired));
    assert_eq!(desk.cancel(UPGRADE, FEE), Err(SettingsError::Retired));
    assert_eq!(desk.retire(UPGRADE, FEE), Err(SettingsError::Retired));
    assert_eq!(desk.define(CHANGE, FEE, percent(), Value::Integer(1)), Err(SettingsError::WrongKind(UPGRADE)));
    assert_eq!((desk.define(UPGRADE, FEE, owned, Value::Integer(9)), desk.value(FEE)), (Ok(()), number(9)));
}

#[test]
fn what_was_never_defined_is_unknown() {
    let mut desk = with_fee();
    let unknown = Err(SettingsError::Unknown);
    assert_eq!([desk.set(CHANGE, "x", 1, None), desk.cancel(CHANGE, "x"), desk.retire(CHANGE, "x")], [unknown; 3]);
    assert_eq!((desk.value("x"), desk.value_at("x", START)), (None, Ok(None)));
}

#[test]
fn the_present_cannot_be_looked_up_as_past() {
    let mut desk = with_fee();
    for moment in [START + 1, START + 2, u64::MAX] {
        assert_eq!(desk.value_at(FEE, moment), Err(SettingsError::NotYetPast));
    }
    assert_eq!(desk.value_at(FEE, START), Ok(None));
}

#[test]
fn all_of_them_can_be_read_by_number() {
    let mut desk = with_fee();
    assert_eq!(desk.define(CHANGE, "other", percent(), Value::Integer(1)), Ok(()));
    assert_eq!(desk.define(CHANGE, FEE, percent(), Value::Integer(1)), Ok(()), "which gives it no other number");
    assert_eq!(desk.ask::<u32>(message!("Parameters::parameter_count")), 2);
    let keys: [Option<Key>; 3] = [0_u32, 1, 2].map(|number| desk.ask(message!("Parameters::parameter_key", number)));
    assert_eq!(keys, [Some(key(FEE)), Some(key("other")), None]);
}
