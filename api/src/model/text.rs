//! Values that JSON has no number or form for, as texts.

use interfaces::Moment;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use utoipa::ToSchema;

/// Writes the text of `Display` and reads it back with `FromStr`.
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

serde_as_text!(Amount, Hash, Selector, Bytes, Time);

pub(super) use serde_as_text;

/// A text is not of the form it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub struct Malformed(pub(super) &'static str);

/// An amount in base units, as a decimal string: JSON's numbers are too short for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^(0|[1-9][0-9]{0,38})$", examples("1000000000000"))]
pub struct Amount(pub u128);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Amount {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = Malformed("a whole number of base units below 2^128, in decimal digits");
        // The standard parser also takes a sign and leading zeros, and then one amount would have several texts.
        let canonical = text == "0" || text.starts_with(|first: char| matches!(first, '1'..='9'));
        if !canonical {
            return Err(malformed);
        }
        text.parse().map(Self).map_err(|_| malformed)
    }
}

/// 32 bytes: a block's hash, a code's, a text's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-f]{64}$")]
pub struct Hash(pub [u8; 32]);

/// Four bytes that name a contract's message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-f]{8}$", examples("0xdb20f9f5"))]
pub struct Selector(pub [u8; 4]);

/// Bytes.
#[derive(Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x([0-9a-f]{2})*$")]
pub struct Bytes(pub Vec<u8>);

/// Shows bytes as `0x` and hexadecimal digits, for people and for machines alike.
macro_rules! hexadecimal {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "0x{}", hex::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix("0x")
                    .and_then(|digits| hex::FromHex::from_hex(digits).ok())
                    .map(Self)
                    .ok_or(Malformed("0x and hexadecimal digits, two for each byte"))
            }
        }
    )+};
}

hexadecimal!(Hash, Selector, Bytes);

/// A time in UTC with milliseconds (RFC 3339). What lies beyond the year 9999 is written as that year's last
/// millisecond; a moment beside it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-03-01T12:00:00.000Z"))]
pub struct Time(OffsetDateTime);

impl Time {
    /// The time of a moment of the contracts' clock.
    pub fn from_moment(moment: Moment) -> Self {
        const LAST: OffsetDateTime = time::macros::datetime!(9999-12-31 23:59:59.999 UTC);
        let nanoseconds = i128::from(moment).saturating_mul(1_000_000);
        Self(OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(LAST))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        f.write_str(&self.0.format(form).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Time {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(|time| Self(time.to_offset(time::UtcOffset::UTC)))
            .map_err(|_| Malformed("a time as in RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_has_one_text() {
        for other in ["", "+1", "-1", "01", "00", "1.0", "1e3", " 1", "340282366920938463463374607431768211456"] {
            assert!(other.parse::<Amount>().is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn texts_round_trip(amount: u128, hash: [u8; 32], bytes: Vec<u8>, moment in 0..253_402_300_800_000_u64) {
            prop_assert_eq!(Amount(amount).to_string().parse(), Ok(Amount(amount)));
            prop_assert_eq!(Hash(hash).to_string().parse(), Ok(Hash(hash)));
            prop_assert_eq!(Bytes(bytes.clone()).to_string().parse(), Ok(Bytes(bytes)));
            let time = Time::from_moment(moment);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
