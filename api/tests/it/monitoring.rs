use crate::world::{Api, World, proposal};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

/// The indexer has seen the chain at this height.
pub async fn seen(world: &World, height: u64) {
    sqlx::query(
        "INSERT INTO raw.head (height, observed_at) VALUES ($1, '2026-03-01T12:10:30.1239Z')
        ON CONFLICT (only_row) DO UPDATE SET height = excluded.height",
    )
    .bind(i64::try_from(height).expect("a height"))
    .execute(&world.owner)
    .await
    .expect("the head moves");
}

#[tokio::test]
async fn the_status() {
    let world = World::new().await;
    seen(&world, 103).await;
    assert_json_snapshot!(world.json("/v1/status").await);
}

#[tokio::test]
async fn the_status_before_a_head_was_seen() {
    let data = &World::new().await.json("/v1/status").await["data"];
    assert_eq!((&data["head"], &data["lag_blocks"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_lag_is_never_negative() {
    let world = World::new().await;
    seen(&world, 99).await;
    assert_eq!(world.json("/v1/status").await["data"]["lag_blocks"], 0);
}

#[tokio::test]
async fn the_status_changes_with_the_head() {
    let world = World::new().await;
    seen(&world, 103).await;
    let tag = world.get("/v1/status").await.headers()["etag"].clone();
    let again = async || {
        let request = world.client().get(world.url("/v1/status")).header("if-none-match", tag.clone());
        request.send().await.expect("a response").status().as_u16()
    };
    assert_eq!(again().await, 304);
    seen(&world, 104).await;
    assert_eq!(again().await, 200);
}

#[tokio::test]
async fn alive_without_a_database() {
    assert_json_snapshot!(Api::without_database().await.json("/healthz").await);
}

#[tokio::test]
async fn ready() {
    assert_json_snapshot!(World::new().await.json("/readyz").await);
}

#[tokio::test]
async fn not_ready_without_a_database() {
    assert_json_snapshot!(Api::without_database().await.problem("/readyz").await);
}

#[tokio::test]
async fn not_ready_without_a_mirror() {
    assert_json_snapshot!(World::bare().await.problem("/readyz").await);
}

#[tokio::test]
async fn not_ready_without_a_block() {
    assert_json_snapshot!(World::empty().await.problem("/readyz").await);
}

#[tokio::test]
async fn not_ready_with_another_versions_mirror() {
    let world = World::new().await;
    world.execute("ALTER VIEW mirror.votes RENAME COLUMN power TO weight; DROP VIEW mirror.rounds").await;
    assert_json_snapshot!(world.problem("/readyz").await);
}

#[tokio::test]
async fn not_ready_with_older_contracts() {
    let world = World::new().await;
    world.execute("DELETE FROM raw.contracts WHERE name = 'ledger'").await;
    assert_json_snapshot!(world.problem("/readyz").await);
    for path in ["/v1/status", "/v1/treasury"] {
        assert_eq!(world.problem(path).await.status, 503, "{path}");
    }
}

#[tokio::test]
async fn ready_once_the_database_comes() {
    let world = World::bare().await;
    assert_eq!(world.problem("/readyz").await.status, 503);
    world.migrate().await;
    assert_eq!(world.problem("/readyz").await.status, 503);
    world.begin().await;
    assert_eq!(world.json("/readyz").await["data"]["ready"], true);
}

#[tokio::test]
async fn the_role_that_is_enough_can_read_nothing_else() {
    let world = World::new().await;
    let mut reader = PgConnection::connect(world.database.reader().as_str()).await.expect("connected");
    for table in ["SELECT 1 FROM raw.blocks", "SELECT 1 FROM mirror_2.votes", "SELECT 1 FROM _sqlx_migrations"] {
        let error = sqlx::query(table).fetch_optional(&mut reader).await.expect_err(table);
        assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{table}");
    }
    let writing = sqlx::query("UPDATE mirror.block SET height = 0").execute(&mut reader).await;
    assert!(writing.is_err());
}

#[tokio::test]
async fn metrics_count_by_route() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(7)])).await;
    for path in ["/v1/proposals/7", "/v1/proposals/7", "/v1/proposals/8", "/v1/secret-path", "/v1/accounts/secret"] {
        world.get(path).await;
    }
    world.client().post(world.url("/v1/proposals")).send().await.expect("a response");
    let response = world.get("/metrics").await;
    assert!(response.headers()["content-type"].to_str().expect("text").starts_with("text/plain; version=0.0.4"));
    let text = response.text().await.expect("text");
    for line in [
        r#"gaia_api_requests_total{route="/v1/proposals/{id}",method="GET",status="200"} 2"#,
        r#"gaia_api_requests_total{route="/v1/proposals/{id}",method="GET",status="404"} 1"#,
        r#"gaia_api_requests_total{route="/v1/accounts/{account}",method="GET",status="400"} 1"#,
        r#"gaia_api_requests_total{route="/v1/proposals",method="other",status="405"} 1"#,
        r#"gaia_api_requests_total{route="unknown",method="GET",status="404"} 1"#,
        r#"gaia_api_request_seconds_count{route="/v1/proposals/{id}"} 3"#,
        r#"gaia_api_request_seconds_bucket{route="/v1/proposals/{id}",le="+Inf"} 3"#,
        "gaia_api_mirror_height 100",
        "gaia_api_database_up 1",
        "gaia_api_database_connections_max 16",
        r#"gaia_api_database_connections{state="idle"}"#,
        r#"gaia_api_database_connections{state="busy"}"#,
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "no {line} in\n{text}");
    }
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn metrics_without_a_database() {
    let text = Api::without_database().await.get("/metrics").await.text().await.expect("text");
    assert!(text.lines().any(|line| line == "gaia_api_database_up 0"), "{text}");
}
