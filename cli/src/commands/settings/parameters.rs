//! `gaia parameters`.

use super::{all, plain, whose};
use crate::{Result, commands::Shared, output::table, parse::Key};
use api::model::{Answer, Parameter, ParameterBounds, ParameterEntry, ParameterValue, ScheduledChange};
use clap::Args;
use serde::Serialize;
use serde_json::json;

/// `gaia parameters`.
#[derive(Debug, Args)]
pub struct Parameters {
    /// Which one; all of them, if not given
    key: Option<Key>,
}

/// A parameter, and all that was ever done to it.
#[derive(Debug, Serialize)]
struct Told {
    parameter: Parameter,
    history: Vec<ParameterEntry>,
}

impl Parameters {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let api = shared.api()?;
        let Some(Key(key)) = self.key else {
            let parameters: Vec<Parameter> = all(&api, "/v1/parameters").await?;
            shared.output().result(&parameters, |parameters| list(parameters));
            return Ok(());
        };
        let path = format!("/v1/parameters/{}", key.as_str());
        let Answer { data: parameter, .. } = api.one(&path).await?;
        let history = all(&api, &format!("{path}/history")).await?;
        shared.output().result(&Told { parameter, history }, one);
        Ok(())
    }
}

fn list(parameters: &[Parameter]) -> String {
    let row = |parameter: &Parameter| {
        vec![
            parameter.key.to_string(),
            value(parameter.value.as_ref()),
            change(parameter.next.as_ref()),
            kind(parameter.owner),
        ]
    };
    table(&["parameter", "value", "to come", "changed by"], &parameters.iter().map(row).collect::<Vec<_>>())
}

fn one(told: &Told) -> String {
    let Told { parameter, history } = told;
    let row = |entry: &ParameterEntry| {
        let action = json!(entry.action).as_str().unwrap_or_default().to_owned();
        vec![
            entry.time.to_string(),
            action,
            value(entry.value.as_ref()),
            change(entry.next.as_ref()),
            whose(entry.proposal, None),
        ]
    };
    format!(
        "{}: {}\nto come: {}\n{}, changed by proposals of kind {}\n{}\n\n{}",
        parameter.key,
        value(parameter.value.as_ref()),
        change(parameter.next.as_ref()),
        bounds(&parameter.bounds),
        kind(parameter.owner),
        plain(&parameter.note),
        table(&["when", "what", "value", "to come", "by"], &history.iter().map(row).collect::<Vec<_>>())
    )
}

fn kind(kind: interfaces::governor::Kind) -> String {
    json!(kind).as_str().unwrap_or_default().to_owned()
}

fn value(value: Option<&ParameterValue>) -> String {
    match value {
        None => "none".to_owned(),
        Some(ParameterValue::Bool(value)) => value.to_string(),
        Some(ParameterValue::Integer(value)) => value.to_string(),
        Some(ParameterValue::Decimal(value)) => value.to_string(),
        Some(ParameterValue::Text(value)) => format!("{value:?}"),
        Some(ParameterValue::Duration(value)) => format!("{value} ms"),
        Some(ParameterValue::Account(value)) => value.to_string(),
    }
}

fn change(next: Option<&ScheduledChange>) -> String {
    next.map_or("nothing".to_owned(), |next| format!("{} from {}", value(Some(&next.value)), next.from.time))
}

fn bounds(bounds: &ParameterBounds) -> String {
    match bounds {
        ParameterBounds::Bool => "true or false".to_owned(),
        ParameterBounds::Integer { least, most } => format!("a whole number from {least} to {most}"),
        ParameterBounds::Decimal { least, most, .. } => format!("a decimal number from {least} to {most}"),
        ParameterBounds::Text { longest } => format!("a text of at most {longest} bytes"),
        ParameterBounds::Duration { least, most } => format!("a time from {least} to {most} ms"),
        ParameterBounds::Account => "an account".to_owned(),
    }
}
