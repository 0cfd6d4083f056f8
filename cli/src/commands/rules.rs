//! `gaia rules`: by which rules proposals are made, as the governor answers.

use super::Shared;
use crate::{Result, output::table};
use api::model::{Amount, Guardian, KINDS, MECHANISMS, Terms};
use ballot::Mechanism;
use client::messages::governor;
use interfaces::{
    Millis,
    governor::{self as governing, Kind},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The rules for new proposals of a kind, in the API's words.
#[derive(Debug, Serialize)]
pub struct Rules {
    kind: Kind,
    mechanisms: Vec<Mechanism>,
    proposal_threshold: Amount,
    voting_delay_ms: Millis,
    terms: Terms,
}

#[derive(Debug, Serialize)]
struct Rulebook {
    kinds: Vec<Rules>,
    guardian: Option<Guardian>,
    live_limit: u32,
}

impl Rules {
    /// Those that the governor answers with.
    pub fn new(kind: Kind, rules: &governing::Rules) -> Self {
        Self {
            kind,
            mechanisms: MECHANISMS.into_iter().filter(|mechanism| rules.mechanisms.contains(*mechanism)).collect(),
            proposal_threshold: Amount(rules.proposal_threshold),
            voting_delay_ms: rules.voting_delay,
            terms: terms(rules),
        }
    }
}

/// What a proposal keeps of the rules it was made under, in the API's words.
pub fn terms(rules: &governing::Rules) -> Terms {
    Terms {
        deposit: Amount(rules.deposit),
        voting_period_ms: rules.voting_period,
        freeze_ms: rules.freeze,
        extension_ms: rules.extension,
        quorum_bps: rules.thresholds.quorum,
        approval_bps: rules.thresholds.approval,
        plurality_bps: rules.thresholds.plurality,
        credits: rules.credits,
        execution_delay_ms: rules.execution_delay,
        execution_window_ms: rules.execution_window,
        spend_cap: Amount(rules.spend_cap),
        period_cap: Amount(rules.period_cap),
        period_ms: rules.period,
        guarded: rules.guarded,
    }
}

/// The guardian, in the API's words.
pub fn guardian(guardian: governing::Guardian) -> Guardian {
    Guardian { account: guardian.account.0.into(), until: guardian.until.into() }
}

pub(super) async fn run(shared: &Shared) -> Result<()> {
    let chain = shared.chain().await?;
    let account = shared.deployment(&chain).await?.contracts.governor.account;
    let view = chain.latest().await?;
    let mut kinds = Vec::new();
    for kind in KINDS {
        kinds.push(Rules::new(kind, &view.ask(&account, &governor::rules(kind)).await?));
    }
    let rulebook = Rulebook {
        kinds,
        guardian: view.ask(&account, &governor::guardian()).await?.map(guardian),
        live_limit: view.ask(&account, &governor::live_limit()).await?,
    };
    shared.output().result(&rulebook, text);
    Ok(())
}

/// A column for each kind, a row for each rule.
fn text(rulebook: &Rulebook) -> String {
    let columns: Vec<BTreeMap<_, _>> =
        rulebook.kinds.iter().map(|rules| cells(&serde_json::json!(rules)).into_iter().collect()).collect();
    let row = |name: &String| {
        let cells = columns.iter().map(|column| column.get(name).cloned().unwrap_or_default());
        std::iter::once(name.replace('_', " ")).chain(cells).collect::<Vec<_>>()
    };
    let names = columns.first().into_iter().flat_map(BTreeMap::keys);
    let (heading, rows): (Vec<_>, Vec<_>) = names.partition(|name| *name == "kind");
    let heading = heading.into_iter().flat_map(row).collect::<Vec<_>>();
    let heading: Vec<_> = heading.iter().map(String::as_str).collect();
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let guardian = rulebook
        .guardian
        .as_ref()
        .map_or("nobody".to_owned(), |guardian| format!("{} until {}", guardian.account, guardian.until.time));
    format!(
        "{}\n\nguardian: {guardian}\nlive proposals of one account: at most {}",
        table(&heading, &rows),
        rulebook.live_limit
    )
}

/// The leaves of an object, each with its name.
fn cells(object: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = object else { return Vec::new() };
    let cell = |(name, value): (&String, &Value)| match value {
        Value::Object(_) => cells(value),
        Value::String(text) => vec![(name.clone(), text.clone())],
        Value::Array(all) => {
            let names: Vec<_> = all.iter().filter_map(Value::as_str).collect();
            vec![(name.clone(), names.join(" "))]
        }
        other => vec![(name.clone(), other.to_string())],
    };
    fields.iter().flat_map(cell).collect()
}
