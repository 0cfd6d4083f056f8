//! The schema: bringing it up to date, and refusing one that this program was not made for.

use crate::{config::DatabaseUrl, error::Error};
use sqlx::{
    ConnectOptions, Connection, PgConnection,
    migrate::{MigrateError, Migrator},
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Brings the database's schema up to date and lets the roles `gaia_indexer` and `gaia_api`, where they exist, do
/// what they must and nothing else. Can be run any number of times. `owner` must be the role that owns the database.
///
/// # Errors
/// If the database cannot be reached, is of a newer version of the program, or refuses.
pub async fn migrate(owner: &DatabaseUrl) -> Result<(), Error> {
    let mut connection = connect(owner).await?;
    MIGRATIONS.run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => Error::NewerSchema { found, known: newest() },
        error => Error::Migrate(error),
    })?;
    grant(&mut connection).await?;
    connection.close().await.map_err(Error::database("closing a connection"))
}

/// Lets the roles do what they must.
pub async fn grant(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::raw_sql(include_str!("grants.sql"))
        .execute(connection)
        .await
        .map(drop)
        .map_err(Error::database("granting rights to the roles"))
}

async fn connect(database: &DatabaseUrl) -> Result<PgConnection, Error> {
    let connected = database.options().connect().await;
    connected.map_err(|source| Error::NoDatabase { database: database.to_string(), source })
}

/// Connects to a database whose schema is the one that this program was made for, and to no other.
pub async fn open(database: &DatabaseUrl) -> Result<PgConnection, Error> {
    let mut connection = connect(database).await?;
    check_version(&mut connection).await?;
    Ok(connection)
}

/// Refuses a schema that is not exactly the one this program was made for.
async fn check_version(connection: &mut PgConnection) -> Result<(), Error> {
    let is_prepared = sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "is_prepared!""#)
        .fetch_one(&mut *connection)
        .await
        .map_err(Error::database("looking for its schema"))?;
    let known = newest();
    if !is_prepared {
        return Err(Error::OlderSchema { found: 0, known });
    }
    // Not a checked query: the table is the migrator's, and is not there when the queries are checked.
    let found: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
        .map_err(Error::database("reading its schema's version"))?;
    match found {
        _ if found > known => Err(Error::NewerSchema { found, known }),
        _ if found < known => Err(Error::OlderSchema { found, known }),
        _ => Ok(()),
    }
}

fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}
