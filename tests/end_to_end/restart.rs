//! `gaia up`, stopped and started again.

use crate::{
    round::gaia,
    world::{World, plan, repository, until},
};
use cli::stack::{Cluster, Home, Plan, Role, Stack};
use client::Chain;
use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

#[tokio::test]
async fn what_was_stopped_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut plan = plan(&folder);
    plan.keep_chain = true;
    let world = World::from_plan(folder, &plan).await;
    let made = world.propose(3).await;
    world.mirrored(made.block).await;
    let (genesis, deployment) = (world.chain.genesis_hash(), world.stack.deployment.clone());
    let World { stack, folder, .. } = world;
    stack.stop().await;

    let world = World::from_plan(folder, &plan).await;
    assert_eq!(world.chain.genesis_hash(), genesis);
    assert_eq!(world.stack.deployment, deployment, "nothing is deployed a second time");
    assert_eq!(world.as_told(made.answer).await.title, "Pay Ferdie 3");
    let again = world.propose(4).await;
    assert_eq!(again.answer, made.answer + 1);
    world.mirrored(again.block).await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn another_chain_is_refused_and_the_data_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = plan(&folder);
    // In memory: the second start finds the home folder's deployment, but a chain that has never seen it.
    let world = World::from_plan(folder, &plan).await;
    let made = world.propose(3).await;
    world.mirrored(made.block).await;
    let World { stack, folder, .. } = world;
    stack.stop().await;

    let other = tempfile::tempdir().expect("a temporary folder");
    let mut other_plan = crate::world::plan(&other);
    other_plan.chain_id = Some("another".into());
    let (service, url) = cli::stack::start_chain(&other_plan).await.expect("another chain");
    let mut plan = plan;
    plan.chain = Some(url.clone());
    let error = cli::stack::Stack::start(&plan).await.expect_err("another genesis");
    let text = error.to_string();
    let genesis = Chain::connect(&url).await.expect("it answers").genesis_hash();
    assert!(text.contains(&format!("{genesis:?}")) && text.contains("deployment.json"), "{text}");
    if let Some(service) = service {
        service.stop().await;
    }
    drop(folder);
}

#[tokio::test]
async fn a_chain_that_was_emptied_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = plan(&folder);
    // In memory: the second start finds the same genesis, but none of the contracts.
    let World { stack, folder, .. } = World::from_plan(folder, &plan).await;
    stack.stop().await;
    let error = Stack::start(&plan).await.expect_err("the contracts are gone");
    assert!(error.to_string().contains("was the chain emptied?"), "{error}");
    drop(folder);
}

#[tokio::test]
async fn a_bundle_that_is_missing_is_noticed_before_anything_is_deployed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let whole = plan(&folder);
    let mut part = whole.clone();
    part.keep_chain = true;
    part.bundles = folder.path().join("bundles");
    std::fs::create_dir(&part.bundles).expect("a folder");
    for name in ["governor.contract", "relay.contract"] {
        std::fs::copy(whole.bundles.join(name), part.bundles.join(name)).expect("copied");
    }
    let error = Stack::start(&part).await.expect_err("no ledger");
    assert!(error.to_string().contains("ledger.contract is missing: run `gaia contracts build`"), "{error}");

    let world = World::from_plan(folder, &Plan { keep_chain: true, ..whole }).await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn gaia_up_ends_with_ctrl_c_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut up = up(folder.path()).await;
    assert!(serves(folder.path()));
    // A second one in the same place is refused, and does not disturb the first.
    let second = Command::new(gaia()).arg("--home").arg(folder.path()).arg("up").output().await.expect("gaia starts");
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another gaia"));
    assert_eq!(second.status.code(), Some(2));

    let pid = up.id().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().await.expect("kill starts").success());
    assert_eq!(up.wait().await.expect("it ends").code(), Some(0));
    assert!(!serves(folder.path()));
}

#[tokio::test]
async fn services_do_not_outlive_a_gaia_up_that_was_killed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut up = up(folder.path()).await;
    up.kill().await.expect("killed");
    until("the services end", async || !serves(folder.path())).await;
}

/// `gaia up`, once everything is up.
async fn up(home: &Path) -> Child {
    let mut up = Command::new(gaia())
        .arg("--home")
        .arg(home)
        .args(["up", "--chain-port", "0", "--api-port", "0"])
        .current_dir(repository())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gaia starts");
    let mut lines = BufReader::new(up.stdout.take().expect("its output")).lines();
    assert_eq!(lines.next_line().await.expect("readable"), Some("up".to_owned()));
    up
}

/// Whether any process has the folder among its arguments.
pub fn serves(folder: &Path) -> bool {
    let needle = folder.as_os_str().as_encoded_bytes();
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    processes
        .filter_map(|process| std::fs::read(process.path().join("cmdline")).ok())
        .any(|arguments| arguments.windows(needle.len()).any(|window| window == needle))
}

#[tokio::test]
async fn a_database_that_is_there_is_used_unless_a_newer_version_made_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = Home::new(folder.path().join("cluster")).expect("a home");
    elsewhere.create().expect("created");
    let cluster = Cluster::create(&elsewhere).expect("a cluster");
    let service = cluster.start(&elsewhere).await.expect("it starts");
    cluster.provision().expect("a database");

    let mut plan = plan(&folder);
    plan.database = Some(cluster.url(Role::Owner));
    let world = World::from_plan(folder, &plan).await;
    let made = world.propose(3).await;
    world.mirrored(made.block).await;
    world.verified().await;
    let World { stack, folder, .. } = world;
    stack.stop().await;

    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', true, '', 0)";
    let done = Command::new("psql").args([&cluster.url(Role::Owner), "-qc", newer]).status().await;
    assert!(done.expect("psql starts").success());
    let error = Stack::start(&plan).await.expect_err("a newer database");
    assert!(error.to_string().contains("newer"), "{error}");
    service.stop().await;
    drop(folder);
}
