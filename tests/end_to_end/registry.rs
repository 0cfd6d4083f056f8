//! Identities, from their attestation to their end: attested, linked, frozen and so not payable, renewed, revoked; roles that
//! run out, and keys.

use crate::{
    commands::{block, home, run, told},
    verbs::{kept, refused},
    world::{World, refusal, signer},
};
use api::model::{
    Answer, Freeze, Identity, IdentityProfile, IdentityState, Profile, PublishedKey, Registry, RegistryEvent,
    RegistryEventKind as Event, Tenure,
};
use ballot::{Mechanism, Support};
use cli::{
    commands::{call, payment},
    orders::registry::Order,
    parse::{Account, Amount, Payment},
};
use client::{
    Sent,
    messages::{governor, treasury},
};
use interfaces::{
    ProposalId,
    governor::{Call, Kind},
    registry::DAY,
    treasury::{Asset, Budget},
};
use serde_json::{Value, json};

/// The category whose payees must be cleared.
const CHECKED: u16 = 1;

/// What a proposal orders of the registry, as people write it.
fn order(world: &World, order: Value) -> Call {
    let order: Order = serde_json::from_value(order).expect("an order");
    order.call(world.contracts(), Kind::ParameterChange).expect("a call")
}

/// A proposal that is ready to be executed.
async fn ready(world: &World, kind: Kind, title: &str, calls: Vec<Call>) -> ProposalId {
    let rules = world.governor().ask(&governor::rules(kind)).await.expect("rules");
    let made = world.propose_as(kind, Mechanism::Majority, title, vec![(title, calls)]).await;
    world.pass(made.block, rules.voting_delay).await;
    for who in ["Alice", "Bob"] {
        world.vote(made.answer, who, Support::For).await.expect("a vote");
    }
    world.pass(made.block, rules.voting_delay + rules.voting_period).await;
    let queued = world.queue(made.answer).await.expect("queued");
    world.pass(queued.block, rules.execution_delay).await;
    made.answer
}

/// A change of what the registry or the treasury goes by, carried out.
async fn executed(world: &World, title: &str, calls: Vec<Call>) -> Sent<()> {
    let proposal = ready(world, Kind::ParameterChange, title, calls).await;
    world.execute(proposal).await.expect("executed")
}

/// The kinds of what happened, the oldest first.
async fn happened(world: &World, path: &str) -> Vec<Event> {
    let mut events: Vec<RegistryEvent> = world.listed(path).await;
    events.reverse();
    events.into_iter().map(|event| event.kind).collect()
}

async fn profile(world: &World, who: &str) -> Profile {
    let account = signer(who).account();
    let answer: Answer<Profile> = world.api.one(&format!("/v1/accounts/{account}")).await.expect("an account");
    answer.data
}

/// An account is paid 1,000 out of the budget that asks for tier 1.
fn checked_payment(world: &World, who: &str) -> Call {
    let order = Payment { payee: Account(signer(who).account()), amount: Amount(1_000_000_000_000) };
    payment(world.contracts().treasury.account, CHECKED, &order)
}

#[tokio::test]
async fn an_identity_is_attested_linked_frozen_renewed_and_revoked() {
    let world = World::new().await;
    let home = home(&world);
    let (ferdie, eve) = (format!("0x{}", "f1".repeat(32)), format!("0x{}", "e1".repeat(32)));

    // Governance makes an officer, and a budget that asks for a tier.
    let officer_until = world.now().await + 60 * DAY;
    let budget = Budget {
        asset: Asset::Native,
        cap: 100_000_000_000_000,
        period: 30 * DAY,
        begins: 0,
        carries: false,
        tier: Some(1),
    };
    let granted = executed(
        &world,
        "An officer, and payees who are known",
        vec![
            order(
                &world,
                json!({
                    "order": "grant_role", "account": "//Charlie", "role": "compliance_officer", "until": officer_until,
                }),
            ),
            call(world.contracts().treasury.account, &treasury::set_budget(CHECKED, budget)),
        ],
    )
    .await;
    world.mirrored(granted.block).await;
    let roles: Vec<Tenure> = world.listed("/v1/roles").await;
    assert_eq!((roles.len(), roles[0].until.moment, roles[0].valid), (1, officer_until, true));
    let events: Vec<RegistryEvent> = world.listed("/v1/registry/history?kind=role_granted").await;
    assert_eq!(events[0].proposal, Some(0), "who ordered it is told");

    // Ferdie is attested, and links a second wallet with it.
    let commitment = ["--commitment", &ferdie, "--signer", "//Alice"];
    told(&home, &[&["attest", "//Ferdie", "--identity", &ferdie], &commitment[..]].concat()).await;
    let sign = ["link", "sign", "//Dave", "//Ferdie", "--signer"];
    let daves = told(&home, &[&sign[..], &["//Dave"]].concat()).await;
    let daves = kept(&world, "dave.json", &daves);
    let mistaken = told(&home, &[&sign[..], &["//Ferdie", "--valid", "90"]].concat()).await;
    let mistaken = kept(&world, "mistaken.json", &mistaken);
    let ran = run(&home, &["link", "send", &daves, &mistaken, "--signer", "//Bob"]).await;
    assert!(ran.status == Some(2) && ran.errors.contains("with --like"), "{ran:?}");
    let ferdies = told(&home, &[&sign[..], &["//Ferdie", "--like", &daves]].concat()).await;
    let ferdies = kept(&world, "ferdie.json", &ferdies);
    let linked = told(&home, &["link", "send", &ferdies, &daves, "--signer", "//Bob"]).await;
    assert_eq!(refused(&world, &["link", "send", &ferdies, &daves, "--signer", "//Bob"]).await, "WrongNonce");
    world.mirrored(block(&linked)).await;
    let dave = profile(&world, "Dave").await;
    assert_eq!((dave.attested, dave.cleared_tier, dave.link_nonce), (true, Some(1), 1));
    let shown = told(&home, &["identity", "//Dave"]).await;
    assert_eq!((&shown["identity"], &shown["attested"]), (&json!(ferdie), &json!(true)));
    assert_eq!(shown["accounts"].as_array().map(Vec::len), Some(2));
    let report = world.verified().await;
    assert_eq!((report.identities, report.members, report.roles), (1, 2, 1));

    // Frozen by the officer, the linked wallet cannot be paid, nor can it leave.
    assert_eq!(refused(&world, &["freeze", &ferdie, "--reason", "7", "--signer", "//Alice"]).await, "NotOfficer");
    told(&home, &["freeze", &ferdie, "--reason", "7", "--signer", "//Charlie"]).await;
    let frozen = told(&home, &["freeze", "//Eve", "--reason", "8", "--signer", "//Charlie"]).await;
    assert_eq!(refused(&world, &["detach", "//Dave", "--signer", "//Dave"]).await, "Frozen");
    world.mirrored(block(&frozen)).await;
    let freezes: Vec<Freeze> = world.listed("/v1/freezes").await;
    assert_eq!(freezes.iter().map(|freeze| freeze.reason).collect::<Vec<_>>(), [8, 7]);
    assert_eq!(profile(&world, "Dave").await.cleared_tier, None);
    world.verified().await;
    let payment = ready(&world, Kind::TreasurySpending, "Pay Dave", vec![checked_payment(&world, "Dave")]).await;
    assert_eq!(refusal(world.execute(payment).await), "CallFailed(0)");
    told(&home, &["unfreeze", &ferdie, "--reason", "9", "--signer", "//Charlie"]).await;
    let paid = world.execute(payment).await.expect("paid");
    world.mirrored(paid.block).await;
    world.verified().await;

    // Renewed, and another one whose time runs out.
    told(&home, &["renew", &ferdie, "--tier", "2", "--days", "700", "--signer", "//Alice"]).await;
    let commitment = ["--commitment", &eve, "--days", "1", "--signer", "//Alice"];
    let attested = told(&home, &[&["attest", "//Eve", "--identity", &eve], &commitment[..]].concat()).await;
    world.mirrored(block(&attested)).await;
    assert_eq!(profile(&world, "Dave").await.cleared_tier, Some(2));
    assert_eq!(profile(&world, "Eve").await.cleared_tier, None, "she is frozen");
    world.verified().await;
    assert_eq!(refused(&world, &["expire", &eve, "--signer", "//Bob"]).await, "NotExpired");
    world.pass(block(&attested), DAY).await;
    world.caught_up().await;
    let expired: Vec<Identity> = world.listed("/v1/identities?state=expired").await;
    assert_eq!(expired.iter().map(|it| it.identity.to_string()).collect::<Vec<_>>(), [eve.as_str()]);
    assert!(expired[0].attestation.counts, "until somebody notes it");
    world.verified().await;
    let noted = told(&home, &["expire", &eve, "--signer", "//Bob"]).await;
    let revoked = told(&home, &["revoke", &ferdie, "--reason", "10", "--signer", "//Alice"]).await;
    assert!(block(&noted).height < block(&revoked).height);
    world.mirrored(block(&revoked)).await;
    let answer: Answer<IdentityProfile> = world.api.one(&format!("/v1/identities/{ferdie}")).await.expect("known");
    assert_eq!(answer.data.attestation.map(|it| it.state), Some(IdentityState::Revoked));
    let registry: Answer<Registry> = world.api.one("/v1/registry").await.expect("the registry");
    assert_eq!(registry.data.population, 0);
    let report = world.verified().await;
    assert_eq!((report.identities, report.freezes), (2, 1));

    // The whole history of one identity.
    assert_eq!(
        happened(&world, &format!("/v1/identities/{ferdie}/history")).await,
        [
            Event::Attested,
            Event::Certified,
            Event::Linked,
            Event::Frozen,
            Event::Unfrozen,
            Event::Certified,
            Event::Revoked
        ]
    );
    let officer = signer("Charlie").account();
    assert_eq!(
        happened(&world, &format!("/v1/registry/history?by={officer}")).await,
        [Event::Frozen, Event::Frozen, Event::Unfrozen]
    );

    // Advancing the clock alone ends the officer's role.
    let now = world.now().await;
    world.pass(block(&revoked), officer_until.saturating_sub(now) + DAY).await;
    assert_eq!(refused(&world, &["unfreeze", "//Eve", "--reason", "1", "--signer", "//Charlie"]).await, "NotOfficer");
    world.caught_up().await;
    assert_eq!(told(&home, &["roles"]).await, json!([]));
    let over = told(&home, &["roles", "//Charlie", "--expired"]).await;
    assert_eq!((&over[0]["role"], &over[0]["valid"]), (&json!("compliance_officer"), &json!(false)));
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn governance_accredits_attestors_and_publishes_keys_and_takes_both_back() {
    let world = World::new().await;
    let home = home(&world);
    let (key, person) = (format!("0x{}", "ed".repeat(32)), format!("0x{}", "b0".repeat(32)));
    let until = world.now().await + 400 * DAY;
    let made = executed(
        &world,
        "Bob attests, Dave audits, and a key",
        vec![
            order(&world, json!({ "order": "accredit", "attestor": "//Bob", "tiers": [0, 1], "daily_cap": 2 })),
            order(&world, json!({ "order": "grant_role", "account": "//Dave", "role": "auditor", "until": until })),
            order(
                &world,
                json!({
                    "order": "publish_key", "origin": "gaia.audit", "key": key, "holder": "//Eve", "from": 0,
                    "until": until,
                }),
            ),
        ],
    )
    .await;
    let attest = ["attest", "//Ferdie", "--identity", &person, "--commitment", &person, "--signer", "//Bob"];
    assert_eq!(refused(&world, &[&attest[..], &["--tier", "2"]].concat()).await, "WrongTier");
    let attested = told(&home, &attest).await;
    world.mirrored(block(&attested)).await;
    assert!(made.block.height < block(&attested).height);
    let keys: Vec<PublishedKey> = world.listed("/v1/keys?valid=true&origin=gaia.audit").await;
    assert_eq!(keys.iter().map(|it| (it.number, it.key.to_string())).collect::<Vec<_>>(), [(0, key)]);
    let report = world.verified().await;
    assert_eq!((report.keys, report.roles, report.identities), (1, 1, 1));

    let taken = executed(
        &world,
        "All of it taken back",
        vec![
            order(&world, json!({ "order": "disaccredit", "attestor": "//Bob" })),
            order(&world, json!({ "order": "revoke_role", "account": "//Dave", "role": "auditor" })),
            order(&world, json!({ "order": "revoke_key", "number": 0 })),
            order(&world, json!({ "order": "revoke", "identity": person, "reason": 3 })),
        ],
    )
    .await;
    world.mirrored(taken.block).await;
    let shown = told(&home, &["keys", "--origin", "gaia.audit"]).await;
    assert_eq!((&shown[0]["revoked"], &shown[0]["valid"]), (&json!(true), &json!(false)));
    assert_eq!(told(&home, &["roles"]).await, json!([]));
    let account = world.contracts().governor.account;
    let events: Vec<RegistryEvent> = world.listed(&format!("/v1/registry/history?by={account}")).await;
    let ordered: Vec<_> = events.iter().rev().map(|event| (event.kind, event.proposal)).collect();
    assert_eq!(
        ordered,
        [
            (Event::Accredited, Some(0)),
            (Event::RoleGranted, Some(0)),
            (Event::KeyPublished, Some(0)),
            (Event::Disaccredited, Some(1)),
            (Event::RoleRevoked, Some(1)),
            (Event::KeyRevoked, Some(1)),
            (Event::Revoked, Some(1)),
        ]
    );
    let report = world.verified().await;
    assert_eq!((report.keys, report.roles, report.identities), (1, 0, 1));
    world.stack.stop().await;
}
