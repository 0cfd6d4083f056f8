//! Feature flags.

use super::{stored_key, stored_keys, to_key};
use crate::{
    error::Error,
    project::{
        Origin,
        settings::{Flag, FlagAction, FlagRow, Flags},
    },
    store::columns::{Origins, account, kind, stored_share, stored_text, to_kind, to_moment, to_share, to_u32, to_u64},
};
use interfaces::{AccountId, key::Key, settings::Control};
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads these flags.
pub async fn load(connection: &mut PgConnection, keys: &BTreeSet<Key>) -> Result<Flags, Error> {
    if keys.is_empty() {
        return Ok(Flags::default());
    }
    let rows = sqlx::query!(
        "SELECT key, owner, ceiling_bps, exposure_bps, killed, body, height, index, moment
         FROM mirror_2.flags WHERE key = ANY($1)",
        &stored_keys(keys),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading flags"))?;
    let known = rows.into_iter().map(|row| {
        let origin = Origin {
            height: to_u64(row.height, "a block's height")?,
            index: to_u32(row.index.into(), "an event's position")?,
            moment: to_moment(row.moment)?,
        };
        let control = Control {
            owner: to_kind(&row.owner)?,
            ceiling: to_share(row.ceiling_bps)?,
            exposure: to_share(row.exposure_bps)?,
            killed: row.killed,
        };
        Ok((to_key(row.key)?, Flag { control, body: row.body, origin }))
    });
    Ok(Flags { flags: known.collect::<Result<_, Error>>()?, history: Vec::new() })
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, flags: &Flags) -> Result<(), Error> {
    save_flags(connection, flags).await?;
    save_history(connection, &flags.history).await
}

/// What is enforced, column by column.
struct Controls {
    owners: Vec<&'static str>,
    ceilings: Vec<i32>,
    exposures: Vec<i32>,
    killed: Vec<bool>,
}

impl Controls {
    fn of<'a>(controls: impl Iterator<Item = &'a Control> + Clone) -> Self {
        Self {
            owners: controls.clone().map(|control| kind(control.owner)).collect(),
            ceilings: controls.clone().map(|control| stored_share(control.ceiling)).collect(),
            exposures: controls.clone().map(|control| stored_share(control.exposure)).collect(),
            killed: controls.map(|control| control.killed).collect(),
        }
    }
}

async fn save_flags(connection: &mut PgConnection, flags: &Flags) -> Result<(), Error> {
    let (keys, rows): (Vec<_>, Vec<_>) = flags.flags.changed().map(|(key, row)| (stored_key(key), row)).unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let Controls { owners, ceilings, exposures, killed } = Controls::of(rows.iter().map(|row| &row.control));
    let bodies: Vec<_> = rows.iter().map(|row| stored_text(&row.body)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.flags (key, owner, ceiling_bps, exposure_bps, killed, body, height, index, moment)
         SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::boolean[], $6::text[],
                              $7::bigint[], $8::integer[], $9::bigint[])
         ON CONFLICT (key) DO UPDATE
         SET owner = excluded.owner, ceiling_bps = excluded.ceiling_bps, exposure_bps = excluded.exposure_bps,
             killed = excluded.killed, body = excluded.body, height = excluded.height, index = excluded.index,
             moment = excluded.moment",
        &keys,
        &owners as _,
        &ceilings,
        &exposures,
        &killed,
        &bodies,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing flags"))
}

async fn save_history(connection: &mut PgConnection, rows: &[FlagRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = rows.iter().map(|row| stored_key(&row.key)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let Controls { owners, ceilings, exposures, killed } = Controls::of(rows.iter().map(|row| &row.control));
    let actions: Vec<_> = rows.iter().map(|row| action(&row.action)).collect();
    let operators: Vec<_> = rows.iter().map(|row| operator(&row.action).map(account)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| proposal(&row.action)).collect();
    let bodies: Vec<_> = rows.iter().map(|row| body(&row.action)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.flag_history
             (key, height, index, moment, action, operator, proposal, owner, ceiling_bps, exposure_bps, killed, body)
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::bytea[],
                              $7::bigint[], $8::text[], $9::integer[], $10::integer[], $11::boolean[], $12::text[])",
        &keys,
        &heights,
        &indices,
        &moments,
        &actions as _,
        &operators as _,
        &proposals as _,
        &owners as _,
        &ceilings,
        &exposures,
        &killed,
        &bodies as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the history of flags"))
}

fn action(action: &FlagAction) -> &'static str {
    match action {
        FlagAction::Set { .. } => "set",
        FlagAction::Expose(_) => "expose",
        FlagAction::Kill(_) => "kill",
        FlagAction::Revive(_) => "revive",
    }
}

fn operator(action: &FlagAction) -> Option<&AccountId> {
    match action {
        FlagAction::Set { .. } => None,
        FlagAction::Expose(by) | FlagAction::Kill(by) | FlagAction::Revive(by) => Some(by),
    }
}

fn proposal(action: &FlagAction) -> Option<i64> {
    match action {
        FlagAction::Set { proposal, .. } => proposal.map(i64::from),
        FlagAction::Expose(_) | FlagAction::Kill(_) | FlagAction::Revive(_) => None,
    }
}

fn body(action: &FlagAction) -> Option<String> {
    match action {
        FlagAction::Set { body, .. } => Some(stored_text(body)),
        FlagAction::Expose(_) | FlagAction::Kill(_) | FlagAction::Revive(_) => None,
    }
}
