use crate::world::{World, account, ballot, draft, overridden, proposal, sponsor, vote, with};
use ballot::{BasisPoints, Choice, Ranking};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

/// A majority vote with three votes.
async fn voted() -> World {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    let changed = json!({ "power": "20000000000000000000000000000000000000", "changes": 2 });
    let votes =
        [with(vote(0, 1, "for", 0, 30, 2), changed), vote(0, 2, "against", 5, 30, 7), vote(0, 3, "abstain", 1, 31, 0)];
    world.insert("mirror_2.votes", json!(votes)).await;
    world
}

#[tokio::test]
async fn votes_on_a_proposal() {
    assert_json_snapshot!(voted().await.json("/v1/proposals/0/votes").await);
}

#[tokio::test]
async fn votes_of_one_kind() {
    let world = voted().await;
    for (support, voter) in [("for", 1), ("against", 2), ("abstain", 3)] {
        let page = world.json(&format!("/v1/proposals/0/votes?support={support}")).await;
        let rows = page["data"].as_array().expect("rows");
        assert_eq!(rows.len(), 1, "{support}");
        assert_eq!(rows[0]["voter"], account(voter).to_string());
    }
}

#[tokio::test]
async fn each_choice_is_told_in_its_own_words() {
    let share = |points| BasisPoints::new(points).expect("a share");
    let choices = [
        (Choice::Approval(0b101), json!({ "approved": [0, 2] })),
        (
            Choice::Weighted(vec![(0, share(6_000)), (1, share(4_000))]),
            json!({ "shares": [{ "option": 0, "bps": 6_000 }, { "option": 1, "bps": 4_000 }] }),
        ),
        (Choice::Quadratic(vec![(0, 3)]), json!({ "votes": [{ "option": 0, "votes": 3 }] })),
        (Choice::Ranked(Ranking::new(vec![2, 0, 1]).expect("a ranking")), json!({ "ranking": [2, 0, 1] })),
    ];
    let world = World::new().await;
    for (number, (choice, told)) in (0..).zip(choices) {
        world.insert("mirror_2.proposals", json!([proposal(number)])).await;
        world.insert("mirror_2.votes", json!([ballot(number, 1, &choice, 0, 30, 1)])).await;
        let path = format!("/v1/proposals/{number}/votes");
        assert_eq!(world.json(&path).await["data"][0]["choice"], told);
        // A side is taken in a majority vote only.
        assert_eq!(world.json(&format!("{path}?support=for")).await["data"], json!([]));
    }
}

#[tokio::test]
async fn a_vote_that_cannot_be_read_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    // A majority vote with a byte too many.
    world.insert("mirror_2.votes", json!([with(vote(0, 1, "for", 1, 30, 1), json!({ "choice": "\\x000100" }))])).await;
    assert_eq!(world.problem("/v1/proposals/0/votes").await.status, 500);
}

#[tokio::test]
async fn holders_who_voted_themselves() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1)])).await;
    let rows = [overridden(0, 2, 9, 60), overridden(0, 1, 8, 5), overridden(0, 2, 7, 40), overridden(1, 1, 1, 1)];
    world.insert("mirror_2.overrides", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/proposals/0/overrides").await);
}

#[tokio::test]
async fn sponsors_of_the_last_revision_come_first() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([draft(0), draft(1)])).await;
    let rows = [sponsor(0, 0, 4, 10), sponsor(0, 1, 3, 20), sponsor(0, 1, 4, 30), sponsor(1, 5, 5, 1)];
    world.insert("mirror_2.sponsors", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/proposals/0/sponsors").await);
}

#[tokio::test]
async fn nothing_belongs_to_a_new_proposal() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), draft(1)])).await;
    for list in ["votes", "overrides", "sponsors", "rounds", "rankings", "identities"] {
        for number in [0, 1] {
            let page = world.json(&format!("/v1/proposals/{number}/{list}")).await;
            assert_eq!((&page["data"], &page["next_cursor"]), (&json!([]), &Value::Null), "{list} of {number}");
        }
    }
}
