//! What the treasury holds, everything that changed that, and what it may spend.

use super::{Orders, escrows::to_category, ordered};
use crate::{
    error::Error,
    project::{Budgeted, Entry, EntryKind, Holding, Place, Table, Treasury},
    store::columns::{
        Origins, account, asset, stored_height, stored_index, stored_moment, to_asset, to_balance, to_scale,
    },
};
use interfaces::treasury::{Asset, Category};
use scale::Encode;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads what the treasury has of these assets.
pub async fn load_assets(
    connection: &mut PgConnection,
    assets: &BTreeSet<Asset>,
) -> Result<Table<Asset, Holding>, Error> {
    let wanted: Vec<_> = assets.iter().map(asset).collect();
    let rows = sqlx::query!(
        r#"SELECT asset, balance::text AS "balance!", reserved::text AS "reserved!", budgeted
           FROM mirror_2.treasury_assets WHERE asset = ANY($1::bytea[])"#,
        &wanted as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading what the treasury holds"))?;
    let known = rows.into_iter().map(|row| {
        let (balance, reserved) = (to_balance(&row.balance)?, to_balance(&row.reserved)?);
        Ok((to_asset(&row.asset)?, Holding { balance, reserved, budgeted: row.budgeted }))
    });
    known.collect()
}

/// Reads the budgets of these categories.
pub async fn load_budgets(
    connection: &mut PgConnection,
    categories: &BTreeSet<Category>,
) -> Result<Table<Category, Budgeted>, Error> {
    if categories.is_empty() {
        return Ok(Table::default());
    }
    let wanted: Vec<_> = categories.iter().copied().map(i32::from).collect();
    let rows = sqlx::query!(
        "SELECT category, allotment, height, moment, proposal FROM mirror_2.treasury_budgets
         WHERE category = ANY($1)",
        &wanted,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading budgets"))?;
    let known = rows.into_iter().map(|row| {
        let set = ordered(row.height, row.moment, row.proposal)?;
        Ok((to_category(row.category)?, Budgeted { allotment: to_scale(&row.allotment, "a budget")?, set }))
    });
    known.collect()
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    save_assets(connection, &treasury.ledger.assets).await?;
    save_entries(connection, &treasury.ledger.entries).await?;
    save_budgets(connection, &treasury.budgets).await?;
    save_budget_changes(connection, treasury).await
}

async fn save_assets(connection: &mut PgConnection, table: &Table<Asset, Holding>) -> Result<(), Error> {
    let (assets, rows): (Vec<_>, Vec<&Holding>) = table.changed().map(|(key, row)| (asset(key), row)).unzip();
    if assets.is_empty() {
        return Ok(());
    }
    let balances: Vec<_> = rows.iter().map(|row| row.balance.to_string()).collect();
    let reserved: Vec<_> = rows.iter().map(|row| row.reserved.to_string()).collect();
    let budgeted: Vec<_> = rows.iter().map(|row| row.budgeted).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_assets (asset, balance, reserved, budgeted)
         SELECT asset, balance::numeric, reserved::numeric, budgeted
         FROM unnest($1::bytea[], $2::text[], $3::text[], $4::boolean[]) AS changed (asset, balance, reserved, budgeted)
         ON CONFLICT (asset) DO UPDATE
         SET balance = excluded.balance, reserved = excluded.reserved, budgeted = excluded.budgeted",
        &assets as _,
        &balances,
        &reserved,
        &budgeted,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing what the treasury holds"))
}

async fn save_entries(connection: &mut PgConnection, rows: &[Entry]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let heights = rows.iter().map(|row| stored_height(row.height)).collect::<Result<Vec<_>, _>>()?;
    let places = rows.iter().map(|row| stored_place(row.place)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.moment)).collect();
    let assets: Vec<_> = rows.iter().map(|row| asset(&row.asset)).collect();
    let kinds: Vec<_> = rows.iter().map(|row| kind(row.kind)).collect();
    let incoming: Vec<_> = rows.iter().map(|row| row.incoming).collect();
    let amounts: Vec<_> = rows.iter().map(|row| row.amount.to_string()).collect();
    let counterparties: Vec<_> = rows.iter().map(|row| row.counterparty.as_ref().map(account)).collect();
    let balances: Vec<_> = rows.iter().map(|row| row.balance.to_string()).collect();
    let excesses: Vec<_> = rows.iter().map(|row| row.excess.to_string()).collect();
    let categories: Vec<_> = rows.iter().map(|row| row.why.category.map(i32::from)).collect();
    let escrows: Vec<_> = rows.iter().map(|row| row.why.escrow.map(|(escrow, _)| i64::from(escrow))).collect();
    let milestones: Vec<_> = rows.iter().map(|row| row.why.escrow.map(|(_, number)| i16::from(number))).collect();
    let streams: Vec<_> = rows.iter().map(|row| row.why.stream.map(i64::from)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.why.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_ledger
             (height, index, moment, asset, kind, incoming, amount, counterparty, balance, excess, category, escrow,
              milestone, stream, proposal)
         SELECT height, index, moment, asset, kind, incoming, amount::numeric, counterparty, balance::numeric,
                excess::numeric, category, escrow, milestone, stream, proposal
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::text[], $6::boolean[], $7::text[],
                     $8::bytea[], $9::text[], $10::text[], $11::integer[], $12::bigint[], $13::smallint[],
                     $14::bigint[], $15::bigint[])
              AS entry (height, index, moment, asset, kind, incoming, amount, counterparty, balance, excess, category,
                        escrow, milestone, stream, proposal)",
        &heights,
        &places,
        &moments,
        &assets as _,
        &kinds as _,
        &incoming,
        &amounts,
        &counterparties as _,
        &balances,
        &excesses,
        &categories as _,
        &escrows as _,
        &milestones as _,
        &streams as _,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the treasury's ledger"))
}

async fn save_budgets(connection: &mut PgConnection, table: &Table<Category, Budgeted>) -> Result<(), Error> {
    let (categories, rows): (Vec<_>, Vec<&Budgeted>) = table.changed().map(|(key, row)| (i32::from(*key), row)).unzip();
    if categories.is_empty() {
        return Ok(());
    }
    let allotments: Vec<_> = rows.iter().map(|row| row.allotment.encode()).collect();
    let Orders { heights, moments, proposals } = Orders::of(rows.iter().map(|row| &row.set))?;
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_budgets (category, allotment, height, moment, proposal)
         SELECT * FROM unnest($1::integer[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
         ON CONFLICT (category) DO UPDATE
         SET allotment = excluded.allotment, height = excluded.height, moment = excluded.moment,
             proposal = excluded.proposal",
        &categories,
        &allotments,
        &heights,
        &moments,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing budgets"))
}

async fn save_budget_changes(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows = &treasury.budget_changes;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let categories: Vec<_> = rows.iter().map(|row| i32::from(row.category)).collect();
    let budgets: Vec<_> = rows.iter().map(|row| row.budget.encode()).collect();
    let available: Vec<_> = rows.iter().map(|row| row.left.to_string()).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_budget_changes (height, index, moment, category, budget, available, proposal)
         SELECT height, index, moment, category, budget, available::numeric, proposal
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::integer[], $5::bytea[], $6::text[], $7::bigint[])
              AS change (height, index, moment, category, budget, available, proposal)",
        &heights,
        &indices,
        &moments,
        &categories,
        &budgets,
        &available,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing changes of budgets"))
}

/// An entry's place among those of its block.
fn stored_place(place: Place) -> Result<i32, Error> {
    match place {
        Place::First => Ok(-1),
        Place::Event(index) => stored_index(index),
        Place::Last => Ok(i32::MAX),
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Deposit => "deposit",
        EntryKind::Payment => "payment",
        EntryKind::Release => "release",
        EntryKind::StreamClaim => "stream_claim",
        EntryKind::Transfer => "transfer",
    }
}
