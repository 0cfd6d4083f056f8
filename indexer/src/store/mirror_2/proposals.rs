//! Proposals and drafts.

mod row;
mod texts;

use crate::{
    error::Error,
    project::{Needs, Proposal, Proposals, Table, Voting},
    store::columns::{account, stored_height, stored_moment, stored_number, stored_place, to_proposal},
};
use ballot::{Majority, Tally};
use interfaces::ProposalId;
use row::Row;
use sqlx::PgConnection;

/// Reads the proposals that something happens to in the batch, be it time.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Proposals, Error> {
    let ids: Vec<_> = needs.proposals.iter().map(|id| i64::from(*id)).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT proposal, mechanism, holds_until, drafted_at, revision, draft_snapshot,
                  sponsored::text AS "sponsored!", snapshot, voting_ends, voting_period, voting_freeze, extension, quorum_bps,
                  approval_bps, plurality_bps, credits, execution_window, electorate::text, quorum_reached_at,
                  votes_for::text AS "votes_for!", votes_against::text AS "votes_against!",
                  votes_abstain::text AS "votes_abstain!", turnout::text AS "turnout!", backing::text AS "backing!",
                  rankings, voters, counted_at, stopped_at, winner, queued_at, ready_at, expires_at, executed_at,
                  executor, spent::text, cancelled_at, cancelled_by, vetoed_at, abuse, settled_at, deposit_to,
                  ARRAY(SELECT votes::text FROM mirror_2.options
                        WHERE options.proposal = proposals.proposal ORDER BY number) AS "options!"
           FROM mirror_2.proposals WHERE proposal = ANY($1) OR holds_until < $2"#,
        &ids,
        stored_moment(needs.until),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading proposals"))?;
    let known = rows.into_iter().map(|row| Ok((to_proposal(row.proposal)?, row.proposal()?)));
    known.collect::<Result<_, Error>>().map(Proposals::known)
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, proposals: &Proposals) -> Result<(), Error> {
    for (id, text) in &proposals.texts {
        texts::save(connection, i64::from(*id), text).await?;
    }
    for (id, created) in &proposals.created {
        texts::save_created(connection, i64::from(*id), created).await?;
    }
    for (id, proposal) in proposals.proposals.changed() {
        save_state(connection, i64::from(*id), proposal).await?;
        if let Some(voting) = &proposal.voting {
            save_voting(connection, i64::from(*id), voting).await?;
        }
    }
    save_options(connection, &proposals.proposals).await?;
    save_sponsors(connection, proposals).await
}

async fn save_state(connection: &mut PgConnection, id: i64, proposal: &Proposal) -> Result<(), Error> {
    let Proposal { state, holds_until, draft, voting: _, queued, executed, changed, cancelled, vetoed, settled } =
        proposal;
    sqlx::query!(
        "UPDATE mirror_2.proposals
         SET state = $2, holds_until = $3, drafted_at = $4, revision = $5, draft_snapshot = $6,
             sponsored = $7::text::numeric, queued_at = $8, ready_at = $9, expires_at = $10, executed_at = $11,
             executor = $12, spent = $13::text::numeric, cancelled_at = $14, cancelled_by = $15, vetoed_at = $16,
             abuse = $17, settled_at = $18, deposit_to = $19, changed_height = $20
         WHERE proposal = $1",
        id,
        state.as_str(),
        holds_until.map(stored_moment),
        draft.map(|draft| stored_moment(draft.since)),
        draft.map(|draft| i64::from(draft.revision)),
        draft.map(|draft| stored_moment(draft.snapshot)),
        draft.map_or(0, |draft| draft.sponsored).to_string(),
        queued.map(|queued| stored_moment(queued.at)),
        queued.map(|queued| stored_moment(queued.ready_at)),
        queued.map(|queued| stored_moment(queued.expires_at)),
        executed.map(|executed| stored_moment(executed.at)),
        executed.as_ref().map(|executed| account(&executed.by)),
        executed.map(|executed| executed.spent.to_string()),
        cancelled.map(|(at, _)| stored_moment(at)),
        cancelled.as_ref().map(|(_, by)| account(by)),
        vetoed.map(|(at, _)| stored_moment(at)),
        vetoed.map(|(_, abuse)| abuse),
        settled.map(|(at, _)| stored_moment(at)),
        settled.as_ref().map(|(_, payee)| account(payee)),
        stored_height(*changed)?,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a proposal's state"))
}

async fn save_voting(connection: &mut PgConnection, id: i64, voting: &Voting) -> Result<(), Error> {
    let Voting { window: _, poll, tally, voters, quorum_reached, stopped, winner } = voting;
    let majority = match tally {
        Tally::Majority(majority) => *majority,
        Tally::Plurality(_) | Tally::Rankings(_) => Majority::default(),
    };
    let distinct = match tally {
        Tally::Rankings(rankings) => rankings.distinct,
        Tally::Majority(_) | Tally::Plurality(_) => 0,
    };
    sqlx::query!(
        "UPDATE mirror_2.proposals
         SET voting_ends = $2, electorate = $3::text::numeric, quorum_reached_at = $4, votes_for = $5::text::numeric,
             votes_against = $6::text::numeric, votes_abstain = $7::text::numeric, turnout = $8::text::numeric,
             backing = $9::text::numeric, rankings = $10, voters = $11, counted_at = $12, stopped_at = $13, winner = $14
         WHERE proposal = $1",
        id,
        stored_moment(poll.closes),
        poll.electorate.map(|electorate| electorate.to_string()),
        quorum_reached.map(stored_moment),
        majority.in_favour.to_string(),
        majority.against.to_string(),
        majority.abstain.to_string(),
        tally.turnout().to_string(),
        tally.backing().to_string(),
        i64::from(distinct),
        stored_number(*voters)?,
        voting.counted().map(stored_moment),
        stopped.map(stored_moment),
        winner.map(i16::from),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a poll's count"))
}

/// What the options of polls that are counted option by option have.
async fn save_options(connection: &mut PgConnection, table: &Table<ProposalId, Proposal>) -> Result<(), Error> {
    let (mut proposals, mut numbers, mut votes) = (vec![], vec![], vec![]);
    for (id, proposal) in table.changed() {
        let Some(Voting { tally: Tally::Plurality(tally), .. }) = &proposal.voting else { continue };
        for (number, power) in tally.per_option.iter().enumerate() {
            proposals.push(i64::from(*id));
            numbers.push(stored_place(number)?);
            votes.push(power.to_string());
        }
    }
    if proposals.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE mirror_2.options
         SET votes = counted.votes::numeric
         FROM unnest($1::bigint[], $2::smallint[], $3::text[]) AS counted (proposal, number, votes)
         WHERE options.proposal = counted.proposal AND options.number = counted.number",
        &proposals,
        &numbers,
        &votes,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the options' votes"))
}

async fn save_sponsors(connection: &mut PgConnection, proposals: &Proposals) -> Result<(), Error> {
    let rows = &proposals.sponsors;
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = rows.iter().map(|row| i64::from(row.proposal)).collect();
    let revisions: Vec<_> = rows.iter().map(|row| i64::from(row.revision)).collect();
    let sponsors: Vec<_> = rows.iter().map(|row| account(&row.sponsor)).collect();
    let powers: Vec<_> = rows.iter().map(|row| row.power.to_string()).collect();
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.moment)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.sponsors (proposal, revision, sponsor, power, moment)
         SELECT proposal, revision, sponsor, power::numeric, moment
         FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[], $5::bigint[])
              AS sponsor (proposal, revision, sponsor, power, moment)",
        &ids,
        &revisions,
        &sponsors as _,
        &powers,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing sponsors"))
}
