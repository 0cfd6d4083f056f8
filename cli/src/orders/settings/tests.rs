use super::*;
use client::{AccountId32, Deployed, H256, Message, development_account};
use serde_json::json;

const CHANGE: Kind = Kind::ParameterChange;
const UPGRADE: Kind = Kind::ProtocolUpgrade;
const SETTINGS: AccountId32 = AccountId32([8; 32]);

fn contracts() -> Contracts {
    let deployed = |name| {
        let account = if name == "settings" { SETTINGS } else { AccountId32([1; 32]) };
        Ok::<_, std::convert::Infallible>(Deployed { account, code_hash: H256([2; 32]) })
    };
    let Ok(contracts) = Contracts::try_from_fn(deployed);
    contracts
}

/// The call of an order in a proposal of this kind, or why there is none.
fn ordered(order: Json, kind: Kind) -> Result<Call, String> {
    let order: Order = serde_json::from_value(order).map_err(|error| error.to_string())?;
    order.call(&contracts(), kind).map_err(|error| error.to_string())
}

fn same<R>(order: Json, kind: Kind, message: &Message<R>) {
    assert_eq!(ordered(order.clone(), kind), Ok(call(SETTINGS, message)), "{order}");
}

fn key(name: &str) -> interfaces::key::Key {
    interfaces::key::Key::new(name).expect("a key")
}

#[test]
fn parameters_are_defined_set_cancelled_and_retired() {
    let definition =
        Definition { owner: CHANGE, bounds: kept::Bounds::Integer { least: -5, most: 10 }, note: "until 2027".into() };
    let define = json!({
        "order": "define", "key": "fee", "owner": "parameter_change", "note": "until 2027",
        "bounds": { "type": "integer", "least": "-5", "most": "10" }, "value": { "type": "integer", "value": "7" },
    });
    same(define, CHANGE, &messages::define(CHANGE, &key("fee"), &definition, &kept::Value::Integer(7)));
    for (from, moment) in [
        (Json::Null, None),
        (json!(86_400_001), Some(86_400_001)),
        (json!("1970-01-02"), Some(86_400_000)),
        (json!("1970-01-01T00:00:01Z"), Some(1_000)),
    ] {
        let set = json!({ "order": "set", "key": "fee", "value": { "type": "bool", "value": true }, "from": from });
        let kind = Kind::CommunityInitiative;
        same(set, kind, &messages::set(kind, &key("fee"), &kept::Value::Bool(true), moment));
    }
    same(json!({ "order": "cancel", "key": "fee" }), CHANGE, &messages::cancel(CHANGE, &key("fee")));
    same(json!({ "order": "retire", "key": "fee" }), CHANGE, &messages::retire(CHANGE, &key("fee")));
}

#[test]
fn every_type_of_value_can_be_written() {
    let alice = AccountId::from(development_account("alice").expect("a development account").account().0);
    for (bounds, value, expected) in [
        (json!({ "type": "bool" }), json!(false), (kept::Bounds::Bool, kept::Value::Bool(false))),
        (
            json!({ "type": "decimal", "scale": 2, "least": "0.00", "most": "1.00" }),
            json!("0.25"),
            (
                kept::Bounds::Decimal { scale: 2, least: 0, most: 100 },
                kept::Value::Decimal(kept::Decimal { units: 25, scale: 2 }),
            ),
        ),
        (
            json!({ "type": "text", "longest": 5 }),
            json!("hello"),
            (kept::Bounds::Text { longest: 5 }, kept::Value::Text("hello".into())),
        ),
        (
            json!({ "type": "duration", "least": "0", "most": "18446744073709551615" }),
            json!("86400000"),
            (kept::Bounds::Duration { least: 0, most: u64::MAX }, kept::Value::Duration(86_400_000)),
        ),
        (json!({ "type": "account" }), json!("//Alice"), (kept::Bounds::Account, kept::Value::Account(alice))),
    ] {
        let tagged = json!({ "type": bounds["type"], "value": value });
        let order =
            json!({ "order": "define", "key": "p", "owner": "treasury_spending", "bounds": bounds, "value": tagged });
        let (bounds, value) = expected;
        let definition = Definition { owner: Kind::TreasurySpending, bounds, note: String::new() };
        same(order, CHANGE, &messages::define(CHANGE, &key("p"), &definition, &value));
    }
}

#[test]
fn flags_have_json_or_text_as_body() {
    for (body, text) in [(json!({ "state": "ENABLED" }), r#"{"state":"ENABLED"}"#), (json!("as it is"), "as it is")] {
        let order = json!({
            "order": "set_flag", "key": "search", "owner": "parameter_change", "ceiling_bps": 5_000,
            "exposure_bps": 100, "body": body,
        });
        let share = |points| BasisPoints::new(points).expect("a share");
        let flag = FlagOrder { owner: CHANGE, ceiling: share(5_000), exposure: share(100), body: text.into() };
        same(order, CHANGE, &messages::set_flag(CHANGE, &key("search"), &flag));
    }
}

#[test]
fn releases_are_approved_and_revoked() {
    let digest = format!("0x{}", "ab".repeat(32));
    let approved =
        |strategy| Release { component: key("api"), digest: [0xab; 32].into(), strategy, expires: 86_400_000 };
    let order = |strategy: Json| {
        json!({
            "order": "approve_release", "component": "api", "digest": digest, "strategy": strategy,
            "expires": "1970-01-02",
        })
    };
    let message = messages::approve_release(UPGRADE, &approved(Strategy::BlueGreen));
    same(order(json!({ "type": "blue_green" })), UPGRADE, &message);
    let canary = json!({
        "type": "canary", "steps": [{ "exposure_bps": 100, "hold_ms": 60_000 }],
        "thresholds": [{ "metric": "errors", "at_most": "0.01" }, { "metric": "speed", "at_least": "100" }],
    });
    let decimal = |units, scale| kept::Decimal { units, scale };
    let strategy = Strategy::Canary {
        steps: vec![Step { exposure: BasisPoints::new(100).expect("a share"), hold: 60_000 }],
        thresholds: vec![
            Threshold { metric: key("errors"), limit: Limit::AtMost(decimal(1, 2)) },
            Threshold { metric: key("speed"), limit: Limit::AtLeast(decimal(100, 0)) },
        ],
    };
    same(order(canary), UPGRADE, &messages::approve_release(UPGRADE, &approved(strategy)));
    same(json!({ "order": "revoke_release", "release": 3 }), UPGRADE, &messages::revoke(UPGRADE, 3));
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence() {
    let integer = |least: &str, most: &str, value: &str| {
        json!({
            "order": "define", "key": "fee", "owner": "parameter_change",
            "bounds": { "type": "integer", "least": least, "most": most },
            "value": { "type": "integer", "value": value },
        })
    };
    let flag = |body: Json| {
        json!({
            "order": "set_flag", "key": "f", "owner": "parameter_change", "ceiling_bps": 10, "exposure_bps": 5,
            "body": body,
        })
    };
    let mut above = flag(json!("x"));
    above["exposure_bps"] = json!(11);
    let release = |strategy: Json| {
        let digest = format!("0x{}", "ab".repeat(32));
        json!({ "order": "approve_release", "component": "api", "digest": digest, "strategy": strategy, "expires": 5 })
    };
    let threshold = json!({ "metric": "errors", "at_most": "1", "at_least": "0" });
    let torn = json!({ "type": "canary", "steps": [], "thresholds": [threshold] });
    for (order, kind, reason) in [
        (json!({ "order": "abolish", "key": "fee" }), CHANGE, "unknown variant `abolish`"),
        (json!({ "order": "cancel" }), CHANGE, "missing field `key`"),
        (json!({ "order": "cancel", "key": "Fee" }), CHANGE, "\"Fee\" is no name"),
        (json!({ "order": "cancel", "key": "fee", "kind": "x" }), CHANGE, "unknown field `kind`"),
        (
            json!({ "order": "set", "key": "a", "value": { "type": "integer", "value": 5 } }),
            CHANGE,
            "expected a string",
        ),
        (
            json!({ "order": "set", "key": "a", "value": { "type": "decimal", "value": ".5" } }),
            CHANGE,
            "decimal number",
        ),
        (json!({ "order": "set", "key": "a", "value": { "type": "account", "value": "//" } }), CHANGE, "account"),
        (
            json!({ "order": "set", "key": "a", "value": { "type": "bool", "value": true }, "from": "soon" }),
            CHANGE,
            "\"soon\" is no date",
        ),
        (integer("5", "4", "5"), CHANGE, "a least value that is not above the greatest"),
        (integer("0", "4", "5"), CHANGE, "not within the parameter's bounds"),
        (flag(json!("")), CHANGE, "the body of a flag must have 1 to 2048 bytes"),
        (flag(json!("x".repeat(2_049))), CHANGE, "the body of a flag must have 1 to 2048 bytes"),
        (above, CHANGE, "above the flag's ceiling"),
        (release(json!({ "type": "blue_green" })), CHANGE, "only a protocol upgrade may order that"),
        (release(json!({ "type": "canary", "steps": [] })), UPGRADE, "a canary release has 1 to 16 steps"),
        (release(torn), UPGRADE, "at_most or at_least, and not both"),
        (json!({ "order": "revoke_release", "release": 3 }), CHANGE, "only a protocol upgrade may order that"),
    ] {
        let refused = ordered(order.clone(), kind).expect_err("nonsense");
        assert!(refused.contains(reason), "{order}: {refused}");
    }
}
