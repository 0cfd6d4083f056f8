//! What the governor goes by.

use crate::{
    error::Error,
    project::Governor,
    store::columns::{MECHANISMS, account, kind, stored_height, stored_moment, stored_share},
};
use interfaces::governor::{Guardian, Kind, Parts, Rules};
use sqlx::PgConnection;

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, governor: &Governor) -> Result<(), Error> {
    for (kind, (rules, height)) in &governor.rules {
        save_rules(connection, *kind, rules, stored_height(*height)?).await?;
    }
    if let Some(guardian) = &governor.guardian {
        save_guardian(connection, guardian.as_ref()).await?;
    }
    if let Some(limit) = governor.live_limit {
        save_live_limit(connection, limit).await?;
    }
    if let Some(parts) = &governor.parts {
        save_parts(connection, parts).await?;
    }
    Ok(())
}

async fn save_rules(connection: &mut PgConnection, of: Kind, rules: &Rules, height: i64) -> Result<(), Error> {
    let mechanisms = MECHANISMS.into_iter().filter(|mechanism| rules.mechanisms.contains(*mechanism));
    let mechanisms: Vec<_> = mechanisms.map(|mechanism| mechanism.as_str().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.rules
             (kind, mechanisms, proposal_threshold, deposit, voting_delay, voting_period, voting_freeze, extension, quorum_bps,
              approval_bps, plurality_bps, credits, execution_delay, execution_window, spend_cap, period_cap, period,
              guarded, height)
         VALUES ($1, $2, $3::text::numeric, $4::text::numeric, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 $15::text::numeric, $16::text::numeric, $17, $18, $19)
         ON CONFLICT (kind) DO UPDATE
         SET mechanisms = excluded.mechanisms, proposal_threshold = excluded.proposal_threshold,
             deposit = excluded.deposit, voting_delay = excluded.voting_delay, voting_period = excluded.voting_period,
             voting_freeze = excluded.voting_freeze, extension = excluded.extension, quorum_bps = excluded.quorum_bps,
             approval_bps = excluded.approval_bps, plurality_bps = excluded.plurality_bps, credits = excluded.credits,
             execution_delay = excluded.execution_delay, execution_window = excluded.execution_window,
             spend_cap = excluded.spend_cap, period_cap = excluded.period_cap, period = excluded.period,
             guarded = excluded.guarded, height = excluded.height",
        kind(of),
        &mechanisms,
        rules.proposal_threshold.to_string(),
        rules.deposit.to_string(),
        stored_moment(rules.voting_delay),
        stored_moment(rules.voting_period),
        stored_moment(rules.freeze),
        stored_moment(rules.extension),
        stored_share(rules.thresholds.quorum),
        stored_share(rules.thresholds.approval),
        stored_share(rules.thresholds.plurality),
        i64::from(rules.credits),
        stored_moment(rules.execution_delay),
        stored_moment(rules.execution_window),
        rules.spend_cap.to_string(),
        rules.period_cap.to_string(),
        stored_moment(rules.period),
        rules.guarded,
        height,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing rules"))
}

async fn save_guardian(connection: &mut PgConnection, guardian: Option<&Guardian>) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO mirror_2.governor (guardian, guardian_until) VALUES ($1, $2)
         ON CONFLICT (only_row) DO UPDATE SET guardian = excluded.guardian, guardian_until = excluded.guardian_until",
        guardian.map(|guardian| account(&guardian.account)),
        guardian.map(|guardian| stored_moment(guardian.until)),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the guardian"))
}

async fn save_live_limit(connection: &mut PgConnection, limit: u32) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO mirror_2.governor (live_limit) VALUES ($1)
         ON CONFLICT (only_row) DO UPDATE SET live_limit = excluded.live_limit",
        i64::from(limit),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the limit of live proposals"))
}

async fn save_parts(connection: &mut PgConnection, parts: &Parts) -> Result<(), Error> {
    let Parts { ledger, polls, treasury, settings } = parts;
    sqlx::query!(
        "INSERT INTO mirror_2.governor (ledger, polls, treasury, settings) VALUES ($1, $2, $3, $4)
         ON CONFLICT (only_row) DO UPDATE
         SET ledger = excluded.ledger, polls = excluded.polls, treasury = excluded.treasury,
             settings = excluded.settings",
        account(ledger),
        account(polls),
        account(treasury),
        account(settings),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the governor's parts"))
}
