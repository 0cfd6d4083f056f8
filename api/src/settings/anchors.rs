//! Anchors of audit logs.

use super::NamePlace;
use crate::{
    answer::Asked,
    db,
    model::{Anchor, AnchorOrigin, Instant, Name, Natural, Page},
    page::{EventPlace, Part, Row},
    params::{FromParams, Params, Parsed},
    problem::{Error, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(anchors)).routes(routes!(origins))
}

/// Place in the list of anchors.
type Place = EventPlace<55>;

/// Place in the list of origins.
type OriginPlace = NamePlace<56>;

/// Which anchors are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct AnchorFilter {
    /// Only those of this log.
    #[param(value_type = Option<Name>)]
    origin: Option<Name>,
}

impl FromParams for AnchorFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { origin: params.one("origin", str::parse) }
    }
}

/// Anchors of audit logs, the newest first.
#[utoipa::path(
    get,
    path = "/v1/anchors",
    tag = "settings",
    params(AnchorFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Anchor>), Refusals)
)]
async fn anchors(asked: Asked, Parsed((filter, part)): Parsed<(AnchorFilter, Part<Place>)>) -> Result<Response, Error> {
    /// The query with one condition, and its arguments: with and without it, each walks its own index.
    macro_rules! anchors {
        ($condition:literal, $snapshot:expr, $($arguments:expr),+) => {
            sqlx::query_as!(
                AnchorRow,
                r#"SELECT origin AS "origin!", number AS "number!", size::text AS "size!", root AS "root!",
                    account AS "account!", height AS "height!", index AS "index!", moment AS "moment!"
                FROM mirror.anchors
                WHERE (height, index) < ($1, $2) AND "# + $condition + " ORDER BY height DESC, index DESC LIMIT $3",
                $($arguments),+
            )
            .fetch_all($snapshot.connection())
            .await
        };
    }
    asked
        .list(part, async |snapshot, part| {
            let Place { height, index } = part.cursor.unwrap_or(Place::FIRST);
            let rows = part.limit.rows();
            let found = match &filter.origin {
                None => anchors!("true", snapshot, height, index, rows),
                Some(origin) => anchors!("origin = $4", snapshot, height, index, rows, origin.to_string()),
            };
            Ok(found?)
        })
        .await
}

/// The audit logs that were ever anchored, by their origins, each with its latest anchor.
#[utoipa::path(
    get,
    path = "/v1/anchors/origins",
    operation_id = "anchor_origins",
    tag = "settings",
    params(Part<OriginPlace>),
    responses((status = 200, description = "A part of the list", body = Page<AnchorOrigin>), Refusals)
)]
async fn origins(asked: Asked, Parsed(part): Parsed<Part<OriginPlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                AnchorRow,
                r#"SELECT origins.origin AS "origin!", latest.number AS "number!", latest.size::text AS "size!",
                    latest.root AS "root!", latest.account AS "account!", latest.height AS "height!",
                    latest.index AS "index!", latest.moment AS "moment!"
                FROM mirror.origins
                JOIN mirror.anchors AS latest ON latest.origin = origins.origin AND latest.number = origins.times - 1
                WHERE origins.origin > $1 ORDER BY origins.origin LIMIT $2"#,
                OriginPlace::after(part.cursor.as_ref()),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows.into_iter().map(OriginRow).collect::<Vec<_>>())
        })
        .await
}

/// An anchor as stored.
struct AnchorRow {
    origin: String,
    number: i64,
    size: String,
    root: Vec<u8>,
    account: Vec<u8>,
    height: i64,
    index: i32,
    moment: i64,
}

/// An origin's latest anchor as stored.
struct OriginRow(AnchorRow);

impl Row<Place> for AnchorRow {
    type Item = Anchor;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Anchor, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Anchor {
            origin: db::key(&self.origin)?,
            number: self.number.try_into()?,
            size: self.size.parse::<Natural>().map_err(|_| Unreadable("size"))?,
            root: db::hash(&self.root)?,
            by: db::account(&self.account)?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

impl Row<OriginPlace> for OriginRow {
    type Item = AnchorOrigin;

    fn place(&self) -> Result<OriginPlace, Error> {
        OriginPlace::of(&self.0.origin)
    }

    fn read(self) -> Result<AnchorOrigin, Error> {
        let latest = self.0.read()?;
        let anchors = latest.number.checked_add(1).ok_or(Unreadable("number"))?;
        Ok(AnchorOrigin { origin: latest.origin.clone(), anchors, latest })
    }
}
