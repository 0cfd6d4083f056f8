//! Changes of code, and what was not understood. All of it happened and never changes.

use crate::{
    error::Error,
    project::{Effects, UndecodedRow},
    store::columns::{Origins, account, hash, stored_text},
};
use sqlx::PgConnection;

/// Writes what happened.
pub async fn save(connection: &mut PgConnection, effects: &Effects, undecoded: &[UndecodedRow]) -> Result<(), Error> {
    save_upgrades(connection, effects).await?;
    save_undecoded(connection, undecoded).await
}

async fn save_upgrades(connection: &mut PgConnection, effects: &Effects) -> Result<(), Error> {
    let rows = &effects.upgrades;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let contracts: Vec<_> = rows.iter().map(|row| account(&row.contract)).collect();
    let code_hashes: Vec<_> = rows.iter().map(|row| hash(&row.code_hash)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.upgrades (height, index, moment, contract, code_hash, proposal)
         SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[])",
        &heights,
        &indices,
        &moments,
        &contracts as _,
        &code_hashes as _,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing changes of code"))
}

async fn save_undecoded(connection: &mut PgConnection, rows: &[UndecodedRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, .. } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let reasons: Vec<_> = rows.iter().map(|row| stored_text(&row.reason)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.undecoded (height, index, reason)
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
