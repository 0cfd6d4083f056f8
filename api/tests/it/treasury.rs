use crate::world::{
    NATIVE, World, account, asset, block, budget_change, budgeted, entry, escrow, escrow_payee, hex, milestone, moment,
    pause, released, signers, statement, stream, with,
};
use insta::{assert_json_snapshot, assert_snapshot};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

#[tokio::test]
async fn the_treasury_and_what_it_can_pay() {
    let world = World::new().await;
    world.insert("raw.blocks", json!([block(50), block(101)])).await;
    // What is known of a later block is not the answer.
    let deposit = |height: u64, amount: u64| json!({ "height": height, "amount": amount });
    world.insert("raw.existential_deposits", json!([deposit(50, 100), deposit(101, 7)])).await;
    let token = hex(0xee);
    let rows = [asset(NATIVE, 2_000, 600, true), asset(&token, 50, 80, true), asset(&hex(0xef), 1_000, 0, false)];
    world.insert("mirror_2.treasury_assets", json!(rows)).await;
    let sets = [signers(10, 1, &[(9, 0)]), signers(20, 1, &[(1, 1), (2, 0), (3, 1)])];
    world.insert("mirror_2.treasury_signers", json!(sets)).await;
    world.insert("mirror_2.treasury_pauses", json!([pause(10, 1, Some(9)), pause(11, 1, None)])).await;
    assert_json_snapshot!(world.json("/v1/treasury").await);
    world.insert("mirror_2.treasury_pauses", json!([pause(12, 1, Some(9))])).await;
    assert_eq!(world.json("/v1/treasury").await["data"]["paused"], true);
    let assets = &world.json("/v1/treasury/assets").await["data"];
    let free: Vec<_> = assets.as_array().expect("rows").iter().map(|row| &row["free"]).collect();
    assert_eq!(free, ["1300", "0", "1000"]);
}

#[tokio::test]
async fn the_treasury_before_anything_is_known_of_it() {
    let data = &World::new().await.json("/v1/treasury").await["data"];
    let nobody = json!({ "signers": [], "threshold": 0, "changes": 0 });
    assert_eq!(*data, json!({ "account": account(0xa3), "paused": false, "signers": nobody, "balances": [] }));
}

/// A ledger in which everything happens once.
async fn ledger() -> World {
    let world = World::new().await;
    let rows = [
        with(entry(20, -1, 5_000), json!({ "kind": "transfer", "counterparty": null })),
        with(entry(20, 3, 400), json!({ "balance": 5_400 })),
        with(
            entry(60, 4, 1_000),
            json!({ "kind": "payment", "incoming": false, "balance": 4_400, "category": 1, "proposal": 0 }),
        ),
        with(
            entry(61, 5, 300),
            json!({
                "kind": "release", "incoming": false, "balance": 4_100, "category": 1, "escrow": 2, "milestone": 0,
                "proposal": 3,
            }),
        ),
        with(
            entry(62, 6, 100),
            json!({
                "kind": "stream_claim", "incoming": false, "balance": 4_000, "category": 1, "stream": 0, "proposal": 4,
            }),
        ),
        with(
            entry(63, i32::MAX, 1),
            json!({ "kind": "transfer", "incoming": false, "balance": 3_999, "counterparty": null }),
        ),
        with(entry(64, 2, 9), json!({ "kind": "transfer", "asset": hex(0xee) })),
        with(
            entry(64, 3, 12),
            json!({ "kind": "transfer", "asset": hex(0xee), "incoming": false, "balance": 0, "excess": 3 }),
        ),
    ];
    world.insert("mirror_2.treasury_ledger", json!(rows)).await;
    world
}

#[tokio::test]
async fn the_ledger_of_the_treasury() {
    assert_json_snapshot!(ledger().await.json("/v1/treasury/ledger").await);
}

#[tokio::test]
async fn entries_of_one_asset_or_kind() {
    let world = ledger().await;
    let token = account(0xee);
    for (query, amounts) in [
        ("kind=deposit".to_owned(), vec!["400"]),
        ("kind=transfer".to_owned(), vec!["12", "9", "1", "5000"]),
        ("asset=native".to_owned(), vec!["1", "100", "300", "1000", "400", "5000"]),
        (format!("asset={token}"), vec!["12", "9"]),
        ("asset=native&kind=transfer".to_owned(), vec!["1", "5000"]),
        (format!("asset={token}&kind=payment"), vec![]),
    ] {
        let page = world.json(&format!("/v1/treasury/ledger?{query}")).await;
        let rows = page["data"].as_array().expect("rows");
        let found: Vec<_> = rows.iter().map(|row| row["amount"].as_str().expect("text")).collect();
        assert_eq!(found, amounts, "{query}");
    }
}

#[tokio::test]
async fn the_whole_ledger_as_a_table() {
    let world = ledger().await;
    let response = world.get("/v1/treasury/ledger.csv").await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"treasury-ledger.csv\"");
    let tag = headers[header::ETAG].clone();
    let text = response.text().await.expect("text");
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    assert_snapshot!(text.replace("\r\n", "\n"));
    let again = world.client().get(world.url("/v1/treasury/ledger.csv")).header(header::IF_NONE_MATCH, tag);
    assert_eq!(again.send().await.expect("a response").status(), StatusCode::NOT_MODIFIED);
    // Of one asset, the last column of balances is that of the ledger.
    let tokens = world.get(&format!("/v1/treasury/ledger.csv?asset={}", account(0xee))).await;
    let tokens = tokens.text().await.expect("text");
    assert_eq!(tokens.lines().count(), 3, "{tokens}");
    let head = world.client().head(world.url("/v1/treasury/ledger.csv")).send().await.expect("a response");
    assert_eq!(head.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_long_ledger_is_sent_whole_and_in_order() {
    let world = World::new().await;
    let rows: Vec<_> = (0..2_500_i32)
        .map(|number| {
            let (height, index) = (u64::try_from(number / 40).expect("few"), number % 40);
            with(entry(height, index, 1), json!({ "balance": number + 1 }))
        })
        .collect();
    world.insert("mirror_2.treasury_ledger", json!(rows)).await;
    // What comes after the block of the answer is not of it.
    world.insert("mirror_2.treasury_ledger", json!([entry(101, 0, 1)])).await;
    for path in ["/v1/treasury/ledger.csv", "/v1/treasury/ledger.csv?asset=native"] {
        let text = world.get(path).await.text().await.expect("text");
        let balances = text.lines().skip(1).map(|line| line.split(',').nth(10).expect("a balance").to_owned());
        assert!(balances.eq((1..=2_500).map(|balance| balance.to_string())), "{path}");
    }
}

#[tokio::test]
async fn budgets_and_what_is_left_of_them() {
    let world = World::new().await;
    // A minute begins with block 100.
    let rows = [with(budgeted(3, 100), json!({ "proposal": null })), budgeted(1, 99)];
    world.insert("mirror_2.treasury_budgets", json!(rows)).await;
    let changes =
        [budget_change(5, 1, 1), with(budget_change(7, 1, 1), json!({ "proposal": 3 })), budget_change(7, 2, 3)];
    world.insert("mirror_2.treasury_budget_changes", json!(changes)).await;
    let page = world.json("/v1/treasury/budgets").await;
    let left: Vec<_> =
        page["data"].as_array().expect("rows").iter().map(|row| (&row["category"], &row["left"])).collect();
    assert_eq!(left, [(&json!(1), &json!("1000")), (&json!(3), &json!("400"))]);
    assert_json_snapshot!(world.json("/v1/treasury/budgets/1").await);
    assert_json_snapshot!("history_of_a_budget", world.json("/v1/treasury/budgets/1/history").await["data"]);
}

/// An escrow with a milestone in each state, and signers of whom one was named anew.
async fn escrows() -> World {
    let world = World::new().await;
    let rows = [
        with(escrow(0), json!({ "milestones": 4 })),
        with(escrow(1), json!({ "remaining": 0, "paid": 500, "open": false, "asset": hex(0xee) })),
    ];
    world.insert("mirror_2.treasury_escrows", json!(rows)).await;
    let payees = [escrow_payee(5, 0, true), escrow_payee(6, 0, true), escrow_payee(5, 1, false)];
    world.insert("mirror_2.treasury_escrow_payees", json!(payees)).await;
    let freed = json!({
        "remaining": 0, "releases": 1, "freed": 300, "freed_how": "clawed_back", "freed_height": 70,
        "freed_moment": moment(70), "freed_by": 8,
    });
    let milestones = [
        milestone(0, 0),
        with(milestone(0, 1), json!({ "earliest": moment(101), "payee": hex(6), "paid": 0, "remaining": 500 })),
        with(milestone(0, 2), json!({ "latest": moment(99) })),
        with(milestone(0, 3), freed),
    ];
    world.insert("mirror_2.treasury_milestones", json!(milestones)).await;
    world.insert("mirror_2.treasury_releases", json!([released(0, 0, 0, 200)])).await;
    let approvals = [
        // 1 and 2 approve of 300, but 3 was a signer before and approved then.
        statement((92, 1), (0, 0), 1, 300, Some(0)),
        statement((93, 1), (0, 0), 2, 300, Some(0)),
        statement((94, 1), (0, 0), 3, 300, Some(0)),
        // Of less, one approves and one withdrew.
        statement((95, 1), (0, 0), 1, 100, None),
        statement((95, 2), (0, 0), 3, 100, Some(1)),
        // Of more than is left, and of the release before.
        statement((95, 3), (0, 0), 1, 301, Some(0)),
        with(statement((91, 1), (0, 0), 1, 200, Some(0)), json!({ "nonce": 0 })),
        // Of what has not begun, and of what is over.
        statement((96, 1), (0, 1), 2, 500, Some(0)),
        statement((96, 2), (0, 2), 2, 300, Some(0)),
    ];
    world.insert("mirror_2.treasury_approvals", json!(approvals)).await;
    world.insert("mirror_2.treasury_signers", json!([signers(20, 1, &[(1, 0), (2, 0), (3, 1)])])).await;
    world
}

#[tokio::test]
async fn an_escrow_with_its_milestones() {
    assert_json_snapshot!(escrows().await.json("/v1/treasury/escrows/0").await["data"]);
}

#[tokio::test]
async fn escrows_by_payee_and_state() {
    let world = escrows().await;
    let (five, six) = (account(5), account(6));
    for (query, numbers) in [
        (String::new(), vec![1, 0]),
        ("?state=open".to_owned(), vec![0]),
        ("?state=done".to_owned(), vec![1]),
        (format!("?payee={five}"), vec![1, 0]),
        (format!("?payee={six}"), vec![0]),
        (format!("?payee={five}&state=done"), vec![1]),
        (format!("?payee={six}&state=done"), vec![]),
    ] {
        let page = world.json(&format!("/v1/treasury/escrows{query}")).await;
        let rows = page["data"].as_array().expect("rows");
        assert_eq!(
            rows.iter().map(|row| row["id"].as_u64().expect("a number")).collect::<Vec<_>>(),
            numbers,
            "{query}"
        );
    }
}

#[tokio::test]
async fn what_waits_for_a_signer() {
    let world = escrows().await;
    let rows = [
        // Nobody has said anything of these, and one of them has not begun.
        milestone(1, 0),
        with(milestone(1, 1), json!({ "earliest": moment(101) })),
    ];
    world.insert("mirror_2.treasury_milestones", json!(rows)).await;
    let awaiting =
        async |who: u8| world.json(&format!("/v1/treasury/signers/{}/awaiting", account(who))).await["data"].clone();
    assert_json_snapshot!(awaiting(1).await);
    let shown = |data: &Value| {
        let releases = data["releases"].as_array().expect("rows").iter();
        let releases =
            releases.map(|it| format!("{}.{} {}", it["milestone"]["escrow"], it["milestone"]["number"], it["amount"]));
        let milestones = data["milestones"].as_array().expect("rows").iter();
        let milestones = milestones.map(|it| format!("{}.{}", it["escrow"], it["number"]));
        (releases.collect::<Vec<_>>().join(", "), milestones.collect::<Vec<_>>().join(", "))
    };
    // Of 300 the first two approve; what 3 approved of as an earlier signer does not count.
    assert_eq!(shown(&awaiting(2).await), ("0.0 \"100\"".to_owned(), "1.0".to_owned()));
    let third = awaiting(3).await;
    assert_eq!(shown(&third), ("0.0 \"300\", 0.1 \"500\"".to_owned(), "1.0".to_owned()));
    let stranger = awaiting(9).await;
    assert_eq!((shown(&stranger), &stranger["is_signer"]), ((String::new(), String::new()), &json!(false)));
}

#[tokio::test]
async fn what_signers_said_and_who_they_were() {
    let world = escrows().await;
    let rows = [statement((92, 1), (0, 0), 1, 300, Some(0)), statement((95, 1), (0, 0), 2, 100, None)];
    world.insert("mirror_2.treasury_statements", json!(rows)).await;
    world.insert("mirror_2.treasury_pauses", json!([pause(10, 1, Some(9)), pause(11, 1, None)])).await;
    assert_json_snapshot!("statements", world.json("/v1/treasury/approvals").await["data"]);
    let page = world.json(&format!("/v1/treasury/approvals?signer={}", account(1))).await;
    assert_eq!(page["data"].as_array().expect("rows").len(), 1);
    assert_json_snapshot!("sets_of_signers", world.json("/v1/treasury/signers").await["data"]);
    assert_json_snapshot!("pauses", world.json("/v1/treasury/pauses").await["data"]);
}

#[tokio::test]
async fn a_stream_half_way_through() {
    let world = World::new().await;
    let stopped = json!({ "stopped": moment(80), "stopped_by": 9, "claimed": 0 });
    world.insert("mirror_2.treasury_streams", json!([stream(0), with(stream(1), stopped)])).await;
    assert_json_snapshot!(world.json("/v1/treasury/streams/0").await["data"]);
    let data = &world.json("/v1/treasury/streams/1").await["data"];
    let amounts = ["accrued", "claimable", "left"].map(|name| data[name].as_str().expect("text"));
    assert_eq!((amounts, &data["stopped_by"]), (["300", "300", "300"], &json!(9)));
}

#[tokio::test]
async fn a_date_beyond_the_calendar_is_exact() {
    let world = World::new().await;
    let endless = json!({ "ends": u64::MAX, "claimed": 0 });
    world.insert("mirror_2.treasury_streams", json!([with(stream(0), endless)])).await;
    let data = &world.json("/v1/treasury/streams/0").await["data"];
    let ends = json!({ "moment": u64::MAX, "time": "9999-12-31T23:59:59.999Z" });
    assert_eq!((&data["ends"], &data["accrued"]), (&ends, &json!("0")));
}

#[tokio::test]
async fn stored_nonsense_of_the_treasury_is_a_problem() {
    let world = World::new().await;
    for (table, row) in [
        ("treasury_budgets", with(budgeted(1, 90), json!({ "allotment": "\\x00" }))),
        ("treasury_signers", with(signers(1, 1, &[]), json!({ "signers": "\\x" }))),
        ("treasury_escrows", escrow(0)),
        ("treasury_milestones", with(milestone(0, 0), json!({ "freed": 1 }))),
        ("treasury_ledger", with(entry(1, 1, 1), json!({ "category": -1 }))),
    ] {
        world.insert(&format!("mirror_2.{table}"), json!([row])).await;
    }
    for path in ["", "/budgets", "/budgets/1", "/signers", "/escrows/0", "/ledger", "/ledger.csv"] {
        assert_eq!(world.problem(&format!("/v1/treasury{path}")).await.status, 500, "{path}");
    }
}
