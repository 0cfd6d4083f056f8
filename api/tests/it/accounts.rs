use crate::world::{World, account, holder, proposal, vote};
use insta::assert_json_snapshot;
use serde_json::json;

async fn holders() -> World {
    let world = World::new().await;
    world
        .insert(
            "mirror_1.accounts",
            json!([
                holder(1, 10),
                holder(2, "340282366920938463463374607431768211455"),
                holder(3, 0),
                holder(4, 10),
                holder(5, 9),
            ]),
        )
        .await;
    world
}

#[tokio::test]
async fn accounts_by_power() {
    assert_json_snapshot!(holders().await.json("/v1/accounts").await);
}

#[tokio::test]
async fn an_account() {
    assert_json_snapshot!(holders().await.json(&format!("/v1/accounts/{}", account(2))).await);
}

#[tokio::test]
async fn an_account_in_hexadecimal_is_the_same() {
    let world = holders().await;
    assert_eq!(
        world.json(&format!("/v1/accounts/0x{}", "02".repeat(32))).await,
        world.json(&format!("/v1/accounts/{}", account(2))).await
    );
}

#[tokio::test]
async fn an_account_never_seen_holds_nothing() {
    let data = &holders().await.json(&format!("/v1/accounts/{}", account(9))).await["data"];
    assert_eq!(*data, json!({ "account": account(9), "balance": "0", "power": "0" }));
}

#[tokio::test]
async fn votes_of_an_account() {
    let world = World::new().await;
    world.insert("mirror_1.proposals", json!([proposal(0), proposal(1), proposal(2)])).await;
    world
        .insert(
            "mirror_1.votes",
            json!([
                vote(0, 1, "for", 10, 30, 2),
                vote(0, 2, "against", 5, 30, 3),
                vote(1, 1, "abstain", 10, 30, 1),
                vote(2, 1, "against", 12, 29, 9),
            ]),
        )
        .await;
    assert_json_snapshot!(world.json(&format!("/v1/accounts/{}/votes", account(1))).await);
}

#[tokio::test]
async fn an_account_never_seen_has_no_votes() {
    let world = World::new().await;
    assert_eq!(world.json(&format!("/v1/accounts/{}/votes", account(9))).await["data"], json!([]));
}
