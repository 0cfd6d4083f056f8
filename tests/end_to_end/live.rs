//! Following the product as it happens.

use crate::world::{World, signer};
use api::model::{Answer, Proposal, Vote};
use ballot::Support;
use interfaces::lifecycle::State;
use reqwest::Response;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// Events of `/v1/live`, as they come.
struct Follower {
    response: Response,
    text: String,
}

impl Follower {
    async fn of(world: &World, query: &str) -> Self {
        let url = format!("{}/v1/live{query}", world.stack.api_url);
        let response = reqwest::get(url).await.expect("the API answers");
        Self { response: response.error_for_status().expect("a stream"), text: String::new() }
    }

    /// The next event of this name; what comes before it is dropped.
    async fn next(&mut self, name: &str) -> Value {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                let found = (field("event") == Some(name)).then(|| field("data").expect("data").to_owned());
                self.text = rest.to_owned();
                if let Some(data) = found {
                    return serde_json::from_str(&data).expect("JSON");
                }
            }
            let part = timeout(Duration::from_secs(60), self.response.chunk()).await.expect("an event in time");
            let part = part.expect("a whole stream").expect("a stream without an end");
            self.text.push_str(std::str::from_utf8(&part).expect("text"));
        }
    }
}

#[tokio::test]
async fn what_happens_is_told_without_being_asked_for() {
    let world = World::new().await;
    let mut follower = Follower::of(&world, "").await;
    let begun = follower.next("block").await["height"].as_u64().expect("a height");

    let made = world.propose(5).await;
    let proposal: Proposal = serde_json::from_value(follower.next("proposal").await).expect("a proposal");
    assert_eq!((proposal.id, proposal.state), (made.answer, State::Pending));
    // Nobody sends anything: its time comes.
    world.pass(made.block, world.rules.voting_delay).await;
    let proposal: Proposal = serde_json::from_value(follower.next("proposal").await).expect("a proposal");
    assert_eq!(proposal.state, State::Active);

    let sent = world.vote(made.answer, "Alice", Support::For).await.expect("a vote");
    let vote: Vote = serde_json::from_value(follower.next("vote").await).expect("a vote");
    assert_eq!((vote.voter, vote.height), (signer("Alice").account().0.into(), sent.block.height));
    assert!(follower.next("block").await["height"].as_u64() >= Some(sent.block.height));

    world.pass(made.block, world.rules.voting_delay + world.rules.voting_period).await;
    let queued = world.queue(made.answer).await.expect("queued");
    world.pass(queued.block, world.rules.execution_delay).await;
    world.execute(made.answer).await.expect("executed");
    assert_eq!(follower.next("treasury").await["kind"], "payment");

    // Whoever was away misses nothing.
    let mut late = Follower::of(&world, &format!("?after={begun}&topics=votes,treasury")).await;
    assert_eq!(late.next("vote").await["voter"], serde_json::to_value(vote.voter).expect("text"));
    assert_eq!(late.next("treasury").await["kind"], "payment");
    world.stack.stop().await;
}

#[tokio::test]
async fn whoever_names_the_block_of_a_transaction_reads_what_it_did() {
    let world = World::new().await;
    for number in 0..3 {
        let made = world.propose(number).await;
        let request = reqwest::Client::new()
            .get(format!("{}/v1/proposals/{}", world.stack.api_url, made.answer))
            .header("x-min-block", made.block.height);
        let response = request.send().await.expect("the API answers").error_for_status().expect("it is there");
        let answer: Answer<Proposal> = response.json().await.expect("a proposal");
        assert_eq!(answer.data.id, made.answer);
        assert!(answer.block.height >= made.block.height);
    }
    world.stack.stop().await;
}
