//! How far the mirror is, for all who wait for it to move.

use crate::{
    db::Database,
    problem::{Error, NotReady},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    time::{sleep, timeout},
};

/// How often the mirror is looked at while somebody waits. Looked at and not listened to: a standby of Postgres, which
/// this program may read from, has no notifications.
const LOOK: Duration = Duration::from_millis(100);

/// How long until the next look after one that failed.
const RETRY: Duration = Duration::from_secs(1);

/// Longest wait for a block that an answer must not be older than.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far the mirror was when it was last looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sight {
    /// Height of its last block, if it has any.
    pub height: Option<u64>,
    /// Whether the program ends, so that nothing more will be seen.
    pub is_last: bool,
}

/// Looks at the mirror for all who wait, so that a thousand of them cost it no more than one.
#[derive(Debug, Clone, Default)]
pub struct Tip {
    sight: Arc<watch::Sender<Sight>>,
    wanted: Arc<Notify>,
}

impl Tip {
    /// To wait with.
    pub fn watch(&self) -> watch::Receiver<Sight> {
        let receiver = self.sight.subscribe();
        self.wanted.notify_one();
        receiver
    }

    /// Looks at the mirror whenever somebody waits.
    pub async fn follow(self, database: Database) {
        loop {
            if self.sight.receiver_count() == 0 {
                // Whoever waits next must not be told what was seen before: the mirror may be projected anew meanwhile.
                self.sight.send_modify(|sight| sight.height = None);
                self.wanted.notified().await;
            }
            match database.height().await {
                Ok(height) => {
                    self.sight.send_if_modified(|sight| std::mem::replace(&mut sight.height, height) != height);
                    sleep(LOOK).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "the mirror's height cannot be read");
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Tells all who wait that nothing more will come.
    pub fn end(&self) {
        self.sight.send_modify(|sight| sight.is_last = true);
    }

    /// Waits until the mirror is at `wanted` or beyond.
    ///
    /// # Errors
    /// [`Error::NotFinalised`] if the chain has not finalised that block in time, [`Error::Behind`] if it has and the mirror
    /// is not there, and those of the database.
    pub async fn reach(&self, database: &Database, wanted: u64) -> Result<(), Error> {
        // The mirror may be there already, and usually is.
        if database.height().await?.is_some_and(|height| height >= wanted) {
            return Ok(());
        }
        let mut watch = self.watch();
        let seen = watch.wait_for(|sight| sight.is_last || sight.height.is_some_and(|height| height >= wanted));
        match timeout(PATIENCE, seen).await {
            Ok(Ok(sight)) if !sight.is_last => return Ok(()),
            _ => {}
        }
        let height = database.height().await?.ok_or(NotReady::NoBlock)?;
        match database.head().await? {
            Some(head) if head >= wanted => Err(Error::Behind { wanted, height }),
            head => Err(Error::NotFinalised { wanted, head: head.unwrap_or(height).max(height) }),
        }
    }
}
