//! `gaia verify` names what somebody changed in the mirror behind the indexer's back.

use crate::{
    commands::{home, run, told},
    world::{World, signer},
};
use ballot::{BasisPoints, Choice, Mechanism, Ranking, Support};
use cli::commands::for_a_year;
use client::messages::{polls, registry, token};
use interfaces::{AccountId, governor::Kind, token::Share};
use serde_json::{Value, json};

/// The differences that `gaia --json verify` prints; it must find some.
async fn differences(world: &World) -> Vec<String> {
    let ran = run(&home(world), &["--json", "verify"]).await;
    assert_eq!(ran.status, Some(1), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.output).expect("one JSON value");
    let list = report["differences"].as_array().expect("a list");
    list.iter().map(|it| it.as_str().expect("text").to_owned()).collect()
}

/// Does something to the mirror, expects each of these texts in a difference, and undoes it.
async fn tampered(world: &World, change: &str, undo: &str, expected: &[&str]) {
    world.sql(change).await;
    let found = differences(world).await;
    for expected in expected {
        assert!(found.iter().any(|difference| difference.contains(expected)), "{expected}: {found:#?}");
    }
    world.sql(undo).await;
}

fn bytes(name: &str) -> String {
    format!("'\\x{}'", hex::encode(signer(name).account().0))
}

#[tokio::test]
async fn tampering_with_a_majority_vote_is_named() {
    let world = World::new().await;
    let bob = AccountId::from(signer("Bob").account().0);
    let half = Share { to: bob, share: BasisPoints::HALF };
    world.token().send(&signer("Alice"), &token::delegate(&[half], None)).await.expect("delegated");
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    world.vote(made.answer, "Bob", Support::For).await.expect("a vote");
    let voted = world.vote(made.answer, "Alice", Support::For).await.expect("an override");
    world.mirrored(voted.block).await;
    world.verified().await;

    let (alice, bob) = (signer("Alice").account(), signer("Bob").account());
    let ran = run(&home(&world), &["verify"]).await;
    assert!(ran.status == Some(0) && ran.output.contains("mirror and chain agree"), "{ran:?}");
    let (alices, bobs) = (bytes("Alice"), bytes("Bob"));
    let set = |table: &str, column: &str, by: &str, of: &str| {
        let change = |sign| format!("UPDATE mirror_2.{table} SET {column} = {column} {sign} {by} WHERE {of}");
        (change("+"), change("-"))
    };
    let (change, undo) = set("proposals", "votes_against", "5", "true");
    tampered(&world, &change, &undo, &["proposal 0, poll.votes.against (block "]).await;
    let (change, undo) = set("proposals", "spend_cap", "1", "true");
    tampered(&world, &change, &undo, &["proposal 0, terms.spend_cap (block "]).await;
    let (change, undo) = set("votes", "power", "7", &format!("voter = {alices}"));
    let expected = [
        &format!("proposal 0, vote of {alice}, power (block "),
        "400000000000000007, the chain says 400000000000000000",
        "proposal 0, recount of its votes, counts.votes.for (block ",
    ];
    tampered(&world, &change, &undo, &expected).await;
    let (change, undo) = set("votes", "changes", "1", &format!("voter = {alices}"));
    tampered(&world, &change, &undo, &[&format!("proposal 0, vote of {alice}, changes (block ")]).await;
    let (change, undo) = set("overrides", "power", "1", "true");
    let expected = [&*format!("proposal 0, overridden of {bob} (block "), "the mirror says 200000000000000001"];
    tampered(&world, &change, &undo, &expected).await;
    let (change, undo) = set("accounts", "balance", "1", &format!("account = {bobs}"));
    tampered(&world, &change, &undo, &[&format!("{bob}, balance (block ")]).await;
    let (change, undo) = set("accounts", "power", "1", &format!("account = {bobs}"));
    tampered(&world, &change, &undo, &[&format!("{bob}, power (block "), "sum of all power (block "]).await;
    let (change, undo) = set("delegations", "share_bps", "1", "true");
    tampered(&world, &change, &undo, &[&format!("{alice}, delegation.shares[0].share_bps (block ")]).await;
    let (change, undo) = set("rules", "credits", "1", "kind = 'parameter_change'");
    tampered(&world, &change, &undo, &["rules of parameter_change, terms.credits (block "]).await;
    let (change, undo) = set("governor", "guardian_until", "1", "true");
    tampered(&world, &change, &undo, &["the governor, guardian.until."]).await;
    let (change, undo) = set("attestors", "daily_cap", "1", "true");
    tampered(&world, &change, &undo, &[&format!("attestor {alice}, daily_cap (block ")]).await;
    assert_eq!(told(&home(&world), &["verify"]).await["differences"], json!([]));

    // A vote that is not there at all cannot be compared with the chain's, but its power is missing from the sum.
    world.sql(&format!("DELETE FROM mirror_2.votes WHERE voter = {bobs}")).await;
    let found = differences(&world).await;
    assert!(found.iter().any(|it| it.starts_with("proposal 0, recount of its votes, counts.turnout")), "{found:?}");
    assert!(found.iter().all(|it| it.starts_with("proposal 0, recount of its votes")), "{found:?}");
    world.stack.stop().await;
}

#[tokio::test]
async fn tampering_with_a_ranked_vote_is_named() {
    let world = World::new().await;
    let options = vec![("Red", vec![]), ("Green", vec![]), ("Blue", vec![])];
    let made = world.propose_as(Kind::CommunityInitiative, Mechanism::Ranked, "Which colour?", options).await;
    world.pass(made.block, world.rules.voting_delay).await;
    for (who, ranking) in [("Alice", vec![0]), ("Bob", vec![1, 2]), ("Charlie", vec![2, 1])] {
        let choice = Choice::Ranked(Ranking::new(ranking).expect("a ranking"));
        world.cast(made.answer, who, choice).await.expect("a vote");
    }
    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    let counted = world.polls().send(&signer("Dave"), &polls::count(made.answer, 100)).await.expect("counted");
    world.mirrored(counted.block).await;
    world.verified().await;

    let expected = ["proposal 0, recount of round 2, tallies[0].votes (block "];
    let change =
        |sign| format!("UPDATE mirror_2.round_tallies SET votes = votes {sign} 1 WHERE round = 2 AND option = 0");
    tampered(&world, &change("+"), &change("-"), &expected).await;
    let change = |option| format!("UPDATE mirror_2.rounds SET elected = {option} WHERE elected IS NOT NULL");
    tampered(&world, &change(0), &change(1), &["elected (block "]).await;
    let change = |option| format!("UPDATE mirror_2.proposals SET winner = {option}");
    tampered(&world, &change(2), &change(1), &["proposal 0, poll.winner (block "]).await;
    let change = |sign| format!("UPDATE mirror_2.rankings SET power = power {sign} 3 WHERE ranking = '\\x0102'");
    tampered(&world, &change("+"), &change("-"), &["proposal 0, rankings"]).await;
    world.stack.stop().await;
}

#[tokio::test]
async fn tampering_with_a_quadratic_vote_is_named() {
    let world = World::new().await;
    let registry = world.chain.contract(world.contracts().registry.account);
    let alice = AccountId::from(signer("Alice").account().0);
    let now = world.chain.moment(world.chain.head().await.expect("a head").hash).await.expect("a moment");
    let message = registry::attest(alice, for_a_year([1; 32].into(), now));
    registry.send(&signer("Alice"), &message).await.expect("attested");
    let options = vec![("Wiki", vec![]), ("Wallet", vec![])];
    let made = world.propose_as(Kind::CommunityInitiative, Mechanism::Quadratic, "Whom to help?", options).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let voted = world.cast(made.answer, "Alice", Choice::Quadratic(vec![(0, 6), (1, 8)])).await.expect("100 credits");
    world.pass(voted.block, 1_000).await;
    world.caught_up().await;
    world.verified().await;

    let change = |cost| format!("UPDATE mirror_2.identity_votes SET cost = {cost}");
    tampered(&world, &change(99), &change(100), &["proposal 0, identities[0].cost (block "]).await;
    let change = |byte: u8| {
        let identity = hex::encode([byte; 32]);
        format!("UPDATE mirror_2.members SET identity = '\\x{identity}'")
    };
    let expected = format!("{}, identity (block ", signer("Alice").account());
    tampered(&world, &change(2), &change(1), &[&expected]).await;
    let change = |sign| format!("UPDATE mirror_2.options SET votes = votes {sign} 1 WHERE number = 1");
    tampered(&world, &change("+"), &change("-"), &["proposal 0, options[1].votes (block "]).await;
    world.stack.stop().await;
}
