//! A database with a mirror in it, and a server that reads it.

mod settings;

pub use settings::*;

use api::{
    account::Account,
    model::Problem,
    server::{Config, Server},
};
use ballot::Choice;
use interfaces::treasury::{self, Allotment, Budget, Signer, Signers};
use reqwest::{Client, Response, StatusCode, Url, header::CONTENT_TYPE};
use scale::Encode;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, migrate::Migrator, postgres::PgPoolOptions};
use std::{
    env,
    net::SocketAddr,
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::sync::oneshot;

/// 2026-03-01T12:00:00Z: the moment of block 0.
pub const GENESIS: u64 = 1_772_366_400_000;

/// The moment of a block: one every six seconds.
pub fn moment(height: u64) -> u64 {
    GENESIS + height * 6_000
}

/// A database of one test; goes away with it.
pub struct Database {
    admin: Url,
    name: String,
}

impl Database {
    /// An empty one, with a role of the same name that may do nothing in it.
    async fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let admin = env::var("GAIA_TEST_DATABASE").expect(
            "these tests need a Postgres: set GAIA_TEST_DATABASE to the URL of one in which they may make databases \
             and roles, such as postgres://postgres@127.0.0.1:5432/postgres",
        );
        let admin = Url::parse(&admin).expect("GAIA_TEST_DATABASE is a URL");
        let name = format!("api_test_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection =
            PgConnection::connect(admin.as_str()).await.expect("GAIA_TEST_DATABASE leads to a running Postgres");
        run(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&mut connection, format!("DROP ROLE IF EXISTS {name}")).await;
        run(&mut connection, format!("CREATE DATABASE {name}")).await;
        run(&mut connection, format!("CREATE ROLE {name} LOGIN PASSWORD '{name}'")).await;
        Self { admin, name }
    }

    /// As the role that owns everything in it.
    fn owner(&self) -> Url {
        let mut url = self.admin.clone();
        url.set_path(&self.name);
        url
    }

    /// As the role that may only read the mirror.
    pub fn reader(&self) -> Url {
        let mut url = self.owner();
        url.set_username(&self.name).expect("a URL with a host");
        url.set_password(Some(&self.name)).expect("a URL with a host");
        url
    }

    async fn migrate(&self, pool: &PgPool) {
        // At run time: a migration that is added later is then seen without building anew.
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../indexer/migrations");
        Migrator::new(migrations).await.expect("migrations").run(pool).await.expect("migrations apply");
        let role = &self.name;
        let grant =
            format!("GRANT USAGE ON SCHEMA mirror TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA mirror TO {role}");
        pool.execute(AssertSqlSafe(grant)).await.expect("granted");
    }

    /// Takes it away, also from those who are connected.
    pub async fn remove(&self) {
        let mut connection = PgConnection::connect(self.admin.as_str()).await.expect("Postgres still runs");
        run(&mut connection, format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
        run(&mut connection, format!("DROP ROLE IF EXISTS {}", self.name)).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The test's own runtime cannot wait here.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(self.remove());
            });
        });
    }
}

async fn run(connection: &mut PgConnection, sql: String) {
    connection.execute(AssertSqlSafe(sql.clone())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A running server.
pub struct Api {
    pub address: SocketAddr,
    client: Client,
    // Dropped with the server, which then stops.
    _stop: oneshot::Sender<()>,
}

impl Api {
    /// One that reads from `database`.
    pub async fn reading(database: &str) -> Self {
        let config = Config::new(database, SocketAddr::from(([127, 0, 0, 1], 0))).expect("a database's URL");
        let server = Server::bind(config).await.expect("any port is free");
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { address, client: Client::new(), _stop: stop }
    }

    /// One whose database is not there.
    pub async fn without_database() -> Self {
        // Nothing listens on port 1.
        Self::reading("postgres://nobody@127.0.0.1:1/nothing").await
    }

    /// Where something is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What may be asked of it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The response to a GET.
    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.expect("a response")
    }

    /// The JSON at `path`, which must be there.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        let status = response.status();
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// The problem at `path`, which must be one.
    pub async fn problem(&self, path: &str) -> Problem {
        problem_in(self.get(path).await).await
    }
}

/// The problem that a response is.
pub async fn problem_in(response: Response) -> Problem {
    let status = response.status();
    assert!(status.is_client_error() || status.is_server_error(), "{status}");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let problem: Problem = response.json().await.expect("a problem");
    assert_eq!(problem.status, status.as_u16());
    problem
}

/// A mirror and a server that reads it.
pub struct World {
    pub api: Api,
    pub owner: PgPool,
    pub database: Database,
}

impl std::ops::Deref for World {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl World {
    /// A database in which nothing was ever made.
    pub async fn bare() -> Self {
        let database = Database::create().await;
        let owner = PgPoolOptions::new()
            .max_connections(2)
            .connect(database.owner().as_str())
            .await
            .expect("the new database can be connected to");
        let api = Api::reading(database.reader().as_str()).await;
        Self { api, owner, database }
    }

    /// A mirror that holds no block.
    pub async fn empty() -> Self {
        let world = Self::bare().await;
        world.migrate().await;
        world
    }

    /// A mirror at block 100 in which nothing has happened.
    pub async fn new() -> Self {
        let world = Self::empty().await;
        world.begin().await;
        world
    }

    /// Makes the mirror in a bare database.
    pub async fn migrate(&self) {
        self.database.migrate(&self.owner).await;
    }

    /// Brings an empty mirror to block 100.
    pub async fn begin(&self) {
        self.insert(
            "raw.source",
            json!([{
                "only_row": true, "genesis_hash": hex(0x11), "chain": "Gaia Development", "start_height": 1,
            }]),
        )
        .await;
        let contracts = [
            ("token", 0xa1),
            ("governor", 0xa2),
            ("treasury", 0xa3),
            ("polls", 0xa4),
            ("registry", 0xa5),
            ("ledger", 0xa6),
            ("rankings", 0xa7),
            ("settings", 0xa8),
            ("relay", 0xa9),
        ];
        let contracts = contracts.map(|(name, byte)| json!({ "name": name, "account": hex(byte) }));
        self.insert("raw.contracts", json!(contracts)).await;
        self.advance(100).await;
    }

    /// Adds rows to a table, column by column.
    pub async fn insert(&self, table: &str, rows: Value) {
        let sql = format!("INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, $1)");
        let count = rows.as_array().map_or(0, Vec::len);
        let done = sqlx::query(AssertSqlSafe(sql)).bind(rows).execute(&self.owner).await;
        assert_eq!(done.expect("rows can be inserted").rows_affected(), u64::try_from(count).expect("few rows"));
    }

    /// Runs a statement as the database's owner.
    pub async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.owner).await.expect(sql);
    }

    /// Adds a block and moves the mirror to it.
    pub async fn advance(&self, height: u64) {
        self.insert("raw.blocks", json!([block(height)])).await;
        sqlx::query(
            "INSERT INTO raw.cursor (height, hash, projected) SELECT height, hash, height FROM raw.blocks WHERE height = $1
            ON CONFLICT (only_row) DO UPDATE
            SET height = excluded.height, hash = excluded.hash, projected = excluded.projected",
        )
        .bind(i64::try_from(height).expect("a height"))
        .execute(&self.owner)
        .await
        .expect("the cursor moves");
    }
}

/// A row of `raw.blocks`.
pub fn block(height: u64) -> Value {
    json!({
        "height": height, "hash": format!("\\x{height:064x}"), "parent_hash": hex(0), "state_root": hex(0),
        "moment": moment(height), "spec_version": 1, "contract_events": 0, "finalized": true,
    })
}

/// 32 times this byte, as Postgres reads bytes from JSON.
pub fn hex(byte: u8) -> String {
    format!("\\x{}", format!("{byte:02x}").repeat(32))
}

/// These bytes, as Postgres reads them from JSON.
pub fn bytes(bytes: &[u8]) -> String {
    format!("\\x{}", ::hex::encode(bytes))
}

/// The account of 32 times this byte.
pub fn account(byte: u8) -> Account {
    [byte; 32].into()
}

/// A row of `mirror_2.proposals`: a majority vote on a community initiative, made in block 10 by account 1, with a
/// snapshot at block 20, votes until block 40, and nothing done about it yet.
pub fn proposal(number: u32) -> Value {
    with(
        unproposed(number),
        json!({
            "state": "defeated", "created_at": moment(10), "created_height": 10, "deposit": 5_000,
            "snapshot": moment(20), "voting_ends": moment(40), "voting_period": 120_000, "voting_freeze": 6_000,
            "extension": 12_000, "quorum_bps": 400, "approval_bps": 5_000, "plurality_bps": 3_000, "credits": 100,
            "execution_delay": 60_000, "execution_window": 600_000, "spend_cap": 0,
            "period_cap": "340282366920938463463374607431768211455", "period": 86_400_000, "guarded": true,
        }),
    )
}

/// A row of `mirror_2.proposals`: a draft that account 1 wrote in block 10, and never anew.
pub fn draft(number: u32) -> Value {
    let written = json!({
        "state": "draft", "drafted_at": moment(10), "revision": 0, "draft_snapshot": moment(9), "sponsored": 0,
    });
    with(unproposed(number), written)
}

/// What drafts and proposals have in common.
fn unproposed(number: u32) -> Value {
    json!({
        "proposal": number, "proposer": hex(1), "kind": "community_initiative", "mechanism": "majority",
        "title": format!("Proposal {number}"), "link": "https://forum.example/1", "content_hash": hex(0xc0),
        "sponsored": 0, "votes_for": 0, "votes_against": 0, "votes_abstain": 0, "turnout": 0, "backing": 0,
        "rankings": 0, "voters": 0, "changed_height": 10,
    })
}

/// A row of `mirror_2.options`.
pub fn option(proposal: u32, number: u8, title: &str, votes: u64) -> Value {
    json!({ "proposal": proposal, "number": number, "title": title, "votes": votes })
}

/// A row of `mirror_2.calls`, to the treasury.
pub fn call(proposal: u32, option: u8, number: u8, input: &str) -> Value {
    json!({
        "proposal": proposal, "option": option, "number": number, "target": hex(0xa3), "selector": "\\xdb20f9f5",
        "input": input, "value": 0, "code_hash": hex(0xcc),
    })
}

/// A row of `mirror_2.rules`.
pub fn rules(kind: &str, mechanisms: &[&str], proposal_threshold: u64) -> Value {
    json!({
        "kind": kind, "mechanisms": mechanisms, "proposal_threshold": proposal_threshold, "deposit": 5_000,
        "voting_delay": 60_000, "voting_period": 120_000, "voting_freeze": 6_000, "extension": 12_000,
        "quorum_bps": 400, "approval_bps": 5_000, "plurality_bps": 3_000, "credits": 100, "execution_delay": 60_000,
        "execution_window": 600_000, "spend_cap": 1_000, "period_cap": 10_000, "period": 86_400_000, "guarded": true,
        "height": 2,
    })
}

/// `row` with some columns changed.
pub fn with(mut row: Value, columns: Value) -> Value {
    let (Some(row_columns), Value::Object(columns)) = (row.as_object_mut(), columns) else { panic!("not rows") };
    row_columns.extend(columns);
    row
}

/// A row of `mirror_2.votes` on a majority vote.
pub fn vote(proposal: u32, voter: u8, support: &str, power: u64, height: u64, index: u32) -> Value {
    let support = serde_json::from_value(support.into()).expect("an answer");
    let row = ballot(proposal, voter, &Choice::Majority(support), power, height, index);
    with(row, json!({ "support": support }))
}

/// A row of `mirror_2.votes` on any other.
pub fn ballot(proposal: u32, voter: u8, choice: &Choice, power: u64, height: u64, index: u32) -> Value {
    json!({
        "proposal": proposal, "voter": hex(voter), "choice": bytes(&choice.encode()), "power": power, "changes": 0,
        "height": height, "index": index, "moment": moment(height),
    })
}

/// A row of `mirror_2.overrides`.
pub fn overridden(proposal: u32, representative: u8, holder: u8, power: u64) -> Value {
    json!({
        "proposal": proposal, "representative": hex(representative), "holder": hex(holder), "power": power,
        "height": 33, "index": 2, "moment": moment(33),
    })
}

/// A row of `mirror_2.sponsors`.
pub fn sponsor(proposal: u32, revision: u32, sponsor: u8, power: u64) -> Value {
    json!({
        "proposal": proposal, "revision": revision, "sponsor": hex(sponsor), "power": power, "moment": moment(11),
    })
}

/// A row of `mirror_2.rounds`: the last one, unless it is changed.
pub fn round(proposal: u32, number: u32) -> Value {
    json!({
        "proposal": proposal, "round": number, "exhausted": 0, "eliminated": [], "moment": moment(41),
    })
}

/// A row of `mirror_2.round_tallies`.
pub fn round_tally(proposal: u32, round: u32, option: u8, votes: u64) -> Value {
    json!({ "proposal": proposal, "round": round, "option": option, "votes": votes })
}

/// A row of `mirror_2.rankings`.
pub fn ranking(proposal: u32, options: &[u8], power: u64) -> Value {
    json!({ "proposal": proposal, "ranking": bytes(options), "power": power })
}

/// A row of `mirror_2.identity_votes`: so many votes for option 0.
pub fn identity_votes(proposal: u32, identity: u8, votes: u32) -> Value {
    let encoded = vec![(0_u8, votes)].encode();
    json!({ "proposal": proposal, "identity": hex(identity), "votes": bytes(&encoded), "cost": votes * votes })
}

/// A row of `mirror_2.upgrades`.
pub fn upgrade(height: u64, index: u32, contract: u8, proposal: Option<u32>) -> Value {
    json!({
        "height": height, "index": index, "moment": moment(height), "contract": hex(contract),
        "code_hash": hex(0xcc), "proposal": proposal,
    })
}

/// A row of `mirror_2.accounts`: one that delegates nothing, and represents nobody.
pub fn holder(account: u8, power: impl Into<Value>) -> Value {
    let power = power.into();
    json!({ "account": hex(account), "balance": power, "power": power, "height": 5 })
}

/// A row of `mirror_2.delegations`.
pub fn delegation(delegator: u8, number: u8, representative: u8, share_bps: u16) -> Value {
    json!({
        "delegator": hex(delegator), "number": number, "representative": hex(representative), "share_bps": share_bps,
        "height": 5,
    })
}

/// The native currency as the mirror stores it.
pub const NATIVE: &str = "\\x";

/// A row of `mirror_2.treasury_ledger`: a deposit by account 1 of native currency, after which there is as much.
pub fn entry(height: u64, index: i32, amount: u64) -> Value {
    json!({
        "height": height, "index": index, "moment": moment(height), "asset": NATIVE, "kind": "deposit",
        "incoming": true, "amount": amount, "counterparty": hex(1), "balance": amount, "excess": 0,
    })
}

/// A row of `mirror_2.treasury_assets`.
pub fn asset(asset: &str, balance: u64, reserved: u64, budgeted: bool) -> Value {
    json!({ "asset": asset, "balance": balance, "reserved": reserved, "budgeted": budgeted })
}

/// A budget of 1,000 a minute from block 0 on.
pub fn budget() -> Budget {
    let asset = treasury::Asset::Native;
    Budget { asset, cap: 1_000, period: 60_000, begins: GENESIS, carries: false, tier: Some(2) }
}

/// A row of `mirror_2.treasury_budgets`: one of which 400 were left at a block.
pub fn budgeted(category: u16, height: u64) -> Value {
    let allotment = Allotment::known(budget(), 400, moment(height));
    json!({
        "category": category, "allotment": bytes(&allotment.encode()), "height": 7, "moment": moment(7), "proposal": 3,
    })
}

/// A row of `mirror_2.treasury_budget_changes`.
pub fn budget_change(height: u64, index: u32, category: u16) -> Value {
    json!({
        "height": height, "index": index, "moment": moment(height), "category": category,
        "budget": bytes(&budget().encode()), "available": 900,
    })
}

/// A row of `mirror_2.treasury_escrows`: of category 1, with one milestone of 500, of which 300 are left.
pub fn escrow(number: u32) -> Value {
    json!({
        "escrow": number, "category": 1, "asset": NATIVE, "milestones": 1, "amount": 500, "paid": 200,
        "remaining": 300, "open": true, "height": 20, "moment": moment(20), "proposal": 4,
    })
}

/// A row of `mirror_2.treasury_escrow_payees`.
pub fn escrow_payee(payee: u8, escrow: u32, open: bool) -> Value {
    json!({ "payee": hex(payee), "escrow": escrow, "open": open })
}

/// A row of `mirror_2.treasury_milestones`: of account 5, from block 90 to block 110, released once.
pub fn milestone(escrow: u32, number: u8) -> Value {
    json!({
        "escrow": escrow, "milestone": number, "payee": hex(5), "amount": 500, "earliest": moment(90),
        "latest": moment(110), "deliverable": hex(0xde), "paid": 200, "remaining": 300, "releases": 1,
    })
}

/// A row of `mirror_2.treasury_releases`.
pub fn released(escrow: u32, milestone: u8, nonce: u32, amount: u64) -> Value {
    json!({
        "escrow": escrow, "milestone": milestone, "nonce": nonce, "payee": hex(5), "amount": amount, "height": 91,
        "index": nonce, "moment": moment(91),
    })
}

/// A row of `mirror_2.treasury_approvals`, and of `mirror_2.treasury_statements`: that account `signer` approves of
/// the second release of a milestone, or withdrew.
pub fn statement(place: (u64, u32), of: (u32, u8), signer: u8, amount: u64, since: Option<u32>) -> Value {
    json!({
        "height": place.0, "index": place.1, "moment": moment(place.0), "escrow": of.0, "milestone": of.1, "nonce": 1,
        "amount": amount, "signer": hex(signer), "since": since,
    })
}

/// A row of `mirror_2.treasury_signers`: two of these must approve, each with the change that named it.
pub fn signers(height: u64, index: u32, who: &[(u8, u32)]) -> Value {
    let signers = who.iter().map(|(account, since)| Signer { account: [*account; 32].into(), since: *since }).collect();
    let signers = Signers { signers, threshold: 2, changes: 1 };
    json!({
        "height": height, "index": index, "moment": moment(height), "signers": bytes(&signers.encode()), "proposal": 5,
    })
}

/// A row of `mirror_2.treasury_pauses`.
pub fn pause(height: u64, index: u32, guardian: Option<u8>) -> Value {
    json!({ "height": height, "index": index, "moment": moment(height), "guardian": guardian.map(hex) })
}

/// A row of `mirror_2.treasury_streams`: 1,000 for account 7 from block 50 to block 150, of which 100 are claimed.
pub fn stream(number: u32) -> Value {
    json!({
        "stream": number, "category": 1, "asset": NATIVE, "payee": hex(7), "amount": 1_000, "begins": moment(50),
        "ends": moment(150), "claimed": 100, "height": 45, "moment": moment(45), "proposal": 6,
    })
}

/// A row of `mirror_2.identities`: attested by account 8 at this tier until this block, and not frozen.
pub fn identity(identity: u8, tier: u8, expires: u64) -> Value {
    json!({
        "identity": hex(identity), "attestor": hex(8), "tier": tier, "expires": moment(expires),
        "commitment": hex(0xcc), "counts": true, "revoked": false, "frozen": false, "height": 5,
    })
}

/// A row of `mirror_2.members`.
pub fn member(account: u8, identity: u8, linked_with: Option<u8>) -> Value {
    json!({
        "account": hex(account), "identity": hex(identity), "linked_with": linked_with.map(hex), "height": 6,
        "moment": moment(6),
    })
}

/// A row of `mirror_2.freezes`: by account 7, for reason 5.
pub fn freeze(kind: &str, subject: u8, height: u64, index: u32) -> Value {
    json!({
        "kind": kind, "subject": hex(subject), "reason": 5, "actor": hex(7), "height": height, "index": index,
        "moment": moment(height),
    })
}

/// A row of `mirror_2.roles`.
pub fn role(account: u8, role: &str, until: u64) -> Value {
    json!({ "account": hex(account), "role": role, "until": moment(until), "height": 4, "moment": moment(4) })
}

/// A row of `mirror_2.keys`, of account 4.
pub fn signing_key(number: u32, origin: &str, begins: u64, until: u64) -> Value {
    json!({
        "number": number, "origin": origin, "holder": hex(4), "key": hex(0xee), "begins": moment(begins),
        "until": moment(until), "revoked": false, "height": 4,
    })
}

/// A row of `mirror_2.attestors`.
pub fn attestor(account: u8) -> Value {
    json!({ "account": hex(account), "tiers": [1, 3], "daily_cap": 9, "height": 1 })
}

/// A row of `mirror_2.registry_events` of which nothing is known but when and what.
pub fn registry_event(height: u64, index: u32, kind: &str) -> Value {
    json!({ "height": height, "index": index, "moment": moment(height), "kind": kind })
}
