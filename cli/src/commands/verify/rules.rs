//! The rules for new proposals.

use super::{Check, value};
use crate::{
    Result,
    commands::rules::{Rules, guardian},
};
use api::model::{Answer, KINDS, Rulebook};
use client::messages::governor;
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
}
