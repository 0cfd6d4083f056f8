//! What follows from the events.

use crate::{
    chain::{CONTRACTS, Chain, person, proposal, round, vote},
    database::Database,
};
use ballot::{Majority, Support};
use indexer::facts::{BlockFacts, RawEvent};
use interfaces::{
    AccountId, Balance, Moment, ProposalId,
    governor::{ProposalCancelled, ProposalExecuted, ProposalQueued},
    lifecycle::{Progress, State},
    token::{Approval, Transfer},
    treasury::{Deposited, Paid},
};
use proptest::{prelude::*, test_runner::TestRunner};
use scale::Encode;
use std::convert::Infallible;

async fn mirrored(chain: &Chain) -> Database {
    let database = Database::fresh().await;
    database.store().await.write(&chain.blocks).await.expect("writes");
    database
}

async fn states(database: &Database) -> String {
    database.text("SELECT string_agg(proposal || ' ' || state, ', ' ORDER BY proposal) FROM mirror.proposals").await
}

#[tokio::test]
async fn balances_power_and_supply_follow_transfers() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| {
            block.token(&Transfer { from: Some(person(1)), to: Some(person(1)), value: 100 });
            block.token(&Transfer { from: Some(person(1)), to: Some(person(2)), value: 60 });
            block.token(&Approval { owner: person(1), spender: person(2), amount: 5 });
        })
        .block(20, |block| block.token(&Transfer { from: Some(person(3)), to: None, value: 700 }))
        .block(20, |block| block.token(&Transfer { from: None, to: Some(person(4)), value: 1 }))
        .block(30, |block| block.token(&Transfer { from: None, to: Some(person(5)), value: u128::MAX - 301 }));
    let database = mirrored(&chain).await;
    let accounts = database
        .text(
            "SELECT string_agg(get_byte(account, 0) - 100 || ' ' || balance || ' ' || power || ' ' || height, ', '
                               ORDER BY account)
             FROM mirror.accounts",
        )
        .await;
    let rest = u128::MAX - 301;
    assert_eq!(accounts, format!("1 40 40 11, 2 260 260 11, 3 0 0 12, 4 1 1 13, 5 {rest} {rest} 14"));
    let supply = database.text("SELECT string_agg(since || ' ' || supply, ', ' ORDER BY since) FROM mirror.supply");
    assert_eq!(supply.await, format!("0 1000, 20 301, 30 {}", u128::MAX));
    assert_eq!(database.text("SELECT count(*)::text FROM mirror.transfers").await, "8");
    assert_eq!(database.text("SELECT count(*)::text FROM mirror.undecoded").await, "0");
}

#[tokio::test]
async fn a_round_is_mirrored() {
    let database = mirrored(&round()).await;
    assert_eq!(states(&database).await, "0 executed, 1 defeated");
    let first = database
        .text(
            "SELECT concat_ws(' ', title, votes_for, votes_against, votes_abstain, voters, holds_until, created_at,
                              created_height, queued_at, ready_at, expires_at, executed_at,
                              get_byte(executor, 0) - 100, cancelled_at)
             FROM mirror.proposals WHERE proposal = 0",
        )
        .await;
    assert_eq!(first, "Proposal 0 100 50 200 3 1000 12 3100 3200 8200 3300 1");
    let call = database.text(
        "SELECT concat_ws(' ', number, get_byte(target, 0), encode(selector, 'hex'), value, get_byte(code_hash, 31))
         FROM mirror.calls WHERE proposal = 0",
    );
    assert_eq!(call.await, "0 3 01020304 0 6");
    let votes = database.text(
        "SELECT string_agg(proposal || ' ' || support || ' ' || power || ' ' || height || ' ' || moment, ', '
                           ORDER BY proposal, height, index)
         FROM mirror.votes",
    );
    assert_eq!(votes.await, "0 for 100 15 2500, 0 abstain 200 15 2500, 0 against 50 16 2600, 1 for 50 16 2600");
    let movements = database.text(
        "SELECT string_agg(concat_ws(' ', height, kind, get_byte(account, 0) - 100, amount, proposal), ', ')
         FROM mirror.treasury_movements",
    );
    assert_eq!(movements.await, "18 payment 9 500 0");
    let balances =
        database.text("SELECT string_agg(height || ' ' || free, ', ' ORDER BY height) FROM mirror.native_balances");
    assert_eq!(balances.await, "10 0, 11 10000, 18 9500");
    assert_eq!(
        database.text("SELECT height || ' ' || moment || ' ' || finalized FROM mirror.block").await,
        "20 9000 true"
    );
}

#[tokio::test]
async fn a_payment_belongs_to_the_execution_that_made_it() {
    let mut chain = Chain::new();
    let executed = |proposal| ProposalExecuted { proposal, executor: person(1) };
    let paid = |amount| Paid { payee: person(9), amount };
    chain
        .block(1, |block| (0..4).for_each(|number| block.governor(&proposal(number, 1))))
        .block(2, |block| {
            // Two executions in one extrinsic, as a batch call makes them; one in another, with a deposit; and a
            // payment that no execution claims.
            block.treasury(&paid(1));
            block.treasury(&paid(2));
            block.governor(&executed(0));
            block.treasury(&paid(3));
            block.extrinsic(2).treasury(&paid(4));
            block.extrinsic(1).governor(&executed(1));
            block.extrinsic(2).treasury(&Deposited { from: person(1), amount: 5 });
            block.governor(&executed(2));
            block.extrinsic(3).treasury(&paid(6));
        })
        .block(3, |block| block.extrinsic(3).governor(&executed(3)));
    let database = mirrored(&chain).await;
    let movements = database.text(
        "SELECT string_agg(concat_ws(' ', amount, kind, coalesce(proposal::text, '-')), ', ' ORDER BY amount)
         FROM mirror.treasury_movements",
    );
    assert_eq!(movements.await, "1 payment 0, 2 payment 0, 3 payment 1, 4 payment 2, 5 deposit -, 6 payment -");
}

#[tokio::test]
async fn time_alone_moves_states() {
    let mut chain = Chain::with_tokens();
    // 0 passes and is queued, 1 passes and is not, 2 fails, 3 is taken back. All vote from 2,000 to 3,000.
    chain
        .block(1_000, |block| (0..4).for_each(|number| block.governor(&proposal(number, 1_000))))
        .block(1_100, |block| block.governor(&ProposalCancelled { proposal: 3 }));
    let database = Database::fresh().await;
    let mut store = database.store().await;
    store.write(&chain.blocks).await.expect("writes");
    let mut written = chain.blocks.len();
    let mut steps: Vec<(Moment, &str)> = vec![
        (2_000, "0 pending, 1 pending, 2 pending, 3 cancelled"),
        (2_001, "0 active, 1 active, 2 active, 3 cancelled"),
        (3_000, "0 active, 1 active, 2 active, 3 cancelled"),
        (3_001, "0 succeeded, 1 succeeded, 2 defeated, 3 cancelled"),
        (3_050, "0 queued, 1 succeeded, 2 defeated, 3 cancelled"),
        (8_000, "0 queued, 1 succeeded, 2 defeated, 3 cancelled"),
        (8_001, "0 queued, 1 expired, 2 defeated, 3 cancelled"),
        (9_001, "0 expired, 1 expired, 2 defeated, 3 cancelled"),
    ];
    for (moment, expected) in steps.drain(..) {
        chain.block(moment, |block| match moment {
            2_001 => (0..2).for_each(|number| block.governor(&vote(number, 1, Support::For, 100))),
            3_050 => block.governor(&ProposalQueued { proposal: 0, ready_at: 4_000, expires_at: 9_000 }),
            _ => {}
        });
        store.write(&chain.blocks[written..]).await.expect("writes");
        written = chain.blocks.len();
        assert_eq!(states(&database).await, expected, "at {moment}");
    }
    assert_eq!(database.text("SELECT count(holds_until)::text FROM mirror.proposals").await, "0");
}

#[tokio::test]
async fn the_supply_at_the_snapshot_decides_the_quorum() {
    let mut chain = Chain::with_tokens();
    // Quorum is a tenth: 100 of the 1,000 there were at the snapshot (2,000), not of what was minted later.
    chain
        .block(1_000, |block| (0..2).for_each(|number| block.governor(&proposal(number, 1_000))))
        .block(2_000, |block| block.token(&Transfer { from: Some(person(3)), to: None, value: 1 }))
        .block(2_001, |block| {
            block.token(&Transfer { from: None, to: Some(person(5)), value: 100_000 });
            block.governor(&vote(0, 1, Support::For, 100));
            block.governor(&vote(1, 4, Support::For, 99));
        })
        .empty(3_001);
    assert_eq!(states(&mirrored(&chain).await).await, "0 succeeded, 1 defeated");
}

#[tokio::test]
async fn an_unknown_event_is_kept_raw_and_noted() {
    let mut chain = Chain::new();
    let signature = |byte: u8| vec![[byte; 32].into()];
    let stranger = AccountId([42; 32]);
    chain.block(1, |block| {
        block.raw(CONTRACTS.governor, signature(0x11), vec![1, 2, 3]);
        block.hook().raw(CONTRACTS.token, Vec::new(), Vec::new());
        block.raw(stranger, vec![[1; 32].into(), [2; 32].into()], vec![4]);
    });
    let database = mirrored(&chain).await;
    let undecoded =
        database.text("SELECT string_agg(index || ': ' || reason, ', ' ORDER BY index) FROM mirror.undecoded");
    assert_eq!(undecoded.await, "2: its type is not known, 4: it has no topic that tells its type");
    let raw = database
        .text(
            "SELECT string_agg(concat_ws(' ', index, coalesce(extrinsic::text, '-'), get_byte(contract, 0),
                                         cardinality(topics), encode(coalesce(topics[1], ''), 'hex'),
                                         encode(coalesce(topics[2], ''), 'hex'), encode(data, 'hex')), ', '
                               ORDER BY index)
             FROM raw.contract_events",
        )
        .await;
    let hex = |byte: &str| byte.repeat(32);
    assert_eq!(raw, format!("2 1 2 1 {}  010203, 4 - 1 0   , 6 - 42 2 {} {} 04", hex("11"), hex("01"), hex("02")));
    assert_eq!(database.text("SELECT contract_events::text FROM raw.blocks").await, "3");
}

#[tokio::test]
async fn nobody_can_stop_the_mirror_with_odd_text_or_times() {
    let mut chain = Chain::new();
    let mut odd = proposal(0, 0);
    odd.title = "a\0b".to_owned();
    odd.terms.execution_window = Moment::MAX;
    odd.terms.voting_ends = Moment::MAX;
    chain.block(1, |block| block.governor(&odd)).empty(5_000);
    let database = mirrored(&chain).await;
    assert_eq!(
        database.text("SELECT concat_ws(' ', title, state, voting_ends) FROM mirror.proposals").await,
        format!("a\u{fffd}b active {}", i64::MAX)
    );
}

/// What can happen in a block.
#[derive(Debug, Clone)]
enum Step {
    Mint(u8, u32),
    Move(u8, u8, u32),
    Propose,
    Vote(u8, u8, Support),
    Queue(u8),
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let support = prop_oneof![Just(Support::Against), Just(Support::For), Just(Support::Abstain)];
    prop_oneof![
        (0..5u8, any::<u32>()).prop_map(|(to, value)| Step::Mint(to, value)),
        (0..5u8, 0..5u8, any::<u32>()).prop_map(|(from, to, value)| Step::Move(from, to, value)),
        Just(Step::Propose),
        (any::<u8>(), 0..5u8, support).prop_map(|(proposal, voter, support)| Step::Vote(proposal, voter, support)),
        any::<u8>().prop_map(Step::Queue),
        (0..900u16).prop_map(Step::Wait),
    ]
}

/// The same story, counted as plainly as can be.
#[derive(Default)]
struct Naive {
    moment: Moment,
    balances: [Balance; 5],
    supply: Vec<(Moment, Balance)>,
    proposals: Vec<(Moment, Progress)>,
    votes: Vec<(usize, u8, Support, Balance)>,
}

impl Naive {
    fn tally(&self, proposal: usize) -> Majority {
        let sum =
            |wanted| self.votes.iter().filter(|vote| vote.0 == proposal && vote.2 == wanted).map(|vote| vote.3).sum();
        Majority { against: sum(Support::Against), in_favour: sum(Support::For), abstain: sum(Support::Abstain) }
    }

    fn state(&self, proposal: usize) -> State {
        let (made, progress) = self.proposals[proposal];
        let terms = crate::chain::terms(made);
        let supply = || {
            let at = self.supply.iter().rev().find(|(since, _)| *since <= terms.snapshot);
            Ok::<_, Infallible>(at.map_or(0, |(_, supply)| *supply))
        };
        let Ok(state) = terms.state(progress, &self.tally(proposal), self.moment, supply);
        state
    }
}

/// Plays the steps, a block each, and counts along.
fn play(steps: &[Step]) -> (Chain, Naive) {
    let (mut chain, mut naive) = (Chain::new(), Naive { moment: 1_000, ..Naive::default() });
    for step in steps {
        naive.moment += 10;
        if let Step::Wait(time) = step {
            naive.moment += Moment::from(*time);
        }
        let moment = naive.moment;
        chain.block(moment, |block| match *step {
            Step::Wait(_) => {}
            Step::Mint(to, value) => {
                naive.balances[usize::from(to)] += Balance::from(value);
                naive.supply.push((moment, naive.balances.iter().sum()));
                block.token(&Transfer { from: None, to: Some(person(to)), value: value.into() });
            }
            Step::Move(from, to, value) => {
                let value = naive.balances[usize::from(from)].min(value.into());
                naive.balances[usize::from(from)] -= value;
                naive.balances[usize::from(to)] += value;
                block.token(&Transfer { from: Some(person(from)), to: Some(person(to)), value });
            }
            Step::Propose => {
                block.governor(&proposal(id(naive.proposals.len()), moment));
                naive.proposals.push((moment, Progress::Proposed));
            }
            Step::Vote(..) | Step::Queue(_) if naive.proposals.is_empty() => {}
            Step::Vote(chosen, voter, support) => {
                let chosen = usize::from(chosen) % naive.proposals.len();
                let power = naive.balances[usize::from(voter)];
                if naive.state(chosen) == State::Active
                    && !naive.votes.iter().any(|vote| (vote.0, vote.1) == (chosen, voter))
                {
                    naive.votes.push((chosen, voter, support, power));
                    block.governor(&vote(id(chosen), voter, support, power));
                }
            }
            Step::Queue(chosen) => {
                let chosen = usize::from(chosen) % naive.proposals.len();
                if naive.state(chosen) == State::Succeeded {
                    let (ready_at, expires_at) = (moment + 100, moment + 1_000);
                    naive.proposals[chosen].1 = Progress::Queued { ready_at, expires_at };
                    block.governor(&ProposalQueued { proposal: id(chosen), ready_at, expires_at });
                }
            }
        });
    }
    (chain, naive)
}

fn id(number: usize) -> ProposalId {
    ProposalId::try_from(number).expect("few proposals")
}

#[test]
fn whatever_happens_the_mirror_equals_a_naive_recount() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() });
    let stories = (prop::collection::vec(step(), 1..80), 1..20usize);
    let verdict = runner.run(&stories, |(steps, size)| {
        let (chain, naive) = play(&steps);
        let (cut, tallies, balances) = runtime.block_on(mirror(&chain.blocks, size));
        let expected = (0..naive.proposals.len()).map(|number| {
            let Majority { against, in_favour, abstain } = naive.tally(number);
            let voters = naive.votes.iter().filter(|vote| vote.0 == number).count();
            format!("{number} {in_favour} {against} {abstain} {voters} {}", naive.state(number))
        });
        prop_assert_eq!(tallies, expected.collect::<Vec<_>>().join(", "));
        let held = naive.balances.iter().enumerate().filter(|(_, balance)| **balance > 0);
        let expected = held.map(|(number, balance)| format!("{number} {balance}")).collect::<Vec<_>>();
        prop_assert_eq!(balances, expected.join(", "));
        let (whole, ..) = runtime.block_on(mirror(&chain.blocks, chain.blocks.len()));
        prop_assert!(cut == whole, "batches of {} blocks give other rows", size);
        Ok(())
    });
    verdict.expect("the mirror is right");
}

/// Everything, the tallies and the balances, after mirroring in batches of `size`.
async fn mirror(blocks: &[BlockFacts], size: usize) -> (Vec<(String, String)>, String, String) {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    for batch in blocks.chunks(size) {
        store.write(batch).await.expect("writes");
    }
    let tallies = database.text(
        "SELECT coalesce(string_agg(concat_ws(' ', proposal, votes_for, votes_against, votes_abstain, voters, state),
                                    ', ' ORDER BY proposal), '')
         FROM mirror.proposals",
    );
    let tallies = tallies.await;
    let balances = database.text(
        "SELECT coalesce(string_agg(get_byte(account, 0) - 100 || ' ' || balance, ', ' ORDER BY account), '')
         FROM mirror.accounts WHERE balance > 0",
    );
    let balances = balances.await;
    (database.dump().await, tallies, balances)
}

#[tokio::test]
async fn many_events_in_one_batch_keep_their_topics_apart() {
    let mut chain = Chain::new();
    chain.block(1, |block| {
        for number in 0..=200u8 {
            let topics = (0..number % 5).map(|topic| [topic.wrapping_add(number); 32].into()).collect();
            block.raw(AccountId([42; 32]), topics, number.encode());
        }
    });
    let database = mirrored(&chain).await;
    let rows: Vec<(i32, Vec<Vec<u8>>, Vec<u8>)> =
        sqlx::query_as("SELECT index, topics, data FROM raw.contract_events ORDER BY index")
            .fetch_all(&database.pool)
            .await
            .expect("the query is right");
    assert_eq!(rows.len(), chain.blocks[0].events.len());
    for ((_, topics, data), RawEvent { topics: emitted, data: emitted_data, .. }) in
        rows.iter().zip(&chain.blocks[0].events)
    {
        assert_eq!(data, emitted_data);
        assert!(topics.iter().map(Vec::as_slice).eq(emitted.iter().map(AsRef::as_ref)));
    }
}
