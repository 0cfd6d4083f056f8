use crate::world::{World, account, hex, moment, proposal, vote, with};
use insta::assert_json_snapshot;
use interfaces::lifecycle::State;
use serde_json::{Value, json};

/// A proposal that went all the way, with two calls and three votes.
async fn executed() -> World {
    let world = World::new().await;
    // The supply at the snapshot counts, not the one after it.
    world
        .insert(
            "mirror_1.supply",
            json!([
                { "since": moment(1), "supply": 1_000_000 },
                { "since": moment(20), "supply": "340282366920938463463374607431768211455" },
                { "since": moment(21), "supply": 7 },
            ]),
        )
        .await;
    let row = json!({
        "votes_for": "20000000000000000000000000000000000000", "votes_against": 5, "votes_abstain": 1, "voters": 3,
        "state": "executed", "queued_at": moment(45), "ready_at": moment(55), "expires_at": moment(155),
        "executed_at": moment(60), "executor": hex(9),
    });
    world.insert("mirror_1.proposals", json!([with(proposal(0), row)])).await;
    let call = |number: u8, input: &str| {
        json!({
            "proposal": 0, "number": number, "target": hex(0xa3), "selector": "\\xdb20f9f5", "input": input,
            "value": 0, "code_hash": hex(0xcc),
        })
    };
    world.insert("mirror_1.calls", json!([call(1, "\\x"), call(0, "\\x010203")])).await;
    world
        .insert(
            "mirror_1.votes",
            json!([
                with(vote(0, 1, "for", 0, 30, 2), json!({ "power": "20000000000000000000000000000000000000" })),
                vote(0, 2, "against", 5, 30, 7),
                vote(0, 3, "abstain", 1, 31, 0),
            ]),
        )
        .await;
    world
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
async fn a_list_shows_the_same_as_the_proposal_alone() {
    let world = executed().await;
    let alone = world.json("/v1/proposals/0").await;
    assert_eq!(
        world.json("/v1/proposals").await,
        json!({ "data": [alone["data"]], "next_cursor": null, "block": alone["block"] })
    );
}

#[tokio::test]
async fn votes_on_a_proposal() {
    assert_json_snapshot!(executed().await.json("/v1/proposals/0/votes").await);
}

#[tokio::test]
async fn votes_of_one_kind() {
    let world = executed().await;
    for (support, voter) in [("for", 1), ("against", 2), ("abstain", 3)] {
        let page = world.json(&format!("/v1/proposals/0/votes?support={support}")).await;
        let rows = page["data"].as_array().expect("rows");
        assert_eq!(rows.len(), 1, "{support}");
        assert_eq!(rows[0]["voter"], account(voter).to_string());
    }
}

#[tokio::test]
async fn no_votes_on_a_proposal() {
    let world = World::new().await;
    world.insert("mirror_1.proposals", json!([proposal(0)])).await;
    assert_eq!(world.json("/v1/proposals/0/votes").await["data"], json!([]));
}

#[tokio::test]
async fn no_proposals() {
    assert_json_snapshot!(World::new().await.json("/v1/proposals").await);
}

#[tokio::test]
async fn a_cancelled_proposal() {
    let world = World::new().await;
    let row = json!({ "state": "cancelled", "cancelled_at": moment(12) });
    world.insert("mirror_1.proposals", json!([with(proposal(3), row)])).await;
    let data = &world.json("/v1/proposals/3").await["data"];
    assert_eq!(data["cancelled_at"], json!({ "time": "2026-03-01T12:01:12.000Z", "moment": moment(12) }));
    assert_eq!((&data["queued"], &data["executed"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn no_quorum_is_told_before_the_snapshot_is_past() {
    let world = World::new().await;
    world.insert("mirror_1.supply", json!([{ "since": moment(1), "supply": 1_000 }])).await;
    // The mirror stands at block 100: the first snapshot is still to come, the second is in it, the third is past.
    let rows = [101, 100, 99].map(|height| json!({ "snapshot": moment(height), "voting_ends": moment(200) }));
    let rows: Vec<_> = (0..).zip(rows).map(|(number, row)| with(proposal(number), row)).collect();
    world.insert("mirror_1.proposals", json!(rows)).await;
    let unknown = json!({ "required": null, "reached": false });
    assert_eq!(world.json("/v1/proposals/0").await["data"]["quorum"], unknown);
    assert_eq!(world.json("/v1/proposals/1").await["data"]["quorum"], unknown);
    assert_eq!(world.json("/v1/proposals/2").await["data"]["quorum"], json!({ "required": "40", "reached": false }));
}

#[tokio::test]
async fn no_quorum_is_told_without_a_supply() {
    let world = World::new().await;
    world.insert("mirror_1.proposals", json!([proposal(0)])).await;
    assert_eq!(world.json("/v1/proposals/0").await["data"]["quorum"]["required"], Value::Null);
}

/// Ten proposals of each state, one after the other, by account 1 and 2 in turns.
async fn many() -> World {
    let world = World::new().await;
    let rows: Vec<_> = (0..80_u32)
        .map(|number| {
            let state = api::model::STATES[number as usize % 8];
            let proposer = if number.is_multiple_of(3) { 2 } else { 1 };
            with(proposal(number), json!({ "state": state, "proposer": hex(proposer) }))
        })
        .collect();
    world.insert("mirror_1.proposals", json!(rows)).await;
    world
}

/// The numbers that [`many`] gives to proposals in these states, of this account.
fn expected(states: &[State], proposer: Option<u8>) -> Vec<u64> {
    (0..80)
        .rev()
        .filter(|number| {
            states.is_empty() || states.contains(&api::model::STATES[usize::try_from(number % 8).expect("8")])
        })
        .filter(|number| proposer.is_none_or(|proposer| (number % 3 == 0) == (proposer == 2)))
        .collect()
}

#[tokio::test]
async fn proposals_in_a_state() {
    let world = many().await;
    for state in api::model::STATES {
        let page = world.json(&format!("/v1/proposals?state={state}")).await;
        assert_eq!(ids(&page), expected(&[state], None), "{state}");
    }
}

#[tokio::test]
async fn proposals_in_several_states() {
    let world = many().await;
    let both = expected(&[State::Active, State::Queued], None);
    for query in ["state=active,queued", "state=queued&state=active", "state=active&state=queued,active"] {
        assert_eq!(ids(&world.json(&format!("/v1/proposals?{query}")).await), both, "{query}");
    }
}

#[tokio::test]
async fn proposals_of_an_account() {
    let world = many().await;
    let proposer = account(2);
    let digits = format!("0x{}", "02".repeat(32));
    for text in [proposer.to_string(), digits] {
        let page = world.json(&format!("/v1/proposals?proposer={text}")).await;
        assert_eq!(ids(&page), expected(&[], Some(2)));
    }
    let page = world.json(&format!("/v1/proposals?proposer={proposer}&state=active,pending")).await;
    assert_eq!(ids(&page), expected(&[State::Active, State::Pending], Some(2)));
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
    world.insert("mirror_1.proposals", json!(rows)).await;
    for (query, rows) in
        [("", 50), ("?limit=7", 7), ("?limit=200", 200), ("?limit=201", 200), ("?limit=99999999999999999999", 200)]
    {
        assert_eq!(ids(&world.json(&format!("/v1/proposals{query}")).await).len(), rows, "{query}");
    }
}
