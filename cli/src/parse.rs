//! What people type, parsed into types that cannot be wrong later.

use client::{AccountId32, H256, Signer};
use std::str::FromStr;

/// An account: SS58 of network prefix 42, `0x` and 64 hexadecimal digits, or a development account like `//Alice`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account(pub AccountId32);

impl FromStr for Account {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("//") {
            return Signer::development(text)
                .map(|signer| Self(signer.account()))
                .map_err(|_| format!("{text:?} is not a development account like //Alice"));
        }
        text.parse::<api::account::Account>()
            .map(|account| Self(AccountId32(account.into())))
            .map_err(|error| format!("the account {error}"))
    }
}

/// An amount in base units: digits, with `_` allowed between groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub u128);

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("an amount is a whole number of base units, like 1_000_000".into());
        }
        digits.parse().map(Self).map_err(|_| "that amount is beyond 2^128 base units".into())
    }
}

/// 32 bytes as `0x` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub H256);

impl FromStr for Hash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
            .map(|()| Self(H256(bytes)))
            .ok_or_else(|| "a hash is 0x and 64 hexadecimal digits".into())
    }
}

/// A payment that a proposal orders: `ACCOUNT=AMOUNT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// Who is paid.
    pub payee: Account,
    /// How much.
    pub amount: Amount,
}

impl FromStr for Payment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (payee, amount) = text.split_once('=').ok_or("a payment is written ACCOUNT=AMOUNT")?;
        Ok(Self { payee: payee.parse()?, amount: amount.parse()? })
    }
}

/// What a vote says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Support {
    /// Do it.
    For,
    /// Do not.
    Against,
    /// Count towards the quorum only.
    Abstain,
}

impl From<Support> for ballot::Support {
    fn from(support: Support) -> Self {
        match support {
            Support::For => Self::For,
            Support::Against => Self::Against,
            Support::Abstain => Self::Abstain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_amounts_are_refused() {
        for text in ["", "-1", "1.5", "0x10", "_", "340282366920938463463374607431768211456"] {
            assert!(text.parse::<Amount>().is_err(), "{text:?}");
        }
        assert_eq!("1_000".parse(), Ok(Amount(1_000)));
    }

    #[test]
    fn malformed_accounts_are_refused() {
        for text in ["", "5Grw", "//", "0x00", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX"] {
            assert!(text.parse::<Account>().is_err(), "{text:?}");
        }
        assert_eq!("//Alice".parse::<Account>(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY".parse());
    }

    #[test]
    fn a_payment_needs_both_halves() {
        assert!("//Alice".parse::<Payment>().is_err());
        assert!("//Alice=10".parse::<Payment>().is_ok());
    }
}
