//! The rules by which proposals are made, who has powers of their own, and what code runs.

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{self, Answer, Guardian, Instant, KINDS, Page, Rulebook, Rules, Terms, Upgrade},
    page::{EventPlace, Part, Row},
    params::Parsed,
    problem::{Error, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rules)).routes(routes!(upgrades))
}

/// Place in the list of upgrades.
type UpgradePlace = EventPlace<11>;

/// The rules for new proposals of each kind, and who has powers of their own.
#[utoipa::path(
    get,
    path = "/v1/rules",
    tag = "governance",
    responses((status = 200, description = "The rules", body = Answer<Rulebook>), Refusals)
)]
async fn rules(asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let governor = sqlx::query!("SELECT guardian, guardian_until, live_limit FROM mirror.governor")
                .fetch_optional(snapshot.connection())
                .await?;
            let (guardian, live_limit) = match governor {
                Some(row) => (guardian(row.guardian, row.guardian_until)?, row.live_limit),
                None => (None, None),
            };
            Ok(Rulebook {
                kinds: kinds(snapshot).await?,
                guardian,
                live_limit: live_limit.map(TryInto::try_into).transpose()?,
            })
        })
        .await
}

fn guardian(account: Option<Vec<u8>>, until: Option<i64>) -> Result<Option<Guardian>, Error> {
    match (account, until) {
        (None, None) => Ok(None),
        (Some(account), Some(until)) => {
            Ok(Some(Guardian { account: db::account(&account)?, until: db::instant(until)? }))
        }
        _ => Err(Unreadable("guardian").into()),
    }
}

async fn kinds(snapshot: &mut Snapshot) -> Result<Vec<Rules>, Error> {
    let order: Vec<_> = KINDS.iter().filter_map(model::name_of).collect();
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", mechanisms AS "mechanisms!", proposal_threshold::text AS "proposal_threshold!",
            deposit::text AS "deposit!", voting_delay AS "voting_delay!", voting_period AS "voting_period!",
            voting_freeze AS "voting_freeze!", extension AS "extension!", quorum_bps AS "quorum_bps!",
            approval_bps AS "approval_bps!", plurality_bps AS "plurality_bps!", credits AS "credits!",
            execution_delay AS "execution_delay!", execution_window AS "execution_window!",
            spend_cap::text AS "spend_cap!", period_cap::text AS "period_cap!", period AS "period!",
            guarded AS "guarded!", height AS "height!"
        FROM mirror.rules ORDER BY array_position($1::text[], kind)"#,
        &order
    )
    .fetch_all(snapshot.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            let terms = TermsColumns {
                deposit: row.deposit,
                voting_period: row.voting_period,
                voting_freeze: row.voting_freeze,
                extension: row.extension,
                quorum_bps: row.quorum_bps,
                approval_bps: row.approval_bps,
                plurality_bps: row.plurality_bps,
                credits: row.credits,
                execution_delay: row.execution_delay,
                execution_window: row.execution_window,
                spend_cap: row.spend_cap,
                period_cap: row.period_cap,
                period: row.period,
                guarded: row.guarded,
            };
            Ok(Rules {
                kind: db::name(row.kind)?,
                mechanisms: row.mechanisms.into_iter().map(db::name).collect::<Result<_, _>>()?,
                proposal_threshold: db::amount(&row.proposal_threshold)?,
                voting_delay_ms: row.voting_delay.try_into()?,
                terms: terms.read()?,
                height: row.height.try_into()?,
            })
        })
        .collect()
}

/// Rules as stored, of a kind or of a proposal.
pub(super) struct TermsColumns {
    pub deposit: String,
    pub voting_period: i64,
    pub voting_freeze: i64,
    pub extension: i64,
    pub quorum_bps: i32,
    pub approval_bps: i32,
    pub plurality_bps: i32,
    pub credits: i64,
    pub execution_delay: i64,
    pub execution_window: i64,
    pub spend_cap: String,
    pub period_cap: String,
    pub period: i64,
    pub guarded: bool,
}

impl TermsColumns {
    /// The rules.
    pub fn read(self) -> Result<Terms, Error> {
        Ok(Terms {
            deposit: db::amount(&self.deposit)?,
            voting_period_ms: self.voting_period.try_into()?,
            freeze_ms: self.voting_freeze.try_into()?,
            extension_ms: self.extension.try_into()?,
            quorum_bps: db::share(self.quorum_bps)?,
            approval_bps: db::share(self.approval_bps)?,
            plurality_bps: db::share(self.plurality_bps)?,
            credits: self.credits.try_into()?,
            execution_delay_ms: self.execution_delay.try_into()?,
            execution_window_ms: self.execution_window.try_into()?,
            spend_cap: db::amount(&self.spend_cap)?,
            period_cap: db::amount(&self.period_cap)?,
            period_ms: self.period.try_into()?,
            guarded: self.guarded,
        })
    }
}

/// The contracts' changes of code, the newest first.
#[utoipa::path(
    get,
    path = "/v1/upgrades",
    tag = "governance",
    params(Part<UpgradePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Upgrade>), Refusals)
)]
async fn upgrades(asked: Asked, Parsed(part): Parsed<Part<UpgradePlace>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let UpgradePlace { height, index } = part.cursor.unwrap_or(UpgradePlace::FIRST);
            let rows = sqlx::query_as!(
                UpgradeRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", contract AS "contract!",
                    code_hash AS "code_hash!", proposal
                FROM mirror.upgrades WHERE (height, index) < ($1, $2) ORDER BY height DESC, index DESC LIMIT $3"#,
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

/// An upgrade as stored.
struct UpgradeRow {
    height: i64,
    index: i32,
    moment: i64,
    contract: Vec<u8>,
    code_hash: Vec<u8>,
    proposal: Option<i64>,
}

impl Row<UpgradePlace> for UpgradeRow {
    type Item = Upgrade;

    fn place(&self) -> Result<UpgradePlace, Error> {
        Ok(UpgradePlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Upgrade, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Upgrade {
            contract: db::account(&self.contract)?,
            code_hash: db::hash(&self.code_hash)?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
