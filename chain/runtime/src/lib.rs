//! Runtime of the local Gaia Governance chain: accounts, money and ink! contracts, nothing else.
//!
//! There is no consensus in here. Blocks are sealed by one node (`gaia-chain`), which reads this runtime as a wasm
//! file when it starts. What contracts see (limits, prices, host functions) is decided in [`configs`], and is kept
//! within what public chains with `pallet-contracts` offer, so that a contract that works here works there.
#![cfg_attr(not(feature = "std"), no_std)]
// `frame_support::runtime` nests one level per pallet.
#![recursion_limit = "256"]

extern crate alloc;

pub mod apis;
pub mod configs;
pub mod genesis;
#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    MultiAddress, MultiSignature, generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::{RuntimeVersion, runtime_version};

/// Version of this runtime. `spec_version` goes up with every change that alters what a block does,
/// `transaction_version` when an older signed transaction would no longer decode.
#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("gaia"),
    impl_name: Cow::Borrowed("gaia"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// Signature of a transaction: sr25519, ed25519 or ecdsa.
pub type Signature = MultiSignature;
/// An account: 32 bytes, as every Substrate wallet has it.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Money in base units; [`UNIT`] of them are one GAIA.
pub type Balance = u128;
/// Number of transactions an account has sent.
pub type Nonce = u32;
/// Hash of blocks, code and storage.
pub type Hash = sp_core::H256;
/// Height of a block.
pub type BlockNumber = u32;
/// Milliseconds since 1970.
pub type Moment = u64;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block as this runtime reads it.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// One GAIA in base units: 12 decimals.
pub const UNIT: Balance = 1_000_000_000_000;
/// A thousandth of a GAIA.
pub const MILLI: Balance = UNIT / 1_000;
/// A millionth of a GAIA.
pub const MICRO: Balance = UNIT / 1_000_000;

/// What a signed transaction carries beside its call, in the order in which it is encoded.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
);

/// A transaction before its signature has been checked.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// Runs blocks.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // Indices are part of every encoded call and event: append, never renumber.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(4)]
    pub type Sudo = pallet_sudo;

    #[runtime::pallet_index(5)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(6)]
    pub type Multisig = pallet_multisig;

    #[runtime::pallet_index(7)]
    pub type Proxy = pallet_proxy;

    #[runtime::pallet_index(8)]
    pub type Contracts = pallet_contracts;
}
