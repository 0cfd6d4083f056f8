//! Keys that sign the checkpoints of audit logs.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    AccountId, Leaf,
    key::Key,
    refusal::{OrRefuse, refuse},
    registry::{KeyId, KeyPublished, KeyRevoked, RegistryError, SigningKey, limits},
};

impl Registry {
    pub(crate) fn published(&self, number: KeyId) -> Option<SigningKey> {
        self.keys.get(number).map(|Leaf(key)| key)
    }

    /// Whether an account holds a key of an origin that is good now: one of those few that were not over when the last of
    /// them came.
    pub(crate) fn holds(&self, account: AccountId, origin: Key) -> bool {
        let now = self.now();
        let numbers = self.rings.get((account, origin)).unwrap_or_default();
        let mut keys = numbers.into_iter().filter_map(|number| self.published(number));
        keys.any(|key| (key.from..=key.until).contains(&now))
    }

    pub(crate) fn publish(&mut self, key: SigningKey) -> KeyId {
        let now = self.now();
        self.only_future(key.until);
        if key.from > key.until {
            refuse(RegistryError::BadExpiry);
        }
        let ring = (key.holder, key.origin);
        let mut numbers = self.rings.get(&ring).unwrap_or_default();
        numbers.retain(|number| self.published(*number).is_some_and(|key| now <= key.until));
        if numbers.len() >= limits::KEYS {
            refuse(RegistryError::TooManyKeys);
        }
        let number = self.key_count.get_or_default();
        self.key_count.set(&number.checked_add(1).or_refuse(RegistryError::Overflow));
        numbers.push(number);
        self.rings.insert(&ring, &numbers);
        let (holder, origin) = ring;
        let kept = Leaf(SigningKey { origin, holder, ..key });
        self.keys.insert(number, &kept);
        let Leaf(SigningKey { origin, key, holder, from, until }) = kept;
        self.env().emit_event(KeyPublished { number, origin, holder, key, from, until });
        number
    }

    pub(crate) fn end_key(&mut self, number: KeyId) {
        let key = self.published(number).or_refuse(RegistryError::UnknownKey);
        let now = self.now();
        if key.until < now {
            refuse(RegistryError::KeyOver);
        }
        let until = now.saturating_sub(1);
        self.keys.insert(number, &Leaf(SigningKey { until, ..key }));
        self.env().emit_event(KeyRevoked { number, until });
    }
}
