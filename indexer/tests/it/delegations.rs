//! Voting power as it follows from tokens, delegations and time.

use crate::{
    chain::{Chain, person, share},
    database::{Database, mirrored},
};
use interfaces::{
    Moment,
    token::{DelegationChanged, Share, Transfer},
};

fn delegated(from: u8, to: &[(u8, u16)], ends: Option<Moment>) -> DelegationChanged {
    let shares = to.iter().map(|(to, points)| Share { to: person(*to), share: share(*points) });
    DelegationChanged { delegator: person(from), shares: shares.collect(), ends }
}

fn sent(from: u8, to: u8, value: u128) -> Transfer {
    Transfer { from: Some(person(from)), to: Some(person(to)), value }
}

async fn powers(database: &Database) -> String {
    let powers = "SELECT get_byte(account, 0) - 100 || ' ' || balance || '/' || power FROM mirror.accounts
                  ORDER BY account";
    database.list(powers).await
}

async fn delegations(database: &Database) -> String {
    let rows =
        "SELECT concat_ws(' ', get_byte(delegator, 0) - 100, get_byte(representative, 0) - 100, number, share_bps,
                                 coalesce(ends::text, '-'), height)
                FROM mirror.delegations ORDER BY delegator, number";
    database.list(rows).await
}

/// Writes the chain block by block and in larger batches, and expects the same each time: powers, and delegations.
async fn expect(chain: &Chain, expected: (&str, &str)) {
    let database = Database::fresh().await;
    for size in [1, 2, chain.blocks.len()] {
        database.fill(chain, size).await;
        let found = (powers(&database).await, delegations(&database).await);
        assert_eq!((found.0.as_str(), found.1.as_str()), expected, "in batches of {size}");
        let supply = "SELECT (sum(power) = sum(balance))::text FROM mirror.accounts";
        assert_eq!(database.text(supply).await, "true", "all power is the supply");
    }
}

#[tokio::test]
async fn shares_are_rounded_down_and_the_rest_stays() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| block.token(&delegated(1, &[(2, 3_333), (3, 3_333)], None)))
        .block(20, |block| block.token(&sent(1, 5, 1)));
    // A third of 99 is 32.9967.
    expect(&chain, ("1 99/35, 2 200/232, 3 700/732, 5 1/1", "1 2 0 3333 - 11, 1 3 1 3333 - 11")).await;
}

#[tokio::test]
async fn a_delegation_replaces_the_one_before_and_nothing_revokes_it() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| block.token(&delegated(3, &[(1, 5_000), (2, 5_000)], None)))
        .block(20, |block| block.token(&delegated(3, &[(2, 1_000), (4, 9_000)], Some(1_000))));
    expect(&chain, ("1 100/100, 2 200/270, 3 700/0, 4 0/630", "3 2 0 1000 1000 12, 3 4 1 9000 1000 12")).await;
    chain.block(30, |block| block.token(&delegated(3, &[], None))).empty(2_000);
    expect(&chain, ("1 100/100, 2 200/200, 3 700/700, 4 0/0", "")).await;
}

#[tokio::test]
async fn a_revocation_has_no_end() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| block.token(&delegated(3, &[(1, 5_000)], Some(1_000))))
        .block(20, |block| block.token(&delegated(3, &[], Some(1_000))))
        .block(30, |block| block.token(&delegated(2, &[], Some(1_000))))
        .empty(2_000);
    expect(&chain, ("1 100/100, 2 200/200, 3 700/700", "")).await;
}

#[tokio::test]
async fn what_is_received_is_not_passed_on() {
    let mut chain = Chain::with_tokens();
    chain.block(10, |block| {
        block.token(&delegated(1, &[(2, 10_000)], None));
        block.token(&delegated(2, &[(3, 10_000)], None));
        block.token(&delegated(3, &[(1, 10_000)], None));
        block.token(&sent(2, 1, 50));
    });
    expect(&chain, ("1 150/700, 2 150/150, 3 700/150", "1 2 0 10000 - 11, 2 3 0 10000 - 11, 3 1 0 10000 - 11")).await;
}

#[tokio::test]
async fn a_delegation_ends_by_itself() {
    let mut chain = Chain::with_tokens();
    chain.block(10, |block| block.token(&delegated(3, &[(1, 5_000)], Some(1_000)))).empty(999);
    expect(&chain, ("1 100/450, 2 200/200, 3 700/350", "3 1 0 5000 1000 11")).await;
    chain.empty(1_000);
    expect(&chain, ("1 100/100, 2 200/200, 3 700/700", "")).await;
    assert_eq!(
        mirrored(&chain).await.list("SELECT height::text FROM mirror.accounts ORDER BY account").await,
        "13, 10, 13",
        "the block that was the first after it changed their power"
    );
}

#[tokio::test]
async fn what_a_blocks_time_ends_is_over_before_anything_in_it_happens() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| block.token(&delegated(3, &[(1, 5_000)], Some(1_000))))
        .block(20, |block| block.token(&delegated(2, &[(1, 5_000)], Some(1_000))))
        .block(5_000, |block| {
            block.token(&sent(3, 4, 300));
            block.token(&delegated(2, &[(4, 2_500)], Some(6_000)));
        });
    expect(&chain, ("1 100/100, 2 200/150, 3 400/400, 4 300/350", "2 4 0 2500 6000 13")).await;
    chain.empty(6_000).empty(7_000);
    expect(&chain, ("1 100/100, 2 200/200, 3 400/400, 4 300/300", "")).await;
}

#[tokio::test]
async fn tokens_that_come_later_are_delegated_too() {
    let mut chain = Chain::with_tokens();
    chain
        .block(10, |block| block.token(&delegated(6, &[(1, 10_000)], None)))
        .block(20, |block| block.token(&sent(3, 6, 100)))
        .block(30, |block| block.token(&Transfer { from: Some(person(6)), to: None, value: 40 }));
    expect(&chain, ("1 100/160, 2 200/200, 3 600/600, 6 60/0", "6 1 0 10000 - 11")).await;
}
