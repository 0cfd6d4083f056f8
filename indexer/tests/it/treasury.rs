//! What follows from the treasury's events, and from those of the tokens it holds.

use crate::{
    chain::{CONTRACTS, Chain, Events, budget_set, person, proposal},
    database::{Database, mirrored},
};
use indexer::Error;
use interfaces::{
    AccountId, Balance, Moment,
    governor::ProposalExecuted,
    token::Transfer,
    treasury::{
        Allotment, ApprovalWithdrawn, Asset, Category, ClawedBack, Deposited, EscrowId, EscrowOpened, Lapsed,
        Milestone, MilestoneId, Paid, Paused, Release, ReleaseApproved, Released, Signer, Signers, SignersSet,
        StreamClaimed, StreamId, StreamOpened, StreamStopped, Unpaused,
    },
};
use scale::DecodeAll;

/// A token that is not ours.
const TOKEN: AccountId = AccountId([77; 32]);

/// What a foreign token tells.
fn moves(block: &mut Events, from: Option<AccountId>, to: Option<AccountId>, value: Balance) {
    block.event(TOKEN, &Transfer { from, to, value });
}

fn milestone(payee: u8, amount: Balance, earliest: Moment, latest: Moment) -> Milestone {
    Milestone { payee: person(payee), amount, earliest, latest, deliverable: [9; 32].into() }
}

fn release(escrow: EscrowId, milestone: MilestoneId, payee: u8, amount: Balance, nonce: u32) -> Release {
    Release { escrow, milestone, payee: person(payee), amount, nonce }
}

fn approved(signer: u8, since: u32, release: Release) -> ReleaseApproved {
    ReleaseApproved { escrow: release.escrow, signer: person(signer), since, release }
}

fn withdrawn(signer: u8, release: Release) -> ApprovalWithdrawn {
    ApprovalWithdrawn { escrow: release.escrow, signer: person(signer), release }
}

fn released(asset: Asset, release: Release) -> Released {
    Released { escrow: release.escrow, payee: release.payee, asset, release }
}

fn paid(category: Category, asset: Asset, amount: Balance) -> Paid {
    Paid { category, payee: person(9), asset, amount }
}

fn executed(proposal: u32) -> ProposalExecuted {
    ProposalExecuted { proposal, executor: person(1), spent: 0 }
}

fn signers(who: &[(u8, u32)], threshold: u8, changes: u32) -> SignersSet {
    let signers = who.iter().map(|(account, since)| Signer { account: person(*account), since: *since }).collect();
    SignersSet { signers: Signers { signers, threshold, changes } }
}

fn stream(stream: StreamId, category: Category, amount: Balance, begins: Moment, ends: Moment) -> StreamOpened {
    StreamOpened { stream, category, payee: person(7), asset: Asset::Native, amount, begins, ends }
}

/// Everything that the treasury does, from a moment on: an escrow of the native currency and one of tokens, of which
/// something is released, lapses and is clawed back; a stream that is claimed and stopped; a pause.
pub fn spending(chain: &mut Chain, at: Moment) {
    let token = Asset::Token(TOKEN);
    chain
        .block(at, |block| {
            block.treasury(&budget_set(1, Asset::Native, 1_000, at));
            block.treasury(&budget_set(2, token, 1_000, at));
            block.treasury(&signers(&[(1, 0), (2, 0), (3, 0)], 2, 1));
            moves(block, Some(person(8)), Some(CONTRACTS.treasury), 700);
            block.treasury_free = Some(5_000);
        })
        .block(at + 100, |block| {
            let milestones = vec![milestone(5, 300, at, at + 500), milestone(6, 200, at, at + 150)];
            block.treasury(&EscrowOpened { escrow: 0, category: 1, asset: Asset::Native, milestones });
            let milestones = vec![milestone(5, 250, at, at + 500), milestone(5, 50, at, at + 500)];
            block.treasury(&EscrowOpened { escrow: 1, category: 2, asset: token, milestones });
            block.treasury(&stream(0, 1, 400, at, at + 1_000));
            block.treasury(&Paused { guardian: person(7) });
        })
        .block(at + 200, |block| {
            block.treasury(&Unpaused {});
            let native = release(0, 0, 5, 100, 0);
            block.treasury(&approved(1, 0, native));
            block.treasury(&approved(3, 0, native));
            block.treasury(&withdrawn(3, native));
            block.treasury(&approved(2, 0, native));
            block.treasury(&released(Asset::Native, native));
            block.extrinsic(2);
            moves(block, Some(CONTRACTS.treasury), Some(person(5)), 250);
            block.treasury(&released(token, release(1, 0, 5, 250, 0)));
            block.extrinsic(3).treasury(&Lapsed { escrow: 0, milestone: 1, asset: Asset::Native, amount: 200 });
            block.treasury(&ClawedBack { escrow: 1, milestone: 1, asset: token, amount: 50 });
            block.treasury(&StreamClaimed { stream: 0, payee: person(7), asset: Asset::Native, amount: 80 });
            block.treasury_free = Some(4_820);
        })
        .block(at + 300, |block| {
            block.treasury(&StreamStopped { stream: 0, asset: Asset::Native, amount: 280 });
        });
}

fn spent() -> Chain {
    let mut chain = Chain::with_tokens();
    spending(&mut chain, 4_000);
    chain
}

/// The ledger, a line for each entry.
async fn ledger(database: &Database) -> String {
    let rows = database
        .list(
            "SELECT concat_ws(' ', height, index, CASE WHEN asset = '' THEN 'native' ELSE get_byte(asset, 0)::text END,
                              kind, CASE WHEN incoming THEN '+' ELSE '-' END || amount,
                              coalesce((get_byte(counterparty, 0) - 100)::text, '?'), '=' || balance,
                              CASE WHEN excess > 0 THEN '!' || excess END, 'c' || category,
                              'e' || escrow || '.' || milestone, 's' || stream, 'p' || proposal)
             FROM mirror.treasury_ledger ORDER BY height, index",
        )
        .await;
    rows.replace(", ", "\n")
}

#[tokio::test]
async fn every_change_of_what_is_held_is_an_entry_with_the_balance_after_it() {
    let database = mirrored(&spent()).await;
    let expected = [
        "11 -1 native transfer +5000 ? =5000",
        "11 8 77 transfer +700 8 =700",
        "13 12 native release -100 5 =4900 c1 e0.0",
        "13 14 77 release -250 5 =450 c2 e1.0",
        "13 22 native stream_claim -80 7 =4820 c1 s0",
    ];
    assert_eq!(ledger(&database).await, expected.join("\n"));
    let assets = "SELECT concat_ws(' ', encode(substr(asset, 1, 1), 'hex'), balance, reserved, budgeted)
                  FROM mirror.treasury_assets ORDER BY asset";
    // 200 of escrow 0 and 120 - 80 of the stream are still owed.
    assert_eq!(database.list(assets).await, " 4820 240 t, 4d 450 0 t");
}

#[tokio::test]
async fn escrows_streams_and_approvals_are_as_the_treasury_keeps_them() {
    let database = mirrored(&spent()).await;
    let escrows = "SELECT concat_ws(' ', escrow, category, milestones, amount, paid, remaining, open, height, moment)
                   FROM mirror.treasury_escrows ORDER BY escrow";
    assert_eq!(database.list(escrows).await, "0 1 2 500 100 200 t 12 4100, 1 2 2 300 250 0 f 12 4100");
    let payees = "SELECT concat_ws(' ', get_byte(payee, 0) - 100, escrow, open)
                  FROM mirror.treasury_escrow_payees ORDER BY payee, escrow";
    assert_eq!(database.list(payees).await, "5 0 t, 5 1 f, 6 0 t");
    let milestones =
        "SELECT concat_ws(' ', escrow, milestone, get_byte(payee, 0) - 100, amount, earliest, latest, paid, remaining,
                          releases, freed, freed_how, freed_height, freed_moment)
         FROM mirror.treasury_milestones ORDER BY escrow, milestone";
    let expected = "0 0 5 300 4000 4500 100 200 1, 0 1 6 200 4000 4150 0 0 0 200 lapsed 13 4200, \
                    1 0 5 250 4000 4500 250 0 1, 1 1 5 50 4000 4500 0 0 0 50 clawed_back 13 4200";
    assert_eq!(database.list(milestones).await, expected);
    let releases = "SELECT concat_ws(' ', escrow, milestone, nonce, get_byte(payee, 0) - 100, amount, height, index)
                    FROM mirror.treasury_releases ORDER BY escrow";
    assert_eq!(database.list(releases).await, "0 0 0 5 100 13 12, 1 0 0 5 250 13 16");
    let approvals = |table: &str| {
        format!(
            "SELECT concat_ws(' ', escrow, milestone, nonce, amount, get_byte(signer, 0) - 100,
                              coalesce(since::text, 'withdrawn'), height, index)
             FROM mirror.{table} ORDER BY signer, height, index"
        )
    };
    let standing = "0 0 0 100 1 0 13 4, 0 0 0 100 2 0 13 10, 0 0 0 100 3 withdrawn 13 8";
    assert_eq!(database.list(&approvals("treasury_approvals")).await, standing);
    let all = "0 0 0 100 1 0 13 4, 0 0 0 100 2 0 13 10, 0 0 0 100 3 0 13 6, 0 0 0 100 3 withdrawn 13 8";
    assert_eq!(database.list(&approvals("treasury_statements")).await, all);
    let streams =
        "SELECT concat_ws(' ', stream, category, get_byte(payee, 0) - 100, amount, begins, ends, claimed, stopped)
                   FROM mirror.treasury_streams";
    assert_eq!(database.list(streams).await, "0 1 7 400 4000 5000 80 4300");
    let pauses = "SELECT concat_ws(' ', height, index, coalesce((get_byte(guardian, 0) - 100)::text, 'over'))
                  FROM mirror.treasury_pauses ORDER BY height, index";
    assert_eq!(database.list(pauses).await, "12 8 7, 13 2 over");
    let named: Vec<u8> = sqlx::query_scalar("SELECT signers FROM mirror.treasury_signers")
        .fetch_one(&database.pool)
        .await
        .expect("the query is right");
    let named = Signers::decode_all(&mut &*named).expect("signers");
    assert_eq!(named, signers(&[(1, 0), (2, 0), (3, 0)], 2, 1).signers);
}

/// What is left of each budget at a moment.
async fn left(database: &Database, now: Moment) -> Vec<(i32, Balance)> {
    let rows: Vec<(i32, Vec<u8>)> =
        sqlx::query_as("SELECT category, allotment FROM mirror.treasury_budgets ORDER BY category")
            .fetch_all(&database.pool)
            .await
            .expect("the query is right");
    let left = |bytes: Vec<u8>| Allotment::decode_all(&mut &*bytes).expect("an allotment").left_at(now);
    rows.into_iter().map(|(category, bytes)| (category, left(bytes))).collect()
}

#[tokio::test]
async fn what_is_left_of_a_budget_follows_from_what_was_committed() {
    let database = mirrored(&spent()).await;
    // What is released or claimed was committed before, and what is freed does not fill the budget again.
    assert_eq!(left(&database, 4_400).await, [(1, 100), (2, 700)]);
    assert_eq!(left(&database, 4_500).await, [(1, 1_000), (2, 1_000)]);
    let mut chain = spent();
    chain.block(4_350, |block| {
        let mut smaller = budget_set(1, Asset::Native, 950, 4_350);
        smaller.left = 50;
        block.treasury(&smaller);
        block.treasury(&paid(1, Asset::Native, 20));
        block.treasury_free = Some(4_800);
    });
    let database = mirrored(&chain).await;
    assert_eq!(left(&database, 4_400).await, [(1, 30), (2, 700)]);
    let changes = "SELECT concat_ws(' ', height, category, available)
                   FROM mirror.treasury_budget_changes ORDER BY height, index";
    assert_eq!(database.list(changes).await, "11 1 1000, 11 2 1000, 15 1 50");
}

#[tokio::test]
async fn what_only_governance_does_belongs_to_the_execution_that_did_it() {
    let mut chain = Chain::new();
    chain
        .block(600, |block| (0..3).for_each(|number| block.propose(&proposal(number, 600))))
        .block(700, |block| {
            // As a batch makes them: two executions in one extrinsic, and what belongs to no execution in others.
            block.treasury(&budget_set(1, Asset::Native, 1_000, 700));
            block.treasury(&signers(&[(1, 0)], 1, 1));
            block.treasury(&paid(1, Asset::Native, 1));
            block.governor(&executed(0));
            let milestones = vec![milestone(5, 20, 700, 800), milestone(5, 30, 700, 800)];
            block.treasury(&EscrowOpened { escrow: 0, category: 1, asset: Asset::Native, milestones });
            block.treasury(&stream(0, 1, 40, 600, 800));
            // Of a stream that began before it was opened.
            block.treasury(&StreamClaimed { stream: 0, payee: person(7), asset: Asset::Native, amount: 20 });
            block.governor(&executed(1));
            block.extrinsic(2).treasury(&Deposited { from: person(2), amount: 6 });
            block.treasury(&released(Asset::Native, release(0, 0, 5, 7, 0)));
            block.treasury(&paid(1, Asset::Native, 2));
            block.governor(&executed(2));
            block.extrinsic(3).treasury(&paid(1, Asset::Native, 3));
            block.treasury_free = Some(9_973);
        })
        .block(710, |block| {
            block.treasury(&ClawedBack { escrow: 0, milestone: 1, asset: Asset::Native, amount: 30 });
            block.treasury(&StreamStopped { stream: 0, asset: Asset::Native, amount: 18 });
            block.treasury(&Unpaused {});
            block.governor(&executed(2));
        });
    let database = mirrored(&chain).await;
    let expected = [
        "11 -1 native transfer +10000 ? =10000",
        "11 6 native payment -1 9 =9999 c1 p0",
        "11 14 native stream_claim -20 7 =9979 c1 s0 p1",
        "11 18 native deposit +6 2 =9985",
        "11 20 native release -7 5 =9978 c1 e0.0 p1",
        "11 22 native payment -2 9 =9976 c1 p2",
        "11 26 native payment -3 9 =9973 c1",
    ];
    assert_eq!(ledger(&database).await, expected.join("\n"));
    let ordered = "SELECT concat_ws(' ',
        (SELECT proposal FROM mirror.treasury_budgets), (SELECT proposal FROM mirror.treasury_budget_changes),
        (SELECT proposal FROM mirror.treasury_signers), (SELECT proposal FROM mirror.treasury_escrows),
        (SELECT proposal FROM mirror.treasury_streams), (SELECT freed_by FROM mirror.treasury_milestones WHERE freed > 0),
        (SELECT stopped_by FROM mirror.treasury_streams), (SELECT proposal FROM mirror.treasury_pauses))";
    assert_eq!(database.text(ordered).await, "0 0 0 1 1 2 2 2");
}

#[tokio::test]
async fn what_came_without_a_message_was_there_before_it_was_paid_out() {
    let mut chain = Chain::new();
    chain
        .block(600, |block| {
            block.treasury(&budget_set(0, Asset::Native, 1_000, 600));
            // The account had nothing, and something came within this block.
            block.treasury(&paid(0, Asset::Native, 60));
            block.treasury_free = Some(40);
        })
        .block(610, |block| block.treasury(&Deposited { from: person(1), amount: 5 }))
        .block(620, |block| block.treasury_free = Some(41));
    let database = mirrored(&chain).await;
    let expected = [
        "10 -1 native transfer +100 ? =100",
        "10 4 native payment -60 9 =40 c0",
        "11 2 native deposit +5 1 =45",
        "11 2147483647 native transfer -5 ? =40",
        "12 -1 native transfer +1 ? =41",
    ];
    assert_eq!(ledger(&database).await, expected.join("\n"));
}

#[tokio::test]
async fn a_payment_in_tokens_is_told_by_the_token_and_explained_by_the_treasury() {
    let (treasury, token) = (Some(CONTRACTS.treasury), Asset::Token(TOKEN));
    let mut chain = Chain::new();
    chain
        .block(600, |block| {
            block.treasury(&budget_set(0, token, 10_000, 600));
            moves(block, None, treasury, 1_000);
            moves(block, treasury, treasury, 500);
            moves(block, Some(person(1)), Some(person(2)), 500);
        })
        .block(610, |block| {
            moves(block, treasury, Some(person(9)), 10);
            block.treasury(&paid(0, token, 10));
            // One that shares a payment out, and one that told of something else just before.
            moves(block, treasury, Some(person(3)), 7);
            moves(block, treasury, Some(person(9)), 90);
            moves(block, treasury, Some(person(4)), 10);
            block.treasury(&paid(0, token, 100));
            // Of another extrinsic's transfer the treasury says nothing here.
            block.extrinsic(2);
            moves(block, treasury, None, 20);
            block.extrinsic(3).treasury(&paid(0, token, 20));
        });
    let database = mirrored(&chain).await;
    let expected = [
        "10 4 77 transfer +1000 ? =1000",
        "11 2 77 payment -10 9 =990 c0",
        "11 6 77 transfer -7 3 =983",
        "11 8 77 payment -90 9 =893 c0",
        "11 10 77 payment -10 4 =883 c0",
        "11 14 77 transfer -20 ? =863",
        "11 16 77 payment -20 9 =843 c0",
    ];
    assert_eq!(ledger(&database).await, expected.join("\n"));
}

#[tokio::test]
async fn the_governance_token_is_held_like_any_other() {
    let mut chain = Chain::with_tokens();
    chain.block(600, |block| {
        block.token(&Transfer { from: Some(person(3)), to: Some(CONTRACTS.treasury), value: 50 });
        block.token(&Transfer { from: Some(CONTRACTS.treasury), to: Some(person(1)), value: 20 });
    });
    let database = mirrored(&chain).await;
    assert_eq!(ledger(&database).await, "11 2 1 transfer +50 3 =50\n11 4 1 transfer -20 1 =30");
    let held = "SELECT balance::text FROM mirror.accounts WHERE get_byte(account, 0) = 3";
    assert_eq!(database.text(held).await, "30");
}

#[tokio::test]
async fn no_token_can_stop_the_mirror() {
    let treasury = Some(CONTRACTS.treasury);
    let mut chain = Chain::new();
    chain.block(600, |block| {
        moves(block, treasury, Some(person(1)), 5);
        moves(block, None, treasury, u128::MAX);
        moves(block, None, treasury, 3);
        moves(block, treasury, None, u128::MAX - 1);
        moves(block, treasury, Some(person(1)), 4);
    });
    let expected = [
        "10 2 77 transfer -5 1 =0 !5".to_owned(),
        format!("10 4 77 transfer +{} ? ={}", u128::MAX, u128::MAX),
        format!("10 6 77 transfer +3 ? ={} !3", u128::MAX),
        format!("10 8 77 transfer -{} ? =1", u128::MAX - 1),
        "10 10 77 transfer -4 1 =0 !3".to_owned(),
    ];
    assert_eq!(ledger(&mirrored(&chain).await).await, expected.join("\n"));
}

#[tokio::test]
async fn a_stream_that_practically_never_ends_accrues_what_it_does_on_chain() {
    let mut chain = Chain::new();
    let endless = stream(0, 0, u128::MAX / 2, 600, Moment::MAX);
    let accrued = |now: Moment| {
        let StreamOpened { category, asset, payee, amount, begins, ends, .. } = endless.clone();
        let (claimed, stopped) = (0, None);
        interfaces::treasury::Stream { category, asset, payee, amount, begins, ends, claimed, stopped }.accrued_at(now)
    };
    let claimed = |amount| StreamClaimed { stream: 0, payee: person(7), asset: Asset::Native, amount };
    chain
        .block(600, |block| {
            block.treasury(&budget_set(0, Asset::Native, u128::MAX, 600));
            block.treasury(&endless);
            block.treasury_free = Some(u128::MAX / 2);
        })
        .block(700, |block| block.treasury(&claimed(accrued(700))))
        .block(800, |block| block.treasury(&claimed(accrued(800) - accrued(700))));
    let database = Database::fresh().await;
    database.fill(&chain, 1).await;
    let stored = "SELECT concat_ws(' ', ends, claimed) FROM mirror.treasury_streams";
    assert_eq!(database.text(stored).await, format!("{} {}", Moment::MAX, accrued(800)));
}

/// What makes a block.
type Fill = Box<dyn FnOnce(&mut Events)>;

/// Why something cannot follow upon [`spent`].
async fn refusal(fill: impl FnOnce(&mut Events)) -> String {
    let mut chain = spent();
    let written = chain.blocks.len();
    chain.block(4_350, fill);
    let database = Database::fresh().await;
    let mut store = database.store().await;
    store.write(&chain.blocks[..written]).await.expect("writes");
    let before = database.dump().await;
    let error = store.write(&chain.blocks[written..]).await.expect_err("it cannot be");
    assert_eq!(database.dump().await, before);
    match error {
        Error::Contradiction { reason, .. } => reason,
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn what_contradicts_the_books_stops_the_mirror() {
    const NATIVE: Asset = Asset::Native;
    const HELD: Asset = Asset::Token(TOKEN);
    let opened = |escrow, category, asset, amount| {
        let milestones = vec![milestone(5, amount, 1, 9_000)];
        EscrowOpened { escrow, category, asset, milestones }
    };
    let claimed = |stream, amount| StreamClaimed { stream, payee: person(7), asset: NATIVE, amount };
    let cases: [(&str, Fill); 17] = [
        ("category 7 has no budget", Box::new(|block| block.treasury(&paid(7, NATIVE, 1)))),
        ("the budget of category 2 is in another asset", Box::new(|block| block.treasury(&paid(2, NATIVE, 1)))),
        ("more than is left of the budget of category 1", Box::new(|block| block.treasury(&paid(1, NATIVE, 101)))),
        ("there is an escrow 1 already", Box::new(move |block| block.treasury(&opened(1, 1, NATIVE, 1)))),
        (
            "more than is left of the budget of category 2",
            Box::new(move |block| block.treasury(&opened(2, 2, HELD, 701))),
        ),
        ("there is no escrow 9", Box::new(|block| block.treasury(&released(NATIVE, release(9, 0, 5, 1, 0))))),
        (
            "there is no milestone 2 of escrow 0",
            Box::new(|block| block.treasury(&released(NATIVE, release(0, 2, 5, 1, 0)))),
        ),
        (
            "release 0 of milestone 0 of escrow 0 is not its next",
            Box::new(|block| block.treasury(&released(NATIVE, release(0, 0, 5, 1, 0)))),
        ),
        (
            "more was released than milestone 0 of escrow 0 had left",
            Box::new(|block| block.treasury(&released(NATIVE, release(0, 0, 5, 201, 1)))),
        ),
        (
            "escrow 0 is in another asset",
            Box::new(move |block| block.treasury(&released(HELD, release(0, 0, 5, 1, 1)))),
        ),
        (
            "milestone 0 of escrow 0 had something else left than was freed",
            Box::new(|block| {
                block.treasury(&Lapsed { escrow: 0, milestone: 0, asset: NATIVE, amount: 199 });
            }),
        ),
        (
            "there is no milestone 0 of escrow 5",
            Box::new(|block| block.treasury(&approved(1, 0, release(5, 0, 5, 1, 0)))),
        ),
        ("there is a stream 0 already", Box::new(|block| block.treasury(&stream(0, 1, 1, 1, 9_000)))),
        ("there is no stream 4", Box::new(move |block| block.treasury(&claimed(4, 1)))),
        (
            "something else was claimed of stream 0 than had accrued",
            Box::new(move |block| block.treasury(&claimed(0, 41))),
        ),
        (
            "something else was freed of stream 0 than had not accrued",
            Box::new(|block| block.treasury(&StreamStopped { stream: 0, asset: NATIVE, amount: 280 })),
        ),
        (
            "more left the treasury in block 15 than it had",
            Box::new(|block| {
                block.treasury(&budget_set(3, NATIVE, 100_000, 4_350));
                block.treasury(&paid(3, NATIVE, 4_900));
                block.treasury(&Deposited { from: person(1), amount: 5_000 });
                block.treasury_free = Some(4_920);
            }),
        ),
    ];
    for (reason, fill) in cases {
        assert_eq!(refusal(fill).await, reason);
    }
}
