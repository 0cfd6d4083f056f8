//! Identities and their accounts, freezes, roles and keys, and who did what to whom.

mod identities;
mod journal;
mod offices;

use crate::{
    error::Error,
    project::{Known, Needs, Registry},
};
use sqlx::PgConnection;

/// Reads what the batch changes or refers to.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Registry, Error> {
    let needs = &needs.registry;
    Ok(Registry::known(Known {
        members: identities::load_members(connection, needs).await?,
        identities: identities::load_identities(connection, needs).await?,
        freezes: identities::load_freezes(connection, needs).await?,
        nonces: identities::load_nonces(connection, needs).await?,
        population: identities::load_population(connection, needs).await?,
        attestors: offices::load_attestors(connection, needs).await?,
        roles: offices::load_roles(connection, needs).await?,
        keys: offices::load_keys(connection, needs).await?,
    }))
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, registry: &Registry) -> Result<(), Error> {
    identities::save(connection, registry).await?;
    offices::save(connection, registry).await?;
    journal::save(connection, &registry.journal).await
}
