//! No query reads a table from end to end, nor the rows of a list that its filter leaves out.

use crate::world::World;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::{fs, path::Path};

/// Tables of lists that can be filtered, as plans name them.
const LONG: [&str; 31] = [
    "on votes",
    "on treasury_ledger",
    "on treasury_budget_changes",
    "on treasury_escrows",
    "on treasury_escrow_payees",
    "on treasury_releases",
    "on treasury_approvals",
    "on treasury_statements",
    "on treasury_signers",
    "on treasury_streams",
    "on treasury_pauses",
    "on overrides",
    "on sponsors",
    "on rounds",
    "on rankings",
    "on identity_votes",
    "on delegations",
    "on upgrades",
    "on parameters",
    "on parameter_history",
    "on flags",
    "on flag_history",
    "on releases",
    "on release_reports",
    "on origins",
    "on anchors",
    "on identities",
    "on members",
    "on freezes",
    "on roles",
    "on registry_events",
];

/// The statements that are checked at compile time and read the mirror, with the number of their parameters.
fn statements() -> Vec<(String, usize)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let mut statements = Vec::new();
    for entry in fs::read_dir(folder).expect(".sqlx is committed") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("text");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let sql = file["query"].as_str().expect("a statement").to_owned();
        let parameters = file["describe"]["parameters"]["Left"].as_array().map_or(0, Vec::len);
        if sql.contains("FROM mirror.") {
            statements.push((sql, parameters));
        }
    }
    statements
}

#[tokio::test]
async fn every_statement_goes_through_an_index() {
    let world = World::new().await;
    let mut connection = PgConnection::connect_with(&world.owner.connect_options()).await.expect("connected");
    // The tables are nearly empty, where reading all is quickest: a plan that still does so has no other way. Generic,
    // for that is what a prepared statement comes to.
    connection
        .execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan")
        .await
        .expect("set");
    let statements = statements();
    assert!(statements.len() >= 44, "only {} statements", statements.len());
    for (number, (sql, parameters)) in statements.iter().enumerate() {
        let arguments = vec!["NULL"; *parameters].join(", ");
        let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
        connection.execute(AssertSqlSafe(format!("PREPARE s{number} AS {sql}"))).await.expect("prepared");
        let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE s{number}{arguments}")));
        let rows = explain.fetch_all(&mut connection).await.expect("explained");
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        for line in plan.lines().filter(|line| line.contains("Seq Scan")) {
            // These have one row, or one for each contract or kind of proposal.
            let short =
                ["on source", "on contracts", "on head", "on cursor", "on governor", "on attestors", "on rules"];
            assert!(short.iter().any(|table| line.contains(table)), "{sql}\n{plan}");
        }
        // What is left to filter after the index was walked can be all but a few rows.
        let mut scan = "";
        for line in plan.lines() {
            if line.contains("Scan ") {
                scan = line;
            }
            let long = LONG.iter().any(|table| scan.contains(table));
            assert!(!(long && line.trim_start().starts_with("Filter:")), "{sql}\n{plan}");
        }
    }
}
