//! Events that cannot follow from those before them stop the mirror, and leave it as it was.

use crate::{
    chain::{Chain, Events, ballot, election, person, proposal, vote},
    database::Database,
};
use ballot::{Choice, Mechanism, Support, quadratic::IdentityVotes};
use indexer::Error;
use interfaces::{
    Moment,
    governor::{DraftSponsored, DraftWritten, Kind, ProposalQueued, ProposalRequest},
    polls::{IdentityVoted, VoteOverridden},
    token::Transfer,
};

/// Why the last block of a chain is refused.
pub async fn refusal(mut chain: Chain, fill: impl FnOnce(&mut Events)) -> String {
    let database = Database::fresh().await;
    let mut store = database.store().await;
    store.write(&chain.blocks).await.expect("writes");
    let before = database.dump().await;
    let written = chain.blocks.len();
    chain.block(50_000, fill);
    let error = store.write(&chain.blocks[written..]).await.expect_err("it cannot be");
    assert_eq!(database.dump().await, before);
    match error {
        Error::Contradiction { index: 2, reason, .. } => reason,
        error => panic!("{error}"),
    }
}

/// Person 1 has voted with 100 in a majority vote.
fn voted() -> Chain {
    let mut chain = Chain::with_tokens();
    chain
        .block(1_000, |block| block.propose(&proposal(0, 1_000)))
        .block(2_100, |block| block.polls(&vote(0, 1, Support::For, 100)));
    chain
}

fn written(revision: u32, snapshot: Moment) -> DraftWritten {
    let request = ProposalRequest {
        kind: Kind::CommunityInitiative,
        mechanism: Mechanism::Majority,
        title: "Draft".to_owned(),
        link: String::new(),
        content_hash: [7; 32].into(),
        options: Vec::new(),
    };
    DraftWritten { proposal: 0, author: person(1), request, snapshot, revision }
}

fn drafted() -> Chain {
    let mut chain = Chain::with_tokens();
    chain.block(100, |block| block.governor(&written(0, 99))).block(200, |block| block.governor(&written(1, 199)));
    chain
}

#[tokio::test]
async fn more_tokens_than_an_account_holds_cannot_leave_it() {
    let sent = Transfer { from: Some(person(1)), to: Some(person(2)), value: 101 };
    let reason = refusal(Chain::with_tokens(), |block| block.token(&sent)).await;
    assert_eq!(reason, "more tokens left an account than it held");
}

#[tokio::test]
async fn more_tokens_than_can_be_counted_cannot_be() {
    let minted = Transfer { from: None, to: Some(person(9)), value: u128::MAX };
    let reason = refusal(Chain::with_tokens(), |block| block.token(&minted)).await;
    assert_eq!(reason, "the supply exceeds what can be counted");
}

#[tokio::test]
async fn an_unknown_proposal_cannot_be_queued() {
    let queued = ProposalQueued { proposal: 3, option: 0, ready_at: 1, expires_at: 2 };
    assert_eq!(refusal(voted(), |block| block.governor(&queued)).await, "there is no proposal 3");
}

#[tokio::test]
async fn an_unknown_poll_cannot_be_voted_in() {
    let reason = refusal(voted(), |block| block.polls(&vote(3, 1, Support::For, 1))).await;
    assert_eq!(reason, "there is no proposal 3");
}

#[tokio::test]
async fn a_draft_cannot_be_voted_on() {
    let reason = refusal(drafted(), |block| block.polls(&vote(0, 1, Support::For, 1))).await;
    assert_eq!(reason, "draft 0 has no poll");
}

#[tokio::test]
async fn a_proposal_cannot_be_made_twice() {
    let reason = refusal(voted(), |block| block.governor(&proposal(0, 3_000))).await;
    assert_eq!(reason, "there is a proposal 0 already");
}

#[tokio::test]
async fn a_poll_without_end_cannot_be() {
    let mut endless = proposal(1, 3_000);
    endless.poll.period = Moment::MAX;
    let reason = refusal(voted(), |block| block.governor(&endless)).await;
    assert_eq!(reason, "the poll of proposal 1 would never end");
}

#[tokio::test]
async fn a_poll_cannot_have_other_options_than_its_proposal() {
    let mut other = election(1, 3_000, Mechanism::Approval, 3);
    other.poll.options = 3;
    let reason = refusal(voted(), |block| block.governor(&other)).await;
    assert_eq!(reason, "the poll of proposal 1 has other options than the proposal");
}

#[tokio::test]
async fn what_was_never_drafted_cannot_be_edited() {
    let reason = refusal(Chain::with_tokens(), |block| block.governor(&written(1, 99))).await;
    assert_eq!(reason, "there is no draft 0 that could be at revision 1");
}

#[tokio::test]
async fn a_draft_cannot_go_back_to_an_earlier_revision() {
    let reason = refusal(drafted(), |block| block.governor(&written(1, 299))).await;
    assert_eq!(reason, "there is no draft 0 that could be at revision 1");
}

#[tokio::test]
async fn what_is_no_draft_cannot_be_sponsored() {
    let sponsored = DraftSponsored { proposal: 0, sponsor: person(2), power: 200 };
    assert_eq!(refusal(voted(), |block| block.governor(&sponsored)).await, "proposal 0 is no draft");
}

#[tokio::test]
async fn a_vote_cannot_lose_more_power_than_it_has() {
    let overridden = VoteOverridden { poll: 0, representative: person(1), holder: person(2), power: 101 };
    assert_eq!(refusal(voted(), |block| block.polls(&overridden)).await, "a vote lost more power than it had");
}

#[tokio::test]
async fn a_ballot_of_another_mechanism_cannot_be() {
    let reason = refusal(voted(), |block| block.polls(&ballot(0, 2, Choice::Approval(1), 200))).await;
    assert_eq!(reason, "the ballot is not one of this poll");
}

#[tokio::test]
async fn identities_cannot_vote_where_power_is_counted() {
    let votes = IdentityVotes::default();
    let voted_too = IdentityVoted { poll: 0, identity: [1; 32].into(), votes, cost: 0 };
    assert_eq!(refusal(voted(), |block| block.polls(&voted_too)).await, "the ballot is not one of this poll");
}
