//! Holders, their delegations, and the people they belong to.

use super::{Check, account, account_id};
use crate::Result;
use api::{
    account::Account,
    model::{Amount, Answer, Delegator, Holder, Profile},
};
use ballot::Power;
use client::messages::{ledger, token};
use interfaces::token::Share;
use serde_json::json;
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) async fn accounts(&mut self) -> Result<()> {
        let Some((holders, block)) = self.list::<Holder>("/v1/accounts").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let (mut sum, mut accounts): (Power, BTreeSet<Account>) = (0, BTreeSet::new());
        for holder in &holders {
            let chain = json!({
                "balance": Amount(view.ask(self.token(), &token::balance_of(account_id(holder.account))).await?),
                "power": Amount(view.ask(self.ledger(), &ledger::votes(account_id(holder.account))).await?),
            });
            self.compare(holder.account, &block, holder, chain);
            sum = sum.saturating_add(holder.power.0);
            accounts.insert(holder.account);
        }
        // All powers together are the supply, or somebody is missing.
        let supply = view.ask(self.token(), &token::total_supply()).await?;
        self.compare("sum of all power", &block, Amount(sum), Amount(supply));
        // Whoever has delegated everything away is listed with its representatives only.
        for holder in &holders {
            let path = format!("/v1/accounts/{}/delegators", holder.account);
            let delegators = self.list::<Delegator>(&path).await?;
            accounts.extend(delegators.into_iter().flat_map(|(delegators, _)| delegators).map(|it| it.account));
        }
        for account in accounts {
            self.profile(account).await?;
            self.report.accounts += 1;
        }
        Ok(())
    }

    /// All that is known of one account.
    pub(super) async fn profile(&mut self, whose: Account) -> Result<()> {
        self.profiled.insert(whose);
        let Answer { data, block } = self.api.one::<Profile>(&format!("/v1/accounts/{whose}")).await?;
        let (view, id) = (self.view(&block).await?, account_id(whose));
        let balance = view.ask(self.token(), &token::balance_of(id)).await?;
        let power = view.ask(self.ledger(), &ledger::votes(id)).await?;
        let delegation = view.ask(self.token(), &token::delegation(id)).await?;
        let standing = self.standing(&view, &data, block.moment).await?;
        let (mut out, mut shares): (Power, _) = (0, Vec::new());
        for Share { to, share } in &delegation.shares {
            let part = share.floor_of(balance);
            out = out.saturating_add(part);
            shares.push(json!({ "representative": account(*to), "share_bps": share, "power": Amount(part) }));
        }
        let ends = delegation.ends.map(|moment| json!({ "moment": moment }));
        let chain = json!({
            "balance": Amount(balance),
            "power": Amount(power),
            "delegation": (!shares.is_empty()).then(|| json!({ "shares": shares, "ends": ends })),
            "delegated_out": Amount(out),
            "delegated_in": Amount(power.saturating_add(out).saturating_sub(balance)),
        });
        self.compare(whose, &block, &data, chain);
        self.compare(whose, &block, &data, standing);
        Ok(())
    }
}
