//! Escrows and their milestones.

use super::{Orders, ordered};
use crate::{
    error::Error,
    project::{EscrowRow, Freed, Freeing, MilestoneRow, Table, Treasury},
    store::columns::{
        Origins, account, asset, hash, stored_exactly, stored_height, stored_moment, to_account, to_asset, to_balance,
        to_exact_moment, to_hash, to_u32,
    },
};
use interfaces::treasury::{Category, EscrowId, Milestone, MilestoneId, Tranche};
use sqlx::PgConnection;
use std::collections::BTreeSet;

type Milestones = Table<(EscrowId, MilestoneId), MilestoneRow>;

/// Reads these escrows.
pub async fn load_escrows(
    connection: &mut PgConnection,
    escrows: &BTreeSet<EscrowId>,
) -> Result<Table<EscrowId, EscrowRow>, Error> {
    if escrows.is_empty() {
        return Ok(Table::default());
    }
    let wanted: Vec<_> = escrows.iter().copied().map(i64::from).collect();
    let rows = sqlx::query!(
        r#"SELECT escrow, category, asset, milestones, amount::text AS "amount!", paid::text AS "paid!",
                  remaining::text AS "remaining!", height, moment, proposal
           FROM mirror_2.treasury_escrows WHERE escrow = ANY($1)"#,
        &wanted,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading escrows"))?;
    let known = rows.into_iter().map(|row| {
        let escrow = EscrowRow {
            category: to_category(row.category)?,
            asset: to_asset(&row.asset)?,
            milestones: to_milestone(row.milestones)?,
            amount: to_balance(&row.amount)?,
            paid: to_balance(&row.paid)?,
            left: to_balance(&row.remaining)?,
            opened: ordered(row.height, row.moment, row.proposal)?,
        };
        Ok((to_u32(row.escrow, "an escrow's number")?, escrow))
    });
    known.collect()
}

/// Reads the milestones of these escrows.
pub async fn load_milestones(connection: &mut PgConnection, escrows: &BTreeSet<EscrowId>) -> Result<Milestones, Error> {
    if escrows.is_empty() {
        return Ok(Table::default());
    }
    let wanted: Vec<_> = escrows.iter().copied().map(i64::from).collect();
    let rows = sqlx::query!(
        r#"SELECT escrow, milestone, payee, amount::text AS "amount!", earliest::text AS "earliest!",
                  latest::text AS "latest!", deliverable, paid::text AS "paid!", remaining::text AS "remaining!", releases,
                  freed::text AS freed, freed_how, freed_height, freed_moment, freed_by
           FROM mirror_2.treasury_milestones WHERE escrow = ANY($1)"#,
        &wanted,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading milestones"))?;
    let known = rows.into_iter().map(|row| {
        let milestone = Milestone {
            payee: to_account(&row.payee)?,
            amount: to_balance(&row.amount)?,
            earliest: to_exact_moment(&row.earliest)?,
            latest: to_exact_moment(&row.latest)?,
            deliverable: to_hash(&row.deliverable)?,
        };
        let tranche = Tranche {
            milestone,
            paid: to_balance(&row.paid)?,
            left: to_balance(&row.remaining)?,
            releases: to_u32(row.releases, "a number of releases")?,
        };
        let freed = match (row.freed, row.freed_how, row.freed_height, row.freed_moment) {
            (Some(amount), Some(how), Some(height), Some(moment)) => Some(Freed {
                amount: to_balance(&amount)?,
                how: to_freeing(&how)?,
                at: ordered(height, moment, row.freed_by)?,
            }),
            _ => None,
        };
        let key = (to_u32(row.escrow, "an escrow's number")?, to_milestone(row.milestone)?);
        Ok((key, MilestoneRow { tranche, freed }))
    });
    known.collect()
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    save_escrows(connection, &treasury.escrows).await?;
    save_payees(connection, &treasury.escrows, &treasury.milestones).await?;
    save_milestones(connection, &treasury.milestones).await?;
    save_releases(connection, treasury).await
}

async fn save_escrows(connection: &mut PgConnection, table: &Table<EscrowId, EscrowRow>) -> Result<(), Error> {
    let (escrows, rows): (Vec<_>, Vec<&EscrowRow>) = table.changed().map(|(key, row)| (i64::from(*key), row)).unzip();
    if escrows.is_empty() {
        return Ok(());
    }
    let categories: Vec<_> = rows.iter().map(|row| i32::from(row.category)).collect();
    let assets: Vec<_> = rows.iter().map(|row| asset(&row.asset)).collect();
    let milestones: Vec<_> = rows.iter().map(|row| i16::from(row.milestones)).collect();
    let amounts: Vec<_> = rows.iter().map(|row| row.amount.to_string()).collect();
    let paid: Vec<_> = rows.iter().map(|row| row.paid.to_string()).collect();
    let remaining: Vec<_> = rows.iter().map(|row| row.left.to_string()).collect();
    let Orders { heights, moments, proposals } = Orders::of(rows.iter().map(|row| &row.opened))?;
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_escrows
             (escrow, category, asset, milestones, amount, paid, remaining, open, height, moment, proposal)
         SELECT escrow, category, asset, milestones, amount::numeric, paid::numeric, remaining::numeric,
                remaining::numeric > 0, height, moment, proposal
         FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::smallint[], $5::text[], $6::text[], $7::text[],
                     $8::bigint[], $9::bigint[], $10::bigint[])
              AS changed (escrow, category, asset, milestones, amount, paid, remaining, height, moment, proposal)
         ON CONFLICT (escrow) DO UPDATE
         SET paid = excluded.paid, remaining = excluded.remaining, open = excluded.open",
        &escrows,
        &categories,
        &assets as _,
        &milestones,
        &amounts,
        &paid,
        &remaining,
        &heights,
        &moments,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing escrows"))
}

/// Each payee once, however many milestones of an escrow are for it.
async fn save_payees(
    connection: &mut PgConnection,
    escrows: &Table<EscrowId, EscrowRow>,
    milestones: &Milestones,
) -> Result<(), Error> {
    let (mut payees, mut numbers, mut open) = (vec![], vec![], vec![]);
    for (escrow, row) in escrows.changed() {
        let own = milestones.iter().filter(|((of, _), _)| of == escrow);
        let distinct: BTreeSet<_> = own.map(|(_, row)| row.tranche.milestone.payee).collect();
        for payee in distinct {
            payees.push(account(&payee).to_vec());
            numbers.push(i64::from(*escrow));
            open.push(row.left > 0);
        }
    }
    if payees.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_escrow_payees (payee, escrow, open)
         SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::boolean[])
         ON CONFLICT (payee, escrow) DO UPDATE SET open = excluded.open",
        &payees,
        &numbers,
        &open,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing who is to be paid out of escrows"))
}

async fn save_milestones(connection: &mut PgConnection, table: &Milestones) -> Result<(), Error> {
    let (keys, rows): (Vec<_>, Vec<&MilestoneRow>) = table.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let escrows: Vec<_> = keys.iter().map(|(escrow, _)| i64::from(*escrow)).collect();
    let numbers: Vec<_> = keys.iter().map(|(_, number)| i16::from(*number)).collect();
    let tranches: Vec<_> = rows.iter().map(|row| &row.tranche).collect();
    let payees: Vec<_> = tranches.iter().map(|it| account(&it.milestone.payee)).collect();
    let amounts: Vec<_> = tranches.iter().map(|it| it.milestone.amount.to_string()).collect();
    let earliest: Vec<_> = tranches.iter().map(|it| stored_exactly(it.milestone.earliest)).collect();
    let latest: Vec<_> = tranches.iter().map(|it| stored_exactly(it.milestone.latest)).collect();
    let deliverables: Vec<_> = tranches.iter().map(|it| hash(&it.milestone.deliverable)).collect();
    let paid: Vec<_> = tranches.iter().map(|it| it.paid.to_string()).collect();
    let remaining: Vec<_> = tranches.iter().map(|it| it.left.to_string()).collect();
    let releases: Vec<_> = tranches.iter().map(|it| i64::from(it.releases)).collect();
    let freed: Vec<_> = rows.iter().map(|row| row.freed.map(|freed| freed.amount.to_string())).collect();
    let how: Vec<_> = rows.iter().map(|row| row.freed.map(|freed| freeing(freed.how))).collect();
    let freed_at = rows.iter().map(|row| row.freed.map(|freed| stored_height(freed.at.height)).transpose());
    let freed_at = freed_at.collect::<Result<Vec<_>, _>>()?;
    let freed_when: Vec<_> = rows.iter().map(|row| row.freed.map(|freed| stored_moment(freed.at.moment))).collect();
    let freed_by: Vec<_> =
        rows.iter().map(|row| row.freed.and_then(|freed| freed.at.proposal.map(i64::from))).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_milestones
             (escrow, milestone, payee, amount, earliest, latest, deliverable, paid, remaining, releases, freed,
              freed_how, freed_height, freed_moment, freed_by)
         SELECT escrow, milestone, payee, amount::numeric, earliest::numeric, latest::numeric, deliverable, paid::numeric,
                remaining::numeric, releases, freed::numeric, freed_how, freed_height, freed_moment, freed_by
         FROM unnest($1::bigint[], $2::smallint[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::bytea[],
                     $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[],
                     $15::bigint[])
              AS changed (escrow, milestone, payee, amount, earliest, latest, deliverable, paid, remaining, releases,
                          freed, freed_how, freed_height, freed_moment, freed_by)
         ON CONFLICT (escrow, milestone) DO UPDATE
         SET paid = excluded.paid, remaining = excluded.remaining, releases = excluded.releases,
             freed = excluded.freed, freed_how = excluded.freed_how, freed_height = excluded.freed_height,
             freed_moment = excluded.freed_moment, freed_by = excluded.freed_by",
        &escrows,
        &numbers,
        &payees as _,
        &amounts,
        &earliest,
        &latest,
        &deliverables as _,
        &paid,
        &remaining,
        &releases,
        &freed as _,
        &how as _,
        &freed_at as _,
        &freed_when as _,
        &freed_by as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing milestones"))
}

async fn save_releases(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    let rows = &treasury.releases;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let releases = || rows.iter().map(|row| row.release);
    let escrows: Vec<_> = releases().map(|it| i64::from(it.escrow)).collect();
    let milestones: Vec<_> = releases().map(|it| i16::from(it.milestone)).collect();
    let nonces: Vec<_> = releases().map(|it| i64::from(it.nonce)).collect();
    let payees: Vec<_> = releases().map(|it| account(&it.payee).to_vec()).collect();
    let amounts: Vec<_> = releases().map(|it| it.amount.to_string()).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.treasury_releases
             (escrow, milestone, nonce, payee, amount, height, index, moment)
         SELECT escrow, milestone, nonce, payee, amount::numeric, height, index, moment
         FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bytea[], $5::text[], $6::bigint[], $7::integer[],
                     $8::bigint[])
              AS release (escrow, milestone, nonce, payee, amount, height, index, moment)",
        &escrows,
        &milestones,
        &nonces,
        &payees,
        &amounts,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing releases"))
}

/// A stored category of spending.
pub fn to_category(number: i32) -> Result<Category, Error> {
    Category::try_from(number).map_err(|_| Error::Tampered(format!("a category of spending numbered {number}")))
}

fn to_milestone(number: i16) -> Result<MilestoneId, Error> {
    MilestoneId::try_from(number).map_err(|_| Error::Tampered(format!("a milestone numbered {number}")))
}

fn freeing(how: Freeing) -> &'static str {
    match how {
        Freeing::Lapsed => "lapsed",
        Freeing::ClawedBack => "clawed_back",
    }
}

fn to_freeing(name: &str) -> Result<Freeing, Error> {
    match name {
        "lapsed" => Ok(Freeing::Lapsed),
        "clawed_back" => Ok(Freeing::ClawedBack),
        _ => Err(Error::Tampered(format!("a milestone that was {name}"))),
    }
}
