//! Names with numbers: 0, 1, 2, … in the order in which they were first used, so that all of them can be read one by
//! one.

use ink::storage::{
    Lazy, Mapping,
    traits::{AutoKey, StorageKey},
};
use interfaces::{key::Key, settings::SettingsError};

/// The names of one sort of things. None is ever forgotten.
#[derive(Debug)]
#[ink::storage_item]
pub struct Names<K: StorageKey = AutoKey> {
    numbers: Mapping<Key, u32>,
    keys: Mapping<u32, Key>,
    count: Lazy<u32>,
}

impl<K: StorageKey> Default for Names<K> {
    fn default() -> Self {
        Self { numbers: Mapping::new(), keys: Mapping::new(), count: Lazy::new() }
    }
}

impl<K: StorageKey> Names<K> {
    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count.get_or_default()
    }

    /// The number of a name, if it was ever used.
    pub fn find(&self, key: &Key) -> Option<u32> {
        self.numbers.get(key)
    }

    /// The name with a number.
    pub fn key(&self, number: u32) -> Option<Key> {
        self.keys.get(number)
    }

    /// The number of a name, which is used from now on.
    ///
    /// # Errors
    /// [`SettingsError::Overflow`].
    pub fn number(&mut self, key: &Key) -> Result<u32, SettingsError> {
        if let Some(number) = self.find(key) {
            return Ok(number);
        }
        let number = self.count();
        self.count.set(&number.checked_add(1).ok_or(SettingsError::Overflow)?);
        self.numbers.insert(key, &number);
        self.keys.insert(number, key);
        Ok(number)
    }
}
