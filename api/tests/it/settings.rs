//! What governance tells the systems.

use crate::world::{
    World, anchor, bytes, course, flag, flag_entry, integer, moment, parameter, parameter_entry, release,
    release_report, with,
};
use insta::assert_json_snapshot;
use interfaces::{
    governor::Kind,
    settings::{Bounds, Course, Decimal, Definition, Value as Kept},
};
use scale::Encode;
use serde_json::{Value, json};

const OWNER: Kind = Kind::ParameterChange;

/// A parameter that was defined in block 20, scheduled in block 30 to change at block 50, set in block 40, scheduled
/// again in block 60 and in block 70, the second time to change at block 110, while the mirror stands at block 100.
async fn parameters() -> World {
    let world = World::new().await;
    let last = course(2, Some((110, 4)));
    world.insert("mirror_2.parameters", json!([parameter("fee", OWNER, &last)])).await;
    let entries = [
        parameter_entry("fee", 20, 1, "define", &course(0, None)),
        parameter_entry("fee", 30, 1, "schedule", &course(0, Some((50, 2)))),
        parameter_entry("fee", 40, 1, "set", &course(1, Some((50, 2)))),
        parameter_entry("fee", 60, 1, "schedule", &course(2, Some((80, 3)))),
        with(parameter_entry("fee", 70, 1, "schedule", &last), json!({ "proposal": null })),
        parameter_entry("other", 75, 1, "retire", &Course::default()),
    ];
    world.insert("mirror_2.parameter_history", json!(entries)).await;
    world
}

#[tokio::test]
async fn a_parameter() {
    assert_json_snapshot!(parameters().await.json("/v1/parameters/fee").await);
}

#[tokio::test]
async fn the_history_of_a_parameter() {
    assert_json_snapshot!(parameters().await.json("/v1/parameters/fee/history").await);
}

#[tokio::test]
async fn time_alone_changes_a_parameter() {
    let world = parameters().await;
    for (height, value, next) in [(109, "2", json!("4")), (110, "4", Value::Null)] {
        world.advance(height).await;
        let answer = world.json("/v1/parameters/fee").await;
        assert_eq!(answer["data"]["value"], json!({ "type": "integer", "value": value }), "at {height}");
        assert_eq!(answer["data"]["next"]["value"]["value"], next, "at {height}");
    }
    let history = world.json("/v1/parameters/fee/history?limit=1").await;
    let in_force = &history["data"][0]["in_force"];
    let spans: Vec<_> =
        in_force.as_array().expect("spans").iter().map(|it| (&it["value"]["value"], &it["until"])).collect();
    let until = json!({ "moment": moment(110), "time": in_force[1]["from"]["time"] });
    assert_eq!(spans, [(&json!("2"), &until), (&json!("4"), &Value::Null)]);
}

#[tokio::test]
async fn a_retired_parameter_has_no_value() {
    let world = World::new().await;
    world.insert("mirror_2.parameters", json!([parameter("fee", OWNER, &Course::default())])).await;
    let answer = world.json("/v1/parameters/fee").await;
    assert_eq!((&answer["data"]["value"], &answer["data"]["next"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn values_of_every_type() {
    let world = World::new().await;
    let typed = |key: &str, bounds, value: Kept| {
        let definition = Definition { bounds, ..integer(OWNER) };
        let course = Course { value: Some(value), next: None };
        with(parameter(key, OWNER, &course), json!({ "definition": bytes(&definition.encode()) }))
    };
    let rows = [
        typed("a", Bounds::Bool, Kept::Bool(true)),
        typed("b", Bounds::Integer { least: i128::MIN, most: i128::MAX }, Kept::Integer(i128::MIN)),
        typed(
            "c",
            Bounds::Decimal { scale: 4, least: -10_000, most: 10_000 },
            Kept::Decimal(Decimal { units: -25, scale: 4 }),
        ),
        typed("d", Bounds::Text { longest: 9 }, Kept::Text("a\0 \u{1f331}".to_owned())),
        typed("e", Bounds::Duration { least: 0, most: u64::MAX }, Kept::Duration(u64::MAX)),
        typed("f", Bounds::Account, Kept::Account([1; 32].into())),
    ];
    world.insert("mirror_2.parameters", json!(rows)).await;
    let page = world.json("/v1/parameters").await;
    let shown: Vec<_> =
        page["data"].as_array().expect("rows").iter().map(|row| json!([row["bounds"], row["value"]])).collect();
    assert_json_snapshot!(shown);
}

#[tokio::test]
async fn a_definition_that_makes_no_sense_is_a_problem_that_tells_nothing() {
    let world = World::new().await;
    let row = with(parameter("fee", OWNER, &course(1, None)), json!({ "definition": bytes(&[9]) }));
    world.insert("mirror_2.parameters", json!([row])).await;
    let problem = world.problem("/v1/parameters/fee").await;
    assert_eq!((problem.status, problem.detail.contains("definition")), (500, false), "{problem:?}");
}

const BODY: &str = r#"{
    "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
    "targeting": { "if": [{ "==": [{ "var": "plan" }, "pro"] }, "on", null] }
}"#;

async fn flags() -> World {
    let world = World::new().await;
    let rows = [
        flag("dark-mode", 0, true, BODY),
        flag("nonsense", 5_000, false, "on"),
        flag("search", 2_500, false, BODY),
        with(flag("whole", 10_000, false, BODY), json!({ "ceiling_bps": 10_000 })),
    ];
    world.insert("mirror_2.flags", json!(rows)).await;
    let entries = [
        flag_entry("search", 20, 1, "set", 0),
        flag_entry("search", 21, 1, "expose", 5_000),
        flag_entry("search", 22, 1, "kill", 0),
        flag_entry("search", 23, 1, "revive", 0),
        flag_entry("search", 30, 1, "expose", 2_500),
        flag_entry("whole", 25, 1, "set", 10_000),
    ];
    world.insert("mirror_2.flag_history", json!(entries)).await;
    world
}

#[tokio::test]
async fn a_flag() {
    let world = flags().await;
    assert_json_snapshot!(world.json("/v1/flags/search").await);
    let nonsense = world.json("/v1/flags/nonsense").await;
    assert_eq!((&nonsense["data"]["body"], &nonsense["data"]["definition"]), (&json!("on"), &Value::Null));
}

#[tokio::test]
async fn the_history_of_a_flag() {
    assert_json_snapshot!(flags().await.json("/v1/flags/search/history").await);
}

#[tokio::test]
async fn what_flagd_reads() {
    let world = flags().await;
    assert_json_snapshot!(world.json("/v1/flags.flagd.json").await);
    let response = world.get("/v1/flags.flagd.json").await;
    let (kind, tag) = (response.headers()["content-type"].clone(), response.headers()["etag"].clone());
    assert_eq!(kind, "application/json");
    let again = world.client().get(world.url("/v1/flags.flagd.json")).header("if-none-match", tag);
    assert_eq!(again.send().await.expect("a response").status(), 304);
}

#[tokio::test]
async fn what_flagd_reads_of_no_flags() {
    let document = World::new().await.json("/v1/flags.flagd.json").await;
    assert_eq!((&document["flags"], &document["left_out"]), (&json!({}), &json!({})));
}

async fn releases() -> World {
    let world = World::new().await;
    let running = json!({ "passed": 1, "since": moment(32) });
    let rows = [with(release(0, "api", "running"), running), release(1, "chain", "approved")];
    world.insert("mirror_2.releases", json!(rows)).await;
    world
        .insert(
            "mirror_2.release_reports",
            json!([release_report(0, 31, "started"), release_report(0, 32, "step_passed")]),
        )
        .await;
    world
}

#[tokio::test]
async fn a_release() {
    assert_json_snapshot!(releases().await.json("/v1/releases/0").await);
}

#[tokio::test]
async fn a_release_that_governance_revoked_and_time_has_ended() {
    let world = World::new().await;
    world.insert("mirror_2.releases", json!([release(0, "api", "revoked")])).await;
    let revoked = with(release_report(0, 40, "revoked"), json!({ "operator": null, "proposal": 9 }));
    world.insert("mirror_2.release_reports", json!([revoked])).await;
    for (height, expired) in [(119, false), (120, true)] {
        world.advance(height).await;
        let release = &world.json("/v1/releases/0").await["data"];
        assert_eq!((&release["stage"], &release["expired"]), (&json!("revoked"), &json!(expired)), "at {height}");
        let report = &release["reports"][0];
        assert_eq!((&report["by"], &report["proposal"]), (&Value::Null, &json!(9)));
    }
}

#[tokio::test]
async fn releases_of_a_component() {
    let world = releases().await;
    for (query, ids) in [
        ("", vec![1, 0]),
        ("?component=api", vec![0]),
        ("?stage=approved", vec![1]),
        ("?component=api&stage=approved", vec![]),
    ] {
        let page = world.json(&format!("/v1/releases{query}")).await;
        let found: Vec<_> = page["data"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect();
        assert_eq!(found, ids, "{query}");
    }
}

#[tokio::test]
async fn anchors_and_their_origins() {
    let world = World::new().await;
    let origins = json!([{ "origin": "audit", "times": 2 }, { "origin": "trades", "times": 1 }]);
    world.insert("mirror_2.origins", origins).await;
    let largest = u64::MAX.to_string();
    let rows = [anchor("audit", 0, "5", 20, 1), anchor("audit", 1, "9", 30, 1), anchor("trades", 0, &largest, 25, 1)];
    world.insert("mirror_2.anchors", json!(rows)).await;
    assert_json_snapshot!("anchors", world.json("/v1/anchors").await);
    assert_json_snapshot!("anchor_origins", world.json("/v1/anchors/origins").await);
    let page = world.json("/v1/anchors?origin=audit").await;
    let numbers: Vec<_> = page["data"].as_array().expect("rows").iter().map(|row| row["number"].clone()).collect();
    assert_eq!(numbers, [1, 0]);
}
