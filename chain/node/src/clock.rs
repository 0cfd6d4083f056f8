//! The time that goes into blocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use codec::Decode;
use sc_client_api::StorageProvider;
use sp_core::storage::StorageKey;
use sp_inherents::CreateInherentDataProviders;

use crate::client::{Block, Client, Hash};

/// Milliseconds since 1970, as blocks carry them.
type Millis = u64;

/// Gives every block a time later than its parent's, following the clock of this machine where it can.
///
/// Several blocks within one millisecond are ordinary with instant seal, and the runtime refuses a block that is not
/// later than its parent. The chain can also be sent ahead of the machine's clock, so that nobody needs to wait for
/// a voting period to pass.
pub(crate) struct Clock {
    client: Arc<Client>,
    ahead: AtomicU64,
}

impl Clock {
    /// A clock for the chain that ends in `best`. A chain that was sent ahead before its last stop stays ahead.
    pub(crate) fn resume(client: Arc<Client>, best: Hash) -> Result<Self, String> {
        let clock = Self { client, ahead: AtomicU64::new(0) };
        let ahead = clock.stored_in(best)?.saturating_sub(machine_time());
        clock.ahead.store(ahead, Ordering::Relaxed);
        Ok(clock)
    }

    /// Time for a block on top of `parent`.
    fn after(&self, parent: Hash) -> Result<Millis, String> {
        let now = machine_time().saturating_add(self.ahead.load(Ordering::Relaxed));
        Ok(now.max(self.stored_in(parent)?.saturating_add(1)))
    }

    /// Sends the chain `by` milliseconds ahead, from the next block on. Returns how far it is ahead now.
    pub(crate) fn advance(&self, by: Millis) -> Millis {
        let add = |ahead: u64| ahead.saturating_add(by);
        add(self.ahead.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |a| Some(add(a))).unwrap_or_else(|a| a))
    }

    /// Time of an existing block, 0 for the first one.
    fn stored_in(&self, block: Hash) -> Result<Millis, String> {
        let key = [sp_io::hashing::twox_128(b"Timestamp"), sp_io::hashing::twox_128(b"Now")].concat();
        match self.client.storage(block, &StorageKey(key)).map_err(|e| e.to_string())? {
            Some(value) => {
                Millis::decode(&mut &*value.0).map_err(|e| format!("the time of {block} is unreadable: {e}"))
            }
            None => Ok(0),
        }
    }
}

/// The one thing a block carries that is no transaction.
#[async_trait]
impl CreateInherentDataProviders<Block, ()> for Clock {
    type InherentDataProviders = sp_timestamp::InherentDataProvider;

    async fn create_inherent_data_providers(
        &self,
        parent: Hash,
        _: (),
    ) -> Result<Self::InherentDataProviders, Box<dyn std::error::Error + Send + Sync>> {
        Ok(sp_timestamp::InherentDataProvider::new(self.after(parent)?.into()))
    }
}

fn machine_time() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
