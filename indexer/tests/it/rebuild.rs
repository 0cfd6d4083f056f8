//! A second projection beside the live one, and what is looked for in what is kept.

use crate::{
    chain::START,
    database::{Database, deployment, mirrored},
    everything::everything,
};
use indexer::{
    Error,
    store::{Difference, Kept, Watcher, check_projection, rebuild, switch_back},
};

struct Silent;

impl Watcher for Silent {
    fn projected(&mut self, _: u64, _: u64) {}
}

/// The rows of the projection, and nothing that tells of rebuilding.
async fn rows(database: &Database) -> Vec<(String, String)> {
    let dump = database.dump().await;
    dump.into_iter().filter(|(table, _)| table.starts_with("mirror_2.")).collect()
}

/// How tables, keys and indexes are laid out, and who may do what with them.
async fn form(database: &Database) -> String {
    database
        .list(
            "SELECT line FROM (
                 SELECT format('%s %s', oid::regclass, relacl) AS line
                 FROM pg_class WHERE relnamespace = 'mirror_2'::regnamespace AND relkind = 'r'
                 UNION ALL
                 SELECT format('%s %s %s %s', attrelid::regclass, attname, atttypid::regtype, attnotnull) FROM pg_attribute
                 WHERE attnum > 0 AND attrelid IN
                     (SELECT oid FROM pg_class WHERE relnamespace = 'mirror_2'::regnamespace AND relkind = 'r')
                 UNION ALL
                 SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
                 FROM pg_constraint WHERE connamespace = 'mirror_2'::regnamespace
                 UNION ALL
                 SELECT indexdef FROM pg_indexes WHERE schemaname = 'mirror_2'
                 UNION ALL
                 SELECT format('%s %s', viewname, definition) FROM pg_views WHERE schemaname = 'mirror'
             ) AS lines ORDER BY line",
        )
        .await
}

async fn tamper(database: &Database) {
    database.run("UPDATE mirror_2.votes SET power = power + 1").await;
    database.run("DELETE FROM mirror_2.transfers WHERE height = (SELECT max(height) FROM mirror_2.transfers)").await;
}

#[tokio::test]
async fn a_projection_that_follows_from_the_events_is_found_to_be_so_and_left_alone() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let before = (database.dump().await, form(&database).await);
    let found = check_projection(&database.url(), &mut Silent).await.expect("it can be projected");
    assert_eq!(found.differences, []);
    assert_eq!(found.blocks, chain.blocks.len() as u64);
    assert_eq!(found.events, chain.blocks.iter().map(|block| block.events.len() as u64).sum::<u64>());
    assert_eq!((database.dump().await, form(&database).await), before);
    assert_eq!(database.text("SELECT to_regnamespace('mirror_2_before')::text").await, "null");
}

#[tokio::test]
async fn rows_that_were_changed_or_deleted_are_found() {
    let database = mirrored(&everything()).await;
    tamper(&database).await;
    let found = check_projection(&database.url(), &mut Silent).await.expect("it can be projected");
    let tables: Vec<_> = found.differences.iter().map(|Difference { table, .. }| table.as_str()).collect();
    assert_eq!(tables, ["transfers", "votes"]);
    let [transfers, votes] = found.differences.as_slice() else { panic!("two tables") };
    assert_eq!((transfers.live.0, transfers.anew.0 > 0), (0, true));
    assert!(votes.live.0 > 0 && votes.live.0 == votes.anew.0, "{votes:?}");
    assert!(votes.live.1.is_some());
}

#[tokio::test]
async fn a_rebuilt_projection_is_the_one_that_is_read() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let (right, form_before) = (rows(&database).await, form(&database).await);
    tamper(&database).await;
    let found = rebuild(&database.url(), &mut Silent).await.expect("it can be projected");
    assert_eq!(found.differences.len(), 2);
    assert_eq!(rows(&database).await, right);
    assert_eq!(form(&database).await, form_before, "only the rows are other ones");
    let read = "SELECT sum(power)::text FROM mirror.votes";
    assert_eq!(database.text(read).await, database.text("SELECT sum(power)::text FROM mirror_2.votes").await);
}

#[tokio::test]
async fn rebuilding_twice_is_rebuilding_once() {
    let database = mirrored(&everything()).await;
    let before = (rows(&database).await, form(&database).await);
    for _ in 0..2 {
        let found = rebuild(&database.url(), &mut Silent).await.expect("it can be projected");
        assert_eq!(found.differences, []);
        assert_eq!((rows(&database).await, form(&database).await), before);
    }
}

#[tokio::test]
async fn the_indexer_goes_on_after_a_rebuilding_and_after_switching_back() {
    let chain = everything();
    let right = rows(&mirrored(&chain).await).await;
    let database = Database::fresh().await;
    let (first, rest) = chain.blocks.split_at(chain.blocks.len() / 2);
    let (second, third) = rest.split_at(rest.len() / 2);
    let mut store = database.store().await;
    store.write(first).await.expect("writes");
    rebuild(&database.url(), &mut Silent).await.expect("it can be projected");
    store.write(second).await.expect("the same indexer writes on");
    switch_back(&database.url()).await.expect("there is one to switch to");
    let error = store.write(third).await.expect_err("not everything before is projected any more");
    assert!(error.is_transient(), "{error}");
    // As after any interruption.
    store.recover().await.expect("the cursor is where it was");
    assert_eq!(store.unprojected(), second.len() as u64, "what was mirrored since");
    while store.project_kept(10).await.expect("what is kept can be projected").is_some() {}
    store.write(third).await.expect("everything before is projected");
    assert_eq!(rows(&database).await, right);
    switch_back(&database.url()).await.expect("and there is the other one");
    let mut store = database.store().await;
    while store.project_kept(10).await.expect("what is kept can be projected").is_some() {}
    assert_eq!(rows(&database).await, right);
}

#[tokio::test]
async fn blocks_that_are_mirrored_while_it_is_rebuilt_are_in_it() {
    let chain = everything();
    let right = rows(&mirrored(&chain).await).await;
    let database = Database::fresh().await;
    let (first, rest) = chain.blocks.split_at(3);
    let mut store = database.store().await;
    store.write(first).await.expect("writes");
    let (rebuilt, ()) =
        tokio::join!(async { rebuild(&database.url(), &mut Silent).await.expect("it can be projected") }, async {
            for block in rest {
                // It may have to wait longer than it will, as for any other transaction.
                while let Err(error) = store.write(std::slice::from_ref(block)).await {
                    assert!(error.is_transient(), "{error}");
                    store.recover().await.expect("the cursor is where it was");
                }
            }
        });
    assert_eq!(rebuilt.differences, []);
    assert_eq!(rows(&database).await, right);
}

#[tokio::test]
async fn without_a_projection_before_nothing_is_switched() {
    let database = mirrored(&everything()).await;
    let error = switch_back(&database.url()).await.expect_err("there is none");
    assert!(matches!(error, Error::NoProjectionBefore), "{error}");
}

#[tokio::test]
async fn an_empty_database_has_nothing_to_rebuild() {
    let database = Database::fresh().await;
    for error in [
        rebuild(&database.url(), &mut Silent).await.expect_err("nothing is mirrored"),
        check_projection(&database.url(), &mut Silent).await.expect_err("nothing is mirrored"),
        Kept::open(&database.url()).await.map(drop).expect_err("nothing is mirrored"),
    ] {
        assert!(matches!(error, Error::NothingMirrored), "{error}");
    }
}

#[tokio::test]
async fn a_role_that_owns_nothing_cannot_rebuild() {
    let database = mirrored(&everything()).await;
    let before = database.dump().await;
    let error = rebuild(&database.url_as("pg_read_all_data"), &mut Silent).await.expect_err("it may not");
    assert!(error.to_string().contains("permission denied"), "{error}");
    assert_eq!(database.dump().await, before);
}

/// What is wrong after a statement.
async fn wrong(statement: &str) -> Vec<String> {
    let database = mirrored(&everything()).await;
    database.run(statement).await;
    let mut kept = Kept::open(&database.url()).await.expect("it can be looked at");
    let found = kept.gaps().await.expect("Postgres answers");
    kept.close().await.expect("closes");
    found
}

#[tokio::test]
async fn nothing_is_missing_in_a_mirror_that_is_whole() {
    assert_eq!(wrong("SELECT 1").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_block_that_is_missing_is_named() {
    let second = START + 1;
    let statement = format!(
        "DELETE FROM raw.native_balances WHERE height = {second};
         DELETE FROM raw.existential_deposits WHERE height = {second};
         DELETE FROM raw.contract_events WHERE height = {second}; DELETE FROM raw.blocks WHERE height = {second}"
    );
    assert_eq!(wrong(&statement).await, [format!("the blocks from {second} to {second} are missing")]);
}

#[tokio::test]
async fn the_first_and_the_last_block_are_missed_too() {
    let last = START + everything().blocks.len() as u64 - 1;
    for height in [START, last] {
        let statement =
            format!("SET session_replication_role = replica; DELETE FROM raw.blocks WHERE height = {height}");
        assert_eq!(wrong(&statement).await, [format!("the blocks from {height} to {height} are missing")]);
    }
}

#[tokio::test]
async fn a_block_beyond_the_last_is_named() {
    let statement = "INSERT INTO raw.blocks SELECT 99999, sha256(hash), hash, state_root, moment, spec_version, 0, true
                     FROM raw.blocks ORDER BY height DESC LIMIT 1";
    assert_eq!(wrong(statement).await, ["block 99999 is there, outside of what is mirrored"]);
}

#[tokio::test]
async fn a_block_that_follows_another_is_named() {
    let statement = format!("UPDATE raw.blocks SET parent_hash = sha256(hash) WHERE height = {}", START + 2);
    let found = wrong(&statement).await;
    assert!(found.len() == 1 && found[0].starts_with(&format!("block {} follows 0x", START + 2)), "{found:?}");
}

#[tokio::test]
async fn an_event_that_is_missing_or_doubled_is_counted() {
    let statement = format!(
        "DELETE FROM raw.contract_events WHERE (height, index) = (SELECT height, max(index) FROM raw.contract_events
         WHERE height = {START} GROUP BY height)"
    );
    let found = wrong(&statement).await;
    assert!(found.len() == 1 && found[0].starts_with(&format!("block {START} had ")), "{found:?}");
    let statement = format!(
        "INSERT INTO raw.contract_events SELECT height, 9999, extrinsic, contract, topics, data
         FROM raw.contract_events WHERE height = {START} LIMIT 1"
    );
    assert_eq!(wrong(&statement).await.len(), 1);
}

#[tokio::test]
async fn what_is_kept_is_what_was_mirrored() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let mut kept = Kept::open(&database.url()).await.expect("it can be looked at");
    assert_eq!(kept.deployment(), &deployment());
    assert_eq!(kept.heights(), START..START + chain.blocks.len() as u64);
    for block in &chain.blocks {
        assert_eq!(kept.block(block.id.height).await.expect("Postgres answers").as_ref(), Some(block));
    }
    assert_eq!(kept.block(START + 9_999).await.expect("Postgres answers"), None);
}
