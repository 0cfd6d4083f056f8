//! Anchors: what audit logs were, and when.

use crate::project::{Origin, Table};
use interfaces::{
    AccountId,
    key::Key,
    settings::{Anchor, Anchored},
};

/// The anchors of a batch.
#[derive(Debug, Default)]
pub struct Anchors {
    /// The logs that are anchored.
    pub logs: Table<Key, Log>,
    /// New anchors.
    pub anchors: Vec<AnchorRow>,
}

/// An audit log, as far as the chain knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// How often it was anchored.
    pub anchors: u32,
    /// What it was then at last.
    pub latest: Anchor,
}

/// A log was anchored.
#[derive(Debug)]
pub struct AnchorRow {
    pub origin: Origin,
    /// Whose log.
    pub of: Key,
    pub number: u32,
    pub anchor: Anchor,
    pub by: AccountId,
}

impl Anchors {
    pub(super) fn anchored(&mut self, origin: Origin, event: Anchored) -> Result<(), String> {
        let Anchored { origin: of, by, number, anchor } = event;
        let known = self.logs.get(&of).copied();
        if number != known.map_or(0, |log| log.anchors) {
            return Err(format!("anchor {number} of {} does not follow the one before it", of.as_str()));
        }
        if let Some(Err(error)) = known.map(|log| log.latest.precedes(anchor.size, &anchor.root)) {
            return Err(format!("the log of {} cannot have become this: {error}", of.as_str()));
        }
        let anchors = number.checked_add(1).ok_or("more anchors than can be counted")?;
        self.logs.put(of.clone(), Log { anchors, latest: anchor });
        self.anchors.push(AnchorRow { origin, of, number, anchor, by });
        Ok(())
    }
}
