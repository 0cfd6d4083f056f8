//! Rows of what governance tells the systems.

use super::{bytes, hex, moment};
use ballot::BasisPoints;
use interfaces::{
    governor::Kind,
    key::Key,
    settings::{self, Bounds, Change, Course, Definition},
};
use scale::Encode;
use serde_json::{Value, json};

/// A row of `mirror_2.parameters`: a whole number, changed last in block 30.
pub fn parameter(key: &str, owner: Kind, course: &Course) -> Value {
    let definition = integer(owner);
    json!({
        "key": key, "owner": owner, "definition": bytes(&definition.encode()), "course": bytes(&course.encode()),
        "height": 30, "index": 1, "moment": moment(30),
    })
}

/// A whole number from -5 to 10 as a parameter.
pub fn integer(owner: Kind) -> Definition {
    Definition { owner, bounds: Bounds::Integer { least: -5, most: 10 }, note: "For good.".to_owned() }
}

/// A course: a whole number, and another from the moment of a block on.
pub fn course(value: i128, next: Option<(u64, i128)>) -> Course {
    let next = next.map(|(height, value)| Change { from: moment(height), value: settings::Value::Integer(value) });
    Course { value: Some(settings::Value::Integer(value)), next }
}

/// A row of `mirror_2.parameter_history`.
pub fn parameter_entry(key: &str, height: u64, index: u32, action: &str, course: &Course) -> Value {
    let definition = (action == "define").then(|| bytes(&integer(Kind::ParameterChange).encode()));
    json!({
        "key": key, "height": height, "index": index, "moment": moment(height), "action": action,
        "definition": definition, "course": bytes(&course.encode()), "proposal": 7,
    })
}

/// A row of `mirror_2.flags`, of a ceiling of a half.
pub fn flag(key: &str, exposure_bps: u16, killed: bool, body: &str) -> Value {
    json!({
        "key": key, "owner": "parameter_change", "ceiling_bps": 5_000, "exposure_bps": exposure_bps, "killed": killed,
        "body": body, "height": 30, "index": 1, "moment": moment(30),
    })
}

/// A row of `mirror_2.flag_history`: what operator 4 did, or governance in proposal 7.
pub fn flag_entry(key: &str, height: u64, index: u32, action: &str, exposure_bps: u16) -> Value {
    let is_set = action == "set";
    json!({
        "key": key, "height": height, "index": index, "moment": moment(height), "action": action,
        "operator": (!is_set).then(|| hex(4)), "proposal": is_set.then_some(7), "owner": "parameter_change",
        "ceiling_bps": 5_000, "exposure_bps": exposure_bps, "killed": action == "kill", "body": is_set.then_some("{}"),
    })
}

/// A row of `mirror_2.releases`, approved in block 20 until block 120.
pub fn release(number: u32, component: &str, stage: &str) -> Value {
    let approved = settings::Release {
        component: Key::new(component).expect("a key"),
        digest: [0xdd; 32].into(),
        strategy: canary(),
        expires: moment(120),
    };
    json!({
        "release": number, "component": component, "approved": bytes(&approved.encode()), "stage": stage, "height": 20,
        "index": 1, "moment": moment(20), "proposal": 7,
    })
}

/// One step, and two thresholds.
fn canary() -> settings::Strategy {
    let threshold = |metric: &str, limit| settings::Threshold { metric: Key::new(metric).expect("a key"), limit };
    let decimal = |units, scale| settings::Decimal { units, scale };
    settings::Strategy::Canary {
        steps: vec![settings::Step { exposure: BasisPoints::new(100).expect("a share"), hold: 60_000 }],
        thresholds: vec![
            threshold("errors", settings::Limit::AtMost(decimal(5, 3))),
            threshold("requests", settings::Limit::AtLeast(decimal(100, 0))),
        ],
    }
}

/// A row of `mirror_2.release_reports` by operator 4.
pub fn release_report(release: u32, height: u64, report: &str) -> Value {
    json!({
        "release": release, "height": height, "index": 1, "moment": moment(height), "report": report,
        "step": (report == "step_passed").then_some(0), "operator": hex(4),
    })
}

/// A row of `mirror_2.anchors` by account 5.
pub fn anchor(origin: &str, number: u32, size: &str, height: u64, index: u32) -> Value {
    json!({
        "origin": origin, "number": number, "size": size, "root": hex(0xee), "account": hex(5), "height": height,
        "index": index, "moment": moment(height),
    })
}
