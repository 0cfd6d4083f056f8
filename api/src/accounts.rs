//! Accounts of the governance token, and through whom they vote.

use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    governance::votes_where,
    model::{Amount, Answer, Delegation, Delegator, Holder, Page, Profile, Share, Vote},
    page::{EventPlace, Key, Part, Row},
    params::{FromSegment, Parsed, Segment},
    problem::{Error, Refusals, Unreadable},
    registry::standing,
    server::App,
};
use axum::response::Response;
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts))
        .routes(routes!(account))
        .routes(routes!(votes))
        .routes(routes!(delegators))
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
type VotePlace = EventPlace<4>;

/// Place in the list of an account's delegators.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct DelegatorPlace {
    delegator: [u8; 32],
}

impl Key for DelegatorPlace {
    const LIST: u8 = 10;
}

/// An account in a path.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(names("account"), parameter_in = Path)]
pub(crate) struct Whose(
    /// SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    pub(crate) Account,
);

impl FromSegment for Whose {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        segment.parse().map(Self).map_err(|error| Error::invalid("account", error))
    }
}

/// The accounts with voting power, the most powerful first.
#[utoipa::path(
    get,
    path = "/v1/accounts",
    tag = "accounts",
    params(Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Holder>), Refusals)
)]
async fn accounts(asked: Asked, Parsed(part): Parsed<Part<Place>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let (power, account) = match part.cursor {
                Some(place) => (place.power.to_string(), place.account.to_vec()),
                // Above everything `numeric(39, 0)` can hold.
                None => (format!("1{}", "0".repeat(39)), Vec::new()),
            };
            // The two arms are two ranges of the same index. One range with a condition would read every account of the
            // cursor's power again on each page, and many accounts can hold the same.
            let rows = sqlx::query_as!(
                HolderRow,
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
            Ok(rows)
        })
        .await
}

/// An account as stored.
struct HolderRow {
    account: Vec<u8>,
    balance: String,
    power: String,
}

impl Row<Place> for HolderRow {
    type Item = Holder;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { power: db::amount(&self.power)?.0, account: db::account(&self.account)?.into() })
    }

    fn read(self) -> Result<Holder, Error> {
        Ok(Holder {
            account: db::account(&self.account)?,
            balance: db::amount(&self.balance)?,
            power: db::amount(&self.power)?,
        })
    }
}

/// What an account holds, and through whom it votes. One that never held anything holds 0.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}",
    tag = "accounts",
    params(Whose),
    responses((status = 200, description = "The account", body = Answer<Profile>), Refusals)
)]
async fn account(
    asked: Asked,
    Segment(Whose(account)): Segment<Whose>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked.one(async |snapshot| profile(snapshot, account).await).await
}

async fn profile(snapshot: &mut Snapshot, account: Account) -> Result<Profile, Error> {
    let row = sqlx::query!(
        r#"SELECT (SELECT balance::text FROM mirror.accounts WHERE account = $1) AS balance,
            (SELECT power::text FROM mirror.accounts WHERE account = $1) AS power,
            (SELECT count(*) FROM mirror.delegations WHERE representative = $1) AS "delegators!""#,
        account.bytes().as_slice()
    )
    .fetch_one(snapshot.connection())
    .await?;
    let amount = |text: Option<&str>| text.map_or(Ok(Amount::default()), db::amount);
    let (balance, power) = (amount(row.balance.as_deref())?, amount(row.power.as_deref())?);
    let delegation = delegation_of(snapshot, account, balance).await?;
    let standing = standing(snapshot, account).await?;
    let shares = delegation.iter().flat_map(|delegation| &delegation.shares);
    let away = shares.fold(0, |sum: u128, share| sum.saturating_add(share.power.0));
    // The rest of its power is what others have delegated to it.
    let received = balance.0.checked_sub(away).and_then(|kept| power.0.checked_sub(kept));
    Ok(Profile {
        account,
        balance,
        power,
        delegation,
        delegated_out: Amount(away),
        delegated_in: Amount(received.ok_or(Unreadable("power"))?),
        delegators: row.delegators.try_into()?,
        cleared_tier: standing.cleared_tier(),
        identity: standing.identity,
        tier: standing.tier,
        attested: standing.attested,
        frozen: standing.frozen,
        roles: standing.roles,
        link_nonce: standing.link_nonce,
    })
}

/// Through whom an account with this balance votes.
async fn delegation_of(
    snapshot: &mut Snapshot,
    account: Account,
    balance: Amount,
) -> Result<Option<Delegation>, Error> {
    let rows = sqlx::query!(
        r#"SELECT representative AS "representative!", share_bps AS "share_bps!", ends
        FROM mirror.delegations WHERE delegator = $1 ORDER BY number"#,
        account.bytes().as_slice()
    )
    .fetch_all(snapshot.connection())
    .await?;
    // All shares end together.
    let Some(ends) = rows.first().map(|first| first.ends) else { return Ok(None) };
    let shares = rows.into_iter().map(|row| {
        let share_bps = db::share(row.share_bps)?;
        let power = Amount(share_bps.floor_of(balance.0));
        Ok(Share { representative: db::account(&row.representative)?, share_bps, power })
    });
    Ok(Some(Delegation { shares: shares.collect::<Result<_, Error>>()?, ends: ends.map(db::instant).transpose()? }))
}

/// The accounts that vote through an account.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}/delegators",
    tag = "accounts",
    params(Whose, Part<DelegatorPlace>),
    responses((status = 200, description = "A part of the list", body = Page<Delegator>), Refusals)
)]
async fn delegators(
    asked: Asked,
    Segment(Whose(account)): Segment<Whose>,
    Parsed(part): Parsed<Part<DelegatorPlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                DelegatorRow,
                r#"SELECT delegator AS "delegator!", share_bps AS "share_bps!", ends,
                    (SELECT balance::text FROM mirror.accounts WHERE account = delegator) AS balance
                FROM mirror.delegations WHERE representative = $1 AND delegator > $2 ORDER BY delegator LIMIT $3"#,
                account.bytes().as_slice(),
                part.cursor.map(|place| place.delegator.to_vec()).unwrap_or_default(),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows)
        })
        .await
}

/// A delegation as stored.
struct DelegatorRow {
    delegator: Vec<u8>,
    share_bps: i32,
    ends: Option<i64>,
    balance: Option<String>,
}

impl Row<DelegatorPlace> for DelegatorRow {
    type Item = Delegator;

    fn place(&self) -> Result<DelegatorPlace, Error> {
        Ok(DelegatorPlace { delegator: db::account(&self.delegator)?.into() })
    }

    fn read(self) -> Result<Delegator, Error> {
        let share_bps = db::share(self.share_bps)?;
        let balance = self.balance.as_deref().map(db::amount).transpose()?.unwrap_or_default();
        Ok(Delegator {
            account: db::account(&self.delegator)?,
            share_bps,
            power: Amount(share_bps.floor_of(balance.0)),
            ends: self.ends.map(db::instant).transpose()?,
        })
    }
}

/// An account's votes as they stand, those that were cast or changed last first.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}/votes",
    operation_id = "account_votes",
    tag = "accounts",
    params(Whose, Part<VotePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Vote>), Refusals)
)]
async fn votes(
    asked: Asked,
    Segment(Whose(account)): Segment<Whose>,
    Parsed(part): Parsed<Part<VotePlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let VotePlace { height, index } = part.cursor.unwrap_or(VotePlace::FIRST);
            let rows = votes_where!(
                "voter = $2 AND (height, index) < ($3, $4)",
                snapshot.connection(),
                part.limit.rows(),
                account.bytes().as_slice(),
                height,
                index
            );
            Ok(rows?)
        })
        .await
}
