//! The treasury's money: put aside by proposals, approved of by signers, released, lapsed, claimed and stopped, and told
//! of to the last unit.

use crate::{
    commands::{block, home, run, told},
    verbs::{kept, refused},
    world::{World, signer},
};
use api::model::{Answer, EntryKind, LedgerEntry, MilestoneState, WholeEscrow};
use ballot::{Mechanism, Support};
use cli::orders::treasury::Order;
use client::{Block, messages};
use interfaces::governor::{Call, Kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DAY: u64 = 86_400_000;

/// A unit of the native currency.
const UNIT: u128 = 1_000_000_000_000;

/// Lets a proposal order these things of the treasury, and waits until it is executed.
async fn ordered(world: &World, kind: Kind, title: &str, orders: Value) -> Block {
    let orders: Vec<Order> = serde_json::from_value(orders).expect("orders");
    let calls: Vec<Call> = orders.iter().map(|order| order.call(world.contracts(), kind).expect("a call")).collect();
    let made = world.propose_as(kind, Mechanism::Majority, title, vec![(title, calls)]).await;
    let rules = world.governor().ask(&messages::governor::rules(kind)).await.expect("rules");
    world.pass(made.block, rules.voting_delay).await;
    world.vote(made.answer, "Alice", Support::For).await.expect("a vote");
    world.pass(made.block, rules.voting_delay + rules.voting_period).await;
    let queued = world.queue(made.answer).await.expect("queued");
    world.pass(queued.block, rules.execution_delay).await;
    let executed = world.execute(made.answer).await.expect("executed");
    world.mirrored(executed.block).await;
    executed.block
}

async fn escrow(world: &World) -> WholeEscrow {
    let answer: Answer<WholeEscrow> = world.api.one("/v1/treasury/escrows/0").await.expect("an escrow");
    answer.data
}

async fn free(world: &World, who: &str, block: Block) -> u128 {
    world.chain.free_balance(&signer(who).account(), block.hash).await.expect("a balance")
}

/// Three signers of whom two must approve, three milestones for Ferdie, and a stream for Ferdie.
async fn opened(world: &World) {
    let signers = json!([{ "order": "set_signers", "signers": ["//Alice", "//Bob", "//Charlie"], "threshold": 2 }]);
    ordered(world, Kind::ParameterChange, "Who approves", signers).await;
    let now = world.now().await;
    let milestone = |amount: u128, latest: u64| {
        let deliverable = format!("0x{}", "0d".repeat(32));
        let (earliest, latest) = (now, now + latest);
        json!({
            "payee": "//Ferdie", "amount": amount.to_string(), "earliest": earliest, "latest": latest,
            "deliverable": deliverable,
        })
    };
    let milestones = [milestone(300 * UNIT, 30 * DAY), milestone(200 * UNIT, 30 * DAY), milestone(100 * UNIT, 2 * DAY)];
    let orders = json!([
        { "order": "open_escrow", "category": 0, "milestones": milestones },
        {
            "order": "open_stream", "category": 0, "payee": "//Ferdie", "amount": (40 * UNIT).to_string(),
            "begins": now, "ends": now + 6 * DAY,
        },
    ]);
    // What is put aside counts as spent.
    ordered(world, Kind::TreasurySpending, "An audit in three steps", orders).await;
}

#[tokio::test]
async fn milestones_and_streams_are_paid_and_the_ledger_reconciles() {
    let world = World::new().await;
    let home = home(&world);
    opened(&world).await;
    let shown = told(&home, &["treasury", "show"]).await;
    assert_eq!(shown["treasury"]["signers"]["threshold"], 2, "{shown:#}");
    assert_eq!(shown["treasury"]["balances"][0]["reserved"], (640 * UNIT).to_string());
    let text = run(&home, &["treasury", "show"]).await;
    assert!(text.status == Some(0) && text.output.contains("2 of these signers must approve"), "{text:?}");

    milestone_by_two_of_three(&world).await;
    too_few_approve(&world).await;
    stream_claimed(&world).await;
    world.verified().await;
    paused_and_stopped(&world).await;
    what_came_unasked(&world).await;
    reconciled(&world).await;
    world.stack.stop().await;
}

/// One signer approves on chain, another off chain, and somebody else hands that in.
async fn milestone_by_two_of_three(world: &World) {
    let home = home(world);
    let waiting = async |who: &str| {
        let it = told(&home, &["treasury", "awaiting", "--signer", who]).await;
        let count = |list: &str| it[list].as_array().expect("a list").len();
        (count("releases"), count("milestones"))
    };
    assert_eq!(waiting("//Alice").await, (0, 3));
    assert_eq!(refused(world, &["treasury", "approve", "0", "0", "--signer", "//Eve"]).await, not_signer("Eve"));
    let approved = told(&home, &["treasury", "approve", "0", "0", "--signer", "//Alice"]).await;
    world.mirrored(block(&approved)).await;
    assert_eq!((waiting("//Alice").await, waiting("//Bob").await), ((0, 2), (1, 2)));
    assert_eq!(refused(world, &["treasury", "approve", "0", "0", "--signer", "//Alice"]).await, "AlreadyApproved");
    assert_eq!(refused(world, &["treasury", "release", "0", "0", "--signer", "//Dave"]).await, "TooFewApprovals");

    let signed = told(&home, &["treasury", "sign", "0", "0", "--signer", "//Bob"]).await;
    assert!(signed["text"].as_str().is_some_and(|text| text.starts_with("Gaia release\n")), "{signed:#}");
    let mut forged = signed.clone();
    forged["signer"] = json!(signer("Charlie").account().to_string());
    let forged = kept(world, "forged.json", &forged);
    let wrong = refused(world, &["treasury", "approve-signed", &forged, "--signer", "//Eve"]).await;
    assert!(wrong.starts_with("WrongSignature"), "{wrong}");
    let file = kept(world, "bob.json", &signed);
    let handed_in = told(&home, &["treasury", "approve-signed", &file, "--signer", "//Eve"]).await;
    assert_eq!(handed_in["signers"], json!([signer("Bob").account().to_string()]));
    world.mirrored(block(&handed_in["transactions"][0])).await;
    let pending = &escrow(world).await.milestones[0].pending;
    assert_eq!((pending.len(), pending[0].approving, pending[0].enough), (1, 2, true));
    world.verified().await;

    let before = free(world, "Ferdie", block(&handed_in["transactions"][0])).await;
    let released = told(&home, &["treasury", "release", "0", "0", "--signer", "//Dave"]).await;
    assert_eq!(free(world, "Ferdie", block(&released)).await - before, 300 * UNIT);
    let again = run(&home, &["treasury", "release", "0", "0", "--signer", "//Dave"]).await;
    assert!(again.status == Some(2) && again.errors.contains("has nothing left"), "{again:?}");
    world.mirrored(block(&released)).await;
    let milestone = &escrow(world).await.milestones[0];
    assert_eq!((milestone.state, milestone.made.len(), milestone.left.0), (MilestoneState::Done, 1, 0));
}

/// The name of the refusal of somebody who is no signer.
fn not_signer(who: &str) -> String {
    format!("NotSigner({:?})", interfaces::AccountId::from(signer(who).account().0))
}

async fn too_few_approve(world: &World) {
    let home = home(world);
    let half = ["--amount", "100_000_000_000_000", "--signer"];
    told(&home, &[&["treasury", "approve", "0", "1"], &half[..], &["//Charlie"]].concat()).await;
    let release = [&["treasury", "release", "0", "1"], &half[..], &["//Dave"]].concat();
    assert_eq!(refused(world, &release).await, "TooFewApprovals");
    // What is signed is void once its signer withdraws on chain.
    let signed = told(&home, &[&["treasury", "sign", "0", "1"], &half[..], &["//Alice"]].concat()).await;
    told(&home, &[&["treasury", "withdraw", "0", "1"], &half[..], &["//Alice"]].concat()).await;
    let file = kept(world, "alice.json", &signed);
    let void = refused(world, &["treasury", "approve-signed", &file, "--signer", "//Eve"]).await;
    assert!(void.starts_with("Withdrawn"), "{void}");
    let last = told(&home, &[&["treasury", "withdraw", "0", "1"], &half[..], &["//Charlie"]].concat()).await;
    assert_eq!(refused(world, &release).await, "TooFewApprovals");
    world.mirrored(block(&last)).await;
    let pending = &escrow(world).await.milestones[1].pending;
    assert_eq!((pending[0].approving, pending[0].approvals.len()), (0, 2));
}

async fn stream_claimed(world: &World) {
    let head = world.chain.head().await.expect("a head");
    let before = free(world, "Ferdie", head).await;
    let claimed = told(&home(world), &["treasury", "claim", "0", "--signer", "//Dave"]).await;
    let accrued = free(world, "Ferdie", block(&claimed)).await - before;
    // It runs since before the proposal, which took more than a day of its six.
    assert!((40 * UNIT / 6..40 * UNIT / 3).contains(&accrued), "{accrued}");
    world.mirrored(block(&claimed)).await;
}

/// The guardian pauses; a proposal ends the pause, stops the stream, and changes the budget.
async fn paused_and_stopped(world: &World) {
    let home = home(world);
    assert_eq!(refused(world, &["treasury", "pause", "--signer", "//Alice"]).await, "NotGuardian");
    told(&home, &["treasury", "pause", "--signer", "//Dave"]).await;
    assert_eq!(refused(world, &["treasury", "claim", "0", "--signer", "//Dave"]).await, "Paused");
    let orders = json!([
        { "order": "unpause" },
        { "order": "stop_stream", "stream": 0 },
        { "order": "claw_back", "escrow": 0, "milestone": 1 },
        { "order": "pay", "category": 0, "payee": "//Eve", "amount": (7 * UNIT).to_string() },
    ]);
    ordered(world, Kind::TreasurySpending, "Enough of that", orders).await;
    let orders = json!([
        {
            "order": "set_budget", "category": 3, "asset": "native", "cap": "1_000", "period_ms": DAY, "begins": 0,
            "carries": true,
        },
    ]);
    let done = ordered(world, Kind::ParameterChange, "A little for the wiki", orders).await;
    world.pass(done, DAY).await;
    let claimed = told(&home, &["treasury", "claim", "0", "--signer", "//Ferdie"]).await;
    world.pass(block(&claimed), DAY).await;
    assert_eq!(refused(world, &["treasury", "claim", "0", "--signer", "//Ferdie"]).await, "NothingAccrued");
    assert_eq!(refused(world, &["treasury", "lapse", "0", "1", "--signer", "//Eve"]).await, "NotLapsed");
    let lapsed = told(&home, &["treasury", "lapse", "0", "2", "--signer", "//Eve"]).await;
    assert_eq!(refused(world, &["treasury", "lapse", "0", "2", "--signer", "//Eve"]).await, "NothingLeft");
    world.mirrored(block(&lapsed)).await;
    let freed: Vec<_> =
        escrow(world).await.milestones.iter().map(|it| it.freed.as_ref().map(|it| it.amount.0)).collect();
    assert_eq!(freed, [None, Some(200 * UNIT), Some(100 * UNIT)]);
}

/// A deposit by message, a plain transfer, and governance tokens.
async fn what_came_unasked(world: &World) {
    let treasury = world.contracts().treasury.account;
    let (eve, contract) = (signer("Eve"), world.chain.contract(treasury));
    contract.send(&eve, &messages::treasury::deposit().paying(3 * UNIT)).await.expect("deposited");
    world.chain.transfer(&eve, &treasury, 2 * UNIT).await.expect("sent");
    let sent = told(&home(world), &["transfer", &treasury.to_string(), "1_000", "--signer", "//Eve"]).await;
    world.mirrored(block(&sent)).await;
}

async fn reconciled(world: &World) {
    let home = home(world);
    let entries: Vec<LedgerEntry> = world.listed("/v1/treasury/ledger").await;
    let of = |kind| entries.iter().filter(|entry| entry.kind == kind).collect::<Vec<_>>();
    assert_eq!(of(EntryKind::Deposit).iter().map(|it| it.amount.0).collect::<Vec<_>>(), [3 * UNIT]);
    assert_eq!(
        of(EntryKind::Payment).iter().map(|it| (it.amount.0, it.proposal)).collect::<Vec<_>>(),
        [(7 * UNIT, Some(2))]
    );
    assert_eq!(
        of(EntryKind::Release).iter().map(|it| (it.amount.0, it.proposal)).collect::<Vec<_>>(),
        [(300 * UNIT, Some(1))]
    );
    assert_eq!(of(EntryKind::StreamClaim).len(), 2);
    // What it began with, what was sent, and tokens.
    assert_eq!(of(EntryKind::Transfer).len(), 3);
    let report = world.verified().await;
    assert_eq!((report.budgets, report.escrows, report.streams, report.entries), (2, 1, 1, entries.len()));
    assert_eq!(report.unchecked, Vec::<String>::new());

    let csv = run(&home, &["treasury", "ledger", "--csv"]).await;
    assert_eq!(csv.status, Some(0), "{csv:?}");
    let lines: Vec<_> = csv.output.lines().collect();
    assert_eq!(lines.len(), entries.len() + 1);
    assert!(lines[0].starts_with("height,index,time,moment,asset,kind,direction,amount"), "{}", lines[0]);
    let head = world.chain.head().await.expect("a head");
    let held = world.chain.free_balance(&world.contracts().treasury.account, head.hash).await.expect("a balance");
    let last = lines.iter().rfind(|line| line.contains(",native,")).expect("an entry");
    assert_eq!(last.split(',').nth(10), Some(held.to_string().as_str()));
    let page = told(&home, &["treasury", "ledger", "--kind", "release"]).await;
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    tampering_is_named(world).await;
}

async fn tampering_is_named(world: &World) {
    for (table, column, by, of, expected) in [
        ("treasury_ledger", "balance", "1", "kind = 'deposit'", "does not follow from"),
        ("treasury_assets", "reserved", "1", "asset = ''", "treasury, native, reserved (block "),
        ("treasury_milestones", "paid", "1", "milestone = 0", "escrow 0, milestones[0].paid (block "),
        ("treasury_milestones", "latest", "1", "milestone = 1", "escrow 0, milestones[1].latest.moment (block "),
        ("treasury_streams", "claimed", "-1", "true", "stream 0, claimed (block "),
    ] {
        let change = |sign: &str| format!("UPDATE mirror_2.{table} SET {column} = {column} {sign} ({by}) WHERE {of}");
        world.sql(&change("+")).await;
        let ran = run(&home(world), &["--json", "verify"]).await;
        let report: Value = serde_json::from_str(&ran.output).expect("one JSON value");
        let found: BTreeSet<_> =
            report["differences"].as_array().expect("a list").iter().map(Value::to_string).collect();
        assert!(found.iter().any(|it| it.contains(expected)), "{expected}: {found:#?}");
        world.sql(&change("-")).await;
    }
    world.verified().await;
}
