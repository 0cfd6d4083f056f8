//! What people type, parsed into types that cannot be wrong later.

use ballot::{BasisPoints, OptionId};
use client::{AccountId32, H256, Signer};
use interfaces::Moment;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IntoDeserializer},
};
use std::{fmt, str::FromStr};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Reads what stands in JSON as text like what people type.
///
/// # Errors
/// If it is no text, or none that can be parsed.
pub fn from_text<'de, T: FromStr<Err = String>, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    String::deserialize(json)?.parse().map_err(serde::de::Error::custom)
}

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

/// What can be frozen or shown: an identity as `0x` and 64 hexadecimal digits, or an account in any other form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An account.
    Account(Account),
    /// An identity.
    Identity(Hash),
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("0x") { text.parse().map(Self::Identity) } else { text.parse().map(Self::Account) }
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

/// A name of a parameter, a flag, a component, a metric, or the origin of an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub interfaces::key::Key);

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        interfaces::key::Key::new(text).map(Self).map_err(|interfaces::key::BadKey| {
            format!("{text:?} is no name: 1 to 64 lowercase letters, digits, dots, underscores and hyphens")
        })
    }
}

/// A share in basis points, from 0 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points(pub BasisPoints);

impl FromStr for Points {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let points = text.parse().ok().and_then(|points| BasisPoints::new(points).ok());
        points.map(Self).ok_or_else(|| format!("{text:?} is no share: give basis points from 0 to 10000"))
    }
}

/// A payment: `ACCOUNT=AMOUNT`.
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

/// A call: `CONTRACT=0xDATA`, with the message's selector and arguments as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCall {
    /// Which contract: one of ours by name, or an account.
    pub target: Target,
    /// The message.
    pub selector: [u8; 4],
    /// Its arguments.
    pub input: Vec<u8>,
}

/// A contract as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of ours.
    Ours(String),
    /// Any.
    Account(Account),
}

impl FromStr for RawCall {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "a call is written CONTRACT=0xDATA, with a selector of 4 bytes and the arguments as data";
        let (target, data) = text.split_once('=').ok_or(FORM)?;
        let data = data.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()).ok_or(FORM)?;
        let (selector, input) = data.split_first_chunk().ok_or(FORM)?;
        let target = match target.parse() {
            Ok(account) => Target::Account(account),
            Err(_) if target.chars().all(|c| c.is_ascii_lowercase()) => Target::Ours(target.to_owned()),
            Err(error) => return Err(error),
        };
        Ok(Self { target, selector: *selector, input: input.to_vec() })
    }
}

/// Something that one of several options does: `OPTION:WHAT`, or `WHAT` alone where there is one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfOption<T> {
    /// The option's number.
    pub option: Option<OptionId>,
    /// What it does.
    pub what: T,
}

impl<T: FromStr<Err = String>> FromStr for OfOption<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (option, what) = match text.split_once(':') {
            Some((option, what)) => (Some(option_number(option)?), what),
            None => (None, text),
        };
        Ok(Self { option, what: what.parse()? })
    }
}

/// A share in per cent, with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub BasisPoints);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no share: give per cent from 0 to 100, with at most two decimals");
        let (whole, decimals) = text.trim_end_matches('%').split_once('.').unwrap_or((text.trim_end_matches('%'), ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(wrong());
        }
        let points = format!("{whole}{decimals:0<2}").parse().map_err(|_| wrong())?;
        BasisPoints::new(points).map(Self).map_err(|_| wrong())
    }
}

/// An account's share: `ACCOUNT=PERCENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountShare {
    /// Whose.
    pub account: Account,
    /// How much.
    pub share: Percent,
}

impl FromStr for AccountShare {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (account, share) = text.split_once('=').ok_or("a share is written ACCOUNT=PERCENT")?;
        Ok(Self { account: account.parse()?, share: share.parse()? })
    }
}

/// An option of a poll, by number or as `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// The option of this number.
    Number(OptionId),
    /// "None of the above".
    None,
}

impl FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" { Ok(Self::None) } else { option_number(text).map(Self::Number) }
    }
}

/// What an option is given: `OPTION=WHAT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<T> {
    /// Which option.
    pub option: Chosen,
    /// What.
    pub what: T,
}

impl<T: FromStr> FromStr for Given<T>
where
    T::Err: fmt::Display,
{
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (option, what) = text.split_once('=').ok_or("what an option is given is written OPTION=NUMBER")?;
        Ok(Self { option: option.parse()?, what: what.parse().map_err(|error| format!("{what:?}: {error}"))? })
    }
}

fn option_number(text: &str) -> Result<OptionId, String> {
    text.parse().map_err(|_| format!("{text:?} is no option: give its number, from 0, or none"))
}

/// A value that goes by the same name here as in JSON: a kind, a mechanism, a support.
///
/// # Errors
/// With all names there are.
pub fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    T::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(text))
        .map_err(|error| error.to_string())
}

/// A moment: a date like 2026-03-05, which is its first moment in UTC, or a time like 2026-03-05T12:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub Moment);

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
        let time = OffsetDateTime::parse(&whole, &Rfc3339)
            .map_err(|_| format!("{text:?} is no date: write it like 2026-03-05 or 2026-03-05T12:00:00Z"))?;
        Moment::try_from(time.unix_timestamp_nanos() / 1_000_000)
            .map(Self)
            .map_err(|_| format!("{text:?} is before 1970"))
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
    fn digits_are_an_identity_and_anything_else_an_account() {
        let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert!(matches!(format!("0x{}", "1d".repeat(32)).parse(), Ok(Subject::Identity(_))));
        assert_eq!("//Alice".parse::<Subject>(), alice.parse());
        assert!(matches!(alice.parse(), Ok(Subject::Account(_))));
        for text in ["", "0x", "0x1d", "alice"] {
            assert!(text.parse::<Subject>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_payment_needs_both_halves() {
        assert!("//Alice".parse::<Payment>().is_err());
        assert!("//Alice=10".parse::<Payment>().is_ok());
    }

    #[test]
    fn shares_are_exact_to_the_basis_point() {
        for (text, points) in [("0", 0), ("60", 6_000), ("33.3", 3_330), ("33.34%", 3_334), ("100", 10_000)] {
            assert_eq!(text.parse::<Percent>().map(|share| share.0.get()), Ok(points), "{text:?}");
        }
        for text in ["", "-1", "100.01", "101", "1.234", ".5", "1e2", "half"] {
            assert!(text.parse::<Percent>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn options_go_by_number_or_none() {
        assert_eq!("none=40".parse::<Given<u32>>(), Ok(Given { option: Chosen::None, what: 40 }));
        assert_eq!("31".parse(), Ok(Chosen::Number(31)));
        for text in ["", "-1", "256", "first", "None"] {
            assert!(text.parse::<Chosen>().is_err(), "{text:?}");
        }
        for text in ["0", "0=", "0=-1", "x=1"] {
            assert!(text.parse::<Given<u32>>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_an_option_does_names_it_where_there_are_several() {
        let payment = "//Alice=10".parse().expect("a payment");
        assert_eq!("2://Alice=10".parse::<OfOption<Payment>>(), Ok(OfOption { option: Some(2), what: payment }));
        assert_eq!("//Alice=10".parse::<OfOption<Payment>>(), Ok(OfOption { option: None, what: payment }));
        assert!("two://Alice=10".parse::<OfOption<Payment>>().is_err());
    }

    #[test]
    fn a_call_has_a_selector() {
        let call: RawCall = "token=0x0102030405".parse().expect("a call");
        assert_eq!((call.selector, call.input), ([1, 2, 3, 4], vec![5]));
        for text in ["token", "token=", "token=0x010203", "token=01020304", "=0x01020304x"] {
            assert!(text.parse::<RawCall>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn keys_are_plain_and_shares_in_basis_points() {
        assert_eq!("api.page-size".parse::<Key>().expect("a name").0.as_str(), "api.page-size");
        for text in ["", "Fee", "a b", "a/b", &"k".repeat(65)] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
        assert_eq!("2500".parse::<Points>().map(|points| points.0.get()), Ok(2_500));
        for text in ["", "-1", "10001", "25%", "2.5"] {
            assert!(text.parse::<Points>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_those_of_json() {
        assert_eq!(named("treasury_spending"), Ok(interfaces::governor::Kind::TreasurySpending));
        let error = named::<ballot::Mechanism>("lottery").expect_err("no mechanism");
        assert!(error.contains("lottery") && error.contains("quadratic"), "{error}");
    }

    #[test]
    fn a_date_is_its_first_moment() {
        assert_eq!("1970-01-08".parse(), Ok(Date(604_800_000)));
        assert_eq!("1970-01-01T01:00:00+01:00".parse(), Ok(Date(0)));
        for text in ["", "tomorrow", "2026-13-01", "1969-12-31"] {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
    }
}
