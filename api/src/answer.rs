//! Answers that a client can keep: what is under `/v1` changes only with the mirror's block.

use crate::{
    db::{Database, Snapshot},
    model::{Answer, Block},
    page::{Key, Part, Row},
    problem::Error,
    server::App,
};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use blake2::{Blake2b, Digest, digest::consts::U16};
use serde::Serialize;
use std::convert::Infallible;

/// What was asked, which answer to it the client still has, and where the answer is read.
#[derive(Debug)]
pub struct Asked {
    database: Database,
    target: String,
    kept: HeaderMap,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let mut kept = HeaderMap::new();
        for tags in parts.headers.get_all(header::IF_NONE_MATCH) {
            kept.append(header::IF_NONE_MATCH, tags.clone());
        }
        Ok(Self { database: app.database.clone(), target, kept })
    }
}

impl Asked {
    /// Answers with the one thing that `read` finds.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub async fn one<T: Serialize>(
        self,
        read: impl AsyncFnOnce(&mut Snapshot) -> Result<T, Error>,
    ) -> Result<Response, Error> {
        self.answer(async |snapshot| {
            let data = read(snapshot).await?;
            Ok(Answer { data, block: snapshot.block.clone() })
        })
        .await
    }

    /// Answers with a part of a list. `read` finds its rows: those after the part's cursor, as many as its limit says.
    ///
    /// # Errors
    /// Those of the database and of `read`, and if what is stored makes no sense.
    pub async fn list<K: Key, R: Row<K>>(
        self,
        part: Part<K>,
        read: impl AsyncFnOnce(&mut Snapshot, &Part<K>) -> Result<Vec<R>, Error>,
    ) -> Result<Response, Error> {
        self.answer(async |snapshot| {
            let rows = read(snapshot, &part).await?;
            part.page(rows, snapshot.block.clone())
        })
        .await
    }

    /// Answers with a file, of which `begin` sends what was so at the block.
    ///
    /// # Errors
    /// Those of the database and of `begin`.
    pub async fn file(
        self,
        begin: impl AsyncFnOnce(Database, &Block) -> Result<Response, Error>,
    ) -> Result<Response, Error> {
        // Not kept for as long as the file takes to be read: connections are few.
        let block = self.database.snapshot().await?.block;
        let validator = self.at(&block, "");
        if let Some(unchanged) = validator.unchanged() {
            return Ok(unchanged);
        }
        let response = begin(self.database.clone(), &block).await?;
        Ok(validator.respond(response))
    }

    /// Answers with what `read` makes of one snapshot of the mirror, unless the client has that already.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub async fn answer<T: Serialize>(
        self,
        read: impl AsyncFnOnce(&mut Snapshot) -> Result<T, Error>,
    ) -> Result<Response, Error> {
        let mut snapshot = self.database.snapshot().await?;
        let validator = self.at(&snapshot.block, "");
        if let Some(unchanged) = validator.unchanged() {
            return Ok(unchanged);
        }
        Ok(validator.answer(read(&mut snapshot).await?))
    }

    /// The validator of the answer to this at `block`. `beside` is what else the answer depends on.
    pub fn at(&self, block: &Block, beside: &str) -> Validator {
        let mut digest = Blake2b::<U16>::new();
        // Another version of this program may write the same facts in another form.
        for part in [env!("CARGO_PKG_VERSION"), &block.hash.to_string(), &self.target, beside] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        let tag = format!("\"{}\"", hex::encode(digest.finalize()));
        // Weak comparison, and `*` for any answer at all (RFC 9110, section 13.1.2).
        let tags = || self.kept.values().filter_map(|tags| tags.to_str().ok()).flat_map(|tags| tags.split(','));
        let keeps = |tag: &str| tags().map(str::trim).any(|kept| kept.strip_prefix("W/").unwrap_or(kept) == tag);
        Validator { kept: keeps(&tag), any: tags().any(|kept| kept.trim() == "*"), tag: format!("W/{tag}") }
    }
}

/// Tells one answer from another.
#[derive(Debug)]
pub struct Validator {
    tag: String,
    /// The client has this very answer.
    kept: bool,
    /// Whatever the answer is, the client does not want it.
    any: bool,
}

impl Validator {
    /// The short answer, if the client has the long one already: then there is one, and nothing needs to be read.
    pub fn unchanged(&self) -> Option<Response> {
        self.kept.then(|| self.tagged(StatusCode::NOT_MODIFIED))
    }

    /// The answer.
    pub fn answer<T: Serialize>(&self, body: T) -> Response {
        self.respond(Json(body))
    }

    fn respond(&self, response: impl IntoResponse) -> Response {
        // Only here is it certain that there is one.
        if self.any { self.tagged(StatusCode::NOT_MODIFIED) } else { self.tagged(response) }
    }

    fn tagged(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        // To be kept, and asked about each time.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}
