//! A proposal's life.

use crate::{
    chain::{Chain, payment, person, proposal, round, vote},
    database::{Database, mirrored},
};
use ballot::{Mechanism, Support};
use interfaces::{
    Moment, ProposalId,
    governor::{
        Choosable, DraftSponsored, DraftWritten, Kind, ProposalCancelled, ProposalCreated, ProposalQueued,
        ProposalRequest, ProposalSettled, ProposalVetoed,
    },
    polls::{ElectorateFixed, PollStopped},
};

async fn states(database: &Database) -> String {
    database.list("SELECT proposal || ' ' || state FROM mirror.proposals ORDER BY proposal").await
}

#[tokio::test]
async fn a_round_is_mirrored() {
    let database = mirrored(&round()).await;
    assert_eq!(states(&database).await, "0 executed, 1 defeated");
    let first = database
        .text(
            "SELECT concat_ws(' ', kind, mechanism, title, votes_for, votes_against, votes_abstain, turnout, backing,
                              voters, electorate, quorum_reached_at, winner, holds_until, created_at, created_height,
                              snapshot, voting_ends, queued_at, ready_at, expires_at, executed_at,
                              get_byte(executor, 0) - 100, spent, settled_at, get_byte(deposit_to, 0) - 100,
                              cancelled_at, vetoed_at, counted_at, stopped_at, drafted_at)
             FROM mirror.proposals WHERE proposal = 0",
        )
        .await;
    assert_eq!(
        first,
        "treasury_spending majority Proposal 0 100 50 200 350 300 3 1000 2500 0 1000 12 2000 3000 3100 3200 8200 3300 1 \
         500 3300 0"
    );
    let terms = database.text(
        "SELECT concat_ws(' ', deposit, voting_period, voting_freeze, extension, quorum_bps, approval_bps, plurality_bps,
                          credits, execution_delay, execution_window, spend_cap, period_cap, period, guarded)
         FROM mirror.proposals WHERE proposal = 0",
    );
    assert_eq!(terms.await, "7 1000 200 300 1000 5000 3333 100 100 5000 1000 3000 86400000 t");
    let call = database.text(
        "SELECT concat_ws(' ', option, title, c.number, get_byte(target, 0), encode(selector, 'hex'), value,
                          get_byte(code_hash, 31))
         FROM mirror.calls c JOIN mirror.options o ON (o.proposal, o.number) = (c.proposal, option)
         WHERE c.proposal = 0",
    );
    assert_eq!(call.await, "0 Pay 0 3 01020304 0 6");
    let votes = database.list(
        "SELECT proposal || ' ' || support || ' ' || power || ' ' || height || ' ' || moment
         FROM mirror.votes ORDER BY proposal, height, index",
    );
    assert_eq!(votes.await, "0 for 100 15 2500, 0 abstain 200 15 2500, 0 against 50 16 2600, 1 for 50 16 2600");
    let ledger = database.list(
        "SELECT concat_ws(' ', height, kind, get_byte(counterparty, 0) - 100, amount, proposal, balance)
         FROM mirror.treasury_ledger ORDER BY height, index",
    );
    assert_eq!(ledger.await, "11 transfer 10000 10000, 18 payment 9 500 0 9500");
    let balances = database.list("SELECT height || ' ' || free FROM mirror.native_balances ORDER BY height");
    assert_eq!(balances.await, "10 0, 11 10000, 18 9500");
    assert_eq!(
        database.text("SELECT height || ' ' || moment || ' ' || finalized FROM mirror.block").await,
        "20 9000 true"
    );
    assert_eq!(database.text("SELECT count(*)::text FROM mirror.undecoded").await, "0");
}

/// A draft, by person 1, of options that each pay so much.
fn draft(mechanism: Mechanism, revision: u32, snapshot: Moment, amounts: &[u128]) -> DraftWritten {
    let options = amounts.iter().map(|amount| Choosable { title: amount.to_string(), calls: vec![payment(*amount)] });
    let request = ProposalRequest {
        kind: Kind::TreasurySpending,
        mechanism,
        title: format!("Draft {revision}"),
        link: "https://example.org".to_owned(),
        content_hash: [7; 32].into(),
        options: options.collect(),
    };
    DraftWritten { proposal: 0, author: person(1), request, snapshot, revision }
}

fn sponsored(sponsor: u8, power: u128) -> DraftSponsored {
    DraftSponsored { proposal: 0, sponsor: person(sponsor), power }
}

async fn options(database: &Database) -> String {
    let options = "SELECT concat_ws(' ', o.number, title, count(target), count(code_hash))
                   FROM mirror.options o LEFT JOIN mirror.calls c ON (o.proposal, o.number) = (c.proposal, option)
                   GROUP BY o.number, title ORDER BY o.number";
    database.list(options).await
}

const DRAFT: &str = "SELECT concat_ws(' ', title, mechanism, state, drafted_at, revision, draft_snapshot, sponsored,
                                      created_at, snapshot, holds_until, get_byte(proposer, 0) - 100)
                     FROM mirror.proposals";

#[tokio::test]
async fn a_draft_is_written_sponsored_edited_and_submitted() {
    let mut chain = Chain::with_tokens();
    chain
        .block(100, |block| block.governor(&draft(Mechanism::Approval, 0, 99, &[1, 2, 3])))
        .block(200, |block| {
            block.governor(&sponsored(2, 200));
            block.governor(&sponsored(3, 700));
        })
        .empty(1_000_000);
    let database = Database::fresh().await;
    for size in [1, 2, 3] {
        database.fill(&chain, size).await;
        assert_eq!(database.text(DRAFT).await, "Draft 0 approval draft 100 0 99 900 1");
        assert_eq!(options(&database).await, "0 1 1 0, 1 2 1 0, 2 3 1 0, 3 None of the above 0 0");
    }
    chain
        .block(1_000_100, |block| block.governor(&draft(Mechanism::Majority, 1, 1_000_099, &[9])))
        .block(1_000_200, |block| block.governor(&sponsored(3, 700)));
    for size in [1, 2, 6] {
        database.fill(&chain, size).await;
        assert_eq!(database.text(DRAFT).await, "Draft 1 majority draft 100 1 1000099 700 1");
        assert_eq!(options(&database).await, "0 9 1 0");
        let sponsors = database.list(
            "SELECT concat_ws(' ', revision, get_byte(sponsor, 0) - 100, power, moment)
             FROM mirror.sponsors ORDER BY revision, sponsor",
        );
        assert_eq!(sponsors.await, "0 2 200 200, 0 3 700 200, 1 3 700 1000200");
    }
    let submitted = ProposalCreated { proposer: person(1), ..proposal(0, 1_000_300) };
    chain.block(1_000_300, |block| block.propose(&submitted));
    for size in [1, 2, 7] {
        database.fill(&chain, size).await;
        let expected = "Proposal 0 majority pending 100 1 1000099 700 1000300 1001300 1001300 1";
        assert_eq!(database.text(DRAFT).await, expected);
        assert_eq!(options(&database).await, "0 Pay 1 1");
    }
}

#[tokio::test]
async fn proposals_are_taken_back_vetoed_and_settled() {
    let mut chain = Chain::with_tokens();
    chain
        .block(100, |block| {
            block.governor(&draft(Mechanism::Ranked, 0, 99, &[1]));
            (1..4).for_each(|number| block.propose(&proposal(number, 100)));
        })
        .block(200, |block| {
            block.governor(&ProposalCancelled { proposal: 0, by: person(1) });
            for number in 1..4 {
                block.polls(&PollStopped { poll: number });
            }
            block.governor(&ProposalCancelled { proposal: 1, by: person(7) });
            block.governor(&ProposalVetoed { proposal: 2, abuse: false });
            block.governor(&ProposalVetoed { proposal: 3, abuse: true });
        })
        .block(300, |block| {
            for (proposal, payee) in [(1, 0), (2, 0), (3, 9)] {
                block.governor(&ProposalSettled { proposal, payee: person(payee), deposit: 7 });
            }
        })
        .empty(90_000);
    let database = Database::fresh().await;
    for size in [1, 2, 5] {
        database.fill(&chain, size).await;
        let life = database.list(
            "SELECT concat_ws(' ', proposal, state, holds_until, stopped_at, cancelled_at, get_byte(cancelled_by, 0) - 100,
                              vetoed_at, abuse, settled_at, get_byte(deposit_to, 0) - 100)
             FROM mirror.proposals ORDER BY proposal",
        );
        assert_eq!(
            life.await,
            "0 cancelled 200 1, 1 cancelled 200 200 7 300 0, 2 vetoed 200 200 f 300 0, 3 vetoed 200 200 t 300 9"
        );
    }
}

#[tokio::test]
async fn time_alone_moves_states() {
    let mut chain = Chain::with_tokens();
    // 0 passes and is queued, 1 passes and is not, 2 fails, 3 is taken back. All vote from 2,000 to 3,000.
    chain.block(1_000, |block| (0..4).for_each(|number| block.propose(&proposal(number, 1_000)))).block(
        1_100,
        |block| {
            block.polls(&PollStopped { poll: 3 });
            block.governor(&ProposalCancelled { proposal: 3, by: person(0) });
        },
    );
    let database = Database::fresh().await;
    let mut store = database.store().await;
    store.write(&chain.blocks).await.expect("writes");
    let mut written = chain.blocks.len();
    let steps: [(Moment, &str); 8] = [
        (2_000, "0 pending, 1 pending, 2 pending, 3 cancelled"),
        (2_001, "0 active, 1 active, 2 active, 3 cancelled"),
        (3_000, "0 active, 1 active, 2 active, 3 cancelled"),
        (3_001, "0 succeeded, 1 succeeded, 2 defeated, 3 cancelled"),
        (3_050, "0 queued, 1 succeeded, 2 defeated, 3 cancelled"),
        (8_000, "0 queued, 1 succeeded, 2 defeated, 3 cancelled"),
        (8_001, "0 queued, 1 expired, 2 defeated, 3 cancelled"),
        (9_001, "0 expired, 1 expired, 2 defeated, 3 cancelled"),
    ];
    for (moment, expected) in steps {
        chain.block(moment, |block| match moment {
            2_001 => (0..2).for_each(|poll: ProposalId| {
                block.polls(&ElectorateFixed { poll, electorate: 1_000 });
                block.polls(&vote(poll, 1, Support::For, 100));
            }),
            3_050 => {
                block.governor(&ProposalQueued { proposal: 0, option: 0, ready_at: 4_000, expires_at: 9_000 });
            }
            _ => {}
        });
        store.write(&chain.blocks[written..]).await.expect("writes");
        written = chain.blocks.len();
        assert_eq!(states(&database).await, expected, "at {moment}");
    }
    assert_eq!(database.text("SELECT count(holds_until)::text FROM mirror.proposals").await, "0");
}
