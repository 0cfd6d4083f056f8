//! What follows from the events: tokens, settings, money, code, and what was not understood.

use crate::{
    chain::{CONTRACTS, Chain, person, proposal, rules},
    database::mirrored,
};
use ballot::Mechanism;
use indexer::{Contracts, facts::RawEvent};
use interfaces::{
    AccountId, Moment,
    governor::{Guardian, GuardianSet, Installed, Kind, LiveLimitSet, Parts, ProposalExecuted, Rules, RulesSet},
    token::{Approval, Transfer},
    upgrade::Upgraded,
};
use scale::Encode;

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
async fn code_belongs_to_the_execution_that_changed_it() {
    let mut chain = Chain::new();
    let upgraded = |byte: u8| Upgraded { code_hash: [byte; 32].into() };
    let executed = |proposal| ProposalExecuted { proposal, executor: person(1), spent: 0 };
    chain.block(1, |block| (0..3).for_each(|number| block.propose(&proposal(number, 1)))).block(2, |block| {
        block.event(CONTRACTS.token, &upgraded(1));
        block.event(CONTRACTS.polls, &upgraded(2));
        block.event(CONTRACTS.ledger, &upgraded(8));
        block.event(CONTRACTS.rankings, &upgraded(9));
        block.governor(&executed(0));
        block.event(CONTRACTS.treasury, &upgraded(3));
        block.governor(&executed(1));
        // The governor's own code comes last of all.
        block.governor(&upgraded(4));
        block.event(CONTRACTS.registry, &upgraded(5));
        block.governor(&executed(2));
        block.extrinsic(2).event(CONTRACTS.registry, &upgraded(6));
        block.governor(&upgraded(7));
    });
    let database = mirrored(&chain).await;
    let upgrades = database.list(
        "SELECT concat_ws(' ', get_byte(contract, 0), get_byte(code_hash, 31), coalesce(proposal::text, '-'))
         FROM mirror.upgrades ORDER BY height, index",
    );
    assert_eq!(upgrades.await, "1 1 0, 5 2 0, 6 8 0, 7 9 0, 3 3 1, 2 4 1, 4 5 2, 4 6 -, 2 7 -");
}

#[tokio::test]
async fn the_governors_settings_are_mirrored() {
    let mut chain = Chain::new();
    let guardian = Guardian { account: person(7), until: 9_000 };
    let Contracts { ledger, polls, treasury, settings, .. } = CONTRACTS;
    let parts = Parts { ledger, polls, treasury, settings };
    let some = [Mechanism::Majority, Mechanism::Condorcet].into_iter().collect();
    chain
        .block(1, |block| {
            block.governor(&RulesSet { kind: Kind::ProtocolUpgrade, rules: rules() });
            block.governor(&RulesSet { kind: Kind::TreasurySpending, rules: rules() });
            block.governor(&GuardianSet { guardian: Some(guardian) });
            block.governor(&LiveLimitSet { limit: 3 });
        })
        .block(2, |block| block.governor(&Installed { parts }));
    let database = mirrored(&chain).await;
    let governor = "SELECT concat_ws(' ', get_byte(guardian, 0) - 100, guardian_until, live_limit, get_byte(ledger, 0),
                                     get_byte(polls, 0), get_byte(treasury, 0))
                    FROM mirror.governor";
    assert_eq!(database.text(governor).await, "7 9000 3 6 5 3");

    chain.block(3, |block| {
        block.governor(&RulesSet { kind: Kind::ProtocolUpgrade, rules: Rules { mechanisms: some, ..rules() } });
        block.governor(&GuardianSet { guardian: None });
    });
    let database = mirrored(&chain).await;
    assert_eq!(database.text(governor).await, "3 6 5 3");
    let rules = database.list(
        "SELECT concat_ws(' ', kind, array_to_string(mechanisms, '+'), proposal_threshold, deposit, voting_delay,
                          voting_period, voting_freeze, extension, quorum_bps, approval_bps, plurality_bps, credits,
                          execution_delay, execution_window, spend_cap, period_cap, period, guarded, height)
         FROM mirror.rules ORDER BY kind",
    );
    let rest = "10 7 1000 1000 200 300 1000 5000 3333 100 100 5000 1000 3000 86400000 t";
    assert_eq!(
        rules.await,
        format!(
            "protocol_upgrade majority+condorcet {rest} 12, \
             treasury_spending majority+approval+weighted+quadratic+ranked+condorcet {rest} 10"
        )
    );
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
    odd.options[0].0 = "\0".to_owned();
    odd.rules.execution_window = Moment::MAX;
    odd.poll.period = Moment::MAX - odd.poll.snapshot - odd.poll.extension;
    chain.block(1, |block| block.propose(&odd)).empty(5_000);
    let database = mirrored(&chain).await;
    assert_eq!(
        database.text("SELECT concat_ws(' ', title, state, voting_ends) FROM mirror.proposals").await,
        format!("a\u{fffd}b active {}", i64::MAX)
    );
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
