//! `gaia down`.

use super::Shared;
use crate::Result;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Stopped {
    stopped: Vec<String>,
}

pub(super) async fn run(shared: &Shared) -> Result<()> {
    let home = shared.home()?;
    let mut stopped = Vec::new();
    for service in home.running().map(|running| running.services).unwrap_or_default() {
        if service.stop().await {
            stopped.push(service.name);
        }
    }
    home.forget();
    shared.output().result(&Stopped { stopped }, |Stopped { stopped }| match stopped.len() {
        0 => "nothing was running".to_owned(),
        _ => format!("stopped {}", stopped.join(", ")),
    });
    Ok(())
}
