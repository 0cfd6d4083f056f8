//! Anchors: what the audit logs kept off chain were, and when.

use crate::names::Names;
use ink::storage::{Mapping, traits::StorageKey};
use interfaces::{
    Leaf,
    key::Key,
    settings::{Anchor, SettingsError},
};

/// An anchor of an origin, by the numbers of both.
type Numbered = (u32, u32);

/// All anchors of all origins.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct AnchorBook {
    names: Names,
    counts: Mapping<u32, u32>,
    anchors: Mapping<Numbered, Leaf<Anchor>>,
}

impl AnchorBook {
    /// The origins.
    pub fn names(&self) -> &Names<impl StorageKey> {
        &self.names
    }

    /// How often the log of an origin was anchored.
    pub fn count(&self, key: &Key) -> u32 {
        self.names.find(key).map_or(0, |number| self.count_of(number))
    }

    /// An anchor by its number.
    pub fn anchor(&self, key: &Key, number: u32) -> Option<Anchor> {
        self.anchors.get((self.names.find(key)?, number)).map(|Leaf(anchor)| anchor)
    }

    /// The latest anchor.
    pub fn latest(&self, key: &Key) -> Option<Anchor> {
        self.anchor(key, self.count(key).checked_sub(1)?)
    }

    /// Notes what a log is now. Answers with the anchor's number.
    ///
    /// # Errors
    /// [`SettingsError::NothingNew`], [`SettingsError::Shrinks`], [`SettingsError::Forks`],
    /// [`SettingsError::Overflow`].
    pub fn add(&mut self, key: &Key, anchor: Anchor) -> Result<u32, SettingsError> {
        match self.latest(key) {
            Some(latest) => latest.precedes(anchor.size, &anchor.root)?,
            None if anchor.size == 0 => return Err(SettingsError::NothingNew),
            None => (),
        }
        let origin = self.names.number(key)?;
        let number = self.count_of(origin);
        self.anchors.insert((origin, number), &Leaf(anchor));
        self.counts.insert(origin, &number.checked_add(1).ok_or(SettingsError::Overflow)?);
        Ok(number)
    }

    fn count_of(&self, origin: u32) -> u32 {
        self.counts.get(origin).unwrap_or_default()
    }
}
