//! What holds for every answer.

use crate::world::{
    Api, NATIVE, World, account, asset, attestor, block, budget_change, budgeted, call, delegation, entry, escrow,
    escrow_payee, freeze, holder, identity, identity_votes, member, milestone, moment, option, overridden, pause,
    problem_in, proposal, ranking, registry_event, released, role, round, round_tally, rules, signers, signing_key,
    sponsor, statement, stream, upgrade, vote, with,
};
use api::{
    account::Account,
    model::{
        Answer, AssetBalance, Attestor, Awaiting, Budget, BudgetChange, Delegator, Escrow, Freeze, Holder, Identity,
        IdentityProfile, IdentityVotes, LedgerEntry, Member, Override, Page, Pause, Profile, Proposal, PublishedKey,
        RankingTally, Registry, RegistryEvent, Round, Rulebook, SignersChange, Sponsor, Statement, Status, Stream,
        Tenure, Treasury, Upgrade, Vote, WholeEscrow,
    },
};
use insta::assert_json_snapshot;
use reqwest::{Method, Response, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// A mirror with a row in every list.
async fn world() -> World {
    let world = World::new().await;
    let row = json!({
        "state": "executed", "queued_at": moment(45), "ready_at": moment(55), "expires_at": moment(155),
        "executed_at": moment(60), "executor": crate::world::hex(9), "spent": 2, "drafted_at": moment(5),
        "revision": 1, "draft_snapshot": moment(4),
    });
    for (table, row) in [
        ("mirror_2.proposals", with(proposal(0), row)),
        ("mirror_2.options", option(0, 0, "Do it", 0)),
        ("mirror_2.calls", call(0, 0, 0, "\\x01")),
        ("mirror_2.votes", vote(0, 1, "for", 5, 30, 1)),
        ("mirror_2.overrides", overridden(0, 2, 1, 5)),
        ("mirror_2.sponsors", sponsor(0, 1, 2, 5)),
        ("mirror_2.rounds", with(round(0, 1), json!({ "eliminated": [1], "tie_break": "index" }))),
        ("mirror_2.round_tallies", round_tally(0, 1, 1, 4)),
        ("mirror_2.rankings", ranking(0, &[1, 0], 4)),
        ("mirror_2.identity_votes", identity_votes(0, 7, 3)),
        ("mirror_2.rules", rules("protocol_upgrade", &["majority", "ranked"], 10)),
        ("mirror_2.upgrades", upgrade(60, 2, 0xa2, Some(0))),
        ("mirror_2.accounts", with(holder(1, 5), json!({ "power": 3 }))),
        ("mirror_2.accounts", with(holder(2, 1), json!({ "power": 3 }))),
        ("mirror_2.delegations", delegation(1, 0, 2, 5_000)),
        ("mirror_2.delegations", delegation(3, 0, 1, 5_000)),
        ("raw.existential_deposits", json!({ "height": 100, "amount": 2 })),
        ("mirror_2.treasury_assets", asset(NATIVE, 10, 3, true)),
        ("mirror_2.treasury_ledger", entry(60, 1, 3)),
        ("mirror_2.treasury_budgets", budgeted(1, 90)),
        ("mirror_2.treasury_budget_changes", budget_change(7, 1, 1)),
        ("mirror_2.treasury_escrows", escrow(0)),
        ("mirror_2.treasury_escrow_payees", escrow_payee(5, 0, true)),
        ("mirror_2.treasury_milestones", milestone(0, 0)),
        ("mirror_2.treasury_releases", released(0, 0, 0, 200)),
        ("mirror_2.treasury_approvals", statement((95, 1), (0, 0), 2, 300, Some(0))),
        ("mirror_2.treasury_statements", statement((95, 1), (0, 0), 2, 300, Some(0))),
        ("mirror_2.treasury_signers", signers(15, 1, &[(1, 0), (2, 0)])),
        ("mirror_2.treasury_pauses", pause(16, 1, Some(9))),
        ("mirror_2.treasury_streams", stream(0)),
        ("mirror_2.identities", with(identity(0x1d, 2, 500), json!({ "frozen": true }))),
        ("mirror_2.members", member(1, 0x1d, Some(2))),
        ("mirror_2.freezes", freeze("identity", 0x1d, 30, 1)),
        ("mirror_2.roles", role(1, "operator", 500)),
        ("mirror_2.keys", signing_key(0, "gaia.audit", 1, 500)),
        ("mirror_2.attestors", attestor(8)),
        ("mirror_2.population", json!({ "since": moment(5), "population": 1 })),
        (
            "mirror_2.registry_events",
            with(
                registry_event(5, 1, "certified"),
                json!({
                    "identity": crate::world::hex(0x1d), "actor": crate::world::hex(8), "tier": 2,
                    "until": moment(500), "commitment": crate::world::hex(0xcc),
                }),
            ),
        ),
    ] {
        world.insert(table, json!([row])).await;
    }
    world
}

/// Everything under `/v1`.
fn paths() -> [String; 41] {
    let (account, identity) = (account(1), format!("0x{}", "1d".repeat(32)));
    [
        "/v1/status".to_owned(),
        "/v1/rules".to_owned(),
        "/v1/upgrades".to_owned(),
        "/v1/proposals".to_owned(),
        "/v1/proposals/0".to_owned(),
        "/v1/proposals/0/votes".to_owned(),
        "/v1/proposals/0/overrides".to_owned(),
        "/v1/proposals/0/sponsors".to_owned(),
        "/v1/proposals/0/rounds".to_owned(),
        "/v1/proposals/0/rankings".to_owned(),
        "/v1/proposals/0/identities".to_owned(),
        "/v1/accounts".to_owned(),
        format!("/v1/accounts/{account}"),
        format!("/v1/accounts/{account}/votes"),
        format!("/v1/accounts/{account}/delegators"),
        "/v1/treasury".to_owned(),
        "/v1/treasury/ledger".to_owned(),
        "/v1/treasury/ledger?kind=deposit".to_owned(),
        "/v1/treasury/ledger?asset=native&kind=deposit".to_owned(),
        "/v1/treasury/assets".to_owned(),
        "/v1/treasury/budgets".to_owned(),
        "/v1/treasury/budgets/1".to_owned(),
        "/v1/treasury/budgets/1/history".to_owned(),
        "/v1/treasury/escrows".to_owned(),
        "/v1/treasury/escrows/0".to_owned(),
        "/v1/treasury/signers".to_owned(),
        format!("/v1/treasury/signers/{account}/awaiting"),
        "/v1/treasury/approvals".to_owned(),
        "/v1/treasury/pauses".to_owned(),
        "/v1/treasury/streams".to_owned(),
        "/v1/treasury/streams/0".to_owned(),
        "/v1/registry".to_owned(),
        "/v1/registry/history".to_owned(),
        "/v1/identities".to_owned(),
        format!("/v1/identities/{identity}"),
        format!("/v1/identities/{identity}/accounts"),
        format!("/v1/identities/{identity}/history"),
        "/v1/freezes".to_owned(),
        "/v1/attestors".to_owned(),
        "/v1/roles".to_owned(),
        "/v1/keys".to_owned(),
    ]
}

#[tokio::test]
async fn every_answer_carries_the_block() {
    let world = world().await;
    for path in paths() {
        assert_eq!(
            world.json(&path).await["block"],
            json!({
                "height": 100, "hash": format!("0x{:064x}", 100), "time": "2026-03-01T12:10:00.000Z",
                "moment": moment(100), "finality": "finalized",
            }),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_answer_reads_back_as_what_it_was_written_from() {
    async fn check<T: DeserializeOwned + Serialize>(world: &World, path: &str) {
        let json = world.json(path).await;
        let read: T = serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(serde_json::to_value(read).expect("JSON"), json, "{path}");
        // Otherwise nothing was read.
        assert_ne!(json["data"], json!([]), "{path}");
    }
    let world = world().await;
    let [
        status,
        rulebook,
        upgrades,
        proposals,
        proposal,
        votes,
        overrides,
        sponsors,
        rounds,
        rankings,
        identities,
        accounts,
        account,
        own_votes,
        delegators,
        treasury,
        ledger,
        deposits,
        native_deposits,
        assets,
        budgets,
        budget,
        budget_history,
        escrows,
        escrow,
        signers,
        awaiting,
        approvals,
        pauses,
        streams,
        stream,
        registry,
        history,
        identities_of_all,
        identity,
        members,
        identity_history,
        freezes,
        attestors,
        roles,
        keys,
    ] = paths();
    check::<Answer<Status>>(&world, &status).await;
    check::<Answer<Rulebook>>(&world, &rulebook).await;
    check::<Page<Upgrade>>(&world, &upgrades).await;
    check::<Page<Proposal>>(&world, &proposals).await;
    check::<Answer<Proposal>>(&world, &proposal).await;
    check::<Page<Vote>>(&world, &votes).await;
    check::<Page<Override>>(&world, &overrides).await;
    check::<Page<Sponsor>>(&world, &sponsors).await;
    check::<Page<Round>>(&world, &rounds).await;
    check::<Page<RankingTally>>(&world, &rankings).await;
    check::<Page<IdentityVotes>>(&world, &identities).await;
    check::<Page<Holder>>(&world, &accounts).await;
    check::<Answer<Profile>>(&world, &account).await;
    check::<Page<Vote>>(&world, &own_votes).await;
    check::<Page<Delegator>>(&world, &delegators).await;
    check::<Answer<Treasury>>(&world, &treasury).await;
    check::<Page<LedgerEntry>>(&world, &ledger).await;
    check::<Page<LedgerEntry>>(&world, &deposits).await;
    check::<Page<LedgerEntry>>(&world, &native_deposits).await;
    check::<Page<AssetBalance>>(&world, &assets).await;
    check::<Page<Budget>>(&world, &budgets).await;
    check::<Answer<Budget>>(&world, &budget).await;
    check::<Page<BudgetChange>>(&world, &budget_history).await;
    check::<Page<Escrow>>(&world, &escrows).await;
    check::<Answer<WholeEscrow>>(&world, &escrow).await;
    check::<Page<SignersChange>>(&world, &signers).await;
    check::<Answer<Awaiting>>(&world, &awaiting).await;
    check::<Page<Statement>>(&world, &approvals).await;
    check::<Page<Pause>>(&world, &pauses).await;
    check::<Page<Stream>>(&world, &streams).await;
    check::<Answer<Stream>>(&world, &stream).await;
    check::<Answer<Registry>>(&world, &registry).await;
    check::<Page<RegistryEvent>>(&world, &history).await;
    check::<Page<Identity>>(&world, &identities_of_all).await;
    check::<Answer<IdentityProfile>>(&world, &identity).await;
    check::<Page<Member>>(&world, &members).await;
    check::<Page<RegistryEvent>>(&world, &identity_history).await;
    check::<Page<Freeze>>(&world, &freezes).await;
    check::<Page<Attestor>>(&world, &attestors).await;
    check::<Page<Tenure>>(&world, &roles).await;
    check::<Page<PublishedKey>>(&world, &keys).await;
}

async fn ask(api: &Api, path: &str, kept: &str) -> Response {
    api.client().get(api.url(path)).header("if-none-match", kept).send().await.expect("a response")
}

fn tag(response: &Response) -> String {
    response.headers()["etag"].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn an_answer_is_not_sent_twice_at_the_same_block() {
    let world = world().await;
    let mut tags = Vec::new();
    for path in paths() {
        let first = world.get(&path).await;
        assert_eq!(first.headers()["cache-control"], "no-cache", "{path}");
        let tag = tag(&first);
        let second = ask(&world, &path, &tag).await;
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(second.headers()["etag"], tag, "{path}");
        assert_eq!(second.bytes().await.expect("a body").len(), 0, "{path}");
        tags.push((path, tag));
    }
    world.advance(101).await;
    for (path, old) in tags {
        let third = ask(&world, &path, &old).await;
        assert_eq!(third.status(), StatusCode::OK, "{path}");
        assert_ne!(tag(&third), old, "{path}");
    }
}

#[tokio::test]
async fn a_kept_answer_is_found_among_several() {
    let world = world().await;
    let tag = tag(&world.get("/v1/treasury").await);
    let strong = tag.trim_start_matches("W/");
    for kept in [format!("\"other\", {tag}"), format!("W/\"other\",{strong} , \"third\""), "*".to_owned()] {
        assert_eq!(ask(&world, "/v1/treasury", &kept).await.status(), StatusCode::NOT_MODIFIED, "{kept}");
    }
    for kept in ["\"other\"", "W/\"\"", "rubbish", strong.trim_matches('"')] {
        assert_eq!(ask(&world, "/v1/treasury", kept).await.status(), StatusCode::OK, "{kept}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_unchanged() {
    let world = world().await;
    for path in ["/v1/proposals/7", "/v1/proposals/7/votes", "/v1/proposals/7/rounds"] {
        let problem = problem_in(ask(&world, path, "*").await).await;
        assert!(problem.kind.ends_with("/unknown-proposal") && problem.status == 404, "{path}: {problem:?}");
    }
    for path in paths() {
        assert_eq!(ask(&world, &path, "*").await.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn another_query_is_another_answer() {
    let world = world().await;
    let tag = tag(&world.get("/v1/proposals?limit=1").await);
    assert_eq!(ask(&world, "/v1/proposals?limit=2", &tag).await.status(), StatusCode::OK);
    assert_eq!(ask(&world, "/v1/accounts?limit=1", &tag).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_answer_is_of_one_block_while_the_mirror_moves() {
    let world = World::new().await;
    let row = json!({ "votes_for": 100 });
    world.insert("mirror_2.proposals", json!([with(proposal(0), row)])).await;
    let blocks: Vec<_> = (101..400).map(block).collect();
    world.insert("raw.blocks", json!(blocks)).await;
    // As the indexer does: rows and cursor in one transaction.
    let owner = world.owner.clone();
    let writer = tokio::spawn(async move {
        for height in 101..400_i64 {
            let mut transaction = owner.begin().await.expect("begun");
            sqlx::query("UPDATE mirror_2.proposals SET votes_for = $1")
                .bind(height)
                .execute(&mut *transaction)
                .await
                .expect("counted");
            sqlx::query(
                "UPDATE raw.cursor SET height = b.height, hash = b.hash, projected = b.height
                 FROM raw.blocks b WHERE b.height = $1",
            )
            .bind(height)
            .execute(&mut *transaction)
            .await
            .expect("moved");
            transaction.commit().await.expect("committed");
        }
    });
    let mut heights = Vec::new();
    while !writer.is_finished() {
        let answer = world.json("/v1/proposals").await;
        let height = answer["block"]["height"].as_u64().expect("a height");
        assert_eq!(answer["data"][0]["poll"]["votes"]["for"], height.to_string());
        heights.push(height);
    }
    writer.await.expect("written");
    heights.dedup();
    assert!(heights.len() > 2, "nothing moved while it was read: {heights:?}");
}

#[tokio::test]
async fn a_request_has_an_id() {
    let api = Api::without_database().await;
    assert!(!api.get("/healthz").await.headers()["x-request-id"].is_empty());
    let request = api.client().get(api.url("/nothing")).header("x-request-id", "mine");
    assert_eq!(request.send().await.expect("a response").headers()["x-request-id"], "mine");
}

#[tokio::test]
async fn other_sites_may_read() {
    let world = world().await;
    let request = world.client().get(world.url("/v1/status")).header("origin", "https://elsewhere.example");
    let response = request.send().await.expect("a response");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["access-control-expose-headers"], "etag,retry-after,x-request-id");
    let asking = world
        .client()
        .request(Method::OPTIONS, world.url("/v1/status"))
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "if-none-match");
    let response = asking.send().await.expect("a response");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["access-control-allow-methods"], "GET,HEAD");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let world = world().await;
    let response = world.client().head(world.url("/v1/treasury")).send().await.expect("a response");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(tag(&response), tag(&world.get("/v1/treasury").await));
}

#[tokio::test]
async fn without_a_database_everything_under_v1_is_a_problem() {
    let api = Api::without_database().await;
    let problems = futures_of(&api, &paths()).await;
    for problem in &problems {
        assert_eq!(problem, &problems[0]);
    }
    assert_json_snapshot!(problems[0]);
}

/// The problems at `paths`, all asked for at once: each waits for a connection that does not come.
async fn futures_of(api: &Api, paths: &[String]) -> Vec<api::model::Problem> {
    let mut tasks = Vec::new();
    for path in paths {
        let request = api.client().get(api.url(path));
        tasks.push(tokio::spawn(async { problem_in(request.send().await.expect("a response")).await }));
    }
    let mut problems = Vec::new();
    for task in tasks {
        problems.push(task.await.expect("asked"));
    }
    problems
}

#[tokio::test]
async fn without_a_block_everything_under_v1_is_a_problem() {
    let world = World::empty().await;
    for path in paths() {
        let problem = world.problem(&path).await;
        assert!(problem.kind.ends_with("/not-ready") && problem.status == 503, "{path}: {problem:?}");
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_a_problem() {
    let world = world().await;
    world.json("/v1/treasury").await;
    world.database.remove().await;
    let problem = world.problem("/v1/treasury").await;
    assert_eq!(problem.status, 503);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_a_problem() {
    let world = world().await;
    let mut lock = world.owner.begin().await.expect("begun");
    sqlx::query("LOCK TABLE mirror_2.treasury_ledger").execute(&mut *lock).await.expect("locked");
    let problem = world.problem("/v1/treasury/ledger").await;
    assert!(problem.kind.ends_with("/timeout") && problem.status == 503, "{problem:?}");
    lock.rollback().await.expect("unlocked");
    world.json("/v1/treasury/ledger").await;
}

#[tokio::test]
async fn stored_nonsense_is_a_problem_that_tells_nothing() {
    let world = world().await;
    // The column holds more digits than an amount can have.
    let beyond = "9".repeat(39);
    world.insert("mirror_2.accounts", json!([holder(77, beyond.clone())])).await;
    let somebody: Account = account(77);
    assert_json_snapshot!(world.problem(&format!("/v1/accounts/{somebody}")).await);
    assert_eq!(world.problem("/v1/accounts").await.status, 500);
}
