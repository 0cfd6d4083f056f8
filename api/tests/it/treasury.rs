use crate::world::{World, account, block, hex, movement};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

#[tokio::test]
async fn the_treasury_holds_what_it_held_at_the_mirrored_block() {
    let world = World::new().await;
    world.insert("raw.blocks", json!([block(50), block(60), block(101)])).await;
    let balance =
        |account: u8, height: u64, free: u64| json!({ "account": hex(account), "height": height, "free": free });
    // What is known of a later block, and of another account, is not the answer.
    let rows = json!([balance(0xa3, 50, 1), balance(0xa3, 60, 2_000), balance(0xa3, 101, 3), balance(9, 100, 4)]);
    world.insert("raw.native_balances", rows).await;
    assert_json_snapshot!(world.json("/v1/treasury").await);
}

#[tokio::test]
async fn the_treasury_before_anything_is_known_of_it() {
    let data = &World::new().await.json("/v1/treasury").await["data"];
    assert_eq!(*data, json!({ "account": account(0xa3), "balance": null }));
}

async fn movements() -> World {
    let world = World::new().await;
    world
        .insert(
            "mirror_2.treasury_movements",
            json!([
                movement(20, 1, "deposit", 1, 5_000, None),
                movement(60, 4, "payment", 2, 1_000, Some(0)),
                movement(60, 5, "payment", 3, 500, Some(0)),
            ]),
        )
        .await;
    world
}

#[tokio::test]
async fn movements_of_the_treasury() {
    assert_json_snapshot!(movements().await.json("/v1/treasury/movements").await);
}

#[tokio::test]
async fn movements_of_one_kind() {
    let world = movements().await;
    for (kind, amounts) in [("deposit", vec!["5000"]), ("payment", vec!["500", "1000"])] {
        let page = world.json(&format!("/v1/treasury/movements?kind={kind}")).await;
        let rows = page["data"].as_array().expect("rows");
        let found: Vec<_> = rows.iter().map(|row| &row["amount"]).collect();
        assert_eq!(
            found,
            amounts.iter().map(|amount| Value::from(*amount)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
    }
}
