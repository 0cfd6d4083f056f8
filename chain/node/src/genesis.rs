//! The first block, made from the runtime file.

use codec::{Decode, Encode};
use sc_chain_spec::json_patch;
use serde_json::Value;
use sp_core::{
    storage::{Storage, well_known_keys},
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};
use sp_state_machine::BasicExternalities;

use crate::client::Executor;

/// State key under which the chain's name is written. It is read by nobody: it makes the genesis hash differ.
const CHAIN_ID_KEY: &[u8] = b":gaia:chain-id";

/// State of block 0 of the development chain called `chain_id`: what the runtime's own development preset says.
///
/// Uses the executor of the node, so that the runtime compiled here is the one that later runs the blocks: the
/// chain-spec builder of the SDK would compile it a second time.
pub(crate) fn storage(executor: &Executor, wasm: &[u8], chain_id: &str) -> Result<Storage, String> {
    let runtime = Runtime { executor, wasm };

    let mut config = runtime.preset(None)?;
    json_patch::merge(&mut config, runtime.preset(Some(DEV_RUNTIME_PRESET.into()))?);
    let mut storage = runtime.build(&config)?;

    storage.top.insert(well_known_keys::CODE.into(), wasm.into());
    storage.top.insert(CHAIN_ID_KEY.into(), chain_id.into());
    Ok(storage)
}

/// The `GenesisBuilder` API of a runtime that is in no chain yet.
struct Runtime<'a> {
    executor: &'a Executor,
    wasm: &'a [u8],
}

impl Runtime<'_> {
    fn preset(&self, id: Option<PresetId>) -> Result<Value, String> {
        let mut state = BasicExternalities::new_empty();
        let answer = self.call(&mut state, "GenesisBuilder_get_preset", &id.encode())?;
        let json = Option::<Vec<u8>>::decode(&mut &*answer)
            .map_err(|e| format!("its genesis preset cannot be decoded: {e}"))?
            .ok_or_else(|| format!("it has no genesis preset {id:?}"))?;
        serde_json::from_slice(&json).map_err(|e| format!("its genesis preset is not JSON: {e}"))
    }

    fn build(&self, config: &Value) -> Result<Storage, String> {
        let mut state = BasicExternalities::new_empty();
        let answer = self.call(&mut state, "GenesisBuilder_build_state", &config.to_string().encode())?;
        sp_genesis_builder::Result::decode(&mut &*answer)
            .map_err(|e| format!("its answer to building the genesis state cannot be decoded: {e}"))?
            .map_err(|e| format!("it refuses its own genesis preset: {e}"))?;
        Ok(state.into_storages())
    }

    fn call(&self, state: &mut BasicExternalities, method: &str, arguments: &[u8]) -> Result<Vec<u8>, String> {
        let code = WrappedRuntimeCode(self.wasm.into());
        // The hash is how the executor finds this code again when the state offers it.
        let hash = sp_io::hashing::blake2_256(self.wasm).to_vec();
        let code = RuntimeCode { code_fetcher: &code, heap_pages: None, hash };
        let (answer, _) = self.executor.call(state, &code, method, arguments, CallContext::Offchain);
        answer.map_err(|e| e.to_string())
    }
}
