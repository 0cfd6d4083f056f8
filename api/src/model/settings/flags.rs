//! Feature flags.

use crate::{
    account::Account,
    model::{KindName, Name, Time},
};
use ballot::BasisPoints;
use interfaces::{Moment, ProposalId, governor::Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Everything that can be done to a flag.
pub const FLAG_ACTIONS: [FlagAction; 4] = [FlagAction::Set, FlagAction::Expose, FlagAction::Kill, FlagAction::Revive];

/// How deep the JSON of a flag may be nested: as deep as every reader of JSON can follow, also within what an answer puts
/// around it.
const DEEPEST: usize = 64;

/// A feature flag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Flag {
    /// Its name.
    pub key: Name,
    /// Kind of the proposals that may set it.
    #[schema(value_type = KindName)]
    pub owner: Kind,
    /// The share of all that may be exposed to it at most, in basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub ceiling_bps: BasisPoints,
    /// The share of all that is exposed to it, in basis points. All others get its default variant.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub exposure_bps: BasisPoints,
    /// Whether it is killed: its exposure stays 0 until it is revived.
    pub killed: bool,
    /// What it says to those who are exposed, verbatim: meant to be flagd's JSON.
    pub body: String,
    /// The same as JSON; null if it is none, or nested deeper than 64 times.
    #[schema(required = true)]
    pub definition: Option<Value>,
    /// Block in which something was last done to it.
    pub height: u64,
    /// When that was.
    pub time: Time,
    /// When that was, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// Something that was done to a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlagEntry {
    /// What.
    pub action: FlagAction,
    /// The operator who did it; null where governance set the flag.
    #[schema(required = true)]
    pub by: Option<Account>,
    /// The proposal whose execution set it; null for what operators do, and if it is not known.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Kind of the proposals that may set it from then on.
    #[schema(value_type = KindName)]
    pub owner: Kind,
    /// The share of all that may be exposed from then on at most, in basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub ceiling_bps: BasisPoints,
    /// The share of all that is exposed from then on, in basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub exposure_bps: BasisPoints,
    /// Whether it is killed from then on.
    pub killed: bool,
    /// What it says from then on, verbatim; null unless it was set.
    #[schema(required = true)]
    pub body: Option<String>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What can be done to a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagAction {
    /// Governance sets it.
    Set,
    /// An operator changes its exposure.
    Expose,
    /// An operator kills it.
    Kill,
    /// An operator revives it.
    Revive,
}

/// The JSON that a flag's body is; nothing if it is none, or nested too deep.
pub fn flag_json(body: &str) -> Option<Value> {
    serde_json::from_str(body).ok().filter(|value| is_shallow(value, DEEPEST))
}

fn is_shallow(value: &Value, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else { return false };
    match value {
        Value::Array(items) => items.iter().all(|item| is_shallow(item, levels)),
        Value::Object(fields) => fields.values().all(|field| is_shallow(field, levels)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_json_is_read() {
        assert_eq!(flag_json(r#"{"state": "ENABLED"}"#), Some(json!({ "state": "ENABLED" })));
        for other in ["", "on", "{", "{}{}", "1e999"] {
            assert_eq!(flag_json(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_not() {
        let nested = |times: usize| format!("{}{}", "[".repeat(times), "]".repeat(times));
        assert!(flag_json(&nested(DEEPEST)).is_some());
        assert_eq!(flag_json(&nested(DEEPEST + 1)), None);
        assert_eq!(flag_json(&nested(1_024)), None);
    }
}
