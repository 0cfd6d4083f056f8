//! What an order costs, however much is set already.

use super::{CHANGE, Desk, GOVERNOR, key, percent};
use crate::message;
use drink::Weight;
use interfaces::settings::Value;

/// How many parameters there are before the cost is measured a second time.
const MANY: u32 = 1_000;

/// What the first and the second change of a new parameter cost.
fn changes(desk: &mut Desk, name: &str) -> [Weight; 2] {
    assert_eq!(desk.define(CHANGE, name, percent(), Value::Integer(5)), Ok(()));
    [6, 7].map(|value| {
        desk.world.wait(1);
        let change = message!("Parameters::set", CHANGE, key(name), Value::Integer(value), None::<u64>);
        desk.world.weigh(&GOVERNOR, desk.settings, change).0
    })
}

#[test]
fn setting_a_parameter_costs_the_same_however_many_there_are() {
    let mut desk = Desk::new();
    let few = changes(&mut desk, "p-0000");
    for number in 1..MANY - 1 {
        let name = format!("p-{number:04}");
        assert_eq!(desk.define(CHANGE, &name, percent(), Value::Integer(5)), Ok(()));
    }
    let many = changes(&mut desk, "p-0999");
    assert_eq!(desk.ask::<u32>(message!("Parameters::parameter_count")), MANY);
    println!("setting a parameter among 1: {few:?}, among {MANY}: {many:?}");
    assert_eq!(few, many);
}
