//! What a person who types something wrong is told.

use crate::database::Database;
use indexer::Contracts;
use std::{
    fs,
    net::TcpListener,
    process::{Command, Output},
};
use tempfile::TempDir;

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gaia-indexer"))
        .env_clear()
        .args(arguments)
        .output()
        .expect("the program was built")
}

/// The last line of standard error, after making sure that the program failed.
fn refusal(arguments: &[&str]) -> String {
    let output = program(arguments);
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success(), "{text}");
    text.lines().rfind(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn deployment(folder: &TempDir) -> String {
    let path = folder.path().join("deployment.json");
    let contract = |name: &str, byte: &str| {
        let digits = byte.repeat(32);
        format!(r#""{name}":{{"account":"0x{digits}","code_hash":"0x{digits}"}}"#)
    };
    let contracts: Vec<_> =
        Contracts::NAMES.iter().zip(1..).map(|(name, byte)| contract(name, &format!("{byte:02}"))).collect();
    let contracts = contracts.join(",");
    let json = format!(r#"{{"genesis_hash":"0x{}","height":1,"contracts":{{{contracts}}}}}"#, "00".repeat(32));
    fs::write(&path, json).expect("writable");
    path.to_str().expect("text").to_owned()
}

#[test]
fn wrong_settings_get_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let deployment = deployment(&folder);
    let nowhere = "postgres://gaia:hunter2@127.0.0.1:1/none";
    let run = |chain: &str, database: &str, deployment: &str| {
        refusal(&[
            "run",
            "--chain",
            chain,
            "--database",
            database,
            "--deployment",
            deployment,
            "--listen",
            "127.0.0.1:0",
        ])
    };

    let line = run("ws://127.0.0.1:1", nowhere, &deployment);
    assert!(line.starts_with("gaia-indexer: the chain at ws://127.0.0.1:1 cannot be reached: "), "{line}");
    let missing = run("ws://127.0.0.1:1", nowhere, "/nowhere/deployment.json");
    assert!(missing.contains("/nowhere/deployment.json"), "{missing}");
    let line = refusal(&["migrate", "--database", nowhere]);
    assert!(line.contains("the database none at 127.0.0.1:1 cannot be reached"), "{line}");
    assert!(!line.contains("hunter2"), "{line}");

    let line = run("http://127.0.0.1:1", nowhere, &deployment);
    assert!(line.contains("must begin with ws:// or wss://"), "{line}");
}

#[test]
fn secrets_in_what_is_refused_are_not_repeated() {
    let (chain, database) = ("https://h/api-key", "postgres://u:hunter2@h:port/d");
    let unknown = "postgres://u@127.0.0.1:1/d?passwort=hunter2";
    let run = |chain: &str, database: &str| {
        program(&["run", "--chain", chain, "--database", database, "--deployment", "/nowhere/deployment.json"])
    };
    let by_variable = Command::new(env!("CARGO_BIN_EXE_gaia-indexer"))
        .env_clear()
        .env("GAIA_DATABASE_URL", database)
        .arg("migrate")
        .output()
        .expect("the program was built");
    for (output, reason) in [
        (program(&["migrate", "--database", database]), "the database's URL cannot be used"),
        (program(&["migrate", "--database", "mysql://u:hunter2@h/d"]), "the database's URL cannot be used"),
        (program(&["migrate", "--database", unknown]), "the database d at 127.0.0.1:1 cannot be reached"),
        (by_variable, "the database's URL cannot be used"),
        (run("ws://127.0.0.1:1", database), "the database's URL cannot be used"),
        (run(chain, "postgres://u:hunter2@h/d"), "the chain's URL must begin with"),
    ] {
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!output.status.success() && said.contains(reason), "{said}");
        assert!(!said.contains("hunter2") && !said.contains("api-key"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let line = refusal(&[
        "run",
        "--chain",
        "ws://127.0.0.1:1",
        "--database",
        "postgres://127.0.0.1:1/none",
        "--deployment",
        &deployment(&folder),
        "--listen",
        &address,
    ]);
    assert!(line.contains(&format!("cannot listen on {address}")), "{line}");
}

#[tokio::test]
async fn migrating_by_command_prepares_the_database() {
    let database = Database::empty().await;
    let output = Command::new(env!("CARGO_BIN_EXE_gaia-indexer"))
        .env("GAIA_DATABASE_URL", database.text_url(""))
        .arg("migrate")
        .output()
        .expect("the program was built");
    assert!(output.status.success(), "{output:?}");
    database.store().await;
}
