//! Attestors, roles and signing keys.

use super::{standing::tier, stored};
use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{Attestor, Instant, Page, PublishedKey, ROLES, RoleName, Tenure, name_of},
    page::{Key, Part, Row},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
};
use axum::response::Response;
use interfaces::key;
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(attestors)).routes(routes!(roles)).routes(routes!(keys))
}

/// Place in the list of attestors.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct AttestorPlace {
    account: [u8; 32],
}

impl Key for AttestorPlace {
    const LIST: u8 = 65;
}

/// Place in the list of roles; the role is the place of its name among all.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct RolePlace {
    until: i64,
    account: [u8; 32],
    role: u8,
}

impl Key for RolePlace {
    const LIST: u8 = 66;
}

/// Place in the list of keys.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct KeyPlace {
    number: i64,
}

impl Key for KeyPlace {
    const LIST: u8 = 67;
}

/// Who vouches for identities.
#[utoipa::path(
    get,
    path = "/v1/attestors",
    tag = "registry",
    params(Part<AttestorPlace>),
    responses((status = 200, description = "A part of the list", body = Page<Attestor>), Refusals)
)]
async fn attestors(asked: Asked, Parsed(part): Parsed<Part<AttestorPlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                AttestorRow,
                r#"SELECT account AS "account!", tiers AS "tiers!", daily_cap AS "daily_cap!"
                FROM mirror.attestors WHERE account > $1 ORDER BY account LIMIT $2"#,
                part.cursor.map(|place| place.account.to_vec()).unwrap_or_default(),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows)
        })
        .await
}

/// An attestor as stored.
struct AttestorRow {
    account: Vec<u8>,
    tiers: Vec<i16>,
    daily_cap: i64,
}

impl Row<AttestorPlace> for AttestorRow {
    type Item = Attestor;

    fn place(&self) -> Result<AttestorPlace, Error> {
        Ok(AttestorPlace { account: db::account(&self.account)?.into() })
    }

    fn read(self) -> Result<Attestor, Error> {
        Ok(Attestor {
            account: db::account(&self.account)?,
            tiers: self.tiers.into_iter().map(tier).collect::<Result<_, _>>()?,
            daily_cap: self.daily_cap.try_into()?,
        })
    }
}

/// Which roles are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct RoleFilter {
    /// Only those of this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    account: Option<Account>,
    /// Only this role.
    #[param(value_type = Option<RoleName>)]
    role: Option<String>,
    /// `expired`: also those whose time is over.
    #[param(value_type = Option<String>)]
    include: Option<()>,
}

impl FromParams for RoleFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            account: params.one("account", str::parse),
            role: params.one("role", |text| params::name_among(&ROLES, text)),
            include: params.one("include", |text| match text {
                "expired" => Ok(()),
                _ => Err("must be expired"),
            }),
        }
    }
}

/// Roles that accounts have at the block's time, those first that end first.
#[utoipa::path(
    get,
    path = "/v1/roles",
    tag = "registry",
    params(RoleFilter, Part<RolePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Tenure>), Refusals)
)]
async fn roles(asked: Asked, Parsed((filter, part)): Parsed<(RoleFilter, Part<RolePlace>)>) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| roles_of(snapshot, &filter, part).await).await
}

/// Rows of the roles that `filter` lets through: each filter walks an index of its own.
async fn roles_of(snapshot: &mut Snapshot, filter: &RoleFilter, part: &Part<RolePlace>) -> Result<Vec<RoleRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! roles {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                RoleRow,
                r#"SELECT account AS "account!", role AS "role!", until AS "until!", height AS "height!",
                    moment AS "moment!", $5::bigint AS "now!"
                FROM mirror.roles
                WHERE "# + $condition + " ORDER BY until, account, role LIMIT $4",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let now = stored(snapshot.block.moment);
    let first = if filter.include.is_some() { i64::MIN } else { now };
    let (until, after, name) = match part.cursor.filter(|place| place.until >= first) {
        Some(RolePlace { until, account, role }) => {
            let name = ROLES.get(usize::from(role)).and_then(name_of).unwrap_or_default();
            (until, account.to_vec(), name)
        }
        None => (first, Vec::new(), String::new()),
    };
    let rows = part.limit.rows();
    let account = filter.account.as_ref().map(|account| account.bytes().as_slice());
    // Within one account the account says nothing of the place, nor does the role within one role.
    let found = match (account, &filter.role) {
        (None, None) => roles!("(until, account, role) > ($1, $2, $3)", until, after, name, rows, now),
        (None, Some(role)) => {
            roles!(
                "$3::text IS NOT NULL AND role = $6 AND (until, account) > ($1, $2)",
                until,
                after,
                name,
                rows,
                now,
                role
            )
        }
        (Some(account), None) => {
            roles!(
                "$2::bytea IS NOT NULL AND account = $6 AND (until, role) > ($1, $3)",
                until,
                after,
                name,
                rows,
                now,
                account
            )
        }
        (Some(account), Some(role)) => {
            // There is one at most, so there is no page after the first.
            roles!(
                "$2::bytea IS NOT NULL AND $3::text IS NOT NULL AND account = $6 AND role = $7 AND until >= $1",
                until,
                after,
                name,
                rows,
                now,
                account,
                role
            )
        }
    };
    Ok(found?)
}

/// A role as stored.
struct RoleRow {
    account: Vec<u8>,
    role: String,
    until: i64,
    height: i64,
    moment: i64,
    /// The moment at which it is looked at.
    now: i64,
}

impl Row<RolePlace> for RoleRow {
    type Item = Tenure;

    fn place(&self) -> Result<RolePlace, Error> {
        let place = ROLES.iter().position(|role| name_of(role).as_ref() == Some(&self.role)).unwrap_or_default();
        Ok(RolePlace { until: self.until, account: db::account(&self.account)?.into(), role: place.try_into()? })
    }

    fn read(self) -> Result<Tenure, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Tenure {
            account: db::account(&self.account)?,
            role: db::name(self.role)?,
            until: db::instant(self.until)?,
            valid: self.now <= self.until,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// Which keys are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct KeyFilter {
    /// Only those that sign the checkpoints of this log.
    origin: Option<String>,
    /// Only those that are good at the block's time, or that are not.
    #[param(value_type = Option<bool>)]
    valid: Option<bool>,
}

impl FromParams for KeyFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            origin: params.one("origin", |text| {
                let name = key::Key::new(text).map(|_| text.to_owned());
                name.map_err(|_| "must be a log's origin: 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'")
            }),
            valid: params.one("valid", params::yes_or_no),
        }
    }
}

/// Keys that sign the checkpoints of audit logs, in the order of publishing.
#[utoipa::path(
    get,
    path = "/v1/keys",
    tag = "registry",
    params(KeyFilter, Part<KeyPlace>),
    responses((status = 200, description = "A part of the list", body = Page<PublishedKey>), Refusals)
)]
async fn keys(asked: Asked, Parsed((filter, part)): Parsed<(KeyFilter, Part<KeyPlace>)>) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| keys_of(snapshot, &filter, part).await).await
}

/// Rows of the keys that `filter` lets through. Those of an origin have an index of their own; whether a key is good is
/// looked up one by one, for each took a proposal to publish.
async fn keys_of(snapshot: &mut Snapshot, filter: &KeyFilter, part: &Part<KeyPlace>) -> Result<Vec<KeyRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! keys {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                KeyRow,
                r#"SELECT number AS "number!", origin AS "origin!", holder AS "holder!", key AS "key!",
                    begins AS "begins!", until AS "until!", revoked AS "revoked!", height AS "height!",
                    $3::bigint AS "now!"
                FROM mirror.keys
                WHERE number > $1 AND ($4::boolean IS NULL OR ($3 BETWEEN begins AND until) = $4) AND "#
                + $condition
                + " ORDER BY number LIMIT $2",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let after = part.cursor.map_or(-1, |place| place.number);
    let (rows, now, valid) = (part.limit.rows(), stored(snapshot.block.moment), filter.valid);
    let found = match &filter.origin {
        None => keys!("true", after, rows, now, valid),
        Some(origin) => keys!("origin = $5", after, rows, now, valid, origin),
    };
    Ok(found?)
}

/// A key as stored.
struct KeyRow {
    number: i64,
    origin: String,
    holder: Vec<u8>,
    key: Vec<u8>,
    begins: i64,
    until: i64,
    revoked: bool,
    height: i64,
    /// The moment at which it is looked at.
    now: i64,
}

impl Row<KeyPlace> for KeyRow {
    type Item = PublishedKey;

    fn place(&self) -> Result<KeyPlace, Error> {
        Ok(KeyPlace { number: self.number })
    }

    fn read(self) -> Result<PublishedKey, Error> {
        Ok(PublishedKey {
            number: self.number.try_into()?,
            origin: self.origin,
            holder: db::account(&self.holder)?,
            key: db::hash(&self.key)?,
            from: db::instant(self.begins)?,
            until: db::instant(self.until)?,
            revoked: self.revoked,
            valid: (self.begins..=self.until).contains(&self.now),
            height: self.height.try_into()?,
        })
    }
}
