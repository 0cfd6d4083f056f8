//! Somebody else's programs read what we make.

use crate::world::{World, bundles, repository, signer};
use ballot::Support;
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn polkadot_js_reads_a_bundle_and_one_of_its_events() {
    let world = World::new().await;
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let voted = world.vote(made.answer, "Alice", Support::For).await.expect("a vote");

    let block = format!("{:?}", voted.block.hash);
    let read = node("read-bundle.mjs", "polls", &["--chain", &world.stack.chain_url, "--block", &block]).await;
    let labels: Vec<_> = read["messages"].as_array().expect("messages").iter().map(|it| &it["label"]).collect();
    assert!(labels.contains(&&json!("Polls::vote")), "{labels:?}");
    // The first vote of a poll is not the only event of its block.
    let events = read["decoded"].as_array().expect("events");
    let event = events.iter().find(|event| event["label"] == "interfaces::polls::VoteCast").expect("a vote");
    let voter = signer("Alice").account().to_string();
    assert_eq!(
        event["args"],
        json!({ "poll": "0", "voter": voter, "choice": { "Majority": "For" }, "power": "400000000000000000" })
    );
    world.stack.stop().await;
}

#[tokio::test]
async fn a_wallets_library_signs_a_vote_and_sees_it_in_a_block_and_final() {
    let world = World::new().await;
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;

    let polls = world.polls().account().to_string();
    let arguments = ["--chain", &world.stack.chain_url, "--polls", &polls, "--proposal", "0"];
    let sent =
        node("sign-vote.mjs", "polls", &[&arguments[..], &["--support", "Against", "--signer", "//Bob"]].concat())
            .await;
    let statuses = sent["statuses"].as_array().expect("statuses");
    assert!(statuses.contains(&json!("InBlock")) && statuses.contains(&json!("Finalized")), "{statuses:?}");

    world.caught_up().await;
    assert_eq!(world.votes_as_told(made.answer).await.against.0, 250_000_000_000_000_000);
    world.verified().await;
    world.stack.stop().await;
}

/// Runs one of the programs beside this file's folder on a contract's bundle; what it prints.
async fn node(program: &str, contract: &str, arguments: &[&str]) -> Value {
    let output = Command::new("node")
        .arg(repository().join("tests/readers").join(program))
        .arg(bundles().join(format!("{contract}.contract")))
        .args(arguments)
        .output()
        .await
        .expect("node starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
