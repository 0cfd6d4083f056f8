//! The program's verbs, each run as a process of its own, as a person or a script would.

use crate::{
    restart::serves,
    round::gaia,
    world::{World, bundles, repository, signer},
};
use cli::stack::Running;
use client::{AccountId32, Block, Contracts, Deployment, blake2_256, messages};
use interfaces::lifecycle::State;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub output: String,
    pub errors: String,
}

/// Runs `gaia` on what is at home in a folder.
pub async fn run(home: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(gaia())
        .arg("--home")
        .arg(home)
        .args(arguments)
        // Set where somebody works with a stack of their own; it would take part here.
        .env_remove("GAIA_DATABASE_URL")
        .env("GAIA_BUNDLES", bundles())
        .current_dir(repository())
        .output()
        .await
        .expect("gaia starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { status: output.status.code(), output: text(output.stdout), errors: text(output.stderr) }
}

/// Runs `gaia --json`, which must succeed; what it printed.
pub async fn told(home: &Path, arguments: &[&str]) -> Value {
    let ran = run(home, &[&["--json"], arguments].concat()).await;
    assert_eq!(ran.status, Some(0), "gaia {arguments:?}: {ran:?}");
    serde_json::from_str(&ran.output).expect("one JSON value")
}

/// The home folder of a world's services.
pub fn home(world: &World) -> PathBuf {
    world.folder.path().join("home")
}

#[tokio::test]
async fn status_tells_what_runs_how_high_and_how_far_behind() {
    let world = World::new().await;
    let home = home(&world);
    let made = world.propose(1).await;
    world.mirrored(made.block).await;
    let status = told(&home, &["status"]).await;
    assert_eq!(running(&status), ["api", "chain", "indexer", "postgres"]);
    let (chain, mirror) = (height(&status["chain"]), height(&status["mirror"]));
    assert!(mirror >= made.block.height && chain >= mirror, "{status:#}");
    assert_eq!(status["lag_blocks"], chain - mirror);
    assert_eq!(
        (&status["chain"]["url"], &status["mirror"]["url"]),
        (&json!(world.stack.chain_url), &json!(world.stack.api_url))
    );
    let text = run(&home, &["status"]).await;
    assert!(text.output.contains("behind by") && text.output.contains(&world.stack.api_url), "{text:?}");

    world.stack.stop().await;
    let status = told(&home, &["status"]).await;
    assert_eq!(running(&status), Vec::<String>::new());
    assert_eq!(status["chain"]["problem"], "not running");
    assert_eq!((&status["mirror"]["height"], &status["lag_blocks"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_demo_that_was_kept_runs_until_gaia_down() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join("demo");
    // Nobody else would stop what this test leaves running where it fails.
    let left = Left(home.clone());
    let outcome = told(folder.path(), &["demo", "--keep"]).await;
    assert_eq!((&outcome["state"], &outcome["mirror_equals_chain"]), (&json!("executed"), &json!(true)));
    let left_running: Running = serde_json::from_value(outcome["running"].clone()).expect("what runs");
    assert_eq!(left_running.services.len(), 4, "{left_running:?}");
    assert!(left_running.services.iter().all(|service| service.is_alive()), "{left_running:?}");

    // The process that started them is gone, but they answer where it said they would.
    let url = |which: &str| outcome["running"][which].as_str().expect("a URL").to_owned();
    let (chain_url, api_url) = (url("chain_url"), url("api_url"));
    let answer: Value =
        reqwest::get(format!("{api_url}/v1/proposals/0")).await.expect("the API").json().await.expect("JSON");
    assert_eq!(answer["data"]["state"], "executed");
    let status = told(&home, &["status"]).await;
    assert_eq!(running(&status), ["api", "chain", "indexer", "postgres"]);
    assert_eq!((&status["chain"]["url"], &status["mirror"]["url"]), (&json!(chain_url), &json!(api_url)));
    assert!(height(&status["mirror"]) > 0 && status["lag_blocks"].is_u64(), "{status:#}");
    assert_eq!(told(&home, &["verify"]).await["differences"], json!([]));

    let down = told(&home, &["down"]).await;
    let mut stopped = strings(&down["stopped"]);
    stopped.sort();
    assert_eq!(stopped, ["api", "chain", "indexer", "postgres"]);
    assert!(!left_running.services.iter().any(|service| service.is_alive()), "{left_running:?}");
    // Nor anything that they started: Postgres has a process for each of many things.
    assert!(!serves(folder.path()) && !works_in(folder.path()));
    assert_eq!(running(&told(&home, &["status"]).await), Vec::<String>::new());
    assert_eq!(told(&home, &["down"]).await["stopped"], json!([]), "once is enough");
    drop(left);
}

/// Services that must not outlive a test.
struct Left(PathBuf);

impl Drop for Left {
    fn drop(&mut self) {
        let down = std::process::Command::new(gaia()).arg("--home").arg(&self.0).arg("down").output();
        assert!(down.is_ok_and(|output| output.status.success()) || std::thread::panicking());
    }
}

/// Whether any process works in the folder.
fn works_in(folder: &Path) -> bool {
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    processes
        .filter_map(|process| fs::read_link(process.path().join("cwd")).ok())
        .any(|place| place.starts_with(folder))
}

#[tokio::test]
async fn a_round_by_the_verbs() {
    let world = World::new().await;
    let home = home(&world);
    let write = |name: &str, text: &str| {
        let path = world.folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let text = "Why the order book should be audited.\n";
    let text_file = write("proposal.md", text);
    let key_file = write("bob.key", "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Bob\n");
    let payee = signer("Ferdie").account();
    let before =
        world.chain.free_balance(&payee, world.chain.head().await.expect("a head").hash).await.expect("a balance");

    let sent = told(&home, &["transfer", "//Ferdie", "1_000", "--key-file", &key_file]).await;
    assert_eq!((sent.get("proposal"), &sent["signer"]), (None, &json!(signer("Bob").account().to_string())));
    has_a_fee(&sent);
    let then = world.chain.at_block(block(&sent).hash).await.expect("a block");
    let tokens = then.ask(world.token().account(), &messages::token::balance_of(payee.0.into())).await;
    assert_eq!(tokens.expect("an answer"), 1_000);

    let propose = ["propose", "--title", "Audit", "--link", "https://forum.example/7", "--signer", "//Alice"];
    let payments = ["--pay", "//Ferdie=1_500", "--pay", "//Eve=250"];
    let made = told(&home, &[&propose[..], &["--text", &text_file], &payments].concat()).await;
    assert_eq!((&made["proposal"], &made["signer"]), (&json!(0), &json!(signer("Alice").account().to_string())));
    has_a_fee(&made);
    let second = told(&home, &[&propose[..], &payments].concat()).await;
    assert_eq!(second["proposal"], 1);
    let cancelled = told(&home, &["cancel", "1", "--signer", "//Alice"]).await;
    assert_eq!(cancelled["proposal"], 1);
    world.mirrored(block(&cancelled)).await;
    assert_eq!(world.as_told(1).await.state, State::Cancelled);
    let proposal = world.as_told(0).await;
    assert_eq!((proposal.title.as_str(), proposal.link.as_str()), ("Audit", "https://forum.example/7"));
    assert_eq!(proposal.content_hash.0, blake2_256(text.as_bytes()));
    assert_eq!(AccountId32(proposal.proposer.into()), signer("Alice").account());
    assert_eq!(proposal.options.iter().map(|option| option.calls.len()).collect::<Vec<_>>(), [2]);

    world.pass(block(&made), world.rules.voting_delay).await;
    told(&home, &["vote", "0", "for", "--signer", "//Alice"]).await;
    told(&home, &["vote", "0", "against", "--key-file", &key_file]).await;
    let voted = told(&home, &["vote", "0", "abstain", "--signer", "//Dave"]).await;
    world.mirrored(block(&voted)).await;
    let votes = world.votes_as_told(0).await;
    assert_eq!(votes.in_favour.0, 400_000_000_000_000_000);
    assert_eq!(votes.against.0, 249_999_999_999_999_000);
    assert_eq!(votes.abstain.0, 100_000_000_000_000_000);

    world.pass(block(&made), world.rules.voting_delay + world.rules.voting_period).await;
    let queued = told(&home, &["queue", "0", "--signer", "//Charlie"]).await;
    world.mirrored(block(&queued)).await;
    assert_eq!(world.as_told(0).await.state, State::Queued);
    world.pass(block(&queued), world.rules.execution_delay).await;
    let executed = told(&home, &["execute", "0", "--signer", "//Charlie"]).await;
    world.mirrored(block(&executed)).await;
    assert_eq!(world.as_told(0).await.state, State::Executed);
    let after = world.chain.free_balance(&payee, block(&executed).hash).await.expect("a balance");
    assert_eq!(after - before, 1_500);

    let report = world.verified().await;
    assert_eq!((report.proposals, report.votes, report.accounts), (2, 3, 6));
    world.stack.stop().await;
}

#[tokio::test]
async fn the_same_contracts_can_be_deployed_again_beside_the_first() {
    let world = World::new().await;
    let home = home(&world);
    let path = |name: &str| world.folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (second, third) = (path("second.json"), path("third.json"));
    let deploy = ["contracts", "deploy", "--network", "test", "--signer", "//Alice", "--deployment"];
    let mut deployments = vec![world.stack.deployment.clone()];
    for path in [&second, &third] {
        let printed = told(&home, &[&deploy[..], &[path]].concat()).await;
        let deployment = Deployment::read(Path::new(path)).expect("a deployment file");
        assert_eq!(printed, json!(deployment));
        assert_eq!(deployment.genesis_hash, world.chain.genesis_hash());
        deployments.push(deployment);
    }
    let accounts: BTreeSet<[u8; 32]> =
        deployments.iter().flat_map(|it| it.contracts.each().map(|(_, contract)| contract.account.0)).collect();
    assert_eq!(accounts.len(), 3 * Contracts::NAMES.len(), "{deployments:?}");
    assert!(
        deployments.iter().all(|it| it.contracts.governor.code_hash == deployments[0].contracts.governor.code_hash)
    );

    // A file that is there already is not lost to a slip of the hand.
    let ran = run(&home, &[&deploy[..], &[&second]].concat()).await;
    assert!(ran.status == Some(2) && ran.errors.contains("is there already: give --replace"), "{ran:?}");
    assert_eq!(Deployment::read(Path::new(&second)).expect("a deployment file"), deployments[1]);

    // Each is a governance of its own, and the mirror keeps to the one it was given.
    let propose = ["propose", "--title", "Elsewhere", "--pay", "//Ferdie=1", "--signer", "//Alice", "--deployment"];
    let made = told(&home, &[&propose[..], &[&second]].concat()).await;
    assert_eq!(made["proposal"], 0);
    let count = messages::governor::proposal_count();
    let ask = async |deployment: &Deployment| {
        world.chain.contract(deployment.contracts.governor.account).ask(&count).await.expect("a number")
    };
    assert_eq!([ask(&deployments[0]).await, ask(&deployments[1]).await, ask(&deployments[2]).await], [0, 1, 0]);
    world.mirrored(block(&made)).await;
    assert_eq!(world.verified().await.proposals, 0);
    world.stack.stop().await;
}

#[tokio::test]
async fn a_vote_is_measured_in_every_mechanism_beside_a_baseline() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let figures = told(folder.path(), &["bench", "vote"]).await;
    let is_more = |name: &str, figure: &str| {
        assert!(figures[name][figure].as_u64().is_some_and(|figure| figure > 0), "{name}, {figure}: {figures:#}");
    };
    for name in ["approval", "condorcet", "majority", "quadratic", "ranked", "weighted"] {
        for figure in ["ref_time", "proof_size", "deposit", "fee"] {
            is_more(name, figure);
            is_more(name, &format!("baseline_{figure}"));
        }
    }
    let others = [
        "approve",
        "attest",
        "define_parameter",
        "freeze",
        "open_escrow",
        "release",
        "renew",
        "schedule_parameter",
        "set_parameter",
        "unfreeze",
    ];
    for name in others {
        for figure in ["ref_time", "proof_size", "fee"] {
            is_more(name, figure);
        }
        assert_eq!(figures[name]["baseline_ref_time"], Value::Null);
    }
    assert_eq!(figures.as_object().expect("figures").len(), 6 + others.len(), "{figures:#}");
    let majority = |name: &str| figures["majority"][name].as_f64().expect("a figure");
    // Loading the code of two contracts is nearly all of the difference; a change must not add to it unseen.
    let times = majority("ref_time") / majority("baseline_ref_time");
    assert!(times <= 1.5, "a majority vote costs {times} times what it must");
}

#[tokio::test]
async fn no_message_costs_more_where_there_are_more_of_a_kind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let figures = told(folder.path(), &["bench", "growth", "--sizes", "3,9"]).await;
    assert_eq!(figures["largest_growth"], 1.0, "{figures:#}");
    for (name, costs) in figures["messages"].as_object().expect("messages") {
        assert_eq!(costs.as_array().map(Vec::len), Some(2), "{name}: {costs:#}");
    }
    assert_eq!(figures["messages"].as_object().map(serde_json::Map::len), Some(18), "{figures:#}");
}

#[tokio::test]
async fn counting_is_measured_in_pages() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let figures = told(folder.path(), &["bench", "tally", "--rankings", "60", "--options", "5", "--page", "50"]).await;
    assert_eq!(figures["rankings"], 60);
    assert!(figures["pages"].as_u64().is_some_and(|pages| pages > 1), "{figures:#}");
    assert!(figures["max_page_share_of_block"].as_f64().is_some_and(|share| share > 0.0 && share < 0.5), "{figures:#}");
}

/// The block that a verb reports.
pub fn block(report: &Value) -> Block {
    let hash = serde_json::from_value(report["block_hash"].clone()).expect("a hash");
    Block { height: report["block"].as_u64().expect("a height"), hash }
}

/// A report tells the fee as text, for it may be beyond what JSON's readers hold.
#[track_caller]
fn has_a_fee(report: &Value) {
    let fee: Option<u128> = report["fee"].as_str().and_then(|fee| fee.parse().ok());
    assert!(fee.is_some_and(|fee| fee > 0), "{report:#}");
}

fn height(part: &Value) -> u64 {
    part["height"].as_u64().unwrap_or_else(|| panic!("no height: {part:#}"))
}

/// The services that a status says are running, by name.
fn running(status: &Value) -> Vec<String> {
    let services = status["services"].as_array().expect("services").iter().filter(|service| service["running"] == true);
    let mut names: Vec<_> = services.map(|service| service["name"].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}
