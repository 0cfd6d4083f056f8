//! The rules for new proposals, and the treasury.

use super::{Check, value};
use crate::{
    Result,
    commands::rules::{Rules, guardian},
};
use api::model::{Amount, Answer, KINDS, Rulebook, Treasury};
use client::messages::{governor, treasury};
use serde_json::{Value, json};

impl Check<'_> {
    pub(super) async fn rules(&mut self) -> Result<()> {
        let Answer { data, block } = self.api.one::<Rulebook>("/v1/rules").await?;
        let (view, governing) = (self.view(&block).await?, self.governor());
        for kind in KINDS {
            let mirror = data.kinds.iter().find(|rules| rules.kind == kind).map_or(Value::Null, value);
            let chain = Rules::new(kind, &view.ask(governing, &governor::rules(kind)).await?);
            self.compare(format!("rules of {}", super::shown(&value(kind))), &block, mirror, chain);
        }
        let chain = json!({
            "guardian": view.ask(governing, &governor::guardian()).await?.map(guardian),
            "live_limit": view.ask(governing, &governor::live_limit()).await?,
        });
        self.compare("the governor", &block, &data, chain);
        Ok(())
    }

    pub(super) async fn treasury(&mut self) -> Result<()> {
        let Answer { data, block } = self.api.one::<Treasury>("/v1/treasury").await?;
        let spendable = self.view(&block).await?.ask(&self.contracts.treasury.account, &treasury::balance()).await?;
        let balance = spendable.saturating_add(self.chain.existential_deposit().await?);
        self.compare("treasury", &block, data, json!({ "balance": Amount(balance) }));
        Ok(())
    }
}
