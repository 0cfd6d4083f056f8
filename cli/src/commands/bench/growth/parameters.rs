//! Parameters.

use super::{Costs, Growing, cost};
use crate::{Error, Result, commands::bench::stage::Stage, output::say};
use client::{AccountId32, messages::settings};
use interfaces::{
    governor::Kind,
    key::Key,
    settings::{Bounds, Definition, Value},
};

/// Settings, and how many parameters they have.
pub(super) struct Parameters {
    settings: AccountId32,
    count: u32,
}

impl Parameters {
    pub(super) async fn new(stage: &Stage) -> Result<Self> {
        Ok(Self { settings: stage.own_settings().await?, count: 0 })
    }
}

impl Growing for Parameters {
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Costs> {
        let Self { settings, count } = self;
        say("  defining parameters");
        let kind = Kind::ParameterChange;
        let bounds = Bounds::Integer { least: 0, most: i128::from(u32::MAX) };
        let definition = Definition { owner: kind, bounds, note: "as long as it is measured".into() };
        let define = |key: &Key| settings::define(kind, key, &definition, &Value::Integer(1));
        let many = (*count..size).map(|number| Ok(define(&key(number)?))).collect::<Result<Vec<_>>>()?;
        stage.load(settings, &many).await?;
        let next = size.max(*count);
        *count = next.saturating_add(1);

        let (key, alice) = (key(next)?, &stage.alice);
        let later = stage.now().await?.saturating_add(86_400_000);
        let set = |value, from| settings::set(kind, &key, &Value::Integer(value), from);
        Ok(vec![
            ("define_parameter", cost(stage, settings, alice, &define(&key)).await?),
            ("set_parameter", cost(stage, settings, alice, &set(2, None)).await?),
            ("schedule_parameter", cost(stage, settings, alice, &set(3, Some(later))).await?),
        ])
    }
}

fn key(number: u32) -> Result<Key> {
    // As many digits each time: a longer name costs more by itself.
    Key::new(format!("bench.parameter-{number:06}")).map_err(|_| Error::Failed("that is no name".into()))
}
