//! The treasury: what it holds and why, what it may spend, and what it owes.

mod books;
mod budgets;
mod csv;
mod escrows;
mod milestones;
mod signing;
mod streams;

pub(crate) use books::{EntryRow, entries};

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Amount, Answer, Asset, AssetBalance, Page, Treasury},
    page::{Key, Part, Row},
    params::{FromSegment, Parsed},
    problem::{Error, Refusals},
    server::App,
    status,
};
use axum::response::Response;
use interfaces::treasury::Signers;
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(treasury))
        .routes(routes!(assets))
        .merge(books::routes())
        .merge(budgets::routes())
        .merge(escrows::routes())
        .merge(signing::routes())
        .merge(streams::routes())
}

/// Numbers of things, as they stand in a path.
macro_rules! numbers {
    ($($(#[$docs:meta])* $name:ident: $number:ty, $parameter:literal, $schema:ty, $what:literal, $description:literal;)+) => {$(
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, IntoParams)]
        #[into_params(names($parameter), parameter_in = Path)]
        pub(super) struct $name(
            #[doc = $description]
            #[param(value_type = $schema)]
            $number,
        );

        impl FromSegment for $name {
            fn from_segment(segment: &str) -> Result<Self, Error> {
                if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Error::invalid($parameter, "must be a number, such as 0 or 17"));
                }
                // A number that is too large is still a number.
                segment.parse().map(Self).map_err(|_| Self::unknown(segment))
            }
        }

        impl $name {
            /// There is none of this number.
            fn unknown(number: impl ToString) -> Error {
                Error::Unknown { what: $what, number: number.to_string() }
            }
        }
    )+};
}

numbers! {
    /// A category of spending in a path.
    CategoryNumber: interfaces::treasury::Category, "category", u16, "category with a budget",
        "The category's number.";
    /// An escrow's number in a path.
    EscrowNumber: interfaces::treasury::EscrowId, "id", u32, "escrow", "The escrow's number.";
    /// A stream's number in a path.
    StreamNumber: interfaces::treasury::StreamId, "id", u32, "stream", "The stream's number.";
}

/// Place in a list that begins with the highest number.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct NumberPlace<const LIST: u8> {
    number: i64,
}

impl<const LIST: u8> Key for NumberPlace<LIST> {
    const LIST: u8 = LIST;
}

impl<const LIST: u8> NumberPlace<LIST> {
    /// Before every row.
    const FIRST: Self = Self { number: i64::MAX };
}

/// Place in the list of assets.
#[derive(Debug, Clone, Encode, Decode)]
struct AssetPlace {
    asset: Vec<u8>,
}

impl Key for AssetPlace {
    const LIST: u8 = 40;
}

/// The treasury as it stands: who signs, whether it pays, and what it has.
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
            let deposit = existential_deposit(snapshot).await?;
            let rows = sqlx::query_as!(
                AssetRow,
                r#"SELECT asset AS "asset!", balance::text AS "balance!", reserved::text AS "reserved!" FROM (
                    (SELECT asset, balance, reserved FROM mirror.treasury_assets WHERE asset = ''::bytea)
                    UNION ALL
                    (SELECT asset, balance, reserved FROM mirror.treasury_assets
                        WHERE budgeted AND asset > ''::bytea ORDER BY asset)
                ) AS known ORDER BY asset"#
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(Treasury {
                account,
                paused: signing::paused(snapshot).await?,
                signers: signing::signers(snapshot).await?.into(),
                balances: rows.into_iter().map(|row| row.balance(deposit)).collect::<Result<_, _>>()?,
            })
        })
        .await
}

/// Everything the treasury ever had, also tokens that somebody sent it: the native currency, then tokens in the order of
/// their accounts' bytes.
#[utoipa::path(
    get,
    path = "/v1/treasury/assets",
    operation_id = "treasury_assets",
    tag = "treasury",
    params(Part<AssetPlace>),
    responses((status = 200, description = "A part of the list", body = Page<AssetBalance>), Refusals)
)]
async fn assets(asked: Asked, Parsed(part): Parsed<Part<AssetPlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let deposit = existential_deposit(snapshot).await?;
            // The native currency is stored as no bytes at all, and comes first.
            let after = part.cursor.as_ref().map(|place| place.asset.clone());
            let rows = sqlx::query_as!(
                AssetRow,
                r#"SELECT asset AS "asset!", balance::text AS "balance!", reserved::text AS "reserved!"
                FROM mirror.treasury_assets WHERE asset >= $1 ORDER BY asset LIMIT $2"#,
                // Of a fixed length, so the next asset after one begins with a byte more.
                after.map(|asset| [asset, vec![0]].concat()).unwrap_or_default(),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows.into_iter().map(|row| (row, deposit)).collect::<Vec<_>>())
        })
        .await
}

/// What the treasury has of an asset, as stored.
struct AssetRow {
    asset: Vec<u8>,
    balance: String,
    reserved: String,
}

impl AssetRow {
    /// As the contract tells it, if an account must hold this much of the native currency.
    fn balance(self, existential_deposit: u128) -> Result<AssetBalance, Error> {
        let (asset, balance, reserved) =
            (db::asset(&self.asset)?, db::amount(&self.balance)?, db::amount(&self.reserved)?);
        let held = match asset {
            Asset::Native => Amount(balance.0.saturating_sub(existential_deposit)),
            Asset::Token(_) => balance,
        };
        Ok(AssetBalance { asset, balance, held, reserved, free: Amount(held.0.saturating_sub(reserved.0)) })
    }
}

impl Row<AssetPlace> for (AssetRow, u128) {
    type Item = AssetBalance;

    fn place(&self) -> Result<AssetPlace, Error> {
        Ok(AssetPlace { asset: self.0.asset.clone() })
    }

    fn read(self) -> Result<AssetBalance, Error> {
        let (row, deposit) = self;
        row.balance(deposit)
    }
}

/// What an account must hold to exist.
async fn existential_deposit(snapshot: &mut Snapshot) -> Result<u128, Error> {
    let known = sqlx::query_scalar!(
        r#"SELECT amount::text AS "amount!" FROM mirror.existential_deposits WHERE height <= $1
        ORDER BY height DESC LIMIT 1"#,
        i64::try_from(snapshot.block.height)?
    )
    .fetch_optional(snapshot.connection())
    .await?;
    // A mirror of before it was written down: the next block tells.
    known.as_deref().map_or(Ok(0), |amount| Ok(db::amount(amount)?.0))
}

/// Whether a signer's word, given when it was named by the change `since`, counts: it approved, and was not named anew.
fn counts(signers: &Signers, signer: &interfaces::AccountId, since: Option<u32>) -> bool {
    since.is_some() && signers.find(signer).map(|signer| signer.since) == since
}
