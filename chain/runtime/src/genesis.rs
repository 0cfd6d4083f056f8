//! The state of block 0: a development chain whose well-known accounts own money.

use alloc::{string::ToString, vec, vec::Vec};
use serde_json::{Value, json};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};
use sp_keyring::Sr25519Keyring;

use crate::{AccountId, configs::ENDOWMENT};

/// `//Alice` to `//Ferdie`, each with its `//stash`.
fn development_accounts() -> Vec<AccountId> {
    use Sr25519Keyring::{
        Alice, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, DaveStash, Eve, EveStash, Ferdie, FerdieStash,
    };
    [Alice, Bob, Charlie, Dave, Eve, Ferdie, AliceStash, BobStash, CharlieStash, DaveStash, EveStash, FerdieStash]
        .map(|key| key.to_account_id())
        .into()
}

fn development() -> Value {
    // JSON numbers end at 64 bits. Twelve decimals of a million fit.
    let balances: Vec<_> = development_accounts().into_iter().map(|account| (account, ENDOWMENT)).collect();
    json!({
        "balances": { "balances": balances },
        "sudo": { "key": Sr25519Keyring::Alice.to_account_id() },
    })
}

/// The preset called `id` as a JSON patch of the default genesis.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    (id.as_str() == DEV_RUNTIME_PRESET).then(|| development().to_string().into_bytes())
}

/// Names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET)]
}
