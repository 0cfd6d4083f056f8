//! A parameter of the exchange that governance sets, and that changes at the moment it was scheduled for.

use super::{Options, Play, impossible, majority};
use crate::{Result, commands::call, output::say};
use ballot::Mechanism;
use client::{Block, messages::settings};
use interfaces::{
    Moment,
    governor::Kind,
    key::Key,
    settings::{Bounds, Definition, Value},
};

/// The parameter's name.
const FEE: &str = "exchange.taker-fee";

/// What it is at first, in hundred thousandths, and from the scheduled moment on.
const FEES: [i128; 2] = [30, 25];

impl Play<'_> {
    /// Defines the fee, and lets it fall at `from`.
    pub(super) fn lower_fee(&self, from: Moment) -> Result<(Mechanism, Options)> {
        let (kind, key) = (Kind::ParameterChange, fee()?);
        let definition = Definition {
            owner: kind,
            bounds: Bounds::Integer { least: 0, most: 1_000 },
            note: "What takers pay, in hundred thousandths of a trade. For as long as the exchange runs.".to_owned(),
        };
        let [now, later] = FEES.map(Value::Integer);
        let account = self.contracts.settings.account;
        let calls = vec![
            call(account, &settings::define(kind, &key, &definition, &now)),
            call(account, &settings::set(kind, &key, &later, Some(from))),
        ];
        Ok(majority("Lower the takers' fee in an hour", calls))
    }

    /// Says what the fee is.
    pub(super) async fn tell_fee(&self, block: Block) -> Result<()> {
        let view = self.chain.at_block(block.hash).await?;
        let parameter = view.ask(&self.contracts.settings.account, &settings::parameter(&fee()?)).await?;
        let value = parameter.and_then(|parameter| parameter.course.value);
        let value = value.map_or("nothing".to_owned(), |value| match value {
            Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        });
        say(format!("               the takers' fee is {value}"));
        Ok(())
    }
}

fn fee() -> Result<Key> {
    Key::new(FEE).map_err(|_| impossible("the fee's name is none"))
}
