//! What governance tells the systems.

mod anchors;
mod flags;
mod parameters;
mod releases;

use crate::{
    error::Error,
    project::{Settings, SettingsNeeds},
};
use interfaces::key::Key;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads the settings that the batch changes.
pub async fn load(connection: &mut PgConnection, needs: &SettingsNeeds) -> Result<Settings, Error> {
    Ok(Settings {
        parameters: parameters::load(connection, &needs.parameters).await?,
        flags: flags::load(connection, &needs.flags).await?,
        releases: releases::load(connection, &needs.releases).await?,
        anchors: anchors::load(connection, &needs.origins).await?,
    })
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, settings: &Settings) -> Result<(), Error> {
    let Settings { parameters, flags, releases, anchors } = settings;
    parameters::save(connection, parameters).await?;
    flags::save(connection, flags).await?;
    releases::save(connection, releases).await?;
    anchors::save(connection, anchors).await
}

/// Names as they are stored.
fn stored_keys(keys: &BTreeSet<Key>) -> Vec<String> {
    keys.iter().map(stored_key).collect()
}

/// A name as it is stored.
fn stored_key(key: &Key) -> String {
    key.as_str().to_owned()
}

/// A stored name.
fn to_key(name: String) -> Result<Key, Error> {
    Key::new(name).map_err(|_| Error::Tampered("a name that is no key".to_owned()))
}
