//! New code for a contract that is there already.
//!
//! A contract changes its code only on the governor's order. The new code is then asked at once, within the same
//! message, whether it can read what the old one stored: [`Upgradable::migrate`] converts it, or refuses, and a refusal
//! undoes the change. Which contract's storage it is, and of which version, stands in a cell that every version of the code
//! knows.

use crate::Hash;
use ink::env::DefaultEnvironment;

/// Why new code cannot take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum UpgradeError {
    /// Only governance may.
    NotGoverned,
    /// No code of this hash was uploaded.
    UnknownCode,
    /// The new code refused what the old one stored, or knows nothing of upgrades.
    Incompatible,
}

/// What every contract that can be upgraded answers.
#[ink::trait_definition]
pub trait Upgradable {
    /// Runs the code of this hash from now on. Only governance may.
    #[ink(message)]
    fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError>;

    /// Makes what an earlier version stored readable for this one. Does nothing where it is already; anyone may ask.
    #[ink(message)]
    fn migrate(&mut self) -> Result<(), UpgradeError>;

    /// Version of what is stored.
    #[ink(message)]
    fn storage_version(&self) -> u16;
}

/// A contract runs new code.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgraded {
    /// The code.
    #[ink(topic)]
    pub code_hash: Hash,
}

/// What is stored: which contract's, and in which version. Code of another contract reads it as little as code of
/// another version.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct Stored {
    /// The contract's name, filled up with zeros, and the version: bytes, which take least code to compare.
    bytes: [u8; 10],
}

impl Stored {
    /// What this version of the contract with this name, of at most 8 letters, stores.
    pub const fn of(contract: &str, version: u16) -> Self {
        let (name, [low, high]) = (contract.as_bytes(), version.to_le_bytes());
        let mut bytes = [0, 0, 0, 0, 0, 0, 0, 0, low, high];
        let (names, _) = bytes.split_at_mut(8);
        let (place, _) = names.split_at_mut(name.len());
        place.copy_from_slice(name);
        Self { bytes }
    }
}

/// The key of the cell that says what is stored; no storage field has it.
const STORED: &[u8; 4] = b"vers";

/// Notes in the constructor, or after a migration, what is stored.
pub fn mark(stored: Stored) {
    ink::env::set_contract_storage(STORED, &stored);
}

/// What is stored.
pub fn marked() -> Stored {
    ink::env::get_contract_storage(STORED).ok().flatten().unwrap_or_default()
}

/// The version of what is stored.
pub fn version() -> u16 {
    let [.., low, high] = marked().bytes;
    u16::from_le_bytes([low, high])
}

/// Whether just this is stored: the answer of a contract that has no version before it.
///
/// # Errors
/// [`UpgradeError::Incompatible`].
pub fn expect(stored: Stored) -> Result<(), UpgradeError> {
    if marked() == stored { Ok(()) } else { Err(UpgradeError::Incompatible) }
}

/// Changes the running contract's code on the order of governance, asks the new code whether it can go on with what is
/// stored, and says so. Who calls this must return an error for an error, so that the change is undone, and must keep
/// nothing in its root cell, which it would write back over what the new code stored.
///
/// # Errors
/// [`UpgradeError::NotGoverned`], [`UpgradeError::UnknownCode`], [`UpgradeError::Incompatible`].
pub fn adopt(governed: bool, code_hash: Hash) -> Result<(), UpgradeError> {
    if !governed {
        return Err(UpgradeError::NotGoverned);
    }
    ink::env::set_code_hash::<DefaultEnvironment>(&code_hash).map_err(|_| UpgradeError::UnknownCode)?;
    if !accepts() {
        return Err(UpgradeError::Incompatible);
    }
    ink::env::emit_event::<DefaultEnvironment, _>(Upgraded { code_hash });
    Ok(())
}

/// Calls this contract's own `migrate`. The only place where a contract of ours may be entered while it runs, for
/// nothing else can tell before the end of the message what the new code thinks of it.
#[cfg(target_arch = "wasm32")]
fn accepts() -> bool {
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl};

    let own = ink::env::account_id::<DefaultEnvironment>();
    let (all_gas, no_deposit_limit, no_value, no_output) = (0, None, [0; 16], None);
    let message = ink::selector_bytes!("Upgradable::migrate");
    HostFnImpl::call_v2(
        CallFlags::ALLOW_REENTRY,
        own.as_ref(),
        all_gas,
        all_gas,
        no_deposit_limit,
        &no_value,
        &message,
        no_output,
    )
    .is_ok()
}

/// Off chain there is no code to change.
#[cfg(not(target_arch = "wasm32"))]
fn accepts() -> bool {
    true
}
