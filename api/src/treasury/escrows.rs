//! Escrows.

use super::{EscrowNumber, NumberPlace, milestones::milestones_of};
use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, ESCROW_STATES, Escrow, EscrowState, Instant, Page, WholeEscrow},
    page::{Part, Row},
    params::{self, FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchNumber, Refusals},
    server::App,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(escrows)).routes(routes!(escrow))
}

/// Place in the list of escrows.
type Place = NumberPlace<43>;

/// Which escrows are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct EscrowFilter {
    /// Only those with a milestone for this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    payee: Option<Account>,
    /// Only those in this state.
    #[param(value_type = Option<EscrowState>)]
    state: Option<String>,
}

impl FromParams for EscrowFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            payee: params.one("payee", str::parse),
            state: params.one("state", |text| params::name_among(&ESCROW_STATES, text)),
        }
    }
}

/// Escrows, the newest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/escrows",
    operation_id = "treasury_escrows",
    tag = "treasury",
    params(EscrowFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Escrow>), Refusals)
)]
async fn escrows(asked: Asked, Parsed((filter, part)): Parsed<(EscrowFilter, Part<Place>)>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let numbers = numbers_of(snapshot, &filter, part).await?;
            escrows_of(snapshot, &numbers).await
        })
        .await
}

/// An escrow with its milestones, what was released, and what signers approve of.
#[utoipa::path(
    get,
    path = "/v1/treasury/escrows/{id}",
    operation_id = "treasury_escrow",
    tag = "treasury",
    params(EscrowNumber),
    responses((status = 200, description = "The escrow", body = Answer<WholeEscrow>), NoSuchNumber, Refusals)
)]
async fn escrow(
    asked: Asked,
    Segment(EscrowNumber(id)): Segment<EscrowNumber>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let found = escrows_of(snapshot, &[id.into()]).await?.pop();
            let escrow = found.ok_or_else(|| EscrowNumber::unknown(id))?.read()?;
            Ok(WholeEscrow { escrow, milestones: milestones_of(snapshot, id).await? })
        })
        .await
}

/// Numbers of the escrows that `filter` lets through, the newest first: each way of filtering walks its own index.
async fn numbers_of(snapshot: &mut Snapshot, filter: &EscrowFilter, part: &Part<Place>) -> Result<Vec<i64>, Error> {
    let Place { number: below } = part.cursor.unwrap_or(Place::FIRST);
    let (rows, connection) = (part.limit.rows(), snapshot.connection());
    let payee = filter.payee.as_ref().map(|payee| payee.bytes().as_slice());
    // There are two states.
    let open = filter.state.as_ref().map(|state| crate::model::name_of(&EscrowState::Open).as_ref() == Some(state));
    let found = match (payee, open) {
        (None, None) => {
            sqlx::query_scalar!(
                r#"SELECT escrow AS "escrow!" FROM mirror.treasury_escrows WHERE escrow < $1
                ORDER BY escrow DESC LIMIT $2"#,
                below,
                rows
            )
            .fetch_all(connection)
            .await
        }
        (None, Some(open)) => {
            sqlx::query_scalar!(
                r#"SELECT escrow AS "escrow!" FROM mirror.treasury_escrows WHERE open = $3 AND escrow < $1
                ORDER BY escrow DESC LIMIT $2"#,
                below,
                rows,
                open
            )
            .fetch_all(connection)
            .await
        }
        (Some(payee), None) => {
            sqlx::query_scalar!(
                r#"SELECT escrow AS "escrow!" FROM mirror.treasury_escrow_payees WHERE payee = $3 AND escrow < $1
                ORDER BY escrow DESC LIMIT $2"#,
                below,
                rows,
                payee
            )
            .fetch_all(connection)
            .await
        }
        (Some(payee), Some(open)) => {
            sqlx::query_scalar!(
                r#"SELECT escrow AS "escrow!" FROM mirror.treasury_escrow_payees
                WHERE payee = $3 AND open = $4 AND escrow < $1 ORDER BY escrow DESC LIMIT $2"#,
                below,
                rows,
                payee,
                open
            )
            .fetch_all(connection)
            .await
        }
    };
    Ok(found?)
}

/// The escrows of these numbers, the newest first.
async fn escrows_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<Vec<EscrowRow>, Error> {
    let rows = sqlx::query_as!(
        EscrowRow,
        r#"SELECT escrow AS "escrow!", category AS "category!", asset AS "asset!", milestones AS "milestones!",
            amount::text AS "amount!", paid::text AS "paid!", remaining::text AS "remaining!", open AS "open!",
            height AS "height!", moment AS "moment!", proposal
        FROM mirror.treasury_escrows WHERE escrow = ANY($1) ORDER BY escrow DESC"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    Ok(rows)
}

/// An escrow as stored.
struct EscrowRow {
    escrow: i64,
    category: i32,
    asset: Vec<u8>,
    milestones: i16,
    amount: String,
    paid: String,
    remaining: String,
    open: bool,
    height: i64,
    moment: i64,
    proposal: Option<i64>,
}

impl Row<Place> for EscrowRow {
    type Item = Escrow;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { number: self.escrow })
    }

    fn read(self) -> Result<Escrow, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Escrow {
            id: self.escrow.try_into()?,
            category: self.category.try_into()?,
            asset: db::asset(&self.asset)?,
            milestones: self.milestones.try_into()?,
            amount: db::amount(&self.amount)?,
            paid: db::amount(&self.paid)?,
            left: db::amount(&self.remaining)?,
            state: if self.open { EscrowState::Open } else { EscrowState::Done },
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
