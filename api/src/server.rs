//! The program that listens.

use crate::{
    accounts, db::Database, governance, live, metrics, openapi, problem::Error, registry, schema, settings, status,
    treasury,
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing,
    serve::ListenerExt,
};
use metrics_exporter_prometheus::BuildError;
use sqlx::postgres::PgConnectOptions;
use std::{any::Any, io, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::oneshot, time};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{Any as Anything, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;
use utoipa_axum::router::OpenApiRouter;

/// Longest a request may take. Longer than a statement may and than the wait for a connection, so that the more
/// precise refusals come first.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How many blocks the mirror may be behind the chain, unless it is said.
pub const MAX_LAG: u64 = 100;

/// Longest wait for open requests when the program is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Names a request, in the answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where to read and where to listen.
#[derive(Debug, Clone)]
pub struct Config {
    database: PgConnectOptions,
    listen: SocketAddr,
    max_lag: u64,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Not a database's URL. Not repeated here, for it may hold a password.
    #[error("the database's URL is not valid: it must look like postgres://USER@HOST:PORT/NAME")]
    BadDatabaseUrl,
    /// Somebody else listens there.
    #[error("{0} is already in use: stop the program that listens there, or choose another port with --listen")]
    PortInUse(SocketAddr),
    /// It cannot be listened there.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The description could not be written.
    #[error("the API's description cannot be written: {0}")]
    Description(#[from] serde_json::Error),
    /// No figures can be kept.
    #[error("metrics cannot be kept: {0}")]
    Metrics(#[from] BuildError),
    /// Listening failed.
    #[error("listening failed: {0}")]
    Serve(io::Error),
}

impl Config {
    /// Reads from the database that `database` is the URL of, and listens on `listen`; port 0 is any free one.
    ///
    /// # Errors
    /// [`StartError::BadDatabaseUrl`].
    pub fn new(database: &str, listen: SocketAddr) -> Result<Self, StartError> {
        let postgres = database.starts_with("postgres://") || database.starts_with("postgresql://");
        let database = database.parse().ok().filter(|_| postgres).ok_or(StartError::BadDatabaseUrl)?;
        Ok(Self { database, listen, max_lag: MAX_LAG })
    }

    /// Counts as ready only while the mirror is at most so many blocks behind the chain.
    pub fn with_max_lag(self, max_lag: u64) -> Self {
        Self { max_lag, ..self }
    }
}

/// What the handlers work with.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// The mirror.
    pub database: Database,
    /// The figures.
    pub metrics: metrics::Metrics,
    /// How far the mirror is.
    pub tip: live::Tip,
    /// The bounds on streams.
    pub streams: live::Streams,
    /// How many blocks the mirror may be behind the chain.
    pub max_lag: u64,
}

/// A server that is bound to its port and not yet answering.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    app: App,
}

impl Server {
    /// Takes the port. The database need not be there yet.
    ///
    /// # Errors
    /// Those of listening.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        let app = App {
            database: Database::new(config.database),
            metrics: metrics::Metrics::new()?,
            tip: live::Tip::default(),
            streams: live::Streams::default(),
            max_lag: config.max_lag,
        };
        let router = router(app.clone())?;
        let listen = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::PortInUse(config.listen),
            _ => StartError::Listen { address: config.listen, source },
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self { listener, address, router, app })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` is done, and then those requests that are open.
    ///
    /// # Errors
    /// [`StartError::Serve`].
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let upkeep = tokio::spawn(self.app.metrics.clone().upkeep());
        let first = tokio::spawn(first_look(self.app.database.clone()));
        let follower = tokio::spawn(self.app.tip.clone().follow(self.app.database.clone()));
        let tip = self.app.tip.clone();
        let (stop, stopped) = oneshot::channel();
        let listener = self.listener.tap_io(|connection| {
            // Answers are small: waiting to fill a packet only delays them.
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
        });
        let serve = axum::serve(listener, self.router).with_graceful_shutdown(async move {
            shutdown.await;
            tracing::info!("stopping");
            tip.end();
            // Nobody waits any more only if serving has ended already.
            let _ = stop.send(());
        });
        let give_up = async {
            match stopped.await {
                Ok(()) => time::sleep(GRACE).await,
                Err(_) => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            result = serve.into_future() => result.map_err(StartError::Serve),
            () = give_up => {
                tracing::warn!("some requests were still open and have been dropped");
                Ok(())
            }
        };
        upkeep.abort();
        follower.abort();
        first.abort();
        // Tells Postgres goodbye; not worth waiting for if it does not listen.
        let _ = time::timeout(Duration::from_secs(1), self.app.database.close()).await;
        result
    }
}

/// Says in the log whether the mirror can be read, without waiting for the first request.
async fn first_look(database: Database) {
    let look = async {
        let mut snapshot = database.snapshot().await?;
        schema::check(&mut snapshot).await?;
        Ok::<_, Error>(snapshot.block)
    };
    match look.await {
        Ok(block) => tracing::info!(height = block.height, hash = %block.hash, "the mirror can be read"),
        Err(error) => tracing::warn!(%error, "not ready; will answer when the mirror can be read"),
    }
}

/// Every endpoint with its description.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::described())
        .merge(governance::routes())
        .merge(accounts::routes())
        .merge(registry::routes())
        .merge(treasury::routes())
        .merge(settings::routes())
        .merge(live::routes())
        .merge(status::routes())
}

fn router(app: App) -> Result<Router, StartError> {
    let description = openapi::json()?;
    let description = move || {
        let text = description.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    let (router, _) = routes().split_for_parts();
    let router = router.route_layer(middleware::from_fn_with_state(app.clone(), live::wait_for_min_block));
    let metrics = app.metrics.clone();
    Ok(around(router.route("/openapi.json", routing::get(description)).with_state(app), metrics, REQUEST_TIMEOUT))
}

/// What every request passes, whatever it asks for.
fn around(router: Router, metrics: metrics::Metrics, timeout: Duration) -> Router {
    router.fallback(async || Error::UnknownPath).method_not_allowed_fallback(async || Error::MethodNotAllowed).layer(
        // The first one is the outermost.
        ServiceBuilder::new()
            .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(span)
                    .on_response(DefaultOnResponse::new().level(Level::INFO))
                    // Errors log their own cause.
                    .on_failure(()),
            )
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            .layer(middleware::from_fn_with_state(metrics, metrics::track))
            .layer(
                CorsLayer::new()
                    .allow_origin(Anything)
                    .allow_methods([Method::GET, Method::HEAD])
                    .allow_headers(Anything)
                    .expose_headers([header::ETAG, header::RETRY_AFTER, REQUEST_ID]),
            )
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(timeout, in_time)),
    )
}

fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

async fn in_time(State(timeout): State<Duration>, request: Request, next: Next) -> Response {
    time::timeout(timeout, next.run(request)).await.unwrap_or_else(|_| Error::Timeout.into_response())
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
    Error::Internal(format!("panicked: {}", words.unwrap_or("without a word"))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Problem, problem::MEDIA_TYPE};
    use axum::{
        body::{Body, to_bytes},
        http::StatusCode,
    };
    use tower::ServiceExt;

    async fn answer_of(path: &str) -> (StatusCode, String, Problem) {
        let router = Router::new()
            .route("/panic", routing::get(async || -> &'static str { panic!("the secret") }))
            .route("/never", routing::get(async || std::future::pending::<&'static str>().await));
        let metrics = metrics::Metrics::new().expect("buckets");
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = around(router, metrics, Duration::from_millis(1)).oneshot(request).await.expect("an answer");
        assert!(response.headers().contains_key(REQUEST_ID));
        let (status, kind) = (response.status(), response.headers()[header::CONTENT_TYPE].clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let problem = serde_json::from_slice(&body).expect("a problem");
        (status, kind.to_str().expect("text").to_owned(), problem)
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing() {
        let (status, kind, problem) = answer_of("/panic").await;
        assert_eq!((status, kind.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, MEDIA_TYPE));
        assert!(!problem.detail.contains("secret"), "{problem:?}");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_a_problem() {
        let (status, kind, problem) = answer_of("/never").await;
        assert_eq!((status, kind.as_str()), (StatusCode::SERVICE_UNAVAILABLE, MEDIA_TYPE));
        assert!(problem.kind.ends_with("/timeout"), "{problem:?}");
    }

    #[test]
    fn what_is_not_a_postgres_url_is_refused_without_repeating_it() {
        for url in ["", "postgres", "mysql://u:secret@h/d", "postgres://u:secret@h:port/d", "http://secret"] {
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let error = Config::new(url, listen).expect_err(url).to_string();
            assert!(error.starts_with("the database's URL") && !error.contains("secret"), "{error}");
        }
    }
}
