//! Signers, what they say and what waits for them, and pauses.

use super::milestones::{Next, Said, said_of};
use crate::{
    account::Account,
    accounts::Whose,
    answer::Asked,
    db::{self, Snapshot},
    model::{
        Amount, Answer, Awaiting, AwaitingMilestone, AwaitingRelease, Instant, Page, Pause, SignersChange, Stance,
        Statement,
    },
    page::{EventPlace, Part, Row},
    params::{FromParams, Params, Parsed, Segment},
    problem::{Error, Refusals},
    server::App,
};
use axum::response::Response;
use interfaces::{AccountId, treasury::Signers};
use std::collections::BTreeMap;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(changes))
        .routes(routes!(awaiting))
        .routes(routes!(statements))
        .routes(routes!(pauses))
}

/// How many milestones that can still be released are looked at for what waits.
const MOST: i64 = 1_000;

/// Place in the list of sets of signers.
type ChangePlace = EventPlace<45>;

/// Place in the list of what signers said.
type StatementPlace = EventPlace<46>;

/// Place in the list of pauses.
type PausePlace = EventPlace<47>;

/// Whose statements are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatementFilter {
    /// Only those of this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    signer: Option<Account>,
}

impl FromParams for StatementFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { signer: params.one("signer", str::parse) }
    }
}

/// The present signers.
pub(super) async fn signers(snapshot: &mut Snapshot) -> Result<Signers, Error> {
    let latest = sqlx::query_scalar!(
        r#"SELECT signers AS "signers!" FROM mirror.treasury_signers ORDER BY height DESC, index DESC LIMIT 1"#
    )
    .fetch_optional(snapshot.connection())
    .await?;
    latest.map_or_else(|| Ok(Signers::default()), |bytes| Ok(db::scale(&bytes, "signers")?))
}

/// Whether the treasury pays nobody now.
pub(super) async fn paused(snapshot: &mut Snapshot) -> Result<bool, Error> {
    let latest =
        sqlx::query_scalar!("SELECT guardian FROM mirror.treasury_pauses ORDER BY height DESC, index DESC LIMIT 1")
            .fetch_optional(snapshot.connection())
            .await?;
    Ok(latest.flatten().is_some())
}

/// Every set of signers, the newest first; the first is the present one.
#[utoipa::path(
    get,
    path = "/v1/treasury/signers",
    operation_id = "treasury_signers",
    tag = "treasury",
    params(Part<ChangePlace>),
    responses((status = 200, description = "A part of the list", body = Page<SignersChange>), Refusals)
)]
async fn changes(asked: Asked, Parsed(part): Parsed<Part<ChangePlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let ChangePlace { height, index } = part.cursor.unwrap_or(ChangePlace::FIRST);
            let rows = sqlx::query_as!(
                ChangeRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", signers AS "signers!", proposal
                FROM mirror.treasury_signers WHERE (height, index) < ($1, $2)
                ORDER BY height DESC, index DESC LIMIT $3"#,
                height,
                index,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows)
        })
        .await
}

/// What waits for a signer: releases that others approve of, and milestones that nobody has proposed a release for.
#[utoipa::path(
    get,
    path = "/v1/treasury/signers/{account}/awaiting",
    operation_id = "treasury_awaiting",
    tag = "treasury",
    params(Whose),
    responses((status = 200, description = "What waits", body = Answer<Awaiting>), Refusals)
)]
async fn awaiting(
    asked: Asked,
    Segment(Whose(account)): Segment<Whose>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked.one(async |snapshot| awaiting_of(snapshot, account).await).await
}

async fn awaiting_of(snapshot: &mut Snapshot, account: Account) -> Result<Awaiting, Error> {
    let signers = signers(snapshot).await?;
    let is_signer = signers.find(&AccountId::from(<[u8; 32]>::from(account))).is_some();
    let mut waiting =
        Awaiting { account, is_signer, threshold: signers.threshold, releases: Vec::new(), milestones: Vec::new() };
    if !is_signer {
        return Ok(waiting);
    }
    let now = snapshot.block.moment;
    let open = not_out_of_time(snapshot).await?;
    let next: Vec<Next> = open.iter().map(|it| (it.escrow, it.number, it.nonce)).collect();
    let mut said = said_of(snapshot, &next).await?;
    for milestone in open {
        let mut releases: BTreeMap<Amount, Vec<Said>> = BTreeMap::new();
        for said in said.remove(&(milestone.escrow, milestone.number, milestone.nonce)).unwrap_or_default() {
            releases.entry(said.amount).or_default().push(said);
        }
        let mut proposed = false;
        for (amount, said) in releases.into_iter().filter(|(amount, _)| *amount <= milestone.left) {
            let counting = said.iter().filter(|said| said.counts(&signers));
            let approving: Vec<_> = counting.map(|said| said.signer).collect();
            proposed |= !approving.is_empty();
            if !approving.is_empty() && !approving.contains(&account) {
                let withdrawn = said.iter().any(|said| said.signer == account && said.since.is_none());
                let milestone = milestone.clone();
                waiting.releases.push(AwaitingRelease { milestone, amount, approving, withdrawn });
            }
        }
        if !proposed && milestone.earliest.moment <= now {
            waiting.milestones.push(milestone);
        }
    }
    Ok(waiting)
}

/// The milestones that something can be released of now or later, those that end first first.
async fn not_out_of_time(snapshot: &mut Snapshot) -> Result<Vec<AwaitingMilestone>, Error> {
    let now = snapshot.block.moment.to_string();
    let rows = sqlx::query!(
        r#"SELECT escrow AS "escrow!", milestone AS "milestone!", payee AS "payee!", remaining::text AS "remaining!",
            releases AS "releases!", earliest::text AS "earliest!", latest::text AS "latest!",
            (SELECT asset FROM mirror.treasury_escrows AS escrows WHERE escrows.escrow = milestones.escrow)
                AS "asset!"
        FROM mirror.treasury_milestones AS milestones WHERE remaining > 0 AND milestones.latest >= $1::text::numeric
        ORDER BY milestones.latest, escrow, milestone LIMIT $2"#,
        now,
        MOST
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        open.push(AwaitingMilestone {
            escrow: row.escrow.try_into()?,
            number: row.milestone.try_into()?,
            payee: db::account(&row.payee)?,
            asset: db::asset(&row.asset)?,
            left: db::amount(&row.remaining)?,
            nonce: row.releases.try_into()?,
            earliest: db::exact_moment(&row.earliest)?.into(),
            latest: db::exact_moment(&row.latest)?.into(),
        });
    }
    Ok(open)
}

/// What signers said of releases, the latest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/approvals",
    operation_id = "treasury_approvals",
    tag = "treasury",
    params(StatementFilter, Part<StatementPlace>),
    responses((status = 200, description = "A part of the list", body = Page<Statement>), Refusals)
)]
async fn statements(
    asked: Asked,
    Parsed((filter, part)): Parsed<(StatementFilter, Part<StatementPlace>)>,
) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| statements_of(snapshot, &filter, part).await).await
}

async fn statements_of(
    snapshot: &mut Snapshot,
    filter: &StatementFilter,
    part: &Part<StatementPlace>,
) -> Result<Vec<StatementRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! statements {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                StatementRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", escrow AS "escrow!",
                    milestone AS "milestone!", nonce AS "nonce!", amount::text AS "amount!", signer AS "signer!", since
                FROM mirror.treasury_statements WHERE "# + $condition
                    + " ORDER BY height DESC, index DESC LIMIT $3",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let StatementPlace { height, index } = part.cursor.unwrap_or(StatementPlace::FIRST);
    let rows = part.limit.rows();
    let found = match filter.signer.as_ref().map(|signer| signer.bytes().as_slice()) {
        None => statements!("(height, index) < ($1, $2)", height, index, rows),
        Some(signer) => statements!("signer = $4 AND (height, index) < ($1, $2)", height, index, rows, signer),
    };
    Ok(found?)
}

/// Every pause and its end, the newest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/pauses",
    operation_id = "treasury_pauses",
    tag = "treasury",
    params(Part<PausePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Pause>), Refusals)
)]
async fn pauses(asked: Asked, Parsed(part): Parsed<Part<PausePlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let PausePlace { height, index } = part.cursor.unwrap_or(PausePlace::FIRST);
            let rows = sqlx::query_as!(
                PauseRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", guardian, proposal
                FROM mirror.treasury_pauses WHERE (height, index) < ($1, $2)
                ORDER BY height DESC, index DESC LIMIT $3"#,
                height,
                index,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows)
        })
        .await
}

/// A set of signers as stored.
struct ChangeRow {
    height: i64,
    index: i32,
    moment: i64,
    signers: Vec<u8>,
    proposal: Option<i64>,
}

impl Row<ChangePlace> for ChangeRow {
    type Item = SignersChange;

    fn place(&self) -> Result<ChangePlace, Error> {
        Ok(ChangePlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<SignersChange, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let signers: Signers = db::scale(&self.signers, "signers")?;
        Ok(SignersChange {
            signers: signers.into(),
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// What a signer said, as stored.
struct StatementRow {
    height: i64,
    index: i32,
    moment: i64,
    escrow: i64,
    milestone: i16,
    nonce: i64,
    amount: String,
    signer: Vec<u8>,
    since: Option<i64>,
}

impl Row<StatementPlace> for StatementRow {
    type Item = Statement;

    fn place(&self) -> Result<StatementPlace, Error> {
        Ok(StatementPlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Statement, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Statement {
            signer: db::account(&self.signer)?,
            stance: if self.since.is_some() { Stance::Approved } else { Stance::Withdrawn },
            since: self.since.map(TryInto::try_into).transpose()?,
            escrow: self.escrow.try_into()?,
            milestone: self.milestone.try_into()?,
            nonce: self.nonce.try_into()?,
            amount: db::amount(&self.amount)?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// A pause or its end as stored.
struct PauseRow {
    height: i64,
    index: i32,
    moment: i64,
    guardian: Option<Vec<u8>>,
    proposal: Option<i64>,
}

impl Row<PausePlace> for PauseRow {
    type Item = Pause;

    fn place(&self) -> Result<PausePlace, Error> {
        Ok(PausePlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Pause, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Pause {
            paused: self.guardian.is_some(),
            guardian: self.guardian.as_deref().map(db::account).transpose()?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
