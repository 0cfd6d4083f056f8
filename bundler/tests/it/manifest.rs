use std::fs;

use ballot::Mechanism;
use bundler::{Account, Amount, BuildOptions, Development, MANIFEST, Manifest, build};

use crate::repository;

/// The message with which `text` is refused as a manifest, without the file's folder.
fn refused(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(MANIFEST);
    fs::write(&path, text).unwrap();
    let message = Manifest::load(&path).unwrap_err().to_string();
    message.replace(path.to_str().unwrap(), MANIFEST)
}

const NETWORK: &str = r#"
[contracts.token]
path = "contracts/token"
budget = 20_000

[networks.local]
token = { name = "N", symbol = "S", decimals = 0, holders = HOLDERS }
registry = { attestors = [{ account = "alice", tiers = [1, 2, 3], daily_cap = 100 }] }
treasury = { endowment = 0 }

[networks.local.governor]
live_limit = 1

[networks.local.governor.rules.default]
mechanisms = ["majority"]
proposal_threshold = 1
deposit = 0
voting_delay_ms = 0
voting_period_ms = 1
freeze_ms = 0
extension_ms = 0
approval_bps = 5_000
plurality_bps = 0
credits = 100
execution_delay_ms = 0
execution_window_ms = 1
spend_cap = 0
period_cap = 0
period_ms = 1
guarded = true

[networks.local.governor.rules.treasury_spending]
mechanisms = ["majority", "ranked"]
spend_cap = "5_000"
"#;

/// A manifest with a network of these holders, and one more line among the rules by default.
fn network(holders: &str, rule: &str) -> String {
    let defaults = "[networks.local.governor.rules.default]\n";
    NETWORK.replace("HOLDERS", holders).replace(defaults, &format!("{defaults}{rule}\n"))
}

const QUORUM: &str = "quorum_bps = 0";

#[test]
fn the_repositorys_own_is_accepted() {
    let manifest = Manifest::load(repository().join(MANIFEST)).unwrap();
    for name in ["token", "ledger", "registry", "governor", "polls", "rankings", "treasury"] {
        assert!(manifest.contracts().any(|(known, _)| known == name), "{name} is missing");
    }
    let local = manifest.network("local").unwrap();
    let first = &local.token.holders[0];
    assert_eq!(first.account, Account::Development(Development::Alice));
    assert_eq!(first.amount, Amount(400_000_000_000_000_000));
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let message = refused("[contracts.token]\npath = \"contracts/token\"\nbudgt = 5\n");
    assert_eq!(
        message,
        "Cargo-contract.toml, line 3, in contracts.token.budgt: unknown field `budgt`, expected `path` or `budget`; \
         correct that line"
    );
}

#[test]
fn a_missing_key_and_broken_toml_are_named_with_their_line() {
    let missing = refused("\n[contracts.token]\npath = \"contracts/token\"\n");
    assert_eq!(missing, "Cargo-contract.toml, line 2, in contracts.token: missing field `budget`; correct that line");
    let broken = refused("[contracts.token]\npath = \n");
    assert!(broken.starts_with("Cargo-contract.toml, line 2, in the file: "), "{broken}");
}

#[test]
fn a_missing_manifest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(MANIFEST);
    let message = Manifest::load(&path).unwrap_err().to_string();
    assert!(message.starts_with(&format!("cannot read {}: ", path.display())), "{message}");
    assert!(message.ends_with("; run this in the repository, or name the manifest"), "{message}");
}

#[test]
fn a_budget_of_nothing_is_refused() {
    let message = refused("[contracts.token]\npath = \"contracts/token\"\nbudget = 0\n");
    assert_eq!(
        message,
        "Cargo-contract.toml: contracts.token.budget is 0, which no contract can keep; give the largest size of its \
         code, in bytes"
    );
}

#[test]
fn names_and_paths_stay_within_the_repository() {
    let message = refused("[contracts.\"../token\"]\npath = \"contracts/token\"\nbudget = 5\n");
    assert!(message.contains(r#"contracts."../token" is no name for a contract"#), "{message}");
    let message = refused("[contracts.token]\npath = \"/contracts/token\"\nbudget = 5\n");
    assert!(message.contains("contracts.token.path is absolute"), "{message}");
    let message = refused("[contracts.a]\npath = \"a\"\nbudget = 5\n[fixtures.a]\npath = \"b\"\nbudget = 5\n");
    assert!(message.contains("fixtures.a is also the name of a contract"), "{message}");
}

#[test]
fn amounts_are_exact() {
    let most = u128::MAX.to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(MANIFEST);
    fs::write(&path, network(&format!(r#"[{{ account = "bob", amount = "{most}" }}]"#), QUORUM)).unwrap();
    let manifest = Manifest::load(&path).unwrap();
    assert_eq!(manifest.network("local").unwrap().token.holders[0].amount, Amount(u128::MAX));

    for wrong in [r#""1.5""#, r#""+5""#, r#""""#, r#""_""#, "-1", "1.5", &format!(r#""{most}0""#)] {
        let message = refused(&network(&format!(r#"[{{ account = "bob", amount = {wrong} }}]"#), QUORUM));
        assert!(message.contains("networks.local.token.holders[0].amount"), "{wrong}: {message}");
        assert!(message.contains("an amount in base units"), "{wrong}: {message}");
    }
}

#[test]
fn a_kinds_own_rules_stand_beside_those_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(MANIFEST);
    fs::write(&path, network("[]", QUORUM)).unwrap();
    let manifest = Manifest::load(&path).unwrap();
    let rules = &manifest.network("local").unwrap().governor.rules;
    assert_eq!(rules.treasury_spending.mechanisms, [Mechanism::Majority, Mechanism::Ranked]);
    assert_eq!(rules.treasury_spending.spend_cap, Amount(5_000));
    assert_eq!(rules.treasury_spending.credits, 100);
    assert_eq!(rules.protocol_upgrade, rules.parameter_change);
    assert_eq!(rules.protocol_upgrade.mechanisms, [Mechanism::Majority]);
}

#[test]
fn a_rule_that_is_given_nowhere_is_named() {
    let message = refused(&network("[]", ""));
    assert!(message.contains("networks.local.governor.rules"), "{message}");
    assert!(message.contains("protocol_upgrade has no \"quorum_bps\", and neither has the table of def"), "{message}");
}

#[test]
fn senseless_networks_are_refused() {
    let bob = r#"{ account = "bob", amount = 1 }"#;
    for (holders, rule, expected) in [
        (format!("[{bob}, {bob}]"), QUORUM, "holders[1].account is there twice"),
        (r#"[{ account = "bob", amount = 0 }]"#.to_owned(), QUORUM, "holders[0].amount is 0"),
        (r#"[{ account = "mallory", amount = 1 }]"#.to_owned(), QUORUM, "neither a development account (alice, bob"),
        (format!("[{bob}]"), "quorum_bps = 10_001", "10001 basis points is more than the whole"),
        (
            format!(r#"[{bob}, {{ account = "eve", amount = "{}" }}]"#, u128::MAX),
            QUORUM,
            "holders hold more together than can be counted",
        ),
    ] {
        let message = refused(&network(&holders, rule));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn senseless_rules_are_refused() {
    let accepted = network("[]", QUORUM);
    for (from, to, expected) in [
        ("live_limit = 1", "live_limit = 0", "governor.live_limit is 0, with which nobody can propose"),
        ("voting_period_ms = 1", "voting_period_ms = 0", "rules.protocol_upgrade.voting_period_ms is 0"),
        ("\nperiod_ms = 1", "\nperiod_ms = 0", "rules.protocol_upgrade.period_ms is 0"),
        ("[\"majority\", \"ranked\"]", "[]", "rules.treasury_spending.mechanisms is empty"),
        ("[\"majority\"]", "[\"lottery\"]", "lottery"),
        ("approval_bps = 5_000", "approval_bps = 4_999", "approval_bps is less than 5000"),
        ("plurality_bps = 0", "plurality_bps = 10_000", "plurality_bps is 10000, which nothing can exceed"),
    ] {
        assert!(accepted.contains(from), "{from}");
        let message = refused(&accepted.replacen(from, to, 1));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn unknown_names_are_answered_with_the_known() {
    let manifest = Manifest::load(repository().join(MANIFEST)).unwrap();
    let options = BuildOptions { contracts: vec!["tokn".to_owned()], ..BuildOptions::default() };
    let message = build(&manifest, &options).unwrap_err().to_string();
    assert!(message.contains(r#"has no contract "tokn"; it has "#), "{message}");
    let message = manifest.network("mars").unwrap_err().to_string();
    assert!(message.contains(r#"has no network "mars"; it has "#), "{message}");
}
