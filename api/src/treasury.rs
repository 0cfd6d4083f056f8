//! The treasury.

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, Instant, MOVEMENT_KINDS, Movement, MovementKind, Page, Treasury},
    page::{EventPlace, Part, Row},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
    status,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(treasury)).routes(routes!(movements))
}

/// Place in the list of movements.
type Place = EventPlace<5>;

/// Which movements are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementFilter {
    /// Only those of this kind.
    #[param(value_type = Option<MovementKind>)]
    kind: Option<String>,
}

impl FromParams for MovementFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { kind: params.one("kind", |text| params::name_among(&MOVEMENT_KINDS, text)) }
    }
}

/// What the treasury holds.
#[utoipa::path(
    get,
    path = "/v1/treasury",
    tag = "treasury",
    responses((status = 200, description = "The treasury", body = Answer<Treasury>), Refusals)
)]
async fn treasury(asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let account = status::source(snapshot).await?.contracts.treasury;
            let balance = sqlx::query_scalar!(
                r#"SELECT free::text AS "free!" FROM mirror.native_balances WHERE account = $1 AND height <= $2
                ORDER BY height DESC LIMIT 1"#,
                account.bytes().as_slice(),
                i64::try_from(snapshot.block.height)?
            )
            .fetch_optional(snapshot.connection())
            .await?;
            Ok(Treasury { account, balance: balance.as_deref().map(db::amount).transpose()? })
        })
        .await
}

/// What came into the treasury by message and what was paid out, the newest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/movements",
    operation_id = "treasury_movements",
    tag = "treasury",
    params(MovementFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Movement>), Refusals)
)]
async fn movements(
    asked: Asked,
    Parsed((filter, part)): Parsed<(MovementFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| movements_of(snapshot, &filter, part).await).await
}

/// Rows of the movements that `filter` lets through, the newest first: with and without it, each walks its own index.
async fn movements_of(
    snapshot: &mut Snapshot,
    filter: &MovementFilter,
    part: &Part<Place>,
) -> Result<Vec<MovementRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! movements {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                MovementRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", kind AS "kind!",
                    account AS "account!", amount::text AS "amount!", proposal
                FROM mirror.treasury_movements
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
        None => movements!("true", height, index, rows),
        Some(kind) => movements!("kind = $4", height, index, rows, kind),
    };
    Ok(found?)
}

/// A movement as stored.
struct MovementRow {
    height: i64,
    index: i32,
    moment: i64,
    kind: String,
    account: Vec<u8>,
    amount: String,
    proposal: Option<i64>,
}

impl Row<Place> for MovementRow {
    type Item = Movement;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Movement, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Movement {
            kind: db::name(self.kind)?,
            account: db::account(&self.account)?,
            amount: db::amount(&self.amount)?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
