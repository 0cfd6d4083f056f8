//! Crashes.

use crate::world::{World, signer};
use ballot::Support;
use client::messages::token;
use interfaces::AccountId;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::time::Duration;

/// How often the indexer is killed during the round.
const KILLS: usize = 12;

#[tokio::test]
async fn an_indexer_killed_at_random_moments_leaves_no_gap_and_no_repeat() {
    let mut world = World::new().await;
    // Seeded: the moments are random, but a failure can be looked at again.
    let mut runner = TestRunner::deterministic();
    let mut random = |range: std::ops::Range<u64>| range.new_tree(&mut runner).expect("a value").current();

    let made = world.propose(9).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let mut voters = [("Alice", Support::For), ("Bob", Support::Against), ("Eve", Support::For)].into_iter();
    for round in 0..KILLS {
        let indexer = world.stack.take_indexer().expect("the indexer runs");
        let traffic = async {
            for amount in 1..=3 {
                let to = AccountId::from(signer("Ferdie").account().0);
                world.token().send(&signer("Charlie"), &token::transfer(to, amount)).await.expect("a transfer");
            }
            if round % 4 == 0
                && let Some((who, support)) = voters.next()
            {
                world.vote(made.answer, who, support).await.expect("a vote");
            }
        };
        let kill = async {
            tokio::time::sleep(Duration::from_millis(random(0..400))).await;
            indexer.kill().await;
        };
        tokio::join!(traffic, kill);
        world.stack.start_indexer().await.expect("the indexer starts again");
    }
    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    let queued = world.queue(made.answer).await.expect("queued");
    world.pass(queued.block, world.rules.execution_delay).await;
    let executed = world.execute(made.answer).await.expect("executed");
    world.mirrored(executed.block).await;

    let report = world.verified().await;
    assert_eq!((report.proposals, report.votes, report.accounts), (1, 3, 6));
    world.stack.stop().await;
}
