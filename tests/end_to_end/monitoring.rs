//! What operators watch: the figures, the alert rules, the dashboard.

use crate::world::{World, repository};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// Runs promtool, which must agree.
fn promtool(folder: &Path, arguments: &[&str]) {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("these tests need promtool (on Debian in the package prometheus): run scripts/setup --tests");
    let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "promtool {}: {told}", arguments.join(" "));
}

fn read(path: &str) -> String {
    let path = repository().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The queries of the dashboard.
fn dashboard_queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/gaia.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    targets.map(|target| target["expr"].as_str().expect("a query").to_owned()).collect()
}

#[test]
fn each_alert_comes_when_it_should_and_not_before() {
    let folder = repository().join("deploy/prometheus");
    promtool(&folder, &["check", "config", "prometheus.yml"]);
    promtool(&folder, &["check", "rules", "gaia.rules.yml"]);
    promtool(&folder, &["test", "rules", "gaia.rules.test.yml"]);
}

#[test]
fn prometheus_can_read_every_query_of_the_dashboard() {
    let queries = dashboard_queries();
    assert!(queries.len() > 20, "{queries:?}");
    let rules: Vec<_> = (0..)
        .zip(&queries)
        .map(|(number, query)| serde_json::json!({ "record": format!("panel:{number}"), "expr": query }))
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    // JSON is YAML.
    let rules = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    fs::write(folder.path().join("rules.yml"), rules.to_string()).expect("written");
    promtool(folder.path(), &["check", "rules", "rules.yml"]);
}

/// The names of figures in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.starts_with("gaia_"));
    let base = |word: &str| {
        let ends = ["_bucket", "_sum", "_count"];
        ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).to_owned()
    };
    words.map(base).collect()
}

#[tokio::test]
async fn everything_that_is_watched_is_measured() {
    let world = World::new().await;
    let made = world.propose(1).await;
    world.mirrored(made.block).await;
    let mut measured = BTreeSet::new();
    for url in [&world.stack.indexer_url, &world.stack.api_url] {
        assert!(reqwest::get(format!("{url}/readyz")).await.expect("an answer").status().is_success(), "{url}");
        let page = reqwest::get(format!("{url}/metrics")).await.expect("an answer").text().await.expect("text");
        let mut lint = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("promtool starts");
        lint.stdin.take().expect("piped").write_all(page.as_bytes()).expect("it reads");
        let output = lint.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{url}: {}", String::from_utf8_lossy(&output.stderr));
        let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        measured.extend(types.filter_map(|line| Some(line.split_once(' ')?.0.to_owned())));
    }
    let mut watched = names(&read("deploy/prometheus/gaia.rules.yml"));
    watched.extend(dashboard_queries().iter().flat_map(|query| names(query)));
    let unknown: Vec<_> = watched.difference(&measured).collect();
    assert!(unknown.is_empty(), "{unknown:?} are watched, and only these are measured: {measured:?}");
    let unwatched: Vec<_> = measured.difference(&watched).collect();
    assert!(unwatched.is_empty(), "nobody watches {unwatched:?}");
    world.stack.stop().await;
}
