//! What proposals and drafts say.

use crate::{
    error::Error,
    project::{CreatedRow, OptionText, Text},
    store::columns::{account, hash, kind, stored_height, stored_moment, stored_place, stored_share, stored_text},
};
use interfaces::lifecycle::State;
use sqlx::PgConnection;

/// Writes what a proposal or draft says, in place of what it said before. Its state follows.
pub async fn save(connection: &mut PgConnection, id: i64, text: &Text) -> Result<(), Error> {
    let Text { proposer, kind: of, mechanism, title, link, content_hash, options } = text;
    sqlx::query!(
        "INSERT INTO mirror_2.proposals (proposal, proposer, kind, mechanism, title, link, content_hash, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (proposal) DO UPDATE
         SET kind = excluded.kind, mechanism = excluded.mechanism, title = excluded.title, link = excluded.link,
             content_hash = excluded.content_hash",
        id,
        account(proposer),
        kind(*of),
        mechanism.as_str(),
        stored_text(title),
        stored_text(link),
        hash(content_hash),
        State::Draft.as_str(),
    )
    .execute(&mut *connection)
    .await
    .map_err(Error::database("writing a proposal"))?;
    forget_options(connection, id).await?;
    save_options(connection, id, options).await?;
    save_calls(connection, id, options).await
}

async fn forget_options(connection: &mut PgConnection, id: i64) -> Result<(), Error> {
    sqlx::query!("DELETE FROM mirror_2.calls WHERE proposal = $1", id)
        .execute(&mut *connection)
        .await
        .map_err(Error::database("taking away a draft's calls"))?;
    sqlx::query!("DELETE FROM mirror_2.options WHERE proposal = $1", id)
        .execute(connection)
        .await
        .map(drop)
        .map_err(Error::database("taking away a draft's options"))
}

async fn save_options(connection: &mut PgConnection, id: i64, options: &[OptionText]) -> Result<(), Error> {
    let numbers = (0..options.len()).map(stored_place).collect::<Result<Vec<_>, _>>()?;
    let titles: Vec<_> = options.iter().map(|option| stored_text(&option.title)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.options (proposal, number, title)
         SELECT $1, number, title FROM unnest($2::smallint[], $3::text[]) AS option (number, title)",
        id,
        &numbers,
        &titles,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a proposal's options"))
}

async fn save_calls(connection: &mut PgConnection, id: i64, options: &[OptionText]) -> Result<(), Error> {
    let (mut of, mut numbers, mut targets, mut selectors) = (vec![], vec![], vec![], vec![]);
    let (mut inputs, mut values, mut code_hashes) = (vec![], vec![], vec![]);
    for (option, OptionText { calls, .. }) in options.iter().enumerate() {
        for (number, (call, code_hash)) in calls.iter().enumerate() {
            of.push(stored_place(option)?);
            numbers.push(stored_place(number)?);
            targets.push(account(&call.target));
            selectors.push(call.selector.as_slice());
            inputs.push(call.input.as_slice());
            values.push(call.value.to_string());
            code_hashes.push(code_hash.as_ref().map(hash));
        }
    }
    if of.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO mirror_2.calls (proposal, option, number, target, selector, input, value, code_hash)
         SELECT $1, option, number, target, selector, input, value::numeric, code_hash
         FROM unnest($2::smallint[], $3::smallint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[])
              AS call (option, number, target, selector, input, value, code_hash)",
        id,
        &of,
        &numbers,
        &targets as _,
        &selectors as _,
        &inputs as _,
        &values,
        &code_hashes as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a proposal's calls"))
}

/// Writes the rules under which a proposal was made.
pub async fn save_created(connection: &mut PgConnection, id: i64, created: &CreatedRow) -> Result<(), Error> {
    let CreatedRow { moment, height, rules, poll } = created;
    sqlx::query!(
        "UPDATE mirror_2.proposals
         SET created_at = $2, created_height = $3, deposit = $4::text::numeric, snapshot = $5, voting_period = $6,
             voting_freeze = $7, extension = $8, quorum_bps = $9, approval_bps = $10, plurality_bps = $11, credits = $12,
             execution_delay = $13, execution_window = $14, spend_cap = $15::text::numeric,
             period_cap = $16::text::numeric, period = $17, guarded = $18
         WHERE proposal = $1",
        id,
        stored_moment(*moment),
        stored_height(*height)?,
        rules.deposit.to_string(),
        stored_moment(poll.snapshot),
        stored_moment(poll.period),
        stored_moment(poll.freeze),
        stored_moment(poll.extension),
        stored_share(poll.thresholds.quorum),
        stored_share(poll.thresholds.approval),
        stored_share(poll.thresholds.plurality),
        i64::from(poll.credits),
        stored_moment(rules.execution_delay),
        stored_moment(rules.execution_window),
        rules.spend_cap.to_string(),
        rules.period_cap.to_string(),
        stored_moment(rules.period),
        rules.guarded,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing a proposal's rules"))
}
