//! `gaia status`.

use super::Shared;
use crate::{Result, output::table};
use api::model::{Answer, Status as Mirrored};
use client::Chain;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Status {
    services: Vec<Alive>,
    chain: Part,
    mirror: Part,
    /// Blocks that the mirror is behind the chain's finalised head.
    lag_blocks: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Alive {
    name: String,
    pid: i32,
    running: bool,
}

/// One side, or why it could not be asked.
#[derive(Debug, Default, Serialize)]
struct Part {
    url: Option<String>,
    height: Option<u64>,
    hash: Option<String>,
    problem: Option<String>,
}

pub(super) async fn run(shared: &Shared) -> Result<()> {
    let running = shared.home()?.running();
    let chain_url = shared.chain.clone().or(running.as_ref().and_then(|running| running.chain_url.clone()));
    let api_url = shared.api.clone().or(running.as_ref().and_then(|running| running.api_url.clone()));
    let services = running.into_iter().flat_map(|running| running.services).map(|service| Alive {
        running: service.is_alive(),
        pid: service.pid,
        name: service.name,
    });
    let services: Vec<_> = services.collect();
    // The mirror first: a chain that moves on in between can only make it look further behind, never ahead.
    let mirror = part(api_url, async |url| {
        let answer: Answer<Mirrored> = crate::api::Api::new(url)?.get("/v1/status").await?;
        Ok((answer.block.height, answer.block.hash.to_string()))
    })
    .await;
    let chain = part(chain_url, async |url| {
        let head = Chain::connect(url).await?.head().await?;
        Ok((head.height, format!("{:?}", head.hash)))
    })
    .await;
    let lag_blocks = chain.height.zip(mirror.height).map(|(chain, mirror)| chain.saturating_sub(mirror));
    let status = Status { services, chain, mirror, lag_blocks };
    shared.output().result(&status, text);
    Ok(())
}

async fn part(url: Option<String>, ask: impl AsyncFnOnce(&str) -> Result<(u64, String)>) -> Part {
    let Some(url) = url else { return Part { problem: Some("not running".into()), ..Part::default() } };
    match ask(&url).await {
        Ok((height, hash)) => Part { url: Some(url), height: Some(height), hash: Some(hash), problem: None },
        Err(error) => Part { url: Some(url), problem: Some(error.to_string()), ..Part::default() },
    }
}

fn text(status: &Status) -> String {
    let mut rows: Vec<_> = status
        .services
        .iter()
        .map(|service| {
            let state = if service.running { "running" } else { "stopped" };
            vec![service.name.clone(), state.to_owned(), format!("pid {}", service.pid)]
        })
        .collect();
    for (name, part) in [("finalised head", &status.chain), ("mirror", &status.mirror)] {
        let state = match (&part.height, &part.problem) {
            (Some(height), _) => format!("block {height}"),
            (None, problem) => problem.clone().unwrap_or_default(),
        };
        rows.push(vec![name.to_owned(), state, part.url.clone().unwrap_or_default()]);
    }
    let lag = status.lag_blocks.map_or("unknown".to_owned(), |lag| format!("{lag} blocks"));
    rows.push(vec!["behind by".to_owned(), lag, String::new()]);
    table(&["what", "state", "where"], &rows)
}
