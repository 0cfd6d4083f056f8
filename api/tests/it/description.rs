//! The committed description of the API is that of the program.

use crate::world::Api;
use serde_json::Value;
use std::{fs, path::Path};

fn committed() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json")).unwrap_or_default()
}

#[test]
fn the_committed_description_is_up_to_date() {
    let made = api::openapi::json().expect("a description");
    assert!(
        committed() == made,
        "api/openapi.json is not what the program describes; if the change is meant: \
         cargo run -p api -- openapi > api/openapi.json"
    );
}

#[tokio::test]
async fn the_served_description_is_the_committed_one() {
    let response = Api::without_database().await.get("/openapi.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.text().await.expect("text") == committed(), "another description is served than committed");
}

#[test]
fn the_description_is_openapi_3_1_of_every_endpoint() {
    let document: Value = serde_json::from_str(&committed()).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let paths: Vec<_> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/healthz",
            "/metrics",
            "/readyz",
            "/v1/accounts",
            "/v1/accounts/{account}",
            "/v1/accounts/{account}/delegators",
            "/v1/accounts/{account}/votes",
            "/v1/anchors",
            "/v1/anchors/origins",
            "/v1/attestors",
            "/v1/flags",
            "/v1/flags.flagd.json",
            "/v1/flags/{key}",
            "/v1/flags/{key}/history",
            "/v1/freezes",
            "/v1/identities",
            "/v1/identities/{id}",
            "/v1/identities/{id}/accounts",
            "/v1/identities/{id}/history",
            "/v1/keys",
            "/v1/live",
            "/v1/parameters",
            "/v1/parameters/{key}",
            "/v1/parameters/{key}/history",
            "/v1/proposals",
            "/v1/proposals/{id}",
            "/v1/proposals/{id}/identities",
            "/v1/proposals/{id}/overrides",
            "/v1/proposals/{id}/rankings",
            "/v1/proposals/{id}/rounds",
            "/v1/proposals/{id}/sponsors",
            "/v1/proposals/{id}/votes",
            "/v1/registry",
            "/v1/registry/history",
            "/v1/releases",
            "/v1/releases/{id}",
            "/v1/roles",
            "/v1/rules",
            "/v1/status",
            "/v1/treasury",
            "/v1/treasury/approvals",
            "/v1/treasury/assets",
            "/v1/treasury/budgets",
            "/v1/treasury/budgets/{category}",
            "/v1/treasury/budgets/{category}/history",
            "/v1/treasury/escrows",
            "/v1/treasury/escrows/{id}",
            "/v1/treasury/ledger",
            "/v1/treasury/ledger.csv",
            "/v1/treasury/pauses",
            "/v1/treasury/signers",
            "/v1/treasury/signers/{account}/awaiting",
            "/v1/treasury/streams",
            "/v1/treasury/streams/{id}",
            "/v1/upgrades",
        ]
    );
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document: Value = serde_json::from_str(&committed()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let names: Vec<_> = paths.values().map(|path| path["get"]["operationId"].as_str().expect("a name")).collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    fn check(document: &Value, value: &Value) {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        match value {
            Value::Object(fields) => fields.values().for_each(|value| check(document, value)),
            Value::Array(values) => values.iter().for_each(|value| check(document, value)),
            _ => {}
        }
    }
    let document = serde_json::from_str(&committed()).expect("JSON");
    check(&document, &document);
}
