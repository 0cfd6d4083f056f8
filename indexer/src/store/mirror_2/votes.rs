//! Votes and their count.

use crate::{
    error::Error,
    project::{Needs, Origin, Table, Vote, Votes},
    store::columns::{
        Origins, account, hash, stored_moment, stored_number, to_account, to_balance, to_hash, to_moment, to_proposal,
        to_scale, to_u32, to_u64,
    },
};
use ballot::{
    Choice, OptionId, Power, Ranking,
    irv::{RoundOutcome, TieBreak},
    quadratic::IdentityVotes,
};
use interfaces::{AccountId, Balance, ProposalId, registry::IdentityId};
use scale::Encode;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads the votes that the batch changes, the rankings these and the new ones name, and what identities voted.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Votes, Error> {
    let votes = load_votes(connection, needs).await?;
    let named = votes.iter().filter_map(|((proposal, _), vote)| match &vote.choice {
        Choice::Ranked(ranking) => Some((*proposal, ranking)),
        _ => None,
    });
    let wanted = needs.rankings.iter().map(|(proposal, ranking)| (*proposal, ranking)).chain(named).collect();
    let rankings = load_rankings(connection, wanted).await?;
    Ok(Votes::known(votes, rankings, load_identities(connection, needs).await?))
}

async fn load_votes(
    connection: &mut PgConnection,
    needs: &Needs,
) -> Result<Table<(ProposalId, AccountId), Vote>, Error> {
    let (proposals, voters): (Vec<_>, Vec<_>) =
        needs.votes.iter().map(|(proposal, voter)| (i64::from(*proposal), account(voter))).unzip();
    if proposals.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        r#"SELECT proposal, voter, choice, power::text AS "power!", changes, height, index, moment
           FROM mirror_2.votes WHERE (proposal, voter) IN (SELECT * FROM unnest($1::bigint[], $2::bytea[]))"#,
        &proposals,
        &voters as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading votes"))?;
    let known = rows.into_iter().map(|row| {
        let origin = Origin {
            height: to_u64(row.height, "a block's height")?,
            index: to_u32(row.index.into(), "an event's position")?,
            moment: to_moment(row.moment)?,
        };
        let vote = Vote {
            choice: to_scale(&row.choice, "a vote")?,
            power: to_balance(&row.power)?,
            changes: to_u64(row.changes, "a number of changes")?,
            origin,
        };
        Ok(((to_proposal(row.proposal)?, to_account(&row.voter)?), vote))
    });
    known.collect()
}

async fn load_rankings(
    connection: &mut PgConnection,
    wanted: BTreeSet<(ProposalId, &Ranking)>,
) -> Result<Table<(ProposalId, Ranking), Balance>, Error> {
    let (proposals, rankings): (Vec<_>, Vec<_>) =
        wanted.into_iter().map(|(proposal, ranking)| (i64::from(proposal), ranking.as_slice())).unzip();
    if proposals.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        r#"SELECT proposal, ranking, power::text AS "power!"
           FROM mirror_2.rankings WHERE (proposal, ranking) IN (SELECT * FROM unnest($1::bigint[], $2::bytea[]))"#,
        &proposals,
        &rankings as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading rankings"))?;
    let known = rows.into_iter().map(|row| {
        let ranking = Ranking::new(row.ranking).map_err(|error| Error::Tampered(format!("a ranking: {error}")))?;
        Ok(((to_proposal(row.proposal)?, ranking), to_balance(&row.power)?))
    });
    known.collect()
}

async fn load_identities(
    connection: &mut PgConnection,
    needs: &Needs,
) -> Result<Table<(ProposalId, IdentityId), IdentityVotes>, Error> {
    let (proposals, identities): (Vec<_>, Vec<_>) =
        needs.identities.iter().map(|(proposal, identity)| (i64::from(*proposal), hash(identity))).unzip();
    if proposals.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT proposal, identity, votes
         FROM mirror_2.identity_votes WHERE (proposal, identity) IN (SELECT * FROM unnest($1::bigint[], $2::bytea[]))",
        &proposals,
        &identities as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading what identities voted"))?;
    let known = rows.into_iter().map(|row| {
        Ok(((to_proposal(row.proposal)?, to_hash(&row.identity)?), to_scale(&row.votes, "an identity's votes")?))
    });
    known.collect()
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, votes: &Votes) -> Result<(), Error> {
    save_votes(connection, &votes.votes).await?;
    save_rankings(connection, &votes.rankings).await?;
    save_identities(connection, &votes.identities).await?;
    save_overrides(connection, votes).await?;
    save_rounds(connection, votes).await
}

async fn save_votes(connection: &mut PgConnection, table: &Table<(ProposalId, AccountId), Vote>) -> Result<(), Error> {
    let (keys, rows): (Vec<_>, Vec<_>) = table.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let proposals: Vec<_> = keys.iter().map(|(proposal, _)| i64::from(*proposal)).collect();
    let voters: Vec<_> = keys.iter().map(|(_, voter)| account(voter)).collect();
    let choices: Vec<_> = rows.iter().map(|row| row.choice.encode()).collect();
    let supports: Vec<_> = rows.iter().map(|row| support(&row.choice)).collect();
    let powers: Vec<_> = rows.iter().map(|row| row.power.to_string()).collect();
    let changes = rows.iter().map(|row| stored_number(row.changes)).collect::<Result<Vec<_>, _>>()?;
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.votes (proposal, voter, choice, support, power, changes, height, index, moment)
         SELECT proposal, voter, choice, support, power::numeric, changes, height, index, moment
         FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
                     $8::integer[], $9::bigint[])
              AS vote (proposal, voter, choice, support, power, changes, height, index, moment)
         ON CONFLICT (proposal, voter) DO UPDATE
         SET choice = excluded.choice, support = excluded.support, power = excluded.power, changes = excluded.changes,
             height = excluded.height, index = excluded.index, moment = excluded.moment",
        &proposals,
        &voters as _,
        &choices,
        &supports as _,
        &powers,
        &changes,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing votes"))
}

async fn save_rankings(
    connection: &mut PgConnection,
    table: &Table<(ProposalId, Ranking), Balance>,
) -> Result<(), Error> {
    let columns = |(proposal, ranking): &(ProposalId, Ranking)| (i64::from(*proposal), ranking.as_slice().to_vec());
    let (proposals, rankings): (Vec<_>, Vec<_>) = table.removed().map(columns).unzip();
    if !proposals.is_empty() {
        sqlx::query!(
            "DELETE FROM mirror_2.rankings
             USING unnest($1::bigint[], $2::bytea[]) AS gone (proposal, ranking)
             WHERE rankings.proposal = gone.proposal AND rankings.ranking = gone.ranking",
            &proposals,
            &rankings,
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("taking away rankings"))?;
    }
    let (proposals, rankings): (Vec<_>, Vec<_>) = table.changed().map(|(key, _)| columns(key)).unzip();
    if proposals.is_empty() {
        return Ok(());
    }
    let powers: Vec<_> = table.changed().map(|(_, power)| power.to_string()).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.rankings (proposal, ranking, power)
         SELECT proposal, ranking, power::numeric
         FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS changed (proposal, ranking, power)
         ON CONFLICT (proposal, ranking) DO UPDATE SET power = excluded.power",
        &proposals,
        &rankings,
        &powers,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing rankings"))
}

async fn save_identities(
    connection: &mut PgConnection,
    table: &Table<(ProposalId, IdentityId), IdentityVotes>,
) -> Result<(), Error> {
    let (keys, rows): (Vec<_>, Vec<_>) = table.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let proposals: Vec<_> = keys.iter().map(|(proposal, _)| i64::from(*proposal)).collect();
    let identities: Vec<_> = keys.iter().map(|(_, identity)| hash(identity)).collect();
    let votes: Vec<_> = rows.iter().map(|row| row.encode()).collect();
    let costs = rows.iter().map(|row| stored_number(row.cost())).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO mirror_2.identity_votes (proposal, identity, votes, cost)
         SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])
         ON CONFLICT (proposal, identity) DO UPDATE SET votes = excluded.votes, cost = excluded.cost",
        &proposals,
        &identities as _,
        &votes,
        &costs,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing what identities voted"))
}

async fn save_overrides(connection: &mut PgConnection, votes: &Votes) -> Result<(), Error> {
    let rows = &votes.overrides;
    if rows.is_empty() {
        return Ok(());
    }
    let proposals: Vec<_> = rows.iter().map(|row| i64::from(row.proposal)).collect();
    let representatives: Vec<_> = rows.iter().map(|row| account(&row.representative)).collect();
    let holders: Vec<_> = rows.iter().map(|row| account(&row.holder)).collect();
    let powers: Vec<_> = rows.iter().map(|row| row.power.to_string()).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.overrides (proposal, representative, holder, power, height, index, moment)
         SELECT proposal, representative, holder, power::numeric, height, index, moment
         FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::bigint[], $6::integer[], $7::bigint[])
              AS vote (proposal, representative, holder, power, height, index, moment)",
        &proposals,
        &representatives as _,
        &holders as _,
        &powers,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing overrides"))
}

async fn save_rounds(connection: &mut PgConnection, votes: &Votes) -> Result<(), Error> {
    for row in &votes.rounds {
        let (proposal, number) = (i64::from(row.proposal), i32::from(row.round.number));
        let (eliminated, elected, tie) = outcome(&row.round.outcome);
        sqlx::query!(
            "INSERT INTO mirror_2.rounds (proposal, round, exhausted, eliminated, elected, tie_break, moment)
             VALUES ($1, $2, $3::text::numeric, $4, $5, $6, $7)",
            proposal,
            number,
            row.round.exhausted.to_string(),
            &eliminated,
            elected,
            tie,
            stored_moment(row.moment),
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("writing a round"))?;
        save_tallies(connection, proposal, number, &row.round.tallies).await?;
    }
    Ok(())
}

async fn save_tallies(
    connection: &mut PgConnection,
    proposal: i64,
    round: i32,
    tallies: &[(OptionId, Power)],
) -> Result<(), Error> {
    let (options, votes): (Vec<_>, Vec<_>) =
        tallies.iter().map(|(option, votes)| (i16::from(*option), votes.to_string())).unzip();
    sqlx::query!(
        "INSERT INTO mirror_2.round_tallies (proposal, round, option, votes)
         SELECT $1, $2, option, votes::numeric FROM unnest($3::smallint[], $4::text[]) AS tally (option, votes)",
        proposal,
        round,
        &options,
        &votes,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a round's tallies"))
}

fn support(choice: &Choice) -> Option<&'static str> {
    match choice {
        Choice::Majority(support) => Some(support.as_str()),
        _ => None,
    }
}

/// Who went out, who was elected, and what broke a tie.
fn outcome(outcome: &RoundOutcome) -> (Vec<i16>, Option<i16>, Option<&'static str>) {
    match outcome {
        RoundOutcome::Eliminated { options, tie } => {
            let tie = match tie {
                TieBreak::None => None,
                TieBreak::EarlierRound => Some("earlier_round"),
                TieBreak::Index => Some("index"),
            };
            (options.iter().copied().map(i16::from).collect(), None, tie)
        }
        RoundOutcome::Elected(option) => (Vec::new(), Some(i16::from(*option)), None),
        RoundOutcome::Nobody => (Vec::new(), None, None),
    }
}
