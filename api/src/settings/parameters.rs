//! Parameters, and all that was ever done to them.

use super::{NamePlace, Named};
use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, InForce, Instant, KINDS, KindName, Name, Page, Parameter, ParameterEntry},
    page::{EventPlace, Part, Row},
    params::{self, FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchSetting, Refusals, Setting},
    server::App,
};
use axum::response::Response;
use interfaces::{
    Moment,
    settings::{Course, Definition},
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(parameters)).routes(routes!(parameter)).routes(routes!(history))
}

/// Place in the list of parameters.
type Place = NamePlace<50>;

/// Place in the history of a parameter.
type EntryPlace = EventPlace<51>;

/// Which parameters are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ParameterFilter {
    /// Only those that proposals of this kind may change.
    #[param(value_type = Option<KindName>)]
    owner: Option<String>,
    /// Only those whose names begin like this.
    #[param(value_type = Option<Name>)]
    prefix: Option<Name>,
}

impl FromParams for ParameterFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            owner: params.one("owner", |text| params::name_among(&KINDS, text)),
            prefix: params.one("prefix", str::parse),
        }
    }
}

impl ParameterFilter {
    /// The least name that is asked for, and what comes after all of them: a brace comes after every byte of a name.
    fn range(&self) -> (String, String) {
        let first = self.prefix.as_ref().map(ToString::to_string).unwrap_or_default();
        let end = format!("{first}{{");
        (first, end)
    }
}

/// Parameters, by their names. Those that are retired stay in the list.
#[utoipa::path(
    get,
    path = "/v1/parameters",
    tag = "settings",
    params(ParameterFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Parameter>), Refusals)
)]
async fn parameters(
    asked: Asked,
    Parsed((filter, part)): Parsed<(ParameterFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| parameters_of(snapshot, &filter, part).await).await
}

/// Rows of the parameters that `filter` lets through: with and without an owner, each walks its own index.
async fn parameters_of(
    snapshot: &mut Snapshot,
    filter: &ParameterFilter,
    part: &Part<Place>,
) -> Result<Vec<ParameterRow>, Error> {
    /// The query with one condition more, and its arguments.
    macro_rules! parameters {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                Columns,
                r#"SELECT key AS "key!", definition AS "definition!", course AS "course!", height AS "height!",
                    moment AS "moment!"
                FROM mirror.parameters WHERE key > $1 AND key >= $2 AND key < $3 AND "#
                    + $condition + " ORDER BY key LIMIT $4",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let (after, (first, end), rows) = (Place::after(part.cursor.as_ref()), filter.range(), part.limit.rows());
    let found = match &filter.owner {
        None => parameters!("true", after, first, end, rows),
        Some(owner) => parameters!("owner = $5", after, first, end, rows, owner),
    };
    let now = snapshot.block.moment;
    Ok(found?.into_iter().map(|columns| ParameterRow { columns, now }).collect())
}

/// A parameter.
#[utoipa::path(
    get,
    path = "/v1/parameters/{key}",
    tag = "settings",
    params(Named),
    responses((status = 200, description = "The parameter", body = Answer<Parameter>), NoSuchSetting, Refusals)
)]
async fn parameter(
    asked: Asked,
    Segment(Named(key)): Segment<Named>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let columns = sqlx::query_as!(
                Columns,
                r#"SELECT key AS "key!", definition AS "definition!", course AS "course!", height AS "height!",
                    moment AS "moment!"
                FROM mirror.parameters WHERE key = $1"#,
                key.to_string()
            )
            .fetch_optional(snapshot.connection())
            .await?;
            let now = snapshot.block.moment;
            columns.map(|columns| ParameterRow { columns, now }).ok_or_else(|| unknown(&key))?.read()
        })
        .await
}

fn unknown(key: &Name) -> Error {
    Error::UnknownSetting { sort: Setting::Parameter, name: key.to_string() }
}

/// A parameter as stored.
struct Columns {
    key: String,
    definition: Vec<u8>,
    course: Vec<u8>,
    height: i64,
    moment: i64,
}

/// A parameter as stored, to be told as it is at a moment.
struct ParameterRow {
    columns: Columns,
    now: Moment,
}

impl Row<Place> for ParameterRow {
    type Item = Parameter;

    fn place(&self) -> Result<Place, Error> {
        Place::of(&self.columns.key)
    }

    fn read(self) -> Result<Parameter, Error> {
        let Self { columns: Columns { key, definition, course, height, moment }, now } = self;
        let Definition { owner, bounds, note } = db::scale(&definition, "definition")?;
        let mut course: Course = db::scale(&course, "course")?;
        course.settle(now);
        let Instant { time, moment } = db::instant(moment)?;
        Ok(Parameter {
            key: db::key(&key)?,
            owner,
            bounds: bounds.into(),
            note,
            value: course.value.map(Into::into),
            next: course.next.map(Into::into),
            height: height.try_into()?,
            time,
            moment,
        })
    }
}

/// What was ever done to a parameter, the newest first, and what its value was from when to when.
#[utoipa::path(
    get,
    path = "/v1/parameters/{key}/history",
    operation_id = "parameter_history",
    tag = "settings",
    params(Named, Part<EntryPlace>),
    responses((status = 200, description = "A part of the list", body = Page<ParameterEntry>), NoSuchSetting, Refusals)
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
                EntryColumns,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", action AS "action!", definition,
                    course AS "course!", proposal,
                    (SELECT later.moment FROM mirror.parameter_history AS later
                        WHERE later.key = $1 AND (later.height, later.index) > (entry.height, entry.index)
                        ORDER BY later.height, later.index LIMIT 1) AS until
                FROM mirror.parameter_history AS entry WHERE key = $1 AND (height, index) < ($2, $3)
                ORDER BY height DESC, index DESC LIMIT $4"#,
                key.to_string(),
                height,
                index,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            if rows.is_empty() {
                sqlx::query_scalar!("SELECT 1 FROM mirror.parameters WHERE key = $1", key.to_string())
                    .fetch_optional(snapshot.connection())
                    .await?
                    .ok_or_else(|| unknown(&key))?;
            }
            let now = snapshot.block.moment;
            Ok(rows.into_iter().map(|columns| EntryRow { columns, now }).collect::<Vec<_>>())
        })
        .await
}

/// An entry of a history as stored.
struct EntryColumns {
    height: i64,
    index: i32,
    moment: i64,
    action: String,
    definition: Option<Vec<u8>>,
    course: Vec<u8>,
    proposal: Option<i64>,
    /// When something else was done to the parameter.
    until: Option<i64>,
}

/// An entry of a history as stored, to be told as it is at a moment.
struct EntryRow {
    columns: EntryColumns,
    now: Moment,
}

impl Row<EntryPlace> for EntryRow {
    type Item = ParameterEntry;

    fn place(&self) -> Result<EntryPlace, Error> {
        Ok(EntryPlace { height: self.columns.height, index: self.columns.index })
    }

    fn read(self) -> Result<ParameterEntry, Error> {
        let Self { columns, now } = self;
        let definition = columns.definition.map(|bytes| db::scale::<Definition>(&bytes, "definition")).transpose()?;
        let course: Course = db::scale(&columns.course, "course")?;
        let Instant { time, moment } = db::instant(columns.moment)?;
        let until = columns.until.map(db::instant).transpose()?.map(|until| until.moment);
        let in_force = InForce::of(&course, moment, until, now);
        let (owner, bounds, note) = match definition {
            Some(Definition { owner, bounds, note }) => (Some(owner), Some(bounds.into()), Some(note)),
            None => (None, None, None),
        };
        Ok(ParameterEntry {
            action: db::name(columns.action)?,
            proposal: columns.proposal.map(TryInto::try_into).transpose()?,
            owner,
            bounds,
            note,
            value: course.value.map(Into::into),
            next: course.next.map(Into::into),
            in_force,
            height: columns.height.try_into()?,
            time,
            moment,
        })
    }
}
