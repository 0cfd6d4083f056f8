//! The types of this node, and what it expects a runtime to offer.

use sc_executor::WasmExecutor;
use sp_runtime::{
    MultiSignature, OpaqueExtrinsic, generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};

pub(crate) type AccountId = <<MultiSignature as Verify>::Signer as IdentifyAccount>::AccountId;
pub(crate) type Balance = u128;
pub(crate) type Nonce = u32;
pub(crate) type Hash = sp_core::H256;
pub(crate) type Header = generic::Header<u32, BlakeTwo256>;
/// A block as the node sees it: what is inside a transaction is the runtime's affair.
pub(crate) type Block = generic::Block<Header, OpaqueExtrinsic>;

pub(crate) type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
pub(crate) type Backend = sc_service::TFullBackend<Block>;
pub(crate) type Client = sc_service::TFullClient<Block, expected::RuntimeApi, Executor>;
pub(crate) type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;

/// Runtime APIs by name and shape only.
///
/// The SDK derives the calls into a runtime from an implementation of these APIs. The real one is in the wasm file;
/// this one gives the types and is never run.
mod expected {
    use sp_api::impl_runtime_apis;
    use sp_core::OpaqueMetadata;
    use sp_inherents::{CheckInherentsResult, InherentData};
    use sp_runtime::{
        ApplyExtrinsicResult, ExtrinsicInclusionMode,
        traits::Block as BlockT,
        transaction_validity::{TransactionSource, TransactionValidity},
    };
    use sp_version::RuntimeVersion;

    use super::{AccountId, Balance, Block, Nonce};

    #[expect(dead_code, reason = "only its type is used")]
    pub(crate) struct Runtime;

    impl_runtime_apis! {
        impl sp_api::Core<Block> for Runtime {
            fn version() -> RuntimeVersion { unreachable!() }
            fn execute_block(_: <Block as BlockT>::LazyBlock) { unreachable!() }
            fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode { unreachable!() }
        }

        impl sp_api::Metadata<Block> for Runtime {
            fn metadata() -> OpaqueMetadata { unreachable!() }
            fn metadata_at_version(_: u32) -> Option<OpaqueMetadata> { unreachable!() }
            fn metadata_versions() -> Vec<u32> { unreachable!() }
        }

        impl sp_block_builder::BlockBuilder<Block> for Runtime {
            fn apply_extrinsic(_: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult { unreachable!() }
            fn finalize_block() -> <Block as BlockT>::Header { unreachable!() }
            fn inherent_extrinsics(_: InherentData) -> Vec<<Block as BlockT>::Extrinsic> { unreachable!() }
            fn check_inherents(_: <Block as BlockT>::LazyBlock, _: InherentData) -> CheckInherentsResult { unreachable!() }
        }

        impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
            fn validate_transaction(
                _: TransactionSource,
                _: <Block as BlockT>::Extrinsic,
                _: <Block as BlockT>::Hash,
            ) -> TransactionValidity { unreachable!() }
        }

        // The `author_` methods are bound to this. Our runtime has no session keys and they answer with an error.
        impl sp_session::SessionKeys<Block> for Runtime {
            fn generate_session_keys(_: Vec<u8>, _: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
                unreachable!()
            }
            fn decode_session_keys(_: Vec<u8>) -> Option<Vec<(Vec<u8>, sp_core::crypto::KeyTypeId)>> { unreachable!() }
        }

        impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
            fn account_nonce(_: AccountId) -> Nonce { unreachable!() }
        }

        impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
            fn query_info(
                _: <Block as BlockT>::Extrinsic,
                _: u32,
            ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> { unreachable!() }
            fn query_fee_details(
                _: <Block as BlockT>::Extrinsic,
                _: u32,
            ) -> pallet_transaction_payment_rpc_runtime_api::FeeDetails<Balance> { unreachable!() }
            fn query_weight_to_fee(_: sp_weights::Weight) -> Balance { unreachable!() }
            fn query_length_to_fee(_: u32) -> Balance { unreachable!() }
        }
    }
}
