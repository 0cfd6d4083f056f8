//! One transaction per batch, one writer, no gap, no repeat.

use crate::{
    chain::{Chain, START, person, round},
    database::Database,
};
use indexer::{Error, facts::BlockFacts, store::Store};
use interfaces::token::Transfer;
use std::time::Duration;
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn an_error_inside_a_batch_leaves_everything_as_it_was() {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    let mut chain = Chain::with_tokens();
    store.write(&chain.blocks).await.expect("writes");
    let before = database.dump().await;

    chain
        .block(1, |block| block.token(&Transfer { from: Some(person(1)), to: Some(person(2)), value: 10 }))
        .block(2, |block| block.token(&Transfer { from: Some(person(1)), to: Some(person(2)), value: 1_000 }));
    let error = store.write(&chain.blocks[1..]).await.expect_err("person 1 holds only 90");
    assert!(matches!(error, Error::Contradiction { height: 12, .. }), "{error}");
    assert_eq!(database.dump().await, before);
    assert_eq!(store.next_height(), START + 1);

    // The good block goes in afterwards.
    store.write(&chain.blocks[1..2]).await.expect("writes");
    assert_eq!(database.store().await.next_height(), START + 2);
}

#[tokio::test]
async fn a_gap_is_refused() {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    let chain = round();
    let late = store.write(&chain.blocks[1..]).await.expect_err("the first block is missing");
    assert!(matches!(late, Error::NotNext { expected: START, .. }), "{late}");

    store.write(&chain.blocks[..2]).await.expect("writes");
    let before = database.dump().await;
    let gap = store.write(&chain.blocks[3..]).await.expect_err("a block is missing");
    assert!(matches!(gap, Error::NotNext { .. }), "{gap}");
    let inner = [chain.blocks[2].clone(), chain.blocks[4].clone()];
    let gap = store.write(&inner).await.expect_err("a block is missing within the batch");
    assert!(matches!(gap, Error::NotNext { .. }), "{gap}");
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn a_repeat_is_refused() {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    let chain = round();
    store.write(&chain.blocks[..3]).await.expect("writes");
    let before = database.dump().await;
    for again in [&chain.blocks[..3], &chain.blocks[2..5]] {
        let error = store.write(again).await.expect_err("it is there already");
        assert!(matches!(error, Error::NotNext { expected: 13, .. }), "{error}");
    }
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn a_block_of_another_history_is_refused() {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    let chain = round();
    store.write(&chain.blocks[..3]).await.expect("writes");
    let before = database.dump().await;
    let mut fork = Chain::new();
    fork.salt = 1;
    for moment in 0..6 {
        fork.empty(moment);
    }

    let at_cursor = store.write(&fork.blocks[3..]).await.expect_err("another parent");
    assert!(matches!(at_cursor, Error::OtherHistory { height: 12, .. }), "{at_cursor}");
    let mixed = [chain.blocks[3].clone(), fork.blocks[4].clone()];
    let within = store.write(&mixed).await.expect_err("another parent within the batch");
    assert!(matches!(within, Error::OtherHistory { height: 13, .. }), "{within}");
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn a_second_writer_is_refused() {
    let database = Database::fresh().await;
    let chain = round();
    let mut first = database.store().await;
    first.write(&chain.blocks[..2]).await.expect("writes");
    let mut second = database.store().await;
    first.write(&chain.blocks[2..4]).await.expect("writes");
    let before = database.dump().await;

    let error = second.write(&chain.blocks[2..5]).await.expect_err("the first one was here");
    assert!(matches!(error, Error::Fenced { .. }), "{error}");
    assert!(error.to_string().starts_with("another indexer writes this database"), "{error}");
    let error = second.recover().await.expect_err("the first one was here");
    assert!(matches!(error, Error::Fenced { .. }), "{error}");
    assert_eq!(database.dump().await, before);
    first.write(&chain.blocks[4..]).await.expect("the first one goes on");
}

#[tokio::test]
async fn of_two_writers_that_begin_together_one_writes() {
    let database = Database::fresh().await;
    let chain = round();
    let (mut first, mut second) = (database.store().await, database.store().await);
    let (first, second) = tokio::join!(first.write(&chain.blocks), second.write(&chain.blocks[..3]));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let refused = first.and(second).expect_err("one is refused");
    assert!(matches!(refused, Error::Fenced { .. }), "{refused}");
}

#[tokio::test]
async fn a_connection_lost_while_committing_is_found_out() {
    let database = Database::fresh().await;
    let chain = round();
    let mut store = database.store().await;
    store.write(&chain.blocks[..2]).await.expect("writes");
    let before = database.dump().await;
    database
        .run(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER die AFTER INSERT ON raw.blocks DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION die()",
        )
        .await;
    let error = store.write(&chain.blocks[2..]).await.expect_err("Postgres ends the connection");
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(database.dump().await, before);

    database.run("DROP TRIGGER die ON raw.blocks").await;
    store.recover().await.expect("nobody else was here");
    store.write(&chain.blocks[2..]).await.expect("writes");
}

/// Makes every commit that adds blocks wait until the table `gate` has a row.
async fn slow_commits(database: &Database) {
    database
        .run(
            "CREATE TABLE gate ();
             CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.005); END LOOP; RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON raw.blocks DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION wait()",
        )
        .await;
}

/// Begins to write and is gone before Postgres has committed, as when the connection is lost then.
async fn abandon(database: &Database, store: &mut Store, blocks: &[BlockFacts]) {
    tokio::select! {
        written = store.write(blocks) => panic!("it should wait: {written:?}"),
        () = until(database, "state = 'active' AND query = 'COMMIT'") => {}
    }
}

/// Opens the gate as soon as somebody waits for what is being committed.
async fn release(database: &Database) {
    until(database, "wait_event_type = 'Lock'").await;
    database.run("INSERT INTO gate DEFAULT VALUES").await;
}

/// Waits for a connection of which this holds.
async fn until(database: &Database, condition: &str) {
    let query = format!(
        "SELECT EXISTS (SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition})::text"
    );
    let holds = async {
        while database.text(&query).await != "true" {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(30), holds).await.expect("it comes to that");
}

#[tokio::test]
async fn a_commit_that_outlives_its_connection_is_waited_for() {
    let database = Database::fresh().await;
    let chain = round();
    let mut store = database.store().await;
    store.write(&chain.blocks[..2]).await.expect("writes");
    slow_commits(&database).await;
    abandon(&database, &mut store, &chain.blocks[2..4]).await;

    let (recovered, ()) = tokio::join!(store.recover(), release(&database));
    recovered.expect("nobody else was here");
    assert_eq!(store.next_height(), START + 4);
    store.write(&chain.blocks[4..]).await.expect("writes");
}

#[tokio::test]
async fn a_first_commit_that_outlives_its_connection_is_not_somebody_elses() {
    let database = Database::fresh().await;
    let chain = round();
    let mut store = database.store().await;
    slow_commits(&database).await;
    abandon(&database, &mut store, &chain.blocks[..2]).await;

    // There is no row yet that could be waited for.
    store.recover().await.expect("nobody else was here");
    assert_eq!(store.next_height(), START);
    let (written, ()) = tokio::join!(store.write(&chain.blocks[..3]), release(&database));
    let error = written.expect_err("the batch before was written after all");
    assert!(matches!(error, Error::Late(_)) && error.is_transient(), "{error}");
    store.recover().await.expect("it was this one");
    assert_eq!(store.next_height(), START + 2);
    store.write(&chain.blocks[2..]).await.expect("writes");
}

#[tokio::test]
async fn a_commit_that_takes_too_long_is_asked_about_again() {
    let database = Database::fresh().await;
    let chain = round();
    let mut store = database.store().await;
    store.write(&chain.blocks[..2]).await.expect("writes");
    slow_commits(&database).await;
    abandon(&database, &mut store, &chain.blocks[2..4]).await;

    let error = store.recover().await.expect_err("it is still being committed");
    assert!(error.is_transient(), "{error:?}");
    let (recovered, ()) = tokio::join!(store.recover(), release(&database));
    recovered.expect("nobody else was here");
    assert_eq!(store.next_height(), START + 4);
}

#[tokio::test]
async fn an_empty_batch_is_nothing() {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    assert_eq!(store.write(&[]).await.expect("nothing to do"), None);
    assert_eq!(store.next_height(), START);
}
