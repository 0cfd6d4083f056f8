//! What the contracts refuse on the real chain, and that a refusal leaves chain and mirror in agreement.

use crate::world::{World, refusal, signer};
use ballot::{Choice, Support};
use client::messages::{polls, token, treasury};
use interfaces::{AccountId, treasury::Payment};

#[tokio::test]
async fn votes_are_refused_before_after_and_without_power_and_can_be_changed_until_the_freeze() {
    let world = World::new().await;
    let made = world.propose(1).await;
    let proposal = made.answer;
    assert_eq!(refusal(world.vote(proposal, "Alice", Support::For).await), "WrongStanding(Pending)");
    assert_eq!(refusal(world.vote(proposal + 1, "Alice", Support::For).await), "UnknownPoll");

    world.pass(made.block, world.rules.voting_delay).await;
    // Tokens bought after the snapshot count for nothing, and those sold after it still count.
    let ferdie = AccountId::from(signer("Ferdie").account().0);
    let all = world.token().ask(&token::balance_of(AccountId::from(signer("Eve").account().0))).await.expect("Eve's");
    world.token().send(&signer("Eve"), &token::transfer(ferdie, all)).await.expect("sold");
    assert_eq!(refusal(world.vote(proposal, "Ferdie", Support::For).await), "NoVotingPower");
    world.vote(proposal, "Eve", Support::For).await.expect("power at the snapshot");
    let wrong = world.cast(proposal, "Alice", Choice::Approval(1)).await;
    assert_eq!(refusal(wrong), "BadChoice(WrongMechanism)");

    world.vote(proposal, "Alice", Support::Against).await.expect("a first vote");
    let changed = world.vote(proposal, "Alice", Support::For).await.expect("another one");
    world.mirrored(changed.block).await;
    let votes = world.votes_as_told(proposal).await;
    assert_eq!((votes.in_favour.0, votes.against.0), (450_000_000_000_000_000, 0));

    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period - world.rules.freeze).await;
    assert_eq!(refusal(world.vote(proposal, "Alice", Support::Against).await), "Frozen");
    world.vote(proposal, "Dave", Support::Abstain).await.expect("a first vote");

    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    let late = refusal(world.vote(proposal, "Bob", Support::Against).await);
    assert!(late.starts_with("WrongStanding(Decided { winner: Some(0)"), "{late}");
    let blind = polls::vote(proposal, &Choice::Majority(Support::Against));
    let refused_on_chain = world.polls().send_blind(&signer("Bob"), &blind).await.expect_err("refused on chain too");
    assert!(refused_on_chain.to_string().contains("ContractReverted"), "{refused_on_chain}");

    world.caught_up().await;
    let report = world.verified().await;
    // Eve holds nothing any more, Ferdie does.
    assert_eq!((report.votes, report.accounts), (3, 5));
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

    world.caught_up().await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn the_treasury_pays_on_no_one_elses_order() {
    let world = World::new().await;
    let vault = world.chain.contract(world.contracts().treasury.account);
    let alice = signer("Alice");
    let payee = AccountId::from(alice.account().0);
    let order = treasury::pay(Payment { category: 0, payee, amount: 1 });
    assert_eq!(refusal(vault.send(&alice, &order).await), "NotGovernor");
    vault.send_blind(&alice, &order).await.expect_err("refused on chain too");

    // Money that arrives unasked is seen all the same.
    let block = world.chain.transfer(&alice, vault.account(), 77_000_000_000).await.expect("sent");
    world.mirrored(block).await;
    world.verified().await;
    world.stack.stop().await;
}
