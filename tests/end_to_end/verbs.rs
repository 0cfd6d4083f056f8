//! The verbs of drafts, delegation, signed orders, counting and the guardian, as people type them.

use crate::{
    commands::{block, home, run, told},
    world::{World, signer},
};
use api::model::{IdentityVotes, Override, Round, Vote};
use client::Block;
use interfaces::lifecycle::State;
use serde_json::{Value, json};
use std::fs;

/// Writes what was printed into a file beside the home folder; its path.
pub fn kept(world: &World, name: &str, what: &Value) -> String {
    let path = world.folder.path().join(name);
    fs::write(&path, what.to_string()).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// The name of the refusal with which `gaia --json` ends.
pub async fn refused(world: &World, arguments: &[&str]) -> String {
    let ran = run(&home(world), &[&["--json"], arguments].concat()).await;
    assert_eq!(ran.status, Some(1), "gaia {arguments:?}: {ran:?}");
    let answer: Value = serde_json::from_str(&ran.output).expect("one JSON value");
    answer["error"].as_str().expect("a name").to_owned()
}

/// A community initiative by Alice; the block it was made in.
async fn initiative(world: &World, mechanism: &str, options: &[&str]) -> Block {
    let mut arguments = vec!["propose", "--kind", "community_initiative", "--mechanism", mechanism, "--title", "x"];
    arguments.extend(options.iter().flat_map(|option| ["--option", option]));
    arguments.extend(["--signer", "//Alice"]);
    block(&told(&home(world), &arguments).await)
}

#[tokio::test]
async fn a_draft_finds_sponsors_and_becomes_a_proposal() {
    let world = World::new().await;
    let home = home(&world);
    told(&home, &["transfer", "//Ferdie", "1_000", "--signer", "//Eve"]).await;
    let write = ["--kind", "community_initiative", "--signer", "//Ferdie", "--title"];
    let drafted = told(&home, &[&["draft"], &write[..], &["A wiki"]].concat()).await;
    assert_eq!(drafted["proposal"], 0);
    told(&home, &["sponsor", "0", "--signer", "//Bob"]).await;
    // Written anew, it has no sponsors.
    told(&home, &[&["edit", "0"], &write[..], &["A better wiki"]].concat()).await;
    assert_eq!(refused(&world, &["submit", "0", "--signer", "//Ferdie"]).await, "BelowProposalThreshold");
    assert_eq!(refused(&world, &["sponsor", "0", "--signer", "//Ferdie"]).await, "OwnDraft");
    let sponsored = told(&home, &["sponsor", "0", "--signer", "//Bob"]).await;
    assert_eq!(refused(&world, &["sponsor", "0", "--signer", "//Bob"]).await, "AlreadySponsored");
    world.mirrored(block(&sponsored)).await;
    let draft = world.as_told(0).await;
    assert_eq!((draft.state, draft.title.as_str()), (State::Draft, "A better wiki"));
    assert_eq!(
        draft.draft.as_ref().map(|draft| (draft.revision, draft.sponsored.0)),
        Some((1, 250_000_000_000_000_000))
    );
    world.verified().await;

    assert_eq!(refused(&world, &["submit", "0", "--signer", "//Bob"]).await, "NotProposer");
    let submitted = told(&home, &["submit", "0", "--signer", "//Ferdie"]).await;
    world.mirrored(block(&submitted)).await;
    assert_eq!(world.as_told(0).await.state, State::Pending);
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn a_signed_vote_is_sent_by_somebody_else_and_only_once() {
    let world = World::new().await;
    let home = home(&world);
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let signed = told(&home, &["vote", "0", "against", "--sign-only", "--signer", "//Bob"]).await;
    assert!(signed["text"].as_str().is_some_and(|text| text.starts_with("Gaia vote\n")), "{signed:#}");
    let file = kept(&world, "vote.json", &signed);
    let sent = told(&home, &["relay", &file, "--signer", "//Alice"]).await;
    assert_eq!(sent["signer"], signer("Alice").account().to_string());
    assert_eq!(refused(&world, &["relay", &file, "--signer", "//Alice"]).await, "WrongNonce");
    world.mirrored(block(&sent)).await;
    let votes: Vec<Vote> = world.listed("/v1/proposals/0/votes").await;
    assert_eq!(
        votes.iter().map(|vote| vote.voter.to_string()).collect::<Vec<_>>(),
        [signer("Bob").account().to_string()]
    );

    // Whatever its voter votes next makes a signed vote void.
    let void = told(&home, &["vote", "0", "for", "--sign-only", "--signer", "//Bob"]).await;
    told(&home, &["vote", "0", "abstain", "--signer", "//Bob"]).await;
    let file = kept(&world, "void.json", &void);
    assert_eq!(refused(&world, &["relay", &file, "--signer", "//Alice"]).await, "WrongNonce");

    let mut forged = told(&home, &["vote", "0", "for", "--sign-only", "--signer", "//Bob"]).await;
    forged["order"]["vote"]["choice"] = json!({ "support": "against" });
    let file = kept(&world, "forged.json", &forged);
    assert_eq!(refused(&world, &["relay", &file, "--signer", "//Alice"]).await, "BadSignature");
    let late = told(&home, &["vote", "0", "for", "--sign-only", "--valid", "1", "--signer", "//Bob"]).await;
    world.pass(block(&sent), 600_000).await;
    let file = kept(&world, "late.json", &late);
    assert_eq!(refused(&world, &["relay", &file, "--signer", "//Alice"]).await, "TooLate");
    world.caught_up().await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn a_delegation_is_overridden_and_revoked() {
    let world = World::new().await;
    let home = home(&world);
    assert_eq!(refused(&world, &["delegate", "//Alice=1", "--signer", "//Alice"]).await, "ToOneself");
    told(&home, &["delegate", "//Bob=60", "//Dave=12.5", "--signer", "//Alice"]).await;
    let signed = told(&home, &["delegate", "//Bob=100", "--sign-only", "--signer", "//Eve"]).await;
    let file = kept(&world, "delegation.json", &signed);
    told(&home, &["relay", &file, "--signer", "//Charlie"]).await;
    assert_eq!(refused(&world, &["relay", &file, "--signer", "//Charlie"]).await, "WrongNonce");

    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    let vote = async |who: &str, what: &str| block(&told(&home, &["vote", "0", what, "--signer", who]).await);
    let voted = vote("//Bob", "against").await;
    world.mirrored(voted).await;
    // Bob's own, 60 % of Alice's and all of Eve's.
    assert_eq!(world.votes_as_told(0).await.against.0, 540_000_000_000_000_000);
    let voted = vote("//Alice", "for").await;
    world.mirrored(voted).await;
    let votes = world.votes_as_told(0).await;
    assert_eq!((votes.in_favour.0, votes.against.0), (400_000_000_000_000_000, 300_000_000_000_000_000));
    let overrides: Vec<Override> = world.listed("/v1/proposals/0/overrides").await;
    let mut powers: Vec<_> = overrides.iter().map(|it| it.power.0).collect();
    powers.sort_unstable();
    assert_eq!(powers, [50_000_000_000_000_000, 240_000_000_000_000_000]);
    // Dave votes after that: what Alice voted with herself is not his any more.
    let voted = vote("//Dave", "abstain").await;
    world.mirrored(voted).await;
    assert_eq!(world.votes_as_told(0).await.abstain.0, 100_000_000_000_000_000);

    let revoked = told(&home, &["undelegate", "--signer", "//Alice"]).await;
    world.mirrored(block(&revoked)).await;
    let report = world.verified().await;
    assert_eq!((report.votes, report.accounts), (3, 5), "Eve is verified though she has no power");
    world.stack.stop().await;
}

#[tokio::test]
async fn a_ranked_vote_is_counted_in_pages_and_its_rounds_told() {
    let world = World::new().await;
    let home = home(&world);
    let made = initiative(&world, "ranked", &["Red", "Green", "Blue"]).await;
    world.pass(made, world.rules.voting_delay).await;
    for (who, ranking) in [("//Alice", "0"), ("//Bob", "1,2"), ("//Charlie", "2,1"), ("//Eve", "none")] {
        told(&home, &["vote", "0", "--rank", ranking, "--signer", who]).await;
    }
    assert_eq!(refused(&world, &["count", "0", "--signer", "//Dave"]).await, "WrongStanding(Open)");
    world.pass(made, world.rules.voting_delay + world.rules.voting_period).await;
    world.caught_up().await;
    assert_eq!(world.as_told(0).await.state, State::Counting);
    let counted = told(&home, &["count", "0", "--page", "3", "--signer", "//Dave"]).await;
    assert_eq!((&counted["winner"], &counted["pages"]), (&json!(1), &json!(4)), "{counted:#}");
    world.mirrored(block(&counted)).await;
    assert_eq!((world.as_told(0).await.state, world.poll_as_told(0).await.winner), (State::Succeeded, Some(1)));
    let rounds: Vec<Round> = world.listed("/v1/proposals/0/rounds").await;
    let shown: Vec<_> =
        rounds.iter().map(|round| (round.eliminated.clone(), round.exhausted.0, round.elected)).collect();
    let eves = 50_000_000_000_000_000;
    assert_eq!(shown, [(vec![3], 0, None), (vec![2], eves, None), (vec![], eves, Some(1))]);
    let queued = told(&home, &["queue", "0", "--signer", "//Dave"]).await;
    world.pass(block(&queued), world.rules.execution_delay).await;
    let executed = told(&home, &["execute", "0", "--signer", "//Dave"]).await;
    let settled = told(&home, &["settle", "0", "--signer", "//Dave"]).await;
    assert!(block(&executed).height < block(&settled).height);
    world.mirrored(block(&settled)).await;
    assert!(world.as_told(0).await.settled.is_some());
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn approval_weighted_and_condorcet_votes_are_typed() {
    let world = World::new().await;
    let home = home(&world);
    let mut last = None;
    for mechanism in ["approval", "weighted", "condorcet"] {
        last = Some(initiative(&world, mechanism, &["Red", "Green"]).await);
    }
    let last = last.expect("proposals");
    world.pass(last, world.rules.voting_delay).await;
    for (proposal, ballot) in
        [("0", ["--approve", "0,none"]), ("1", ["--weights", "1=33.34,0=66.66"]), ("2", ["--rank", "1,0"])]
    {
        told(&home, &["vote", proposal, ballot[0], ballot[1], "--signer", "//Alice"]).await;
        told(&home, &["vote", proposal, ballot[0], ballot[1], "--signer", "//Bob"]).await;
    }
    assert_eq!(
        refused(&world, &["vote", "1", "--weights", "0=60", "--signer", "//Dave"]).await,
        "BadChoice(SharesNotWhole)"
    );
    world.pass(last, world.rules.voting_delay + world.rules.voting_period).await;
    let counted = told(&home, &["count", "2", "--signer", "//Dave"]).await;
    assert_eq!(counted["winner"], 1);
    world.mirrored(block(&counted)).await;
    let votes: Vec<_> = world.as_told(1).await.options.iter().map(|it| it.votes.map(|votes| votes.0)).collect();
    assert_eq!(votes, [Some(433_290_000_000_000_000), Some(216_710_000_000_000_000), Some(0)]);
    assert_eq!((world.as_told(0).await.state, world.as_told(1).await.state), (State::Defeated, State::Succeeded));
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn two_wallets_of_one_person_share_a_budget() {
    let world = World::new().await;
    let home = home(&world);
    let person = format!("0x{}", "11".repeat(32));
    let attest = |wallet, attestor| ["attest", wallet, "--identity", &person, "--signer", attestor];
    let first = run(&home, &attest("//Alice", "//Alice")).await;
    assert!(first.status == Some(2) && first.errors.contains("give --commitment"), "{first:?}");
    told(&home, &[&attest("//Alice", "//Alice")[..], &["--commitment", &person]].concat()).await;
    // What is said of the identity already is said again.
    told(&home, &attest("//Bob", "//Alice")).await;
    assert_eq!(refused(&world, &attest("//Dave", "//Bob")).await, "NotAttestor");
    let made = initiative(&world, "quadratic", &["Wiki", "Wallet"]).await;
    world.pass(made, world.rules.voting_delay).await;
    told(&home, &["vote", "0", "--quadratic", "0=6", "--signer", "//Alice"]).await;
    let over = refused(&world, &["vote", "0", "--quadratic", "0=5", "--signer", "//Bob"]).await;
    assert_eq!(over, "OverBudget", "11 votes cost 121");
    assert_eq!(refused(&world, &["vote", "0", "--quadratic", "0=1", "--signer", "//Dave"]).await, "NoIdentity");
    let voted = told(&home, &["vote", "0", "--quadratic", "1=8", "--signer", "//Bob"]).await;
    world.mirrored(block(&voted)).await;
    let identities: Vec<IdentityVotes> = world.listed("/v1/proposals/0/identities").await;
    assert_eq!(identities.iter().map(|it| (it.cost, it.votes.len())).collect::<Vec<_>>(), [(100, 2)]);
    world.verified().await;
    let revoked = told(&home, &["detach", "//Bob", "--signer", "//Alice"]).await;
    world.mirrored(block(&revoked)).await;
    world.stack.stop().await;
}

#[tokio::test]
async fn the_guardian_vetoes_abuse_and_the_treasury_keeps_the_deposit() {
    let world = World::new().await;
    let home = home(&world);
    let made = world.propose(1).await;
    world.pass(made.block, world.rules.voting_delay).await;
    assert_eq!(refused(&world, &["veto", "0", "--signer", "//Bob"]).await, "NotGuardian");
    let vetoed = told(&home, &["veto", "0", "--abuse", "--signer", "//Dave"]).await;
    let treasury = &world.contracts().treasury.account;
    let before = world.chain.free_balance(treasury, block(&vetoed).hash).await.expect("a balance");
    let settled = told(&home, &["settle", "0", "--signer", "//Bob"]).await;
    let after = world.chain.free_balance(treasury, block(&settled).hash).await.expect("a balance");
    assert_eq!(after - before, world.rules.deposit);
    world.mirrored(block(&settled)).await;
    let proposal = world.as_told(0).await;
    assert_eq!(proposal.state, State::Vetoed);
    assert!(proposal.vetoed.is_some_and(|vetoed| vetoed.abuse), "as abuse");
    assert_eq!(proposal.settled.map(|settled| <[u8; 32]>::from(settled.paid_to)), Some(treasury.0));
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn the_rules_of_each_kind_are_shown() {
    let world = World::new().await;
    let rules = told(&home(&world), &["rules"]).await;
    let kinds: Vec<_> = rules["kinds"].as_array().expect("a list").iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["protocol_upgrade", "treasury_spending", "parameter_change", "community_initiative"]);
    assert_eq!(rules["kinds"][0]["terms"]["quorum_bps"], 4_000);
    assert_eq!(rules["guardian"]["account"], signer("Dave").account().to_string());
    let text = run(&home(&world), &["rules"]).await;
    assert!(text.output.contains("community_initiative") && text.output.contains("guardian: 5"), "{text:?}");
    world.stack.stop().await;
}
