//! Flags as flagd reads them, with what the chain enforces put in.
//!
//! Of a body's JSON are taken `state`, `variants`, `defaultVariant`, `targeting` and `metadata`. Then its targeting is
//! put behind the flag's exposure:
//!
//! - Nobody exposed, or killed: there is no targeting, so everybody gets the default variant.
//! - Everybody exposed: the targeting is the body's own.
//! - Else a `fractional` of 10,000 parts decides by flag and `targetingKey` who is exposed. Those go through the body's
//!   own targeting, the others get the default variant; so does whoever has no `targetingKey`, for nobody could tell
//!   which share of all those are. Raising the exposure keeps those who were exposed. The parts are drawn by another key
//!   than those of a `fractional` in the body, or who is exposed would decide which part of the body's they come into.

use super::flags::flag_json;
use crate::model::{Block, Name};
use ballot::BasisPoints;
use interfaces::{key::Key, settings::Control};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The schema that a document follows.
pub const FLAGD_SCHEMA: &str = "https://flagd.dev/schema/v0/flags.json";

/// All flags as a configuration that flagd and its clients read. They leave alone what they do not know of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Flagd {
    /// Where the form is described.
    #[serde(rename = "$schema")]
    #[schema(examples("https://flagd.dev/schema/v0/flags.json"))]
    pub schema: String,
    /// The flags, by their names.
    #[schema(value_type = Object)]
    pub flags: BTreeMap<Name, Value>,
    /// Flags whose bodies flagd could not use, and why. Whoever asks for one gets what its own code falls back to.
    #[schema(value_type = Object)]
    pub left_out: BTreeMap<Name, String>,
    /// The block whose state this is.
    pub block: Block,
}

impl Flagd {
    /// The document of these flags.
    pub fn new<'a>(flags: impl IntoIterator<Item = (Key, Control, &'a str)>, block: Block) -> Self {
        let mut document =
            Self { schema: FLAGD_SCHEMA.to_owned(), flags: BTreeMap::new(), left_out: BTreeMap::new(), block };
        for (key, control, body) in flags {
            match flagd_flag(&control, body) {
                Ok(flag) => drop(document.flags.insert(Name(key), flag)),
                Err(reason) => drop(document.left_out.insert(Name(key), reason.to_owned())),
            }
        }
        document
    }
}

/// A flag as flagd reads it.
///
/// # Errors
/// Why flagd could not use the body.
pub fn flagd_flag(control: &Control, body: &str) -> Result<Value, &'static str> {
    let Some(Value::Object(mut body)) = flag_json(body) else {
        return Err("its body is no JSON object, or nested too deep");
    };
    let mut flag = Map::new();
    let state = body.remove("state").filter(|state| matches!(state.as_str(), Some("ENABLED" | "DISABLED")));
    flag.insert("state".to_owned(), state.ok_or("its state is neither ENABLED nor DISABLED")?);
    let variants = body.remove("variants").filter(are_variants);
    let variants = variants.ok_or("its variants are no object of booleans, texts, numbers or objects alone")?;
    // One default that is no variant, and flagd refuses all flags of the document.
    let default = body.remove("defaultVariant").filter(|name| is_among(name, &variants));
    flag.insert("defaultVariant".to_owned(), default.ok_or("its defaultVariant is not the name of a variant")?);
    flag.insert("variants".to_owned(), variants);
    match body.remove("metadata") {
        None => {}
        Some(metadata) if is_metadata(&metadata) => drop(flag.insert("metadata".to_owned(), metadata)),
        Some(_) => return Err("its metadata is no object of booleans, texts and numbers"),
    }
    match body.remove("targeting").unwrap_or_else(|| json!({})) {
        Value::Object(rule) if rule.is_empty() => {}
        rule if refers(&rule) => return Err("its targeting refers to rules outside the flag, and there are none"),
        rule @ Value::Object(_) => {
            if let Some(rule) = enforced(control, rule) {
                flag.insert("targeting".to_owned(), rule);
            }
        }
        _ => return Err("its targeting is no object"),
    }
    Ok(Value::Object(flag))
}

/// Targeting that only those come to whom the flag is exposed.
fn enforced(control: &Control, rule: Value) -> Option<Value> {
    let exposure = control.exposure.get();
    if control.killed || exposure == 0 {
        return None;
    }
    if exposure == BasisPoints::WHOLE {
        return Some(rule);
    }
    let subject = json!({ "var": "targetingKey" });
    let drawn_by = json!({ "cat": ["exposure ", { "var": "$flagd.flagKey" }, " ", subject] });
    let rest = BasisPoints::WHOLE.saturating_sub(exposure);
    let drawn = json!({ "fractional": [drawn_by, ["exposed", exposure], ["others", rest]] });
    let exposed = json!({ "and": [subject, { "==": [drawn, "exposed"] }] });
    // Nothing is what leads to the default variant.
    Some(json!({ "if": [exposed, rule, null] }))
}

/// Whether these are variants, which all have one type.
fn are_variants(variants: &Value) -> bool {
    let Value::Object(variants) = variants else { return false };
    let mut values = variants.values();
    let alike = |first: &Value, other: &Value| std::mem::discriminant(first) == std::mem::discriminant(other);
    let named = variants.keys().all(|name| !name.is_empty());
    named
        && values.next().is_some_and(|first| {
            !matches!(first, Value::Null | Value::Array(_)) && values.all(|other| alike(first, other))
        })
}

fn is_among(name: &Value, variants: &Value) -> bool {
    name.as_str().is_some_and(|name| variants.get(name).is_some())
}

fn is_metadata(metadata: &Value) -> bool {
    let plain = |value: &Value| matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_));
    metadata.as_object().is_some_and(|fields| fields.values().all(plain))
}

/// Whether a rule refers to another one, which would stand beside the flags.
fn refers(rule: &Value) -> bool {
    match rule {
        Value::Object(fields) => fields.iter().any(|(name, value)| name == "$ref" || refers(value)),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interfaces::governor::Kind;

    const BODY: &str = r#"{
        "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
        "targeting": { "if": [{ "==": [{ "var": "plan" }, "pro"] }, "on", null] },
        "metadata": { "team": "search" }, "comment": "only for people"
    }"#;

    fn control(exposure: u16, killed: bool) -> Control {
        let exposure = BasisPoints::new(exposure).expect("a share");
        let ceiling = BasisPoints::new(10_000).expect("a share");
        Control { owner: Kind::ParameterChange, ceiling, exposure, killed }
    }

    fn own() -> Value {
        json!({ "if": [{ "==": [{ "var": "plan" }, "pro"] }, "on", null] })
    }

    #[test]
    fn a_flag_that_nobody_is_exposed_to_has_no_targeting() {
        for control in [control(0, true), control(0, false), control(5_000, true)] {
            let expected = json!({
                "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
                "metadata": { "team": "search" },
            });
            assert_eq!(flagd_flag(&control, BODY), Ok(expected));
        }
    }

    #[test]
    fn a_flag_that_all_are_exposed_to_has_its_own_targeting() {
        assert_eq!(flagd_flag(&control(10_000, false), BODY).expect("usable")["targeting"], own());
    }

    #[test]
    fn in_between_a_fraction_comes_to_the_targeting() {
        let flag = flagd_flag(&control(2_500, false), BODY).expect("usable");
        let drawn_by = json!({ "cat": ["exposure ", { "var": "$flagd.flagKey" }, " ", { "var": "targetingKey" }] });
        let drawn = json!({ "fractional": [drawn_by, ["exposed", 2_500], ["others", 7_500]] });
        let exposed = json!({ "and": [{ "var": "targetingKey" }, { "==": [drawn, "exposed"] }] });
        assert_eq!(flag["targeting"], json!({ "if": [exposed, own(), null] }));
    }

    #[test]
    fn a_flag_without_targeting_needs_none() {
        for targeting in ["", r#","targeting":{}"#] {
            let body = format!(r#"{{"state":"DISABLED","variants":{{"a":"x"}},"defaultVariant":"a"{targeting}}}"#);
            let flag = flagd_flag(&control(2_500, false), &body).expect("usable");
            assert_eq!(flag, json!({ "state": "DISABLED", "variants": { "a": "x" }, "defaultVariant": "a" }));
        }
    }

    #[test]
    fn what_flagd_could_not_use_is_left_out() {
        for (body, reason) in [
            ("on", "no JSON object"),
            ("[]", "no JSON object"),
            (r#"{"variants":{"a":1},"defaultVariant":"a"}"#, "state"),
            (r#"{"state":"ON","variants":{"a":1},"defaultVariant":"a"}"#, "state"),
            (r#"{"state":"ENABLED","variants":{},"defaultVariant":"a"}"#, "variants"),
            (r#"{"state":"ENABLED","variants":{"a":1,"b":"2"},"defaultVariant":"a"}"#, "variants"),
            (r#"{"state":"ENABLED","variants":{"a":[1]},"defaultVariant":"a"}"#, "variants"),
            (r#"{"state":"ENABLED","variants":{"":1},"defaultVariant":""}"#, "variants"),
            (r#"{"state":"ENABLED","variants":{"a":1},"defaultVariant":"b"}"#, "defaultVariant"),
            (r#"{"state":"ENABLED","variants":{"a":1}}"#, "defaultVariant"),
            (r#"{"state":"ENABLED","variants":{"a":1},"defaultVariant":"a","targeting":"a"}"#, "targeting"),
            (
                r#"{"state":"ENABLED","variants":{"a":1},"defaultVariant":"a","targeting":{"if":[{"$ref":"x"},"a","a"]}}"#,
                "refers",
            ),
            (r#"{"state":"ENABLED","variants":{"a":1},"defaultVariant":"a","metadata":{"a":[]}}"#, "metadata"),
        ] {
            let refused = flagd_flag(&control(10_000, false), body).expect_err(body);
            assert!(refused.contains(reason), "{body}: {refused}");
        }
    }
}
