//! What can go wrong, in sentences, and the exit status it ends with.

use std::path::PathBuf;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain could not be asked, or refused.
    #[error(transparent)]
    Chain(#[from] client::Error),
    /// Contracts could not be built, or their manifest not read.
    #[error(transparent)]
    Build(#[from] bundler::BuildError),
    /// The mirror could not be looked at.
    #[error(transparent)]
    Mirror(#[from] indexer::Error),
    /// The API could not be asked.
    #[error("no API answers at {url}: {reason}; is it running? `gaia status` tells")]
    ApiUnreachable {
        /// Where.
        url: String,
        /// Why not.
        reason: String,
    },
    /// Not an HTTP URL.
    #[error("{0:?} is not an API URL: it must look like http://host:port")]
    BadApiUrl(String),
    /// Somebody answers there, but not as our API.
    #[error("what answers at {url} is not this API: {reason}")]
    NotOurApi {
        /// Where.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The API refused.
    #[error("the API refused {url}: {detail}")]
    ApiRefused {
        /// What was asked.
        url: String,
        /// The problem in words.
        detail: String,
    },
    /// A file could not be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// "read", "write", "create" or the like.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A program that is needed is not there.
    #[error("{program} is missing: {remedy}")]
    ToolMissing {
        /// Which.
        program: String,
        /// What to do.
        remedy: String,
    },
    /// A service did not start or stopped by itself.
    #[error("{service} {what}; its log is {}{}", log.display(), last_words(last))]
    Service {
        /// Which.
        service: &'static str,
        /// What happened to it.
        what: String,
        /// Its log.
        log: PathBuf,
        /// The last line it wrote.
        last: Option<String>,
    },
    /// Another process uses this data folder.
    #[error("{} is in use by another gaia; stop that one (`gaia down`), or give another --home", home.display())]
    HomeInUse {
        /// The folder.
        home: PathBuf,
    },
    /// Nothing is running from this data folder.
    #[error("nothing runs from {}: start it with `gaia up`, or give --chain, --api and --deployment", home.display())]
    NotRunning {
        /// The folder.
        home: PathBuf,
    },
    /// What was typed cannot be used.
    #[error("{0}")]
    Usage(String),
    /// Something that was started failed, in its own words.
    #[error("{0}")]
    Failed(String),
    /// Somebody pressed Ctrl-C.
    #[error("stopped before it was done")]
    Interrupted,
    /// Mirror and chain do not agree; the differences were printed.
    #[error("mirror and chain differ in {0} places")]
    Differs(usize),
    /// The mirror is not whole; what is wrong was printed.
    #[error("the mirror is not whole: {0} things are wrong")]
    NotWhole(usize),
    /// Something took longer than it may.
    #[error("{what} did not happen within {seconds} s")]
    TooLate {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}

fn last_words(last: &Option<String>) -> String {
    last.as_ref().map(|line| format!(" and ends with: {line}")).unwrap_or_default()
}

impl Error {
    /// For `map_err` on file operations.
    pub fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }

    /// The exit status: 1 where an answer was "no", 2 where there was none.
    pub fn status(&self) -> u8 {
        match self {
            Self::Differs(_) | Self::NotWhole(_) | Self::Chain(client::Error::Refused(_)) => 1,
            _ => 2,
        }
    }

    /// A name for scripts.
    pub fn code(&self) -> &str {
        match self {
            Self::Chain(client::Error::Refused(client::Refusal::Contract { code, .. })) => code,
            Self::Chain(client::Error::Refused(_)) => "refused",
            Self::Chain(_) => "chain",
            Self::Build(_) => "build",
            Self::Mirror(_) => "mirror",
            Self::BadApiUrl(_) | Self::NotOurApi { .. } | Self::ApiUnreachable { .. } | Self::ApiRefused { .. } => {
                "api"
            }
            Self::File { .. } => "file",
            Self::ToolMissing { .. } => "tool_missing",
            Self::Service { .. } => "service",
            Self::HomeInUse { .. } => "home_in_use",
            Self::NotRunning { .. } => "not_running",
            Self::Usage(_) => "usage",
            Self::Failed(_) => "failed",
            Self::Interrupted => "interrupted",
            Self::Differs(_) => "differs",
            Self::NotWhole(_) => "not_whole",
            Self::TooLate { .. } => "timeout",
        }
    }
}
