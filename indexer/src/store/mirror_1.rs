//! Schema `mirror_1`, the first version of the projection: reading the past that a batch needs, and writing what the
//! batch changes.

use super::columns::{
    account, hash, stored_height, stored_index, stored_moment, stored_text, to_account, to_balance, to_u64,
};
use crate::{
    error::Error,
    project::{Changes, CreatedRow, Movement, Needs, Past, Proposal, Queued, Supply},
};
use ballot::{BasisPoints, Majority};
use interfaces::{AccountId, Balance, Moment, ProposalId, lifecycle::State, lifecycle::Terms};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};

/// Reads what a batch needs.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Past, Error> {
    let balances = load_balances(connection, needs).await?;
    let proposals = load_proposals(connection, needs).await?;
    let snapshots: Vec<_> = proposals.values().map(|proposal| stored_moment(proposal.terms.snapshot)).collect();
    let supply = load_supply(connection, &snapshots).await?;
    Ok(Past { balances, proposals, supply })
}

async fn load_balances(connection: &mut PgConnection, needs: &Needs) -> Result<HashMap<AccountId, Balance>, Error> {
    if needs.accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let accounts: Vec<_> = needs.accounts.iter().map(account).collect();
    let rows = sqlx::query!(
        r#"SELECT account, balance::text AS "balance!" FROM mirror_1.accounts WHERE account = ANY($1::bytea[])"#,
        &accounts as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading balances"))?;
    rows.into_iter().map(|row| Ok((to_account(&row.account)?, to_balance(&row.balance)?))).collect()
}

async fn load_proposals(connection: &mut PgConnection, needs: &Needs) -> Result<BTreeMap<ProposalId, Proposal>, Error> {
    let ids: Vec<_> = needs.proposals.iter().map(|id| i64::from(*id)).collect();
    let rows = sqlx::query!(
        r#"SELECT proposal, snapshot, voting_ends, execution_delay, execution_window, quorum_bps, approval_bps,
                  votes_for::text AS "votes_for!", votes_against::text AS "votes_against!",
                  votes_abstain::text AS "votes_abstain!", voters, holds_until,
                  queued_at, ready_at, expires_at, executed_at, executor, cancelled_at
           FROM mirror_1.proposals WHERE proposal = ANY($1) OR holds_until < $2"#,
        &ids,
        stored_moment(needs.due_before),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading proposals"))?;
    rows.into_iter()
        .map(|row| {
            let id = ProposalId::try_from(row.proposal)
                .map_err(|_| Error::Tampered(format!("a proposal numbered {}", row.proposal)))?;
            let proposal = Proposal {
                terms: Terms {
                    snapshot: to_moment(row.snapshot)?,
                    voting_ends: to_moment(row.voting_ends)?,
                    execution_delay: to_moment(row.execution_delay)?,
                    execution_window: to_moment(row.execution_window)?,
                    quorum: to_share(row.quorum_bps)?,
                    approval: to_share(row.approval_bps)?,
                },
                tally: Majority {
                    against: to_balance(&row.votes_against)?,
                    in_favour: to_balance(&row.votes_for)?,
                    abstain: to_balance(&row.votes_abstain)?,
                },
                voters: to_u64(row.voters, "a number of voters")?,
                queued: match (row.queued_at, row.ready_at, row.expires_at) {
                    (Some(at), Some(ready_at), Some(expires_at)) => Some(Queued {
                        at: to_moment(at)?,
                        ready_at: to_moment(ready_at)?,
                        expires_at: to_moment(expires_at)?,
                    }),
                    _ => None,
                },
                executed: match (row.executed_at, row.executor) {
                    (Some(at), Some(executor)) => Some((to_moment(at)?, to_account(&executor)?)),
                    _ => None,
                },
                cancelled: row.cancelled_at.map(to_moment).transpose()?,
                holds_until: row.holds_until.map(to_moment).transpose()?,
            };
            Ok((id, proposal))
        })
        .collect()
}

/// The latest supply, and the one at each of `snapshots`. That is enough: whatever else is looked up lies within the
/// batch, and so after the latest.
async fn load_supply(connection: &mut PgConnection, snapshots: &[i64]) -> Result<Supply, Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT supply.since AS "since!", supply.supply::text AS "supply!"
           FROM unnest($1::bigint[]) AS wanted (moment)
           CROSS JOIN LATERAL (
               SELECT since, supply FROM mirror_1.supply WHERE since <= wanted.moment ORDER BY since DESC LIMIT 1
           ) AS supply"#,
        &[snapshots, &[i64::MAX]].concat(),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading the supply"))?;
    let supply = rows.into_iter().map(|row| Ok((to_moment(row.since)?, to_balance(&row.supply)?)));
    supply.collect::<Result<_, Error>>().map(Supply)
}

/// Writes what a batch changes.
pub async fn save(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    save_accounts(connection, changes).await?;
    save_transfers(connection, changes).await?;
    save_supply(connection, changes).await?;
    for created in &changes.created {
        save_created(connection, created).await?;
    }
    for (id, (proposal, state)) in &changes.proposals {
        save_proposal(connection, *id, proposal, *state).await?;
    }
    save_votes(connection, changes).await?;
    save_movements(connection, changes).await?;
    save_undecoded(connection, changes).await
}

async fn save_accounts(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    if changes.accounts.is_empty() {
        return Ok(());
    }
    let accounts: Vec<_> = changes.accounts.keys().map(account).collect();
    let balances: Vec<_> = changes.accounts.values().map(|(balance, _)| balance.to_string()).collect();
    let heights = changes.accounts.values().map(|(_, height)| stored_height(*height)).collect::<Result<Vec<_>, _>>()?;
    // Holding is enough to vote, so power is the balance.
    sqlx::query!(
        "INSERT INTO mirror_1.accounts (account, balance, power, height)
         SELECT account, balance::numeric, balance::numeric, height
         FROM unnest($1::bytea[], $2::text[], $3::bigint[]) AS changed (account, balance, height)
         ON CONFLICT (account) DO UPDATE
         SET balance = excluded.balance, power = excluded.power, height = excluded.height",
        &accounts as _,
        &balances,
        &heights,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing accounts"))
}

async fn save_transfers(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    let rows = &changes.transfers;
    if rows.is_empty() {
        return Ok(());
    }
    let heights = rows.iter().map(|row| stored_height(row.origin.height)).collect::<Result<Vec<_>, _>>()?;
    let indices = rows.iter().map(|row| stored_index(row.origin.index)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.origin.moment)).collect();
    let senders: Vec<_> = rows.iter().map(|row| row.from.as_ref().map(account)).collect();
    let recipients: Vec<_> = rows.iter().map(|row| row.to.as_ref().map(account)).collect();
    let values: Vec<_> = rows.iter().map(|row| row.value.to_string()).collect();
    sqlx::query!(
        "INSERT INTO mirror_1.transfers (height, index, moment, sender, recipient, value)
         SELECT height, index, moment, sender, recipient, value::numeric
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[])
              AS transfer (height, index, moment, sender, recipient, value)",
        &heights,
        &indices,
        &moments,
        &senders as _,
        &recipients as _,
        &values,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing transfers"))
}

async fn save_supply(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    if changes.supply.is_empty() {
        return Ok(());
    }
    let moments: Vec<_> = changes.supply.keys().map(|since| stored_moment(*since)).collect();
    let supplies: Vec<_> = changes.supply.values().map(ToString::to_string).collect();
    // Two blocks can share a timestamp; the later one counts.
    sqlx::query!(
        "INSERT INTO mirror_1.supply (since, supply)
         SELECT since, supply::numeric FROM unnest($1::bigint[], $2::text[]) AS changed (since, supply)
         ON CONFLICT (since) DO UPDATE SET supply = excluded.supply",
        &moments,
        &supplies,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the supply"))
}

/// Inserts a new proposal with what never changes about it; [`save_proposal`] follows with its state.
async fn save_created(connection: &mut PgConnection, created: &CreatedRow) -> Result<(), Error> {
    let CreatedRow { origin, proposal, proposer, title, link, content_hash, calls, terms } = created;
    let proposal = i64::from(*proposal);
    sqlx::query!(
        "INSERT INTO mirror_1.proposals
             (proposal, proposer, title, link, content_hash, snapshot, voting_ends, execution_delay, execution_window,
              quorum_bps, approval_bps, state, created_at, created_height)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        proposal,
        account(proposer),
        stored_text(title),
        stored_text(link),
        hash(content_hash),
        stored_moment(terms.snapshot),
        stored_moment(terms.voting_ends),
        stored_moment(terms.execution_delay),
        stored_moment(terms.execution_window),
        i32::from(terms.quorum.get()),
        i32::from(terms.approval.get()),
        State::Pending.as_str(),
        stored_moment(origin.moment),
        stored_height(origin.height)?,
    )
    .execute(&mut *connection)
    .await
    .map_err(Error::database("writing a proposal"))?;

    for (number, pinned) in calls.iter().enumerate() {
        sqlx::query!(
            "INSERT INTO mirror_1.calls (proposal, number, target, selector, input, value, code_hash)
             VALUES ($1, $2, $3, $4, $5, $6::text::numeric, $7)",
            proposal,
            i16::try_from(number).map_err(|_| Error::TooLarge("a call's position"))?,
            account(&pinned.call.target),
            &pinned.call.selector,
            pinned.call.input,
            pinned.call.value.to_string(),
            hash(&pinned.code_hash),
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("writing a proposal's calls"))?;
    }
    Ok(())
}

async fn save_proposal(
    connection: &mut PgConnection,
    id: ProposalId,
    proposal: &Proposal,
    state: State,
) -> Result<(), Error> {
    let Proposal { terms: _, tally, voters, queued, executed, cancelled, holds_until } = proposal;
    sqlx::query!(
        "UPDATE mirror_1.proposals
         SET votes_for = $2::text::numeric, votes_against = $3::text::numeric, votes_abstain = $4::text::numeric,
             voters = $5, state = $6, holds_until = $7, queued_at = $8, ready_at = $9, expires_at = $10,
             executed_at = $11, executor = $12, cancelled_at = $13
         WHERE proposal = $1",
        i64::from(id),
        tally.in_favour.to_string(),
        tally.against.to_string(),
        tally.abstain.to_string(),
        i64::try_from(*voters).map_err(|_| Error::TooLarge("a number of voters"))?,
        state.as_str(),
        holds_until.map(stored_moment),
        queued.map(|queued| stored_moment(queued.at)),
        queued.map(|queued| stored_moment(queued.ready_at)),
        queued.map(|queued| stored_moment(queued.expires_at)),
        executed.map(|(at, _)| stored_moment(at)),
        executed.as_ref().map(|(_, executor)| account(executor)),
        cancelled.map(stored_moment),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a proposal's state"))
}

async fn save_votes(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    let rows = &changes.votes;
    if rows.is_empty() {
        return Ok(());
    }
    let proposals: Vec<_> = rows.iter().map(|row| i64::from(row.proposal)).collect();
    let voters: Vec<_> = rows.iter().map(|row| account(&row.voter)).collect();
    let supports: Vec<_> = rows.iter().map(|row| row.support.as_str()).collect();
    let powers: Vec<_> = rows.iter().map(|row| row.power.to_string()).collect();
    let heights = rows.iter().map(|row| stored_height(row.origin.height)).collect::<Result<Vec<_>, _>>()?;
    let indices = rows.iter().map(|row| stored_index(row.origin.index)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.origin.moment)).collect();
    sqlx::query!(
        "INSERT INTO mirror_1.votes (proposal, voter, support, power, height, index, moment)
         SELECT proposal, voter, support, power::numeric, height, index, moment
         FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::integer[], $7::bigint[])
              AS vote (proposal, voter, support, power, height, index, moment)",
        &proposals,
        &voters as _,
        &supports as _,
        &powers,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing votes"))
}

async fn save_movements(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    let rows = &changes.movements;
    if rows.is_empty() {
        return Ok(());
    }
    let heights = rows.iter().map(|row| stored_height(row.origin.height)).collect::<Result<Vec<_>, _>>()?;
    let indices = rows.iter().map(|row| stored_index(row.origin.index)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.origin.moment)).collect();
    let kinds: Vec<_> = rows.iter().map(|row| kind(row.kind)).collect();
    let accounts: Vec<_> = rows.iter().map(|row| account(&row.account)).collect();
    let amounts: Vec<_> = rows.iter().map(|row| row.amount.to_string()).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_1.treasury_movements (height, index, moment, kind, account, amount, proposal)
         SELECT height, index, moment, kind, account, amount::numeric, proposal
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::bytea[], $6::text[], $7::bigint[])
              AS movement (height, index, moment, kind, account, amount, proposal)",
        &heights,
        &indices,
        &moments,
        &kinds as _,
        &accounts as _,
        &amounts,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the treasury's movements"))
}

async fn save_undecoded(connection: &mut PgConnection, changes: &Changes) -> Result<(), Error> {
    let rows = &changes.undecoded;
    if rows.is_empty() {
        return Ok(());
    }
    let heights = rows.iter().map(|row| stored_height(row.origin.height)).collect::<Result<Vec<_>, _>>()?;
    let indices = rows.iter().map(|row| stored_index(row.origin.index)).collect::<Result<Vec<_>, _>>()?;
    let reasons: Vec<_> = rows.iter().map(|row| stored_text(&row.reason)).collect();
    sqlx::query!(
        "INSERT INTO mirror_1.undecoded (height, index, reason)
         SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[])",
        &heights,
        &indices,
        &reasons,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("noting events that were not understood"))
}

fn kind(kind: Movement) -> &'static str {
    match kind {
        Movement::Deposit => "deposit",
        Movement::Payment => "payment",
    }
}

fn to_moment(moment: i64) -> Result<Moment, Error> {
    to_u64(moment, "a moment")
}

fn to_share(points: i32) -> Result<BasisPoints, Error> {
    u16::try_from(points)
        .ok()
        .and_then(|points| BasisPoints::new(points).ok())
        .ok_or_else(|| Error::Tampered(format!("a share of {points} basis points")))
}
