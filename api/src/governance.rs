//! Proposals and votes.

use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{
        Amount, Answer, Bytes, Call, Created, Executed, Instant, Page, Problem, Proposal, Queued, Quorum, STATES,
        SUPPORTS, StateName, SupportName, Vote, VoteCounts,
    },
    page::{Key, Part},
    params::{self, FromParams, FromSegment, Params, Parsed, Segment},
    problem::{Error, Refusals, Unreadable},
    server::App,
};
use axum::{extract::State as Extract, response::Response};
use ballot::{BasisPoints, Majority, Support};
use interfaces::{Moment, ProposalId, lifecycle::State};
use scale::{Decode, Encode};
use std::collections::HashMap;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(proposals)).routes(routes!(proposal)).routes(routes!(votes))
}

/// Place in the list of proposals.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct ProposalPlace {
    proposal: i64,
}

impl Key for ProposalPlace {
    const LIST: u8 = 1;
}

/// Place of a vote among those of a proposal or of an account: where its event stands in the chain.
#[derive(Debug, Clone, Copy, Encode, Decode)]
pub(crate) struct VotePlace {
    /// The event's block.
    pub height: i64,
    /// The event's position in the block.
    pub index: i32,
}

impl VotePlace {
    /// Before every vote of a list, which begins with the newest.
    pub const FIRST: Self = Self { height: i64::MAX, index: i32::MAX };
}

impl Key for VotePlace {
    const LIST: u8 = 2;
}

/// Which proposals are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProposalFilter {
    /// Only those in this state; several with commas between them, or with the parameter repeated.
    #[param(value_type = Vec<StateName>, explode = false, required = false)]
    state: Vec<State>,
    /// Only those of this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits.
    #[param(value_type = Option<String>)]
    proposer: Option<Account>,
}

impl FromParams for ProposalFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            state: params.many("state", |text| params::one_of(&STATES, text)),
            proposer: params.one("proposer", str::parse),
        }
    }
}

/// Which votes are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct VoteFilter {
    /// Only those that say this.
    #[param(value_type = Option<SupportName>)]
    support: Option<Support>,
}

impl FromParams for VoteFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { support: params.one("support", |text| params::one_of(&SUPPORTS, text)) }
    }
}

/// A proposal's number in a path.
#[derive(Debug, Clone, Copy)]
struct Number(ProposalId);

impl FromSegment for Number {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid("id", "must be a proposal's number, such as 0 or 17"));
        }
        // A number too large for a proposal is still a number.
        segment.parse().map(Self).map_err(|_| Error::UnknownProposal(segment.to_owned()))
    }
}

/// Proposals, the newest first.
#[utoipa::path(
    get,
    path = "/v1/proposals",
    tag = "governance",
    params(ProposalFilter, Part<ProposalPlace>),
    responses((status = 200, description = "A part of the list", body = Page<Proposal>), Refusals)
)]
async fn proposals(
    Extract(app): Extract<App>,
    asked: Asked,
    Parsed((filter, part)): Parsed<(ProposalFilter, Part<ProposalPlace>)>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let numbers = numbers_of(&mut snapshot, &filter, &part).await?;
    let page = part.page(numbers, snapshot.block.clone(), |proposal| Ok(ProposalPlace { proposal: *proposal }), Ok)?;
    let data = proposals_of(&mut snapshot, &page.data).await?;
    Ok(validator.answer(Page { data, next_cursor: page.next_cursor, block: page.block }))
}

/// A proposal.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}",
    tag = "governance",
    params(("id" = u32, Path, description = "The proposal's number")),
    responses(
        (status = 200, description = "The proposal", body = Answer<Proposal>),
        (status = 404, description = "No such proposal", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
async fn proposal(
    Extract(app): Extract<App>,
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let mut found = proposals_of(&mut snapshot, &[id.into()]).await?;
    let data = found.pop().ok_or_else(|| Error::UnknownProposal(id.to_string()))?;
    Ok(validator.answer(Answer { data, block: snapshot.block }))
}

/// The votes on a proposal, the newest first.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/votes",
    operation_id = "proposal_votes",
    tag = "governance",
    params(("id" = u32, Path, description = "The proposal's number"), VoteFilter, Part<VotePlace>),
    responses(
        (status = 200, description = "A part of the list", body = Page<Vote>),
        (status = 404, description = "No such proposal", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
async fn votes(
    Extract(app): Extract<App>,
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed((filter, part)): Parsed<(VoteFilter, Part<VotePlace>)>,
) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let validator = asked.at(&snapshot.block, "");
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let rows = votes_on(&mut snapshot, id, &filter, &part).await?;
    if rows.is_empty() {
        let known = sqlx::query_scalar!("SELECT 1 FROM mirror.proposals WHERE proposal = $1", i64::from(id))
            .fetch_optional(snapshot.connection())
            .await?;
        known.ok_or_else(|| Error::UnknownProposal(id.to_string()))?;
    }
    let page = part.page(rows, snapshot.block, |row| Ok(row.place()), VoteRow::read)?;
    Ok(validator.answer(page))
}

/// Rows of the votes on a proposal that `filter` lets through, the newest first: with and without it, each walks its
/// own index.
async fn votes_on(
    snapshot: &mut Snapshot,
    id: ProposalId,
    filter: &VoteFilter,
    part: &Part<VotePlace>,
) -> Result<Vec<VoteRow>, sqlx::Error> {
    let VotePlace { height, index } = part.cursor.unwrap_or(VotePlace::FIRST);
    let rows = part.limit.rows();
    let connection = snapshot.connection();
    match filter.support {
        None => {
            sqlx::query_as!(
                VoteRow,
                r#"SELECT proposal AS "proposal!", voter AS "voter!", support AS "support!", power::text AS "power!",
                    height AS "height!", index AS "index!", moment AS "moment!"
                FROM mirror.votes WHERE proposal = $1 AND (height, index) < ($2, $3)
                ORDER BY height DESC, index DESC LIMIT $4"#,
                i64::from(id),
                height,
                index,
                rows
            )
            .fetch_all(connection)
            .await
        }
        Some(support) => {
            sqlx::query_as!(
                VoteRow,
                r#"SELECT proposal AS "proposal!", voter AS "voter!", support AS "support!", power::text AS "power!",
                    height AS "height!", index AS "index!", moment AS "moment!"
                FROM mirror.votes WHERE proposal = $1 AND support = $2 AND (height, index) < ($3, $4)
                ORDER BY height DESC, index DESC LIMIT $5"#,
                i64::from(id),
                support.as_str(),
                height,
                index,
                rows
            )
            .fetch_all(connection)
            .await
        }
    }
}

/// A vote as stored.
#[derive(Debug)]
pub(crate) struct VoteRow {
    pub proposal: i64,
    pub voter: Vec<u8>,
    pub support: String,
    pub power: String,
    pub height: i64,
    pub index: i32,
    pub moment: i64,
}

impl VoteRow {
    /// Where it stands in its list.
    pub fn place(&self) -> VotePlace {
        VotePlace { height: self.height, index: self.index }
    }

    /// The vote.
    pub fn read(self) -> Result<Vote, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Vote {
            proposal: self.proposal.try_into()?,
            voter: db::account(&self.voter)?,
            support: db::name(self.support)?,
            power: db::amount(&self.power)?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}

/// Numbers of the proposals that `filter` lets through, the newest first: each kind of filter walks an index of its own.
async fn numbers_of(
    snapshot: &mut Snapshot,
    filter: &ProposalFilter,
    part: &Part<ProposalPlace>,
) -> Result<Vec<i64>, sqlx::Error> {
    let below = part.cursor.map_or(i64::MAX, |place| place.proposal);
    let rows = part.limit.rows();
    // Each state once, or a proposal would come several times.
    let wanted = STATES.into_iter().filter(|state| filter.state.contains(state));
    let states: Vec<_> = wanted.map(|state| state.as_str().to_owned()).collect();
    let connection = snapshot.connection();
    match (&filter.proposer, states.as_slice()) {
        (None, []) => {
            sqlx::query_scalar!(
                r#"SELECT proposal AS "proposal!" FROM mirror.proposals WHERE proposal < $1
                ORDER BY proposal DESC LIMIT $2"#,
                below,
                rows
            )
            .fetch_all(connection)
            .await
        }
        (None, states) => {
            sqlx::query_scalar!(
                r#"SELECT found.proposal AS "proposal!" FROM unnest($1::text[]) AS wanted (state)
                CROSS JOIN LATERAL (
                    SELECT proposal FROM mirror.proposals WHERE state = wanted.state AND proposal < $2
                    ORDER BY proposal DESC LIMIT $3
                ) AS found ORDER BY found.proposal DESC LIMIT $3"#,
                states,
                below,
                rows
            )
            .fetch_all(connection)
            .await
        }
        (Some(proposer), states) => {
            sqlx::query_scalar!(
                r#"SELECT proposal AS "proposal!" FROM mirror.proposals
                WHERE proposer = $1 AND (cardinality($2::text[]) = 0 OR state = ANY($2)) AND proposal < $3
                ORDER BY proposal DESC LIMIT $4"#,
                proposer.bytes().as_slice(),
                states,
                below,
                rows
            )
            .fetch_all(connection)
            .await
        }
    }
}

/// The proposals with these numbers, the newest first.
async fn proposals_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<Vec<Proposal>, Error> {
    let rows = sqlx::query_as!(
        ProposalRow,
        r#"SELECT proposal AS "proposal!", proposer AS "proposer!", title AS "title!", link AS "link!",
            content_hash AS "content_hash!", snapshot AS "snapshot!", voting_ends AS "voting_ends!",
            execution_delay AS "execution_delay!", execution_window AS "execution_window!",
            quorum_bps AS "quorum_bps!", approval_bps AS "approval_bps!", votes_for::text AS "votes_for!",
            votes_against::text AS "votes_against!", votes_abstain::text AS "votes_abstain!", voters AS "voters!",
            state AS "state!", created_at AS "created_at!", created_height AS "created_height!",
            queued_at, ready_at, expires_at, executed_at, executor, cancelled_at,
            (SELECT supply.supply::text FROM mirror.supply WHERE supply.since <= proposals.snapshot
                ORDER BY supply.since DESC LIMIT 1) AS supply
        FROM mirror.proposals WHERE proposal = ANY($1) ORDER BY proposal DESC"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut calls = calls_of(snapshot, numbers).await?;
    let now = snapshot.block.moment;
    rows.into_iter()
        .map(|row| {
            let calls = calls.remove(&row.proposal).unwrap_or_default();
            row.read(calls, now)
        })
        .collect()
}

/// The calls of the proposals with these numbers, in their order.
async fn calls_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<HashMap<i64, Vec<Call>>, Error> {
    let rows = sqlx::query!(
        r#"SELECT proposal AS "proposal!", target AS "target!", selector AS "selector!", input AS "input!",
            value::text AS "value!", code_hash AS "code_hash!"
        FROM mirror.calls WHERE proposal = ANY($1) ORDER BY proposal, number"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut calls = HashMap::<_, Vec<_>>::new();
    for row in rows {
        calls.entry(row.proposal).or_default().push(Call {
            target: db::account(&row.target)?,
            selector: db::selector(&row.selector)?,
            input: Bytes(row.input),
            value: db::amount(&row.value)?,
            code_hash: db::hash(&row.code_hash)?,
        });
    }
    Ok(calls)
}

/// A proposal as stored.
struct ProposalRow {
    proposal: i64,
    proposer: Vec<u8>,
    title: String,
    link: String,
    content_hash: Vec<u8>,
    snapshot: i64,
    voting_ends: i64,
    execution_delay: i64,
    execution_window: i64,
    quorum_bps: i32,
    approval_bps: i32,
    votes_for: String,
    votes_against: String,
    votes_abstain: String,
    voters: i64,
    state: String,
    created_at: i64,
    created_height: i64,
    queued_at: Option<i64>,
    ready_at: Option<i64>,
    expires_at: Option<i64>,
    executed_at: Option<i64>,
    executor: Option<Vec<u8>>,
    cancelled_at: Option<i64>,
    supply: Option<String>,
}

impl ProposalRow {
    /// The proposal, at the moment `now`.
    fn read(self, calls: Vec<Call>, now: Moment) -> Result<Proposal, Error> {
        let share = |points: i32| {
            let points = u16::try_from(points).map_err(|_| Unreadable("share"))?;
            BasisPoints::new(points).map_err(|_| Unreadable("share"))
        };
        let (quorum, approval) = (share(self.quorum_bps)?, share(self.approval_bps)?);
        let votes = VoteCounts {
            in_favour: db::amount(&self.votes_for)?,
            against: db::amount(&self.votes_against)?,
            abstain: db::amount(&self.votes_abstain)?,
        };
        let snapshot = db::instant(self.snapshot)?;
        // As the token answers: within the snapshot's own block the supply could still change.
        let supply = self.supply.as_deref().filter(|_| now > snapshot.moment).map(db::amount).transpose()?;
        Ok(Proposal {
            id: self.proposal.try_into()?,
            proposer: db::account(&self.proposer)?,
            title: self.title,
            link: self.link,
            content_hash: db::hash(&self.content_hash)?,
            state: db::name(self.state)?,
            snapshot,
            voting_ends: db::instant(self.voting_ends)?,
            execution_delay_ms: self.execution_delay.try_into()?,
            execution_window_ms: self.execution_window.try_into()?,
            quorum_bps: quorum.get(),
            approval_bps: approval.get(),
            quorum: quorum_of(&votes, quorum, supply),
            votes,
            voters: self.voters.try_into()?,
            calls,
            created: created(self.created_at, self.created_height)?,
            queued: match (self.queued_at, self.ready_at, self.expires_at) {
                (None, None, None) => None,
                (Some(at), Some(ready_at), Some(expires_at)) => Some(Queued {
                    at: db::instant(at)?,
                    ready_at: db::instant(ready_at)?,
                    expires_at: db::instant(expires_at)?,
                }),
                _ => return Err(Unreadable("queueing").into()),
            },
            executed: match (self.executed_at, self.executor) {
                (None, None) => None,
                (Some(at), Some(executor)) => {
                    Some(Executed { at: db::instant(at)?, executor: db::account(&executor)? })
                }
                _ => return Err(Unreadable("execution").into()),
            },
            cancelled_at: self.cancelled_at.map(db::instant).transpose()?,
        })
    }
}

fn created(at: i64, height: i64) -> Result<Created, Error> {
    let Instant { time, moment } = db::instant(at)?;
    Ok(Created { time, moment, height: height.try_into()? })
}

/// How far `votes` reach `quorum` of `supply`, counted as the contract counts.
fn quorum_of(votes: &VoteCounts, quorum: BasisPoints, supply: Option<Amount>) -> Quorum {
    let tally = Majority { in_favour: votes.in_favour.0, against: votes.against.0, abstain: votes.abstain.0 };
    match supply {
        Some(Amount(supply)) => {
            Quorum { required: Some(Amount(quorum.ceil_of(supply))), reached: tally.reaches_quorum(quorum, supply) }
        }
        None => Quorum { required: None, reached: false },
    }
}
