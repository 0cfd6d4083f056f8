//! What people type or send that is wrong: one clear sentence and a status other than 0.

use crate::{
    round::gaia,
    world::{World, repository, signer},
};
use std::net::TcpListener;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};

/// Runs `gaia` and expects it to fail; what it said.
async fn fails(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(gaia());
    if !arguments.contains(&"--home") {
        command.arg("--home").arg(folder.path());
    }
    let output = command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(repository())
        .output()
        .await
        .expect("gaia starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "gaia {arguments:?} succeeded: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[track_caller]
fn says(said: &str, needle: &str) {
    assert!(said.contains(needle), "{needle:?} is not in: {said}");
}

#[tokio::test]
async fn a_wrong_chain_url() {
    let said = fails(&["--chain", "http://127.0.0.1:1", "verify"], &[]).await;
    says(&said, "\"http://127.0.0.1:1\" is not a chain URL: it must look like ws://host:port");
}

#[tokio::test]
async fn a_chain_that_is_not_there() {
    let said = fails(&["--chain", "ws://127.0.0.1:1", "verify"], &[]).await;
    says(&said, "no Substrate node answers at ws://127.0.0.1:1");
}

#[tokio::test]
async fn nothing_runs() {
    let said = fails(&["verify"], &[]).await;
    says(&said, "start it with `gaia up`");
}

#[tokio::test]
async fn a_malformed_account_amount_signer_or_file() {
    let pay = |order| ["propose", "--title", "x", "--signer", "//Alice", "--pay", order];
    says(&fails(&pay("5Grw=1"), &[]).await, "SS58");
    says(&fails(&pay("//Bob=1.5"), &[]).await, "an amount is a whole number of base units");
    says(&fails(&pay("//Bob"), &[]).await, "ACCOUNT=AMOUNT");
    says(&fails(&["vote", "0", "for", "--signer", "my secret phrase"], &[]).await, "//Alice");
    says(&fails(&["vote", "0", "for", "--key-file", "/nonexistent"], &[]).await, "/nonexistent");
    says(&fails(&["vote", "0", "--rank", "1,first", "--signer", "//Alice"], &[]).await, "\"first\" is no option");
    says(&fails(&["vote", "0", "for", "--rank", "1", "--signer", "//Alice"], &[]).await, "cannot be used with");
    says(&fails(&["vote", "0", "--signer", "//Alice"], &[]).await, "--approve");
    says(&fails(&["delegate", "//Bob=101", "--signer", "//Alice"], &[]).await, "no share");
    says(&fails(&["delegate", "//Bob=1", "--until", "soon", "--signer", "//Alice"], &[]).await, "no date");
    let said = fails(&["delegate", "//Bob=1", "--until", "2030-01-01", "--signer", "//Alice"], &[]).await;
    says(&said, "give 2029-12-27 or 2030-01-03");
    let of = |kind| ["propose", "--title", "x", "--kind", kind, "--signer", "//Alice"];
    says(&fails(&of("whim"), &[]).await, "unknown variant `whim`");
    says(&fails(&["relay", "Cargo.toml", "--signer", "//Alice"], &[]).await, "is not a signed vote or delegation");
    says(&fails(&["vote", "minus", "for", "--signer", "//Alice"], &[]).await, "minus");
    says(&fails(&["vote", "0", "for"], &[]).await, "--signer");
    let said = fails(&["--deployment", "Cargo.toml", "contracts", "build", "no-such"], &[]).await;
    says(&said, "has no contract \"no-such\"");
}

#[tokio::test]
async fn an_election_that_cannot_be_counted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("election.json");
    let path = path.to_str().expect("UTF-8");
    says(&fails(&["tally", path], &[]).await, "cannot read");
    for (ballots, problem) in [
        ("[[1, [0, 2]]]", "ballots[0] ranks option 2, and there are only 0 to 1"),
        ("[[1, [0, 0]]]", "ballots[0] ranks option 0 twice"),
        ("[[-1, [0]]]", "ballots[0] is there -1 times"),
        ("[[1, 0]]", "invalid type"),
        ("", "expected value"),
    ] {
        let election =
            format!(r#"{{"contest": "", "options": ["a", "b"], "batch_elimination": true, "ballots": {ballots}}}"#);
        std::fs::write(path, election).expect("written");
        let said = fails(&["tally", path], &[]).await;
        says(&said, "election.json cannot be counted: ");
        says(&said, problem);
    }
}

#[tokio::test]
async fn a_missing_tool() {
    let said = fails(&["up", "--chain-port", "0", "--api-port", "0"], &[("GAIA_POSTGRES", "/nonexistent")]).await;
    says(&said, "PostgreSQL's server (initdb, postgres) in /nonexistent is missing");
    let said = fails(&["up"], &[("GAIA_CHAIN", "/nonexistent")]).await;
    says(&said, "gaia-chain is missing");
}

#[tokio::test]
async fn a_wrong_database_url() {
    let up = ["up", "--chain-port", "0", "--api-port", "0", "--database"];
    says(&fails(&[&up[..], &["mysql://localhost/x"]].concat(), &[]).await, "postgres://");
    let said = fails(&[&up[..], &["postgres://user:secret@127.0.0.1:1/x"]].concat(), &[]).await;
    says(&said, "127.0.0.1:1");
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test]
async fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    says(&fails(&["up", "--chain-port", &port, "--api-port", "0"], &[]).await, &port);
    says(&fails(&["up", "--chain-port", "0", "--api-port", &port], &[]).await, &port);
}

#[tokio::test]
async fn a_chain_without_contracts() {
    let world = World::new().await;
    let url = world.stack.chain_url.clone();
    let proxied = without_contracts(url.trim_start_matches("ws://").to_owned()).await;
    let said = fails(&["--chain", &proxied, "verify"], &[]).await;
    says(&said, "has no pallet-contracts");
    world.stack.stop().await;
}

#[tokio::test]
async fn an_api_that_is_not_ours_and_a_deployment_of_another_chain() {
    let world = World::new().await;
    let deployment = world.folder.path().join("home/deployment.json");
    let deployment = deployment.to_str().expect("UTF-8");
    let chain = world.stack.chain_url.as_str();
    let said =
        fails(&["--chain", chain, "--api", "http://127.0.0.1:1", "--deployment", deployment, "verify"], &[]).await;
    says(&said, "no API answers at http://127.0.0.1:1");

    let other = world.folder.path().join("other.json");
    let mut changed = world.stack.deployment.clone();
    changed.genesis_hash = client::H256([1; 32]);
    changed.write(&other).expect("written");
    let other = other.to_str().expect("UTF-8");
    let said = fails(&["--chain", chain, "--deployment", other, "vote", "0", "for", "--signer", "//Alice"], &[]).await;
    says(&said, "is for another chain");

    // A contract that is no governor: the answer does not decode, and that is said.
    let mut swapped = world.stack.deployment.clone();
    swapped.contracts.governor.account = signer("Alice").account();
    swapped.write(std::path::Path::new(other)).expect("written");
    let said = fails(&["--chain", chain, "--deployment", other, "vote", "0", "for", "--signer", "//Alice"], &[]).await;
    says(&said, "Contracts.ContractNotFound");
    world.stack.stop().await;
}

#[tokio::test]
async fn a_refusal_by_the_contract_is_told_with_its_name() {
    let world = World::new().await;
    let home = world.folder.path().join("home");
    let home = home.to_str().expect("UTF-8");
    let said = fails(&["--home", home, "vote", "99", "for", "--signer", "//Alice"], &[]).await;
    says(&said, "there is no poll of this number");
    let output = Command::new(gaia())
        .args(["--home", home, "--json", "vote", "99", "for", "--signer", "//Alice"])
        .output()
        .await
        .expect("gaia starts");
    assert_eq!(output.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["error"], "UnknownPoll");
    world.stack.stop().await;
}

/// A way to the chain on which `pallet-contracts` goes by another name, since no chain without it runs here: the bytes
/// of its name in what the node sends are replaced by others of the same length.
async fn without_contracts(node: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let node = tokio::net::TcpStream::connect(&node).await.expect("the node");
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_node, mut to_node) = node.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_node).await });
            tokio::spawn(async move {
                // The pallet's name in SCALE, as hexadecimal digits: its length and its letters.
                let name = hex::encode([&[9 << 2], &b"Contracts"[..]].concat());
                let other = hex::encode([&[9 << 2], &b"Kontracts"[..]].concat());
                let mut held = Vec::new();
                let mut chunk = vec![0; 1 << 16];
                while let Ok(read @ 1..) = from_node.read(&mut chunk).await {
                    held.extend_from_slice(&chunk[..read]);
                    replace(&mut held, name.as_bytes(), other.as_bytes());
                    // A name may be cut by the end of the chunk; what could be its beginning waits for the rest.
                    let keep = (1..name.len()).rev().find(|n| held.ends_with(&name.as_bytes()[..*n])).unwrap_or(0);
                    let rest = held.split_off(held.len() - keep);
                    if to_client.write_all(&held).await.is_err() {
                        break;
                    }
                    held = rest;
                }
            });
        }
    });
    format!("ws://{address}")
}

fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(old.len()).position(|window| window == old) {
        bytes[from + at..from + at + old.len()].copy_from_slice(new);
        from += at + old.len();
    }
}
