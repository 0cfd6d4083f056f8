//! Lists in pages: how many rows, and where to go on.
//!
//! A cursor is the sort key of the last row that was seen, so the next page begins after it no matter what was added
//! since, and the database finds it through an index.

use crate::{
    model::{Block, Page},
    params::{FromParams, Params},
    problem::Error,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use scale::{Decode, DecodeAll, Encode};
use serde::Serialize;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

/// Version of the cursors' form; another one's are refused.
const VERSION: u8 = 1;

/// How many rows a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

/// A limit must be a positive number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number, at least 1")]
pub struct InvalidLimit;

impl Limit {
    /// Most rows of a page.
    pub const MAX: u8 = 200;

    fn parse(text: &str) -> Result<Self, InvalidLimit> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let significant = text.trim_start_matches('0');
        if !digits || significant.is_empty() {
            return Err(InvalidLimit);
        }
        // Whatever does not fit is over the most, too.
        Ok(Self(significant.parse().unwrap_or(Self::MAX).min(Self::MAX)))
    }

    /// How many rows to ask the database for: one more than the page has, to see whether there is a next page.
    pub fn rows(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// Sort key of a list.
pub trait Key: Encode + DecodeAll {
    /// The list's number, so that one list's cursor is not taken for another's.
    const LIST: u8;
}

/// A row of a list as it is stored.
pub trait Row<K: Key> {
    /// As it is answered with.
    type Item: Serialize;

    /// Where it stands in the list.
    ///
    /// # Errors
    /// If what is stored makes no sense.
    fn place(&self) -> Result<K, Error>;

    /// As it is answered with.
    ///
    /// # Errors
    /// If what is stored makes no sense.
    fn read(self) -> Result<Self::Item, Error>;
}

/// Place in a list that follows the chain: where the row's event stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct EventPlace<const LIST: u8> {
    /// The event's block.
    pub height: i64,
    /// The event's position in the block.
    pub index: i32,
}

impl<const LIST: u8> EventPlace<LIST> {
    /// Before every row of a list that begins with the newest.
    pub const FIRST: Self = Self { height: i64::MAX, index: i32::MAX };
}

impl<const LIST: u8> Key for EventPlace<LIST> {
    const LIST: u8 = LIST;
}

/// A text is not a cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a cursor of this list: send the next_cursor of its page before, as it was")]
pub struct InvalidCursor;

fn write<K: Key>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode((VERSION, K::LIST, key).encode())
}

fn read<K: Key>(text: &str) -> Result<K, InvalidCursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
    match bytes.as_slice() {
        [VERSION, list, key @ ..] if *list == K::LIST => K::decode_all(&mut &*key).map_err(|_| InvalidCursor),
        _ => Err(InvalidCursor),
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<K: Key> {
    /// Most rows to answer with.
    pub limit: Limit,
    /// Place of the last row of the page before, if this is not the first page.
    pub cursor: Option<K>,
}

impl<K: Key> IntoParams for Part<K> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).default(Some(50.into()));
        let cursor = ObjectBuilder::new().schema_type(Type::String);
        let described = [
            ("limit", "Most rows to answer with; over 200 is 200.", limit),
            ("cursor", "`next_cursor` of the page before; without it, the list's first page.", cursor),
        ];
        let parameter = |(name, description, schema): (&str, &str, ObjectBuilder)| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(schema))
                .build()
        };
        described.into_iter().map(parameter).collect()
    }
}

impl<K: Key> FromParams for Part<K> {
    fn from_params(params: &mut Params) -> Self {
        Self { limit: params.one("limit", Limit::parse).unwrap_or_default(), cursor: params.one("cursor", read::<K>) }
    }
}

impl<K: Key> Part<K> {
    /// The page of `rows`, which were asked for with [`Limit::rows`].
    ///
    /// # Errors
    /// If what is stored makes no sense.
    pub fn page<R: Row<K>>(&self, mut rows: Vec<R>, block: Block) -> Result<Page<R::Item>, Error> {
        let most = usize::from(self.limit.0);
        let more = rows.len() > most;
        rows.truncate(most);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(write(&last.place()?)),
            _ => None,
        };
        let data = rows.into_iter().map(Row::read).collect::<Result<_, _>>()?;
        Ok(Page { data, next_cursor, block })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Place = EventPlace<200>;
    type OtherPlace = EventPlace<201>;

    const PLACE: Place = Place { height: 1, index: 2 };

    #[test]
    fn a_limit_over_the_most_is_the_most() {
        for (text, rows) in [("1", 2), ("007", 8), ("200", 201), ("201", 201), ("99999999999999999999999", 201)] {
            assert_eq!(Limit::parse(text).map(Limit::rows), Ok(rows), "{text}");
        }
    }

    #[test]
    fn what_is_no_positive_number_is_no_limit() {
        for text in ["", "0", "000", "-1", "+1", "1.0", "ten", " 1", "１"] {
            assert_eq!(Limit::parse(text), Err(InvalidLimit), "{text}");
        }
    }

    #[test]
    fn another_lists_cursor_is_refused() {
        assert_eq!(read::<Place>(&write(&OtherPlace { height: 1, index: 2 })), Err(InvalidCursor));
    }

    #[test]
    fn another_versions_cursor_is_refused() {
        let newer = URL_SAFE_NO_PAD.encode((VERSION + 1, Place::LIST, PLACE).encode());
        assert_eq!(read::<Place>(&newer), Err(InvalidCursor));
    }

    #[test]
    fn a_cursor_with_something_behind_it_is_refused() {
        let longer = URL_SAFE_NO_PAD.encode((VERSION, Place::LIST, PLACE, 0_u8).encode());
        assert_eq!(read::<Place>(&longer), Err(InvalidCursor));
    }

    proptest! {
        #[test]
        fn a_cursor_round_trips(height: i64, index: i32) {
            let place = Place { height, index };
            prop_assert_eq!(read(&write(&place)), Ok(place));
        }

        #[test]
        fn what_is_read_is_what_was_written(text: String) {
            if let Ok(place) = read::<Place>(&text) {
                prop_assert_eq!(write(&place), text);
            }
        }
    }
}
