//! Schema `mirror_2`, the second version of the projection: reading the past that a batch needs, and writing what the
//! batch changes.

mod accounts;
mod effects;
mod governor;
mod proposals;
mod registry;
mod settings;
mod treasury;
mod votes;

use crate::{
    error::Error,
    project::{Block, Mirror, Needs},
};
use sqlx::PgConnection;

/// Projects the blocks that come next: what is known is read, what follows is written. Tells how many of the projected
/// contracts' events were not understood.
pub async fn project(connection: &mut PgConnection, blocks: Vec<Block>) -> Result<usize, Error> {
    let needs = Needs::of(&blocks);
    let mirror = load(connection, &needs).await?.project(blocks)?;
    save(connection, &mirror).await?;
    Ok(mirror.undecoded.len())
}

/// Reads what a batch needs.
async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Mirror, Error> {
    Ok(Mirror {
        accounts: accounts::load(connection, needs).await?,
        registry: registry::load(connection, needs).await?,
        proposals: proposals::load(connection, needs).await?,
        votes: votes::load(connection, needs).await?,
        treasury: treasury::load(connection, needs).await?,
        settings: settings::load(connection, &needs.settings).await?,
        ..Mirror::default()
    })
}

/// Writes what a batch changes.
async fn save(connection: &mut PgConnection, mirror: &Mirror) -> Result<(), Error> {
    let Mirror { accounts, registry, governor, proposals, votes, treasury, effects, settings, undecoded } = mirror;
    accounts::save(connection, accounts).await?;
    registry::save(connection, registry).await?;
    governor::save(connection, governor).await?;
    proposals::save(connection, proposals).await?;
    votes::save(connection, votes).await?;
    treasury::save(connection, treasury).await?;
    settings::save(connection, settings).await?;
    effects::save(connection, effects, undecoded).await
}
