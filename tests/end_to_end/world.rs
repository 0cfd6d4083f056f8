//! Services of one test, and what the tests do with them.

use api::model::{Answer, Page, Poll, Proposal, VoteCounts};
use ballot::{Choice, Mechanism, Support};
use cli::{
    api::Api,
    commands::{GENERAL, Report, deposit, payment, verify},
    parse::{Account, Amount, Payment},
    stack::{Home, Plan, Stack},
};
use client::{
    Block, Chain, Contract, Contracts, Error, Refusal, Sent, Signer, development_account,
    messages::{governor, polls},
};
use interfaces::{
    ProposalId,
    governor::{Call, Choosable, Kind, ProposalRequest, Rules},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::Command;

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("a parent folder").to_owned()
}

/// The contract bundles.
pub fn bundles() -> PathBuf {
    std::env::var_os("GAIA_BUNDLES").map(PathBuf::from).expect(
        "GAIA_BUNDLES must name the folder that `gaia contracts build --fixtures` writes to; scripts/test sets it",
    )
}

/// Running services, and the folder they live in.
pub struct World {
    pub stack: Stack,
    pub chain: Chain,
    pub api: Api,
    /// Those for spending the treasury's money.
    pub rules: Rules,
    pub folder: TempDir,
}

/// A plan for services in `folder`, whose ports nobody else has.
pub fn plan(folder: &TempDir) -> Plan {
    let home = Home::new(folder.path().join("home")).expect("a home");
    let plan = Plan::private(home, bundles(), repository().join("Cargo-contract.toml"), "test");
    // A block now and then, so that the clock that was sent ahead shows.
    Plan { block_time: 100, ..plan }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plan = plan(&folder);
        Self::from_plan(folder, &plan).await
    }

    pub async fn from_plan(folder: TempDir, plan: &Plan) -> Self {
        let stack = Stack::start(plan).await.expect("the services start");
        let chain = Chain::connect(&stack.chain_url).await.expect("the chain answers");
        let api = Api::new(&stack.api_url).expect("a URL");
        let rules = chain
            .contract(stack.deployment.contracts.governor.account)
            .ask(&governor::rules(Kind::TreasurySpending))
            .await
            .expect("the governor answers");
        Self { stack, chain, api, rules, folder }
    }

    pub fn contracts(&self) -> &Contracts {
        &self.stack.deployment.contracts
    }

    pub fn governor(&self) -> Contract<'_> {
        self.chain.contract(self.contracts().governor.account)
    }

    pub fn token(&self) -> Contract<'_> {
        self.chain.contract(self.contracts().token.account)
    }

    pub fn polls(&self) -> Contract<'_> {
        self.chain.contract(self.contracts().polls.account)
    }

    /// Proposes that the treasury pays `amount` to Ferdie.
    pub async fn propose(&self, amount: u128) -> Sent<ProposalId> {
        let order = Payment { payee: Account(signer("Ferdie").account()), amount: Amount(amount) };
        let title = format!("Pay Ferdie {amount}");
        let calls = vec![payment(self.contracts().treasury.account, GENERAL, &order)];
        self.propose_as(Kind::TreasurySpending, Mechanism::Majority, &title, vec![(title.as_str(), calls)]).await
    }

    /// Alice proposes anything.
    pub async fn propose_as(
        &self,
        kind: Kind,
        mechanism: Mechanism,
        title: &str,
        options: Vec<(&str, Vec<Call>)>,
    ) -> Sent<ProposalId> {
        let request = ProposalRequest {
            kind,
            mechanism,
            title: title.to_owned(),
            link: "https://forum.example/1".into(),
            content_hash: [7; 32].into(),
            options: options.into_iter().map(|(title, calls)| Choosable { title: title.to_owned(), calls }).collect(),
        };
        let view = self.chain.latest().await.expect("a head");
        let deposit = deposit(&view, self.contracts(), kind).await.expect("a deposit");
        self.governor().send(&signer("Alice"), &governor::propose(&request).paying(deposit)).await.expect("a proposal")
    }

    pub async fn vote(&self, proposal: ProposalId, who: &str, support: Support) -> Result<Sent<()>, Error> {
        self.cast(proposal, who, Choice::Majority(support)).await
    }

    pub async fn cast(&self, proposal: ProposalId, who: &str, choice: Choice) -> Result<Sent<()>, Error> {
        self.polls().send(&signer(who), &polls::vote(proposal, &choice)).await
    }

    pub async fn queue(&self, proposal: ProposalId) -> Result<Sent<()>, Error> {
        self.governor().send(&signer("Bob"), &governor::queue(proposal)).await
    }

    pub async fn execute(&self, proposal: ProposalId) -> Result<Sent<()>, Error> {
        self.governor().send(&signer("Bob"), &governor::execute(proposal)).await
    }

    /// Sends the chain's clock to just past `delay` after a block.
    pub async fn pass(&self, since: Block, delay: u64) {
        let end = self.chain.moment(since.hash).await.expect("a moment") + delay;
        let now = self.now().await;
        if now <= end {
            self.rpc("engine_advanceTime", json!([end - now + 1])).await;
        }
        until("the clock moves on", async || self.now().await > end).await;
    }

    pub async fn now(&self) -> u64 {
        let head = self.chain.head().await.expect("a head");
        self.chain.moment(head.hash).await.expect("a moment")
    }

    /// Calls the chain over JSON-RPC.
    pub async fn rpc(&self, method: &str, params: Value) -> Value {
        call(&self.stack.chain_url, method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The mirror's database, as the role that owns it.
    pub fn owner(&self) -> String {
        self.stack.database_url().replacen("//gaia_indexer@", "//gaia_owner@", 1)
    }

    /// Runs SQL in the private cluster as the owner of the tables; what it answers, a line for each row.
    pub async fn sql(&self, statements: &str) -> String {
        let url = self.owner();
        let arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
        let output = Command::new("psql").arg(url).args(arguments).args(["-c", statements]).output().await;
        let output = output.expect("psql starts");
        assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
    }

    /// Waits until the mirror has a block.
    pub async fn mirrored(&self, block: Block) {
        self.api.mirrored(block).await.expect("the mirror follows");
    }

    /// Waits until the mirror has the head.
    pub async fn caught_up(&self) {
        self.mirrored(self.chain.head().await.expect("a head")).await;
    }

    /// All rows of a list of the API.
    pub async fn listed<T: DeserializeOwned>(&self, path: &str) -> Vec<T> {
        let pages: Vec<Page<T>> = self.api.pages(path).await.expect("a list");
        pages.into_iter().flat_map(|page| page.data).collect()
    }

    /// A proposal as the API tells it.
    pub async fn as_told(&self, proposal: ProposalId) -> Proposal {
        let answer: Answer<Proposal> = self.api.one(&format!("/v1/proposals/{proposal}")).await.expect("a proposal");
        answer.data
    }

    /// Its poll.
    pub async fn poll_as_told(&self, proposal: ProposalId) -> Poll {
        self.as_told(proposal).await.poll.expect("a poll")
    }

    /// Its count by sides.
    pub async fn votes_as_told(&self, proposal: ProposalId) -> VoteCounts {
        self.poll_as_told(proposal).await.votes.expect("a majority vote")
    }

    /// Compares the mirror with the chain, and expects no difference.
    pub async fn verified(&self) -> Report {
        let report = verify(&self.chain, &self.api, &self.stack.deployment).await.expect("both sides answer");
        assert_eq!(report.differences, Vec::<String>::new());
        report
    }
}

/// Calls a chain over JSON-RPC: what it answers, or why it refuses.
pub async fn call(chain_url: &str, method: &str, params: Value) -> Result<Value, Value> {
    let url = chain_url.replacen("ws://", "http://", 1);
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = reqwest::Client::new().post(url).json(&request).send().await.expect("the chain answers");
    let answer: Value = answer.json().await.expect("JSON");
    if answer["error"].is_null() { Ok(answer["result"].clone()) } else { Err(answer["error"].clone()) }
}

/// A development key.
pub fn signer(name: &str) -> Signer {
    development_account(name).expect("a development account")
}

/// The name of the contract's error, where it refused.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Refused(Refusal::Contract { code, .. })) => code,
        other => panic!("expected a refusal by the contract, got {other:?}"),
    }
}

/// Waits for a condition.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !condition().await {
        assert!(Instant::now() < end, "{what}: not within 60 s");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
