use crate::world::{
    World, account, attestor, freeze, hex, identity, member, moment, registry_event, role, signing_key, with,
};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

fn path(identity: u8) -> String {
    format!("/v1/identities/0x{}", format!("{identity:02x}").repeat(32))
}

/// Identity 1 has accounts 1 and 2 and is attested until block 100, the present one; identity 2 has account 3 and ended one
/// block before; identity 3 has account 4 and was revoked; identity 4 is frozen, with account 5, and account 6 of identity
/// 5 is frozen alone; identity 6 is frozen and was never attested.
async fn identities() -> World {
    let world = World::new().await;
    let rows = [
        identity(1, 2, 100),
        identity(2, 1, 99),
        with(identity(3, 1, 500), json!({ "revoked": true, "counts": false })),
        with(identity(4, 3, 500), json!({ "frozen": true })),
        identity(5, 1, 500),
        // Somebody has noted that it expired.
        with(identity(7, 1, 50), json!({ "counts": false })),
    ];
    world.insert("mirror_2.identities", json!(rows)).await;
    let members = [
        member(1, 1, None),
        member(2, 1, Some(1)),
        member(3, 2, None),
        member(4, 3, None),
        member(5, 4, None),
        member(6, 5, None),
    ];
    world.insert("mirror_2.members", json!(members)).await;
    let freezes = [freeze("identity", 4, 20, 1), freeze("account", 6, 20, 2), freeze("identity", 6, 21, 1)];
    world.insert("mirror_2.freezes", json!(freezes)).await;
    let frozen = with(registry_event(21, 1, "frozen"), json!({ "identity": hex(6), "actor": hex(7), "reason": 5 }));
    world.insert("mirror_2.registry_events", json!([frozen])).await;
    world.insert("mirror_2.link_nonces", json!([{ "account": hex(2), "nonce": 4 }])).await;
    world
}

#[tokio::test]
async fn an_identity_with_its_accounts() {
    assert_json_snapshot!(identities().await.json(&path(1)).await);
}

#[tokio::test]
async fn an_identity_that_is_frozen() {
    assert_json_snapshot!(identities().await.json(&path(4)).await["data"]);
}

#[tokio::test]
async fn an_identity_that_is_frozen_and_was_never_attested() {
    let data = &identities().await.json(&path(6)).await["data"];
    assert_eq!((&data["attestation"], &data["attested"], &data["accounts"]), (&Value::Null, &json!(false), &json!([])));
    assert_eq!(data["freeze"]["reason"], 5);
}

#[tokio::test]
async fn an_identity_with_more_accounts_than_are_shown() {
    let world = World::new().await;
    world.insert("mirror_2.identities", json!([identity(1, 1, 500)])).await;
    let rows: Vec<_> = (1..=101).map(|account| member(account, 1, None)).collect();
    world.insert("mirror_2.members", json!(rows)).await;
    let data = &world.json(&path(1)).await["data"];
    assert_eq!((data["accounts"].as_array().map(Vec::len), &data["more_accounts"]), (Some(100), &json!(true)));
}

#[tokio::test]
async fn the_state_of_an_identity_follows_the_clock() {
    let world = identities().await;
    let states = async |query: &str| {
        let page = world.json(&format!("/v1/identities?limit=200{query}")).await;
        let rows = page["data"].as_array().expect("rows").clone();
        let told = |row: &Value| {
            let number = u8::from_str_radix(&row["identity"].as_str().expect("text")[2..4], 16).expect("a number");
            (number, row["attestation"]["state"].as_str().expect("a state").to_owned())
        };
        let mut states: Vec<_> = rows.iter().map(told).collect();
        states.sort();
        states
    };
    let owned = |states: &[(u8, &str)]| states.iter().map(|(n, state)| (*n, (*state).to_owned())).collect::<Vec<_>>();
    let now = [(1, "attested"), (2, "expired"), (3, "revoked"), (4, "attested"), (5, "attested"), (7, "expired")];
    assert_eq!(states("").await, owned(&now));
    for state in ["attested", "expired", "revoked"] {
        let these: Vec<_> = now.iter().filter(|(_, it)| *it == state).copied().collect();
        assert_eq!(states(&format!("&state={state}")).await, owned(&these), "{state}");
    }
    // One block later, the first is over too; what says so is the contract's own rule, and the filter agrees with it.
    world.advance(101).await;
    assert_eq!(states("&state=expired").await, owned(&[(1, "expired"), (2, "expired"), (7, "expired")]));
    assert_eq!(states("&state=attested").await, owned(&[(4, "attested"), (5, "attested")]));
}

#[tokio::test]
async fn what_an_account_is_to_its_payers() {
    let world = identities().await;
    for (number, attested, frozen, cleared) in [
        (1, true, false, Some(2)),
        (2, true, false, Some(2)),
        (3, false, false, None),
        (4, false, false, None),
        (5, true, true, None),
        (6, true, true, None),
        (7, false, false, None),
    ] {
        let data = &world.json(&format!("/v1/accounts/{}", account(number))).await["data"];
        assert_eq!(
            (&data["attested"], &data["frozen"], &data["cleared_tier"]),
            (&json!(attested), &json!(frozen), &json!(cleared)),
            "{number}"
        );
        assert_eq!(data["link_nonce"], if number == 2 { 4 } else { 0 });
    }
    // An account can be frozen that belongs to nobody.
    world.insert("mirror_2.freezes", json!([freeze("account", 9, 22, 1)])).await;
    let data = &world.json(&format!("/v1/accounts/{}", account(9))).await["data"];
    assert_eq!((&data["identity"], &data["frozen"]), (&Value::Null, &json!(true)));
}

#[tokio::test]
async fn freezes_of_both_kinds() {
    assert_json_snapshot!(identities().await.json("/v1/freezes").await["data"]);
}

#[tokio::test]
async fn attestors_and_what_they_may_do() {
    let world = World::new().await;
    world.insert("mirror_2.attestors", json!([attestor(9), attestor(8)])).await;
    assert_json_snapshot!(world.json("/v1/attestors").await["data"]);
}

#[tokio::test]
async fn roles_that_are_over_come_only_when_asked_for() {
    let world = World::new().await;
    let rows = [role(1, "auditor", 100), role(1, "operator", 99), role(2, "compliance_officer", 101)];
    world.insert("mirror_2.roles", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/roles?include=expired").await["data"]);
    let roles = async |query: &str| {
        let page = world.json(&format!("/v1/roles{query}")).await;
        page["data"].as_array().expect("rows").iter().map(|row| row["role"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(roles("").await, ["auditor", "compliance_officer"]);
    world.advance(101).await;
    assert_eq!(roles("").await, ["compliance_officer"]);
    assert_eq!(roles(&format!("?account={}", account(1))).await, Vec::<Value>::new());
}

#[tokio::test]
async fn keys_and_whether_they_are_good() {
    let world = World::new().await;
    let rows = [
        signing_key(0, "gaia.audit", 1, 100),
        with(signing_key(1, "gaia.audit", 1, 50), json!({ "revoked": true })),
        signing_key(2, "gaia.risk", 101, 500),
        // For ever, as far as can be stored.
        with(signing_key(3, "gaia.risk", 1, 500), json!({ "until": i64::MAX })),
    ];
    world.insert("mirror_2.keys", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/keys").await["data"]);
    let page = world.json("/v1/keys?valid=true").await;
    let numbers: Vec<_> = page["data"].as_array().expect("rows").iter().map(|row| row["number"].clone()).collect();
    assert_eq!(numbers, [0, 3]);
}

#[tokio::test]
async fn the_population_and_since_when() {
    let world = World::new().await;
    let none = json!({ "account": account(0xa5), "population": 0, "population_since": null });
    assert_eq!(world.json("/v1/registry").await["data"], none);
    let rows = json!([{ "since": moment(5), "population": 3 }, { "since": moment(9), "population": 2 }]);
    world.insert("mirror_2.population", rows).await;
    let data = &world.json("/v1/registry").await["data"];
    assert_eq!((&data["population"], &data["population_since"]["moment"]), (&json!(2), &json!(moment(9))));
}

#[tokio::test]
async fn the_history_of_the_registry() {
    let world = World::new().await;
    let rows = [
        with(
            registry_event(5, 1, "accredited"),
            json!({ "account": hex(8), "actor": hex(0xa2), "proposal": 3, "tiers": [1, 3], "daily_cap": 9 }),
        ),
        with(
            registry_event(6, 1, "certified"),
            json!({
                "identity": hex(1), "actor": hex(8), "tier": 2, "until": moment(500), "commitment": hex(0xcc),
            }),
        ),
        with(
            registry_event(6, 2, "linked"),
            json!({ "identity": hex(1), "account": hex(2), "linked_with": hex(1), "nonce": 0 }),
        ),
        with(
            registry_event(7, 1, "role_granted"),
            json!({ "account": hex(7), "role": "compliance_officer", "until": moment(500) }),
        ),
        with(
            registry_event(8, 1, "frozen"),
            json!({ "identity": hex(1), "account": hex(2), "actor": hex(7), "reason": 5 }),
        ),
        with(
            registry_event(9, 1, "key_published"),
            json!({ "account": hex(4), "key": 0, "origin": "gaia.audit", "until": moment(500) }),
        ),
    ];
    world.insert("mirror_2.registry_events", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/registry/history").await["data"]);
    let kinds = async |path: &str| {
        let page = world.json(path).await;
        page["data"].as_array().expect("rows").iter().map(|row| row["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&format!("{}/history", path(1))).await, ["frozen", "linked", "certified"]);
    assert_eq!(kinds(&format!("/v1/registry/history?by={}", account(8))).await, ["certified"]);
    assert_eq!(kinds(&format!("/v1/registry/history?account={}", account(2))).await, ["frozen", "linked"]);
    assert_eq!(kinds("/v1/registry/history?kind=accredited").await, ["accredited"]);
    // Nothing of the kind happened to it, and yet it is known.
    assert_eq!(kinds(&format!("{}/history?kind=expired", path(1))).await, Vec::<Value>::new());
}

#[tokio::test]
async fn stored_nonsense_of_the_registry_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.roles", json!([role(1, "king", 500)])).await;
    assert_eq!(world.problem("/v1/roles").await.status, 500);
    assert_eq!(world.problem(&format!("/v1/accounts/{}", account(1))).await.status, 500);
    world.insert("mirror_2.registry_events", json!([registry_event(5, 1, "promoted")])).await;
    assert_eq!(world.problem("/v1/registry/history").await.status, 500);
}
