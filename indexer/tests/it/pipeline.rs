//! Catching up, keeping up, and coming back: the loop, over a chain that can be made to fail.

use crate::{
    chain::{Chain, round},
    database::Database,
};
use futures::FutureExt;
use indexer::{
    Bounds, Error,
    facts::{BlockFacts, Height},
    health::Health,
    pipeline::mirror,
    source::{Connect, Source},
    store::Store,
};
use interfaces::Hash;
use std::{
    convert::Infallible,
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

const BOUNDS: Bounds = Bounds { blocks_ahead: 3, batch_rows: 4 };

/// A chain in memory.
#[derive(Clone)]
struct Fake {
    blocks: Arc<Mutex<Vec<BlockFacts>>>,
    /// How many of `blocks` are finalised.
    finalised: watch::Receiver<usize>,
    /// Every so many-th request fails, if not 0.
    fails: u32,
    requests: Arc<AtomicU32>,
}

impl Fake {
    fn new(blocks: Vec<BlockFacts>, finalised: usize) -> (Self, watch::Sender<usize>) {
        let (finalise, finalised) = watch::channel(finalised);
        let blocks = Arc::new(Mutex::new(blocks));
        (Self { blocks, finalised, fails: 0, requests: Arc::default() }, finalise)
    }

    fn find(&self, height: Height) -> Option<BlockFacts> {
        self.blocks.lock().expect("nobody panics").iter().find(|block| block.id.height == height).cloned()
    }

    fn request(&self) -> Result<(), Error> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if self.fails > 0 && number % self.fails == self.fails - 1 {
            return Err(Error::Unreachable { url: "fake".to_owned(), reason: "it was told to fail".to_owned() });
        }
        Ok(())
    }
}

impl Connect for Fake {
    type Source = Self;

    async fn connect(&self) -> Result<Self, Error> {
        Ok(self.clone())
    }
}

impl Source for Fake {
    async fn follow(&self, head: watch::Sender<Option<Height>>) -> Result<Infallible, Error> {
        let mut finalised = self.finalised.clone();
        loop {
            let count = *finalised.borrow_and_update();
            let height =
                self.blocks.lock().expect("nobody panics").get(count.wrapping_sub(1)).map(|block| block.id.height);
            head.send_replace(height);
            if finalised.changed().await.is_err() {
                pending::<()>().await;
            }
        }
    }

    async fn block(&self, height: Height) -> Result<BlockFacts, Error> {
        // Later blocks answer sooner, so that an order must be kept to be had.
        sleep(Duration::from_millis(3 - height % 3)).await;
        self.request()?;
        Ok(self.find(height).expect("only finalised blocks are asked for"))
    }

    async fn finalised_head(&self) -> Result<Height, Error> {
        let count = *self.finalised.borrow();
        Ok(self.blocks.lock().expect("nobody panics").get(count.wrapping_sub(1)).map_or(0, |block| block.id.height))
    }

    async fn hash_at(&self, height: Height) -> Result<Option<Hash>, Error> {
        Ok(self.find(height).map(|block| block.id.hash))
    }
}

/// Mirrors until the database has come to `height`.
async fn mirror_to(
    chain: &Fake,
    store: &mut Store,
    health: &Health,
    database: &Database,
    height: Height,
) -> Result<(), Error> {
    let reached = format!("SELECT coalesce((SELECT height >= {height} FROM raw.cursor), false)::text");
    mirror_until(chain, store, health, database, &reached).await
}

/// Mirrors until a query says `true`.
async fn mirror_until(
    chain: &Fake,
    store: &mut Store,
    health: &Health,
    database: &Database,
    query: &str,
) -> Result<(), Error> {
    let reached = async {
        while database.text(query).await != "true" {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let stop = reached.boxed_local().shared();
    let mirrored = mirror(chain, chain.clone(), store, BOUNDS, health, stop);
    timeout(Duration::from_secs(60), mirrored).await.expect("comes that far within a minute")
}

/// What the blocks give when written at once.
async fn expected(blocks: &[BlockFacts]) -> Vec<(String, String)> {
    let database = Database::fresh().await;
    database.store().await.write(blocks).await.expect("writes");
    database.dump().await
}

#[tokio::test]
async fn catching_up_and_keeping_up_leave_no_seam() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let (chain, finalise) = Fake::new(blocks.clone(), 5);
    let health = Health::new();
    assert_eq!(health.check(), Err("starting".to_owned()));
    let mut store = database.store().await;
    let live = async {
        for finalised in 6..=blocks.len() {
            sleep(Duration::from_millis(20)).await;
            finalise.send_replace(finalised);
        }
    };
    let (ended, ()) = tokio::join!(mirror_to(&chain, &mut store, &health, &database, 20), live);
    ended.expect("stops when told");
    assert_eq!(database.dump().await, expected(&blocks).await);
    assert_eq!(chain.requests.load(Ordering::Relaxed), 11, "every block is asked for once");
    assert_eq!(health.check(), Ok(()));
}

#[tokio::test]
async fn what_was_mirrored_before_is_projected_before_anything_new() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    database.store().await.write(&blocks[..5]).await.expect("writes");
    database.run("SELECT raw.project_anew()").await;
    let (chain, _finalise) = Fake::new(blocks.clone(), blocks.len());
    let mut store = database.store().await;
    mirror_to(&chain, &mut store, &Health::new(), &database, 20).await.expect("stops when told");
    assert_eq!(database.dump().await, expected(&blocks).await);
    assert_eq!(chain.requests.load(Ordering::Relaxed), 6, "the chain is asked for what is new");
}

#[tokio::test]
async fn an_unfinalised_block_is_not_touched() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let (chain, _finalise) = Fake::new(blocks.clone(), 4);
    let mut store = database.store().await;
    mirror_to(&chain, &mut store, &Health::new(), &database, 13).await.expect("stops when told");
    assert_eq!(chain.requests.load(Ordering::Relaxed), 4);
    assert_eq!(database.dump().await, expected(&blocks[..4]).await);
}

#[tokio::test]
async fn lost_connections_lose_nothing() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let (mut chain, _finalise) = Fake::new(blocks.clone(), blocks.len());
    chain.fails = 7;
    let health = Arc::new(Health::new());
    let mut store = database.store().await;
    mirror_to(&chain, &mut store, &health, &database, 20).await.expect("goes on by itself");
    assert_eq!(database.dump().await, expected(&blocks).await);
    let metrics = page(&health, "/metrics").await.1;
    assert!(!metrics.contains("gaia_indexer_reconnects_total 0"), "{metrics}");
}

#[tokio::test]
async fn a_mirror_goes_on_where_it_was() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    for finalised in [1, 4, 9, blocks.len()] {
        let (chain, _finalise) = Fake::new(blocks.clone(), finalised);
        let tip = blocks[finalised - 1].id.height;
        mirror_to(&chain, &mut database.store().await, &Health::new(), &database, tip).await.expect("stops when told");
    }
    assert_eq!(database.dump().await, expected(&blocks).await);
}

#[tokio::test]
async fn a_chain_with_another_history_is_refused() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let mut store = database.store().await;
    store.write(&blocks[..3]).await.expect("writes");
    let mut reset = Chain::new();
    reset.salt = 1;
    for moment in 0..5 {
        reset.empty(moment);
    }
    let (chain, _finalise) = Fake::new(reset.blocks, 5);
    let error = mirror_to(&chain, &mut store, &Health::new(), &database, 99).await.expect_err("another history");
    assert!(matches!(error, Error::OtherHistory { height: 12, .. }), "{error}");
}

#[tokio::test]
async fn a_node_that_lags_on_a_branch_of_its_own_is_waited_for() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let mut store = database.store().await;
    store.write(&blocks[..8]).await.expect("writes");
    let mut branch = Chain::new();
    branch.salt = 1;
    for moment in 0..8 {
        branch.empty(moment);
    }
    let lagging = [&blocks[..4], &branch.blocks[4..]].concat();
    let (chain, finalise) = Fake::new(lagging, 4);
    let health = Health::new();
    let comes_round = async {
        while health.check().is_err() {
            sleep(Duration::from_millis(5)).await;
        }
        chain.blocks.lock().expect("nobody panics").clone_from(&blocks);
        finalise.send_replace(blocks.len());
        Ok(())
    };
    // Ends as soon as the mirror gives up.
    tokio::try_join!(mirror_to(&chain, &mut store, &health, &database, 20), comes_round).expect("waits for the node");
    assert_eq!(database.dump().await, expected(&blocks).await);
}

#[tokio::test]
async fn a_second_indexer_stops() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let (mut first, mut second) = (database.store().await, database.store().await);
    first.write(&blocks[..2]).await.expect("writes");
    let (chain, _finalise) = Fake::new(blocks, 8);
    let error = mirror_to(&chain, &mut second, &Health::new(), &database, 99).await.expect_err("it is not alone");
    assert!(matches!(error, Error::Fenced { .. }), "{error}");
    assert_eq!(first.next_height(), 12);
    first.recover().await.expect("the first one is undisturbed");
}

#[tokio::test]
async fn metrics_and_health_are_served() {
    let database = Database::fresh().await;
    let blocks = round().blocks;
    let (chain, _finalise) = Fake::new(blocks.clone(), blocks.len());
    let health = Arc::new(Health::new());
    assert_eq!(page(&health, "/healthz").await, (503, "starting\n".to_owned()));
    let mut store = database.store().await;
    // All blocks, and the finalised head as the loop notes it.
    let noted = "SELECT ((SELECT count(*) FROM raw.blocks JOIN raw.head USING (height) WHERE height = 20) = 1)::text";
    mirror_until(&chain, &mut store, &health, &database, noted).await.expect("stops when told");
    assert_eq!(page(&health, "/healthz").await, (200, "ok\n".to_owned()));
    let (status, metrics) = page(&health, "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "gaia_indexer_head_height 20",
        "gaia_indexer_processed_height 20",
        "gaia_indexer_lag_blocks 0",
        "gaia_indexer_blocks_total 11",
        "gaia_indexer_events_total 20",
        "gaia_indexer_undecoded_events_total 0",
        "gaia_indexer_reconnects_total 0",
        "gaia_indexer_batch_seconds_bucket{le=\"+Inf\"}",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

async fn page(health: &Arc<Health>, path: &str) -> (u16, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(axum::serve(listener, Arc::clone(health).router()).into_future());
    let answer = reqwest::get(format!("http://{address}{path}")).await.expect("answers");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("text");
    server.abort();
    (status, text)
}
