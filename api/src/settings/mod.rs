//! What governance tells the systems: parameters, feature flags, releases, and anchors of audit logs.

mod anchors;
mod flags;
mod parameters;
mod releases;

use crate::{db, model::Name, page, params::FromSegment, problem::Error, server::App};
use interfaces::key::Key;
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    parameters::routes().merge(flags::routes()).merge(releases::routes()).merge(anchors::routes())
}

/// A name in a path.
#[derive(Debug, Clone, IntoParams)]
#[into_params(names("key"), parameter_in = Path)]
struct Named(
    /// The name: 1 to 64 bytes, each a lowercase letter, a digit, `.`, `_` or `-`.
    Name,
);

impl FromSegment for Named {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        segment.parse().map(Self).map_err(|error| Error::invalid("key", error))
    }
}

/// Place in a list that goes by names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct NamePlace<const LIST: u8> {
    key: Key,
}

impl<const LIST: u8> page::Key for NamePlace<LIST> {
    const LIST: u8 = LIST;
}

impl<const LIST: u8> NamePlace<LIST> {
    /// The place of a row with this name.
    fn of(key: &str) -> Result<Self, Error> {
        let Name(key) = db::key(key)?;
        Ok(Self { key })
    }

    /// The name after which a page begins.
    fn after(cursor: Option<&Self>) -> &str {
        cursor.map_or("", |place| place.key.as_str())
    }
}
