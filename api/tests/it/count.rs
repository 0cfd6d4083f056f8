use crate::world::{World, bytes, identity_votes, proposal, ranking, round, round_tally, with};
use insta::assert_json_snapshot;
use scale::Encode;
use serde_json::json;

#[tokio::test]
async fn rounds_of_a_count() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1)])).await;
    let rounds = [
        with(round(0, 3), json!({ "exhausted": 5, "elected": 2 })),
        with(round(0, 1), json!({ "eliminated": [3], "tie_break": "index" })),
        with(round(0, 2), json!({ "exhausted": 4, "eliminated": [1], "tie_break": "earlier_round" })),
        round(1, 1),
    ];
    world.insert("mirror_2.rounds", json!(rounds)).await;
    let tallies = [
        round_tally(0, 1, 2, 20),
        round_tally(0, 1, 0, 20),
        round_tally(0, 1, 1, 15),
        round_tally(0, 1, 3, 15),
        round_tally(0, 2, 0, 24),
        round_tally(0, 2, 2, 26),
        round_tally(0, 2, 1, 16),
        round_tally(0, 3, 0, 25),
        round_tally(0, 3, 2, 40),
        round_tally(1, 1, 0, 99),
    ];
    world.insert("mirror_2.round_tallies", json!(tallies)).await;
    assert_json_snapshot!(world.json("/v1/proposals/0/rounds").await);
}

#[tokio::test]
async fn a_tie_break_that_is_not_known_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    world.insert("mirror_2.rounds", json!([with(round(0, 1), json!({ "tie_break": "coin" }))])).await;
    assert_eq!(world.problem("/v1/proposals/0/rounds").await.status, 500);
}

#[tokio::test]
async fn rankings_and_the_power_behind_them() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1)])).await;
    let rows = [ranking(0, &[2, 0, 1], 7), ranking(0, &[0], 40), ranking(0, &[0, 1], 2), ranking(1, &[1], 1)];
    world.insert("mirror_2.rankings", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/proposals/0/rankings").await["data"]);
}

#[tokio::test]
async fn what_is_no_ranking_is_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    world.insert("mirror_2.rankings", json!([ranking(0, &[1, 1], 7)])).await;
    assert_eq!(world.problem("/v1/proposals/0/rankings").await.status, 500);
}

#[tokio::test]
async fn identities_and_what_their_votes_cost() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0), proposal(1)])).await;
    let several = json!({ "votes": bytes(&vec![(0_u8, 3_u32), (2, 4)].encode()), "cost": 25 });
    let rows = [with(identity_votes(0, 9, 1), several), identity_votes(0, 3, 10), identity_votes(1, 3, 1)];
    world.insert("mirror_2.identity_votes", json!(rows)).await;
    assert_json_snapshot!(world.json("/v1/proposals/0/identities").await["data"]);
}

#[tokio::test]
async fn votes_of_an_identity_that_cannot_be_read_are_a_problem() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([proposal(0)])).await;
    let cut_off = with(identity_votes(0, 9, 1), json!({ "votes": "\\x0400" }));
    world.insert("mirror_2.identity_votes", json!([cut_off])).await;
    assert_eq!(world.problem("/v1/proposals/0/identities").await.status, 500);
}
