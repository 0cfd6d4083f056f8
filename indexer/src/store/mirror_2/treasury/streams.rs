//! Streams.

use super::{Orders, escrows::to_category, ordered};
use crate::{
    error::Error,
    project::{StreamRow, Table},
    store::columns::{
        account, asset, stored_exactly, stored_moment, to_account, to_asset, to_balance, to_exact_moment, to_moment,
        to_proposal, to_u32,
    },
};
use interfaces::treasury::{Stream, StreamId};
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads these streams.
pub async fn load(
    connection: &mut PgConnection,
    streams: &BTreeSet<StreamId>,
) -> Result<Table<StreamId, StreamRow>, Error> {
    if streams.is_empty() {
        return Ok(Table::default());
    }
    let wanted: Vec<_> = streams.iter().copied().map(i64::from).collect();
    let rows = sqlx::query!(
        r#"SELECT stream, category, asset, payee, amount::text AS "amount!", begins::text AS "begins!", ends::text AS "ends!",
                  claimed::text AS "claimed!",
                  stopped, stopped_by, height, moment, proposal
           FROM mirror_2.treasury_streams WHERE stream = ANY($1)"#,
        &wanted,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading streams"))?;
    let known = rows.into_iter().map(|row| {
        let stream = Stream {
            category: to_category(row.category)?,
            asset: to_asset(&row.asset)?,
            payee: to_account(&row.payee)?,
            amount: to_balance(&row.amount)?,
            begins: to_exact_moment(&row.begins)?,
            ends: to_exact_moment(&row.ends)?,
            claimed: to_balance(&row.claimed)?,
            stopped: row.stopped.map(to_moment).transpose()?,
        };
        let opened = ordered(row.height, row.moment, row.proposal)?;
        let stopped_by = row.stopped_by.map(to_proposal).transpose()?;
        Ok((to_u32(row.stream, "a stream's number")?, StreamRow { stream, opened, stopped_by }))
    });
    known.collect()
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, table: &Table<StreamId, StreamRow>) -> Result<(), Error> {
    let (numbers, rows): (Vec<_>, Vec<&StreamRow>) = table.changed().map(|(key, row)| (i64::from(*key), row)).unzip();
    if numbers.is_empty() {
        return Ok(());
    }
    let categories: Vec<_> = rows.iter().map(|row| i32::from(row.stream.category)).collect();
    let assets: Vec<_> = rows.iter().map(|row| asset(&row.stream.asset)).collect();
    let payees: Vec<_> = rows.iter().map(|row| account(&row.stream.payee)).collect();
    let amounts: Vec<_> = rows.iter().map(|row| row.stream.amount.to_string()).collect();
    let begins: Vec<_> = rows.iter().map(|row| stored_exactly(row.stream.begins)).collect();
    let ends: Vec<_> = rows.iter().map(|row| stored_exactly(row.stream.ends)).collect();
    let claimed: Vec<_> = rows.iter().map(|row| row.stream.claimed.to_string()).collect();
    let stopped: Vec<_> = rows.iter().map(|row| row.stream.stopped.map(stored_moment)).collect();
    let stopped_by: Vec<_> = rows.iter().map(|row| row.stopped_by.map(i64::from)).collect();
    let Orders { heights, moments, proposals } = Orders::of(rows.iter().map(|row| &row.opened))?;
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_streams
             (stream, category, asset, payee, amount, begins, ends, claimed, stopped, stopped_by, height, moment,
              proposal)
         SELECT stream, category, asset, payee, amount::numeric, begins::numeric, ends::numeric, claimed::numeric, stopped, stopped_by,
                height, moment, proposal
         FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
              AS changed (stream, category, asset, payee, amount, begins, ends, claimed, stopped, stopped_by, height,
                          moment, proposal)
         ON CONFLICT (stream) DO UPDATE
         SET claimed = excluded.claimed, stopped = excluded.stopped, stopped_by = excluded.stopped_by",
        &numbers,
        &categories,
        &assets as _,
        &payees as _,
        &amounts,
        &begins,
        &ends,
        &claimed,
        &stopped as _,
        &stopped_by as _,
        &heights,
        &moments,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing streams"))
}
