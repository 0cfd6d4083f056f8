//! Votes and their count, in every mechanism.

use crate::{
    chain::{Chain, ballot, election, person, proposal, share, vote},
    database::Database,
};
use ballot::{
    Choice, Mechanism, OptionId, Ranking, Support,
    irv::{Round, RoundOutcome, TieBreak},
    quadratic::IdentityVotes,
};
use interfaces::{
    Balance,
    governor::ProposalCreated,
    polls::{ElectorateFixed, IdentityVoted, PollCounted, QuorumReached, VoteCast, VoteOverridden},
    rankings::RoundCounted,
};

/// Voting is open after 2,000 and until 3,000; whoever votes first is told 1,000 could.
fn opened(proposal: &ProposalCreated) -> Chain {
    let mut chain = Chain::with_tokens();
    chain
        .block(1_000, |block| block.propose(proposal))
        .block(2_100, |block| block.polls(&ElectorateFixed { poll: 0, electorate: 1_000 }));
    chain
}

fn overridden(representative: u8, holder: u8, power: Balance) -> VoteOverridden {
    VoteOverridden { poll: 0, representative: person(representative), holder: person(holder), power }
}

fn ranked(voter: u8, options: &[OptionId], power: Balance) -> VoteCast {
    ballot(0, voter, Choice::Ranked(Ranking::new(options.to_vec()).expect("a ranking")), power)
}

/// Writes the chain block by block and in larger batches, and expects the same answers each time.
async fn expect(chain: &Chain, answers: &[(&str, &str)]) {
    let database = Database::fresh().await;
    for size in [1, 2, chain.blocks.len()] {
        database.fill(chain, size).await;
        for (query, expected) in answers {
            assert_eq!(database.list(query).await, *expected, "{query} in batches of {size}");
        }
        assert_eq!(database.text("SELECT count(*)::text FROM mirror.undecoded").await, "0");
    }
}

const VOTES: &str = "SELECT concat_ws(' ', get_byte(voter, 0) - 100, support, power, changes, height)
                     FROM mirror.votes ORDER BY voter";
const MAJORITY: &str = "SELECT concat_ws(' ', votes_for, votes_against, votes_abstain, turnout, backing, voters)
                        FROM mirror.proposals";
const OPTIONS: &str = "SELECT votes::text FROM mirror.options ORDER BY number";
const COUNT: &str = "SELECT concat_ws(' ', turnout, backing, voters, rankings) FROM mirror.proposals";
const STATE: &str = "SELECT concat_ws(' ', state, winner, holds_until, counted_at) FROM mirror.proposals";
const OVERRIDES: &str =
    "SELECT concat_ws(' ', get_byte(representative, 0) - 100, get_byte(holder, 0) - 100, power, height)
                         FROM mirror.overrides ORDER BY representative, holder";
const RANKINGS: &str = "SELECT encode(ranking, 'hex') || ' ' || power FROM mirror.rankings ORDER BY ranking";

#[tokio::test]
async fn a_changed_vote_moves_the_count() {
    let mut chain = opened(&proposal(0, 1_000));
    chain
        .block(2_200, |block| {
            block.polls(&vote(0, 1, Support::For, 100));
            block.polls(&vote(0, 2, Support::For, 200));
        })
        .block(2_300, |block| block.polls(&vote(0, 1, Support::Against, 100)))
        .block(2_400, |block| block.polls(&vote(0, 1, Support::Abstain, 100)));
    let votes = "1 abstain 100 2 15, 2 for 200 0 13";
    expect(&chain, &[(VOTES, votes), (MAJORITY, "200 0 100 300 300 2")]).await;
}

#[tokio::test]
async fn an_override_shrinks_the_representatives_vote() {
    let mut chain = opened(&proposal(0, 1_000));
    chain
        .block(2_200, |block| block.polls(&vote(0, 1, Support::For, 300)))
        .block(2_300, |block| {
            block.polls(&overridden(1, 2, 120));
            block.polls(&overridden(3, 2, 80));
            block.polls(&vote(0, 2, Support::Against, 200));
        })
        .block(2_400, |block| block.polls(&vote(0, 3, Support::For, 620)))
        .block(2_500, |block| block.polls(&vote(0, 1, Support::Abstain, 180)));
    expect(
        &chain,
        &[
            (VOTES, "1 abstain 180 1 16, 2 against 200 0 14, 3 for 620 0 15"),
            (MAJORITY, "620 200 180 1000 800 3"),
            (OVERRIDES, "1 2 120 14, 3 2 80 14"),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_override_is_no_change_by_the_representative() {
    let mut chain = opened(&proposal(0, 1_000));
    chain
        .block(2_200, |block| block.polls(&vote(0, 1, Support::For, 300)))
        .block(2_300, |block| block.polls(&overridden(1, 2, 300)));
    expect(&chain, &[(VOTES, "1 for 0 0 13"), (MAJORITY, "0 0 0 0 0 1")]).await;
}

#[tokio::test]
async fn approvals_are_counted_per_option() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Approval, 2));
    chain
        .block(2_200, |block| {
            block.polls(&ballot(0, 1, Choice::Approval(0b011), 100));
            block.polls(&ballot(0, 2, Choice::Approval(0b110), 200));
        })
        .block(2_300, |block| {
            block.polls(&ballot(0, 1, Choice::Approval(0b100), 100));
            block.polls(&overridden(2, 4, 50));
        });
    expect(&chain, &[(OPTIONS, "0, 150, 250"), (COUNT, "250 150 2 0"), (VOTES, "1 100 1 14, 2 150 0 13")]).await;
    // Most approve of nothing.
    chain.empty(3_001);
    expect(&chain, &[(STATE, "defeated")]).await;
}

#[tokio::test]
async fn a_weighted_vote_is_rounded_anew_when_it_shrinks() {
    let thirds = Choice::Weighted(vec![(0, share(3_333)), (1, share(3_333)), (2, share(3_334))]);
    let mut chain = opened(&election(0, 1_000, Mechanism::Weighted, 2));
    chain.block(2_200, |block| block.polls(&ballot(0, 1, thirds, 100)));
    expect(&chain, &[(OPTIONS, "33, 33, 34"), (COUNT, "100 66 1 0")]).await;
    chain.block(2_300, |block| block.polls(&overridden(1, 2, 1)));
    expect(&chain, &[(OPTIONS, "32, 33, 34"), (COUNT, "99 65 1 0"), (VOTES, "1 99 0 13")]).await;
    chain.block(2_400, |block| block.polls(&ballot(0, 1, Choice::Weighted(vec![(1, share(10_000))]), 99)));
    expect(&chain, &[(OPTIONS, "0, 99, 0"), (COUNT, "99 99 1 0"), (VOTES, "1 99 1 15")]).await;
    chain.empty(3_001);
    expect(&chain, &[(STATE, "defeated")]).await;
}

#[tokio::test]
async fn a_quadratic_vote_counts_identities() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Quadratic, 2));
    let mut persons = [IdentityVotes::default(), IdentityVotes::default()];
    let mut cast = |block: &mut crate::chain::Events, identity: usize, wallet, old: &[_], new: &[(OptionId, u32)]| {
        let votes = &mut persons[identity];
        votes.replace(old, new, 100).expect("within the budget");
        let byte = u8::try_from(identity).expect("few");
        block.polls(&IdentityVoted { poll: 0, identity: [byte; 32].into(), votes: votes.clone(), cost: votes.cost() });
        block.polls(&ballot(0, wallet, Choice::Quadratic(new.to_vec()), 0));
    };
    chain
        .block(2_200, |block| cast(block, 0, 1, &[], &[(0, 3), (2, 1)]))
        .block(2_300, |block| {
            cast(block, 0, 2, &[], &[(0, 2)]);
            cast(block, 1, 3, &[], &[(2, 4)]);
        })
        .block(2_400, |block| cast(block, 0, 1, &[(0, 3), (2, 1)], &[(1, 6)]));
    let identities =
        "SELECT concat_ws(' ', get_byte(identity, 0), encode(votes, 'hex'), cost) FROM mirror.identity_votes
                      ORDER BY identity";
    expect(
        &chain,
        &[
            (OPTIONS, "2, 6, 4"),
            // Two persons with three wallets, of whom one backs nothing.
            (COUNT, "2 1 3 0"),
            (VOTES, "1 0 1 15, 2 0 0 14, 3 0 0 14"),
            (identities, "0 0800020000000106000000 40, 1 040204000000 16"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_ranking_that_nobody_stands_behind_goes() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Ranked, 3));
    chain
        .block(2_200, |block| {
            block.polls(&ranked(1, &[0, 1], 100));
            block.polls(&ranked(2, &[0, 1], 200));
            block.polls(&ranked(3, &[3], 700));
        })
        .block(2_300, |block| {
            block.polls(&ranked(1, &[2], 100));
            block.polls(&overridden(3, 4, 300));
        });
    expect(&chain, &[(COUNT, "700 300 3 3"), (RANKINGS, "0001 200, 02 100, 03 400")]).await;
    chain.block(2_400, |block| {
        block.polls(&ranked(2, &[2], 200));
        block.polls(&overridden(3, 5, 400));
    });
    expect(&chain, &[(COUNT, "300 300 3 1"), (RANKINGS, "02 300")]).await;
}

#[tokio::test]
async fn a_runoff_is_counted_round_by_round() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Ranked, 2));
    let round = |number, tallies: &[(OptionId, Balance)], exhausted, outcome| RoundCounted {
        poll: 0,
        round: Round { number, tallies: tallies.to_vec(), exhausted, outcome },
    };
    chain
        .block(2_200, |block| {
            block.polls(&ranked(1, &[0, 1], 100));
            block.polls(&ranked(2, &[1], 100));
            block.polls(&ranked(3, &[2], 50));
        })
        .empty(50_000);
    expect(&chain, &[(STATE, "counting"), (COUNT, "250 200 3 3")]).await;
    let out = |option, tie| RoundOutcome::Eliminated { options: vec![option], tie };
    chain
        .block(60_000, |block| {
            block.rankings(&round(1, &[(0, 100), (1, 100), (2, 50)], 0, out(2, TieBreak::None)));
        })
        .block(61_000, |block| {
            block.rankings(&round(2, &[(0, 100), (1, 100)], 50, out(1, TieBreak::Index)));
            block.rankings(&round(3, &[(0, 100)], 150, RoundOutcome::Elected(0)));
            block.polls(&PollCounted { poll: 0, winner: Some(0) });
        });
    let rounds =
        "SELECT concat_ws(' ', round, exhausted, array_to_string(eliminated, '+'), coalesce(elected::text, '-'),
                                   coalesce(tie_break, '-'), moment)
                  FROM mirror.rounds ORDER BY round";
    let tallies = "SELECT concat_ws(' ', round, option, votes) FROM mirror.round_tallies ORDER BY round, option";
    expect(
        &chain,
        &[
            (rounds, "1 0 2 - - 60000, 2 50 1 - index 61000, 3 150  0 - 61000"),
            (tallies, "1 0 100, 1 1 100, 1 2 50, 2 0 100, 2 1 100, 3 0 100"),
            (STATE, "succeeded 0 66000 61000"),
        ],
    )
    .await;
    chain.empty(66_001);
    expect(&chain, &[(STATE, "expired 0 61000")]).await;
}

#[tokio::test]
async fn a_condorcet_count_can_find_nobody() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Condorcet, 2));
    chain
        .block(2_200, |block| block.polls(&ranked(1, &[0, 1], 100)))
        .empty(3_001)
        .block(3_100, |block| block.polls(&PollCounted { poll: 0, winner: None }));
    let rounds = "SELECT round::text FROM mirror.rounds";
    expect(&chain, &[(STATE, "defeated 3100"), (rounds, "")]).await;
}

#[tokio::test]
async fn without_a_quorum_there_is_nothing_to_count() {
    let mut chain = opened(&election(0, 1_000, Mechanism::Ranked, 2));
    chain.block(2_200, |block| block.polls(&ranked(1, &[0, 1], 99))).empty(3_000);
    expect(&chain, &[(STATE, "active 3000")]).await;
    chain.empty(3_001);
    expect(&chain, &[(STATE, "defeated")]).await;
}

#[tokio::test]
async fn the_electorate_decides_the_quorum() {
    // A tenth of it is needed, rounded up.
    for (electorate, state) in [(1_000, "succeeded 0 8000"), (1_001, "defeated")] {
        let mut chain = Chain::with_tokens();
        chain
            .block(1_000, |block| block.propose(&proposal(0, 1_000)))
            .block(2_100, |block| {
                block.polls(&ElectorateFixed { poll: 0, electorate });
                block.polls(&vote(0, 1, Support::For, 100));
            })
            .empty(3_001);
        expect(&chain, &[(STATE, state)]).await;
    }
}

#[tokio::test]
async fn a_late_quorum_moves_the_end() {
    let mut chain = opened(&proposal(0, 1_000));
    let ends = "SELECT concat_ws(' ', state, voting_ends, quorum_reached_at, holds_until) FROM mirror.proposals";
    chain.block(2_950, |block| {
        block.polls(&vote(0, 1, Support::For, 100));
        block.polls(&QuorumReached { poll: 0, closes: 3_250 });
    });
    expect(&chain, &[(ends, "active 3250 2950 3250")]).await;
    chain.empty(3_250);
    expect(&chain, &[(ends, "active 3250 2950 3250")]).await;
    chain.empty(3_251);
    expect(&chain, &[(ends, "succeeded 3250 2950 8250")]).await;
}

#[tokio::test]
async fn two_polls_at_once_are_counted_apart() {
    let mut chain = Chain::with_tokens();
    chain
        .block(1_000, |block| (0..2).for_each(|poll| block.propose(&election(poll, 1_000, Mechanism::Approval, 1))))
        .block(2_200, |block| {
            block.polls(&ballot(0, 1, Choice::Approval(1), 100));
            block.polls(&ballot(1, 1, Choice::Approval(2), 90));
        })
        .block(2_300, |block| block.polls(&ballot(1, 1, Choice::Approval(1), 90)));
    let options = "SELECT concat_ws(' ', proposal, number, votes) FROM mirror.options ORDER BY proposal, number";
    expect(&chain, &[(options, "0 0 100, 0 1 0, 1 0 90, 1 1 0")]).await;
}
