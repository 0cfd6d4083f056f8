//! Answers that are at least as new as a block that the client knows of: whoever has just sent a transaction sees it,
//! whichever replica answers.

use crate::{problem::Error, server::App};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Height of a block that the answer must not be older than.
const MIN_BLOCK: HeaderName = HeaderName::from_static("x-min-block");

/// Lets a request wait for the block that it names, if it names one.
pub async fn wait_for_min_block(State(app): State<App>, request: Request, next: Next) -> Response {
    let waited = match wanted(request.headers()) {
        Ok(None) => Ok(()),
        Ok(Some(height)) => app.tip.reach(&app.database, height).await,
        Err(error) => Err(error),
    };
    match waited {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn wanted(headers: &HeaderMap) -> Result<Option<u64>, Error> {
    let mut given = headers.get_all(MIN_BLOCK).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let height = first.to_str().ok().and_then(height_of).filter(|_| given.next().is_none());
    height.map(Some).ok_or_else(|| Error::invalid("X-Min-Block", NO_HEIGHT))
}

/// What is wrong with a text that is no height.
pub(super) const NO_HEIGHT: &str = "must be the height of a block: a whole number, given once";

/// The height that a text is.
pub(super) fn height_of(text: &str) -> Option<u64> {
    // Those beyond are not the mirror's: it counts in 63 bits.
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|height| digits && i64::try_from(*height).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_is_a_height() {
        assert_eq!(height_of("0"), Some(0));
        assert_eq!(height_of("9223372036854775807"), Some(9_223_372_036_854_775_807));
        for text in ["", "-1", "+1", " 1", "1.0", "0x10", "ten", "9223372036854775808", "99999999999999999999"] {
            assert_eq!(height_of(text), None, "{text}");
        }
    }
}
