use std::fs;

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
treasury = { endowment = 0 }

[networks.local.governor]
proposal_threshold = 1
voting_delay_ms = 0
voting_period_ms = 1
execution_delay_ms = 0
execution_window_ms = 1
quorum_bps = QUORUM
approval_bps = 5_000
"#;

fn network(holders: &str, quorum: &str) -> String {
    NETWORK.replace("HOLDERS", holders).replace("QUORUM", quorum)
}

#[test]
fn the_repositorys_own_is_accepted() {
    let manifest = Manifest::load(repository().join(MANIFEST)).unwrap();
    for name in ["token", "governor", "treasury"] {
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
    fs::write(&path, network(&format!(r#"[{{ account = "bob", amount = "{most}" }}]"#), "0")).unwrap();
    let manifest = Manifest::load(&path).unwrap();
    assert_eq!(manifest.network("local").unwrap().token.holders[0].amount, Amount(u128::MAX));

    for wrong in [r#""1.5""#, r#""+5""#, r#""""#, r#""_""#, "-1", "1.5", &format!(r#""{most}0""#)] {
        let message = refused(&network(&format!(r#"[{{ account = "bob", amount = {wrong} }}]"#), "0"));
        assert!(message.contains("networks.local.token.holders[0].amount"), "{wrong}: {message}");
        assert!(message.contains("an amount in base units"), "{wrong}: {message}");
    }
}

#[test]
fn senseless_networks_are_refused() {
    let bob = r#"{ account = "bob", amount = 1 }"#;
    for (holders, quorum, expected) in [
        (format!("[{bob}, {bob}]"), "0", "holders[1].account is there twice"),
        (r#"[{ account = "bob", amount = 0 }]"#.to_owned(), "0", "holders[0].amount is 0"),
        (r#"[{ account = "mallory", amount = 1 }]"#.to_owned(), "0", "neither a development account (alice, bob"),
        (format!("[{bob}]"), "10_001", "governor.quorum_bps is more than 10000"),
        (
            format!(r#"[{bob}, {{ account = "eve", amount = "{}" }}]"#, u128::MAX),
            "0",
            "holders hold more together than can be counted",
        ),
    ] {
        let message = refused(&network(&holders, quorum));
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
