//! What the governor is ordered to do to itself and to the other contracts' code.

use crate::{
    Error, Result,
    commands::call,
    parse::{Account, Hash, from_text},
};
use client::{
    Contracts,
    messages::{governor, upgrade},
};
use interfaces::{
    AccountId, Moment,
    governor::{Call, Guardian, Kind},
};
use serde::Deserialize;

/// An order to the governor, or to any contract to change its code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Order {
    /// Lets every account have this many live proposals.
    SetLiveLimit {
        /// How many.
        limit: u32,
    },
    /// Names another guardian.
    SetGuardian {
        /// Who.
        #[serde(deserialize_with = "from_text")]
        account: Account,
        /// The last moment of its power, in milliseconds since the Unix epoch.
        until: Moment,
    },
    /// Lets there be no guardian.
    RemoveGuardian {},
    /// Lets one of the contracts run other code, which must be on the chain already.
    Upgrade {
        /// Which, by name.
        of: String,
        /// Hash of the code.
        #[serde(deserialize_with = "from_text")]
        code_hash: Hash,
    },
}

impl Order {
    pub(super) fn call(&self, contracts: &Contracts, _: Kind) -> Result<Call> {
        let governing = contracts.governor.account;
        Ok(match self {
            Self::SetLiveLimit { limit } => call(governing, &governor::set_live_limit(*limit)),
            Self::SetGuardian { account: Account(account), until } => {
                let guardian = Guardian { account: AccountId::from(account.0), until: *until };
                call(governing, &governor::set_guardian(Some(guardian)))
            }
            Self::RemoveGuardian {} => call(governing, &governor::set_guardian(None)),
            Self::Upgrade { of, code_hash: Hash(code_hash) } => {
                let contract = contracts.each().find(|(name, _)| name == of).map(|(_, contract)| contract.account);
                let contract = contract.ok_or_else(|| {
                    Error::Usage(format!("there is no contract {of:?}; there are {}", Contracts::NAMES.join(", ")))
                })?;
                call(contract, &upgrade::upgrade(code_hash.0.into()))
            }
        })
    }
}
