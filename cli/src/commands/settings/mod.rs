//! What governance tells the systems, as the API says it, and what operators and holders of keys do to it.

mod anchors;
mod flags;
mod parameters;
mod releases;

pub use anchors::{Anchor, Anchors};
pub use flags::{Flags, Steer};
pub use parameters::Parameters;
pub use releases::{Release, Releases};

use crate::{Result, api::Api};
use serde::de::DeserializeOwned;

/// All rows of a list of the API.
async fn all<T: DeserializeOwned>(api: &Api, path: &str) -> Result<Vec<T>> {
    let mark = if path.contains('?') { '&' } else { '?' };
    let pages = api.pages(&format!("{path}{mark}limit=200")).await?;
    Ok(pages.into_iter().flat_map(|page| page.data).collect())
}

/// A text that somebody else wrote, without what a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Who ordered something, or did it.
fn whose(proposal: Option<u32>, by: Option<&api::account::Account>) -> String {
    match (proposal, by) {
        (Some(proposal), _) => format!("proposal {proposal}"),
        (None, Some(by)) => by.to_string(),
        (None, None) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_printed() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc\u{9b}"), "a\u{fffd}[2Jb\u{fffd}\nc\u{fffd}");
    }
}
