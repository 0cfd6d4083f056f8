//! Accounts as people write them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use subxt_utils_accountid32::{AccountId32, FromSs58Error};
use utoipa::ToSchema;

/// An account: an SS58 address of network prefix 42. In requests also `0x` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, examples("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"))]
pub struct Account([u8; 32]);

/// Why a text is not an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAccount {
    /// Neither of the two forms.
    #[error("must be an SS58 address, such as 5Grwva…, or 0x and 64 hexadecimal digits")]
    Malformed,
    /// Mistyped.
    #[error("is mistyped: the checksum in the address does not match")]
    Checksum,
    /// An address of another network, which may be somebody else's here.
    #[error("is an address of another network: addresses here have the prefix 42 and begin with 5")]
    OtherNetwork,
}

impl Account {
    /// Longest text worth decoding: 32 bytes, a two-byte prefix and a checksum are at most 50 digits in base 58.
    const LONGEST: usize = 66;

    /// The account's 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Account {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<Account> for [u8; 32] {
    fn from(account: Account) -> Self {
        account.0
    }
}

impl FromStr for Account {
    type Err = InvalidAccount;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::LONGEST {
            return Err(InvalidAccount::Malformed);
        }
        if let Some(digits) = text.strip_prefix("0x") {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).map_err(|_| InvalidAccount::Malformed)?;
            return Ok(Self(bytes));
        }
        let id = AccountId32::from_str(text).map_err(|error| match error {
            FromSs58Error::InvalidChecksum => InvalidAccount::Checksum,
            FromSs58Error::BadBase58 | FromSs58Error::BadLength | FromSs58Error::InvalidPrefix => {
                InvalidAccount::Malformed
            }
        })?;
        // The decoder takes any network's prefix and the encoder writes only ours, so another prefix shows here.
        if id.to_string() == text { Ok(Self(id.0)) } else { Err(InvalidAccount::OtherNetwork) }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AccountId32(self.0).fmt(f)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({self})")
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

    #[test]
    fn both_forms_are_the_same_account() {
        let account: Account = ALICE.parse().expect("an address");
        assert_eq!(ALICE_HEX.parse(), Ok(account));
        assert_eq!(account.to_string(), ALICE);
    }

    #[test]
    fn another_network_is_refused() {
        for polkadot_or_kusama in
            ["15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5", "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F"]
        {
            assert_eq!(polkadot_or_kusama.parse::<Account>(), Err(InvalidAccount::OtherNetwork));
        }
    }

    #[test]
    fn a_typing_error_is_noticed() {
        let mistyped = ALICE.replace("utQY", "utQZ");
        assert_eq!(mistyped.parse::<Account>(), Err(InvalidAccount::Checksum));
    }

    #[test]
    fn rubbish_is_refused() {
        let long = "5".repeat(100_000);
        for rubbish in ["", "0x", "0x12", "5Grwva", "0OIl", "5GrwvaEF…", &ALICE_HEX[2..], &long] {
            assert_eq!(rubbish.parse::<Account>(), Err(InvalidAccount::Malformed), "{rubbish:.20}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(bytes: [u8; 32]) {
            let account = Account::from(bytes);
            prop_assert_eq!(account.to_string().parse(), Ok(account));
            prop_assert_eq!(format!("0x{}", hex::encode(bytes)).parse(), Ok(account));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Account>();
        }
    }
}
