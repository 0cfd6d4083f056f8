//! What a person who types something wrong is told.

use crate::database::Database;
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
    let contract = |byte: &str| format!(r#"{{"account":"0x{0}","code_hash":"0x{0}"}}"#, byte.repeat(32));
    let json = format!(
        r#"{{"genesis_hash":"0x{}","height":1,"contracts":{{"token":{},"governor":{},"treasury":{}}}}}"#,
        "00".repeat(32),
        contract("01"),
        contract("02"),
        contract("03")
    );
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

    let usage = program(&["run", "--chain", "http://127.0.0.1:1", "--database", nowhere, "--deployment", &deployment]);
    let usage = String::from_utf8(usage.stderr).expect("text");
    assert!(usage.contains("must begin with ws:// or wss://"), "{usage}");
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
