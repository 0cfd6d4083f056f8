//! What is mirrored and how far, and whether this program works.

use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    metrics::Mirrored,
    model::{Answer, Chain, Head, Health, Problem, Readiness, Status},
    params::Parsed,
    problem::{Error, NotReady, Refusals},
    schema,
    server::App,
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use interfaces::contracts::Contracts;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
}

/// Which chain and contracts are mirrored, and how far the mirror is.
#[utoipa::path(
    get,
    path = "/v1/status",
    tag = "monitoring",
    responses((status = 200, description = "The state of the mirror", body = Answer<Status>), Refusals)
)]
async fn status(State(app): State<App>, asked: Asked, Parsed(()): Parsed<()>) -> Result<Response, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let head = head(&mut snapshot).await?;
    // The head moves while the mirror stands still.
    let seen = head.as_ref().map(|head| format!("{} {}", head.height, head.observed_at)).unwrap_or_default();
    let validator = asked.at(&snapshot.block, &seen);
    if let Some(unchanged) = validator.unchanged() {
        return Ok(unchanged);
    }
    let Source { chain, contracts } = source(&mut snapshot).await?;
    let lag_blocks = head.as_ref().map(|head| head.height.saturating_sub(snapshot.block.height));
    Ok(validator.answer(Answer { data: Status { chain, contracts, head, lag_blocks }, block: snapshot.block }))
}

/// What is mirrored.
pub(crate) struct Source {
    /// The chain.
    pub chain: Chain,
    /// The contracts.
    pub contracts: Contracts<Account>,
}

/// What is mirrored.
pub(crate) async fn source(snapshot: &mut Snapshot) -> Result<Source, Error> {
    let row = sqlx::query!(r#"SELECT chain AS "chain!", genesis_hash AS "genesis_hash!" FROM mirror.source"#)
        .fetch_optional(snapshot.connection())
        .await?
        .ok_or(NotReady::NoBlock)?;
    let contracts = sqlx::query!(r#"SELECT name AS "name!", account AS "account!" FROM mirror.contracts"#)
        .fetch_all(snapshot.connection())
        .await?;
    let contracts = Contracts::try_from_fn(|name| {
        let found = contracts.iter().find(|row| row.name == name).ok_or(NotReady::OlderContracts { lacks: name })?;
        Ok::<_, Error>(db::account(&found.account)?)
    })?;
    Ok(Source { chain: Chain { name: row.chain, genesis_hash: db::hash(&row.genesis_hash)? }, contracts })
}

async fn head(snapshot: &mut Snapshot) -> Result<Option<Head>, Error> {
    let row = sqlx::query!(
        r#"SELECT height AS "height!", floor(extract(epoch FROM observed_at) * 1000)::bigint AS "observed_at!"
        FROM mirror.head"#
    )
    .fetch_optional(snapshot.connection())
    .await?;
    row.map(|row| Ok(Head { height: row.height.try_into()?, observed_at: db::time(row.observed_at)? })).transpose()
}

/// Whether the process is alive. Asks nobody else.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "monitoring",
    responses((status = 200, description = "Alive", body = Health))
)]
async fn healthz() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}

/// Whether requests should come here: the database is reached, its mirror is of this program's version, holds a block, and is
/// not too far behind the chain. Requests are answered also when the mirror is behind.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "monitoring",
    responses(
        (status = 200, description = "Ready", body = Answer<Readiness>),
        (status = 503, description = "Not ready, and why", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn readyz(State(app): State<App>) -> Result<Json<Answer<Readiness>>, Error> {
    let mut snapshot = app.database.snapshot().await?;
    schema::check(&mut snapshot).await?;
    source(&mut snapshot).await?;
    let behind = head(&mut snapshot).await?.map_or(0, |head| head.height.saturating_sub(snapshot.block.height));
    if behind > app.max_lag {
        return Err(NotReady::Lagging { behind, most: app.max_lag }.into());
    }
    Ok(Json(Answer { data: Readiness { ready: true }, block: snapshot.block }))
}

/// How far the mirror is.
async fn mirrored(app: &App) -> Result<Mirrored, Error> {
    let mut snapshot = app.database.snapshot().await?;
    let head = sqlx::query!(
        r#"SELECT height AS "height!", extract(epoch FROM clock_timestamp() - observed_at)::float8 AS "age!"
        FROM mirror.head"#
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let head = head.map(|row| Ok::<_, Error>((row.height.try_into()?, row.age))).transpose()?;
    Ok(Mirrored { height: snapshot.block.height, head })
}

/// Figures for Prometheus. Answers also when the database does not.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "monitoring",
    responses((status = 200, description = "Figures in Prometheus' text form", body = String, content_type = "text/plain"))
)]
async fn metrics(State(app): State<App>) -> Response {
    let pool = app.database.pool_state();
    let text = app.metrics.render(mirrored(&app).await.ok(), pool);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
