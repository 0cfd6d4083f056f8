//! The treasury.

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, Instant, MOVEMENT_KINDS, Movement, MovementKind, Page, Treasury},
    page::{Key, Part},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
    status,
};
use axum::{extract::State, response::Response};
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(treasury)).routes(routes!(movements))
}

/// Place in the list of movements.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    height: i64,
    index: i32,
}

impl Key for Place {
    const LIST: u8 = 5;
}

/// Which movements are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementFilter {
    /// Only those of this kind.
    kind: Option<MovementKind>,
}

impl FromParams for MovementFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { kind: params.one("kind", |text| params::one_of(&MOVEMENT_KINDS, text)) }
    }
}

/// What the treasury holds.
#[utoipa::path(
    get,
    path = "/v1/treasury",
    tag = "treasury",
    responses((status = 200, description = "The treasury", body = Answer<Treasury>), Refusals)
)]
async fn treasury(State(app): State<App>, asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let account = status::source(&mut snapshot).await?.contracts.treasury;
    let height = i64::try_from(snapshot.block.height)?;
    let balance = sqlx::query_scalar!(
        r#"SELECT free::text AS "free!" FROM mirror.native_balances WHERE account = $1 AND height <= $2
        ORDER BY height DESC LIMIT 1"#,
        account.bytes().as_slice(),
        height
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let balance = balance.as_deref().map(db::amount).transpose()?;
    Ok(validator.answer(Answer { data: Treasury { account, balance }, block: snapshot.block }))
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
    State(app): State<App>,
    asked: Asked,
    Parsed((filter, part)): Parsed<(MovementFilter, Part<Place>)>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let rows = movements_of(&mut snapshot, &filter, &part).await?;
    let place = |row: &MovementRow| Ok(Place { height: row.height, index: row.index });
    Ok(validator.answer(part.page(rows, snapshot.block, place, MovementRow::read)?))
}

/// Rows of the movements that `filter` lets through, the newest first: with and without it, each walks its own index.
async fn movements_of(
    snapshot: &mut Snapshot,
    filter: &MovementFilter,
    part: &Part<Place>,
) -> Result<Vec<MovementRow>, sqlx::Error> {
    let Place { height, index } = part.cursor.unwrap_or(Place { height: i64::MAX, index: i32::MAX });
    let rows = part.limit.rows();
    let connection = snapshot.connection();
    match filter.kind.map(kind_name) {
        None => {
            sqlx::query_as!(
                MovementRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", kind AS "kind!",
                    account AS "account!", amount::text AS "amount!", proposal
                FROM mirror.treasury_movements WHERE (height, index) < ($1, $2)
                ORDER BY height DESC, index DESC LIMIT $3"#,
                height,
                index,
                rows
            )
            .fetch_all(connection)
            .await
        }
        Some(kind) => {
            sqlx::query_as!(
                MovementRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", kind AS "kind!",
                    account AS "account!", amount::text AS "amount!", proposal
                FROM mirror.treasury_movements WHERE kind = $1 AND (height, index) < ($2, $3)
                ORDER BY height DESC, index DESC LIMIT $4"#,
                kind,
                height,
                index,
                rows
            )
            .fetch_all(connection)
            .await
        }
    }
}

/// How a direction is stored.
fn kind_name(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Deposit => "deposit",
        MovementKind::Payment => "payment",
    }
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

impl MovementRow {
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
