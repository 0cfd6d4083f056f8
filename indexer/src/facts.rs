//! What a block says, free of any RPC, metadata or SQL type: the only thing that passes from the chain to the store.

use interfaces::{AccountId, Balance, Hash, Moment};
use std::fmt::{Display, Formatter, Result};

/// A block's number.
pub type Height = u64;

/// A block: its height and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockId {
    /// Its number.
    pub height: Height,
    /// BLAKE2b-256 of its header.
    pub hash: Hash,
}

impl Display for BlockId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} ({})", self.height, Hex(self.hash.as_ref()))
    }
}

/// Everything that the mirror needs to know of one finalised block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFacts {
    /// Which block.
    pub id: BlockId,
    /// Hash of the block before it.
    pub parent: Hash,
    /// Root of the chain's state after it.
    pub state_root: Hash,
    /// Its timestamp; 0 in the genesis block, which has none.
    pub moment: Moment,
    /// Version of the runtime that executed it.
    pub spec_version: u32,
    /// Every contract event in it, of any contract, in the order of emission.
    pub events: Vec<RawEvent>,
    /// The treasury's free native balance after it. Currency can arrive by plain transfer, without any contract event.
    pub treasury_free: Balance,
    /// What an account must hold to exist, by the runtime that executed it.
    pub existential_deposit: Balance,
}

impl BlockFacts {
    /// How many rows it will fill, about: what batches are bounded by.
    pub fn rows(&self) -> usize {
        self.events.len().saturating_add(1)
    }
}

/// A contract event as it was emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    /// Position among all events of its block, those of pallets included.
    pub index: u32,
    /// The extrinsic that caused it; none for block hooks.
    pub extrinsic: Option<u32>,
    /// The contract that emitted it.
    pub contract: AccountId,
    /// Topics; of an event that is not anonymous, the first tells its type.
    pub topics: Vec<Hash>,
    /// SCALE-encoded fields.
    pub data: Vec<u8>,
}

/// Bytes written as `0x` and hexadecimal digits.
pub(crate) struct Hex<'a>(pub &'a [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
