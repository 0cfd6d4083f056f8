use crate::world::{World, account, delegation, holder, identity, member, moment, proposal, role, vote, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

async fn holders() -> World {
    let world = World::new().await;
    world
        .insert(
            "mirror_2.accounts",
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
    assert_eq!(
        *data,
        json!({
            "account": account(9), "balance": "0", "power": "0", "delegation": null, "delegated_out": "0",
            "delegated_in": "0", "delegators": 0, "identity": null, "tier": null, "attested": false, "frozen": false,
            "cleared_tier": null, "roles": [], "link_nonce": 0,
        })
    );
}

/// Account 1 delegates to 2 and 3 until block 500, account 4 to 2; account 5 holds nothing and delegates to 2.
async fn delegated() -> World {
    let world = World::new().await;
    let accounts = [
        // 1,001 without a third rounded down and a fourth rounded down.
        with(holder(1, 1_001), json!({ "power": 418 })),
        with(holder(2, 50), json!({ "power": 50 + 333 + 7 })),
        with(holder(3, 0), json!({ "power": 250 })),
        with(holder(4, 7), json!({ "power": 0 })),
    ];
    world.insert("mirror_2.accounts", json!(accounts)).await;
    let ends = json!({ "ends": moment(500) });
    let delegations = [
        with(delegation(1, 0, 3, 2_500), ends.clone()),
        with(delegation(1, 1, 2, 3_333), ends),
        delegation(4, 0, 2, 10_000),
        delegation(5, 0, 2, 10_000),
    ];
    world.insert("mirror_2.delegations", json!(delegations)).await;
    world.insert("mirror_2.members", json!([member(1, 0x1d, None)])).await;
    world.insert("mirror_2.identities", json!([identity(0x1d, 2, 500)])).await;
    world.insert("mirror_2.roles", json!([role(1, "auditor", 100), role(1, "operator", 99)])).await;
    world
}

#[tokio::test]
async fn an_account_that_delegates() {
    assert_json_snapshot!(delegated().await.json(&format!("/v1/accounts/{}", account(1))).await["data"]);
}

#[tokio::test]
async fn a_representative() {
    let world = delegated().await;
    let data = &world.json(&format!("/v1/accounts/{}", account(2))).await["data"];
    assert_eq!(
        *data,
        json!({
            "account": account(2), "balance": "50", "power": "390", "delegation": null, "delegated_out": "0",
            "delegated_in": "340", "delegators": 3, "identity": null, "tier": null, "attested": false, "frozen": false,
            "cleared_tier": null, "roles": [], "link_nonce": 0,
        })
    );
}

#[tokio::test]
async fn a_delegation_without_tokens() {
    let world = delegated().await;
    let data = &world.json(&format!("/v1/accounts/{}", account(5))).await["data"];
    assert_eq!((&data["balance"], &data["delegated_out"]), (&json!("0"), &json!("0")));
    let shares = json!([{ "representative": account(2), "share_bps": 10_000, "power": "0" }]);
    assert_eq!(data["delegation"], json!({ "shares": shares, "ends": null }));
}

#[tokio::test]
async fn power_that_does_not_add_up_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.accounts", json!([with(holder(1, 100), json!({ "power": 99 }))])).await;
    assert_eq!(world.problem(&format!("/v1/accounts/{}", account(1))).await.status, 500);
}

#[tokio::test]
async fn delegators_of_an_account() {
    assert_json_snapshot!(delegated().await.json(&format!("/v1/accounts/{}/delegators", account(2))).await);
}

#[tokio::test]
async fn an_account_never_seen_has_no_delegators() {
    let page = World::new().await.json(&format!("/v1/accounts/{}/delegators", account(9))).await;
    assert_eq!((&page["data"], &page["next_cursor"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn an_account_that_delegated_everything_is_not_among_the_powerful() {
    let page = delegated().await.json("/v1/accounts").await;
    let found: Vec<_> = page["data"].as_array().expect("rows").iter().map(|row| row["account"].clone()).collect();
    assert_eq!(found, [json!(account(1)), json!(account(2)), json!(account(3))]);
}

#[tokio::test]
async fn votes_of_an_account() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1), proposal(2)])).await;
    world
        .insert(
            "mirror_2.votes",
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
