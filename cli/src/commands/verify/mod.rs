//! `gaia verify`: the mirror against what the contracts answer at the same block.
//!
//! Every answer of the API says which block it stands at; the contracts are asked at that very block, and what they say
//! is put in the API's words and compared field by field. What was counted is recounted from the single votes, with the
//! library that the contracts count with.

mod accounts;
mod count;
mod proposals;
mod registry;
mod rules;
mod settings;
mod treasury;
mod votes;

use super::Shared;
use crate::{Error, Result, api::Api};
use api::model::{Answer, Block, Hash, Page, Status};
use client::{AccountId32, Chain, Contracts, Deployment, H256, View};
use interfaces::AccountId;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Display};

/// What was compared, and what differs.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The block of the mirror's last answer.
    pub height: u64,
    /// Proposals compared.
    pub proposals: usize,
    /// Votes compared.
    pub votes: usize,
    /// Accounts compared.
    pub accounts: usize,
    /// Budgets compared.
    pub budgets: usize,
    /// Escrows compared.
    pub escrows: usize,
    /// Streams compared.
    pub streams: usize,
    /// Entries of the treasury's ledger added up.
    pub entries: usize,
    /// Parameters compared.
    pub parameters: usize,
    /// Feature flags compared.
    pub flags: usize,
    /// Releases of software compared.
    pub releases: usize,
    /// Anchors of audit logs compared.
    pub anchors: usize,
    /// Identities compared.
    pub identities: usize,
    /// Accounts of identities compared.
    pub members: usize,
    /// Freezes compared.
    pub freezes: usize,
    /// Roles compared.
    pub roles: usize,
    /// Signing keys compared.
    pub keys: usize,
    /// Rows of the registry's history played.
    pub registry_events: usize,
    /// Each difference, as a sentence.
    pub differences: Vec<String>,
    /// What could not be compared because the mirror would not hold still, as sentences.
    pub unchecked: Vec<String>,
}

pub(super) async fn run(shared: &Shared) -> Result<()> {
    let chain = shared.chain().await?;
    let deployment = shared.deployment(&chain).await?;
    let report = verify(&chain, &shared.api()?, &deployment).await?;
    shared.output().result(&report, |report| {
        let mut lines: Vec<_> = report.differences.iter().chain(&report.unchecked).cloned().collect();
        let Report { height, proposals, votes, accounts, budgets, escrows, streams, entries, .. } = report;
        let Report { identities, parameters, flags, releases, anchors, .. } = report;
        lines.push(format!(
            "compared {proposals} proposals, {votes} votes, {accounts} accounts and {identities} identities; of the \
             treasury {budgets} budgets, {escrows} escrows, {streams} streams and {entries} entries of its ledger; \
             {parameters} parameters, {flags} flags, {releases} releases and {anchors} anchors, up to block {height}: {}",
            match report.differences.len() {
                0 => "mirror and chain agree".to_owned(),
                n => format!("{n} differences"),
            }
        ));
        lines.join("\n")
    });
    match report.differences.len() {
        0 => Ok(()),
        differences => Err(Error::Differs(differences)),
    }
}

/// Compares everything that the mirror says with the contracts.
///
/// # Errors
/// If either side cannot be asked. Differences are no error here: they are in the report.
pub async fn verify(chain: &Chain, api: &Api, deployment: &Deployment) -> Result<Report> {
    let contracts = &deployment.contracts;
    let (profiled, report) = (BTreeSet::new(), Report::default());
    let mut check = Check { chain, api, contracts, view: None, profiled, report };
    check.status().await?;
    if check.report.differences.is_empty() {
        check.rules().await?;
        check.proposals().await?;
        check.accounts().await?;
        check.registered().await?;
        check.treasury().await?;
        check.settings().await?;
    }
    Ok(check.report)
}

struct Check<'a> {
    chain: &'a Chain,
    api: &'a Api,
    contracts: &'a Contracts,
    /// The block that was asked about last; the next question is most likely about the same.
    view: Option<View>,
    /// The accounts that were compared in full.
    profiled: BTreeSet<api::account::Account>,
    report: Report,
}

impl<'a> Check<'a> {
    fn token(&self) -> &'a AccountId32 {
        &self.contracts.token.account
    }

    fn ledger(&self) -> &'a AccountId32 {
        &self.contracts.ledger.account
    }

    fn registry(&self) -> &'a AccountId32 {
        &self.contracts.registry.account
    }

    fn governor(&self) -> &'a AccountId32 {
        &self.contracts.governor.account
    }

    fn polls(&self) -> &'a AccountId32 {
        &self.contracts.polls.account
    }

    fn rankings(&self) -> &'a AccountId32 {
        &self.contracts.rankings.account
    }

    async fn status(&mut self) -> Result<()> {
        let Answer { data, block } = self.api.one::<Status>("/v1/status").await?;
        let genesis = Hash(self.chain.genesis_hash().0);
        self.compare("genesis hash", &block, data.chain.genesis_hash, genesis);
        for ((name, contract), (_, mirror)) in self.contracts.each().zip(data.contracts.each()) {
            let account = api::account::Account::from(contract.account.0);
            self.compare(format!("{name}'s account"), &block, mirror, account);
        }
        Ok(())
    }

    /// The chain at the block of an answer.
    async fn view(&mut self, block: &Block) -> Result<View> {
        if let Some(view) = self.view.as_ref().filter(|view| view.block().hash.0 == block.hash.0) {
            return Ok(view.clone());
        }
        let view = self.chain.at_block(H256(block.hash.0)).await?;
        self.report.height = self.report.height.max(block.height);
        self.view = Some(view.clone());
        Ok(view)
    }

    /// Compares all that the chain's side says with the same on the mirror's.
    fn compare(&mut self, what: impl Display, block: &Block, mirror: impl Serialize, chain: impl Serialize) {
        let (mirror, chain) = (value(mirror), value(chain));
        let height = block.height;
        differences("", &mirror, &chain, &mut |path, mirror, chain| {
            let (mirror, chain) = (shown(mirror), shown(chain));
            self.report
                .differences
                .push(format!("{what}{path} (block {height}): the mirror says {mirror}, the chain says {chain}"));
        });
    }

    fn differs(&mut self, difference: String) {
        self.report.differences.push(difference);
    }

    /// All rows of a list as of one block; notes where the mirror would not hold still.
    async fn list<T: DeserializeOwned>(&mut self, path: &str) -> Result<Option<(Vec<T>, Block)>> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (pages, steady) = self.api.pages_of_one_block::<T>(&format!("{path}{mark}limit=200")).await?;
        let block = pages.last().map(|page| page.block.clone()).filter(|_| steady);
        if block.is_none() {
            self.report.unchecked.push(format!("{path} changed too fast to be compared"));
        }
        Ok(block.map(|block| (rows(pages), block)))
    }
}

fn rows<T>(pages: Vec<Page<T>>) -> Vec<T> {
    pages.into_iter().flat_map(|page| page.data).collect()
}

/// Tells of every leaf of `chain` that is another one in `mirror`. What only the mirror has is left alone: the chain
/// cannot tell it.
fn differences(path: &str, mirror: &Value, chain: &Value, tell: &mut impl FnMut(&str, &Value, &Value)) {
    match (mirror, chain) {
        (Value::Object(mirrored), Value::Object(fields)) => {
            for (name, chain) in fields {
                let mark = if path.is_empty() { ", " } else { "." };
                let mirror = mirrored.get(name).unwrap_or(&Value::Null);
                differences(&format!("{path}{mark}{name}"), mirror, chain, tell);
            }
        }
        (Value::Array(mirrored), Value::Array(items)) if mirrored.len() == items.len() => {
            for (number, (mirror, chain)) in mirrored.iter().zip(items).enumerate() {
                differences(&format!("{path}[{number}]"), mirror, chain, tell);
            }
        }
        _ if mirror == chain => {}
        _ => tell(path, mirror, chain),
    }
}

fn value(side: impl Serialize) -> Value {
    serde_json::to_value(side).unwrap_or_else(|error| Value::String(error.to_string()))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// An account as the API writes it.
fn account(account: AccountId) -> api::account::Account {
    account.0.into()
}

fn account_id(account: api::account::Account) -> AccountId {
    AccountId::from(<[u8; 32]>::from(account))
}

fn hash(hash: interfaces::Hash) -> Hash {
    Hash(hash.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(mirror: Value, chain: Value) -> Vec<String> {
        let mut found = Vec::new();
        differences("", &mirror, &chain, &mut |path, mirror, chain| {
            found.push(format!("{path}: {} / {}", shown(mirror), shown(chain)));
        });
        found
    }

    #[test]
    fn every_leaf_that_differs_is_named() {
        let mirror = json!({ "a": 1, "b": { "c": ["x", "y"], "only": 5 }, "d": null });
        assert_eq!(found(mirror.clone(), mirror.clone()), Vec::<String>::new());
        let chain = json!({ "a": 2, "b": { "c": ["x", "z"] }, "d": {} });
        assert_eq!(found(mirror, chain), [", a: 1 / 2", ", b.c[1]: y / z", ", d: nothing / {}"]);
    }

    #[test]
    fn a_list_of_another_length_differs_as_a_whole() {
        assert_eq!(found(json!({ "a": [1] }), json!({ "a": [1, 2] })), [", a: [1] / [1,2]"]);
    }

    #[test]
    fn what_only_the_chain_has_is_missed() {
        assert_eq!(found(json!({}), json!({ "a": false })), [", a: nothing / false"]);
    }
}
