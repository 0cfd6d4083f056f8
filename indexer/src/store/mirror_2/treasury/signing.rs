//! Signers, what they said, and pauses.

use crate::{
    error::Error,
    project::{Origin, Said, Statement, Treasury},
    store::columns::{Origins, account},
};
use scale::Encode;
use sqlx::PgConnection;

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    save_approvals(connection, treasury).await?;
    save_statements(connection, treasury).await?;
    save_signers(connection, treasury).await?;
    save_pauses(connection, treasury).await
}

/// What signers said of releases, column by column.
struct Columns<'a> {
    escrows: Vec<i64>,
    milestones: Vec<i16>,
    nonces: Vec<i64>,
    amounts: Vec<String>,
    signers: Vec<&'a [u8]>,
    since: Vec<Option<i64>>,
    origins: Origins,
}

impl<'a> Columns<'a> {
    fn of(rows: &[(&'a Said, &'a Statement)]) -> Result<Self, Error> {
        let origins: Vec<&Origin> = rows.iter().map(|(_, statement)| &statement.origin).collect();
        Ok(Self {
            escrows: rows.iter().map(|(said, _)| said.escrow.into()).collect(),
            milestones: rows.iter().map(|(said, _)| said.milestone.into()).collect(),
            nonces: rows.iter().map(|(said, _)| said.nonce.into()).collect(),
            amounts: rows.iter().map(|(said, _)| said.amount.to_string()).collect(),
            signers: rows.iter().map(|(said, _)| account(&said.signer)).collect(),
            since: rows.iter().map(|(_, statement)| statement.since.map(i64::from)).collect(),
            origins: Origins::of(origins.into_iter())?,
        })
    }
}

async fn save_approvals(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows: Vec<_> = treasury.approvals.changed().collect();
    if rows.is_empty() {
        return Ok(());
    }
    let Columns { escrows, milestones, nonces, amounts, signers, since, origins } = Columns::of(&rows)?;
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_approvals
             (escrow, milestone, nonce, amount, signer, since, height, index, moment)
         SELECT escrow, milestone, nonce, amount::numeric, signer, since, height, index, moment
         FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::bytea[], $6::bigint[], $7::bigint[],
                     $8::integer[], $9::bigint[])
              AS changed (escrow, milestone, nonce, amount, signer, since, height, index, moment)
         ON CONFLICT (escrow, milestone, nonce, amount, signer) DO UPDATE
         SET since = excluded.since, height = excluded.height, index = excluded.index, moment = excluded.moment",
        &escrows,
        &milestones,
        &nonces,
        &amounts,
        &signers as _,
        &since as _,
        &origins.heights,
        &origins.indices,
        &origins.moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing approvals"))
}

async fn save_statements(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows: Vec<_> = treasury.statements.iter().map(|(said, statement)| (said, statement)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let Columns { escrows, milestones, nonces, amounts, signers, since, origins } = Columns::of(&rows)?;
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_statements
             (escrow, milestone, nonce, amount, signer, since, height, index, moment)
         SELECT escrow, milestone, nonce, amount::numeric, signer, since, height, index, moment
         FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::bytea[], $6::bigint[], $7::bigint[],
                     $8::integer[], $9::bigint[])
              AS statement (escrow, milestone, nonce, amount, signer, since, height, index, moment)",
        &escrows,
        &milestones,
        &nonces,
        &amounts,
        &signers as _,
        &since as _,
        &origins.heights,
        &origins.indices,
        &origins.moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing what signers said"))
}

async fn save_signers(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows = &treasury.signers;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let signers: Vec<_> = rows.iter().map(|row| row.signers.encode()).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_signers (height, index, moment, signers, proposal)
         SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::bigint[])",
        &heights,
        &indices,
        &moments,
        &signers,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing signers"))
}

async fn save_pauses(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows = &treasury.pauses;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let guardians: Vec<_> = rows.iter().map(|row| row.guardian.as_ref().map(account)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_pauses (height, index, moment, guardian, proposal)
         SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::bigint[])",
        &heights,
        &indices,
        &moments,
        &guardians as _,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing pauses"))
}
