//! Projecting anew what was mirrored before.

use crate::{
    chain::START,
    database::{Database, mirrored},
    everything::everything,
};
use indexer::{Error, store::Store};

/// Empties the projection, as a migration that changes it does, and opens the mirror.
async fn emptied(database: &Database) -> Store {
    database.run("SELECT raw.project_anew()").await;
    database.store().await
}

/// Projects all that is kept, in batches of so many rows.
async fn project_all(store: &mut Store, rows: usize) {
    while store.project_kept(rows).await.expect("what is kept can be projected").is_some() {}
}

#[tokio::test]
async fn a_projection_made_anew_is_the_same() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let before = database.dump().await;
    for rows in [1, 7, 10_000] {
        let mut store = emptied(&database).await;
        assert_eq!(store.unprojected(), chain.blocks.len() as u64);
        assert_eq!(database.text("SELECT count(*)::text FROM mirror.transfers").await, "0");
        project_all(&mut store, rows).await;
        assert_eq!(store.unprojected(), 0);
        assert_eq!(database.dump().await, before);
    }
}

#[tokio::test]
async fn what_is_read_meanwhile_stands_at_a_block_that_is_projected() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let mut store = emptied(&database).await;
    let block = "SELECT max(height)::text FROM mirror.block";
    assert_eq!(database.text(block).await, "null");
    let written = store.project_kept(1).await.expect("projects").expect("there is a block");
    assert_eq!((written.tip.height, written.blocks), (START, 1));
    assert_eq!(database.text(block).await, START.to_string());
    let last = "SELECT max(height)::text FROM mirror.transfers";
    assert_eq!(database.text(last).await, START.to_string());
}

#[tokio::test]
async fn nothing_more_is_mirrored_before_what_is_kept_is_projected() {
    let chain = everything();
    let (first, rest) = chain.blocks.split_at(3);
    let before = mirrored(&chain).await.dump().await;
    let database = Database::fresh().await;
    database.store().await.write(first).await.expect("writes");
    let mut store = emptied(&database).await;
    let error = store.write(rest).await.expect_err("three blocks are not projected");
    assert!(error.to_string().contains("before those that are there were projected"), "{error}");
    project_all(&mut store, 10).await;
    store.write(rest).await.expect("everything before is projected");
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn whoever_goes_on_projecting_begins_where_the_last_one_stopped() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let before = database.dump().await;
    emptied(&database).await.project_kept(5).await.expect("projects");
    let mut second = database.store().await;
    assert!(second.unprojected() < chain.blocks.len() as u64);
    project_all(&mut second, 5).await;
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn two_cannot_project_at_once() {
    let database = mirrored(&everything()).await;
    let mut first = emptied(&database).await;
    let mut second = database.store().await;
    first.project_kept(5).await.expect("projects");
    let between = database.dump().await;
    let error = second.project_kept(5).await.expect_err("the first one was here");
    assert!(matches!(error, Error::Fenced { .. }), "{error}");
    assert_eq!(database.dump().await, between);
}

#[tokio::test]
async fn an_event_that_is_kept_no_more_is_missed() {
    let database = mirrored(&everything()).await;
    let last = format!("SELECT max(index) FROM raw.contract_events WHERE height = {START}");
    database.run(&format!("DELETE FROM raw.contract_events WHERE height = {START} AND index = ({last})")).await;
    let mut store = emptied(&database).await;
    let error = store.project_kept(5).await.expect_err("an event is missing");
    assert!(error.to_string().contains(&format!("at height {START} not the block and events")), "{error}");
}
