//! What the treasury can hold.

use crate::account::{Account, InvalidAccount};
use interfaces::treasury;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// What the treasury can hold: `native`, or the account of a token's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// The native currency.
    Native,
    /// The tokens of this contract.
    Token(Account),
}

/// Why a text is not an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAsset {
    /// Neither of the two forms.
    #[error(
        "must be native, or the account of a token: an SS58 address, such as 5Grwva…, or 0x and 64 hexadecimal digits"
    )]
    Malformed,
    /// An account, but no right one.
    #[error("{0}")]
    Account(InvalidAccount),
}

const NATIVE: &str = "native";

impl Asset {
    /// As the mirror stores it: the account of the token, and nothing for the native currency.
    pub(crate) fn stored(&self) -> &[u8] {
        match self {
            Self::Native => &[],
            Self::Token(token) => token.bytes(),
        }
    }
}

impl From<treasury::Asset> for Asset {
    fn from(asset: treasury::Asset) -> Self {
        match asset {
            treasury::Asset::Native => Self::Native,
            treasury::Asset::Token(token) => Self::Token(token.0.into()),
        }
    }
}

impl From<Asset> for treasury::Asset {
    fn from(asset: Asset) -> Self {
        match asset {
            Asset::Native => Self::Native,
            Asset::Token(token) => Self::Token(<[u8; 32]>::from(token).into()),
        }
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str(NATIVE),
            Self::Token(token) => token.fmt(f),
        }
    }
}

impl FromStr for Asset {
    type Err = InvalidAsset;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == NATIVE {
            return Ok(Self::Native);
        }
        text.parse().map(Self::Token).map_err(|error| match error {
            InvalidAccount::Malformed => InvalidAsset::Malformed,
            error => InvalidAsset::Account(error),
        })
    }
}

impl Serialize for Asset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Asset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Asset {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What the treasury can hold: `native`, or the account of a token's contract."))
            .examples([NATIVE])
            .into()
    }
}

impl ToSchema for Asset {
    fn name() -> Cow<'static, str> {
        "Asset".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_has_one_text() {
        let token = Asset::Token([7; 32].into());
        for asset in [Asset::Native, token] {
            assert_eq!(asset.to_string().parse(), Ok(asset));
        }
        for text in ["", "Native", "NATIVE", "5Grw", "0x00"] {
            assert_eq!(text.parse::<Asset>(), Err(InvalidAsset::Malformed), "{text}");
        }
    }
}
