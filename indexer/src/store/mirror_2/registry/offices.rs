//! Attestors, roles and signing keys.

use crate::{
    error::Error,
    facts::Height,
    project::{Office, PublishedKey, ROLES, Registry, RegistryNeeds, Table, Tenure, role_name},
    store::columns::{account, stored_height, stored_moment, to_account, to_moment, to_tier, to_u32, to_u64},
};
use interfaces::{
    AccountId,
    key::Key,
    registry::{Accreditation, KeyId, SigningKey, Tier, limits},
};
use sqlx::PgConnection;

pub(super) async fn load_attestors(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<AccountId, (Accreditation, Height)>, Error> {
    let accounts: Vec<_> = needs.attestors.iter().map(account).collect();
    if accounts.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT account, tiers, daily_cap, height FROM mirror_2.attestors WHERE account = ANY($1::bytea[])",
        &accounts as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading attestors"))?;
    let known = rows.into_iter().map(|row| {
        let tiers = row.tiers.into_iter().map(to_tier).collect::<Result<Vec<Tier>, Error>>()?;
        let daily_cap = to_u32(row.daily_cap, "a daily cap")?;
        let accreditation = Accreditation { tiers: tiers.into_iter().collect(), daily_cap };
        Ok((to_account(&row.account)?, (accreditation, to_u64(row.height, "a block's height")?)))
    });
    known.collect()
}

pub(super) async fn load_roles(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<Office, Tenure>, Error> {
    let (accounts, roles): (Vec<_>, Vec<_>) = needs.roles.iter().map(|(whose, role)| (account(whose), *role)).unzip();
    if accounts.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT account, role, until, height, moment FROM mirror_2.roles
         WHERE (account, role) IN (SELECT * FROM unnest($1::bytea[], $2::text[]))",
        &accounts as _,
        &roles as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading roles"))?;
    let known = rows.into_iter().map(|row| {
        let role = ROLES.into_iter().map(role_name).find(|role| *role == row.role);
        let role = role.ok_or_else(|| Error::Tampered(format!("a role called {}", row.role)))?;
        let tenure = Tenure {
            until: to_moment(row.until)?,
            height: to_u64(row.height, "a block's height")?,
            moment: to_moment(row.moment)?,
        };
        Ok(((to_account(&row.account)?, role), tenure))
    });
    known.collect()
}

pub(super) async fn load_keys(
    connection: &mut PgConnection,
    needs: &RegistryNeeds,
) -> Result<Table<KeyId, PublishedKey>, Error> {
    let numbers: Vec<_> = needs.keys.iter().map(|number| i64::from(*number)).collect();
    if numbers.is_empty() {
        return Ok(Table::default());
    }
    let rows = sqlx::query!(
        "SELECT number, origin, holder, key, begins, until, revoked, height
         FROM mirror_2.keys WHERE number = ANY($1)",
        &numbers,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading signing keys"))?;
    let known = rows.into_iter().map(|row| {
        let key = SigningKey {
            origin: Key::new(row.origin).map_err(|_| Error::Tampered("an origin that is no key".to_owned()))?,
            key: row.key.try_into().map_err(|_| Error::Tampered("a signing key that is not 32 bytes".to_owned()))?,
            holder: to_account(&row.holder)?,
            from: to_moment(row.begins)?,
            until: to_moment(row.until)?,
        };
        let height = to_u64(row.height, "a block's height")?;
        Ok((to_u32(row.number, "a key's number")?, PublishedKey { key, revoked: row.revoked, height }))
    });
    known.collect()
}

pub(super) async fn save(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    save_attestors(connection, registry).await?;
    save_roles(connection, registry).await?;
    save_keys(connection, registry).await
}

async fn save_attestors(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let gone: Vec<_> = registry.attestors.removed().map(account).collect();
    if !gone.is_empty() {
        sqlx::query!("DELETE FROM mirror_2.attestors WHERE account = ANY($1::bytea[])", &gone as _)
            .execute(&mut *connection)
            .await
            .map_err(Error::database("ending accreditations"))?;
    }
    for (attestor, (Accreditation { tiers, daily_cap }, height)) in registry.attestors.changed() {
        let tiers: Vec<_> = (0..limits::TIERS).filter(|tier| tiers.contain(*tier)).map(i16::from).collect();
        sqlx::query!(
            "INSERT INTO mirror_2.attestors (account, tiers, daily_cap, height) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account) DO UPDATE
             SET tiers = excluded.tiers, daily_cap = excluded.daily_cap, height = excluded.height",
            account(attestor),
            &tiers,
            i64::from(*daily_cap),
            stored_height(*height)?,
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("writing attestors"))?;
    }
    Ok(())
}

async fn save_roles(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    let (accounts, roles): (Vec<_>, Vec<_>) =
        registry.roles.removed().map(|(whose, role)| (account(whose), *role)).unzip();
    if !accounts.is_empty() {
        sqlx::query!(
            "DELETE FROM mirror_2.roles USING unnest($1::bytea[], $2::text[]) AS gone (account, role)
             WHERE roles.account = gone.account AND roles.role = gone.role",
            &accounts as _,
            &roles as _,
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("taking roles away"))?;
    }
    let (keys, rows): (Vec<&Office>, Vec<&Tenure>) = registry.roles.changed().unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let (accounts, roles): (Vec<_>, Vec<_>) = keys.into_iter().map(|(whose, role)| (account(whose), *role)).unzip();
    let ends: Vec<_> = rows.iter().map(|row| stored_moment(row.until)).collect();
    let heights = rows.iter().map(|row| stored_height(row.height)).collect::<Result<Vec<_>, _>>()?;
    let moments: Vec<_> = rows.iter().map(|row| stored_moment(row.moment)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.roles (account, role, until, height, moment)
         SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
         ON CONFLICT (account, role) DO UPDATE
         SET until = excluded.until, height = excluded.height, moment = excluded.moment",
        &accounts as _,
        &roles as _,
        &ends,
        &heights,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing roles"))
}

async fn save_keys(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    for (number, PublishedKey { key, revoked, height }) in registry.keys.changed() {
        sqlx::query!(
            "INSERT INTO mirror_2.keys (number, origin, holder, key, begins, until, revoked, height)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (number) DO UPDATE
             SET until = excluded.until, revoked = excluded.revoked, height = excluded.height",
            i64::from(*number),
            key.origin.as_str(),
            account(&key.holder),
            key.key.as_slice(),
            stored_moment(key.from),
            stored_moment(key.until),
            revoked,
            stored_height(*height)?,
        )
        .execute(&mut *connection)
        .await
        .map_err(Error::database("writing signing keys"))?;
    }
    Ok(())
}
