//! Anchors of audit logs.

use super::{stored_key, stored_keys, to_key};
use crate::{
    error::Error,
    project::settings::{AnchorRow, Anchors, Log},
    store::columns::{Origins, account, hash, to_balance, to_hash, to_moment, to_u32},
};
use interfaces::{key::Key, settings::Anchor};
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads what is known of the logs of these origins.
pub async fn load(connection: &mut PgConnection, origins: &BTreeSet<Key>) -> Result<Anchors, Error> {
    if origins.is_empty() {
        return Ok(Anchors::default());
    }
    let rows = sqlx::query!(
        r#"SELECT origin, times, size::text AS "size!", root, moment
           FROM mirror_2.origins JOIN mirror_2.anchors USING (origin)
           WHERE origin = ANY($1) AND number = times - 1"#,
        &stored_keys(origins),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading anchors"))?;
    let known = rows.into_iter().map(|row| {
        let size = to_balance(&row.size)?;
        let size = size.try_into().map_err(|_| Error::Tampered(format!("a log of {size} entries")))?;
        let latest = Anchor { size, root: to_hash(&row.root)?, at: to_moment(row.moment)? };
        Ok((to_key(row.origin)?, Log { anchors: to_u32(row.times, "a number of anchors")?, latest }))
    });
    Ok(Anchors { logs: known.collect::<Result<_, Error>>()?, anchors: Vec::new() })
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, anchors: &Anchors) -> Result<(), Error> {
    save_origins(connection, anchors).await?;
    save_anchors(connection, &anchors.anchors).await
}

async fn save_origins(connection: &mut PgConnection, anchors: &Anchors) -> Result<(), Error> {
    let (origins, counts): (Vec<_>, Vec<_>) =
        anchors.logs.changed().map(|(origin, log)| (stored_key(origin), i64::from(log.anchors))).unzip();
    if origins.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO mirror_2.origins (origin, times)
         SELECT * FROM unnest($1::text[], $2::bigint[])
         ON CONFLICT (origin) DO UPDATE SET times = excluded.times",
        &origins,
        &counts,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the origins of logs"))
}

async fn save_anchors(connection: &mut PgConnection, rows: &[AnchorRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let origins: Vec<_> = rows.iter().map(|row| stored_key(&row.of)).collect();
    let numbers: Vec<_> = rows.iter().map(|row| i64::from(row.number)).collect();
    let sizes: Vec<_> = rows.iter().map(|row| row.anchor.size.to_string()).collect();
    let roots: Vec<_> = rows.iter().map(|row| hash(&row.anchor.root)).collect();
    let accounts: Vec<_> = rows.iter().map(|row| account(&row.by)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.anchors (origin, number, size, root, account, height, index, moment)
         SELECT origin, number, size::numeric, root, account, height, index, moment
         FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[], $7::integer[],
                     $8::bigint[])
              AS anchor (origin, number, size, root, account, height, index, moment)",
        &origins,
        &numbers,
        &sizes,
        &roots as _,
        &accounts as _,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing anchors"))
}
