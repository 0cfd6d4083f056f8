//! What a vote is counted from and in: rankings and the rounds of their count, identities of a quadratic vote.

use super::{Number, known};
use crate::{
    answer::Asked,
    db,
    model::{IdentityVotes, Instant, OptionVotes, Page, RankingTally, Round, RoundTally},
    page::{Key, Part, Row},
    params::{Parsed, Segment},
    problem::{Error, NoSuchProposal, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use ballot::{Ranking, quadratic};
use scale::{Decode, DecodeAll, Encode};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rounds)).routes(routes!(rankings)).routes(routes!(identities))
}

/// Place in the list of rounds.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct RoundPlace {
    round: i32,
}

impl Key for RoundPlace {
    const LIST: u8 = 7;
}

/// Place in the list of rankings.
#[derive(Debug, Clone, Encode, Decode)]
struct RankingPlace {
    ranking: Vec<u8>,
}

impl Key for RankingPlace {
    const LIST: u8 = 12;
}

/// Place in the list of identities.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct IdentityPlace {
    identity: [u8; 32],
}

impl Key for IdentityPlace {
    const LIST: u8 = 9;
}

/// The rounds in which a proposal's rankings were counted so far, the first one first. There are none unless it is an
/// instant runoff.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/rounds",
    operation_id = "proposal_rounds",
    tag = "governance",
    params(Number, Part<RoundPlace>),
    responses((status = 200, description = "A part of the list", body = Page<Round>), NoSuchProposal, Refusals)
)]
async fn rounds(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(part): Parsed<Part<RoundPlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                RoundRow,
                r#"SELECT round AS "round!", exhausted::text AS "exhausted!", eliminated AS "eliminated!", elected,
                    tie_break, moment AS "moment!",
                    ARRAY(SELECT option FROM mirror.round_tallies AS tally
                        WHERE tally.proposal = rounds.proposal AND tally.round = rounds.round
                        ORDER BY option) AS "options!",
                    ARRAY(SELECT votes::text FROM mirror.round_tallies AS tally
                        WHERE tally.proposal = rounds.proposal AND tally.round = rounds.round
                        ORDER BY option) AS "votes!"
                FROM mirror.rounds WHERE proposal = $1 AND round > $2 ORDER BY round LIMIT $3"#,
                i64::from(id),
                part.cursor.map_or(-1, |place| place.round),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// A round as stored.
struct RoundRow {
    round: i32,
    exhausted: String,
    eliminated: Vec<i16>,
    elected: Option<i16>,
    tie_break: Option<String>,
    moment: i64,
    /// The options that were in, and in the same order the votes for each.
    options: Vec<i16>,
    votes: Vec<String>,
}

impl Row<RoundPlace> for RoundRow {
    type Item = Round;

    fn place(&self) -> Result<RoundPlace, Error> {
        Ok(RoundPlace { round: self.round })
    }

    fn read(self) -> Result<Round, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let tally = |(option, votes): (i16, String)| -> Result<_, Error> {
            Ok(RoundTally { option: db::option(option)?, votes: db::amount(&votes)? })
        };
        Ok(Round {
            round: self.round.try_into()?,
            tallies: self.options.into_iter().zip(self.votes).map(tally).collect::<Result<_, _>>()?,
            exhausted: db::amount(&self.exhausted)?,
            eliminated: self.eliminated.into_iter().map(db::option).collect::<Result<_, _>>()?,
            elected: self.elected.map(db::option).transpose()?,
            tie_break: self.tie_break.map(db::name).transpose()?,
            time,
            moment,
        })
    }
}

/// The different rankings in a proposal's votes, and the power behind each. There are none unless rankings are voted with.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/rankings",
    operation_id = "proposal_rankings",
    tag = "governance",
    params(Number, Part<RankingPlace>),
    responses((status = 200, description = "A part of the list", body = Page<RankingTally>), NoSuchProposal, Refusals)
)]
async fn rankings(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(part): Parsed<Part<RankingPlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                RankingRow,
                r#"SELECT ranking AS "ranking!", power::text AS "power!"
                FROM mirror.rankings WHERE proposal = $1 AND ranking > $2 ORDER BY ranking LIMIT $3"#,
                i64::from(id),
                part.cursor.as_ref().map(|place| place.ranking.as_slice()).unwrap_or_default(),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// A ranking as stored.
struct RankingRow {
    ranking: Vec<u8>,
    power: String,
}

impl Row<RankingPlace> for RankingRow {
    type Item = RankingTally;

    fn place(&self) -> Result<RankingPlace, Error> {
        Ok(RankingPlace { ranking: self.ranking.clone() })
    }

    fn read(self) -> Result<RankingTally, Error> {
        let ranking = Ranking::new(self.ranking).map_err(|_| Unreadable("ranking"))?;
        Ok(RankingTally { ranking, power: db::amount(&self.power)? })
    }
}

/// What each identity's wallets vote together on a proposal, and what that costs. There are none unless it is a quadratic
/// vote.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/identities",
    operation_id = "proposal_identities",
    tag = "governance",
    params(Number, Part<IdentityPlace>),
    responses((status = 200, description = "A part of the list", body = Page<IdentityVotes>), NoSuchProposal, Refusals)
)]
async fn identities(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(part): Parsed<Part<IdentityPlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let rows = sqlx::query_as!(
                IdentityRow,
                r#"SELECT identity AS "identity!", votes AS "votes!", cost AS "cost!"
                FROM mirror.identity_votes WHERE proposal = $1 AND identity > $2 ORDER BY identity LIMIT $3"#,
                i64::from(id),
                part.cursor.map(|place| place.identity.to_vec()).unwrap_or_default(),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// An identity's votes as stored.
struct IdentityRow {
    identity: Vec<u8>,
    votes: Vec<u8>,
    cost: i64,
}

impl Row<IdentityPlace> for IdentityRow {
    type Item = IdentityVotes;

    fn place(&self) -> Result<IdentityPlace, Error> {
        Ok(IdentityPlace { identity: db::hash(&self.identity)?.0 })
    }

    fn read(self) -> Result<IdentityVotes, Error> {
        let votes =
            quadratic::IdentityVotes::decode_all(&mut self.votes.as_slice()).map_err(|_| Unreadable("votes"))?;
        Ok(IdentityVotes {
            identity: db::hash(&self.identity)?,
            votes: OptionVotes::listed(votes.as_slice()),
            cost: self.cost.try_into()?,
        })
    }
}
