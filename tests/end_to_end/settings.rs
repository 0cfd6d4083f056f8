//! What governance tells the systems, from the proposal to what a system reads, and what operators do in between.

use crate::{
    commands::{block, home, told},
    verbs::refused,
    world::{World, signer},
};
use api::model::{
    Anchor, AnchorOrigin, Answer, Flag, FlagAction, FlagEntry, Flagd, Integer, Parameter, ParameterAction,
    ParameterEntry, ParameterValue, ReleaseReported, ReleaseStage, SoftwareRelease,
};
use ballot::{Mechanism, Support};
use cli::{commands::call, orders::settings::Order};
use client::{
    Sent,
    messages::{governor, registry, settings},
};
use interfaces::{
    AccountId, Moment, ProposalId,
    governor::{Call, Kind},
    key::Key,
    registry::SigningKey,
    roles::Role,
    settings::Value,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

const DAY: Moment = 86_400_000;

/// The calls of orders in a proposal of this kind.
fn ordered(world: &World, kind: Kind, orders: Json) -> Vec<Call> {
    let orders: Vec<Order> = serde_json::from_value(orders).expect("orders");
    orders.iter().map(|order| order.call(world.contracts(), kind).expect("an order")).collect()
}

/// Proposes these calls, and sees to it that they pass and are executed.
async fn carried_out(world: &World, kind: Kind, calls: Vec<Call>) -> (ProposalId, Sent<()>) {
    let rules = world.governor().ask(&governor::rules(kind)).await.expect("the governor answers");
    let made = world.propose_as(kind, Mechanism::Majority, "Tell the systems", vec![("Tell them", calls)]).await;
    world.pass(made.block, rules.voting_delay).await;
    for who in ["Alice", "Bob"] {
        world.vote(made.answer, who, Support::For).await.expect("a vote");
    }
    world.pass(made.block, rules.voting_delay + rules.voting_period).await;
    let queued = world.queue(made.answer).await.expect("queued");
    world.pass(queued.block, rules.execution_delay).await;
    let executed = world.execute(made.answer).await.expect("executed");
    world.governor().send(&signer("Bob"), &governor::settle(made.answer)).await.expect("settled");
    world.mirrored(executed.block).await;
    (made.answer, executed)
}

async fn one<T: DeserializeOwned>(world: &World, path: &str) -> T {
    let answer: Answer<T> = world.api.one(path).await.expect("an answer");
    answer.data
}

fn account(name: &str) -> AccountId {
    AccountId::from(signer(name).account().0)
}

fn key(name: &str) -> Key {
    Key::new(name).expect("a key")
}

/// What the mirror and the chain say of the parameter `fee`, which must be the same.
async fn fee(world: &World) -> (Option<i128>, Option<Moment>) {
    world.caught_up().await;
    let mirror: Parameter = one(world, "/v1/parameters/fee").await;
    let contract = world.chain.contract(world.contracts().settings.account);
    let chain = contract.ask(&settings::parameter(&key("fee"))).await.expect("an answer").expect("a parameter");
    let value = match mirror.value {
        Some(ParameterValue::Integer(Integer(value))) => Some(value),
        None => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(value.map(Value::Integer), chain.course.value);
    let next = mirror.next.map(|next| next.from.moment);
    assert_eq!(next, chain.course.next.map(|next| next.from));
    (value, next)
}

#[tokio::test]
async fn a_parameter_changes_when_its_moment_comes() {
    let world = World::new().await;
    let home = home(&world);
    let define = json!([{
        "order": "define", "key": "fee", "owner": "parameter_change", "note": "Until 2030.",
        "bounds": { "type": "integer", "least": "0", "most": "100" }, "value": { "type": "integer", "value": "5" },
    }]);
    let calls = ordered(&world, Kind::ParameterChange, define);
    let (defined, _) = carried_out(&world, Kind::ParameterChange, calls).await;
    assert_eq!(fee(&world).await, (Some(5), None));

    let from = world.now().await + 10 * DAY;
    let set = |value: &str, from: Option<Moment>| json!([{ "order": "set", "key": "fee", "value": { "type": "integer", "value": value }, "from": from }]);
    let calls = ordered(&world, Kind::ParameterChange, set("7", Some(from)));
    let (scheduled, executed) = carried_out(&world, Kind::ParameterChange, calls).await;
    assert_eq!(fee(&world).await, (Some(5), Some(from)));
    world.verified().await;

    // Nobody does anything but wait.
    let at = world.chain.moment(executed.block.hash).await.expect("a moment");
    world.pass(executed.block, from - at).await;
    assert_eq!(fee(&world).await, (Some(7), None));
    world.verified().await;

    // One is replaced before it comes, and the parameter is retired in the end.
    let later = world.now().await + 30 * DAY;
    let mut orders = set("8", Some(later));
    let others = [set("9", Some(later + DAY)), json!([{ "order": "cancel", "key": "fee" }]), set("10", None)];
    orders
        .as_array_mut()
        .expect("a list")
        .extend(others.into_iter().flat_map(|it| it.as_array().expect("a list").clone()));
    let calls = ordered(&world, Kind::ParameterChange, orders);
    carried_out(&world, Kind::ParameterChange, calls).await;
    assert_eq!(fee(&world).await, (Some(10), None));
    let calls = ordered(&world, Kind::ParameterChange, json!([{ "order": "retire", "key": "fee" }]));
    carried_out(&world, Kind::ParameterChange, calls).await;
    assert_eq!(fee(&world).await, (None, None));

    let mut history: Vec<ParameterEntry> = world.listed("/v1/parameters/fee/history").await;
    history.reverse();
    let actions: Vec<_> = history.iter().map(|entry| entry.action).collect();
    use ParameterAction as Did;
    let expected = [Did::Define, Did::Schedule, Did::Schedule, Did::Schedule, Did::Cancel, Did::Set, Did::Retire];
    assert_eq!(actions, expected);
    assert_eq!((history[0].proposal, history[1].proposal), (Some(defined), Some(scheduled)));
    let came = &history[1].in_force[1];
    assert_eq!((came.from.moment, &came.value), (from, &Some(ParameterValue::Integer(Integer(7)))));
    let report = world.verified().await;
    assert_eq!(report.parameters, 1);

    // As people see it.
    let shown = told(&home, &["parameters", "fee"]).await;
    assert_eq!((&shown["parameter"]["value"], shown["history"].as_array().map(Vec::len)), (&Json::Null, Some(7)));
    assert_eq!(told(&home, &["parameters"]).await[0]["key"], "fee");
    let change = "UPDATE mirror_2.parameter_history SET moment = moment + 1 WHERE action = 'define'";
    let undo = "UPDATE mirror_2.parameter_history SET moment = moment - 1 WHERE action = 'define'";
    world.sql(change).await;
    let report = cli::commands::verify(&world.chain, &world.api, &world.stack.deployment).await.expect("both answer");
    assert!(report.differences.iter().any(|it| it.starts_with("parameter fee, value at ")), "{:?}", report.differences);
    world.sql(undo).await;
    world.verified().await;
    world.stack.stop().await;
}

#[tokio::test]
async fn a_flag_is_steered_up_to_its_ceiling_killed_and_revived() {
    let world = World::new().await;
    let home = home(&world);
    let body = json!({
        "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
        "targeting": { "if": [true, "on", null] },
    });
    let mut calls = ordered(
        &world,
        Kind::ParameterChange,
        json!([{
            "order": "set_flag", "key": "search.v2", "owner": "parameter_change", "ceiling_bps": 5_000,
            "exposure_bps": 0, "body": body,
        }]),
    );
    let until = world.now().await + 300 * DAY;
    let granted = registry::grant_role(account("Charlie"), Role::Operator, until);
    calls.push(call(world.contracts().registry.account, &granted));
    let (proposal, _) = carried_out(&world, Kind::ParameterChange, calls).await;
    let flagd: Flagd = world.api.get("/v1/flags.flagd.json").await.expect("a document");
    let name = "search.v2".parse().expect("a name");
    assert_eq!(flagd.flags[&name].get("targeting"), None);

    let steer = async |what: &[&str], who: &str| told(&home, &[&["flag"], what, &["--signer", who]].concat()).await;
    let refuse =
        async |what: &[&str], who: &str| refused(&world, &[&["flag"], what, &["--signer", who]].concat()).await;
    let flag = async |sent: &Json| {
        world.mirrored(block(sent)).await;
        let flag: Flag = one(&world, "/v1/flags/search.v2").await;
        (flag.exposure_bps.get(), flag.killed)
    };
    assert_eq!(refuse(&["expose", "search.v2", "100"], "//Bob").await, "NotOperator");
    let exposed = steer(&["expose", "search.v2", "5000"], "//Charlie").await;
    assert_eq!(flag(&exposed).await, (5_000, false));
    assert_eq!(refuse(&["expose", "search.v2", "5001"], "//Charlie").await, "AboveCeiling");
    let flagd: Flagd = world.api.get("/v1/flags.flagd.json").await.expect("a document");
    assert_eq!(flagd.flags[&name]["targeting"]["if"][1], body["targeting"]);
    world.verified().await;

    let killed = steer(&["kill", "search.v2"], "//Charlie").await;
    assert_eq!(flag(&killed).await, (0, true));
    assert_eq!(refuse(&["kill", "search.v2"], "//Charlie").await, "Killed");
    assert_eq!(refuse(&["expose", "search.v2", "1"], "//Charlie").await, "Killed");
    assert_eq!(told(&home, &["flags", "search.v2"]).await["flag"]["killed"], true);
    let revived = steer(&["revive", "search.v2"], "//Charlie").await;
    assert_eq!(flag(&revived).await, (0, false));

    let mut history: Vec<FlagEntry> = world.listed("/v1/flags/search.v2/history").await;
    history.reverse();
    let actions: Vec<_> = history.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [FlagAction::Set, FlagAction::Expose, FlagAction::Kill, FlagAction::Revive]);
    assert_eq!((history[0].proposal, history[0].by), (Some(proposal), None));
    assert_eq!(history[1].by.map(|by| by.to_string()), Some(signer("Charlie").account().to_string()));
    assert_eq!(world.verified().await.flags, 1);
    assert_eq!(told(&home, &["flags"]).await[0]["key"], "search.v2");
    world.sql("UPDATE mirror_2.flags SET exposure_bps = 1").await;
    let report = cli::commands::verify(&world.chain, &world.api, &world.stack.deployment).await.expect("both answer");
    assert!(
        report.differences.iter().any(|it| it.starts_with("flag search.v2, exposure_bps")),
        "{:?}",
        report.differences
    );
    world.stack.stop().await;
}

#[tokio::test]
async fn a_release_is_reported_step_by_step_and_a_log_is_anchored() {
    let world = World::new().await;
    let home = home(&world);
    let now = world.now().await;
    let until = now + 300 * DAY;
    let approve = |component: &str, digest: &str, strategy: Json| {
        json!({
            "order": "approve_release", "component": component, "digest": format!("0x{}", digest.repeat(32)),
            "strategy": strategy, "expires": until,
        })
    };
    let canary = json!({
        "type": "canary",
        "steps": [{ "exposure_bps": 100, "hold_ms": 3_600_000 }, { "exposure_bps": 5_000, "hold_ms": 3_600_000 }],
        "thresholds": [{ "metric": "errors.share", "at_most": "0.010" }],
    });
    let orders = json!([approve("api", "a1", canary), approve("chain", "b2", json!({ "type": "blue_green" }))]);
    let mut calls = ordered(&world, Kind::ProtocolUpgrade, orders);
    let contract = world.contracts().registry.account;
    calls.push(call(contract, &registry::grant_role(account("Charlie"), Role::Operator, until)));
    let published =
        SigningKey { origin: key("gaia.example-audit"), key: [7; 32], holder: account("Eve"), from: 0, until };
    calls.push(call(contract, &registry::publish_key(&published)));
    let (proposal, _) = carried_out(&world, Kind::ProtocolUpgrade, calls).await;

    let report = async |what: &[&str]| {
        let sent = told(&home, &[&["release", "report", "0"], what, &["--signer", "//Charlie"]].concat()).await;
        world.mirrored(block(&sent)).await;
        (sent.clone(), one::<SoftwareRelease>(&world, "/v1/releases/0").await)
    };
    let (started, release) = report(&["started"]).await;
    assert_eq!((release.stage, release.running.map(|it| it.passed)), (ReleaseStage::Running, Some(0)));
    let early = ["release", "report", "0", "step-passed", "0", "--signer", "//Charlie"];
    assert_eq!(refused(&world, &early).await, "TooEarly");
    let nobody = ["release", "report", "0", "rolled-back", "--signer", "//Bob"];
    assert_eq!(refused(&world, &nobody).await, "NotOperator");
    world.pass(block(&started), 3_600_000).await;
    let (first, release) = report(&["step-passed", "0"]).await;
    assert_eq!(release.running.map(|it| it.passed), Some(1));
    world.verified().await;
    world.pass(block(&first), 3_600_000).await;
    report(&["step-passed", "1"]).await;
    let (_, release) = report(&["completed"]).await;
    assert_eq!((release.stage, release.proposal, release.expired), (ReleaseStage::Completed, Some(proposal), false));
    let said: Vec<_> = release.reports.iter().map(|report| (report.report, report.step)).collect();
    use ReleaseReported as Said;
    let expected =
        [(Said::Started, None), (Said::StepPassed, Some(0)), (Said::StepPassed, Some(1)), (Said::Completed, None)];
    assert_eq!(said, expected);
    let revoke = ordered(&world, Kind::ProtocolUpgrade, json!([{ "order": "revoke_release", "release": 1 }]));
    let (revoking, _) = carried_out(&world, Kind::ProtocolUpgrade, revoke).await;
    let revoked = told(&home, &["releases", "1"]).await;
    assert_eq!((&revoked["stage"], &revoked["reports"][0]["proposal"]), (&json!("revoked"), &json!(revoking)));
    assert_eq!(told(&home, &["releases"]).await[1]["component"], "api");

    let root = |byte: &str| format!("0x{}", byte.repeat(32));
    let (first, second, third) = (root("01"), root("02"), root("03"));
    let origin = "gaia.example-audit";
    told(&home, &["anchor", origin, "10", &first, "--signer", "//Eve"]).await;
    for (size, who, refusal) in [("11", "//Bob", "NoKey"), ("10", "//Eve", "Forks"), ("9", "//Eve", "Shrinks")] {
        assert_eq!(refused(&world, &["anchor", origin, size, &second, "--signer", who]).await, refusal);
    }
    let last = told(&home, &["anchor", origin, "12", &third, "--signer", "//Eve"]).await;
    world.mirrored(block(&last)).await;
    let anchors: Vec<Anchor> = world.listed("/v1/anchors?origin=gaia.example-audit").await;
    assert_eq!(anchors.iter().map(|it| (it.number, it.size.0)).collect::<Vec<_>>(), [(1, 12), (0, 10)]);
    let origins: Vec<AnchorOrigin> = world.listed("/v1/anchors/origins").await;
    assert_eq!(origins.iter().map(|it| (it.anchors, it.latest.size.0)).collect::<Vec<_>>(), [(2, 12)]);
    assert_eq!(told(&home, &["anchors"]).await[0]["latest"]["size"], "12");
    assert_eq!(told(&home, &["anchors", "gaia.example-audit"]).await[1]["size"], "10");

    let report = world.verified().await;
    assert_eq!((report.releases, report.anchors), (2, 2));
    world.sql("DELETE FROM mirror_2.release_reports WHERE report = 'started'").await;
    let report = cli::commands::verify(&world.chain, &world.api, &world.stack.deployment).await.expect("both answer");
    let expected = "release 0, what its reports lead to";
    assert!(report.differences.iter().any(|it| it.starts_with(expected)), "{:?}", report.differences);
    world.stack.stop().await;
}
