//! Who is frozen.

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{FROZEN_KINDS, Freeze, Frozen, FrozenKind, Hash, Instant, Page},
    page::{EventPlace, Part, Row},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(freezes))
}

/// Place in the list of freezes.
type Place = EventPlace<62>;

/// Which freezes are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct FreezeFilter {
    /// Only those of accounts, or of identities.
    #[param(value_type = Option<FrozenKind>)]
    kind: Option<String>,
}

impl FromParams for FreezeFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { kind: params.one("kind", |text| params::name_among(&FROZEN_KINDS, text)) }
    }
}

/// The accounts and identities that are frozen, the last ones first.
#[utoipa::path(
    get,
    path = "/v1/freezes",
    tag = "registry",
    params(FreezeFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Freeze>), Refusals)
)]
async fn freezes(asked: Asked, Parsed((filter, part)): Parsed<(FreezeFilter, Part<Place>)>) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| freezes_of(snapshot, &filter, part).await).await
}

/// Rows of the freezes that `filter` lets through: with and without it, each walks its own index.
async fn freezes_of(
    snapshot: &mut Snapshot,
    filter: &FreezeFilter,
    part: &Part<Place>,
) -> Result<Vec<FreezeRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! freezes {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                FreezeRow,
                r#"SELECT kind AS "kind!", subject AS "subject!", reason AS "reason!", actor AS "actor!",
                    height AS "height!", index AS "index!", moment AS "moment!"
                FROM mirror.freezes
                WHERE (height, index) < ($1, $2) AND "# + $condition + " ORDER BY height DESC, index DESC LIMIT $3",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let Place { height, index } = part.cursor.unwrap_or(Place::FIRST);
    let rows = part.limit.rows();
    let found = match &filter.kind {
        None => freezes!("true", height, index, rows),
        Some(kind) => freezes!("kind = $4", height, index, rows, kind),
    };
    Ok(found?)
}

/// The freeze of an identity.
pub(super) async fn frozen_identity(snapshot: &mut Snapshot, identity: Hash) -> Result<Option<FreezeRow>, Error> {
    let row = sqlx::query_as!(
        FreezeRow,
        r#"SELECT kind AS "kind!", subject AS "subject!", reason AS "reason!", actor AS "actor!",
            height AS "height!", index AS "index!", moment AS "moment!"
        FROM mirror.freezes WHERE kind = 'identity' AND subject = $1"#,
        identity.0.as_slice()
    )
    .fetch_optional(snapshot.connection())
    .await?;
    Ok(row)
}

/// A freeze as stored.
pub(super) struct FreezeRow {
    kind: String,
    subject: Vec<u8>,
    reason: i32,
    actor: Vec<u8>,
    height: i64,
    index: i32,
    moment: i64,
}

impl Row<Place> for FreezeRow {
    type Item = Freeze;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Freeze, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let subject = match db::name(self.kind)? {
            FrozenKind::Account => Frozen::Account { account: db::account(&self.subject)? },
            FrozenKind::Identity => Frozen::Identity { identity: db::hash(&self.subject)? },
        };
        Ok(Freeze {
            subject,
            by: db::account(&self.actor)?,
            reason: self.reason.try_into().map_err(|_| Unreadable("reason"))?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
