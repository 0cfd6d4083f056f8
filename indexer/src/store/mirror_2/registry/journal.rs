//! Who did what to whom. All of it happened and never changes.

use crate::{
    error::Error,
    project::Journal,
    store::columns::{Origins, account, hash, stored_moment},
};
use interfaces::{key::Key, registry::limits};
use sqlx::PgConnection;

pub(super) async fn save(connection: &mut PgConnection, journal: &Journal) -> Result<(), Error> {
    let rows = &journal.rows;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let kinds: Vec<_> = rows.iter().map(|row| row.kind).collect();
    let identities: Vec<_> = rows.iter().map(|row| row.identity.as_ref().map(hash)).collect();
    let accounts: Vec<_> = rows.iter().map(|row| row.account.as_ref().map(account)).collect();
    let linked: Vec<_> = rows.iter().map(|row| row.linked_with.as_ref().map(account)).collect();
    let actors: Vec<_> = rows.iter().map(|row| row.by.as_ref().map(account)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.map(i32::from)).collect();
    let tiers: Vec<_> = rows.iter().map(|row| row.tier.map(i16::from)).collect();
    let ends: Vec<_> = rows.iter().map(|row| row.until.map(stored_moment)).collect();
    let commitments: Vec<_> = rows.iter().map(|row| row.commitment.as_ref().map(hash)).collect();
    let nonces: Vec<_> = rows.iter().map(|row| row.nonce.map(i64::from)).collect();
    let roles: Vec<_> = rows.iter().map(|row| row.role).collect();
    let keys: Vec<_> = rows.iter().map(|row| row.key.map(i64::from)).collect();
    let origins: Vec<_> = rows.iter().map(|row| row.log.as_ref().map(Key::as_str)).collect();
    let caps: Vec<_> = rows.iter().map(|row| row.accreditation.map(|it| i64::from(it.daily_cap))).collect();
    // An array of arrays of several lengths there is not: a set of tiers travels as its bits.
    let sets: Vec<_> = rows.iter().map(|row| row.accreditation.map(|it| i32::from(it.tiers.0))).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.registry_events
             (height, index, moment, kind, identity, account, linked_with, actor, proposal, reason, tier, until,
              commitment, nonce, role, key, origin, daily_cap, tiers)
         SELECT height, index, moment, kind, identity, account, linked_with, actor, proposal, reason, tier, until,
                commitment, nonce, role, key, origin, daily_cap,
                CASE WHEN bits IS NOT NULL THEN
                    ARRAY(SELECT bit::smallint FROM generate_series(0, $20::integer - 1) AS bit
                          WHERE (bits >> bit) & 1 = 1 ORDER BY bit)
                END
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[],
                     $8::bytea[], $9::bigint[], $10::integer[], $11::smallint[], $12::bigint[], $13::bytea[],
                     $14::bigint[], $15::text[], $16::bigint[], $17::text[], $18::bigint[], $19::integer[])
              AS event (height, index, moment, kind, identity, account, linked_with, actor, proposal, reason, tier, until,
                        commitment, nonce, role, key, origin, daily_cap, bits)",
        &heights,
        &indices,
        &moments,
        &kinds as _,
        &identities as _,
        &accounts as _,
        &linked as _,
        &actors as _,
        &proposals as _,
        &reasons as _,
        &tiers as _,
        &ends as _,
        &commitments as _,
        &nonces as _,
        &roles as _,
        &keys as _,
        &origins as _,
        &caps as _,
        &sets as _,
        i32::from(limits::TIERS),
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing what happened in the registry"))
}
