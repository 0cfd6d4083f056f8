//! `gaia up`, stopped and started again.

use crate::world::{World, plan};
use client::Chain;

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
