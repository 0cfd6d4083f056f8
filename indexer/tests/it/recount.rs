//! Whatever happens, the mirror equals a recount from the beginning, however the blocks are cut into batches.

use crate::{
    database::Database,
    naive::{Naive, step},
};
use proptest::{prelude::*, test_runner::TestRunner};

#[test]
fn whatever_happens_the_mirror_equals_a_naive_recount() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let usual = ProptestConfig::default();
    let config = ProptestConfig { cases: usual.cases / 8, failure_persistence: None, ..usual };
    let mut runner = TestRunner::new(config);
    let database = runtime.block_on(Database::fresh());
    let stories = (prop::collection::vec(step(), 1..120), 1..20usize);
    let verdict = runner.run(&stories, |(steps, size)| {
        let (chain, naive) = Naive::play(&steps);
        runtime.block_on(async {
            database.fill(&chain, size).await;
            prop_assert_eq!(accounts(&database).await, naive.accounts());
            prop_assert_eq!(proposals(&database).await, naive.proposals());
            prop_assert_eq!(database.list("SELECT reason FROM mirror.undecoded").await, "");
            let cut = database.dump().await;
            database.fill(&chain, chain.blocks.len()).await;
            prop_assert!(cut == database.dump().await, "batches of {} blocks give other rows", size);
            Ok(())
        })
    });
    verdict.expect("the mirror is right");
}

async fn accounts(database: &Database) -> String {
    let accounts = "SELECT concat_ws(' ', get_byte(account, 0) - 100, balance, power) FROM mirror.accounts
                    WHERE balance > 0 OR power > 0 ORDER BY account";
    database.list(accounts).await
}

async fn proposals(database: &Database) -> String {
    let proposals = "SELECT concat_ws(' ', proposal, state, voting_ends,
                                      CASE mechanism
                                          WHEN 'majority' THEN concat_ws('+', votes_for, votes_against, votes_abstain)
                                          ELSE (SELECT string_agg(votes::text, '+' ORDER BY number) FROM mirror.options
                                                WHERE options.proposal = proposals.proposal)
                                      END,
                                      turnout, backing, voters, rankings, winner)
                     FROM mirror.proposals ORDER BY proposal";
    database.list(proposals).await
}
