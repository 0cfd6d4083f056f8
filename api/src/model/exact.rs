//! Numbers that must stay exact and names that must stay plain, as texts.

use super::text::{Malformed, serde_as_text};
use interfaces::{key, settings};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::ToSchema;

serde_as_text!(Integer, Natural, Decimal, Name);

/// A whole number of 128 bits, as a decimal string: JSON's numbers are too short for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^(0|-?[1-9][0-9]{0,38})$", examples("-5"))]
pub struct Integer(pub i128);

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Integer {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = Malformed("a whole number of at most 128 bits with its sign, in decimal digits");
        // The standard parser also takes a plus and leading zeros, and then one number would have several texts.
        let number = text.parse().map(Self).map_err(|_| malformed)?;
        if number.to_string() == text { Ok(number) } else { Err(malformed) }
    }
}

/// A whole number that is not below 0, of 64 bits, as a decimal string: JSON's numbers are too short for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^(0|[1-9][0-9]{0,19})$", examples("86400000"))]
pub struct Natural(pub u64);

impl fmt::Display for Natural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Natural {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = Malformed("a whole number below 2^64, in decimal digits");
        let number = text.parse().map(Self).map_err(|_| malformed)?;
        if number.to_string() == text { Ok(number) } else { Err(malformed) }
    }
}

/// A decimal number, exact, with as many digits behind the point as its type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^-?(0|[1-9][0-9]*)([.][0-9]+)?$", examples("0.0250"))]
pub struct Decimal(pub settings::Decimal);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings::Decimal { units, scale } = self.0;
        let (sign, scale) = (if units < 0 { "-" } else { "" }, usize::from(scale));
        // One digit at least stands before the point.
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale.saturating_add(1));
        let (whole, behind) = digits.split_at(digits.len().saturating_sub(scale));
        if behind.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{behind}") }
    }
}

impl FromStr for Decimal {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = Malformed("a decimal number such as -0.25, with at most 38 digits behind the point");
        let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
        let scale = u8::try_from(behind.len()).map_err(|_| malformed)?;
        let digits = behind.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || scale > settings::limits::DECIMALS || (behind.is_empty() && text.contains('.')) {
            return Err(malformed);
        }
        let units = format!("{whole}{behind}").parse().map_err(|_| malformed)?;
        let number = Self(settings::Decimal { units, scale });
        // The same number has one text: no plus, no zeros in front, and 0 has no sign.
        if number.to_string() == text { Ok(number) } else { Err(malformed) }
    }
}

/// Name of a parameter, a flag, a component, a metric, or the origin of an audit log: 1 to 64 bytes, each a lowercase
/// letter, a digit, `.`, `_` or `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", examples("api.page-size"))]
pub struct Name(pub key::Key);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl FromStr for Name {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        key::Key::new(text)
            .map(Self)
            .map_err(|key::BadKey| Malformed("1 to 64 lowercase letters, digits, dots, underscores and hyphens"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_has_one_text() {
        for other in ["", "+1", "01", "-0", "1.0", "1e3", " 1", "170141183460469231731687303715884105728"] {
            assert!(other.parse::<Integer>().is_err(), "{other}");
        }
        for other in ["", "+1", "-1", "01", "1.0", "18446744073709551616"] {
            assert!(other.parse::<Natural>().is_err(), "{other}");
        }
        for other in ["", ".", "1.", ".5", "-.5", "+1.5", "01.5", "-0", "-0.00", "1.5.0", "1.+5", "1e3", "½"] {
            assert!(other.parse::<Decimal>().is_err(), "{other}");
        }
        assert!(format!("0.{}", "1".repeat(39)).parse::<Decimal>().is_err());
    }

    #[test]
    fn decimals_keep_their_digits() {
        for (units, scale, text) in
            [(5, 0, "5"), (-5, 3, "-0.005"), (1_500, 3, "1.500"), (0, 2, "0.00"), (-12_345, 2, "-123.45")]
        {
            let number = Decimal(settings::Decimal { units, scale });
            assert_eq!(number.to_string(), text);
            assert_eq!(text.parse(), Ok(number));
        }
    }

    #[test]
    fn names_are_plain() {
        for bad in ["", "A", "a b", "a/b", "é", &"k".repeat(65)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn texts_round_trip(units: i128, scale in 0..=38_u8, natural: u64) {
            prop_assert_eq!(Integer(units).to_string().parse(), Ok(Integer(units)));
            prop_assert_eq!(Natural(natural).to_string().parse(), Ok(Natural(natural)));
            let number = Decimal(settings::Decimal { units, scale });
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (text.parse::<Integer>(), text.parse::<Natural>(), text.parse::<Decimal>(), text.parse::<Name>());
        }
    }
}
