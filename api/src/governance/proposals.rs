//! Proposals.

use super::{
    Number,
    stored::{ProposalRow, proposals_of},
};
use crate::{
    account::Account,
    answer::Asked,
    db::Snapshot,
    model::{Answer, KINDS, KindName, MECHANISMS, MechanismName, Page, Proposal, STATES, StateName},
    page::{Key, Part, Row},
    params::{self, FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchProposal, Refusals},
    server::App,
};
use axum::response::Response;
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(proposals)).routes(routes!(proposal))
}

/// Place in the list of proposals.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    proposal: i64,
}

impl Key for Place {
    const LIST: u8 = 1;
}

/// Which proposals are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProposalFilter {
    /// Only those in this state; several with commas between them, or with the parameter repeated.
    #[param(value_type = Vec<StateName>, explode = false, required = false)]
    state: Vec<String>,
    /// Only those of this kind.
    #[param(value_type = Option<KindName>)]
    kind: Option<String>,
    /// Only those that are voted on in this way.
    #[param(value_type = Option<MechanismName>)]
    mechanism: Option<String>,
    /// Only those of this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    proposer: Option<Account>,
}

impl FromParams for ProposalFilter {
    fn from_params(params: &mut Params) -> Self {
        let mut state = params.many("state", |text| params::name_among(&STATES, text));
        // Each state once, or a proposal would come several times.
        state.sort_unstable();
        state.dedup();
        Self {
            state,
            kind: params.one("kind", |text| params::name_among(&KINDS, text)),
            mechanism: params.one("mechanism", |text| params::name_among(&MECHANISMS, text)),
            proposer: params.one("proposer", str::parse),
        }
    }
}

/// Proposals, the newest first.
#[utoipa::path(
    get,
    path = "/v1/proposals",
    tag = "governance",
    params(ProposalFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Proposal>), Refusals)
)]
async fn proposals(
    asked: Asked,
    Parsed((filter, part)): Parsed<(ProposalFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let numbers = numbers_of(snapshot, &filter, part).await?;
            proposals_of(snapshot, &numbers).await
        })
        .await
}

/// A proposal.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}",
    tag = "governance",
    params(Number),
    responses((status = 200, description = "The proposal", body = Answer<Proposal>), NoSuchProposal, Refusals)
)]
async fn proposal(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let found = proposals_of(snapshot, &[id.into()]).await?.pop();
            found.ok_or_else(|| Error::UnknownProposal(id.to_string()))?.read()
        })
        .await
}

impl Row<Place> for ProposalRow {
    type Item = Proposal;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { proposal: self.number() })
    }

    fn read(self) -> Result<Proposal, Error> {
        self.proposal()
    }
}

/// Numbers of the proposals that `filter` lets through, the newest first. The narrowest filter that has an index walks
/// it, and the others are checked on the way.
async fn numbers_of(snapshot: &mut Snapshot, filter: &ProposalFilter, part: &Part<Place>) -> Result<Vec<i64>, Error> {
    let ProposalFilter { state, kind, mechanism, proposer } = filter;
    let (kind, mechanism) = (kind.as_deref(), mechanism.as_deref());
    let below = part.cursor.map_or(i64::MAX, |place| place.proposal);
    let rows = part.limit.rows();
    let connection = snapshot.connection();
    let found = if let Some(proposer) = proposer {
        sqlx::query_scalar!(
            r#"SELECT proposal AS "proposal!" FROM mirror.proposals
            WHERE proposer = $1 AND proposal < $2 AND (cardinality($4::text[]) = 0 OR state = ANY($4))
                AND ($5::text IS NULL OR kind = $5) AND ($6::text IS NULL OR mechanism = $6)
            ORDER BY proposal DESC LIMIT $3"#,
            proposer.bytes().as_slice(),
            below,
            rows,
            state,
            kind,
            mechanism
        )
        .fetch_all(connection)
        .await
    } else if !state.is_empty() {
        sqlx::query_scalar!(
            r#"SELECT found.proposal AS "proposal!" FROM unnest($1::text[]) AS wanted (state)
            CROSS JOIN LATERAL (
                SELECT proposal FROM mirror.proposals WHERE state = wanted.state AND proposal < $2
                    AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR mechanism = $5)
                ORDER BY proposal DESC LIMIT $3
            ) AS found ORDER BY found.proposal DESC LIMIT $3"#,
            state,
            below,
            rows,
            kind,
            mechanism
        )
        .fetch_all(connection)
        .await
    } else if let Some(kind) = kind {
        sqlx::query_scalar!(
            r#"SELECT proposal AS "proposal!" FROM mirror.proposals
            WHERE kind = $1 AND proposal < $2 AND ($4::text IS NULL OR mechanism = $4)
            ORDER BY proposal DESC LIMIT $3"#,
            kind,
            below,
            rows,
            mechanism
        )
        .fetch_all(connection)
        .await
    } else {
        sqlx::query_scalar!(
            r#"SELECT proposal AS "proposal!" FROM mirror.proposals
            WHERE proposal < $1 AND ($3::text IS NULL OR mechanism = $3)
            ORDER BY proposal DESC LIMIT $2"#,
            below,
            rows,
            mechanism
        )
        .fetch_all(connection)
        .await
    };
    Ok(found?)
}
