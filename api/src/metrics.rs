//! Figures for Prometheus.

use crate::db::PoolState;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram, with_local_recorder,
};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusRecorder};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

const REQUESTS: &str = "gaia_api_requests_total";
const SECONDS: &str = "gaia_api_request_seconds";
const HEIGHT: &str = "gaia_api_mirror_height";
const LAG: &str = "gaia_api_mirror_lag_blocks";
const HEAD_AGE: &str = "gaia_api_mirror_head_age_seconds";
const REACHABLE: &str = "gaia_api_database_up";
const CONNECTIONS: &str = "gaia_api_database_connections";
const STREAMS: &str = "gaia_api_streams";
const LOST_STREAMS: &str = "gaia_api_streams_lost_total";
const MOST_CONNECTIONS: &str = "gaia_api_database_connections_max";

/// Upper bounds of the durations' buckets, in seconds: most reads take a few milliseconds, and none over ten seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How often durations are moved into their buckets; until then each takes memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// How far the mirror is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mirrored {
    /// Height of its last block.
    pub height: u64,
    /// Finalised height that the indexer last saw the chain at, and how long ago, in seconds.
    pub head: Option<(u64, f64)>,
}

/// The figures of one server. They are its own and not the process's, so that several servers do not count for each
/// other.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// No figures yet.
    ///
    /// # Errors
    /// If there were no buckets, which there are.
    pub fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
        with_local_recorder(&recorder, || {
            describe_counter!(REQUESTS, "Requests answered, by route, method and status.");
            describe_histogram!(SECONDS, Unit::Seconds, "Time from a request to its answer, by route.");
            describe_gauge!(HEIGHT, "Height of the mirror's last block.");
            describe_gauge!(LAG, "Blocks that the mirror is behind the finalised head that the indexer last saw.");
            describe_gauge!(HEAD_AGE, Unit::Seconds, "Time since the indexer last saw the chain's finalised head.");
            describe_gauge!(REACHABLE, "Whether the mirror can be read: 1 or 0.");
            describe_gauge!(CONNECTIONS, "Open connections to the database, by state.");
            describe_gauge!(STREAMS, "Open streams of changes.");
            describe_counter!(LOST_STREAMS, "Streams that were ended because their clients took nothing.");
            gauge!(STREAMS).set(0.0);
            counter!(LOST_STREAMS).absolute(0);
            describe_gauge!(MOST_CONNECTIONS, "Most connections that may be open.");
        });
        Ok(Self { recorder: Arc::new(recorder) })
    }

    /// All figures in Prometheus' text form, with those that are looked up only now: how far the mirror is, if it can
    /// be read, and the use of the connections.
    pub fn render(&self, mirrored: Option<Mirrored>, pool: PoolState) -> String {
        with_local_recorder(&*self.recorder, || {
            gauge!(REACHABLE).set(if mirrored.is_some() { 1.0 } else { 0.0 });
            if let Some(Mirrored { height, head }) = mirrored {
                gauge!(HEIGHT).set(approximate(height));
                if let Some((head, age)) = head {
                    gauge!(LAG).set(approximate(head.saturating_sub(height)));
                    gauge!(HEAD_AGE).set(age);
                }
            }
            let idle = u32::try_from(pool.idle).unwrap_or(u32::MAX);
            gauge!(CONNECTIONS, "state" => "idle").set(f64::from(idle));
            gauge!(CONNECTIONS, "state" => "busy").set(f64::from(pool.open.saturating_sub(idle)));
            gauge!(MOST_CONNECTIONS).set(f64::from(pool.most));
        });
        self.recorder.handle().render()
    }

    /// Keeps the figures small, forever.
    pub async fn upkeep(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.recorder.handle().run_upkeep();
        }
    }

    /// A stream of changes was opened.
    pub fn stream_opened(&self) {
        with_local_recorder(&*self.recorder, || gauge!(STREAMS).increment(1.0));
    }

    /// A stream of changes has ended.
    pub fn stream_closed(&self) {
        with_local_recorder(&*self.recorder, || gauge!(STREAMS).decrement(1.0));
    }

    /// A stream was ended because its client took nothing.
    pub fn stream_lost(&self) {
        with_local_recorder(&*self.recorder, || counter!(LOST_STREAMS).increment(1));
    }

    fn count(&self, route: String, method: &'static str, status: u16, took: Duration) {
        with_local_recorder(&*self.recorder, || {
            histogram!(SECONDS, "route" => route.clone()).record(took);
            counter!(REQUESTS, "route" => route, "method" => method, "status" => status.to_string()).increment(1);
        });
    }
}

/// A height as Prometheus can hold it: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "no chain has that many blocks")]
fn approximate(height: u64) -> f64 {
    height as f64
}

/// Counts the requests that pass. Route and method are among a few names and never what the client sent: otherwise
/// anyone could make new series without end.
pub async fn track(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str).to_owned();
    let method = match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    };
    let start = Instant::now();
    let response = next.run(request).await;
    metrics.count(route, method, response.status().as_u16(), start.elapsed());
    response
}
