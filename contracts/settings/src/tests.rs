//! The settings off chain, where there is no registry to ask. What operators do is tested with the contracts together.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

mod flags;
mod parameters;

use crate::settings::Settings;
use ballot::BasisPoints;
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    AccountId, Moment,
    governor::Kind,
    key::Key,
    settings::{
        Anchors, Bounds, Definition, FlagOrder, Flags, Parameters, Releases, Settings as _, SettingsError, Stage, Value,
    },
    upgrade::{Upgradable, UpgradeError},
};

fn account(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn caller(number: u8) {
    test::set_caller::<DefaultEnvironment>(account(number));
}

fn clock(moment: Moment) {
    test::set_block_timestamp::<DefaultEnvironment>(moment);
}

fn key(name: &str) -> Key {
    Key::new(name).expect("a key in a test is one")
}

/// Settings whose governor is about to call them.
fn settings() -> Settings {
    caller(1);
    Settings::new(account(1), account(2))
}

#[ink::test]
fn they_keep_what_they_were_given() {
    let mut settings = settings();
    assert_eq!((settings.governor(), settings.registry()), (account(1), account(2)));
    assert_eq!((settings.migrate(), settings.storage_version()), (Ok(()), 1));
    assert_eq!((settings.parameter_count(), settings.flag_count()), (0, 0));
    assert_eq!((settings.release_count(), settings.origin_count()), (0, 0));
}

#[ink::test]
fn without_a_registry_that_answers_nobody_is_an_operator_or_anchors() {
    let mut settings = settings();
    assert_eq!(settings.kill(key("search")), Err(SettingsError::RegistryFailed));
    assert_eq!(settings.anchor(key("log"), 1, [1; 32].into()), Err(SettingsError::RegistryFailed));
    assert_eq!(settings.report(0, interfaces::settings::Report::Started), Err(SettingsError::RegistryFailed));
}

#[ink::test]
fn only_the_governor_brings_new_code() {
    let mut settings = settings();
    caller(3);
    assert_eq!(settings.upgrade([1; 32].into()), Err(UpgradeError::NotGoverned));
}

#[ink::test]
fn names_of_one_sort_are_not_those_of_another() {
    let mut settings = settings();
    let definition = Definition { owner: Kind::ParameterChange, bounds: Bounds::Bool, note: String::new() };
    assert_eq!(settings.define(Kind::ParameterChange, key("a"), definition, Value::Bool(true)), Ok(()));
    let flag = FlagOrder {
        owner: Kind::ParameterChange,
        ceiling: BasisPoints::NONE,
        exposure: BasisPoints::NONE,
        body: "{}".into(),
    };
    assert_eq!(settings.set_flag(Kind::ParameterChange, key("b"), flag), Ok(()));
    assert_eq!((settings.parameter_count(), settings.flag_count(), settings.origin_count()), (1, 1, 0));
    assert_eq!((settings.parameter_key(0), settings.parameter_key(1)), (Some(key("a")), None));
    assert_eq!((settings.flag_key(0), settings.origin_key(0)), (Some(key("b")), None));
    assert_eq!((settings.value(key("a")), settings.value(key("b"))), (Some(Value::Bool(true)), None));
    assert_eq!((settings.anchor_count(key("a")), settings.flag(key("a"))), (0, None));
}

#[test]
fn every_stage_has_a_name() {
    let stages =
        [Stage::Approved, Stage::Running { passed: 0, since: 0 }, Stage::Completed, Stage::RolledBack, Stage::Revoked];
    let names = ["approved", "running", "completed", "rolled back", "revoked"];
    assert_eq!(stages.map(Stage::as_str), names);
}
