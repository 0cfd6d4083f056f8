//! The treasury: what it holds and owes, and the ledger to the last unit.

use super::{Check, account, hash, value};
use crate::Result;
use api::model::{
    Amount, Answer, Asset, AssetBalance, Block, Budget, BudgetTerms, Escrow, EscrowState, LedgerEntry, PendingRelease,
    Signers, Stream, Treasury, WholeEscrow,
};
use client::{AccountId32, H256, View, messages::token, messages::treasury};
use interfaces::{
    Balance,
    treasury::{EscrowId, MilestoneId, Release, StreamId, Tranche},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How often lists are asked for again that are to be of one block.
const TRIES: usize = 5;

impl<'a> Check<'a> {
    fn treasurer(&self) -> &'a AccountId32 {
        &self.contracts.treasury.account
    }

    pub(super) async fn treasury(&mut self) -> Result<()> {
        let Answer { data, block } = self.api.one::<Treasury>("/v1/treasury").await?;
        let (view, contract) = (self.view(&block).await?, self.treasurer());
        let chain = json!({
            "account": api::account::Account::from(contract.0),
            "paused": view.ask(contract, &treasury::paused()).await?,
            "signers": Signers::from(view.ask(contract, &treasury::signers()).await?),
        });
        self.compare("treasury", &block, &data, chain);
        let held = self.chain.free_balance(contract, H256(block.hash.0)).await?;
        let native = data.balances.iter().find(|it| it.asset == Asset::Native).map(|it| it.balance);
        self.compare("treasury, native balance", &block, native.unwrap_or_default(), Amount(held));
        for balance in &data.balances {
            self.balance(&view, &block, balance).await?;
        }
        self.budgets().await?;
        self.escrows().await?;
        self.streams().await?;
        self.owed().await?;
        self.books().await
    }

    async fn balance(&mut self, view: &View, block: &Block, mirror: &AssetBalance) -> Result<()> {
        let (asset, name) = (mirror.asset.into(), format!("treasury, {}", mirror.asset));
        let reserved = view.ask(self.treasurer(), &treasury::reserved(asset)).await?;
        self.compare(&name, block, mirror, json!({ "reserved": Amount(reserved) }));
        match view.ask(self.treasurer(), &treasury::free(asset)).await? {
            Ok(free) => self.compare(&name, block, mirror, json!({ "free": Amount(free) })),
            Err(error) => self.report.unchecked.push(format!("{name}: {error}")),
        }
        Ok(())
    }

    async fn budgets(&mut self) -> Result<()> {
        let Some((budgets, block)) = self.list::<Budget>("/v1/treasury/budgets").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        for budget in &budgets {
            let terms = view.ask(self.treasurer(), &treasury::budget(budget.category)).await?;
            let left = view.ask(self.treasurer(), &treasury::left(budget.category)).await?;
            let chain = json!({ "terms": terms.map(BudgetTerms::from), "left": Amount(left) });
            self.compare(format!("budget {}", budget.category), &block, budget, chain);
            self.report.budgets += 1;
        }
        Ok(())
    }

    async fn escrows(&mut self) -> Result<()> {
        let Some((escrows, block)) = self.list::<Escrow>("/v1/treasury/escrows").await? else { return Ok(()) };
        let count = self.view(&block).await?.ask(self.treasurer(), &treasury::escrow_count()).await?;
        let mirrored: Vec<_> = escrows.iter().rev().map(|escrow| escrow.id).collect();
        self.compare("escrows", &block, mirrored, (0..count).collect::<Vec<_>>());
        for escrow in escrows {
            self.escrow(escrow.id).await?;
            self.report.escrows += 1;
        }
        Ok(())
    }

    async fn escrow(&mut self, id: EscrowId) -> Result<()> {
        let Answer { data, block } = self.api.one::<WholeEscrow>(&format!("/v1/treasury/escrows/{id}")).await?;
        let (view, contract, name) = (self.view(&block).await?, self.treasurer(), format!("escrow {id}"));
        let Some(kept) = view.ask(contract, &treasury::escrow(id)).await? else {
            self.differs(format!("{name} (block {}): the chain has none", block.height));
            return Ok(());
        };
        let mut tranches = Vec::new();
        for number in 0..kept.milestones {
            tranches.extend(view.ask(contract, &treasury::tranche(id, number)).await?);
        }
        let sum = |of: fn(&Tranche) -> Balance| tranches.iter().map(of).fold(0, Balance::saturating_add);
        let left = sum(|it| it.left);
        let chain = json!({
            "escrow": {
                "category": kept.category,
                "asset": Asset::from(kept.asset),
                "milestones": kept.milestones,
                "amount": Amount(sum(|it| it.milestone.amount)),
                "paid": Amount(sum(|it| it.paid)),
                "left": Amount(left),
                "state": if left > 0 { EscrowState::Open } else { EscrowState::Done },
            },
            "milestones": (0..).zip(&tranches).map(|(number, tranche)| step(number, tranche)).collect::<Vec<_>>(),
        });
        self.compare(&name, &block, &data, chain);
        for (milestone, tranche) in data.milestones.iter().zip(&tranches) {
            let freed = milestone.freed.as_ref().map_or(0, |freed| freed.amount.0);
            let known = tranche.paid.saturating_add(tranche.left);
            let rest = tranche.milestone.amount.saturating_sub(known);
            let what = format!("{name}, what of milestone {} is free again", milestone.number);
            self.compare(what, &block, Amount(freed), Amount(rest));
            let made: Vec<_> = milestone.made.iter().rev().map(|release| release.nonce).collect();
            let first = tranche.releases.saturating_sub(200);
            let what = format!("{name}, releases of milestone {}", milestone.number);
            self.compare(what, &block, made, (first..tranche.releases).collect::<Vec<_>>());
            self.approvals(&view, &block, (id, milestone.number), tranche, &milestone.pending).await?;
        }
        Ok(())
    }

    /// Who approves of a milestone's next release: of each amount that anybody spoke of, and of all that is left.
    async fn approvals(
        &mut self,
        view: &View,
        block: &Block,
        (escrow, milestone): (EscrowId, MilestoneId),
        tranche: &Tranche,
        pending: &[PendingRelease],
    ) -> Result<()> {
        let approving = |release: &PendingRelease| {
            let counting = release.approvals.iter().filter(|approval| approval.counts);
            counting.map(|approval| *approval.signer.bytes()).collect::<Vec<_>>()
        };
        let mut mirrored: BTreeMap<Balance, Vec<[u8; 32]>> =
            pending.iter().map(|release| (release.amount.0, approving(release))).collect();
        mirrored.entry(tranche.left).or_default();
        for (amount, mut mirror) in mirrored {
            mirror.sort_unstable();
            let (payee, nonce) = (tranche.milestone.payee, tranche.releases);
            let release = Release { escrow, milestone, payee, amount, nonce };
            let chain = view.ask(self.treasurer(), &treasury::approvals(release)).await?;
            let shown =
                |accounts: Vec<[u8; 32]>| -> Vec<_> { accounts.into_iter().map(api::account::Account::from).collect() };
            let chain = shown(chain.into_iter().map(|account| account.0).collect());
            let what = format!("escrow {escrow}, approvals of {amount} for milestone {milestone}");
            self.compare(what, block, shown(mirror), chain);
        }
        Ok(())
    }

    async fn streams(&mut self) -> Result<()> {
        let Some((streams, block)) = self.list::<Stream>("/v1/treasury/streams").await? else { return Ok(()) };
        let (view, contract) = (self.view(&block).await?, self.treasurer());
        let count: StreamId = view.ask(contract, &treasury::stream_count()).await?;
        let mirrored: Vec<_> = streams.iter().rev().map(|stream| stream.id).collect();
        self.compare("streams", &block, mirrored, (0..count).collect::<Vec<_>>());
        for stream in &streams {
            let kept = view.ask(contract, &treasury::stream(stream.id)).await?;
            let chain = kept.map(|kept| {
                json!({
                    "category": kept.category,
                    "asset": Asset::from(kept.asset),
                    "payee": account(kept.payee),
                    "amount": Amount(kept.amount),
                    "begins": { "moment": kept.begins },
                    "ends": { "moment": kept.ends },
                    "claimed": Amount(kept.claimed),
                    "stopped": kept.stopped.map(|moment| json!({ "moment": moment })),
                    "accrued": Amount(kept.accrued_at(block.moment)),
                    "claimable": Amount(kept.claimable_at(block.moment)),
                })
            });
            self.compare(format!("stream {}", stream.id), &block, stream, chain);
            self.report.streams += 1;
        }
        Ok(())
    }

    /// What is reserved is what escrows and streams owe.
    async fn owed(&mut self) -> Result<()> {
        for _ in 0..TRIES {
            let Some((escrows, block)) = self.list::<Escrow>("/v1/treasury/escrows").await? else { return Ok(()) };
            let Some((streams, then)) = self.list::<Stream>("/v1/treasury/streams").await? else { return Ok(()) };
            if block.hash != then.hash {
                continue;
            }
            let owed = escrows.iter().map(|it| (it.asset, it.left)).chain(streams.iter().map(|it| (it.asset, it.left)));
            let mut sums = BTreeMap::from([(Asset::Native, 0)]);
            for (asset, Amount(left)) in owed {
                let sum: &mut Balance = sums.entry(asset).or_default();
                *sum = sum.saturating_add(left);
            }
            let view = self.view(&block).await?;
            for (asset, sum) in sums {
                let reserved = view.ask(self.treasurer(), &treasury::reserved(asset.into())).await?;
                self.compare(format!("treasury, sum owed of {asset}"), &block, Amount(sum), Amount(reserved));
            }
            return Ok(());
        }
        self.report.unchecked.push("escrows and streams changed too fast to be added up".to_owned());
        Ok(())
    }

    /// Every entry of the ledger follows from the one before it, and the last is what the treasury has.
    async fn books(&mut self) -> Result<()> {
        let Some((entries, block)) = self.list::<LedgerEntry>("/v1/treasury/ledger").await? else { return Ok(()) };
        let mut balances: BTreeMap<Asset, Amount> = BTreeMap::new();
        for entry in entries.iter().rev() {
            let before = balances.insert(entry.asset, entry.balance).unwrap_or_default();
            if entry.balance_before() != Some(before) {
                let LedgerEntry { asset, amount, balance, height, .. } = entry;
                self.differs(format!(
                    "ledger of {asset}, {amount} in block {height}: {balance} does not follow from {before}"
                ));
            }
            self.report.entries += 1;
        }
        let view = self.view(&block).await?;
        let held = self.chain.free_balance(self.treasurer(), H256(block.hash.0)).await?;
        let native = balances.get(&Asset::Native).copied().unwrap_or_default();
        self.compare("ledger, native balance", &block, native, Amount(held));
        // The governance token tells the truth; of others, the treasury's balances are checked.
        let own = Asset::Token(self.token().0.into());
        let held = view.ask(self.token(), &token::balance_of(self.treasurer().0.into())).await?;
        let mirror = balances.get(&own).copied().unwrap_or_default();
        self.compare("ledger, balance of the governance token", &block, mirror, Amount(held));
        Ok(())
    }
}

/// A milestone in the API's words.
fn step(number: MilestoneId, tranche: &Tranche) -> Value {
    let Tranche { milestone, paid, left, releases } = tranche;
    json!({
        "number": number,
        "payee": account(milestone.payee),
        "amount": Amount(milestone.amount),
        "earliest": { "moment": milestone.earliest },
        "latest": { "moment": milestone.latest },
        "deliverable": value(hash(milestone.deliverable)),
        "paid": Amount(*paid),
        "left": Amount(*left),
        "releases": releases,
    })
}
