//! What a proposal orders of the contracts, as people write it: a JSON array with an object for each order, in the order
//! in which they are carried out.
//!
//! ```json
//! [
//!     { "contract": "governor", "order": "set_live_limit", "limit": 20 },
//!     { "option": 1, "contract": "governor", "order": "upgrade", "of": "treasury", "code_hash": "0x…" }
//! ]
//! ```
//!
//! `option` is the number of the option that does it, in a vote with several.

mod governor;
pub mod registry;
pub mod settings;
pub mod treasury;

use crate::{Error, Result};
use ballot::OptionId;
use client::Contracts;
use interfaces::governor::{Call, Kind};
use serde::Deserialize;
use std::path::Path;

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// Which of several options does it.
    pub option: Option<OptionId>,
    #[serde(flatten)]
    of: Of,
}

/// By whom it is to be carried out, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "contract", rename_all = "snake_case")]
enum Of {
    Governor(governor::Order),
    Registry(registry::Order),
    Settings(settings::Order),
    Treasury(treasury::Order),
}

impl Order {
    /// The call that a proposal of this kind makes for it.
    ///
    /// # Errors
    /// If the order makes no sense.
    pub fn call(&self, contracts: &Contracts, kind: Kind) -> Result<Call> {
        match &self.of {
            Of::Governor(order) => order.call(contracts, kind),
            Of::Registry(order) => order.call(contracts, kind),
            Of::Settings(order) => order.call(contracts, kind),
            Of::Treasury(order) => order.call(contracts, kind),
        }
    }
}

/// The orders in a file.
///
/// # Errors
/// [`Error::File`], or [`Error::Usage`] that names what is wrong and where.
pub fn read(path: &Path) -> Result<Vec<Order>> {
    let text = std::fs::read(path).map_err(Error::file("read", path))?;
    let wrong = |reason: String| Error::Usage(format!("{} is no list of orders: {reason}", path.display()));
    let items: Vec<serde_json::Value> = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    // One by one, so that it can be said which of them is wrong.
    let order = |(number, item)| {
        serde_json::from_value(item).map_err(|error| wrong(format!("order {number}, counted from 0: {error}")))
    };
    items.into_iter().enumerate().map(order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_text(text: &str) -> Result<Vec<Order>> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("writable");
        read(file.path())
    }

    #[test]
    fn orders_are_read_in_their_order() {
        let text = json!([
            { "contract": "governor", "order": "set_live_limit", "limit": 20 },
            { "option": 1, "contract": "governor", "order": "set_live_limit", "limit": 30 },
        ]);
        let orders = read_text(&text.to_string()).expect("orders");
        assert_eq!(orders.iter().map(|order| order.option).collect::<Vec<_>>(), [None, Some(1)]);
        assert_eq!(read_text("[]").expect("no orders"), []);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("{}", "no list of orders: invalid type: map"),
            ("[", "no list of orders: EOF"),
            (r#"[{ "order": "set_live_limit", "limit": 1 }]"#, "order 0, counted from 0: missing field `contract`"),
            (r#"[{ "contract": "till" }]"#, "unknown variant `till`"),
            (r#"[{ "contract": "governor", "order": "resign" }]"#, "unknown variant `resign`"),
            (r#"[{ "contract": "governor", "order": "set_live_limit" }]"#, "missing field `limit`"),
            (r#"[{ "contract": "governor", "order": "set_live_limit", "limit": 1, "by": 2 }]"#, "unknown field `by`"),
        ] {
            let error = read_text(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let error = read(Path::new("/nowhere/orders.json")).expect_err("no file");
        assert!(error.to_string().contains("cannot read /nowhere/orders.json"), "{error}");
    }
}
