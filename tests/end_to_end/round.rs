//! The whole round.

use crate::world::{World, repository, signer};
use api::model::LedgerEntry;
use ballot::Support;
use interfaces::lifecycle::State;
use serde_json::Value;
use std::collections::BTreeSet;
use tokio::process::Command;

#[tokio::test]
async fn a_vote_travels_from_a_wallet_to_the_api() {
    const PAYOUT: u128 = 123_000_000_000_000;
    let world = World::new().await;
    let payee = signer("Ferdie").account();
    let head = world.chain.head().await.expect("a head");
    let before = world.chain.free_balance(&payee, head.hash).await.expect("a balance");

    let made = world.propose(PAYOUT).await;
    let proposal = made.answer;
    world.mirrored(made.block).await;
    assert_eq!(world.as_told(proposal).await.state, State::Pending);

    world.pass(made.block, world.rules.voting_delay).await;
    for (who, support) in [("Alice", Support::For), ("Bob", Support::Against), ("Dave", Support::Abstain)] {
        let sent = world.vote(proposal, who, support).await.expect("a vote");
        world.mirrored(sent.block).await;
    }
    let active = world.as_told(proposal).await;
    assert_eq!(active.state, State::Active);
    let votes = world.votes_as_told(proposal).await;
    assert_eq!(votes.in_favour.0, 400_000_000_000_000_000);
    assert_eq!(votes.against.0, 250_000_000_000_000_000);
    assert_eq!(votes.abstain.0, 100_000_000_000_000_000);
    assert_eq!(world.poll_as_told(proposal).await.voters, 3);

    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    let queued = world.queue(proposal).await.expect("queued");
    world.pass(queued.block, world.rules.execution_delay).await;
    let executed = world.execute(proposal).await.expect("executed");

    let after = world.chain.free_balance(&payee, executed.block.hash).await.expect("a balance");
    assert_eq!(after - before, PAYOUT);
    world.mirrored(executed.block).await;
    assert_eq!(world.as_told(proposal).await.state, State::Executed);
    let payments: Vec<LedgerEntry> = world.listed("/v1/treasury/ledger?kind=payment").await;
    assert_eq!(payments.len(), 1);
    assert_eq!((payments[0].amount.0, payments[0].proposal), (PAYOUT, Some(proposal)));

    let report = world.verified().await;
    assert_eq!((report.proposals, report.votes, report.accounts), (1, 3, 5));
    world.stack.stop().await;
}

#[tokio::test]
async fn a_state_that_time_alone_changes_is_mirrored() {
    let world = World::new().await;
    let made = world.propose(1).await;
    // Nobody votes: the proposal opens and is defeated without another transaction.
    world.pass(made.block, world.rules.voting_delay).await;
    world.caught_up().await;
    assert_eq!(world.as_told(made.answer).await.state, State::Active);
    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    world.caught_up().await;
    assert_eq!(world.as_told(made.answer).await.state, State::Defeated);
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn the_demo_ends_with_mirror_and_chain_in_agreement() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(gaia())
        .args(["--json", "--home"])
        .arg(folder.path())
        .arg("demo")
        .current_dir(repository())
        .output()
        .await
        .expect("gaia starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(outcome["state"], "executed");
    assert_eq!(outcome["mirror_equals_chain"], true);
    assert_eq!(outcome["payout"], "250000000000000");
    assert_eq!(outcome["votes"]["voters"], 5);
    let proposals = outcome["proposals"].as_array().expect("a list");
    let of = |key: &str| proposals.iter().map(|it| it[key].as_str().unwrap_or_default()).collect::<BTreeSet<_>>();
    assert_eq!(of("kind").len(), 4, "{proposals:?}");
    assert!(of("mechanism").is_superset(&["majority", "quadratic", "ranked"].into()), "{proposals:?}");
    assert_eq!(of("state"), ["executed"].into());
    assert!(outcome["seconds"].as_f64().is_some_and(|seconds| seconds < 90.0), "{outcome:#}");
}

/// The program, as cargo built it.
pub fn gaia() -> std::path::PathBuf {
    let test = std::env::current_exe().expect("this program");
    let folder = test.parent().and_then(|deps| deps.parent()).expect("target/debug");
    folder.join("gaia")
}
