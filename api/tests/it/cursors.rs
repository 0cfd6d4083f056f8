//! Every list, walked page by page.

use crate::world::{
    NATIVE, World, account, anchor, asset, attestor, budget_change, budgeted, course, delegation, entry, escrow,
    escrow_payee, flag, flag_entry, freeze, hex, holder, identity, identity_votes, member, overridden, parameter,
    parameter_entry, pause, proposal, ranking, registry_event, release, role, round, signers, signing_key, sponsor,
    statement, stream, upgrade, vote, with,
};
use interfaces::governor::Kind;
use serde_json::{Value, json};

/// All rows of a list in pages of `limit`, with something done between the pages.
async fn walk(world: &World, path: &str, limit: usize, mut between: impl AsyncFnMut(usize)) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    for page in 0.. {
        let and = if path.contains('?') { '&' } else { '?' };
        let mut answer = world.json(&format!("{path}{and}limit={limit}{cursor}")).await;
        let found = answer["data"].as_array_mut().expect("rows");
        assert!(found.len() <= limit, "page {page} of {path} is too long");
        let full = found.len() == limit;
        rows.append(found);
        let Some(next) = answer["next_cursor"].as_str() else { break };
        assert!(full, "page {page} of {path} is short, but not the last");
        cursor = format!("&cursor={next}");
        between(page).await;
    }
    rows
}

/// Walks a list in pages of every size, and compares with one page.
async fn walks_in_pages_of_every_size(world: &World, path: &str, rows: usize) {
    let whole = walk(world, path, 200, async |_| panic!("one page is enough")).await;
    assert_eq!(whole.len(), rows, "{path}");
    for limit in 1..=rows + 1 {
        assert_eq!(walk(world, path, limit, async |_| ()).await, whole, "{path} in pages of {limit}");
    }
}

async fn with_proposals(numbers: std::ops::Range<u32>) -> World {
    let world = World::new().await;
    let rows: Vec<_> = numbers.map(numbered).collect();
    world.insert("mirror_2.proposals", json!(rows)).await;
    world
}

fn numbered(number: u32) -> Value {
    let state = ["active", "defeated", "executed"][number as usize % 3];
    let kind = if number < 6 { "protocol_upgrade" } else { "parameter_change" };
    let mechanism = if number.is_multiple_of(4) { "ranked" } else { "majority" };
    let proposer = hex(if number.is_multiple_of(2) { 1 } else { 2 });
    with(proposal(number), json!({ "state": state, "kind": kind, "mechanism": mechanism, "proposer": proposer }))
}

#[tokio::test]
async fn proposals_in_pages() {
    let world = with_proposals(0..12).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals", 12).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals?state=active", 4).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals?state=active,executed", 8).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals?kind=parameter_change", 6).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals?mechanism=ranked", 3).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals?kind=parameter_change&state=active,executed", 4).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/proposals?proposer={}", account(2)), 6).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/proposals?state=active&proposer={}", account(2)), 2).await;
}

#[tokio::test]
async fn proposals_in_pages_while_more_are_made() {
    let world = with_proposals(0..10).await;
    let rows = walk(&world, "/v1/proposals", 3, async |page| {
        let number = 10 + u32::try_from(page).expect("few pages");
        world.insert("mirror_2.proposals", json!([numbered(number)])).await;
    })
    .await;
    let ids: Vec<_> = rows.iter().map(|row| row["id"].as_u64().expect("a number")).collect();
    assert_eq!(ids, (0..10).rev().collect::<Vec<_>>());
}

/// Votes of one account and on one proposal, some of them in one block.
async fn with_votes() -> World {
    let world = with_proposals(0..12).await;
    let mut rows: Vec<_> = (1..12)
        .map(|voter| vote(0, voter, ["for", "against"][voter as usize % 2], 1, 30 + u64::from(voter) / 4, voter.into()))
        .collect();
    rows.extend((1..12).map(|number| vote(number, 1, "for", 1, 30 + u64::from(number) / 3, 100 - number)));
    world.insert("mirror_2.votes", json!(rows)).await;
    world
}

#[tokio::test]
async fn votes_on_a_proposal_in_pages() {
    let world = with_votes().await;
    walks_in_pages_of_every_size(&world, "/v1/proposals/0/votes", 11).await;
    walks_in_pages_of_every_size(&world, "/v1/proposals/0/votes?support=for", 5).await;
}

#[tokio::test]
async fn votes_on_a_proposal_in_pages_while_more_are_cast() {
    let world = with_votes().await;
    let rows = walk(&world, "/v1/proposals/0/votes", 2, async |page| {
        let page = u8::try_from(page).expect("few pages");
        world.insert("mirror_2.votes", json!([vote(0, 50 + page, "for", 1, 60 + u64::from(page), 0)])).await;
    })
    .await;
    let voters: Vec<_> = rows.iter().map(|row| row["voter"].clone()).collect();
    assert_eq!(voters, (1..12).rev().map(|voter| json!(account(voter))).collect::<Vec<_>>());
}

#[tokio::test]
async fn votes_of_an_account_in_pages() {
    let world = with_votes().await;
    walks_in_pages_of_every_size(&world, &format!("/v1/accounts/{}/votes", account(1)), 12).await;
}

#[tokio::test]
async fn accounts_in_pages() {
    let world = World::new().await;
    // Many of the same power, the largest power there is, and some without.
    let rows: Vec<_> = (1..=12).map(|who| holder(who, u64::from(who) / 4 * 5)).collect();
    world.insert("mirror_2.accounts", json!(rows)).await;
    world.insert("mirror_2.accounts", json!([holder(100, u128::MAX.to_string())])).await;
    walks_in_pages_of_every_size(&world, "/v1/accounts", 10).await;
}

#[tokio::test]
async fn accounts_in_pages_while_others_come() {
    let world = World::new().await;
    let rows: Vec<_> = (1..=12).map(|who| holder(who * 10, u64::from(who) / 3)).collect();
    world.insert("mirror_2.accounts", json!(rows)).await;
    let before = walk(&world, "/v1/accounts", 200, async |_| ()).await;
    let during = walk(&world, "/v1/accounts", 2, async |page| {
        let page = u8::try_from(page).expect("few pages");
        // Before, beside and behind the place where the walk is.
        let rows = [holder(page * 10 + 1, 9), holder(page * 10 + 2, 2), holder(page * 10 + 3, 1)];
        world.insert("mirror_2.accounts", json!(rows)).await;
    })
    .await;
    let known: Vec<_> = during.into_iter().filter(|row| before.contains(row)).collect();
    assert_eq!(known, before);
}

/// Entries of several assets and kinds, some of them in one block.
fn numbered_entry(number: u8) -> Value {
    let asset = if number.is_multiple_of(3) { hex(0xee) } else { NATIVE.to_owned() };
    let kind = ["deposit", "payment"][number as usize % 2];
    with(
        entry(20 + u64::from(number) / 4, i32::from(number) - 1, number.into()),
        json!({ "asset": asset, "kind": kind }),
    )
}

#[tokio::test]
async fn the_ledger_in_pages() {
    let world = World::new().await;
    let rows: Vec<_> = (0..9).map(numbered_entry).collect();
    world.insert("mirror_2.treasury_ledger", json!(rows)).await;
    // What stands after all events of its block.
    world.insert("mirror_2.treasury_ledger", json!([entry(22, i32::MAX, 1)])).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/ledger", 10).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/ledger?kind=payment", 4).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/ledger?asset=native", 7).await;
    let token = account(0xee);
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/ledger?asset={token}"), 3).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/ledger?asset={token}&kind=deposit"), 2).await;
}

#[tokio::test]
async fn the_ledger_in_pages_while_more_comes() {
    let world = World::new().await;
    let rows: Vec<_> = (0..9).map(|index| entry(20, index, u64::try_from(index).expect("a few"))).collect();
    world.insert("mirror_2.treasury_ledger", json!(rows)).await;
    let rows = walk(&world, "/v1/treasury/ledger", 2, async |page| {
        let height = 30 + u64::try_from(page).expect("few pages");
        world.insert("mirror_2.treasury_ledger", json!([entry(height, 0, 100)])).await;
    })
    .await;
    let amounts: Vec<_> = rows.iter().map(|row| row["amount"].clone()).collect();
    assert_eq!(amounts, (0..9).rev().map(|amount| json!(amount.to_string())).collect::<Vec<_>>());
}

/// Something in every list of the treasury.
async fn with_treasury() -> World {
    let world = World::new().await;
    for number in 0..9_u8 {
        let open = number.is_multiple_of(2);
        let state = json!({ "open": open });
        let place = (20 + u64::from(number) / 3, number.into());
        let said = statement(place, (number.into(), 0), 1 + number % 2, 10, Some(0));
        for (table, row) in [
            ("treasury_assets", asset(&hex(number + 1), 5, 0, false)),
            ("treasury_budgets", budgeted(number.into(), 90)),
            ("treasury_budget_changes", budget_change(place.0, place.1, 7)),
            ("treasury_escrows", with(escrow(number.into()), state)),
            ("treasury_escrow_payees", escrow_payee(number % 3 + 1, number.into(), open)),
            ("treasury_statements", said),
            ("treasury_signers", signers(place.0, place.1, &[(number, 0)])),
            ("treasury_pauses", pause(place.0, place.1, Some(1))),
            ("treasury_streams", with(stream(number.into()), json!({ "payee": hex(number % 3 + 1) }))),
        ] {
            world.insert(&format!("mirror_2.{table}"), json!([row])).await;
        }
    }
    world.insert("mirror_2.treasury_assets", json!([asset(NATIVE, 5, 0, true)])).await;
    world
}

#[tokio::test]
async fn what_belongs_to_the_treasury_in_pages() {
    let world = with_treasury().await;
    for (list, rows) in [("assets", 10), ("budgets", 9), ("budgets/7/history", 9), ("signers", 9), ("pauses", 9)] {
        walks_in_pages_of_every_size(&world, &format!("/v1/treasury/{list}"), rows).await;
    }
    walks_in_pages_of_every_size(&world, "/v1/treasury/approvals", 9).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/approvals?signer={}", account(2)), 4).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/escrows", 9).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/escrows?state=open", 5).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/escrows?payee={}", account(2)), 3).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/escrows?payee={}&state=done", account(2)), 2).await;
    walks_in_pages_of_every_size(&world, "/v1/treasury/streams", 9).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/treasury/streams?payee={}", account(2)), 3).await;
}

/// A proposal with something in every list that belongs to it, and another with other things.
async fn with_everything() -> World {
    let world = with_proposals(0..2).await;
    let numbers = || 1..=9_u8;
    for (table, row) in [
        ("mirror_2.overrides", &(|n: u8| overridden(0, n % 3 + 1, n + 10, 1)) as &dyn Fn(u8) -> Value),
        ("mirror_2.sponsors", &|n| sponsor(0, u32::from(n) / 4, n, 1)),
        ("mirror_2.rounds", &|n| round(0, n.into())),
        ("mirror_2.rankings", &|n| ranking(0, &[n, 0, 10][..usize::from(n % 3) + 1], 1)),
        ("mirror_2.identity_votes", &|n| identity_votes(0, n * 20, 1)),
        ("mirror_2.delegations", &|n| delegation(n * 20, 0, 1, 100)),
        ("mirror_2.upgrades", &|n| upgrade(20 + u64::from(n) / 3, n.into(), 0xa2, None)),
    ] {
        world.insert(table, json!(numbers().map(row).collect::<Vec<_>>())).await;
    }
    let others = [
        ("mirror_2.overrides", overridden(1, 2, 5, 1)),
        ("mirror_2.sponsors", sponsor(1, 1, 5, 1)),
        ("mirror_2.rounds", round(1, 4)),
        ("mirror_2.rankings", ranking(1, &[5], 1)),
        ("mirror_2.identity_votes", identity_votes(1, 50, 1)),
        ("mirror_2.delegations", delegation(50, 0, 2, 100)),
    ];
    for (table, row) in others {
        world.insert(table, json!([row])).await;
    }
    world
}

#[tokio::test]
async fn what_belongs_to_a_proposal_in_pages() {
    let world = with_everything().await;
    for list in ["overrides", "sponsors", "rounds", "rankings", "identities"] {
        walks_in_pages_of_every_size(&world, &format!("/v1/proposals/0/{list}"), 9).await;
    }
}

#[tokio::test]
async fn delegators_in_pages() {
    let world = with_everything().await;
    walks_in_pages_of_every_size(&world, &format!("/v1/accounts/{}/delegators", account(1)), 9).await;
}

#[tokio::test]
async fn upgrades_in_pages() {
    walks_in_pages_of_every_size(&with_everything().await, "/v1/upgrades", 9).await;
}

/// Something in every list of what governance tells the systems.
async fn with_settings() -> World {
    let world = World::new().await;
    let numbers = || 0..9_u32;
    let owner = |n: u32| [Kind::ParameterChange, Kind::CommunityInitiative][n as usize % 2];
    let component = |n: u32| ["api", "chain"][n as usize % 2];
    let stage = |n: u32| ["approved", "completed", "revoked"][n as usize % 3];
    for (table, row) in [
        (
            "mirror_2.parameters",
            &(|n| parameter(&format!("p{}.{n}", n % 3), owner(n), &course(1, None))) as &dyn Fn(u32) -> Value,
        ),
        ("mirror_2.parameter_history", &|n| parameter_entry("p0.0", 20 + u64::from(n) / 3, n, "set", &course(1, None))),
        ("mirror_2.flags", &|n| flag(&format!("f-{n}"), 0, n % 3 == 0, "{}")),
        ("mirror_2.flag_history", &|n| flag_entry("f-0", 20 + u64::from(n) / 3, n, "expose", 5)),
        ("mirror_2.releases", &|n| release(n, component(n), stage(n))),
        ("mirror_2.origins", &|n| json!({ "origin": format!("log_{n}"), "times": 1 })),
        ("mirror_2.anchors", &|n| anchor(&format!("log_{n}"), 0, "5", 20 + u64::from(n) / 3, n)),
    ] {
        world.insert(table, json!(numbers().map(row).collect::<Vec<_>>())).await;
    }
    let others = numbers().map(|n| anchor("log_0", n + 1, "6", 40 + u64::from(n) / 3, n)).collect::<Vec<_>>();
    world.insert("mirror_2.anchors", json!(others)).await;
    world.execute("UPDATE mirror_2.origins SET times = 10 WHERE origin = 'log_0'").await;
    world
}

/// Identities of two attestors and several tiers, some expired, some revoked, some frozen; with accounts, freezes, roles,
/// keys, attestors, and a history.
async fn with_identities() -> World {
    let world = World::new().await;
    let numbers = || 1..=12_u8;
    let identities = numbers().map(|n| {
        // Some end together, before and after block 100.
        let row = identity(n, n % 3, 94 + u64::from(n) / 2 * 2);
        let revoked = n % 4 == 0;
        with(
            row,
            json!({
                "attestor": hex(8 + n % 2), "revoked": revoked, "counts": !revoked, "frozen": n % 5 == 0,
            }),
        )
    });
    world.insert("mirror_2.identities", json!(identities.collect::<Vec<_>>())).await;
    let roles = ["auditor", "compliance_officer", "operator"];
    for (table, row) in [
        ("mirror_2.members", &(|n: u8| member(n * 20, 1, None)) as &dyn Fn(u8) -> Value),
        ("mirror_2.freezes", &|n| {
            freeze(["account", "identity"][usize::from(n % 2)], n, 20 + u64::from(n) / 3, n.into())
        }),
        ("mirror_2.roles", &|n| role(n / 3, roles[usize::from(n % 3)], 97 + u64::from(n) / 2)),
        ("mirror_2.keys", &|n| signing_key(n.into(), ["a", "b"][usize::from(n % 2)], u64::from(n) * 10, 105)),
        ("mirror_2.attestors", &|n| attestor(n * 20)),
        ("mirror_2.registry_events", &|n| {
            let about = json!({ "identity": hex(n % 2), "account": hex(n % 3), "actor": hex(n % 4) });
            with(registry_event(20 + u64::from(n) / 4, n.into(), ["frozen", "unfrozen"][usize::from(n / 6 % 2)]), about)
        }),
    ] {
        world.insert(table, json!(numbers().map(row).collect::<Vec<_>>())).await;
    }
    world.insert("mirror_2.members", json!([member(50, 2, None)])).await;
    world
}

#[tokio::test]
async fn what_governance_tells_the_systems_in_pages() {
    let world = with_settings().await;
    for (path, rows) in [
        ("/v1/parameters", 9),
        ("/v1/parameters?owner=parameter_change", 5),
        ("/v1/parameters?prefix=p1", 3),
        ("/v1/parameters?prefix=p1.", 3),
        ("/v1/parameters?prefix=p1.4", 1),
        ("/v1/parameters?prefix=p", 9),
        ("/v1/parameters?prefix=p1&owner=community_initiative", 2),
        ("/v1/parameters/p0.0/history", 9),
        ("/v1/flags", 9),
        ("/v1/flags?killed=true", 3),
        ("/v1/flags?killed=false", 6),
        ("/v1/flags/f-0/history", 9),
        ("/v1/releases", 9),
        ("/v1/releases?component=api", 5),
        ("/v1/releases?stage=completed", 3),
        ("/v1/releases?component=api&stage=approved", 2),
        ("/v1/anchors", 18),
        ("/v1/anchors?origin=log_0", 10),
        ("/v1/anchors?origin=none", 0),
        ("/v1/anchors/origins", 9),
    ] {
        walks_in_pages_of_every_size(&world, path, rows).await;
    }
}

#[tokio::test]
async fn identities_in_pages() {
    let world = with_identities().await;
    let (eight, nine) = (account(8), account(9));
    for (query, rows) in [
        (String::new(), 12),
        (format!("?attestor={nine}"), 6),
        ("?tier=0".to_owned(), 12),
        ("?tier=1".to_owned(), 8),
        ("?tier=2".to_owned(), 4),
        ("?tier=3".to_owned(), 0),
        // Up to number 5 they end before block 100.
        ("?state=expired".to_owned(), 4),
        ("?state=attested".to_owned(), 5),
        ("?state=revoked".to_owned(), 3),
        ("?frozen=true".to_owned(), 2),
        ("?frozen=false".to_owned(), 10),
        (format!("?state=attested&tier=1&frozen=false&attestor={nine}"), 2),
        (format!("?state=revoked&attestor={eight}"), 3),
        (format!("?state=revoked&attestor={nine}"), 0),
    ] {
        walks_in_pages_of_every_size(&world, &format!("/v1/identities{query}"), rows).await;
    }
}

#[tokio::test]
async fn a_cursor_of_other_settings_is_refused() {
    let world = with_settings().await;
    let lists = [
        "/v1/parameters",
        "/v1/parameters/p0.0/history",
        "/v1/flags",
        "/v1/flags/f-0/history",
        "/v1/releases",
        "/v1/anchors",
        "/v1/anchors/origins",
        "/v1/proposals",
    ];
    for list in &lists[..7] {
        let answer = world.json(&format!("{list}?limit=1")).await;
        let cursor = answer["next_cursor"].as_str().expect("a second page");
        for other in lists.iter().filter(|other| *other != list) {
            let path = format!("{other}?cursor={cursor}");
            let problem = world.problem(&path).await;
            assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, "cursor"), "{path}");
        }
    }
}

#[tokio::test]
async fn accounts_of_an_identity_in_pages() {
    let world = with_identities().await;
    walks_in_pages_of_every_size(&world, &format!("/v1/identities/0x{}/accounts", "01".repeat(32)), 12).await;
}

#[tokio::test]
async fn freezes_roles_keys_and_attestors_in_pages() {
    let world = with_identities().await;
    for (path, rows) in [
        ("/v1/freezes", 12),
        ("/v1/freezes?kind=account", 6),
        ("/v1/attestors", 12),
        ("/v1/roles?include=expired", 12),
        ("/v1/roles", 7),
        ("/v1/roles?role=operator", 2),
        ("/v1/roles?role=operator&include=expired", 4),
        ("/v1/keys", 12),
        ("/v1/keys?origin=a", 6),
        ("/v1/keys?valid=true", 10),
        ("/v1/keys?valid=false", 2),
        ("/v1/keys?valid=true&origin=b", 5),
    ] {
        walks_in_pages_of_every_size(&world, path, rows).await;
    }
    let of = |who: u8, rest: &str| format!("/v1/roles?account={}{rest}", account(who));
    walks_in_pages_of_every_size(&world, &of(1, "&include=expired"), 3).await;
    walks_in_pages_of_every_size(&world, &of(1, ""), 0).await;
    walks_in_pages_of_every_size(&world, &of(2, "&role=auditor"), 1).await;
    walks_in_pages_of_every_size(&world, &of(2, ""), 3).await;
}

#[tokio::test]
async fn the_history_of_the_registry_in_pages() {
    let world = with_identities().await;
    let identity = format!("0x{}", "01".repeat(32));
    for (query, rows) in [
        (String::new(), 12),
        ("?kind=unfrozen".to_owned(), 6),
        (format!("?account={}", account(1)), 4),
        (format!("?account={}&kind=frozen", account(1)), 2),
        (format!("?identity={identity}"), 6),
        (format!("?identity={identity}&kind=frozen"), 3),
        (format!("?by={}", account(1)), 3),
        (format!("?by={}&kind=frozen", account(1)), 2),
    ] {
        walks_in_pages_of_every_size(&world, &format!("/v1/registry/history{query}"), rows).await;
    }
    walks_in_pages_of_every_size(&world, &format!("/v1/identities/{identity}/history"), 6).await;
    walks_in_pages_of_every_size(&world, &format!("/v1/identities/{identity}/history?kind=frozen"), 3).await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let world = with_everything().await;
    for (table, rows) in [
        ("mirror_2.votes", [vote(0, 1, "for", 1, 30, 1), vote(0, 2, "for", 1, 30, 2)]),
        ("mirror_2.votes", [vote(1, 1, "for", 1, 30, 3), vote(1, 2, "for", 1, 30, 4)]),
        ("mirror_2.accounts", [holder(1, 5), holder(2, 5)]),
        ("mirror_2.treasury_ledger", [entry(1, 0, 1), entry(1, 1, 1)]),
        ("mirror_2.treasury_assets", [asset(NATIVE, 1, 0, true), asset(&hex(1), 1, 0, true)]),
        ("mirror_2.treasury_budgets", [budgeted(0, 90), budgeted(1, 90)]),
        ("mirror_2.treasury_budget_changes", [budget_change(1, 0, 0), budget_change(1, 1, 0)]),
        ("mirror_2.treasury_escrows", [escrow(0), escrow(1)]),
        ("mirror_2.treasury_signers", [signers(1, 0, &[(1, 0)]), signers(1, 1, &[(1, 0)])]),
        (
            "mirror_2.treasury_statements",
            [statement((1, 0), (0, 0), 1, 1, None), statement((1, 1), (0, 0), 1, 1, None)],
        ),
        ("mirror_2.treasury_pauses", [pause(1, 0, None), pause(1, 1, None)]),
        ("mirror_2.treasury_streams", [stream(0), stream(1)]),
    ] {
        world.insert(table, json!(rows)).await;
    }
    for n in 1..=2 {
        let about = json!({ "identity": hex(1) });
        for (table, row) in [
            ("mirror_2.identities", identity(n, 1, 200)),
            ("mirror_2.members", member(n, 1, None)),
            ("mirror_2.freezes", freeze("account", n, 20, n.into())),
            ("mirror_2.roles", role(n, "auditor", 200)),
            ("mirror_2.keys", signing_key(n.into(), "a", 1, 200)),
            ("mirror_2.attestors", attestor(n)),
            ("mirror_2.registry_events", with(registry_event(20, n.into(), "frozen"), about)),
        ] {
            world.insert(table, json!([row])).await;
        }
    }
    let members = format!("/v1/identities/0x{}/accounts", "01".repeat(32));
    let identity_history = format!("/v1/identities/0x{}/history", "01".repeat(32));
    let own_votes = format!("/v1/accounts/{}/votes", account(1));
    let delegators = format!("/v1/accounts/{}/delegators", account(1));
    let lists = [
        "/v1/proposals",
        "/v1/proposals/0/votes",
        "/v1/proposals/0/overrides",
        "/v1/proposals/0/sponsors",
        "/v1/proposals/0/rounds",
        "/v1/proposals/0/rankings",
        "/v1/proposals/0/identities",
        "/v1/accounts",
        &own_votes,
        &delegators,
        "/v1/upgrades",
        "/v1/treasury/ledger",
        "/v1/treasury/assets",
        "/v1/treasury/budgets",
        "/v1/treasury/budgets/0/history",
        "/v1/treasury/escrows",
        "/v1/treasury/signers",
        "/v1/treasury/approvals",
        "/v1/treasury/pauses",
        "/v1/treasury/streams",
        "/v1/identities",
        &members,
        &identity_history,
        "/v1/freezes",
        "/v1/attestors",
        "/v1/roles",
        "/v1/keys",
        "/v1/registry/history",
    ];
    for list in lists {
        let answer = world.json(&format!("{list}?limit=1")).await;
        let cursor = answer["next_cursor"].as_str().expect("a second page");
        for other in lists {
            let path = format!("{other}?cursor={cursor}");
            if other == list {
                world.json(&path).await;
            } else {
                let problem = world.problem(&path).await;
                assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, "cursor"), "{path}");
            }
        }
    }
}
