//! Releases of software.

use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{
        Answer, Hash, Instant, Name, Page, RELEASE_STAGES, ReleaseReport, ReleaseRunning, ReleaseStage, SoftwareRelease,
    },
    page::{Key, Part, Row},
    params::{self, FromParams, FromSegment, Params, Parsed, Segment},
    problem::{Error, NoSuchSetting, Refusals, Setting, Unreadable},
    server::App,
};
use axum::response::Response;
use interfaces::{
    Moment,
    settings::{self, ReleaseId},
};
use scale::{Decode, Encode};
use std::collections::HashMap;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(releases)).routes(routes!(release))
}

/// Place in the list of releases.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    release: i64,
}

impl Key for Place {
    const LIST: u8 = 54;
}

/// Which releases are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReleaseFilter {
    /// Only those that replace this component.
    #[param(value_type = Option<Name>)]
    component: Option<Name>,
    /// Only those at this stage.
    #[param(value_type = Option<ReleaseStage>)]
    stage: Option<String>,
}

impl FromParams for ReleaseFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            component: params.one("component", str::parse),
            stage: params.one("stage", |text| params::name_among(&RELEASE_STAGES, text)),
        }
    }
}

/// A release's number in a path.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
struct Number(
    /// The release's number.
    #[param(value_type = u32)]
    ReleaseId,
);

impl FromSegment for Number {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid("id", "must be a release's number, such as 0 or 17"));
        }
        // A number too large for a release is still a number.
        segment.parse().map(Self).map_err(|_| unknown(segment))
    }
}

fn unknown(number: impl ToString) -> Error {
    Error::UnknownSetting { sort: Setting::Release, name: number.to_string() }
}

/// Releases that a condition lets through, the newest first.
macro_rules! releases_where {
    ($condition:literal, $snapshot:expr, $($arguments:expr),+) => {
        sqlx::query_as!(
            Columns,
            r#"SELECT release AS "release!", approved AS "approved!", stage AS "stage!", passed, since,
                height AS "height!", moment AS "moment!", proposal
            FROM mirror.releases WHERE "# + $condition + " ORDER BY release DESC LIMIT $2",
            $($arguments),+
        )
        .fetch_all($snapshot.connection())
        .await
    };
}

/// Releases, the newest first.
#[utoipa::path(
    get,
    path = "/v1/releases",
    tag = "settings",
    params(ReleaseFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<SoftwareRelease>), Refusals)
)]
async fn releases(
    asked: Asked,
    Parsed((filter, part)): Parsed<(ReleaseFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let below = part.cursor.map_or(i64::MAX, |place| place.release);
            let found = columns_of(snapshot, &filter, below, part.limit.rows()).await?;
            with_reports(snapshot, found).await
        })
        .await
}

/// The releases that `filter` lets through: whatever it asks for, it walks an index of its own.
async fn columns_of(
    snapshot: &mut Snapshot,
    filter: &ReleaseFilter,
    below: i64,
    rows: i64,
) -> Result<Vec<Columns>, Error> {
    let component = filter.component.as_ref().map(ToString::to_string);
    let found = match (component, &filter.stage) {
        (None, None) => releases_where!("release < $1", snapshot, below, rows),
        (Some(component), None) => {
            releases_where!("release < $1 AND component = $3", snapshot, below, rows, component)
        }
        (None, Some(stage)) => releases_where!("release < $1 AND stage = $3", snapshot, below, rows, stage),
        (Some(component), Some(stage)) => {
            releases_where!("release < $1 AND component = $3 AND stage = $4", snapshot, below, rows, component, stage)
        }
    };
    Ok(found?)
}

/// A release.
#[utoipa::path(
    get,
    path = "/v1/releases/{id}",
    tag = "settings",
    params(Number),
    responses((status = 200, description = "The release", body = Answer<SoftwareRelease>), NoSuchSetting, Refusals)
)]
async fn release(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let found = releases_where!("release = $1", snapshot, i64::from(id), 1_i64)?;
            with_reports(snapshot, found).await?.pop().ok_or_else(|| unknown(id))?.read()
        })
        .await
}

/// Releases with what was reported of them.
async fn with_reports(snapshot: &mut Snapshot, found: Vec<Columns>) -> Result<Vec<ReleaseRow>, Error> {
    let numbers: Vec<_> = found.iter().map(|columns| columns.release).collect();
    let rows = sqlx::query_as!(
        ReportColumns,
        r#"SELECT release AS "release!", height AS "height!", moment AS "moment!", report AS "report!", step, operator,
            proposal
        FROM mirror.release_reports WHERE release = ANY($1) ORDER BY release, height, index"#,
        &numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut reports = HashMap::<_, Vec<_>>::new();
    for row in rows {
        reports.entry(row.release).or_default().push(row.read()?);
    }
    let now = snapshot.block.moment;
    let with_reports = |columns: Columns| {
        let reports = reports.remove(&columns.release).unwrap_or_default();
        ReleaseRow { columns, reports, now }
    };
    Ok(found.into_iter().map(with_reports).collect())
}

/// A release as stored.
struct Columns {
    release: i64,
    approved: Vec<u8>,
    stage: String,
    passed: Option<i16>,
    since: Option<i64>,
    height: i64,
    moment: i64,
    proposal: Option<i64>,
}

/// A report as stored.
struct ReportColumns {
    release: i64,
    height: i64,
    moment: i64,
    report: String,
    step: Option<i16>,
    operator: Option<Vec<u8>>,
    proposal: Option<i64>,
}

impl ReportColumns {
    fn read(self) -> Result<ReleaseReport, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(ReleaseReport {
            report: db::name(self.report)?,
            step: self.step.map(TryInto::try_into).transpose()?,
            by: self.operator.as_deref().map(db::account).transpose()?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// A release with its reports, to be told as it is at a moment.
struct ReleaseRow {
    columns: Columns,
    reports: Vec<ReleaseReport>,
    now: Moment,
}

impl Row<Place> for ReleaseRow {
    type Item = SoftwareRelease;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { release: self.columns.release })
    }

    fn read(self) -> Result<SoftwareRelease, Error> {
        let Self { columns, reports, now } = self;
        let approved = db::scale(&columns.approved, "release")?;
        let settings::Release { component, digest, strategy, expires } = approved;
        let running = match (columns.passed, columns.since) {
            (None, None) => None,
            (Some(passed), Some(since)) => {
                Some(ReleaseRunning { passed: passed.try_into()?, since: db::instant(since)? })
            }
            _ => return Err(Unreadable("stage").into()),
        };
        let Instant { time, moment } = db::instant(columns.moment)?;
        Ok(SoftwareRelease {
            id: columns.release.try_into()?,
            component: Name(component),
            digest: Hash(digest.into()),
            strategy: strategy.into(),
            expires: expires.into(),
            expired: expires <= now,
            stage: db::name(columns.stage)?,
            running,
            reports,
            proposal: columns.proposal.map(TryInto::try_into).transpose()?,
            height: columns.height.try_into()?,
            time,
            moment,
        })
    }
}
