use crate::world::{World, hex, moment, rules, upgrade, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

#[tokio::test]
async fn rules_of_every_kind() {
    let world = World::new().await;
    // In the order of kinds, not of the alphabet or of their making.
    let rows = [
        rules("treasury_spending", &["majority", "quadratic"], 1_000),
        rules("community_initiative", &["approval"], 1),
        with(rules("protocol_upgrade", &["majority"], 100_000), json!({ "guarded": false, "approval_bps": 6_666 })),
        rules("parameter_change", &[], 0),
    ];
    world.insert("mirror_2.rules", json!(rows)).await;
    let governor = json!({ "only_row": true, "guardian": hex(0x77), "guardian_until": moment(5_000), "live_limit": 3 });
    world.insert("mirror_2.governor", json!([governor])).await;
    assert_json_snapshot!(world.json("/v1/rules").await);
}

#[tokio::test]
async fn no_rules_yet() {
    let data = &World::new().await.json("/v1/rules").await["data"];
    assert_eq!(*data, json!({ "kinds": [], "guardian": null, "live_limit": null }));
}

#[tokio::test]
async fn no_guardian() {
    let world = World::new().await;
    world.insert("mirror_2.governor", json!([{ "only_row": true, "live_limit": 3 }])).await;
    let data = &world.json("/v1/rules").await["data"];
    assert_eq!((&data["guardian"], &data["live_limit"]), (&Value::Null, &json!(3)));
}

#[tokio::test]
async fn rules_that_make_no_sense_are_a_problem() {
    for columns in [
        json!({ "kind": "joke" }),
        json!({ "mechanisms": ["guessing"] }),
        json!({ "quorum_bps": -1 }),
        json!({ "credits": 4_294_967_296_u64 }),
        json!({ "period": -1 }),
    ] {
        let world = World::new().await;
        let row = with(rules("parameter_change", &["majority"], 1), columns.clone());
        world.insert("mirror_2.rules", json!([row])).await;
        assert_eq!(world.problem("/v1/rules").await.status, 500, "{columns}");
    }
}

#[tokio::test]
async fn a_guardian_without_an_end_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.governor", json!([{ "only_row": true, "guardian": hex(1) }])).await;
    assert_eq!(world.problem("/v1/rules").await.status, 500);
}

#[tokio::test]
async fn upgrades_of_contracts() {
    let world = World::new().await;
    world.insert("mirror_2.upgrades", json!([upgrade(50, 3, 0xa2, Some(4)), upgrade(60, 1, 0xa4, None)])).await;
    assert_json_snapshot!(world.json("/v1/upgrades").await);
}
