//! Votes on a proposal, and whose power they no longer hold.

use super::{Number, known};
use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Instant, Override, Page, SUPPORTS, SupportName, Vote},
    page::{EventPlace, Key, Part, Row},
    params::{self, FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchProposal, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use interfaces::ProposalId;
use scale::{Decode, DecodeAll, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(votes)).routes(routes!(overrides))
}

/// Place in the list of a proposal's votes.
type VotePlace = EventPlace<2>;

/// Place in the list of a proposal's overrides.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct OverridePlace {
    representative: [u8; 32],
    holder: [u8; 32],
}

impl Key for OverridePlace {
    const LIST: u8 = 6;
}

/// Which votes are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct VoteFilter {
    /// Only those that say this in a majority vote.
    #[param(value_type = Option<SupportName>)]
    support: Option<String>,
}

impl FromParams for VoteFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { support: params.one("support", |text| params::name_among(&SUPPORTS, text)) }
    }
}

/// The votes on a proposal as they stand, those that were cast or changed last first.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/votes",
    operation_id = "proposal_votes",
    tag = "governance",
    params(Number, VoteFilter, Part<VotePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Vote>), NoSuchProposal, Refusals)
)]
async fn votes(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed((filter, part)): Parsed<(VoteFilter, Part<VotePlace>)>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = votes_on(snapshot, id, &filter, part).await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// Votes under a condition, the newest first. Each condition walks an index of its own.
macro_rules! votes_where {
    ($condition:literal, $connection:expr, $rows:expr, $($arguments:expr),+) => {
        sqlx::query_as!(
            $crate::governance::VoteRow,
            r#"SELECT proposal AS "proposal!", voter AS "voter!", choice AS "choice!", power::text AS "power!",
                changes AS "changes!", height AS "height!", index AS "index!", moment AS "moment!"
            FROM mirror.votes WHERE "# + $condition + " ORDER BY height DESC, index DESC LIMIT $1",
            $rows,
            $($arguments),+
        )
        .fetch_all($connection)
        .await
    };
}

pub(crate) use votes_where;

/// Rows of the votes on a proposal that `filter` lets through.
async fn votes_on(
    snapshot: &mut Snapshot,
    id: ProposalId,
    filter: &VoteFilter,
    part: &Part<VotePlace>,
) -> Result<Vec<VoteRow>, Error> {
    let VotePlace { height, index } = part.cursor.unwrap_or(VotePlace::FIRST);
    let (id, rows, connection) = (i64::from(id), part.limit.rows(), snapshot.connection());
    let found = match &filter.support {
        None => votes_where!("proposal = $2 AND (height, index) < ($3, $4)", connection, rows, id, height, index),
        Some(support) => votes_where!(
            "proposal = $2 AND (height, index) < ($3, $4) AND support = $5",
            connection,
            rows,
            id,
            height,
            index,
            support
        ),
    };
    Ok(found?)
}

/// A vote as stored.
#[derive(Debug)]
pub(crate) struct VoteRow {
    pub proposal: i64,
    pub voter: Vec<u8>,
    pub choice: Vec<u8>,
    pub power: String,
    pub changes: i64,
    pub height: i64,
    pub index: i32,
    pub moment: i64,
}

/// In any list of votes.
impl<const LIST: u8> Row<EventPlace<LIST>> for VoteRow {
    type Item = Vote;

    fn place(&self) -> Result<EventPlace<LIST>, Error> {
        Ok(EventPlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<Vote, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let choice = ballot::Choice::decode_all(&mut self.choice.as_slice()).map_err(|_| Unreadable("choice"))?;
        Ok(Vote {
            proposal: self.proposal.try_into()?,
            voter: db::account(&self.voter)?,
            choice: choice.into(),
            power: db::amount(&self.power)?,
            changes: self.changes.try_into()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// Holders who voted themselves on a proposal with power that they had delegated, by their representatives.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/overrides",
    operation_id = "proposal_overrides",
    tag = "governance",
    params(Number, Part<OverridePlace>),
    responses((status = 200, description = "A part of the list", body = Page<Override>), NoSuchProposal, Refusals)
)]
async fn overrides(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(part): Parsed<Part<OverridePlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let (representative, holder) =
                part.cursor.map(|place| (place.representative.to_vec(), place.holder.to_vec())).unwrap_or_default();
            let rows = sqlx::query_as!(
                OverrideRow,
                r#"SELECT representative AS "representative!", holder AS "holder!", power::text AS "power!",
                    height AS "height!", moment AS "moment!"
                FROM mirror.overrides WHERE proposal = $1 AND (representative, holder) > ($2, $3)
                ORDER BY representative, holder LIMIT $4"#,
                i64::from(id),
                representative,
                holder,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// An override as stored.
struct OverrideRow {
    representative: Vec<u8>,
    holder: Vec<u8>,
    power: String,
    height: i64,
    moment: i64,
}

impl Row<OverridePlace> for OverrideRow {
    type Item = Override;

    fn place(&self) -> Result<OverridePlace, Error> {
        let representative = db::account(&self.representative)?.into();
        Ok(OverridePlace { representative, holder: db::account(&self.holder)?.into() })
    }

    fn read(self) -> Result<Override, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Override {
            representative: db::account(&self.representative)?,
            holder: db::account(&self.holder)?,
            power: db::amount(&self.power)?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
