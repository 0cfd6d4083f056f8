//! Identities, the accounts that belong to them, and who is frozen.

use crate::{
    error::Error,
    project::{Freeze, Identity, Member, Origin, Registry, RegistryNeeds, Table},
    store::columns::{
        Origins, account, hash, stored_height, stored_moment, to_account, to_hash, to_moment, to_tier, to_u32, to_u64,
    },
};
use interfaces::{
    AccountId,
    registry::{Attestation, IdentityId, Subject},
};
use sqlx::PgConnection;

pub(super) async fn load_members(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<AccountId, Member>, Error> {
    let accounts: Vec<_> = needs.members.iter().map(account).collect();
    if accounts.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT account, identity, linked_with, height, moment
         FROM mirror_2.members WHERE account = ANY($1::bytea[])",
        &accounts as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading accounts of identities"))?;
    let known = rows.into_iter().map(|row| {
        let member = Member {
            identity: to_hash(&row.identity)?,
            linked_with: row.linked_with.as_deref().map(to_account).transpose()?,
            height: to_u64(row.height, "a block's height")?,
            moment: to_moment(row.moment)?,
        };
        Ok((to_account(&row.account)?, member))
    });
    known.collect()
}

pub(super) async fn load_identities(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<IdentityId, Identity>, Error> {
    let identities: Vec<_> = needs.identities.iter().map(hash).collect();
    if identities.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT identity, attestor, tier, expires, commitment, counts, revoked, frozen, height
         FROM mirror_2.identities WHERE identity = ANY($1::bytea[])",
        &identities as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading identities"))?;
    let known = rows.into_iter().map(|row| {
        let said = Attestation {
            attestor: to_account(&row.attestor)?,
            tier: to_tier(row.tier)?,
            expires: to_moment(row.expires)?,
            commitment: to_hash(&row.commitment)?,
            counts: row.counts,
        };
        let height = to_u64(row.height, "a block's height")?;
        Ok((to_hash(&row.identity)?, Identity { said, revoked: row.revoked, frozen: row.frozen, height }))
    });
    known.collect()
}

pub(super) async fn load_freezes(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<Subject, Freeze>, Error> {
    let (kinds, subjects): (Vec<_>, Vec<_>) = needs.subjects.iter().map(columns).unzip();
    if kinds.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT kind, subject, reason, actor, height, index, moment FROM mirror_2.freezes
         WHERE (kind, subject) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))",
        &kinds as _,
        &subjects as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading freezes"))?;
    let known = rows.into_iter().map(|row| {
        let subject = match row.kind.as_str() {
            "account" => Subject::Account(to_account(&row.subject)?),
            "identity" => Subject::Identity(to_hash(&row.subject)?),
            other => return Err(Error::Tampered(format!("a frozen {other}"))),
        };
        let origin = Origin {
            height: to_u64(row.height, "a block's height")?,
            index: to_u32(row.index.into(), "an event's position")?,
            moment: to_moment(row.moment)?,
        };
        let reason = row.reason.try_into().map_err(|_| Error::Tampered(format!("a reason of {}", row.reason)))?;
        Ok((subject, Freeze { reason, by: to_account(&row.actor)?, origin }))
    });
    known.collect()
}

pub(super) async fn load_nonces(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<AccountId, u32>, Error> {
    let accounts: Vec<_> = needs.linked.iter().map(account).collect();
    if accounts.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT account, nonce FROM mirror_2.link_nonces WHERE account = ANY($1::bytea[])",
        &accounts as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading how often accounts were linked"))?;
    rows.into_iter().map(|row| Ok((to_account(&row.account)?, to_u32(row.nonce, "a nonce")?))).collect()
}

pub(super) async fn load_population(connection: &mut PgConnection, needs: &RegistryNeeds) -> Result<u32, Error> {
    if needs.identities.is_empty() {
        return Ok(0);
    }
    let latest = sqlx::query_scalar!("SELECT population FROM mirror_2.population ORDER BY since DESC LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(Error::database("reading the population"))?;
    latest.map_or(Ok(0), |number| to_u32(number, "a population"))
}

pub(super) async fn save(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    save_members(connection, registry).await?;
    save_identities(connection, registry).await?;
    save_freezes(connection, registry).await?;
    save_nonces(connection, registry).await?;
    save_population(connection, registry).await
}

async fn save_members(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let gone: Vec<_> = registry.members.removed().map(account).collect();
    if !gone.is_empty() {
        sqlx::query!("DELETE FROM mirror_2.members WHERE account = ANY($1::bytea[])", &gone as _)
            .execute(&mut *connection)
            .await
            .map_err(Error::database("taking accounts from identities"))?;
    }
    let (accounts, rows): (Vec<_>, Vec<&Member>) =
        registry.members.changed().map(|(key, row)| (account(key), row)).unzip();
    if accounts.is_empty() {
        return Ok(());
    }
    let identities: Vec<_> = rows.iter().map(|row| hash(&row.identity)).collect();
    let linked: Vec<_> = rows.iter().map(|row| row.linked_with.as_ref().map(account)).collect();
    let heights = rows.iter().map(|row| stored_height(row.height)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.moment)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.members (account, identity, linked_with, height, moment)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[])
         ON CONFLICT (account) DO UPDATE
         SET identity = excluded.identity, linked_with = excluded.linked_with, height = excluded.height,
             moment = excluded.moment",
        &accounts as _,
        &identities as _,
        &linked as _,
        &heights,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing accounts of identities"))
}

async fn save_identities(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let (keys, rows): (Vec<&IdentityId>, Vec<&Identity>) = registry.identities.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let identities: Vec<_> = keys.into_iter().map(hash).collect();
    let attestors: Vec<_> = rows.iter().map(|row| account(&row.said.attestor)).collect();
    let tiers: Vec<_> = rows.iter().map(|row| i16::from(row.said.tier)).collect();
    let ends: Vec<_> = rows.iter().map(|row| stored_moment(row.said.expires)).collect();
    let commitments: Vec<_> = rows.iter().map(|row| hash(&row.said.commitment)).collect();
    let counts: Vec<_> = rows.iter().map(|row| row.said.counts).collect();
    let revoked: Vec<_> = rows.iter().map(|row| row.revoked).collect();
    let frozen: Vec<_> = rows.iter().map(|row| row.frozen).collect();
    let heights = rows.iter().map(|row| stored_height(row.height)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO mirror_2.identities
             (identity, attestor, tier, expires, commitment, counts, revoked, frozen, height)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::smallint[], $4::bigint[], $5::bytea[], $6::boolean[],
                              $7::boolean[], $8::boolean[], $9::bigint[])
         ON CONFLICT (identity) DO UPDATE
         SET attestor = excluded.attestor, tier = excluded.tier, expires = excluded.expires,
             commitment = excluded.commitment, counts = excluded.counts, revoked = excluded.revoked,
             frozen = excluded.frozen, height = excluded.height",
        &identities as _,
        &attestors as _,
        &tiers,
        &ends,
        &commitments as _,
        &counts,
        &revoked,
        &frozen,
        &heights,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing identities"))
}

async fn save_freezes(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let (kinds, subjects): (Vec<_>, Vec<_>) = registry.freezes.removed().map(columns).unzip();
    if !kinds.is_empty() {
        sqlx::query!(
            "DELETE FROM mirror_2.freezes USING unnest($1::text[], $2::bytea[]) AS gone (kind, subject)
             WHERE freezes.kind = gone.kind AND freezes.subject = gone.subject",
            &kinds as _,
            &subjects as _,
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("ending freezes"))?;
    }
    let (keys, rows): (Vec<&Subject>, Vec<&Freeze>) = registry.freezes.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let (kinds, subjects): (Vec<_>, Vec<_>) = keys.into_iter().map(columns).unzip();
    let reasons: Vec<_> = rows.iter().map(|row| i32::from(row.reason)).collect();
    let actors: Vec<_> = rows.iter().map(|row| account(&row.by)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.freezes (kind, subject, reason, actor, height, index, moment)
         SELECT * FROM unnest($1::text[], $2::bytea[], $3::integer[], $4::bytea[], $5::bigint[], $6::integer[],
                              $7::bigint[])
         ON CONFLICT (kind, subject) DO UPDATE
         SET reason = excluded.reason, actor = excluded.actor, height = excluded.height, index = excluded.index,
             moment = excluded.moment",
        &kinds as _,
        &subjects as _,
        &reasons,
        &actors as _,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing freezes"))
}

async fn save_nonces(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let (accounts, nonces): (Vec<_>, Vec<_>) =
        registry.nonces.changed().map(|(key, nonce)| (account(key), i64::from(*nonce))).unzip();
    if accounts.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO mirror_2.link_nonces (account, nonce) SELECT * FROM unnest($1::bytea[], $2::bigint[])
         ON CONFLICT (account) DO UPDATE SET nonce = excluded.nonce",
        &accounts as _,
        &nonces,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing how often accounts were linked"))
}

async fn save_population(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    if registry.populations.is_empty() {
        return Ok(());
    }
    let moments: Vec<_> = registry.populations.keys().map(|since| stored_moment(*since)).collect();
    let numbers: Vec<_> = registry.populations.values().map(|number| i64::from(*number)).collect();
    // Two blocks can share a timestamp; the later one counts.
    sqlx::query!(
        "INSERT INTO mirror_2.population (since, population) SELECT * FROM unnest($1::bigint[], $2::bigint[])
         ON CONFLICT (since) DO UPDATE SET population = excluded.population",
        &moments,
        &numbers,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the population"))
}

/// What kind of subject it is, and its bytes.
fn columns(subject: &Subject) -> (&'static str, &[u8]) {
    match subject {
        Subject::Account(subject) => ("account", account(subject)),
        Subject::Identity(subject) => ("identity", hash(subject)),
    }
}
