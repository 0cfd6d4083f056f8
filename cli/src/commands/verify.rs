//! `gaia verify`: the mirror against what the contracts answer at the same block.
//!
//! Every answer of the API says which block it stands at; the contracts are asked at that very block. What was counted
//! is recounted here from the single votes, with the library that the contract counts with.

use super::Shared;
use crate::{Error, Result, api::Api};
use api::model::{Answer, Block, Hash, Holder, Page, Proposal, Status, Treasury, Vote};
use ballot::Majority;
use client::{AccountId32, Chain, Deployment, H256, messages};
use interfaces::{
    AccountId, ProposalId,
    lifecycle::{Progress, State},
};
use serde::Serialize;
use std::fmt::Display;

/// What was compared, and what differs.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The block of the mirror's last answer.
    pub height: u64,
    /// Proposals compared.
    pub proposals: usize,
    /// Votes compared.
    pub votes: usize,
    /// Holders compared.
    pub accounts: usize,
    /// Each difference, as a sentence.
    pub differences: Vec<String>,
    /// What could not be compared because the mirror would not hold still, as sentences.
    pub unchecked: Vec<String>,
}

impl Report {
    fn compare<T: PartialEq + Display>(&mut self, what: impl Display, mirror: T, chain: T) {
        if mirror != chain {
            self.differences.push(format!("{what}: the mirror says {mirror}, the chain says {chain}"));
        }
    }
}

pub(super) async fn run(shared: &Shared) -> Result<()> {
    let chain = shared.chain().await?;
    let deployment = shared.deployment(&chain).await?;
    let report = verify(&chain, &shared.api()?, &deployment).await?;
    shared.output().result(&report, |report| {
        let mut lines: Vec<_> = report.differences.iter().chain(&report.unchecked).cloned().collect();
        let Report { height, proposals, votes, accounts, .. } = report;
        lines.push(format!(
            "compared {proposals} proposals, {votes} votes and {accounts} accounts up to block {height}: {}",
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
    let mut check = Check { chain, api, deployment, report: Report::default() };
    check.contracts().await?;
    if check.report.differences.is_empty() {
        check.proposals().await?;
        check.accounts().await?;
        check.treasury().await?;
    }
    Ok(check.report)
}

struct Check<'a> {
    chain: &'a Chain,
    api: &'a Api,
    deployment: &'a Deployment,
    report: Report,
}

impl Check<'_> {
    /// Whether the two sides speak of the same contracts on the same chain at all.
    async fn contracts(&mut self) -> Result<()> {
        let status: Answer<Status> = self.api.one("/v1/status").await?;
        let genesis = Hash(self.chain.genesis_hash().0);
        self.report.compare("genesis hash", status.data.chain.genesis_hash, genesis);
        let contracts = &self.deployment.contracts;
        for (name, mirror, here) in [
            ("token", status.data.contracts.token, contracts.token.account),
            ("governor", status.data.contracts.governor, contracts.governor.account),
            ("treasury", status.data.contracts.treasury, contracts.treasury.account),
        ] {
            self.report.compare(format!("{name}'s account"), AccountId32(mirror.into()), here);
        }
        Ok(())
    }

    async fn proposals(&mut self) -> Result<()> {
        let governor = self.chain.contract(self.deployment.contracts.governor.account);
        let pages: Vec<Page<Proposal>> = self.api.pages("/v1/proposals?limit=200").await?;
        // Newest first: the first page says how many there are.
        if let Some(first) = pages.first() {
            let count = governor.ask_at(&messages::governor::proposal_count(), at(&first.block)).await?;
            let newest = first.data.first().map_or(0, |proposal| proposal.id + 1);
            self.report.compare("number of proposals", newest, count);
        }
        let mut expected: Option<ProposalId> = None;
        for page in pages {
            self.report.height = page.block.height;
            for proposal in page.data {
                if expected.is_some_and(|expected| expected != proposal.id) {
                    self.report.differences.push(format!("the mirror has a gap above proposal {}", proposal.id));
                }
                expected = proposal.id.checked_sub(1);
                self.proposal(&proposal, &page.block).await?;
            }
        }
        if let Some(missing) = expected {
            self.report.differences.push(format!("the mirror has no proposal {missing} and none before it"));
        }
        Ok(())
    }

    async fn proposal(&mut self, mirror: &Proposal, block: &Block) -> Result<()> {
        let id = mirror.id;
        let hash = at(block);
        let governor = self.chain.contract(self.deployment.contracts.governor.account);
        let Some(chain) = governor.ask_at(&messages::governor::proposal(id), hash).await? else {
            self.report.differences.push(format!("proposal {id}: the chain has none"));
            return Ok(());
        };
        let tally = governor.ask_at(&messages::governor::tally(id), hash).await?.unwrap_or_default();
        let state = governor.ask_at(&messages::governor::state(id), hash).await?;
        let calls = governor.ask_at(&messages::governor::calls(id), hash).await?;

        let report = &mut self.report;
        let terms = chain.terms;
        let named = |what: &str| format!("proposal {id}, {what} (block {})", block.height);
        report.compare(named("proposer"), shown(mirror.proposer.into()), shown(bytes(&chain.proposer)));
        report.compare(named("snapshot"), mirror.snapshot.moment, terms.snapshot);
        report.compare(named("end of voting"), mirror.voting_ends.moment, terms.voting_ends);
        report.compare(named("execution delay"), mirror.execution_delay_ms, terms.execution_delay);
        report.compare(named("execution window"), mirror.execution_window_ms, terms.execution_window);
        report.compare(named("quorum"), mirror.quorum_bps, terms.quorum.get());
        report.compare(named("approval"), mirror.approval_bps, terms.approval.get());
        report.compare(named("votes for"), mirror.votes.in_favour.0, tally.in_favour);
        report.compare(named("votes against"), mirror.votes.against.0, tally.against);
        report.compare(named("abstentions"), mirror.votes.abstain.0, tally.abstain);
        let state = state.map_or_else(|error| error.to_string(), |state: State| state.to_string());
        report.compare(named("state"), mirror.state.to_string(), state);
        report.compare(named("progress"), mirrored_progress(mirror), format!("{:?}", chain.progress));
        let mirrored_calls: Vec<_> = mirror.calls.iter().map(mirrored_call).collect();
        let calls: Vec<_> = calls.iter().map(chain_call).collect();
        report.compare(named("calls"), mirrored_calls.join("; "), calls.join("; "));
        report.proposals += 1;
        self.votes(mirror).await
    }

    /// Every single vote, and their sum.
    async fn votes(&mut self, proposal: &Proposal) -> Result<()> {
        let id = proposal.id;
        let governor = self.chain.contract(self.deployment.contracts.governor.account);
        let (pages, steady) = self.api.pages_of_one_block(&format!("/v1/proposals/{id}/votes?limit=200")).await?;
        let pages: Vec<Page<Vote>> = pages;
        let mut recount = Majority::default();
        for page in &pages {
            for vote in &page.data {
                let voter = AccountId::from(<[u8; 32]>::from(vote.voter));
                let receipt = governor.ask_at(&messages::governor::receipt(id, voter), at(&page.block)).await?;
                let mirror = format!("{:?} with {}", vote.support, vote.power.0);
                let chain = receipt.map_or("nothing".to_owned(), |it| format!("{:?} with {}", it.support, it.power));
                self.report.compare(format!("proposal {id}, vote of {}", vote.voter), mirror, chain);
                if recount.add(vote.support, vote.power.0).is_err() {
                    self.report.differences.push(format!("proposal {id}: its votes cannot be summed"));
                }
                self.report.votes += 1;
            }
        }
        if let Some(last) = pages.last().filter(|_| steady) {
            let counted = governor.ask_at(&messages::governor::tally(id), at(&last.block)).await?.unwrap_or_default();
            self.report.compare(
                format!("proposal {id}, recount of its votes (block {})", last.block.height),
                format!("{recount:?}"),
                format!("{counted:?}"),
            );
        } else {
            self.report.unchecked.push(format!("proposal {id}: votes came in too fast to recount them"));
        }
        Ok(())
    }

    async fn accounts(&mut self) -> Result<()> {
        let token = self.chain.contract(self.deployment.contracts.token.account);
        let (pages, steady) = self.api.pages_of_one_block("/v1/accounts?limit=200").await?;
        let pages: Vec<Page<Holder>> = pages;
        let mut sum: u128 = 0;
        for page in &pages {
            for holder in &page.data {
                let account = AccountId::from(<[u8; 32]>::from(holder.account));
                let balance = token.ask_at(&messages::token::balance_of(account), at(&page.block)).await?;
                let power = token.ask_at(&messages::token::votes(account), at(&page.block)).await?;
                let named = |what| format!("{}, {what} (block {})", holder.account, page.block.height);
                self.report.compare(named("balance"), holder.balance.0, balance);
                self.report.compare(named("power"), holder.power.0, power);
                sum = sum.saturating_add(holder.balance.0);
                self.report.accounts += 1;
            }
        }
        // All balances together are the supply, or a holder is missing.
        if let Some(last) = pages.last().filter(|_| steady) {
            let supply = token.ask_at(&messages::token::total_supply(), at(&last.block)).await?;
            self.report.compare(format!("sum of all balances (block {})", last.block.height), sum, supply);
        } else {
            self.report.unchecked.push("balances moved too fast to compare their sum with the supply".to_owned());
        }
        Ok(())
    }

    async fn treasury(&mut self) -> Result<()> {
        let treasury = self.chain.contract(self.deployment.contracts.treasury.account);
        let mirror: Answer<Treasury> = self.api.one("/v1/treasury").await?;
        let spendable = treasury.ask_at(&messages::treasury::balance(), at(&mirror.block)).await?;
        let chain = spendable.saturating_add(self.chain.existential_deposit().await?);
        let balance = mirror.data.balance.map_or("nothing".to_owned(), |balance| balance.0.to_string());
        self.report.compare(format!("treasury's balance (block {})", mirror.block.height), balance, chain.to_string());
        self.report.height = mirror.block.height;
        Ok(())
    }
}

fn at(block: &Block) -> H256 {
    H256(block.hash.0)
}

fn bytes(account: &AccountId) -> [u8; 32] {
    *<AccountId as AsRef<[u8; 32]>>::as_ref(account)
}

fn shown(account: [u8; 32]) -> AccountId32 {
    AccountId32(account)
}

fn mirrored_progress(proposal: &Proposal) -> String {
    let progress = match (&proposal.executed, &proposal.cancelled_at, &proposal.queued) {
        (Some(_), ..) => Progress::Executed,
        (None, Some(_), _) => Progress::Cancelled,
        (None, None, Some(queued)) => {
            Progress::Queued { ready_at: queued.ready_at.moment, expires_at: queued.expires_at.moment }
        }
        (None, None, None) => Progress::Proposed,
    };
    format!("{progress:?}")
}

fn mirrored_call(call: &api::model::Call) -> String {
    format!("{} {} {} {} {}", call.target, call.selector, call.input, call.value.0, call.code_hash)
}

fn chain_call(pinned: &interfaces::governor::PinnedCall) -> String {
    let call = &pinned.call;
    let code_hash: &[u8] = pinned.code_hash.as_ref();
    format!(
        "{} 0x{} 0x{} {} 0x{}",
        shown(bytes(&call.target)),
        hex::encode(call.selector),
        hex::encode(&call.input),
        call.value,
        hex::encode(code_hash)
    )
}
