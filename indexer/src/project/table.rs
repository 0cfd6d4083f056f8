//! Rows by key, those that changed told apart.

use std::collections::{BTreeMap, BTreeSet};

/// The rows of a table that a batch is about.
#[derive(Debug)]
pub struct Table<K, V> {
    rows: BTreeMap<K, V>,
    changed: BTreeSet<K>,
}

impl<K: Ord + Clone, V> Table<K, V> {
    /// The row of this key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// The row of this key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let row = self.rows.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(row)
    }

    /// Adds the row of this key, or puts it in place of the one there was.
    pub fn put(&mut self, key: K, row: V) {
        self.changed.insert(key.clone());
        self.rows.insert(key, row);
    }

    /// Takes the row of this key away, whether it was known or not.
    pub fn remove(&mut self, key: K) {
        self.rows.remove(&key);
        self.changed.insert(key);
    }

    /// All that is known.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// The keys whose rows were put, changed or removed.
    pub fn touched(&self) -> impl Iterator<Item = &K> {
        self.changed.iter()
    }

    /// The rows that were put or changed.
    pub fn changed(&self) -> impl Iterator<Item = (&K, &V)> {
        self.changed.iter().filter_map(|key| self.rows.get_key_value(key))
    }

    /// The keys whose rows were removed.
    pub fn removed(&self) -> impl Iterator<Item = &K> {
        self.changed.iter().filter(|key| !self.rows.contains_key(key))
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}

/// The rows as they were stored.
impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect(), changed: BTreeSet::new() }
    }
}
