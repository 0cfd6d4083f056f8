//! Identities and their accounts, who vouches for them, who is frozen, roles, signing keys, and who did what to whom.

mod freezes;
mod history;
mod identities;
mod identity;
mod offices;
mod standing;

pub(crate) use standing::standing;

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, Hash, Registry},
    params::{FromSegment, Parsed},
    problem::{Error, Refusals},
    server::App,
    status,
};
use axum::response::Response;
use interfaces::Moment;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(registry))
        .merge(identities::routes())
        .merge(identity::routes())
        .merge(freezes::routes())
        .merge(offices::routes())
        .merge(history::routes())
}

/// An identity in a path.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
struct Whose(
    /// The identity: 0x and 64 hexadecimal digits.
    Hash,
);

impl FromSegment for Whose {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        identity(segment).map(Self).map_err(|error| Error::invalid("id", error))
    }
}

/// An identity as people write it.
fn identity(text: &str) -> Result<Hash, &'static str> {
    text.parse().map_err(|_| "must be an identity: 0x and 64 hexadecimal digits")
}

/// A moment as it is stored: what is later than can be stored is stored as the latest there is.
fn stored(moment: Moment) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

/// How many identities count.
#[utoipa::path(
    get,
    path = "/v1/registry",
    tag = "registry",
    responses((status = 200, description = "The registry", body = Answer<Registry>), Refusals)
)]
async fn registry(asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let account = status::source(snapshot).await?.contracts.registry;
            let latest = population(snapshot).await?;
            let (population_since, population) = latest.unzip();
            Ok(Registry {
                account,
                population: population.unwrap_or_default().try_into()?,
                population_since: population_since.map(db::instant).transpose()?,
            })
        })
        .await
}

/// How many identities count, and since when.
async fn population(snapshot: &mut Snapshot) -> Result<Option<(i64, i64)>, Error> {
    let latest = sqlx::query!(
        r#"SELECT since AS "since!", population AS "population!" FROM mirror.population ORDER BY since DESC LIMIT 1"#
    )
    .fetch_optional(snapshot.connection())
    .await?;
    Ok(latest.map(|row| (row.since, row.population)))
}
