use crate::world::{World, account, call, draft, hex, moment, option, proposal, rules, sponsor, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

/// A majority vote that went all the way, with two calls.
async fn executed() -> World {
    let world = World::new().await;
    let row = json!({
        "votes_for": "20000000000000000000000000000000000000", "votes_against": 5, "votes_abstain": 1, "voters": 3,
        "turnout": "20000000000000000000000000000000000006", "backing": "20000000000000000000000000000000000001",
        "electorate": "340282366920938463463374607431768211455", "quorum_reached_at": moment(31), "winner": 0,
        "state": "executed", "queued_at": moment(45), "ready_at": moment(55), "expires_at": moment(155),
        "executed_at": moment(60), "executor": hex(9), "spent": 700, "settled_at": moment(61), "deposit_to": hex(1),
    });
    world.insert("mirror_2.proposals", json!([with(proposal(0), row)])).await;
    world.insert("mirror_2.options", json!([option(0, 0, "Pay the gardener", 0)])).await;
    world.insert("mirror_2.calls", json!([call(0, 0, 1, "\\x"), call(0, 0, 0, "\\x010203")])).await;
    world
}

/// The proposal of this number.
async fn shown(world: &World, number: u32) -> Value {
    world.json(&format!("/v1/proposals/{number}")).await["data"].take()
}

fn ids(page: &Value) -> Vec<u64> {
    let rows = page["data"].as_array().expect("rows");
    rows.iter().map(|row| row["id"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn a_proposal() {
    assert_json_snapshot!(executed().await.json("/v1/proposals/0").await);
}

#[tokio::test]
async fn a_proposal_with_several_options() {
    let world = World::new().await;
    let row = json!({
        "kind": "treasury_spending", "mechanism": "quadratic", "state": "active", "electorate": 40, "turnout": 12,
        "backing": 9, "voters": 17, "voting_ends": moment(130), "quorum_reached_at": moment(50), "quorum_bps": 3_000,
    });
    world.insert("mirror_2.proposals", json!([with(proposal(4), row)])).await;
    let options =
        [option(4, 2, "None of the above", 3), option(4, 0, "The bridge", 31), option(4, 1, "The library", 30)];
    world.insert("mirror_2.options", json!(options)).await;
    // Of several options each does something else, and one nothing.
    let calls = [call(4, 1, 0, "\\x0b"), call(4, 0, 0, "\\x0a"), call(4, 0, 1, "\\x0a0a")];
    world.insert("mirror_2.calls", json!(calls)).await;
    assert_json_snapshot!(world.json("/v1/proposals/4").await);
}

#[tokio::test]
async fn a_list_shows_the_same_as_the_proposal_alone() {
    let world = executed().await;
    let alone = world.json("/v1/proposals/0").await;
    assert_eq!(
        world.json("/v1/proposals").await,
        json!({ "data": [alone["data"]], "next_cursor": null, "block": alone["block"] })
    );
}

#[tokio::test]
async fn a_list_gives_each_proposal_its_own_options() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1)])).await;
    world.insert("mirror_2.options", json!([option(0, 0, "First", 0), option(1, 0, "Second", 0)])).await;
    world.insert("mirror_2.calls", json!([call(1, 0, 0, "\\x01")])).await;
    let page = world.json("/v1/proposals").await;
    for (row, title, calls) in [(0, "Second", 1), (1, "First", 0)] {
        let options = &page["data"][row]["options"];
        assert_eq!(options[0]["title"], title);
        assert_eq!(options[0]["calls"].as_array().map(Vec::len), Some(calls));
        assert_eq!(options[1], Value::Null);
    }
}

#[tokio::test]
async fn a_draft() {
    let world = World::new().await;
    let row = json!({ "revision": 2, "sponsored": 300 });
    world.insert("mirror_2.proposals", json!([with(draft(0), row)])).await;
    world.insert("mirror_2.options", json!([option(0, 0, "Do it", 0)])).await;
    world.insert("mirror_2.calls", json!([with(call(0, 0, 0, "\\x"), json!({ "code_hash": null }))])).await;
    world.insert("mirror_2.sponsors", json!([sponsor(0, 2, 5, 300)])).await;
    world.insert("mirror_2.rules", json!([rules("community_initiative", &["majority"], 1_000)])).await;
    assert_json_snapshot!(world.json("/v1/proposals/0").await);
}

#[tokio::test]
async fn what_a_draft_lacks_is_never_negative() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([with(draft(0), json!({ "sponsored": 300 }))])).await;
    world.insert("mirror_2.rules", json!([rules("community_initiative", &["majority"], 299)])).await;
    assert_eq!(shown(&world, 0).await["draft"]["threshold"], json!({ "needed": "299", "missing": "0" }));
}

#[tokio::test]
async fn what_a_draft_needs_is_not_told_without_rules_of_its_kind() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([draft(0)])).await;
    world.insert("mirror_2.rules", json!([rules("protocol_upgrade", &["majority"], 1_000)])).await;
    let data = shown(&world, 0).await;
    assert_eq!((&data["draft"]["revision"], &data["draft"]["threshold"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn a_submitted_draft_needs_nothing_more() {
    let world = World::new().await;
    let row = json!({ "drafted_at": moment(5), "revision": 1, "draft_snapshot": moment(4), "sponsored": 300 });
    world.insert("mirror_2.proposals", json!([with(proposal(0), row)])).await;
    world.insert("mirror_2.rules", json!([rules("community_initiative", &["majority"], 1_000)])).await;
    let data = shown(&world, 0).await;
    assert_eq!((&data["draft"]["sponsored"], &data["draft"]["threshold"]), (&json!("300"), &Value::Null));
    assert_eq!(data["created"]["height"], 10);
}

#[tokio::test]
async fn no_proposals() {
    assert_json_snapshot!(World::new().await.json("/v1/proposals").await);
}

#[tokio::test]
async fn a_cancelled_proposal() {
    let world = World::new().await;
    let row = json!({ "state": "cancelled", "cancelled_at": moment(12), "cancelled_by": hex(8) });
    world.insert("mirror_2.proposals", json!([with(proposal(3), row)])).await;
    let data = shown(&world, 3).await;
    let at = json!({ "time": "2026-03-01T12:01:12.000Z", "moment": moment(12) });
    assert_eq!(data["cancelled"], json!({ "at": at, "by": account(8) }));
    for other in ["queued", "executed", "vetoed", "settled"] {
        assert_eq!(data[other], Value::Null, "{other}");
    }
}

#[tokio::test]
async fn a_vetoed_proposal() {
    let world = World::new().await;
    let row = json!({
        "state": "vetoed", "vetoed_at": moment(12), "abuse": true, "settled_at": moment(13), "deposit_to": hex(0xa3),
    });
    world.insert("mirror_2.proposals", json!([with(proposal(3), row)])).await;
    let data = shown(&world, 3).await;
    let at = |height| json!({ "time": api::model::Time::from_moment(moment(height)), "moment": moment(height) });
    assert_eq!(data["vetoed"], json!({ "at": at(12), "abuse": true }));
    assert_eq!(data["settled"], json!({ "at": at(13), "paid_to": account(0xa3) }));
    assert_eq!(data["cancelled"], Value::Null);
}

#[tokio::test]
async fn a_quorum_is_a_share_of_the_electorate_rounded_up() {
    let world = World::new().await;
    let row = |backing: u64| json!({ "electorate": 1_001, "backing": backing });
    world.insert("mirror_2.proposals", json!([with(proposal(0), row(40)), with(proposal(1), row(41))])).await;
    for (number, reached) in [(0, false), (1, true)] {
        let quorum = shown(&world, number).await["poll"]["quorum"].take();
        assert_eq!(quorum, json!({ "needed": "41", "reached": reached, "reached_at": null }));
    }
}

#[tokio::test]
async fn no_quorum_is_told_before_the_electorate_is_known() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    let poll = shown(&world, 0).await["poll"].take();
    assert_eq!(poll["quorum"], json!({ "needed": null, "reached": false, "reached_at": null }));
    assert_eq!(poll["electorate"], Value::Null);
}

#[tokio::test]
async fn each_way_of_voting_is_counted_its_own_way() {
    let world = World::new().await;
    let rows = (0..).zip(api::model::MECHANISMS);
    let rows: Vec<_> = rows.map(|(number, way)| with(proposal(number), json!({ "mechanism": way }))).collect();
    world.insert("mirror_2.proposals", json!(rows)).await;
    let options: Vec<_> = (0..6).map(|number| option(number, 0, "Do it", 7)).collect();
    world.insert("mirror_2.options", json!(options)).await;
    for (number, way) in (0..).zip(api::model::MECHANISMS) {
        let data = shown(&world, number).await;
        let way = way.as_str();
        assert_eq!(data["mechanism"], way);
        assert_eq!(data["poll"]["votes"].is_object(), way == "majority", "{way}");
        assert_eq!(data["poll"]["rankings"].is_number(), ["ranked", "condorcet"].contains(&way), "{way}");
        let counted = ["approval", "weighted", "quadratic"].contains(&way);
        assert_eq!(data["options"][0]["votes"].is_string(), counted, "{way}");
    }
}

#[tokio::test]
async fn a_counted_ranking() {
    let world = World::new().await;
    let row =
        json!({ "mechanism": "ranked", "state": "succeeded", "rankings": 17, "counted_at": moment(44), "winner": 2 });
    world.insert("mirror_2.proposals", json!([with(proposal(0), row)])).await;
    let poll = shown(&world, 0).await["poll"].take();
    assert_eq!((&poll["rankings"], &poll["winner"]), (&json!(17), &json!(2)));
    assert_eq!(poll["counted_at"]["moment"], moment(44));
}

#[tokio::test]
async fn a_proposal_that_is_stored_in_part_is_a_problem() {
    let world = World::new().await;
    for (number, columns) in (0..).zip([
        json!({ "deposit": null }),
        json!({ "guarded": null }),
        json!({ "voting_ends": null }),
        json!({ "created_height": null }),
        json!({ "queued_at": moment(45) }),
        json!({ "executed_at": moment(45), "executor": hex(1) }),
        json!({ "cancelled_at": moment(12) }),
        json!({ "vetoed_at": moment(12) }),
        json!({ "settled_at": moment(12) }),
        json!({ "drafted_at": moment(5), "revision": 1 }),
        json!({ "mechanism": "guessing" }),
        json!({ "kind": "joke" }),
        json!({ "state": "open" }),
        json!({ "quorum_bps": 10_001 }),
        json!({ "winner": -1 }),
        json!({ "mechanism": "ranked", "rankings": -1 }),
    ]) {
        world.insert("mirror_2.proposals", json!([with(proposal(number), columns.clone())])).await;
        let problem = world.problem(&format!("/v1/proposals/{number}")).await;
        assert!(problem.kind.ends_with("/internal") && problem.status == 500, "{columns}: {problem:?}");
    }
}

/// Every state with every kind and mechanism, by account 1 and 2 in turns.
async fn many() -> World {
    let world = World::new().await;
    let rows: Vec<_> = MANY
        .map(|number| {
            let Traits { state, kind, mechanism, proposer } = traits(number);
            let row = json!({ "state": state, "kind": kind, "mechanism": mechanism, "proposer": hex(proposer) });
            with(proposal(number), row)
        })
        .collect();
    world.insert("mirror_2.proposals", json!(rows)).await;
    world
}

/// The numbers of [`many`]: the counts of states, kinds and mechanisms multiplied.
const MANY: std::ops::Range<u32> = 0..11 * 4 * 6;

struct Traits {
    state: &'static str,
    kind: &'static str,
    mechanism: &'static str,
    proposer: u8,
}

/// What [`many`] gives to the proposal of this number.
fn traits(number: u32) -> Traits {
    let number = number as usize;
    Traits {
        state: STATES[number % 11],
        kind: KINDS[number / 11 % 4],
        mechanism: MECHANISMS[number / 44 % 6],
        proposer: if number.is_multiple_of(3) { 2 } else { 1 },
    }
}

const STATES: [&str; 11] = [
    "draft",
    "pending",
    "active",
    "counting",
    "succeeded",
    "defeated",
    "queued",
    "executed",
    "expired",
    "cancelled",
    "vetoed",
];
const KINDS: [&str; 4] = ["protocol_upgrade", "treasury_spending", "parameter_change", "community_initiative"];
const MECHANISMS: [&str; 6] = ["majority", "approval", "weighted", "quadratic", "ranked", "condorcet"];

/// Asks for all of [`many`] that a filter lets through, and compares.
async fn filtered(world: &World, query: &str, through: impl Fn(&Traits) -> bool) {
    let page = world.json(&format!("/v1/proposals?limit=200&{query}")).await;
    let expected: Vec<_> = MANY.rev().filter(|number| through(&traits(*number))).take(200).map(u64::from).collect();
    assert!(!expected.is_empty(), "{query}");
    assert_eq!(ids(&page), expected, "{query}");
}

#[tokio::test]
async fn proposals_in_a_state() {
    let world = many().await;
    for state in STATES {
        filtered(&world, &format!("state={state}"), |found| found.state == state).await;
    }
}

#[tokio::test]
async fn proposals_in_several_states() {
    let world = many().await;
    for query in ["state=active,queued", "state=queued&state=active", "state=active&state=queued,active"] {
        filtered(&world, query, |found| ["active", "queued"].contains(&found.state)).await;
    }
}

#[tokio::test]
async fn proposals_of_a_kind() {
    let world = many().await;
    for kind in KINDS {
        filtered(&world, &format!("kind={kind}"), |found| found.kind == kind).await;
    }
}

#[tokio::test]
async fn proposals_with_a_mechanism() {
    let world = many().await;
    for mechanism in MECHANISMS {
        filtered(&world, &format!("mechanism={mechanism}"), |found| found.mechanism == mechanism).await;
    }
}

#[tokio::test]
async fn proposals_of_an_account() {
    let world = many().await;
    for text in [account(2).to_string(), format!("0x{}", "02".repeat(32))] {
        filtered(&world, &format!("proposer={text}"), |found| found.proposer == 2).await;
    }
}

#[tokio::test]
async fn all_filters_hold_together() {
    let world = many().await;
    let proposer = account(1);
    filtered(&world, "kind=protocol_upgrade&mechanism=ranked", |found| {
        found.kind == "protocol_upgrade" && found.mechanism == "ranked"
    })
    .await;
    filtered(&world, "state=active,draft&kind=parameter_change", |found| {
        ["active", "draft"].contains(&found.state) && found.kind == "parameter_change"
    })
    .await;
    filtered(&world, "state=active,draft&mechanism=weighted", |found| {
        ["active", "draft"].contains(&found.state) && found.mechanism == "weighted"
    })
    .await;
    filtered(&world, &format!("proposer={proposer}&kind=parameter_change"), |found| {
        found.proposer == 1 && found.kind == "parameter_change"
    })
    .await;
    let all = format!("proposer={proposer}&state=active,vetoed&kind=treasury_spending&mechanism=majority");
    filtered(&world, &all, |found| {
        found.proposer == 1
            && ["active", "vetoed"].contains(&found.state)
            && found.kind == "treasury_spending"
            && found.mechanism == "majority"
    })
    .await;
}

#[tokio::test]
async fn proposals_of_an_account_that_made_none() {
    let world = many().await;
    assert_eq!(world.json(&format!("/v1/proposals?proposer={}", account(7))).await["data"], json!([]));
}

#[tokio::test]
async fn a_page_has_50_rows_unless_told_and_200_at_most() {
    let world = World::new().await;
    let rows: Vec<_> = (0..250).map(proposal).collect();
    world.insert("mirror_2.proposals", json!(rows)).await;
    for (query, rows) in
        [("", 50), ("?limit=7", 7), ("?limit=200", 200), ("?limit=201", 200), ("?limit=99999999999999999999", 200)]
    {
        assert_eq!(ids(&world.json(&format!("/v1/proposals{query}")).await).len(), rows, "{query}");
    }
}
