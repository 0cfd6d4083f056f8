//! Accounts of the governance token.

use crate::{
    account::Account,
    answer::Asked,
    db,
    governance::{VotePlace, VoteRow},
    model::{Answer, Holder, Page, Vote},
    page::{Key, Part},
    params::{Parsed, Segment},
    problem::{Error, Refusals},
    server::App,
};
use axum::{extract::State, response::Response};
use scale::{Decode, Encode};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accounts)).routes(routes!(account)).routes(routes!(votes))
}

/// Place in the list of accounts.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    power: u128,
    account: [u8; 32],
}

impl Key for Place {
    const LIST: u8 = 3;
}

/// Place in the list of an account's votes.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct OwnVotePlace(VotePlace);

impl Key for OwnVotePlace {
    const LIST: u8 = 4;
}

/// The accounts with voting power, the most powerful first.
#[utoipa::path(
    get,
    path = "/v1/accounts",
    tag = "accounts",
    params(Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Holder>), Refusals)
)]
async fn accounts(State(app): State<App>, asked: Asked, Parsed(part): Parsed<Part<Place>>) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let (power, account) = match part.cursor {
        Some(place) => (place.power.to_string(), place.account.to_vec()),
        // Above everything `numeric(39, 0)` can hold.
        None => (format!("1{}", "0".repeat(39)), Vec::new()),
    };
    // The two arms are two ranges of the same index. One range with a condition would read every account of the
    // cursor's power again on each page, and many accounts can hold the same.
    let rows = sqlx::query!(
        r#"SELECT account AS "account!", balance::text AS "balance!", power::text AS "power!" FROM (
            (SELECT account, balance, power FROM mirror.accounts
                WHERE power = $1::text::numeric AND power > 0 AND account > $2
                ORDER BY account LIMIT $3)
            UNION ALL
            (SELECT account, balance, power FROM mirror.accounts
                WHERE power < $1::text::numeric AND power > 0
                ORDER BY power DESC, account LIMIT $3)
        ) AS next ORDER BY next.power DESC, account LIMIT $3"#,
        power,
        account,
        part.limit.rows()
    )
    .fetch_all(snapshot.connection())
    .await?;
    let page = part.page(
        rows,
        snapshot.block,
        |row| Ok(Place { power: db::amount(&row.power)?.0, account: db::account(&row.account)?.into() }),
        |row| {
            Ok(Holder {
                account: db::account(&row.account)?,
                balance: db::amount(&row.balance)?,
                power: db::amount(&row.power)?,
            })
        },
    )?;
    Ok(validator.answer(page))
}

/// What an account holds. One that never held anything holds 0.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}",
    tag = "accounts",
    params(("account" = Account, Path, description = "SS58 address of prefix 42, or 0x and 64 hexadecimal digits")),
    responses((status = 200, description = "The account", body = Answer<Holder>), Refusals)
)]
async fn account(
    State(app): State<App>,
    asked: Asked,
    Segment(account): Segment<Account>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let row = sqlx::query!(
        r#"SELECT balance::text AS "balance!", power::text AS "power!" FROM mirror.accounts WHERE account = $1"#,
        account.bytes().as_slice()
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let data = match row {
        Some(row) => Holder { account, balance: db::amount(&row.balance)?, power: db::amount(&row.power)? },
        None => Holder { account, balance: Default::default(), power: Default::default() },
    };
    Ok(validator.answer(Answer { data, block: snapshot.block }))
}

/// An account's votes, the newest first.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}/votes",
    operation_id = "account_votes",
    tag = "accounts",
    params(
        ("account" = Account, Path, description = "SS58 address of prefix 42, or 0x and 64 hexadecimal digits"),
        Part<OwnVotePlace>,
    ),
    responses((status = 200, description = "A part of the list", body = Page<Vote>), Refusals)
)]
async fn votes(
    State(app): State<App>,
    asked: Asked,
    Segment(account): Segment<Account>,
    Parsed(part): Parsed<Part<OwnVotePlace>>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let VotePlace { height, index } = part.cursor.map_or(VotePlace::FIRST, |OwnVotePlace(place)| place);
    let rows = sqlx::query_as!(
        VoteRow,
        r#"SELECT proposal AS "proposal!", voter AS "voter!", support AS "support!", power::text AS "power!",
            height AS "height!", index AS "index!", moment AS "moment!"
        FROM mirror.votes WHERE voter = $1 AND (height, index) < ($2, $3)
        ORDER BY height DESC, index DESC LIMIT $4"#,
        account.bytes().as_slice(),
        height,
        index,
        part.limit.rows()
    )
    .fetch_all(snapshot.connection())
    .await?;
    let page = part.page(rows, snapshot.block, |row| Ok(OwnVotePlace(row.place())), VoteRow::read)?;
    Ok(validator.answer(page))
}
