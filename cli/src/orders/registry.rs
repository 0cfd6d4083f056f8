//! What the registry is ordered to do: attestors, roles, signing keys, and revoking an identity.

use crate::{
    Error, Result,
    commands::call,
    parse::{Account, Date, Hash, from_text},
};
use client::{Contracts, messages::registry};
use interfaces::{
    AccountId, Moment,
    governor::{Call, Kind},
    key::Key,
    registry::{Accreditation, KeyId, Reason, SigningKey, Tier, limits},
    roles::Role,
};
use serde::{Deserialize, Deserializer};

/// An order to the registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Lets an account attest, in place of what it was allowed before.
    Accredit {
        /// Who.
        #[serde(deserialize_with = "from_text")]
        attestor: Account,
        /// The tiers that it may grant.
        tiers: Vec<Tier>,
        /// How often it may attest and renew in a day of UTC.
        daily_cap: u32,
    },
    /// Lets an account attest no more.
    Disaccredit {
        /// Who.
        #[serde(deserialize_with = "from_text")]
        attestor: Account,
    },
    /// Gives an account a role, in place of the end that it had.
    GrantRole {
        /// Who.
        #[serde(deserialize_with = "from_text")]
        account: Account,
        /// Which.
        role: Role,
        /// The last moment.
        #[serde(deserialize_with = "moment")]
        until: Moment,
    },
    /// Takes a role from an account.
    RevokeRole {
        /// Who.
        #[serde(deserialize_with = "from_text")]
        account: Account,
        /// Which.
        role: Role,
    },
    /// Publishes a key that signs the checkpoints of an audit log.
    PublishKey {
        /// Whose log's.
        origin: String,
        /// The public key, of Ed25519.
        #[serde(deserialize_with = "from_text")]
        key: Hash,
        /// Who holds it.
        #[serde(deserialize_with = "from_text")]
        holder: Account,
        /// The first moment at which it is good.
        #[serde(deserialize_with = "moment")]
        from: Moment,
        /// The last one.
        #[serde(deserialize_with = "moment")]
        until: Moment,
    },
    /// Ends a key.
    RevokeKey {
        /// Its number.
        number: KeyId,
    },
    /// Lets an identity be attested no more.
    Revoke {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        identity: Hash,
        /// Why.
        reason: Reason,
    },
}

/// A moment in milliseconds since the Unix epoch, or as a date or time like people type.
fn moment<'de, D: Deserializer<'de>>(json: D) -> Result<Moment, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a moment is a time like \"2027-03-05T12:00:00Z\", or milliseconds since 1970")]
    enum Written {
        Milliseconds(Moment),
        Text(String),
    }
    match Written::deserialize(json)? {
        Written::Milliseconds(moment) => Ok(moment),
        Written::Text(text) => text.parse().map(|Date(moment)| moment).map_err(serde::de::Error::custom),
    }
}

fn id(account: &Account) -> AccountId {
    AccountId::from(account.0.0)
}

impl Order {
    /// The call that a proposal makes for it.
    ///
    /// # Errors
    /// If the registry could only refuse it.
    pub fn call(&self, contracts: &Contracts, _: Kind) -> Result<Call> {
        let target = contracts.registry.account;
        Ok(match self {
            Self::Accredit { attestor, tiers, daily_cap } => {
                if let Some(tier) = tiers.iter().find(|tier| **tier >= limits::TIERS) {
                    return Err(Error::Usage(format!("there is no tier {tier}: tiers are below {}", limits::TIERS)));
                }
                let accreditation = Accreditation { tiers: tiers.iter().copied().collect(), daily_cap: *daily_cap };
                call(target, &registry::accredit(id(attestor), accreditation))
            }
            Self::Disaccredit { attestor } => call(target, &registry::disaccredit(id(attestor))),
            Self::GrantRole { account, role, until } => call(target, &registry::grant_role(id(account), *role, *until)),
            Self::RevokeRole { account, role } => call(target, &registry::revoke_role(id(account), *role)),
            Self::PublishKey { origin, key, holder, from, until } => {
                let origin = Key::new(origin.as_str()).map_err(|_| {
                    Error::Usage(format!(
                        "{origin:?} is no origin of a log: it has 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'"
                    ))
                })?;
                if from > until {
                    return Err(Error::Usage("a key cannot be over before it has begun: until is before from".into()));
                }
                let key = SigningKey { origin, key: key.0.0, holder: id(holder), from: *from, until: *until };
                call(target, &registry::publish_key(&key))
            }
            Self::RevokeKey { number } => call(target, &registry::revoke_key(*number)),
            Self::Revoke { identity, reason } => call(target, &registry::revoke(identity.0.0.into(), *reason)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::{AccountId32, Deployed, H256};
    use serde_json::{Value, json};
    use std::convert::Infallible;

    fn contracts() -> Contracts {
        let deployed =
            |_: &str| Ok::<_, Infallible>(Deployed { account: AccountId32([5; 32]), code_hash: H256([6; 32]) });
        let Ok(contracts) = Contracts::try_from_fn(deployed);
        contracts
    }

    fn ordered(order: Value) -> Result<Call, String> {
        let order: Order = serde_json::from_value(order).map_err(|error| error.to_string())?;
        order.call(&contracts(), Kind::ParameterChange).map_err(|error| error.to_string())
    }

    #[test]
    fn every_order_can_be_written() {
        let alice = AccountId::from(client::development_account("alice").expect("a development account").account().0);
        let (hash, digits) = ([0x1d; 32], format!("0x{}", "1d".repeat(32)));
        let accreditation = Accreditation { tiers: [1, 3].into_iter().collect(), daily_cap: 9 };
        let key = SigningKey {
            origin: Key::new("gaia.audit").expect("a key"),
            key: hash,
            holder: alice,
            from: 1_000,
            until: 1_772_712_000_000,
        };
        for (order, message) in [
            (
                json!({ "order": "accredit", "attestor": "//Alice", "tiers": [1, 3], "daily_cap": 9 }),
                registry::accredit(alice, accreditation).data,
            ),
            (json!({ "order": "disaccredit", "attestor": "//Alice" }), registry::disaccredit(alice).data),
            (
                json!({ "order": "grant_role", "account": "//Alice", "role": "compliance_officer",
                    "until": "2026-03-05T12:00:00Z" }),
                registry::grant_role(alice, Role::ComplianceOfficer, 1_772_712_000_000).data,
            ),
            (
                json!({ "order": "revoke_role", "account": "//Alice", "role": "auditor" }),
                registry::revoke_role(alice, Role::Auditor).data,
            ),
            (
                json!({ "order": "publish_key", "origin": "gaia.audit", "key": digits, "holder": "//Alice",
                    "from": 1_000, "until": "2026-03-05T12:00:00Z" }),
                registry::publish_key(&key).data,
            ),
            (json!({ "order": "revoke_key", "number": 3 }), registry::revoke_key(3).data),
            (json!({ "order": "revoke", "identity": digits, "reason": 7 }), registry::revoke(hash.into(), 7).data),
        ] {
            let call = ordered(order.clone()).unwrap_or_else(|error| panic!("{order}: {error}"));
            assert_eq!([&call.selector[..], &call.input].concat(), message, "{order}");
            assert_eq!((call.target, call.value), (AccountId::from([5; 32]), 0));
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        let key = |origin: &str, until: u64| {
            json!({ "order": "publish_key", "origin": origin, "key": format!("0x{}", "1d".repeat(32)),
                "holder": "//Alice", "from": 5, "until": until })
        };
        let digits = format!("0x{}", "1d".repeat(32));
        for (order, reason) in [
            (json!({ "order": "promote" }), "unknown variant `promote`"),
            (json!({ "order": "disaccredit" }), "missing field `attestor`"),
            (json!({ "order": "disaccredit", "attestor": "alice" }), "the account must be an SS58 address"),
            (json!({ "order": "revoke_key", "number": -1 }), "invalid value"),
            (json!({ "order": "revoke_key", "number": 1, "why": 2 }), "unknown field `why`"),
            (
                json!({ "order": "accredit", "attestor": "//Alice", "tiers": [16], "daily_cap": 1 }),
                "there is no tier 16: tiers are below 16",
            ),
            (
                json!({ "order": "grant_role", "account": "//Alice", "role": "king", "until": 1 }),
                "unknown variant `king`",
            ),
            (
                json!({ "order": "grant_role", "account": "//Alice", "role": "auditor", "until": "soon" }),
                "\"soon\" is no date",
            ),
            (
                json!({ "order": "grant_role", "account": "//Alice", "role": "auditor", "until": true }),
                "a moment is a time like",
            ),
            (json!({ "order": "revoke", "identity": "0x1d", "reason": 7 }), "a hash is 0x and 64 hexadecimal digits"),
            (json!({ "order": "revoke", "identity": digits, "reason": 65_536 }), "invalid value: integer `65536`"),
            (key("Gaia Audit", 6), "\"Gaia Audit\" is no origin of a log"),
            (key("gaia", 4), "until is before from"),
        ] {
            let error = ordered(order.clone()).expect_err(reason);
            assert!(error.contains(reason), "{order}: {error}");
        }
    }
}
