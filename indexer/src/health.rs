//! What the indexer tells its operators: `/metrics` for Prometheus, `/healthz` for supervisors.

use crate::{error::Error, facts::Height, store::Written};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::{
    fmt::{Debug, Formatter},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long the loop may go without turning before it counts as stuck.
const STUCK: Duration = Duration::from_secs(30);

/// How many blocks the mirror may be behind the chain to count as ready, unless it is said.
pub const MAX_LAG: u64 = 100;

/// Bounds of the histogram of batch sizes, in rows.
const BATCH_ROWS: [f64; 8] = [1.0, 10.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0];

/// Bounds of the histogram of batch times, in seconds.
const BATCH_SECONDS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// How the indexer is, shared by the loop that works and the server that tells.
pub struct Health {
    status: Mutex<Status>,
    max_lag: u64,
    prometheus: PrometheusHandle,
    head: Gauge,
    processed: Gauge,
    lag: Gauge,
    lag_seconds: Gauge,
    unprojected: Gauge,
    batches: Counter,
    batch_seconds: Histogram,
    batch_rows: Histogram,
    wait_seconds: Histogram,
    blocks: Counter,
    events: Counter,
    undecoded: Counter,
    reconnects: Counter,
}

#[derive(Debug)]
struct Status {
    last_turn: Instant,
    /// Why nothing is mirrored just now.
    interruption: Option<String>,
    head: Option<Height>,
    processed: Option<Height>,
    /// The height that must be mirrored next.
    next: Height,
    /// When the mirror was last seen at the chain's head, or began.
    at_head: Instant,
}

impl Status {
    /// How many finalised blocks are not mirrored. Before the first block, only those count that are to be mirrored at all.
    fn lag(&self) -> Option<u64> {
        let head = self.head.max(self.processed)?;
        Some(head.saturating_add(1).saturating_sub(self.next))
    }
}

impl Health {
    /// As it is before anything has been mirrored.
    ///
    /// The metrics are this instance's own and not the process's, so that two can live in one process.
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(names::BATCH_ROWS.to_owned()), &BATCH_ROWS)
            .expect("the list of buckets is not empty")
            .set_buckets_for_metric(Matcher::Full(names::WAIT_SECONDS.to_owned()), &BATCH_SECONDS)
            .expect("the list of buckets is not empty")
            .set_buckets_for_metric(Matcher::Full(names::BATCH_SECONDS.to_owned()), &BATCH_SECONDS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        Self {
            status: Mutex::new(Status {
                last_turn: Instant::now(),
                interruption: Some("starting".to_owned()),
                head: None,
                processed: None,
                next: 0,
                at_head: Instant::now(),
            }),
            max_lag: MAX_LAG,
            head: gauge(&recorder, names::HEAD, "Finalised height that the chain was last seen at"),
            processed: gauge(&recorder, names::PROCESSED, "Last mirrored height"),
            lag: gauge(&recorder, names::LAG, "Finalised blocks that are not mirrored yet"),
            lag_seconds: gauge(
                &recorder,
                names::LAG_SECONDS,
                "Time since the mirror was last at the finalised head, in seconds; 0 while it is",
            ),
            unprojected: gauge(&recorder, names::UNPROJECTED, "Mirrored blocks whose events are not projected yet"),
            batch_rows: histogram(&recorder, names::BATCH_ROWS, None, "Blocks and events of a batch"),
            wait_seconds: histogram(
                &recorder,
                names::WAIT_SECONDS,
                Some(Unit::Seconds),
                "Time from one batch to the first block of the next: waiting for the chain, or for blocks to be fetched",
            ),
            batches: counter(&recorder, names::BATCHES, "Batches written"),
            batch_seconds: histogram(
                &recorder,
                names::BATCH_SECONDS,
                Some(Unit::Seconds),
                "Time to project and write a batch",
            ),
            blocks: counter(&recorder, names::BLOCKS, "Blocks mirrored"),
            events: counter(&recorder, names::EVENTS, "Contract events mirrored, of any contract"),
            undecoded: counter(
                &recorder,
                names::UNDECODED,
                "Events of the projected contracts that were not understood",
            ),
            reconnects: counter(&recorder, names::RECONNECTS, "Interruptions after which it connected anew"),
            prometheus: recorder.handle(),
        }
    }

    /// Counts as ready only while the mirror is at most so many blocks behind the chain.
    pub fn with_max_lag(self, max_lag: u64) -> Self {
        Self { max_lag, ..self }
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The loop has turned.
    pub(crate) fn turned(&self) {
        self.status().last_turn = Instant::now();
        // Keeps what the histogram holds small even if nobody ever asks for it.
        self.prometheus.run_upkeep();
    }

    /// Blocks can be mirrored again.
    pub(crate) fn connected(&self) {
        let mut status = self.status();
        status.last_turn = Instant::now();
        status.interruption = None;
    }

    /// Nothing can be mirrored until it has connected anew.
    pub(crate) fn interrupted(&self, reason: &Error) {
        self.status().interruption = Some(reason.to_string());
        self.reconnects.increment(1);
    }

    /// The chain has finalised `head`.
    pub(crate) fn saw_head(&self, head: Height) {
        self.status().head = Some(head);
        self.heights();
    }

    /// The mirror was found at this height, with `next` to come.
    pub(crate) fn found(&self, processed: Option<Height>, next: Height) {
        {
            let mut status = self.status();
            (status.processed, status.next) = (processed, next);
        }
        self.heights();
    }

    /// So many mirrored blocks are not projected yet.
    pub(crate) fn projecting(&self, left: u64) {
        self.unprojected.set(float(left));
    }

    /// A batch was written, the first block of which was waited for as long.
    pub(crate) fn wrote(&self, written: &Written, waited: Duration, took: Duration) {
        self.batches.increment(1);
        self.wait_seconds.record(waited);
        self.batch_seconds.record(took);
        self.batch_rows.record(float(count(written.blocks.saturating_add(written.events))));
        self.blocks.increment(count(written.blocks));
        self.events.increment(count(written.events));
        self.undecoded.increment(count(written.undecoded));
        let tip = written.tip.height;
        self.found(Some(tip), tip.saturating_add(1));
    }

    fn heights(&self) {
        let (head, processed, lag, behind) = {
            let mut status = self.status();
            let lag = status.lag();
            if lag == Some(0) {
                status.at_head = Instant::now();
            }
            (status.head.max(status.processed), status.processed, lag, status.at_head.elapsed())
        };
        if let (Some(head), Some(lag)) = (head, lag) {
            self.head.set(float(head));
            self.lag.set(float(lag));
            self.lag_seconds.set(if lag == 0 { 0.0 } else { behind.as_secs_f64() });
        }
        if let Some(processed) = processed {
            self.processed.set(float(processed));
        }
    }

    /// Whether all is well.
    ///
    /// # Errors
    /// A sentence that says what is not.
    pub fn check(&self) -> Result<(), String> {
        let status = self.status();
        if let Some(reason) = &status.interruption {
            return Err(reason.clone());
        }
        let still = status.last_turn.elapsed();
        if still > STUCK {
            return Err(format!("nothing has moved for {} s", still.as_secs()));
        }
        Ok(())
    }

    /// Whether the mirror is as new as its readers may expect.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check_ready(&self) -> Result<(), String> {
        self.check()?;
        match self.status().lag() {
            None => Err("the chain's finalised head was not seen yet".to_owned()),
            Some(lag) if lag > self.max_lag => {
                Err(format!("{lag} finalised blocks are not mirrored yet, more than {}", self.max_lag))
            }
            Some(_) => Ok(()),
        }
    }

    /// Serves `/metrics`, `/healthz` and `/readyz`.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/metrics", get(metrics_page))
            .route("/healthz", get(async |State(health): State<Arc<Self>>| page(health.check())))
            .route("/readyz", get(async |State(health): State<Arc<Self>>| page(health.check_ready())))
            .with_state(self)
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Health {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Health").field("status", &self.status).finish_non_exhaustive()
    }
}

async fn metrics_page(State(health): State<Arc<Health>>) -> impl IntoResponse {
    // The time that it is behind goes on also when nothing else does.
    health.heights();
    health.prometheus.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], health.prometheus.render())
}

fn page(check: Result<(), String>) -> impl IntoResponse {
    match check {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

/// The metrics' names, as Prometheus sees them.
mod names {
    pub const HEAD: &str = "gaia_indexer_head_height";
    pub const PROCESSED: &str = "gaia_indexer_processed_height";
    pub const LAG: &str = "gaia_indexer_lag_blocks";
    pub const LAG_SECONDS: &str = "gaia_indexer_lag_seconds";
    pub const UNPROJECTED: &str = "gaia_indexer_unprojected_blocks";
    pub const BATCH_ROWS: &str = "gaia_indexer_batch_rows";
    pub const WAIT_SECONDS: &str = "gaia_indexer_wait_seconds";
    pub const BATCHES: &str = "gaia_indexer_batches_total";
    pub const BATCH_SECONDS: &str = "gaia_indexer_batch_seconds";
    pub const BLOCKS: &str = "gaia_indexer_blocks_total";
    pub const EVENTS: &str = "gaia_indexer_events_total";
    pub const UNDECODED: &str = "gaia_indexer_undecoded_events_total";
    pub const RECONNECTS: &str = "gaia_indexer_reconnects_total";
}

static METADATA: Metadata<'static> = Metadata::new("indexer", Level::INFO, None);

fn key(name: &'static str) -> Key {
    Key::from_parts(name, Vec::<Label>::new())
}

fn counter(recorder: &PrometheusRecorder, name: &'static str, help: &'static str) -> Counter {
    recorder.describe_counter(KeyName::from_const_str(name), None, SharedString::const_str(help));
    recorder.register_counter(&key(name), &METADATA)
}

fn gauge(recorder: &PrometheusRecorder, name: &'static str, help: &'static str) -> Gauge {
    recorder.describe_gauge(KeyName::from_const_str(name), None, SharedString::const_str(help));
    recorder.register_gauge(&key(name), &METADATA)
}

fn histogram(recorder: &PrometheusRecorder, name: &'static str, unit: Option<Unit>, help: &'static str) -> Histogram {
    recorder.describe_histogram(KeyName::from_const_str(name), unit, SharedString::const_str(help));
    recorder.register_histogram(&key(name), &METADATA)
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Exact up to 2⁵³, which no chain reaches.
fn float(height: Height) -> f64 {
    height as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_ready_while_it_is_not_too_far_behind() {
        let health = Health::new().with_max_lag(3);
        health.connected();
        health.found(Some(10), 11);
        // Nobody knows how far the chain is: the mirror itself is the least that it can be.
        assert_eq!(health.check_ready(), Ok(()));
        health.saw_head(13);
        assert_eq!(health.check_ready(), Ok(()));
        health.saw_head(14);
        let behind = Err("4 finalised blocks are not mirrored yet, more than 3".to_owned());
        assert_eq!((health.check_ready(), health.check()), (behind, Ok(())));
        health.found(Some(14), 15);
        assert_eq!(health.check_ready(), Ok(()));
        health.interrupted(&Error::Internal("lost".to_owned()));
        assert!(health.check_ready().is_err());
    }

    #[test]
    fn an_empty_mirror_is_not_ready_before_it_has_seen_the_chain() {
        let health = Health::new();
        health.connected();
        health.found(None, 5);
        assert!(health.check_ready().is_err_and(|reason| reason.contains("was not seen yet")));
        health.saw_head(4);
        assert_eq!(health.check_ready(), Ok(()), "there is nothing to mirror");
    }

    #[test]
    fn the_time_behind_is_that_since_it_was_last_at_the_head() {
        let health = Health::new();
        let seconds = || {
            health.heights();
            let text = health.prometheus.render();
            let line =
                text.lines().find_map(|line| line.strip_prefix("gaia_indexer_lag_seconds ")?.parse::<f64>().ok());
            line.expect("a figure")
        };
        health.found(Some(4), 5);
        assert!(seconds() <= 0.0);
        health.saw_head(6);
        assert!(seconds() > 0.0);
        health.found(Some(6), 7);
        assert!(seconds() <= 0.0);
    }

    #[test]
    fn blocks_before_the_first_to_mirror_are_no_lag() {
        let health = Health::new();
        let lag = || health.prometheus.render().lines().find(|line| line.starts_with(names::LAG)).map(str::to_owned);
        let blocks = |count: u32| Some(format!("{} {count}", names::LAG));
        health.found(None, 1_000);
        health.saw_head(20);
        assert_eq!(lag(), blocks(0));
        health.saw_head(999);
        assert_eq!(lag(), blocks(0));
        health.saw_head(1_004);
        assert_eq!(lag(), blocks(5));
        health.found(Some(1_002), 1_003);
        assert_eq!(lag(), blocks(2));
        health.found(Some(1_004), 1_005);
        assert_eq!(lag(), blocks(0));
    }
}
