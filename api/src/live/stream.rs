//! The stream of what changes (server-sent events).

use super::{
    changes::{self, Change},
    min_block::{NO_HEIGHT, height_of},
};
use crate::{
    model::{Block, LIVE_TOPICS, LiveTopic, Problem},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
};
use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderName, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use serde::Serialize;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::sleep,
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Most streams that are open at a time.
const STREAMS: usize = 512;

/// Most streams that read the mirror at a time: requests must find connections besides.
const READERS: usize = 4;

/// Events that wait for a client to take them.
const WAITING: usize = 64;

/// How long a client may take no event before it loses its stream.
const SLOW: Duration = Duration::from_secs(10);

/// How often a stream without news says that it is there: proxies close what is silent.
const ALIVE: Duration = Duration::from_secs(15);

/// How long a client is to wait before it comes back, and a stream before it reads again what could not be read.
const RETRY: Duration = Duration::from_secs(1);

/// Where a client goes on, as browsers send it by themselves.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Bounds on all streams together.
#[derive(Debug, Clone)]
pub struct Streams {
    open: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { open: Arc::new(Semaphore::new(STREAMS)), readers: Arc::new(Semaphore::new(READERS)) }
    }
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live))
}

/// What to follow, and from where on.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only these; several with commas between them, or with the parameter repeated. Without it, all.
    #[param(value_type = Vec<LiveTopic>, explode = false, required = false)]
    topics: Vec<LiveTopic>,
    /// Height of the last block that is known already. Without it, the stream begins with the present block. The header
    /// Last-Event-ID, which is sent when a stream goes on, comes first.
    #[param(value_type = Option<u64>)]
    after: Option<u64>,
}

impl FromParams for Wanted {
    fn from_params(params: &mut Params) -> Self {
        let mut topics = params.many("topics", |text| params::one_among(&LIVE_TOPICS, text));
        topics.sort_unstable();
        topics.dedup();
        if topics.is_empty() {
            topics = LIVE_TOPICS.to_vec();
        }
        Self { topics, after: params.one("after", |text| height_of(text).ok_or(NO_HEIGHT)) }
    }
}

/// The last event that a client has got, if it says so.
struct LastEvent(Option<u64>);

impl<S: Sync> FromRequestParts<S> for LastEvent {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(given) = parts.headers.get(LAST_EVENT_ID) else { return Ok(Self(None)) };
        let height = given.to_str().ok().and_then(height_of);
        height.map(|height| Self(Some(height))).ok_or_else(|| {
            Error::invalid("Last-Event-ID", "must be the id of an event of this stream, which is the height of a block")
        })
    }
}

/// What changes, as it happens (server-sent events).
///
/// `proposal`, `vote` and `treasury` events carry what changed, in the form that its list has, as it stands when it is sent;
/// what changed again meanwhile comes once. After those of some blocks comes `block`, with the last of these blocks, and its
/// height as the event's id: whoever has got it has got everything up to there. Only `block` events have an id, so a stream
/// that breaks off goes on after the last whole block: nothing is lost, and what came after it may come again.
///
/// A representative's vote that an override has lowered is not told anew; its proposal is.
///
/// A client that takes no event for 10 s loses its stream, and can go on from there.
#[utoipa::path(
    get,
    path = "/v1/live",
    operation_id = "live",
    tag = "live",
    params(Wanted, ("Last-Event-ID" = Option<u64>, Header, description = "Id of the last event that was got")),
    responses(
        (status = 200, description = "The stream; it has no end", body = String, content_type = "text/event-stream"),
        (status = 409, description = "The chain has not finalised the block to go on after", body = Problem,
            content_type = "application/problem+json"),
        Refusals
    )
)]
async fn live(
    State(app): State<App>,
    LastEvent(last): LastEvent,
    Parsed(wanted): Parsed<Wanted>,
) -> Result<Response, Error> {
    let last = last.or(wanted.after);
    // Refused now, while there is an answer to refuse in.
    if let Some(last) = last {
        app.tip.reach(&app.database, last).await?;
    } else {
        app.database.snapshot().await?;
    }
    let open = app.streams.open.clone().try_acquire_owned().map_err(|_| Error::TooManyStreams)?;
    let (events, mut waiting) = mpsc::channel(WAITING);
    let stream = Stream { app, topics: wanted.topics, events, _open: open };
    tokio::spawn(stream.run(last));
    let events = stream::poll_fn(move |context| waiting.poll_recv(context).map(|event| event.map(Ok::<_, Infallible>)));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}

/// One client's stream.
struct Stream {
    app: App,
    topics: Vec<LiveTopic>,
    events: mpsc::Sender<Event>,
    _open: OwnedSemaphorePermit,
}

/// Nobody takes the events any more.
struct Gone;

impl Stream {
    async fn run(self, last: Option<u64>) {
        let metrics = self.app.metrics.clone();
        metrics.stream_opened();
        if let Err(Gone) = self.follow(last).await {
            tracing::debug!("a stream has ended");
        }
        metrics.stream_closed();
    }

    async fn follow(&self, mut last: Option<u64>) -> Result<(), Gone> {
        let mut tip = self.app.tip.watch();
        loop {
            let news = tip.wait_for(|sight| sight.is_last || sight.height > last);
            let is_last = tokio::select! {
                () = self.events.closed() => return Err(Gone),
                news = news => news.map_or(true, |sight| sight.is_last),
            };
            if is_last {
                return Ok(());
            }
            match self.next(last).await {
                Ok((events, upto)) => {
                    for event in events {
                        self.send(event).await?;
                    }
                    last = Some(upto);
                }
                // Whether there is a mirror is for /readyz to tell, and not for every stream.
                Err(Error::NotReady(_)) => sleep(RETRY).await,
                Err(error) => {
                    tracing::warn!(%error, "a stream waits for the mirror");
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// What comes after `last`, and up to which height.
    async fn next(&self, last: Option<u64>) -> Result<(Vec<Event>, u64), Error> {
        let _reader = self.app.streams.readers.acquire().await;
        let mut snapshot = self.app.database.snapshot().await?;
        let (found, upto) = match last {
            None => (Vec::new(), snapshot.block.clone()),
            // It has been further: it is being projected anew.
            Some(last) if snapshot.block.height <= last => return Ok((Vec::new(), last)),
            Some(last) => {
                let found = changes::after(&mut snapshot, last, &self.topics).await?;
                (found.changes, found.upto)
            }
        };
        let mut events = found.iter().map(Change::event).collect::<Result<Vec<_>, _>>()?;
        events.push(closing(&upto)?);
        Ok((events, upto.height))
    }

    async fn send(&self, event: Event) -> Result<(), Gone> {
        self.events.send_timeout(event, SLOW).await.map_err(|error| {
            if matches!(error, mpsc::error::SendTimeoutError::Timeout(_)) {
                self.app.metrics.stream_lost();
            }
            Gone
        })
    }
}

impl Change {
    fn event(&self) -> Result<Event, Error> {
        match self {
            Self::Proposal(proposal) => event("proposal", proposal),
            Self::Vote(vote) => event("vote", vote),
            Self::Treasury(entry) => event("treasury", entry),
        }
    }
}

/// Everything up to this block has been sent.
fn closing(block: &Block) -> Result<Event, Error> {
    Ok(event("block", block)?.id(block.height.to_string()).retry(RETRY))
}

fn event(name: &str, data: &impl Serialize) -> Result<Event, Error> {
    Event::default().event(name).json_data(data).map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::Database, live::Tip, metrics::Metrics};
    use sqlx::postgres::PgConnectOptions;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_loses_its_stream() {
        let app = App {
            database: Database::new(PgConnectOptions::new()),
            metrics: Metrics::new().expect("buckets"),
            tip: Tip::default(),
            streams: Streams::default(),
            max_lag: 0,
        };
        let open = app.streams.open.clone().try_acquire_owned().expect("there is none yet");
        let (events, mut waiting) = mpsc::channel(1);
        let stream = Stream { app: app.clone(), topics: Vec::new(), events, _open: open };
        assert!(stream.send(Event::default().comment("taken")).await.is_ok());
        drop(waiting.recv().await.expect("one was sent"));
        assert!(stream.send(Event::default().comment("not taken")).await.is_ok(), "it may wait");
        let lost = || app.metrics.render(None, app.database.pool_state()).contains("gaia_api_streams_lost_total 1");
        assert!(!lost());
        assert!(stream.send(Event::default().comment("too late")).await.is_err());
        assert!(lost());
        drop(stream);
        assert_eq!(app.streams.open.available_permits(), STREAMS, "another client can have its place");
    }

    #[test]
    fn every_topic_has_its_name() {
        for topic in LIVE_TOPICS {
            let name = crate::model::name_of(&topic).expect("a name");
            assert_eq!(params::one_among(&LIVE_TOPICS, &name), Ok(topic));
        }
        assert_eq!(
            params::one_among(&LIVE_TOPICS, "blocks"),
            Err("must be one of proposals, votes, treasury".to_owned())
        );
    }
}
