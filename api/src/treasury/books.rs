//! The ledger: everything that changed what the treasury has.

use super::csv;
use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Asset, Direction, ENTRY_KINDS, EntryKind, Instant, LedgerEntry, Page},
    page::{EventPlace, Part, Row},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ledger)).routes(routes!(ledger_csv))
}

/// Place in the ledger.
type Place = EventPlace<5>;

/// Which entries are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct LedgerFilter {
    /// Only those of this asset: native, or a token's account as an SS58 address of prefix 42, or 0x and 64 hexadecimal
    /// digits.
    #[param(value_type = Option<Asset>)]
    asset: Option<Asset>,
    /// Only those of this kind.
    #[param(value_type = Option<EntryKind>)]
    kind: Option<String>,
}

impl FromParams for LedgerFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            asset: params.one("asset", str::parse),
            kind: params.one("kind", |text| params::name_among(&ENTRY_KINDS, text)),
        }
    }
}

/// Of which asset the whole ledger is asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct CsvFilter {
    /// Only the entries of this asset: native, or a token's account as an SS58 address of prefix 42, or 0x and 64
    /// hexadecimal digits.
    #[param(value_type = Option<Asset>)]
    asset: Option<Asset>,
}

impl FromParams for CsvFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { asset: params.one("asset", str::parse) }
    }
}

/// Everything that changed what the treasury has of an asset, the newest first, each with what it had of it after.
///
/// Of the native currency the balances are the chain's own, to the last unit: what came or went in a block without a
/// message of the treasury's is an entry too, of kind `transfer`. Of tokens they follow from what the tokens told.
#[utoipa::path(
    get,
    path = "/v1/treasury/ledger",
    operation_id = "treasury_ledger",
    tag = "treasury",
    params(LedgerFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<LedgerEntry>), Refusals)
)]
async fn ledger(asked: Asked, Parsed((filter, part)): Parsed<(LedgerFilter, Part<Place>)>) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| entries_of(snapshot, &filter, part).await).await
}

/// The whole ledger as a table, the oldest entry first (CSV as in RFC 4180, with a header). `balance_before` of an asset's
/// first row is what it opens with, `balance` of its last one what it closes with.
#[utoipa::path(
    get,
    path = "/v1/treasury/ledger.csv",
    operation_id = "treasury_ledger_csv",
    tag = "treasury",
    params(CsvFilter),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv"), Refusals)
)]
async fn ledger_csv(asked: Asked, Parsed(filter): Parsed<CsvFilter>) -> Result<Response, Error> {
    asked.file(async |database, block| csv::ledger(database, block.height, filter.asset).await).await
}

/// Rows of the ledger under a condition, in an order.
macro_rules! entries {
    ($connection:expr, $rest:literal, $($arguments:expr),+) => {
        sqlx::query_as!(
            $crate::treasury::EntryRow,
            r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", asset AS "asset!", kind AS "kind!",
                incoming AS "incoming!", amount::text AS "amount!", counterparty, balance::text AS "balance!",
                excess::text AS "excess!", category, escrow, milestone, stream, proposal
            FROM mirror.treasury_ledger WHERE "# + $rest,
            $($arguments),+
        )
        .fetch_all($connection)
        .await
    };
}

pub(crate) use entries;

/// Rows of the entries that `filter` lets through, the newest first: each way of filtering walks its own index.
async fn entries_of(
    snapshot: &mut Snapshot,
    filter: &LedgerFilter,
    part: &Part<Place>,
) -> Result<Vec<EntryRow>, Error> {
    let Place { height, index } = part.cursor.unwrap_or(Place::FIRST);
    let (rows, connection) = (part.limit.rows(), snapshot.connection());
    let asset = filter.asset.as_ref().map(Asset::stored);
    let found = match (asset, &filter.kind) {
        (None, None) => entries!(
            connection,
            "(height, index) < ($1, $2) ORDER BY height DESC, index DESC LIMIT $3",
            height,
            index,
            rows
        ),
        (Some(asset), None) => entries!(
            connection,
            "asset = $4 AND (height, index) < ($1, $2) ORDER BY height DESC, index DESC LIMIT $3",
            height,
            index,
            rows,
            asset
        ),
        (None, Some(kind)) => entries!(
            connection,
            "kind = $4 AND (height, index) < ($1, $2) ORDER BY height DESC, index DESC LIMIT $3",
            height,
            index,
            rows,
            kind
        ),
        (Some(asset), Some(kind)) => entries!(
            connection,
            "asset = $4 AND kind = $5 AND (height, index) < ($1, $2) ORDER BY height DESC, index DESC LIMIT $3",
            height,
            index,
            rows,
            asset,
            kind
        ),
    };
    Ok(found?)
}

/// An entry as stored.
pub(crate) struct EntryRow {
    pub height: i64,
    pub index: i32,
    pub moment: i64,
    pub asset: Vec<u8>,
    pub kind: String,
    pub incoming: bool,
    pub amount: String,
    pub counterparty: Option<Vec<u8>>,
    pub balance: String,
    pub excess: String,
    pub category: Option<i32>,
    pub escrow: Option<i64>,
    pub milestone: Option<i16>,
    pub stream: Option<i64>,
    pub proposal: Option<i64>,
}

impl Row<Place> for EntryRow {
    type Item = LedgerEntry;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { height: self.height, index: self.index })
    }

    fn read(self) -> Result<LedgerEntry, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(LedgerEntry {
            asset: db::asset(&self.asset)?,
            kind: db::name(self.kind)?,
            direction: if self.incoming { Direction::In } else { Direction::Out },
            amount: db::amount(&self.amount)?,
            counterparty: self.counterparty.as_deref().map(db::account).transpose()?,
            balance: db::amount(&self.balance)?,
            excess: db::amount(&self.excess)?,
            category: self.category.map(TryInto::try_into).transpose()?,
            escrow: self.escrow.map(TryInto::try_into).transpose()?,
            milestone: self.milestone.map(TryInto::try_into).transpose()?,
            stream: self.stream.map(TryInto::try_into).transpose()?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            // Before or after all events of its block.
            index: u32::try_from(self.index).ok().filter(|_| self.index != i32::MAX),
            time,
            moment,
        })
    }
}
