//! Following what changes, and answers that are not older than a block.

use crate::{
    monitoring::seen,
    world::{Api, World, entry, problem_in, proposal, vote, with},
};
use api::server::{Config, Server};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{sync::oneshot, time::timeout};

/// Longer than anything that is waited for here takes, and than the program's own patience.
const LONG: Duration = Duration::from_secs(20);

/// An event as a client gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Event {
    name: String,
    id: Option<u64>,
    data: Value,
}

/// A client's end of a stream.
struct Follower {
    response: Response,
    text: String,
}

impl Follower {
    async fn at(api: &Api, query: &str, last: Option<u64>) -> Self {
        let mut request = api.client().get(api.url(&format!("/v1/live{query}")));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("a response");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event; nothing once the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    lines.map(str::to_owned).next()
                };
                let found = field("event").map(|name| Event {
                    name,
                    id: field("id").map(|id| id.parse().expect("a height")),
                    data: serde_json::from_str(&field("data").expect("data")).expect("JSON"),
                });
                self.text = rest.to_owned();
                match found {
                    Some(event) => return Some(event),
                    // A sign of life.
                    None => continue,
                }
            }
            let bytes =
                timeout(LONG, self.response.chunk()).await.expect("an event in time").expect("a whole stream")?;
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }

    /// What comes up to the end of the next blocks, and the height of the last one.
    async fn until_block(&mut self) -> (Vec<Event>, u64) {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == "block" {
                assert_eq!(event.id, event.data["height"].as_u64());
                return (events, event.id.expect("a block's event has an id"));
            }
            assert_eq!(event.id, None, "only whole blocks can be gone on after");
            events.push(event);
        }
    }
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

fn changed(number: u32, height: u64) -> Value {
    with(proposal(number), json!({ "changed_height": height }))
}

/// A mirror in which something happens in block 101, and more in block 102.
async fn eventful() -> World {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([changed(0, 102), changed(1, 101)])).await;
    world.insert("mirror_2.votes", json!([vote(1, 5, "for", 70, 101, 3), vote(0, 6, "against", 8, 102, 1)])).await;
    world.insert("mirror_2.treasury_ledger", json!([entry(101, 4, 9)])).await;
    world
}

#[tokio::test]
async fn a_stream_begins_with_the_present_block() {
    let world = eventful().await;
    let mut follower = Follower::at(&world.api, "", None).await;
    assert_eq!(follower.until_block().await, (vec![], 100));
}

#[tokio::test]
async fn what_changes_comes_as_its_list_has_it_and_then_its_block() {
    let world = eventful().await;
    let mut follower = Follower::at(&world.api, "", None).await;
    follower.until_block().await;
    world.advance(101).await;
    let (events, block) = follower.until_block().await;
    assert_eq!((names(&events), block), (vec!["proposal", "vote", "treasury"], 101));
    assert_eq!(events[0].data, world.json("/v1/proposals/1").await["data"]);
    assert_eq!(events[1].data, world.json("/v1/proposals/1/votes").await["data"][0]);
    assert_eq!(events[2].data, world.json("/v1/treasury/ledger").await["data"][0]);
    world.advance(102).await;
    let (events, block) = follower.until_block().await;
    assert_eq!((names(&events), block), (vec!["proposal", "vote"], 102));
    assert_eq!(events[0].data["id"], 0);
}

#[tokio::test]
async fn a_stream_goes_on_after_its_last_event() {
    let world = eventful().await;
    world.advance(101).await;
    world.advance(102).await;
    let (events, block) = Follower::at(&world.api, "", Some(100)).await.until_block().await;
    assert_eq!((names(&events), block), (vec!["proposal", "vote", "treasury", "proposal", "vote"], 102));
    // The header comes before the parameter, which a browser sends again as it was.
    let (events, _) = Follower::at(&world.api, "?after=100", Some(101)).await.until_block().await;
    assert_eq!(names(&events), ["proposal", "vote"]);
    let (events, _) = Follower::at(&world.api, "?after=101", None).await.until_block().await;
    assert_eq!(names(&events), ["proposal", "vote"]);
}

#[tokio::test]
async fn only_what_is_wanted_comes() {
    let world = eventful().await;
    world.advance(101).await;
    let (events, _) = Follower::at(&world.api, "?topics=treasury,votes", Some(100)).await.until_block().await;
    assert_eq!(names(&events), ["vote", "treasury"]);
    let (events, _) = Follower::at(&world.api, "?topics=proposals", Some(100)).await.until_block().await;
    assert_eq!(names(&events), ["proposal"]);
}

#[tokio::test]
async fn much_comes_in_parts_of_whole_blocks_and_all_of_it_once() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([changed(0, 1)])).await;
    // One block has more than is read at once, the others together have.
    let heights =
        (101..=140_u64).flat_map(|height| (0..if height == 120 { 450 } else { 9_u32 }).map(move |n| (height, n)));
    let votes: Vec<_> = heights
        .zip(0_u32..)
        .map(|((height, index), number)| {
            let voter = format!("\\x{number:064x}");
            with(vote(0, 1, "for", 1, height, index), json!({ "voter": voter, "power": number }))
        })
        .collect();
    let all = votes.len();
    world.insert("mirror_2.votes", json!(votes)).await;
    for height in 101..=140 {
        world.advance(height).await;
    }
    let mut follower = Follower::at(&world.api, "", Some(100)).await;
    let (mut powers, mut blocks) = (Vec::new(), vec![100]);
    while blocks.last() != Some(&140) {
        let (events, block) = follower.until_block().await;
        let before = *blocks.last().expect("one at least");
        let heights: Vec<_> = events.iter().map(|event| event.data["height"].as_u64().expect("a height")).collect();
        assert!(heights.iter().all(|height| *height > before && *height <= block), "{heights:?} up to {block}");
        powers.extend(events.iter().map(|event| event.data["power"].as_str().expect("an amount").to_owned()));
        blocks.push(block);
    }
    assert!(powers.iter().cloned().eq((0..all).map(|number| number.to_string())), "{powers:?}");
    // 171 rows, those of one block, and 180.
    assert_eq!(blocks, [100, 119, 120, 140]);
}

#[tokio::test]
async fn a_stream_from_before_the_mirror_begins_with_its_first_block() {
    let world = World::new().await;
    world.insert("mirror_2.proposals", json!([changed(0, 1)])).await;
    let voter = |number: u64| json!({ "voter": format!("\\x{number:064x}") });
    let votes: Vec<_> = (0..250).map(|number| with(vote(0, 1, "for", 1, 100, 0), voter(number))).collect();
    world.insert("mirror_2.votes", json!(votes)).await;
    world.advance(101).await;
    let mut follower = Follower::at(&world.api, "?topics=votes", Some(0)).await;
    let (events, block) = follower.until_block().await;
    assert_eq!((events.len(), block), (250, 100));
    assert_eq!(follower.until_block().await, (vec![], 101));
}

#[tokio::test]
async fn a_stream_of_a_mirror_that_is_projected_anew_waits_for_it() {
    let world = eventful().await;
    world.advance(101).await;
    let mut follower = Follower::at(&world.api, "", None).await;
    assert_eq!(follower.until_block().await, (vec![], 101));
    world.execute("UPDATE raw.cursor SET projected = NULL").await;
    world.execute("UPDATE raw.cursor SET projected = 100").await;
    world.advance(102).await;
    let (events, block) = follower.until_block().await;
    assert_eq!((names(&events), block), (vec!["proposal", "vote"], 102));
}

#[tokio::test]
async fn what_is_no_event_of_a_stream_is_refused() {
    let api = Api::without_database().await;
    for id in ["", "last", "-1", "1.5", "99999999999999999999"] {
        let request = api.client().get(api.url("/v1/live")).header("last-event-id", id);
        let problem = problem_in(request.send().await.expect("a response")).await;
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, "Last-Event-ID"), "{id}");
    }
    for (query, field) in [("topics=blocks", "topics"), ("after=soon", "after"), ("after=1&after=2", "after")] {
        let problem = api.problem(&format!("/v1/live?{query}")).await;
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, field), "{query}");
    }
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let world = World::new().await;
    let config = Config::new(world.database.reader().as_str(), SocketAddr::from(([127, 0, 0, 1], 0))).expect("valid");
    let server = Server::bind(config).await.expect("any port is free");
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    let response = reqwest::get(format!("http://{address}/v1/live")).await.expect("a response");
    let mut follower = Follower { response, text: String::new() };
    follower.until_block().await;
    stop.send(()).expect("it runs");
    assert_eq!(follower.next().await, None);
    // Long before it would give its clients up.
    timeout(Duration::from_secs(5), running).await.expect("in time").expect("no panic").expect("it stops");
}

#[tokio::test]
async fn open_streams_are_counted() {
    let world = World::new().await;
    let mut follower = Follower::at(&world.api, "", None).await;
    follower.until_block().await;
    let metrics = world.get("/metrics").await.text().await.expect("text");
    assert!(metrics.contains("\ngaia_api_streams 1\n") && metrics.contains("\ngaia_api_streams_lost_total 0\n"));
}

async fn with_min_block(world: &World, min_block: &str) -> Response {
    let request = world.client().get(world.url("/v1/proposals")).header("x-min-block", min_block);
    request.send().await.expect("a response")
}

#[tokio::test]
async fn an_answer_is_not_older_than_the_block_that_was_asked_for() {
    let world = World::new().await;
    assert_eq!(with_min_block(&world, "100").await.status(), StatusCode::OK);
    let (response, ()) = tokio::join!(with_min_block(&world, "102"), async {
        world.advance(101).await;
        world.advance(102).await;
    });
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(answer["block"]["height"], 102);
}

#[tokio::test]
async fn a_block_that_the_mirror_does_not_come_to_is_503() {
    let world = World::new().await;
    seen(&world, 101).await;
    let response = with_min_block(&world, "101").await;
    assert_eq!(response.headers()["retry-after"], "1");
    let problem = problem_in(response).await;
    assert_eq!(problem.status, 503);
    assert_eq!(problem.detail, "The mirror is at block 100 and not yet at 101. Try again in a moment.");
}

#[tokio::test]
async fn a_block_that_the_chain_has_not_finalised_is_409() {
    let world = World::new().await;
    seen(&world, 101).await;
    let problem = problem_in(with_min_block(&world, "102").await).await;
    assert_eq!(problem.status, 409);
    assert!(problem.detail.starts_with("Block 102 is not finalised: the chain is at block 101."), "{problem:?}");
}

#[tokio::test]
async fn what_is_no_height_is_refused() {
    let world = World::new().await;
    for height in ["", "latest", "-1", "0x10", "1, 2", "9223372036854775808"] {
        let problem = problem_in(with_min_block(&world, height).await).await;
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, "X-Min-Block"), "{height}");
    }
}
