//! What the API tells of the treasury, for people.

use super::Shared;
use crate::{Error, Result, output::table, parse::Account};
use api::model::{
    self, Answer, AwaitingMilestone, AwaitingRelease, Block, Budget, Direction, LedgerEntry, Page, Signers,
};
use clap::Args;
use client::Signer;
use serde::Serialize;
use std::{io, path::PathBuf};

/// What `gaia treasury show` prints.
#[derive(Debug, Serialize)]
struct Shown {
    treasury: model::Treasury,
    budgets: Vec<Budget>,
    block: Block,
}

/// `gaia treasury awaiting`.
#[derive(Debug, Args)]
pub struct Awaiting {
    #[command(flatten)]
    who: Who,
}

/// Whom something waits for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Who {
    /// Of a development key, like //Alice
    #[arg(long, value_name = "NAME")]
    signer: Option<String>,
    /// Of the key whose secret phrase or seed stands in this file
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Of this account
    #[arg(long)]
    account: Option<Account>,
}

/// `gaia treasury ledger`.
#[derive(Debug, Args)]
pub struct Ledger {
    /// The whole of it, the oldest entry first, as a table for accountants
    #[arg(long)]
    csv: bool,
    /// Only of this asset: native, or the account of a token
    #[arg(long, value_name = "ASSET")]
    asset: Option<model::Asset>,
    /// Only entries of this kind: deposit, payment, release, stream_claim or transfer
    #[arg(long, conflicts_with = "csv")]
    kind: Option<String>,
    /// How many of the newest entries, up to 200
    #[arg(long, value_name = "NUMBER", default_value = "50", conflicts_with = "csv")]
    limit: u8,
}

pub(super) async fn show(shared: &Shared) -> Result<()> {
    let api = shared.api()?;
    let Answer { data: treasury, block } = api.one::<model::Treasury>("/v1/treasury").await?;
    let budgets: Vec<Page<Budget>> = api.pages("/v1/treasury/budgets?limit=200").await?;
    let budgets = budgets.into_iter().flat_map(|page| page.data).collect();
    shared.output().result(&Shown { treasury, budgets, block }, shown);
    Ok(())
}

fn shown(Shown { treasury, budgets, block }: &Shown) -> String {
    let balances: Vec<_> = treasury
        .balances
        .iter()
        .map(|it| {
            let amounts = [it.balance, it.reserved, it.free].map(|amount| amount.to_string());
            [vec![it.asset.to_string()], amounts.to_vec()].concat()
        })
        .collect();
    let spending: Vec<_> = budgets
        .iter()
        .map(|it| {
            let terms = &it.terms;
            vec![
                it.category.to_string(),
                terms.asset.to_string(),
                terms.cap.to_string(),
                it.left.to_string(),
                days(terms.period_ms),
                if terms.carries { "yes" } else { "no" }.to_owned(),
                terms.tier.map_or_else(|| "any".to_owned(), |tier| tier.to_string()),
            ]
        })
        .collect();
    let pause = if treasury.paused { "paused: nothing is paid until a proposal ends the pause\n" } else { "" };
    format!(
        "treasury {} at block {}\n{pause}\n{}\n\n{}\n\n{}",
        treasury.account,
        block.height,
        table(&["asset", "balance", "reserved", "free"], &balances),
        table(&["category", "asset", "cap", "left", "period", "carries", "tier"], &spending),
        signing(&treasury.signers)
    )
}

fn signing(signers: &Signers) -> String {
    let who: Vec<_> = signers.signers.iter().map(|signer| format!("  {}", signer.account)).collect();
    match who.as_slice() {
        [] => "nobody signs: a proposal must name signers before an escrow can pay".to_owned(),
        who => format!("{} of these signers must approve:\n{}", signers.threshold, who.join("\n")),
    }
}

/// A length of time in days, where it is that of whole days.
fn days(milliseconds: u64) -> String {
    match (milliseconds / 86_400_000, milliseconds % 86_400_000) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ => format!("{milliseconds} ms"),
    }
}

impl Who {
    fn account(&self) -> Result<api::account::Account> {
        let account = match (&self.signer, &self.key_file, self.account) {
            (_, _, Some(Account(account))) => account,
            (_, Some(path), _) => Signer::from_file(path)?.account(),
            (Some(name), ..) => Signer::development(name)?.account(),
            (None, None, None) => {
                return Err(Error::Usage(
                    "say whom it waits for: --signer //Alice, --key-file FILE or --account A".into(),
                ));
            }
        };
        Ok(account.0.into())
    }
}

impl Awaiting {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let account = self.who.account()?;
        let path = format!("/v1/treasury/signers/{account}/awaiting");
        let Answer { data, .. } = shared.api()?.one::<model::Awaiting>(&path).await?;
        shared.output().result(&data, waiting);
        Ok(())
    }
}

fn waiting(it: &model::Awaiting) -> String {
    if !it.is_signer {
        return format!("{} is no signer: nothing waits for it", it.account);
    }
    if it.releases.is_empty() && it.milestones.is_empty() {
        return format!("nothing waits for {}", it.account);
    }
    let mut parts = Vec::new();
    if !it.releases.is_empty() {
        let row = |AwaitingRelease { milestone, amount, approving, withdrawn }: &AwaitingRelease| {
            let mut row = place(milestone);
            row.push(amount.to_string());
            row.push(format!("{} of {}", approving.len(), it.threshold));
            row.push(if *withdrawn { "you withdrew" } else { "" }.to_owned());
            row
        };
        let rows: Vec<_> = it.releases.iter().map(row).collect();
        let heading = ["escrow", "milestone", "payee", "asset", "until", "amount", "approving", ""];
        parts.push(format!("releases that others approve of:\n{}", table(&heading, &rows)));
    }
    if !it.milestones.is_empty() {
        let row = |milestone: &AwaitingMilestone| {
            let mut row = place(milestone);
            row.push(milestone.left.to_string());
            row
        };
        let rows: Vec<_> = it.milestones.iter().map(row).collect();
        let heading = ["escrow", "milestone", "payee", "asset", "until", "left"];
        parts.push(format!(
            "milestones that can be released, and nobody approves of any release for:\n{}",
            table(&heading, &rows)
        ));
    }
    parts.join("\n\n")
}

fn place(milestone: &AwaitingMilestone) -> Vec<String> {
    vec![
        milestone.escrow.to_string(),
        milestone.number.to_string(),
        milestone.payee.to_string(),
        milestone.asset.to_string(),
        milestone.latest.time.to_string(),
    ]
}

impl Ledger {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let asset = self.asset.map(|asset| format!("asset={asset}"));
        let api = shared.api()?;
        if self.csv {
            if shared.json {
                return Err(Error::Usage("a table is no JSON: give --csv or --json".into()));
            }
            let query = asset.map_or_else(String::new, |asset| format!("?{asset}"));
            return api.copy(&format!("/v1/treasury/ledger.csv{query}"), &mut io::stdout()).await;
        }
        let kind = self.kind.map(|kind| format!("kind={kind}"));
        let query: Vec<_> = [Some(format!("limit={}", self.limit)), asset, kind].into_iter().flatten().collect();
        let page: Page<LedgerEntry> = api.get(&format!("/v1/treasury/ledger?{}", query.join("&"))).await?;
        shared.output().result(&page, |page| entries(&page.data));
        Ok(())
    }
}

fn entries(entries: &[LedgerEntry]) -> String {
    let row = |entry: &LedgerEntry| {
        let sign = match entry.direction {
            Direction::In => '+',
            Direction::Out => '-',
        };
        let kind = serde_json::json!(entry.kind);
        vec![
            entry.time.to_string(),
            entry.asset.to_string(),
            kind.as_str().unwrap_or_default().replace('_', " "),
            format!("{sign}{}", entry.amount),
            entry.balance.to_string(),
            entry.counterparty.map_or_else(String::new, |account| account.to_string()),
            entry.proposal.map_or_else(String::new, |proposal| proposal.to_string()),
        ]
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    table(&["time", "asset", "what", "amount", "balance", "who", "proposal"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_told_in_days_where_they_are_days() {
        for (milliseconds, text) in [(86_400_000, "1 day"), (2_592_000_000, "30 days"), (1_500, "1500 ms")] {
            assert_eq!(days(milliseconds), text);
        }
    }

    #[test]
    fn a_treasury_without_signers_says_what_to_do() {
        assert!(signing(&Signers::default()).contains("a proposal must name signers"));
    }
}
