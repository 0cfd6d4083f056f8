//! Somebody else's programs read what we make.

use crate::world::{World, bundles, repository};
use ballot::Support;
use serde_json::Value;
use tokio::process::Command;

#[tokio::test]
async fn polkadot_js_reads_a_bundle_and_one_of_its_events() {
    let world = World::new().await;
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let voted = world.vote(made.answer, "Alice", Support::For).await.expect("a vote");

    let output = Command::new("node")
        .arg(repository().join("tests/readers/read-bundle.mjs"))
        .arg(bundles().join("governor.contract"))
        .args(["--chain", &world.stack.chain_url, "--block", &format!("{:?}", voted.block.hash)])
        .output()
        .await
        .expect("node starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = read.to_string();
    assert!(text.contains("Governor::vote"), "{text}");
    assert!(text.contains("VoteCast") && text.contains("For"), "{text}");
    world.stack.stop().await;
}
