//! Streams.

use super::{NumberPlace, StreamNumber};
use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{Amount, Answer, Instant, Page, Stream},
    page::{Part, Row},
    params::{FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchNumber, Refusals},
    server::App,
};
use axum::response::Response;
use interfaces::{Moment, treasury};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(streams)).routes(routes!(stream))
}

/// Place in the list of streams.
type Place = NumberPlace<44>;

/// Which streams are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct StreamFilter {
    /// Only those of this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    payee: Option<Account>,
}

impl FromParams for StreamFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { payee: params.one("payee", str::parse) }
    }
}

/// Rows of streams under a condition.
macro_rules! rows {
    ($connection:expr, $rest:literal, $($arguments:expr),+) => {
        sqlx::query_as!(
            StreamRow,
            r#"SELECT stream AS "stream!", category AS "category!", asset AS "asset!", payee AS "payee!",
                amount::text AS "amount!", begins::text AS "begins!", ends::text AS "ends!",
                claimed::text AS "claimed!", stopped, stopped_by, height AS "height!", moment AS "moment!", proposal
            FROM mirror.treasury_streams WHERE "# + $rest,
            $($arguments),+
        )
        .fetch_all($connection)
        .await
    };
}

/// Streams, the newest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/streams",
    operation_id = "treasury_streams",
    tag = "treasury",
    params(StreamFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Stream>), Refusals)
)]
async fn streams(asked: Asked, Parsed((filter, part)): Parsed<(StreamFilter, Part<Place>)>) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| streams_of(snapshot, &filter, part).await).await
}

/// A stream, with what has accrued by the block.
#[utoipa::path(
    get,
    path = "/v1/treasury/streams/{id}",
    operation_id = "treasury_stream",
    tag = "treasury",
    params(StreamNumber),
    responses((status = 200, description = "The stream", body = Answer<Stream>), NoSuchNumber, Refusals)
)]
async fn stream(
    asked: Asked,
    Segment(StreamNumber(id)): Segment<StreamNumber>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let now = snapshot.block.moment;
            let found = rows!(snapshot.connection(), "stream = $1", i64::from(id))?.pop();
            (found.ok_or_else(|| StreamNumber::unknown(id))?, now).read()
        })
        .await
}

async fn streams_of(
    snapshot: &mut Snapshot,
    filter: &StreamFilter,
    part: &Part<Place>,
) -> Result<Vec<(StreamRow, Moment)>, Error> {
    let now = snapshot.block.moment;
    let Place { number: below } = part.cursor.unwrap_or(Place::FIRST);
    let (rows, connection) = (part.limit.rows(), snapshot.connection());
    let found = match filter.payee.as_ref().map(|payee| payee.bytes().as_slice()) {
        None => rows!(connection, "stream < $1 ORDER BY stream DESC LIMIT $2", below, rows),
        Some(payee) => {
            rows!(connection, "payee = $3 AND stream < $1 ORDER BY stream DESC LIMIT $2", below, rows, payee)
        }
    };
    Ok(found?.into_iter().map(|row| (row, now)).collect())
}

/// A stream as stored.
struct StreamRow {
    stream: i64,
    category: i32,
    asset: Vec<u8>,
    payee: Vec<u8>,
    amount: String,
    begins: String,
    ends: String,
    claimed: String,
    stopped: Option<i64>,
    stopped_by: Option<i64>,
    height: i64,
    moment: i64,
    proposal: Option<i64>,
}

/// With the moment at which it is asked what has accrued.
impl Row<Place> for (StreamRow, Moment) {
    type Item = Stream;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { number: self.0.stream })
    }

    fn read(self) -> Result<Stream, Error> {
        let (row, now) = self;
        let Instant { time, moment } = db::instant(row.moment)?;
        let (asset, payee) = (db::asset(&row.asset)?, db::account(&row.payee)?);
        let stream = treasury::Stream {
            category: row.category.try_into()?,
            asset: asset.into(),
            payee: <[u8; 32]>::from(payee).into(),
            amount: db::amount(&row.amount)?.0,
            begins: db::exact_moment(&row.begins)?,
            ends: db::exact_moment(&row.ends)?,
            claimed: db::amount(&row.claimed)?.0,
            stopped: row.stopped.map(db::instant).transpose()?.map(|instant| instant.moment),
        };
        // Once it is stopped, only what had accrued by then is owed.
        let owed = stream.stopped.map_or(stream.amount, |stopped| stream.accrued_at(stopped));
        Ok(Stream {
            id: row.stream.try_into()?,
            category: stream.category,
            asset,
            payee,
            amount: Amount(stream.amount),
            begins: stream.begins.into(),
            ends: stream.ends.into(),
            claimed: Amount(stream.claimed),
            accrued: Amount(stream.accrued_at(now)),
            claimable: Amount(stream.claimable_at(now)),
            left: Amount(owed.saturating_sub(stream.claimed)),
            stopped: stream.stopped.map(Instant::from),
            stopped_by: row.stopped_by.map(TryInto::try_into).transpose()?,
            proposal: row.proposal.map(TryInto::try_into).transpose()?,
            height: row.height.try_into()?,
            time,
            moment,
        })
    }
}
