//! Parameters.

use crate::{
    account::Account,
    model::{Decimal, Instant, Integer, KindName, Name, Natural, Time},
};
use interfaces::{Moment, ProposalId, governor::Kind, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything that can be done to a parameter.
pub const PARAMETER_ACTIONS: [ParameterAction; 5] = [
    ParameterAction::Define,
    ParameterAction::Set,
    ParameterAction::Schedule,
    ParameterAction::Cancel,
    ParameterAction::Retire,
];

/// A parameter at the answer's block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Parameter {
    /// Its name.
    pub key: Name,
    /// Kind of the proposals that may change it, and what it is.
    #[schema(value_type = KindName)]
    pub owner: Kind,
    /// Its type, and what it can be set to.
    pub bounds: ParameterBounds,
    /// How long it is meant to be there, and what for.
    pub note: String,
    /// What it is set to; null if it is retired.
    #[schema(required = true)]
    pub value: Option<ParameterValue>,
    /// The change to come; null if none is.
    #[schema(required = true)]
    pub next: Option<ScheduledChange>,
    /// Block in which something was last done to it.
    pub height: u64,
    /// When that was.
    pub time: Time,
    /// When that was, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What a parameter is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum ParameterValue {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(Integer),
    /// A decimal number.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// A length of time, in milliseconds.
    Duration(Natural),
    /// An account.
    Account(Account),
}

/// The type of a parameter, and which of its values are allowed; the ends of a range are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ParameterBounds {
    /// Both.
    Bool,
    /// Whole numbers of a range.
    Integer {
        /// The least.
        least: Integer,
        /// The greatest.
        most: Integer,
    },
    /// Decimal numbers of a range.
    Decimal {
        /// How many digits stand behind the point.
        #[schema(maximum = 38)]
        scale: u8,
        /// The least.
        least: Decimal,
        /// The greatest.
        most: Decimal,
    },
    /// Texts that are not too long.
    Text {
        /// The longest, in bytes of UTF-8.
        longest: u16,
    },
    /// Lengths of time of a range, in milliseconds.
    Duration {
        /// The shortest.
        least: Natural,
        /// The longest.
        most: Natural,
    },
    /// All.
    Account,
}

/// A change of a parameter that is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScheduledChange {
    /// The first moment of the new value.
    pub from: Instant,
    /// The new value.
    pub value: ParameterValue,
}

/// Something that was done to a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParameterEntry {
    /// What.
    pub action: ParameterAction,
    /// The proposal whose execution ordered it; null if that is not known.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Who owns it from then on; null unless it was defined.
    #[schema(required = true, value_type = Option<KindName>)]
    pub owner: Option<Kind>,
    /// What it can be set to from then on; null unless it was defined.
    #[schema(required = true)]
    pub bounds: Option<ParameterBounds>,
    /// What it is for from then on; null unless it was defined.
    #[schema(required = true)]
    pub note: Option<String>,
    /// What it was set to then; null if it was retired.
    #[schema(required = true)]
    pub value: Option<ParameterValue>,
    /// The change that was to come then; null if none was.
    #[schema(required = true)]
    pub next: Option<ScheduledChange>,
    /// What has been in force from this on until something else was done to the parameter: the value, and after it the
    /// change, if time brought it before that. What was replaced in its own moment was never in force.
    pub in_force: Vec<InForce>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What can be done to a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterAction {
    /// Say what it is, and set it. A change to come is dropped.
    Define,
    /// Set it at once. A change to come stays.
    Set,
    /// Set it from a later moment on, in place of another change to come.
    Schedule,
    /// Drop the change to come.
    Cancel,
    /// Let it have no value.
    Retire,
}

/// What a parameter's value was from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InForce {
    /// The value; null while it was retired.
    #[schema(required = true)]
    pub value: Option<ParameterValue>,
    /// The first moment.
    pub from: Instant,
    /// The first moment at which it was over; null if it is in force at the answer's block.
    #[schema(required = true)]
    pub until: Option<Instant>,
}

impl InForce {
    /// What a course that was written at `since` and written anew at `until` has brought by `now`.
    pub(crate) fn of(course: &settings::Course, since: Moment, until: Option<Moment>, now: Moment) -> Vec<Self> {
        let past = |moment: Moment| until.is_none_or(|until| moment <= until) && moment <= now;
        let change = course.next.as_ref().filter(|change| past(change.from));
        let first = (course.value.as_ref(), since, change.map(|change| change.from).or(until));
        let second = change.map(|change| (Some(&change.value), change.from, until));
        let spans = [first].into_iter().chain(second).filter(|(_, from, until)| Some(*from) != *until);
        spans
            .map(|(value, from, until)| Self {
                value: value.cloned().map(Into::into),
                from: from.into(),
                until: until.map(Into::into),
            })
            .collect()
    }
}

impl From<settings::Value> for ParameterValue {
    fn from(value: settings::Value) -> Self {
        match value {
            settings::Value::Bool(value) => Self::Bool(value),
            settings::Value::Integer(value) => Self::Integer(Integer(value)),
            settings::Value::Decimal(value) => Self::Decimal(Decimal(value)),
            settings::Value::Text(value) => Self::Text(value),
            settings::Value::Duration(value) => Self::Duration(Natural(value)),
            settings::Value::Account(value) => Self::Account(value.0.into()),
        }
    }
}

impl From<settings::Change> for ScheduledChange {
    fn from(change: settings::Change) -> Self {
        Self { from: change.from.into(), value: change.value.into() }
    }
}

impl From<settings::Bounds> for ParameterBounds {
    fn from(bounds: settings::Bounds) -> Self {
        match bounds {
            settings::Bounds::Bool => Self::Bool,
            settings::Bounds::Integer { least, most } => Self::Integer { least: Integer(least), most: Integer(most) },
            settings::Bounds::Decimal { scale, least, most } => {
                let decimal = |units| Decimal(settings::Decimal { units, scale });
                Self::Decimal { scale, least: decimal(least), most: decimal(most) }
            }
            settings::Bounds::Text { longest } => Self::Text { longest },
            settings::Bounds::Duration { least, most } => Self::Duration { least: Natural(least), most: Natural(most) },
            settings::Bounds::Account => Self::Account,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interfaces::settings::{Change, Course, Value};
    use serde_json::json;

    #[test]
    fn every_value_is_written_with_its_type_and_read_back() {
        let account = Account::from([1; 32]);
        for (value, written) in [
            (Value::Bool(true), json!({ "type": "bool", "value": true })),
            (Value::Integer(i128::MIN), json!({ "type": "integer", "value": i128::MIN.to_string() })),
            (
                Value::Decimal(settings::Decimal { units: -250, scale: 4 }),
                json!({ "type": "decimal", "value": "-0.0250" }),
            ),
            (Value::Text("a\0b".to_owned()), json!({ "type": "text", "value": "a\0b" })),
            (Value::Duration(u64::MAX), json!({ "type": "duration", "value": "18446744073709551615" })),
            (Value::Account([1; 32].into()), json!({ "type": "account", "value": account })),
        ] {
            let shown = ParameterValue::from(value);
            assert_eq!(serde_json::to_value(&shown).expect("JSON"), written);
            assert_eq!(serde_json::from_value::<ParameterValue>(written).expect("a value"), shown);
        }
    }

    /// The values in force, with the moments from and until which they are.
    fn spans(course: &Course, until: Option<Moment>, now: Moment) -> Vec<(Option<i128>, Moment, Option<Moment>)> {
        let number = |value| match value {
            ParameterValue::Integer(Integer(number)) => number,
            other => panic!("{other:?}"),
        };
        let spans = InForce::of(course, 10, until, now).into_iter();
        spans.map(|it| (it.value.map(number), it.from.moment, it.until.map(|until| until.moment))).collect()
    }

    #[test]
    fn what_is_in_force_follows_from_the_course_and_the_clock() {
        let plain = Course { value: Some(Value::Integer(1)), next: None };
        assert_eq!(spans(&plain, None, 10), [(Some(1), 10, None)]);
        assert_eq!(spans(&plain, Some(30), 50), [(Some(1), 10, Some(30))]);
        assert_eq!(spans(&plain, Some(10), 50), [], "it was replaced in its own moment");
        assert_eq!(spans(&Course::default(), None, 50), [(None, 10, None)], "it has no value");

        let change = Course { next: Some(Change { from: 20, value: Value::Integer(2) }), ..plain };
        assert_eq!(spans(&change, None, 19), [(Some(1), 10, None)], "the change is yet to come");
        assert_eq!(spans(&change, None, 20), [(Some(1), 10, Some(20)), (Some(2), 20, None)]);
        assert_eq!(spans(&change, Some(19), 50), [(Some(1), 10, Some(19))], "it was replaced before it came");
        assert_eq!(spans(&change, Some(20), 50), [(Some(1), 10, Some(20))], "it came, and was replaced at once");
        assert_eq!(spans(&change, Some(30), 50), [(Some(1), 10, Some(20)), (Some(2), 20, Some(30))]);
    }
}
