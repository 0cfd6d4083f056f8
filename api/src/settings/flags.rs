//! Feature flags, all that was ever done to them, and what flagd reads.

use super::{NamePlace, Named};
use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{self, Answer, Flag, FlagEntry, Flagd, Instant, Name, Page},
    page::{EventPlace, Part, Row},
    params::{FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchSetting, Refusals, Setting},
    server::App,
};
use axum::response::Response;
use interfaces::settings::Control;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(flags)).routes(routes!(flag)).routes(routes!(history)).routes(routes!(flagd))
}

/// Place in the list of flags.
type Place = NamePlace<52>;

/// Place in the history of a flag.
type EntryPlace = EventPlace<53>;

/// Which flags are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct FlagFilter {
    /// Only those that are killed, or only those that are not.
    killed: Option<bool>,
}

impl FromParams for FlagFilter {
    fn from_params(params: &mut Params) -> Self {
        let truth = |text: &str| text.parse::<bool>().map_err(|_| "must be true or false");
        Self { killed: params.one("killed", truth) }
    }
}

/// Rows of the flags that a condition lets through, and what follows it.
macro_rules! flags_where {
    ($rest:literal, $snapshot:expr $(, $arguments:expr)*) => {
        sqlx::query_as!(
            FlagRow,
            r#"SELECT key AS "key!", owner AS "owner!", ceiling_bps AS "ceiling_bps!", exposure_bps AS "exposure_bps!",
                killed AS "killed!", body AS "body!", height AS "height!", moment AS "moment!"
            FROM mirror.flags WHERE "# + $rest,
            $($arguments),*
        )
        .fetch_all($snapshot.connection())
        .await
    };
}

/// Flags, by their names.
#[utoipa::path(
    get,
    path = "/v1/flags",
    tag = "settings",
    params(FlagFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Flag>), Refusals)
)]
async fn flags(asked: Asked, Parsed((filter, part)): Parsed<(FlagFilter, Part<Place>)>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let (after, rows) = (Place::after(part.cursor.as_ref()), part.limit.rows());
            let found = match filter.killed {
                None => flags_where!("key > $1 ORDER BY key LIMIT $2", snapshot, after, rows),
                Some(killed) => {
                    flags_where!("killed = $3 AND key > $1 ORDER BY key LIMIT $2", snapshot, after, rows, killed)
                }
            };
            Ok(found?)
        })
        .await
}

/// A flag.
#[utoipa::path(
    get,
    path = "/v1/flags/{key}",
    tag = "settings",
    params(Named),
    responses((status = 200, description = "The flag", body = Answer<Flag>), NoSuchSetting, Refusals)
)]
async fn flag(asked: Asked, Segment(Named(key)): Segment<Named>, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let found = flags_where!("key = $1", snapshot, key.to_string())?.pop();
            found.ok_or_else(|| unknown(&key))?.read()
        })
        .await
}

fn unknown(key: &Name) -> Error {
    Error::UnknownSetting { sort: Setting::Flag, name: key.to_string() }
}

/// A flag as stored.
struct FlagRow {
    key: String,
    owner: String,
    ceiling_bps: i32,
    exposure_bps: i32,
    killed: bool,
    body: String,
    height: i64,
    moment: i64,
}

impl FlagRow {
    fn control(&self) -> Result<Control, Error> {
        Ok(Control {
            owner: db::name(self.owner.clone())?,
            ceiling: db::share(self.ceiling_bps)?,
            exposure: db::share(self.exposure_bps)?,
            killed: self.killed,
        })
    }
}

impl Row<Place> for FlagRow {
    type Item = Flag;

    fn place(&self) -> Result<Place, Error> {
        Place::of(&self.key)
    }

    fn read(self) -> Result<Flag, Error> {
        let Control { owner, ceiling, exposure, killed } = self.control()?;
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Flag {
            key: db::key(&self.key)?,
            owner,
            ceiling_bps: ceiling,
            exposure_bps: exposure,
            killed,
            definition: model::flag_json(&self.body),
            body: self.body,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// All flags as one configuration for flagd and its clients, with what the chain enforces put in.
///
/// Of each body are taken `state`, `variants`, `defaultVariant`, `targeting` and `metadata`. While a flag is killed, or
/// nobody is exposed to it, it has no targeting and everybody gets its default variant. If a part is exposed, a
/// `fractional` rule by flag and `targetingKey` comes before the body's targeting, and whoever is not exposed gets the
/// default variant; so does whoever has no `targetingKey`. Flags whose bodies flagd could not use are in `left_out`.
#[utoipa::path(
    get,
    path = "/v1/flags.flagd.json",
    operation_id = "flagd_configuration",
    tag = "settings",
    responses((status = 200, description = "The configuration", body = Flagd), Refusals)
)]
async fn flagd(asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    asked
        .answer(async |snapshot| {
            let rows = all(snapshot).await?;
            let flags = rows.iter().map(|row| Ok((db::key(&row.key)?.0, row.control()?, row.body.as_str())));
            let flags = flags.collect::<Result<Vec<_>, Error>>()?;
            Ok(Flagd::new(flags, snapshot.block.clone()))
        })
        .await
}

/// All flags there are: only proposals make new ones, so there are few.
async fn all(snapshot: &mut Snapshot) -> Result<Vec<FlagRow>, Error> {
    Ok(flags_where!("true ORDER BY key", snapshot)?)
}

/// What was ever done to a flag, the newest first.
#[utoipa::path(
    get,
    path = "/v1/flags/{key}/history",
    operation_id = "flag_history",
    tag = "settings",
    params(Named, Part<EntryPlace>),
    responses((status = 200, description = "A part of the list", body = Page<FlagEntry>), NoSuchSetting, Refusals)
)]
async fn history(
    asked: Asked,
    Segment(Named(key)): Segment<Named>,
    Parsed(part): Parsed<Part<EntryPlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let EntryPlace { height, index } = part.cursor.unwrap_or(EntryPlace::FIRST);
            let rows = sqlx::query_as!(
                EntryRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", action AS "action!", operator,
                    proposal, owner AS "owner!", ceiling_bps AS "ceiling_bps!", exposure_bps AS "exposure_bps!",
                    killed AS "killed!", body
                FROM mirror.flag_history WHERE key = $1 AND (height, index) < ($2, $3)
                ORDER BY height DESC, index DESC LIMIT $4"#,
                key.to_string(),
                height,
                index,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            if rows.is_empty() {
                sqlx::query_scalar!("SELECT 1 FROM mirror.flags WHERE key = $1", key.to_string())
                    .fetch_optional(snapshot.connection())
                    .await?
                    .ok_or_else(|| unknown(&key))?;
            }
            Ok(rows)
        })
        .await
}

/// An entry of a history as stored.
struct EntryRow {
    height: i64,
    index: i32,
    moment: i64,
    action: String,
    operator: Option<Vec<u8>>,
    proposal: Option<i64>,
    owner: String,
    ceiling_bps: i32,
    exposure_bps: i32,
    killed: bool,
    body: Option<String>,
}

impl Row<EntryPlace> for EntryRow {
    type Item = FlagEntry;

    fn place(&self) -> Result<EntryPlace, Error> {
        Ok(EntryPlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<FlagEntry, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(FlagEntry {
            action: db::name(self.action)?,
            by: self.operator.as_deref().map(db::account).transpose()?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            owner: db::name(self.owner)?,
            ceiling_bps: db::share(self.ceiling_bps)?,
            exposure_bps: db::share(self.exposure_bps)?,
            killed: self.killed,
            body: self.body,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
