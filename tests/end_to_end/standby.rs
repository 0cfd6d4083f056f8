//! Beyond one machine: a primary of Postgres with a standby, readers of the standby, and the loss of the primary.

use crate::{
    commands::{home, run},
    round::gaia,
    world::{World, signer, until},
};
use api::model::{Answer, Status};
use cli::stack::{Cluster, Home, Programs, Role};
use client::messages::token;
use interfaces::AccountId;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A cluster's folder.
fn folder(within: &TempDir, name: &str) -> Home {
    let home = Home::new(within.path().join(name)).expect("a home");
    home.create().expect("a folder");
    home
}

/// Starts one of the programs beside `gaia`, with a database; it ends with the test. With where it says that it listens.
async fn start(program: &str, database: &str, arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(gaia().with_file_name(program))
        .args(["run", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .env("GAIA_DATABASE_URL", database)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let line =
        BufReader::new(child.stdout.take().expect("piped")).lines().next_line().await.expect("it says something");
    let line = line.expect("it listens");
    (child, line.split_whitespace().last().expect("a URL").to_owned())
}

/// Mirrors the world's chain, block by block, so that there is time to interrupt it.
async fn start_indexer(world: &World, database: &str) -> Child {
    let deployment = home(world).join("deployment.json");
    let deployment = deployment.to_str().expect("UTF-8");
    let bounds = ["--blocks-ahead", "1", "--batch-rows", "1"];
    let rest = ["--chain", &world.stack.chain_url, "--deployment", deployment];
    start("gaia-indexer", database, &[&rest[..], &bounds[..]].concat()).await.0
}

/// The last mirrored height.
async fn mirrored(database: &str) -> u64 {
    let arguments =
        ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-c", "SELECT max(height) FROM raw.blocks"];
    let output = Command::new("psql").arg(database).args(arguments).output().await.expect("psql starts");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_default()
}

#[tokio::test]
async fn a_primary_that_is_killed_while_it_is_filled_loses_nothing_and_doubles_nothing() {
    let world = World::new().await;
    let to = AccountId::from(signer("Ferdie").account().0);
    for amount in 1..=60 {
        world.token().send(&signer("Charlie"), &token::transfer(to, amount)).await.expect("a transfer");
    }
    let clusters = tempfile::tempdir().expect("a temporary folder");
    let (one, other) = (folder(&clusters, "one"), folder(&clusters, "other"));
    let primary = Cluster::create(&one).expect("a cluster");
    let server = primary.start(&one).await.expect("it starts");
    primary.provision().expect("roles and a database");
    Programs::find().expect("the programs").migrate(&primary.url(Role::Owner)).expect("a schema");
    let standby = primary.standby(&other).expect("a copy");
    let follower = standby.start(&other).await.expect("it starts");

    let indexer = start_indexer(&world, &primary.url(Role::Indexer)).await;
    let seen = standby.url(Role::Owner);
    until("the standby follows", async || mirrored(&seen).await > world.stack.deployment.height + 5).await;
    // A replica of the API that reads the standby keeps to the block that its reader names.
    let (_api, url) = start("gaia-api", &standby.url(Role::Api), &[]).await;
    let wanted = mirrored(&primary.url(Role::Owner)).await;
    let request = reqwest::Client::new().get(format!("{url}/v1/status")).header("x-min-block", wanted);
    let response = request.send().await.expect("it answers").error_for_status().expect("the standby comes there");
    let answer: Answer<Status> = response.json().await.expect("the status");
    assert!(answer.block.height >= wanted);

    server.kill().await;
    drop(indexer);
    standby.promote().expect("it takes writes");
    let left = mirrored(&seen).await;
    let head = world.chain.head().await.expect("a head").height;
    assert!(left > 0 && left < head, "killed in the middle: at {left} of {head}");
    let _indexer = start_indexer(&world, &standby.url(Role::Indexer)).await;
    until("the rest is mirrored", async || mirrored(&seen).await >= head).await;

    let ran = run(&home(&world), &["--json", "index", "check", "--full", "--database", &seen]).await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    follower.stop().await;
    world.stack.stop().await;
}
