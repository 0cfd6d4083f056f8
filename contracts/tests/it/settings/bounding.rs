//! What a parameter can be set to.

use super::{CHANGE, Desk, Done, key, percent};
use crate::{
    message,
    world::{ALICE, id},
};
use drink::DispatchError;
use interfaces::{
    key::LONGEST,
    settings::{Bounds, Decimal, Definition, SettingsError, Value, limits},
};
use scale::Decode;

fn decimal(units: i128, scale: u8) -> Value {
    Value::Decimal(Decimal { units, scale })
}

fn text(bytes: usize) -> Value {
    Value::Text("t".repeat(bytes))
}

/// Every type, with a value within its bounds.
fn types() -> [(Bounds, Value); 6] {
    [
        (Bounds::Bool, Value::Bool(true)),
        (Bounds::Integer { least: -3, most: 3 }, Value::Integer(0)),
        (Bounds::Decimal { scale: 2, least: -150, most: 275 }, decimal(100, 2)),
        (Bounds::Text { longest: 5 }, text(5)),
        (Bounds::Duration { least: 10, most: 20 }, Value::Duration(15)),
        (Bounds::Account, Value::Account(id(&ALICE))),
    ]
}

impl Desk {
    fn bounded(&mut self, name: &str, bounds: Bounds, value: Value) -> Done {
        self.define(CHANGE, name, Definition { bounds, ..percent() }, value)
    }

    fn set_value(&mut self, name: &str, value: &Value) -> Done {
        self.order(message!("Parameters::set", CHANGE, key(name), value, None::<u64>))
    }
}

#[test]
fn a_parameter_of_each_type_takes_values_of_no_other() {
    let mut desk = Desk::new();
    for (bounds, value) in types() {
        assert_eq!(desk.bounded("p", bounds, value.clone()), Ok(()));
        for (other, wrong) in types().into_iter().filter(|(other, _)| *other != bounds) {
            assert_eq!(desk.set_value("p", &wrong), Err(SettingsError::WrongType), "{wrong:?}");
            assert_eq!(desk.bounded("p", bounds, wrong.clone()), Err(SettingsError::WrongType));
            assert_eq!(desk.bounded("p", other, wrong), Err(SettingsError::WrongType), "its type stays");
        }
        assert_eq!((desk.set_value("p", &value), desk.value("p")), (Ok(()), Some(value)));
        desk = Desk::new();
    }
}

#[test]
fn the_ends_of_a_range_are_within_it_and_what_is_beyond_is_not() {
    let mut desk = Desk::new();
    for (name, (bounds, value)) in ["a", "b", "c", "d", "e", "f"].into_iter().zip(types()) {
        assert_eq!(desk.bounded(name, bounds, value), Ok(()));
    }
    for (name, good, bad) in [
        ("b", [Value::Integer(-3), Value::Integer(3)], [Value::Integer(-4), Value::Integer(4)]),
        ("c", [decimal(-150, 2), decimal(275, 2)], [decimal(-151, 2), decimal(276, 2)]),
        ("d", [text(0), text(5)], [text(6), text(1_000)]),
        ("e", [Value::Duration(10), Value::Duration(20)], [Value::Duration(9), Value::Duration(21)]),
    ] {
        assert_eq!(good.map(|value| desk.set_value(name, &value)), [Ok(()); 2], "{name}");
        assert_eq!(bad.map(|value| desk.set_value(name, &value)), [Err(SettingsError::OutOfBounds); 2], "{name}");
    }
    let defined = desk.bounded("g", Bounds::Integer { least: 0, most: 1 }, Value::Integer(2));
    assert_eq!(defined, Err(SettingsError::OutOfBounds));
}

#[test]
fn the_decimals_of_a_number_are_part_of_its_type() {
    let mut desk = Desk::new();
    let cents = Bounds::Decimal { scale: 2, least: 0, most: 100 };
    assert_eq!(desk.bounded("p", cents, decimal(5, 2)), Ok(()));
    assert_eq!(desk.set_value("p", &decimal(5, 3)), Err(SettingsError::WrongType));
    let mills = Bounds::Decimal { scale: 3, least: 0, most: 100 };
    assert_eq!(desk.bounded("p", mills, decimal(5, 3)), Err(SettingsError::WrongType));
    let wider = Bounds::Decimal { scale: 2, least: 0, most: 200 };
    assert_eq!(desk.bounded("p", wider, decimal(200, 2)), Ok(()));
}

#[test]
fn bounds_that_no_value_is_within_or_that_are_too_wide_are_refused() {
    let mut desk = Desk::new();
    for (bounds, value) in [
        (Bounds::Integer { least: 1, most: 0 }, Value::Integer(1)),
        (Bounds::Decimal { scale: 2, least: 1, most: 0 }, decimal(1, 2)),
        (Bounds::Decimal { scale: limits::DECIMALS + 1, least: 0, most: 1 }, decimal(1, limits::DECIMALS + 1)),
        (Bounds::Duration { least: 1, most: 0 }, Value::Duration(1)),
        (Bounds::Text { longest: limits::TEXT + 1 }, text(1)),
    ] {
        assert_eq!(desk.bounded("p", bounds, value), Err(SettingsError::BadBounds), "{bounds:?}");
    }
}

#[test]
fn the_largest_parameter_fits_with_the_largest_change_to_come() {
    let mut desk = Desk::new();
    let (name, longest) = ("k".repeat(LONGEST), usize::from(limits::TEXT));
    let note = "n".repeat(limits::NOTE);
    let definition = Definition { owner: CHANGE, bounds: Bounds::Text { longest: limits::TEXT }, note };
    assert_eq!(desk.define(CHANGE, &name, definition, text(longest)), Ok(()));
    let later = desk.world.now() + 1_000;
    let change = message!("Parameters::set", CHANGE, key(&name), text(longest), Some(later));
    assert_eq!(desk.order::<Done>(change), Ok(()));
    assert_eq!(desk.course(&name).value, Some(text(longest)));
}

#[test]
fn a_note_that_is_too_long_is_refused() {
    let mut desk = Desk::new();
    let definition = Definition { note: "n".repeat(limits::NOTE + 1), ..percent() };
    assert_eq!(desk.define(CHANGE, "p", definition, Value::Integer(1)), Err(SettingsError::BadNote));
}

#[test]
fn what_is_no_key_is_no_message() {
    let mut desk = Desk::new();
    for name in ["", "Fee", "a b", "a/b", "é", &"k".repeat(LONGEST + 1)] {
        let unreadable = message!("Parameters::define", CHANGE, name, percent(), Value::Integer(1));
        let answer: Result<Vec<u8>, DispatchError> =
            desk.world.try_send(&super::GOVERNOR, desk.settings, unreadable, 0);
        let answer = answer.expect("it does not trap");
        let refused = Result::<(), ink::primitives::LangError>::decode(&mut &answer[..]);
        assert_eq!(refused, Ok(Err(ink::primitives::LangError::CouldNotReadInput)), "{name}");
    }
    assert_eq!(desk.ask::<u32>(message!("Parameters::parameter_count")), 0);
}
