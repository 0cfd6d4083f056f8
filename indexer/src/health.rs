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

/// Bounds of the histogram of batch times, in seconds.
const BATCH_SECONDS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// How the indexer is, shared by the loop that works and the server that tells.
pub struct Health {
    status: Mutex<Status>,
    prometheus: PrometheusHandle,
    head: Gauge,
    processed: Gauge,
    lag: Gauge,
    batches: Counter,
    batch_seconds: Histogram,
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
}

impl Health {
    /// As it is before anything has been mirrored.
    ///
    /// The metrics are this instance's own and not the process's, so that two can live in one process.
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new()
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
            }),
            head: gauge(&recorder, names::HEAD, "Finalised height that the chain was last seen at"),
            processed: gauge(&recorder, names::PROCESSED, "Last mirrored height"),
            lag: gauge(&recorder, names::LAG, "Finalised blocks that are not mirrored yet"),
            batches: counter(&recorder, names::BATCHES, "Batches written"),
            batch_seconds: histogram(&recorder, names::BATCH_SECONDS, "Time to write a batch"),
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

    /// A batch was written.
    pub(crate) fn wrote(&self, written: &Written, took: Duration) {
        self.batches.increment(1);
        self.batch_seconds.record(took);
        self.blocks.increment(count(written.blocks));
        self.events.increment(count(written.events));
        self.undecoded.increment(count(written.undecoded));
        let tip = written.tip.height;
        self.found(Some(tip), tip.saturating_add(1));
    }

    fn heights(&self) {
        let (head, processed, next) = {
            let status = self.status();
            (status.head.max(status.processed), status.processed, status.next)
        };
        if let Some(head) = head {
            self.head.set(float(head));
            // Before the first block, only those count that are to be mirrored at all.
            self.lag.set(float(head.saturating_add(1).saturating_sub(next)));
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

    /// Serves `/metrics` and `/healthz`.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().route("/metrics", get(metrics_page)).route("/healthz", get(health_page)).with_state(self)
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
    health.prometheus.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], health.prometheus.render())
}

async fn health_page(State(health): State<Arc<Health>>) -> impl IntoResponse {
    match health.check() {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

/// The metrics' names, as Prometheus sees them.
mod names {
    pub const HEAD: &str = "gaia_indexer_head_height";
    pub const PROCESSED: &str = "gaia_indexer_processed_height";
    pub const LAG: &str = "gaia_indexer_lag_blocks";
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

fn histogram(recorder: &PrometheusRecorder, name: &'static str, help: &'static str) -> Histogram {
    recorder.describe_histogram(KeyName::from_const_str(name), Some(Unit::Seconds), SharedString::const_str(help));
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
