//! What a proposal can order of the settings.

use crate::{
    Error, Result,
    commands::call,
    parse::{Account, Date, Key},
};
use api::model::{Decimal, Hash, Integer, Natural, ReleaseStep, ReleaseThreshold};
use ballot::BasisPoints;
use client::{Contracts, messages::settings as messages};
use interfaces::{
    AccountId, Moment,
    governor::{Call, Kind},
    settings::{
        self as kept, Definition, FlagOrder, Limit, Release, ReleaseId, SettingsError, Step, Strategy, Threshold,
        limits,
    },
};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value as Json;
use std::{fmt, str::FromStr};

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Say what a parameter is, and set it. A new one is for parameter changes, any other for its owner.
    Define {
        /// Which parameter.
        key: Written<Key>,
        /// Kind of the proposals that may change it from then on.
        owner: Kind,
        /// Its type and what it can be set to.
        bounds: Bounds,
        /// How long it is meant to be there, and what for.
        #[serde(default)]
        note: String,
        /// What it is set to.
        value: Value,
    },
    /// Set a parameter, at once or from a moment on.
    Set {
        /// Which parameter.
        key: Written<Key>,
        /// To what.
        value: Value,
        /// From when on; at once, if that is not given or past.
        #[serde(default)]
        from: Option<When>,
    },
    /// Drop the change of a parameter that is to come.
    Cancel {
        /// Which parameter.
        key: Written<Key>,
    },
    /// Let a parameter have no value.
    Retire {
        /// Which parameter.
        key: Written<Key>,
    },
    /// Set a flag. A new one is for parameter changes, any other for its owner.
    SetFlag {
        /// Which flag.
        key: Written<Key>,
        /// Kind of the proposals that may set it from then on.
        owner: Kind,
        /// The share of all that operators may expose to it at most.
        ceiling_bps: BasisPoints,
        /// The share of all that is exposed to it at first.
        exposure_bps: BasisPoints,
        /// What it says: flagd's JSON, or any text.
        body: Json,
    },
    /// Approve a release. Only a protocol upgrade may.
    ApproveRelease {
        /// Which component it replaces.
        component: Written<Key>,
        /// SHA-256 of the artifact.
        digest: Hash,
        /// How it is rolled out.
        strategy: Rollout,
        /// The first moment at which the approval is over.
        expires: When,
    },
    /// Withdraw the approval of a release. Only a protocol upgrade may.
    RevokeRelease {
        /// Which release.
        release: ReleaseId,
    },
}

/// A value with its type, as the API writes it. An account can be a development account, too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the variants are those of ParameterValue")]
pub enum Value {
    Bool(bool),
    Integer(Integer),
    Decimal(Decimal),
    Text(String),
    Duration(Natural),
    Account(Written<Account>),
}

/// Bounds with their type, as the API writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the variants are those of ParameterBounds")]
pub enum Bounds {
    Bool,
    Integer { least: Integer, most: Integer },
    Decimal { scale: u8, least: Decimal, most: Decimal },
    Text { longest: u16 },
    Duration { least: Natural, most: Natural },
    Account,
}

/// A strategy with its type, as the API writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the variants are those of ReleaseStrategy")]
pub enum Rollout {
    BlueGreen,
    Canary {
        steps: Vec<ReleaseStep>,
        #[serde(default)]
        thresholds: Vec<ReleaseThreshold>,
    },
}

/// A moment: a number of milliseconds since the Unix epoch, a date, or a time as in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When(pub Moment);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = When;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time like \"2026-03-05T12:00:00Z\", or milliseconds since 1970")
            }

            fn visit_u64<E: de::Error>(self, moment: u64) -> Result<When, E> {
                Ok(When(moment))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                text.parse().map(|Date(moment)| When(moment)).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Something that is written as on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T>(pub T);

impl<'de, T: FromStr<Err = String>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(de::Error::custom)
    }
}

impl Order {
    /// The call that orders it, in a proposal of this kind.
    ///
    /// # Errors
    /// What the settings would refuse whatever there is in them.
    pub fn call(&self, contracts: &Contracts, kind: Kind) -> Result<Call> {
        let settings = contracts.settings.account;
        Ok(match self {
            Self::Define { key, owner, bounds, note, value } => {
                let (bounds, value) = (bounds.read()?, value.read());
                bounds.check().and_then(|()| bounds.admit(&value)).map_err(refused)?;
                if note.len() > limits::NOTE {
                    return Err(refused(SettingsError::BadNote));
                }
                let definition = Definition { owner: *owner, bounds, note: note.clone() };
                call(settings, &messages::define(kind, &key.0.0, &definition, &value))
            }
            Self::Set { key, value, from } => {
                call(settings, &messages::set(kind, &key.0.0, &value.read(), from.map(|When(moment)| moment)))
            }
            Self::Cancel { key } => call(settings, &messages::cancel(kind, &key.0.0)),
            Self::Retire { key } => call(settings, &messages::retire(kind, &key.0.0)),
            Self::SetFlag { key, owner, ceiling_bps, exposure_bps, body } => {
                let order = FlagOrder {
                    owner: *owner,
                    ceiling: *ceiling_bps,
                    exposure: *exposure_bps,
                    body: body.as_str().map_or_else(|| body.to_string(), ToOwned::to_owned),
                };
                if order.exposure > order.ceiling {
                    return Err(refused(SettingsError::AboveCeiling));
                }
                if !(1..=limits::BODY).contains(&order.body.len()) {
                    return Err(refused(SettingsError::BadBody));
                }
                call(settings, &messages::set_flag(kind, &key.0.0, &order))
            }
            Self::ApproveRelease { component, digest, strategy, expires } => {
                only_upgrades(kind)?;
                let strategy = strategy.read()?;
                strategy.check().map_err(refused)?;
                let (component, digest) = (component.0.0.clone(), digest.0.into());
                let release = Release { component, digest, strategy, expires: expires.0 };
                call(settings, &messages::approve_release(kind, &release))
            }
            Self::RevokeRelease { release } => {
                only_upgrades(kind)?;
                call(settings, &messages::revoke(kind, *release))
            }
        })
    }
}

fn only_upgrades(kind: Kind) -> Result<()> {
    const MAY: Kind = Kind::ProtocolUpgrade;
    if kind == MAY { Ok(()) } else { Err(refused(SettingsError::WrongKind(MAY))) }
}

fn refused(error: SettingsError) -> Error {
    Error::Usage(error.to_string())
}

impl Value {
    fn read(&self) -> kept::Value {
        match self {
            Self::Bool(value) => kept::Value::Bool(*value),
            Self::Integer(Integer(value)) => kept::Value::Integer(*value),
            Self::Decimal(Decimal(value)) => kept::Value::Decimal(*value),
            Self::Text(value) => kept::Value::Text(value.clone()),
            Self::Duration(Natural(value)) => kept::Value::Duration(*value),
            Self::Account(Written(Account(value))) => kept::Value::Account(AccountId::from(value.0)),
        }
    }
}

impl Bounds {
    fn read(&self) -> Result<kept::Bounds> {
        Ok(match *self {
            Self::Bool => kept::Bounds::Bool,
            Self::Integer { least: Integer(least), most: Integer(most) } => kept::Bounds::Integer { least, most },
            Self::Decimal { scale, least: Decimal(least), most: Decimal(most) } => {
                if (least.scale, most.scale) != (scale, scale) {
                    return Err(Error::Usage(format!(
                        "the bounds of a decimal number must be written with its {scale} digits behind the point"
                    )));
                }
                kept::Bounds::Decimal { scale, least: least.units, most: most.units }
            }
            Self::Text { longest } => kept::Bounds::Text { longest },
            Self::Duration { least: Natural(least), most: Natural(most) } => kept::Bounds::Duration { least, most },
            Self::Account => kept::Bounds::Account,
        })
    }
}

impl Rollout {
    fn read(&self) -> Result<Strategy> {
        let Self::Canary { steps, thresholds } = self else { return Ok(Strategy::BlueGreen) };
        let steps = steps.iter().map(|step| Step { exposure: step.exposure_bps, hold: step.hold_ms }).collect();
        let thresholds = thresholds.iter().map(|threshold| {
            let limit = match (threshold.at_most, threshold.at_least) {
                (Some(Decimal(most)), None) => Limit::AtMost(most),
                (None, Some(Decimal(least))) => Limit::AtLeast(least),
                _ => {
                    return Err(Error::Usage(format!(
                        "the threshold of {} must have at_most or at_least, and not both",
                        threshold.metric
                    )));
                }
            };
            Ok(Threshold { metric: threshold.metric.0.clone(), limit })
        });
        Ok(Strategy::Canary { steps, thresholds: thresholds.collect::<Result<_>>()? })
    }
}

#[cfg(test)]
mod tests;
