//! What the contracts refuse on the real chain, and that a refusal leaves chain and mirror in agreement.

use crate::world::{World, refusal, signer};
use ballot::Support;
use client::messages::{token, treasury};
use interfaces::AccountId;

#[tokio::test]
async fn votes_are_refused_before_after_twice_and_without_power() {
    let world = World::new().await;
    let made = world.propose(1).await;
    let proposal = made.answer;
    assert_eq!(refusal(world.vote(proposal, "Alice", Support::For).await), "WrongState(Pending)");
    assert_eq!(refusal(world.vote(proposal + 1, "Alice", Support::For).await), "UnknownProposal");

    world.pass(made.block, world.rules.voting_delay).await;
    // Tokens bought after the snapshot count for nothing, and those sold after it still count.
    let ferdie = AccountId::from(signer("Ferdie").account().0);
    let all = world.token().ask(&token::balance_of(AccountId::from(signer("Eve").account().0))).await.expect("Eve's");
    world.token().send(&signer("Eve"), &token::transfer(ferdie, all)).await.expect("sold");
    assert_eq!(refusal(world.vote(proposal, "Ferdie", Support::For).await), "NoVotingPower");
    world.vote(proposal, "Eve", Support::For).await.expect("power at the snapshot");

    world.vote(proposal, "Alice", Support::For).await.expect("a first vote");
    assert_eq!(refusal(world.vote(proposal, "Alice", Support::Against).await), "AlreadyVoted");

    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    assert_eq!(refusal(world.vote(proposal, "Bob", Support::Against).await), "WrongState(Succeeded)");
    let refused_on_chain = world
        .governor()
        .send_blind(&signer("Bob"), &client::messages::governor::vote(proposal, Support::Against))
        .await
        .expect_err("refused on chain too");
    assert!(refused_on_chain.to_string().contains("ContractReverted"), "{refused_on_chain}");

    world.mirrored(world.chain.head().await.expect("a head")).await;
    let report = world.verified().await;
    // Eve holds nothing any more, Ferdie does.
    assert_eq!((report.votes, report.accounts), (2, 5));
    world.stack.stop().await;
}

#[tokio::test]
async fn execution_is_refused_too_early_twice_and_too_late() {
    let world = World::new().await;
    let (first, second) = (world.propose(5).await, world.propose(6).await);
    world.pass(second.block, world.rules.voting_delay).await;
    for proposal in [first.answer, second.answer] {
        world.vote(proposal, "Alice", Support::For).await.expect("a vote");
    }
    assert_eq!(refusal(world.queue(first.answer).await), "WrongState(Active)");
    world.pass(second.block, world.rules.voting_delay + world.rules.voting_period).await;
    assert_eq!(refusal(world.execute(first.answer).await), "WrongState(Succeeded)");
    world.queue(first.answer).await.expect("queued");
    let queued = world.queue(second.answer).await.expect("queued");
    assert_eq!(refusal(world.execute(first.answer).await), "TooEarly");
    assert_eq!(refusal(world.queue(first.answer).await), "WrongState(Queued)");

    world.pass(queued.block, world.rules.execution_delay).await;
    world.execute(first.answer).await.expect("executed");
    assert_eq!(refusal(world.execute(first.answer).await), "WrongState(Executed)");

    world.pass(queued.block, world.rules.execution_delay + world.rules.execution_window).await;
    assert_eq!(refusal(world.execute(second.answer).await), "WrongState(Expired)");

    world.mirrored(world.chain.head().await.expect("a head")).await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn the_treasury_pays_on_no_one_elses_order() {
    let world = World::new().await;
    let vault = world.chain.contract(world.stack.deployment.contracts.treasury.account);
    let alice = signer("Alice");
    let order = treasury::pay(AccountId::from(alice.account().0), 1);
    assert_eq!(refusal(vault.send(&alice, &order).await), "NotGovernor");
    vault.send_blind(&alice, &order).await.expect_err("refused on chain too");

    // Money that arrives unasked is seen all the same.
    let block = world.chain.transfer(&alice, vault.account(), 77_000_000_000).await.expect("sent");
    world.mirrored(block).await;
    world.verified().await;
    world.stack.stop().await;
}
