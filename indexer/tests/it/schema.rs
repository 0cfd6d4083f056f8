//! Whose database it is, and who may do what in it.

use crate::{
    chain::round,
    database::{Database, deployment},
    everything::everything,
};
use indexer::{Contracts, Deployment, Error, store::Store};
use interfaces::AccountId;
use sqlx::{Executor, Row};
use std::convert::Infallible;

#[tokio::test]
async fn another_genesis_is_refused() {
    let database = Database::fresh().await;
    database.store().await.write(&round().blocks).await.expect("writes");
    let before = database.dump().await;
    let other = Deployment { genesis: [0xab; 32].into(), ..deployment() };
    let error = database.try_store(&other).await.expect_err("another chain");
    assert!(matches!(error, Error::OtherGenesis { .. }), "{error}");
    for hash in ["07".repeat(32), "ab".repeat(32)] {
        assert!(error.to_string().contains(&hash), "{error}");
    }
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn other_contracts_are_refused() {
    let database = Database::fresh().await;
    database.store().await;
    let contracts = deployment().contracts;
    let account_of = |name: &str| contracts.each().find(|(known, _)| *known == name).expect("a contract").1;
    let somewhere = AccountId([0xcd; 32]);
    for name in Contracts::NAMES {
        let other = |known: &str| Ok::<_, Infallible>(if known == *name { somewhere } else { *account_of(known) });
        let Ok(contracts) = Contracts::try_from_fn(other);
        let other = Deployment { contracts, ..deployment() };
        let error = database.try_store(&other).await.expect_err("another contract");
        assert!(matches!(error, Error::OtherContract { .. }), "{error}");
        assert!(error.to_string().contains(&format!("another {name} (")), "{error}");
        assert!(error.to_string().contains(&"cd".repeat(32)), "{error}");
    }
    let later = Deployment { start: 11, ..deployment() };
    let error = database.try_store(&later).await.expect_err("another first block");
    assert!(matches!(error, Error::OtherStart { stored: 10, given: 11 }), "{error}");
}

#[tokio::test]
async fn older_contracts_are_refused() {
    let database = Database::empty().await;
    for migration in [
        include_str!("../../migrations/0001_raw.sql"),
        include_str!("../../migrations/0002_mirror_1.sql"),
        include_str!("../../migrations/0003_filtered_lists.sql"),
        "INSERT INTO raw.source (genesis_hash, chain, token, governor, treasury, start_height)
         SELECT decode(repeat('07', 32), 'hex'), 'Test', decode(repeat('01', 32), 'hex'),
                decode(repeat('02', 32), 'hex'), decode(repeat('03', 32), 'hex'), 10;
         INSERT INTO raw.blocks
         SELECT 10, decode(repeat('01', 32), 'hex'), decode(repeat('00', 32), 'hex'),
                decode(repeat('02', 32), 'hex'), 0, 1, 0, true;
         INSERT INTO raw.cursor (height, hash) SELECT height, hash FROM raw.blocks;
         INSERT INTO mirror_1.accounts VALUES (decode(repeat('65', 32), 'hex'), 1, 1, 10)",
        include_str!("../../migrations/0004_mirror_2.sql"),
        include_str!("../../migrations/0005_ledger_and_rankings.sql"),
        include_str!("../../migrations/0006_contracts.sql"),
        include_str!("../../migrations/0007_settings.sql"),
        include_str!("../../migrations/0008_attestors.sql"),
        include_str!("../../migrations/0009_treasury.sql"),
        include_str!("../../migrations/0010_registry.sql"),
        include_str!("../../migrations/0011_settings_mirror.sql"),
        include_str!("../../migrations/0012_projected.sql"),
        include_str!("../../migrations/0013_live_and_rebuilt.sql"),
    ] {
        database.run(migration).await;
    }
    assert_eq!(database.text("SELECT count(*)::text FROM raw.blocks").await, "1", "what the chain said stays");
    assert_eq!(database.text("SELECT count(*)::text FROM mirror.accounts").await, "0");
    assert_eq!(database.text("SELECT (to_regnamespace('mirror_1') IS NULL)::text").await, "true");
    // As if the migrator itself had run them.
    database
        .run(
            "CREATE TABLE _sqlx_migrations (version bigint, success boolean);
             INSERT INTO _sqlx_migrations VALUES (13, true)",
        )
        .await;
    let known = database.text("SELECT string_agg(name, ' ' ORDER BY name) FROM raw.contracts").await;
    assert_eq!(known, "governor token treasury");
    let error = database.try_store(&deployment()).await.expect_err("older contracts");
    assert!(matches!(error, Error::OlderContracts { lacks: "relay" }), "{error}");
    assert!(error.to_string().contains("from contracts without a relay; use another database"), "{error}");
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let database = Database::fresh().await;
    database
        .run(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'of the future', true, '', 0)",
        )
        .await;
    let error = database.try_store(&deployment()).await.expect_err("newer");
    assert!(matches!(error, Error::NewerSchema { found: 9999, .. }), "{error}");
    let error = indexer::migrate(&database.url()).await.expect_err("newer");
    assert!(matches!(error, Error::NewerSchema { found: 9999, .. }), "{error}");
}

#[tokio::test]
async fn an_unprepared_database_is_refused() {
    let database = Database::empty().await;
    let error = database.try_store(&deployment()).await.expect_err("no schema");
    assert!(error.to_string().contains("run `gaia-indexer migrate`"), "{error}");
}

#[tokio::test]
async fn migrating_twice_is_migrating_once() {
    let database = Database::fresh().await;
    database.store().await.write(&round().blocks).await.expect("writes");
    let before = database.dump().await;
    indexer::migrate(&database.url()).await.expect("nothing to do");
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn each_role_may_do_what_it_must_and_nothing_else() {
    let database = Database::empty().await;
    database
        .run(
            "DO $$ BEGIN
                 IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gaia_indexer') THEN
                     CREATE ROLE gaia_indexer;
                 END IF;
                 IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gaia_api') THEN CREATE ROLE gaia_api; END IF;
             END $$",
        )
        .await;
    indexer::migrate(&database.url()).await.expect("migrates");

    let mut store =
        Store::open(&database.url_as("gaia_indexer"), &deployment(), "Test").await.expect("opens as the lesser role");
    for block in everything().blocks {
        store.write(&[block]).await.expect("writes as the lesser role");
    }
    store.note_head(30).await.expect("notes the head as the lesser role");
    store.note_head(31).await.expect("notes the head as the lesser role");

    let may = async |role: &str, sql: &'static str| {
        let mut connection = database.pool.acquire().await.expect("connects");
        connection.execute(sqlx::AssertSqlSafe(format!("SET ROLE {role}"))).await.expect("the role is there");
        let answer = connection.execute(sql).await;
        connection.execute("RESET ROLE").await.expect("resets");
        match answer {
            Ok(_) => true,
            Err(error) => {
                assert!(error.to_string().contains("permission denied"), "{error}");
                false
            }
        }
    };
    for forbidden in [
        "UPDATE raw.blocks SET moment = 0",
        "DELETE FROM raw.contract_events",
        "UPDATE mirror_2.transfers SET value = 0",
        "DELETE FROM mirror_2.votes",
        "UPDATE mirror_2.treasury_ledger SET balance = 0",
        "DELETE FROM mirror_2.treasury_statements",
        "UPDATE mirror_2.parameter_history SET proposal = 0",
        "UPDATE mirror_2.flag_history SET operator = NULL",
        "DELETE FROM mirror_2.release_reports",
        "UPDATE mirror_2.anchors SET size = 1",
        "UPDATE mirror_2.registry_events SET reason = 0",
        "DELETE FROM mirror_2.registry_events",
        "DELETE FROM mirror_2.identities",
        "UPDATE raw.source SET start_height = 0",
        "CREATE TABLE raw.mine ()",
    ] {
        assert!(!may("gaia_indexer", forbidden).await, "{forbidden}");
    }
    for forbidden in [
        "SELECT * FROM raw.blocks",
        "SELECT * FROM mirror_2.votes",
        "DELETE FROM mirror.votes",
        "SELECT * FROM _sqlx_migrations",
    ] {
        assert!(!may("gaia_api", forbidden).await, "{forbidden}");
    }
    let views = database
        .pool
        .fetch_all("SELECT viewname FROM pg_views WHERE schemaname = 'mirror'")
        .await
        .expect("the query is right");
    assert!(!views.is_empty());
    for view in views {
        let view: String = view.get(0);
        let read: &'static str = format!("SELECT * FROM mirror.{view}").leak();
        assert!(may("gaia_api", read).await, "{read}");
    }
}
