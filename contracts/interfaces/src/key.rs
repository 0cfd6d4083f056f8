//! Names of parameters, flags, components, metrics, and origins of audit logs.

use ink::prelude::string::String;
use scale::{Decode, Encode, Error, Input};

/// Longest key, in bytes.
pub const LONGEST: usize = 64;

/// A short name: 1 to [`LONGEST`] bytes, each a lowercase letter, a digit, `.`, `_` or `-`. So what looks the same
/// is the same, and a key can stand in an address or a file name. Encodes as a string, and decoding refuses any other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo, ink::storage::traits::StorageLayout))]
pub struct Key(String);

/// The name cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadKey;

impl Key {
    /// The key of this name.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn new(name: impl Into<String>) -> Result<Self, BadKey> {
        Self::of(name.into())
    }

    /// The same, once for whatever a name is made of.
    fn of(name: String) -> Result<Self, BadKey> {
        let fits = (1..=LONGEST).contains(&name.len());
        let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        if fits && name.bytes().all(plain) { Ok(Self(name)) } else { Err(BadKey) }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Decode for Key {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::of(String::decode(input)?).map_err(|BadKey| "not a key".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_short_plain_name() {
        for good in ["a", "api.page-size", "0_9", &"k".repeat(LONGEST)] {
            let key = Key::new(good).expect("a good key");
            assert_eq!((key.as_str(), key.encode()), (good, good.encode()));
            assert_eq!(Key::decode(&mut &good.encode()[..]), Ok(key));
        }
    }

    #[test]
    fn anything_else_is_none() {
        for bad in ["", "A", "a b", "a/b", "é", "a\n", &"k".repeat(LONGEST + 1)] {
            assert_eq!(Key::new(bad), Err(BadKey), "{bad}");
            assert!(Key::decode(&mut &bad.encode()[..]).is_err(), "{bad}");
        }
    }
}
