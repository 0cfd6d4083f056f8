//! `gaia index`: whether the mirror is whole, and projecting it anew, beside services that go on.

use crate::{
    commands::{Ran, home, run},
    world::World,
};
use ballot::Support;
use serde_json::Value;

async fn index(world: &World, arguments: &[&str]) -> (Ran, Value) {
    let (home, owner) = (home(world), world.owner());
    let all = [&["--json", "index"], arguments, &["--database", &owner]].concat();
    let ran = run(&home, &all).await;
    let value = serde_json::from_str(&ran.output).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    (ran, value)
}

async fn with_a_vote() -> World {
    let world = World::new().await;
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let voted = world.vote(made.answer, "Alice", Support::For).await.expect("a vote");
    world.mirrored(voted.block).await;
    world
}

#[tokio::test]
async fn a_mirror_is_found_to_be_whole_and_what_was_changed_in_it_is_named() {
    let world = with_a_vote().await;
    let (ran, found) = index(&world, &["check", "--full"]).await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(found["compared"] == found["blocks"] && found["projection"]["blocks"].as_u64() >= found["blocks"].as_u64());
    assert!(found["events"].as_u64() > Some(10), "{found}");
    assert_eq!(found["projection"]["differences"], serde_json::json!([]));
    let (_, found) = index(&world, &["check", "--sample", "5"]).await;
    assert_eq!(found["compared"], 5);

    // Each by somebody who may do everything in the database, and so well that the mirror by itself looks whole.
    let last = "(SELECT max(height) FROM raw.contract_events)";
    let first = "(SELECT min(height) FROM raw.blocks)";
    for (change, undo, named) in [
        (
            format!("UPDATE raw.contract_events SET data = data || '\\x00' WHERE height = {last}"),
            format!("UPDATE raw.contract_events SET data = substr(data, 1, length(data) - 1) WHERE height = {last}"),
            "is not the chain's",
        ),
        (
            format!("UPDATE raw.blocks SET moment = moment + 1 WHERE height = {first}"),
            format!("UPDATE raw.blocks SET moment = moment - 1 WHERE height = {first}"),
            "the moment is ",
        ),
        (
            format!(
                "INSERT INTO raw.contract_events SELECT height, 9999, extrinsic, contract, topics, data
                 FROM raw.contract_events WHERE height = {last} LIMIT 1;
                 UPDATE raw.blocks SET contract_events = contract_events + 1 WHERE height = {last}"
            ),
            format!(
                "UPDATE raw.blocks SET contract_events = contract_events - 1 WHERE height = {last};
                 DELETE FROM raw.contract_events WHERE index = 9999"
            ),
            "the number of contract events is ",
        ),
    ] {
        world.sql(&change).await;
        let (ran, found) = index(&world, &["check", "--full"]).await;
        assert_eq!(ran.status, Some(1), "{ran:?}");
        let wrong = found["wrong"].as_array().expect("a list");
        assert!(wrong.iter().any(|it| it.as_str().is_some_and(|it| it.contains(named))), "{named}: {wrong:?}");
        world.sql(&undo).await;
    }
    world.sql("UPDATE mirror_2.votes SET power = power + 1").await;
    let (ran, found) = index(&world, &["check"]).await;
    assert_eq!((ran.status, &found["projection"]["differences"][0]["table"]), (Some(1), &"votes".into()));
    world.stack.stop().await;
}

#[tokio::test]
async fn a_projection_is_rebuilt_and_switched_back_while_the_services_go_on() {
    let world = with_a_vote().await;
    world.sql("UPDATE mirror_2.votes SET power = power + 1").await;
    let (ran, rebuilt) = index(&world, &["rebuild"]).await;
    assert_eq!((ran.status, &rebuilt["differences"][0]["table"]), (Some(0), &"votes".into()));
    world.verified().await;
    let voted = world.vote(0, "Bob", Support::Against).await.expect("a vote");
    world.mirrored(voted.block).await;
    world.verified().await;

    // As it was before, with the vote that somebody had changed, and with the one that was cast since.
    let (ran, _) = index(&world, &["rebuild", "--back"]).await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    world.caught_up().await;
    let powers = world.sql("SELECT power % 10 FROM mirror.votes ORDER BY height").await;
    assert_eq!(powers, "1\n0");
    let (ran, _) = index(&world, &["rebuild", "--back"]).await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    world.caught_up().await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let world = World::new().await;
    let home = home(&world);
    for verb in ["check", "rebuild"] {
        let url = "postgres://nobody:secret@127.0.0.1:1/nothing";
        let ran = run(&home, &["index", verb, "--database", url]).await;
        assert_eq!(ran.status, Some(2), "{ran:?}");
        assert!(
            ran.errors.contains("nothing at 127.0.0.1:1 cannot be reached") && !ran.errors.contains("secret"),
            "{ran:?}"
        );
        let ran = run(&home, &["index", verb, "--database", "mysql://nobody:secret@host/nothing"]).await;
        assert!(ran.status == Some(2) && !ran.errors.contains("secret"), "{ran:?}");
    }
    world.stack.stop().await;
}
