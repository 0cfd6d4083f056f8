//! Why a request gets no answer, and the one place that says so to a person.

use crate::model::{FieldError, Problem};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{collections::BTreeMap, num::TryFromIntError};
use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder},
};

/// Where the kinds of problems are described.
const KINDS: &str = "https://docs.gaiaexchanges.example/problems/";

/// Media type of a problem (RFC 9457).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request gets no answer.
///
/// `Display` is for the log and may hold what the database said; a caller sees only what [`Error::problem`] makes of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Parts of the request are not as they must be.
    #[error("invalid parameters: {0:?}")]
    InvalidParameters(Vec<FieldError>),
    /// There is nothing under this path.
    #[error("unknown path")]
    UnknownPath,
    /// No proposal has this number.
    #[error("unknown proposal {0}")]
    UnknownProposal(String),
    /// No such thing has this number.
    #[error("unknown {what} {number}")]
    Unknown {
        /// What it would be, in words.
        what: &'static str,
        /// Its number.
        number: String,
    },
    /// There is no parameter, flag or release of this name or number.
    #[error("unknown {sort:?} {name}")]
    UnknownSetting {
        /// Which of them it would be.
        sort: Setting,
        /// Its name or number.
        name: String,
    },
    /// Nothing was ever said of this identity.
    #[error("unknown identity {0}")]
    UnknownIdentity(String),
    /// The path knows no such method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The mirror cannot be read yet.
    #[error("not ready: {0}")]
    NotReady(#[from] NotReady),
    /// The database failed.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// It took too long.
    #[error("the request took too long")]
    Timeout,
    /// The mirror has not come to a block that the chain has finalised.
    #[error("the mirror is at {height}, behind {wanted}")]
    Behind {
        /// The block that the answer must not be older than.
        wanted: u64,
        /// The mirror's last block.
        height: u64,
    },
    /// The chain has not finalised a block.
    #[error("block {wanted} is not finalised: the chain is at {head}")]
    NotFinalised {
        /// The block that the answer must not be older than.
        wanted: u64,
        /// The last one that is finalised.
        head: u64,
    },
    /// As many streams are open as can be.
    #[error("too many streams are open")]
    TooManyStreams,
    /// A defect, here or in what is stored.
    #[error("internal: {0}")]
    Internal(String),
}

/// What governance tells the systems that has a name or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A parameter.
    Parameter,
    /// A feature flag.
    Flag,
    /// A release of software.
    Release,
}

impl Setting {
    /// The problem's kind, title and detail, where there is none of this name or number.
    fn unknown(self, name: &str) -> (&'static str, &'static str, String) {
        match self {
            Self::Parameter => {
                ("unknown-parameter", "There is no such parameter", format!("No parameter has the name {name}."))
            }
            Self::Flag => ("unknown-flag", "There is no such flag", format!("No flag has the name {name}.")),
            Self::Release => {
                ("unknown-release", "There is no such release", format!("No release has the number {name}."))
            }
        }
    }
}

/// Why the mirror cannot be read yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The indexer has written no block.
    #[error("the mirror holds no block yet; the indexer has to run first")]
    NoBlock,
    /// The database has no views for the API, or this role may not read them.
    #[error("the database has no mirror that this program can read")]
    NoMirror,
    /// The mirrored contracts are of before one was added.
    #[error("the mirrored contracts are of an earlier version than this program: there is no {lacks}")]
    OlderContracts {
        /// The first that there was not.
        lacks: &'static str,
    },
    /// The mirror is too far behind the chain.
    #[error("the mirror is {behind} blocks behind the chain's finalised head, more than {most}")]
    Lagging {
        /// How many blocks.
        behind: u64,
        /// How many it may be.
        most: u64,
    },
    /// The views are of another version.
    #[error("the database's mirror is of another version than this program: it lacks {}", .0.join(", "))]
    MissingColumns(Vec<String>),
}

impl Error {
    /// One part of the request is not as it must be.
    pub fn invalid(field: impl Into<String>, detail: impl ToString) -> Self {
        Self::InvalidParameters(vec![FieldError { field: field.into(), detail: detail.to_string() }])
    }

    /// What the caller is told.
    pub fn problem(&self) -> Problem {
        let (status, kind, title, detail) = match self {
            Self::InvalidParameters(errors) => {
                let sentences: Vec<_> =
                    errors.iter().map(|error| format!("{} {}.", error.field, error.detail)).collect();
                (
                    StatusCode::BAD_REQUEST,
                    "invalid-parameter",
                    "A part of the request is not valid",
                    sentences.join(" "),
                )
            }
            Self::UnknownPath => (
                StatusCode::NOT_FOUND,
                "not-found",
                "There is nothing here",
                "Nothing has this path. /openapi.json lists what there is.".to_owned(),
            ),
            Self::UnknownProposal(number) => (
                StatusCode::NOT_FOUND,
                "unknown-proposal",
                "There is no such proposal",
                format!("No proposal has the number {number}."),
            ),
            Self::Unknown { what, number } => (
                StatusCode::NOT_FOUND,
                "unknown-number",
                "There is nothing of this number",
                format!("No {what} has the number {number}."),
            ),
            Self::UnknownSetting { sort, name } => {
                let (kind, title, detail) = sort.unknown(name);
                (StatusCode::NOT_FOUND, kind, title, detail)
            }
            Self::UnknownIdentity(identity) => (
                StatusCode::NOT_FOUND,
                "unknown-identity",
                "There is no such identity",
                format!("The registry has never heard of the identity {identity}."),
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "The method is not allowed",
                "This API is read-only: use GET.".to_owned(),
            ),
            Self::NotReady(reason) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "not-ready",
                "The mirror cannot be read yet",
                format!("Not ready: {reason}."),
            ),
            Self::Database(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "database-unavailable",
                "The database does not answer",
                "The database does not answer at the moment. Try again later.".to_owned(),
            ),
            Self::Timeout => (
                StatusCode::SERVICE_UNAVAILABLE,
                "timeout",
                "The answer took too long",
                "The answer took too long. Ask for less, or try again later.".to_owned(),
            ),
            Self::Behind { wanted, height } => (
                StatusCode::SERVICE_UNAVAILABLE,
                "mirror-behind",
                "The mirror has not come that far yet",
                format!("The mirror is at block {height} and not yet at {wanted}. Try again in a moment."),
            ),
            Self::NotFinalised { wanted, head } => (
                StatusCode::CONFLICT,
                "not-finalised",
                "The chain has not come that far yet",
                format!(
                    "Block {wanted} is not finalised: the chain is at block {head}. Ask for a block that is, or try again \
                     later."
                ),
            ),
            Self::TooManyStreams => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too-many-streams",
                "Too many streams are open",
                "As many streams are open as this server carries. Try again later, or another replica.".to_owned(),
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is broken here",
                "The request could not be answered. The log has the cause under this answer's x-request-id.".to_owned(),
            ),
        };
        let errors = if let Self::InvalidParameters(errors) = self { errors.clone() } else { Vec::new() };
        Problem { kind: format!("{KINDS}{kind}"), title: title.to_owned(), status: status.as_u16(), detail, errors }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // Postgres: undefined column or table, schema that does not exist, insufficient privilege.
        const NO_MIRROR: [&str; 4] = ["42703", "42P01", "3F000", "42501"];
        // Postgres: query cancelled, which is how a statement ends that runs into its timeout.
        const CANCELLED: &str = "57014";
        let code = error.as_database_error().and_then(|refusal| refusal.code());
        match (&error, code.as_deref()) {
            (_, Some(CANCELLED)) => Self::Timeout,
            (_, Some(code)) if NO_MIRROR.contains(&code) => {
                tracing::warn!(%error, "the mirror cannot be read");
                Self::NotReady(NotReady::NoMirror)
            }
            (sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_), _) => Self::Internal(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

/// A stored value has no meaning here: the mirror is damaged, or newer than this program.
#[derive(Debug, thiserror::Error)]
#[error("stored {0} makes no sense")]
pub struct Unreadable(pub &'static str);

impl From<Unreadable> for Error {
    fn from(error: Unreadable) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<TryFromIntError> for Error {
    fn from(_: TryFromIntError) -> Self {
        Unreadable("number").into()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        // Within the request's span, which carries its id.
        match &self {
            Self::Database(_) | Self::Internal(_) => tracing::error!(error = %self, "request failed"),
            Self::NotReady(_) | Self::Timeout => tracing::warn!(error = %self, "request failed"),
            _ => {}
        }
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if matches!(self, Self::Behind { .. } | Self::NotFinalised { .. } | Self::TooManyStreams) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// What every endpoint under `/v1` can answer instead of its data, for the API's description.
#[derive(Debug)]
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> Responses {
        let unchanged = ResponseBuilder::new().description("Nothing has changed since the ETag in If-None-Match");
        let problems = [
            ("400", "A parameter is not valid, or unknown"),
            ("500", "A defect"),
            ("503", "The database does not answer, or has no mirror yet, or not in time"),
        ];
        let problems = problems.map(|(status, description)| described(status, description));
        problems.into_iter().chain([("304".to_owned(), unchanged.build().into())]).collect()
    }
}

/// What every endpoint under a proposal's number can answer besides, for the API's description.
#[derive(Debug)]
pub struct NoSuchProposal;

impl IntoResponses for NoSuchProposal {
    fn responses() -> Responses {
        [described("404", "No such proposal")].into()
    }
}

/// What every endpoint under another thing's number can answer besides, for the API's description.
#[derive(Debug)]
pub struct NoSuchNumber;

impl IntoResponses for NoSuchNumber {
    fn responses() -> Responses {
        [described("404", "Nothing has this number")].into()
    }
}

/// What every endpoint under the name of a parameter or flag or the number of a release can answer besides, for the API's
/// description.
#[derive(Debug)]
pub struct NoSuchSetting;

impl IntoResponses for NoSuchSetting {
    fn responses() -> Responses {
        [described("404", "No parameter, flag or release of this name or number")].into()
    }
}

/// What every endpoint under an identity can answer besides, for the API's description.
#[derive(Debug)]
pub struct NoSuchIdentity;

impl IntoResponses for NoSuchIdentity {
    fn responses() -> Responses {
        [described("404", "No such identity")].into()
    }
}

/// Answers by their status, for the API's description.
type Responses = BTreeMap<String, RefOr<utoipa::openapi::Response>>;

fn described(status: &str, description: &str) -> (String, RefOr<utoipa::openapi::Response>) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    (status.to_owned(), ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build().into())
}
