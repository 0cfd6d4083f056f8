//! Anchors: what the audit logs kept off chain were, and when.

use crate::{
    kinds::{FOUNDER, only},
    names::Names,
};
use ink::storage::{Mapping, traits::StorageKey};
use interfaces::{
    AccountId, Leaf,
    governor::Kind,
    settings::{Anchor, Key, Origin, SettingsError},
};

/// An anchor of an origin, by the numbers of both.
type Numbered = (u32, u32);

/// All anchors of all origins.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct AnchorBook {
    names: Names,
    origins: Mapping<u32, Leaf<Origin>>,
    anchors: Mapping<Numbered, Leaf<Anchor>>,
}

impl AnchorBook {
    /// The origins.
    pub fn names(&self) -> &Names<impl StorageKey> {
        &self.names
    }

    /// Who anchors the log of an origin, and how often that was done.
    pub fn origin(&self, key: &Key) -> Option<Origin> {
        self.found(key).map(|(_, origin)| origin)
    }

    /// An anchor by its number.
    pub fn anchor(&self, key: &Key, number: u32) -> Option<Anchor> {
        self.anchors.get((self.names.find(key)?, number)).map(|Leaf(anchor)| anchor)
    }

    /// The latest anchor.
    pub fn latest(&self, key: &Key) -> Option<Anchor> {
        let (number, origin) = self.found(key)?;
        self.latest_of(number, &origin)
    }

    /// Names who anchors.
    ///
    /// # Errors
    /// [`SettingsError::WrongKind`], [`SettingsError::Overflow`].
    pub fn appoint(&mut self, kind: Kind, key: &Key, anchorer: AccountId) -> Result<(), SettingsError> {
        only(FOUNDER, kind)?;
        let number = self.names.number(key)?;
        let anchors = self.origins.get(number).map_or(0, |Leaf(origin)| origin.anchors);
        self.origins.insert(number, &Leaf(Origin { anchorer, anchors }));
        Ok(())
    }

    /// Notes what a log is now. Answers with the anchor's number.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::NotAnchorer`], [`SettingsError::NothingNew`],
    /// [`SettingsError::Shrinks`], [`SettingsError::Forks`], [`SettingsError::Overflow`].
    pub fn add(&mut self, caller: AccountId, key: &Key, anchor: Anchor) -> Result<u32, SettingsError> {
        let (number, origin) = self.found(key).ok_or(SettingsError::Unknown)?;
        if caller != origin.anchorer {
            return Err(SettingsError::NotAnchorer);
        }
        match self.latest_of(number, &origin) {
            Some(latest) => latest.precedes(anchor.size, &anchor.root)?,
            None if anchor.size == 0 => return Err(SettingsError::NothingNew),
            None => (),
        }
        let anchors = origin.anchors.checked_add(1).ok_or(SettingsError::Overflow)?;
        self.anchors.insert((number, origin.anchors), &Leaf(anchor));
        self.origins.insert(number, &Leaf(Origin { anchors, ..origin }));
        Ok(origin.anchors)
    }

    fn found(&self, key: &Key) -> Option<(u32, Origin)> {
        let number = self.names.find(key)?;
        let Leaf(origin) = self.origins.get(number)?;
        Some((number, origin))
    }

    fn latest_of(&self, number: u32, origin: &Origin) -> Option<Anchor> {
        let last = origin.anchors.checked_sub(1)?;
        self.anchors.get((number, last)).map(|Leaf(anchor)| anchor)
    }
}
