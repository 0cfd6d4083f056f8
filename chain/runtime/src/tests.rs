//! What others rely on. Limits that must fit each other are checked by the pallets' own integrity tests, which run
//! along with these.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::{Contains, Get, InstanceFilter},
};
use pallet_contracts::Config as Contracts;
use sp_genesis_builder::DEV_RUNTIME_PRESET;
use sp_keyring::Sr25519Keyring::{Alice, Bob, FerdieStash};

use crate::{Balances, Runtime, RuntimeCall, RuntimeGenesisConfig, UNIT, configs::ProxyType, genesis};

fn call(call: impl Into<RuntimeCall>) -> RuntimeCall {
    call.into()
}

fn payment() -> RuntimeCall {
    call(pallet_balances::Call::transfer_all { dest: Bob.to_account_id().into(), keep_alive: true })
}

fn payment_by_force() -> RuntimeCall {
    call(pallet_sudo::Call::sudo { call: Box::new(payment()) })
}

#[test]
fn development_accounts_own_money_and_alice_is_sudo() {
    sp_io::TestExternalities::default().execute_with(|| {
        let whole = get_preset::<RuntimeGenesisConfig>(&None, |_| None).unwrap();
        let patch = genesis::preset(&DEV_RUNTIME_PRESET.into()).unwrap();
        let mut config: serde_json::Value = serde_json::from_slice(&whole).unwrap();
        let patch: serde_json::Value = serde_json::from_slice(&patch).unwrap();
        for (pallet, values) in patch.as_object().unwrap() {
            for (name, value) in values.as_object().unwrap() {
                config[pallet][name] = value.clone();
            }
        }
        build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes()).unwrap();

        for key in [Alice, Bob, FerdieStash] {
            assert_eq!(Balances::free_balance(key.to_account_id()), 1_000_000 * UNIT);
        }
        assert_eq!(Balances::total_issuance(), 12_000_000 * UNIT);
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Alice.to_account_id()));
    });
}

#[test]
fn contracts_get_no_unstable_function_and_no_runtime_call() {
    assert!(!<<Runtime as Contracts>::UnsafeUnstableInterface as Get<bool>>::get());
    for refused in [payment(), payment_by_force()] {
        assert!(!<Runtime as Contracts>::CallFilter::contains(&refused));
    }
}

#[test]
fn a_proxy_that_may_not_transfer_may_not_force_a_transfer_either() {
    for refused in [payment(), payment_by_force()] {
        assert!(ProxyType::Any.filter(&refused));
        assert!(!ProxyType::NonTransfer.filter(&refused));
        assert!(!ProxyType::Contracts.filter(&refused));
    }
    assert!(ProxyType::Any.is_superset(&ProxyType::NonTransfer));
    assert!(!ProxyType::Contracts.is_superset(&ProxyType::NonTransfer));
}
