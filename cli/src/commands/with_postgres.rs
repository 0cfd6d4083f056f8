//! `gaia with-postgres`: what the tests of indexer and API run under.

use crate::{
    Error, Result,
    stack::{Cluster, Home},
};
use std::ffi::OsString;
use tokio::process::Command;

pub(super) async fn run(command: &[OsString]) -> Result<()> {
    let (program, arguments) = command.split_first().ok_or_else(|| Error::Usage("give a command to run".into()))?;
    let folder = tempfile::tempdir().map_err(Error::file("create", std::env::temp_dir()))?;
    let home = Home::new(folder.path())?;
    home.create()?;
    let cluster = Cluster::create(&home)?;
    let service = cluster.start(&home).await?;
    let status = Command::new(program).args(arguments).env("GAIA_TEST_DATABASE", cluster.admin_url()).status().await;
    service.stop().await;
    let status = status.map_err(Error::file("start", program.as_os_str()))?;
    if status.success() { Ok(()) } else { Err(Error::Failed(format!("{} failed ({status})", program.display()))) }
}
