//! Chains that make blocks when told, fork, or die: what the node answers, and what the mirror makes of them.

use crate::{
    commands::{home, run, told},
    world::{World, call, plan, signer, until},
};
use cli::stack::{Plan, Seal, Service, start_chain};
use client::{Block, Chain, H256, messages::token};
use interfaces::AccountId;
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::Path,
    sync::atomic::{AtomicU16, Ordering},
};
use tempfile::TempDir;

/// So long between blocks that none is made but those a test asks for.
const NEVER: u64 = 24 * 3_600_000;

/// A node by itself that makes blocks when told.
struct Node {
    url: String,
    service: Service,
    _folder: TempDir,
}

impl Node {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plan = Plan { seal: Seal::Manual, ..plan(&folder) };
        let (service, url) = start_chain(&plan).await.expect("a chain");
        Self { url, service: service.expect("one of its own"), _folder: folder }
    }

    async fn rpc(&self, method: &str, params: Value) -> Value {
        call(&self.url, method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Height of the best block, and of the last one that is final.
    async fn heights(&self) -> (u64, u64) {
        (height(&self.rpc("chain_getHeader", json!([])).await), last(&self.url).await.height)
    }
}

/// The last block that is final, as the node itself says: [`Chain::head`] may be a moment behind.
async fn last(url: &str) -> Block {
    let last = call(url, "chain_getFinalizedHead", json!([])).await.expect("a hash");
    let header = call(url, "chain_getHeader", json!([last])).await.expect("a header");
    Block { height: height(&header), hash: hash(&last) }
}

/// Makes an empty block, not final, on a given parent; its hash. The clock is sent ahead first: two empty blocks of one
/// millisecond on one parent would be the same block.
async fn make(url: &str, parent: &Value) -> Value {
    call(url, "engine_advanceTime", json!([1_000])).await.expect("the clock");
    call(url, "engine_createBlock", json!([true, false, parent])).await.expect("a block")["hash"].clone()
}

#[tokio::test]
async fn a_node_makes_blocks_and_makes_them_final_when_told() {
    let node = Node::start().await;
    assert_eq!(node.heights().await, (0, 0));
    let refusal = call(&node.url, "engine_createBlock", json!([false, true])).await.expect_err("nothing to put in");
    assert!(refusal["message"].as_str().is_some_and(|reason| reason.contains("pool is empty")), "{refusal}");
    let first = node.rpc("engine_createBlock", json!([true, false])).await["hash"].clone();
    let second = node.rpc("engine_createBlock", json!([true, false])).await["hash"].clone();
    assert_eq!(node.heights().await, (2, 0));
    node.rpc("engine_finalizeBlock", json!([second])).await;
    assert_eq!(node.heights().await, (2, 2), "a block is final with all before it");
    assert_eq!(node.rpc("chain_getBlockHash", json!([1])).await, first);

    // A transaction waits until a block is asked for, and is done when that is final.
    let chain = Chain::connect(&node.url).await.expect("it answers");
    let ferdie = signer("Ferdie").account();
    let alice = signer("Alice");
    let sent = chain.transfer(&alice, &ferdie, 5);
    let sealed = async {
        until("a transaction waits", async || waiting(&node.url).await == 1).await;
        assert_eq!(node.heights().await, (2, 2));
        let third = node.rpc("engine_createBlock", json!([false, false])).await["hash"].clone();
        assert_eq!(node.heights().await, (3, 2));
        until("it waits no more", async || waiting(&node.url).await == 0).await;
        node.rpc("engine_finalizeBlock", json!([third])).await;
        third
    };
    let (sent, third) = tokio::join!(sent, sealed);
    assert_eq!(sent.expect("a transfer"), Block { height: 3, hash: hash(&third) });
    node.service.stop().await;
}

#[tokio::test]
async fn of_two_blocks_on_one_parent_the_final_one_wins() {
    let node = Node::start().await;
    let parent = node.rpc("engine_createBlock", json!([true, true])).await["hash"].clone();
    let (left, right) = (make(&node.url, &parent).await, make(&node.url, &parent).await);
    assert_ne!(left, right);
    for block in [&left, &right] {
        let header = node.rpc("chain_getHeader", json!([block])).await;
        assert_eq!((&header["parentHash"], &header["number"]), (&parent, &json!("0x2")));
    }
    let Value::Array(both) = node.rpc("archive_v1_hashByHeight", json!([2])).await else { panic!("a list") };
    assert!(both.len() == 2 && both.contains(&left) && both.contains(&right), "{both:?}");
    // The longer branch is the best one, and yet not what wins.
    let longer = make(&node.url, &left).await;
    assert_eq!(node.rpc("chain_getBlockHash", json!([])).await, longer);
    assert_eq!(node.heights().await, (3, 1));

    node.rpc("engine_finalizeBlock", json!([right])).await;
    assert_eq!(node.heights().await, (2, 2));
    assert_eq!(node.rpc("chain_getBlockHash", json!([2])).await, right);
    assert_eq!(node.rpc("chain_getBlockHash", json!([3])).await, Value::Null);
    call(&node.url, "engine_finalizeBlock", json!([left])).await.expect_err("what is final stays");
    let next = node.rpc("engine_createBlock", json!([true, true])).await["hash"].clone();
    assert_eq!(node.rpc("chain_getHeader", json!([next])).await["parentHash"], right);
    node.service.stop().await;
}

#[tokio::test]
async fn json_rpc_speaks_the_new_families_and_the_old() {
    let node = Node::start().await;
    let methods = node.rpc("rpc_methods", json!([])).await;
    let methods: Vec<_> = methods["methods"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for method in [
        "author_submitAndWatchExtrinsic",
        "chain_getFinalizedHead",
        "chain_subscribeFinalizedHeads",
        "state_call",
        "state_getMetadata",
        "system_health",
        "payment_queryInfo",
        "chainHead_v1_follow",
        "chainHead_v1_storage",
        "archive_v1_body",
        "archive_v1_call",
        "archive_v1_storage",
        "transaction_v1_broadcast",
        "transaction_v1_stop",
        "transactionWatch_v1_submitAndWatch",
    ] {
        assert!(methods.contains(&method), "{method} is not among {methods:?}");
    }

    let second = {
        node.rpc("engine_createBlock", json!([true, true])).await;
        node.rpc("engine_createBlock", json!([true, true])).await["hash"].clone()
    };
    node.rpc("engine_createBlock", json!([true, false])).await;
    let genesis = node.rpc("chain_getBlockHash", json!([0])).await;
    assert_eq!(node.rpc("archive_v1_genesisHash", json!([])).await, genesis);
    assert_eq!(node.rpc("chainSpec_v1_genesisHash", json!([])).await, genesis);
    assert_eq!(node.heights().await, (3, 2));
    assert_eq!(node.rpc("archive_v1_finalizedHeight", json!([])).await, 2);
    assert_eq!(node.rpc("chain_getFinalizedHead", json!([])).await, second);
    assert_eq!(node.rpc("archive_v1_hashByHeight", json!([2])).await, json!([second]));
    // Every state is kept: the oldest one answers like the newest.
    let version = node.rpc("archive_v1_call", json!([genesis, "Core_version", "0x"])).await;
    assert_eq!(version["value"], node.rpc("state_call", json!(["Core_version", "0x", second])).await, "{version}");
    node.service.stop().await;
}

#[tokio::test]
async fn only_the_final_branch_of_a_fork_is_mirrored() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = Plan { block_time: NEVER, ..plan(&folder) };
    let world = World::from_plan(folder, &plan).await;
    let url = &world.stack.chain_url;
    let parent = last(url).await;
    let lost = make(url, &json!(parent.hash)).await;
    let won = make(url, &json!(parent.hash)).await;
    let longer = make(url, &lost).await;
    assert_eq!(world.rpc("chain_getBlockHash", json!([])).await, longer);
    world.rpc("engine_finalizeBlock", json!([won])).await;
    let head = last(url).await;
    assert_eq!(head, Block { height: parent.height + 1, hash: hash(&won) });
    world.mirrored(head).await;
    assert_eq!(mirrored_at(&world, head.height).await, head.hash);

    // The round goes on upon the winner. What is mirrored is never taken back: had the lost branch ever been, it would
    // still be there.
    let made = world.propose(1).await;
    assert_eq!(made.block.height, head.height + 1);
    world.mirrored(made.block).await;
    assert_eq!(mirrored_at(&world, made.block.height).await, made.block.hash);
    let parents =
        "SELECT count(*) FROM raw.blocks b JOIN raw.blocks p ON p.height = b.height - 1 AND p.hash <> b.parent_hash";
    assert_eq!(world.sql(parents).await, "0");
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn a_transfer_in_a_block_that_lost_is_mirrored_once_where_it_ended_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The contracts need blocks of their own accord; the same chain then goes on with blocks when told.
    let plan = Plan { block_time: NEVER, keep_chain: true, chain_port: free_port(), ..plan(&folder) };
    let mut world = World::from_plan(folder, &plan).await;
    world.stack.take_chain().expect("the chain runs").stop().await;
    let manual = Plan { seal: Seal::Manual, ..plan };
    let (service, url) = start_chain(&manual).await.expect("the chain starts again");
    assert_eq!(url, world.stack.chain_url);
    world.chain = Chain::connect(&url).await.expect("it answers");

    let parent = last(&url).await;
    let ferdie = AccountId::from(signer("Ferdie").account().0);
    let (alice, message, token) = (signer("Alice"), token::transfer(ferdie, 7), world.token());
    let sent = token.send(&alice, &message);
    let sealed = async {
        until("a transaction waits", async || waiting(&url).await == 1).await;
        let lost = world.rpc("engine_createBlock", json!([false, false, parent.hash])).await["hash"].clone();
        until("the transfer is in the block", async || waiting(&url).await == 0).await;
        let won = make(&url, &json!(parent.hash)).await;
        world.rpc("engine_finalizeBlock", json!([won])).await;
        until("the transfer waits again", async || waiting(&url).await == 1).await;
        let next = world.rpc("engine_createBlock", json!([false, true])).await["hash"].clone();
        (lost, won, next)
    };
    let (sent, (lost, won, next)) = tokio::join!(sent, sealed);
    let sent = sent.expect("a transfer");
    assert_eq!(sent.block, Block { height: parent.height + 2, hash: hash(&next) });
    world.mirrored(sent.block).await;
    assert_eq!(mirrored_at(&world, parent.height + 1).await, hash(&won));
    assert_eq!(world.sql("SELECT height FROM mirror_2.transfers WHERE value = 7").await, sent.block.height.to_string());
    let found = world.sql(&format!("SELECT count(*) FROM raw.blocks WHERE hash = '\\x{}'", digits(&lost))).await;
    assert_eq!(found, "0");
    let report = world.verified().await;
    assert_eq!(report.accounts, 6);
    world.stack.stop().await;
    service.expect("one of its own").stop().await;
}

#[tokio::test]
async fn a_node_that_was_killed_goes_on_with_the_same_chain_and_the_mirror_follows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // No block but for a transaction, so that the node is not killed while it makes one: it answers with a block, and
    // the mirror takes it, a moment before it has written it down.
    let plan = Plan { block_time: NEVER, keep_chain: true, chain_port: free_port(), ..plan(&folder) };
    let mut world = World::from_plan(folder, &plan).await;
    let (home, chain_data) = (home(&world), plan.home.chain());
    let made = world.propose(3).await;
    world.mirrored(made.block).await;
    let (genesis, url) = (world.chain.genesis_hash(), world.stack.chain_url.clone());

    for proposals in [2, 3] {
        world.rpc("engine_advanceTime", json!([3_600_000])).await;
        world.rpc("engine_createBlock", json!([true, true])).await;
        let head = last(&url).await;
        let now = world.chain.moment(head.hash).await.expect("a moment");
        world.mirrored(head).await;
        until("the block is written down", async || is_written(&chain_data, &head.hash)).await;
        world.stack.take_chain().expect("the chain runs").kill().await;

        // Readers notice nothing, and whoever asks is told what is amiss.
        assert_eq!(world.as_told(made.answer).await.title, "Pay Ferdie 3");
        let status = told(&home, &["status"]).await;
        assert!(status["chain"]["problem"].is_string() && status["mirror"]["height"] == head.height, "{status:#}");
        let ran = run(&home, &["verify"]).await;
        assert!(ran.status == Some(2) && ran.errors.contains("no Substrate node answers"), "{ran:?}");

        world.stack.start_chain_again().await.expect("the chain starts again");
        assert_eq!(world.stack.chain_url, url);
        world.chain = Chain::connect(&url).await.expect("it answers");
        assert_eq!(world.chain.genesis_hash(), genesis);
        assert_eq!(last(&url).await, head, "no block is lost");
        let again = world.propose(4).await;
        assert_eq!((again.answer + 1, again.block.height), (proposals, head.height + 1));
        let then = world.chain.moment(again.block.hash).await.expect("a moment");
        assert!(then > now, "a clock that was sent ahead stays ahead");
        world.mirrored(again.block).await;
        assert_eq!(mirrored_at(&world, head.height).await, head.hash);
        assert_eq!(world.verified().await.proposals, usize::try_from(proposals).expect("small"));
    }
    world.stack.stop().await;
}

/// How many transactions wait for a block.
async fn waiting(url: &str) -> usize {
    let pending = call(url, "author_pendingExtrinsics", json!([])).await.expect("a list");
    pending.as_array().expect("a list").len()
}

/// Whether a block's hash stands in a log of the node's database, which is what a killed node goes on from.
fn is_written(folder: &Path, block: &H256) -> bool {
    let entries: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().collect();
    entries.iter().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => is_written(&entry.path(), block),
        _ if entry.file_name().to_string_lossy().starts_with("log") => {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            bytes.windows(block.0.len()).any(|window| window == block.0)
        }
        _ => false,
    })
}

/// The hash of the block that is mirrored at a height.
async fn mirrored_at(world: &World, height: u64) -> H256 {
    let digits =
        world.sql(&format!("SELECT '0x' || encode(hash, 'hex') FROM raw.blocks WHERE height = {height}")).await;
    hash(&json!(digits))
}

/// The height that a header tells.
fn height(header: &Value) -> u64 {
    u64::from_str_radix(digits(&header["number"]), 16).expect("hexadecimal")
}

fn hash(hash: &Value) -> H256 {
    serde_json::from_value(hash.clone()).expect("a hash")
}

fn digits(number: &Value) -> &str {
    number.as_str().expect("text").trim_start_matches("0x")
}

/// A port that stays free for a node that comes back to it: the system gives away none below 32768 of its own accord.
fn free_port() -> u16 {
    // Tests run side by side, and so may several runs of them.
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("below 10 000");
    (0..2_000)
        .map(|_| first + NEXT.fetch_add(1, Ordering::Relaxed))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
