//! Messages of every contract that can be upgraded.

use super::messages;
use interfaces::{Hash, upgrade::UpgradeError};

messages!(Upgradable {
    /// Runs other code; only a proposal can order it.
    upgrade(code_hash: Hash) -> Result<(), UpgradeError>;
    /// Makes what an earlier version stored readable.
    migrate() -> Result<(), UpgradeError>;
    /// Version of what is stored.
    storage_version() -> u16;
});
