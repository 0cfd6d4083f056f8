//! `gaia flags` and `gaia flag`.

use super::{all, plain, whose};
use crate::{
    Result,
    commands::{Shared, Signing, acting::Acting},
    output::table,
    parse::{Key, Points},
};
use api::model::{Answer, Flag, FlagEntry};
use clap::{Args, Subcommand};
use client::messages::settings as messages;
use serde::Serialize;
use serde_json::json;

/// `gaia flags`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Which one; all of them, if not given
    key: Option<Key>,
}

/// `gaia flag`.
#[derive(Debug, Subcommand)]
pub enum Steer {
    /// Expose a share of all to a flag, up to the ceiling that governance has set
    Expose {
        /// Which flag
        key: Key,
        /// The share, in basis points: 2500 is a quarter
        #[arg(value_name = "BPS")]
        exposure: Points,
        #[command(flatten)]
        signing: Signing,
    },
    /// Expose nobody to a flag until it is revived
    Kill {
        /// Which flag
        key: Key,
        #[command(flatten)]
        signing: Signing,
    },
    /// Let a killed flag be exposed again; nobody is at first
    Revive {
        /// Which flag
        key: Key,
        #[command(flatten)]
        signing: Signing,
    },
}

/// A flag, and all that was ever done to it.
#[derive(Debug, Serialize)]
struct Told {
    flag: Flag,
    history: Vec<FlagEntry>,
}

impl Steer {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let (signing, message, done) = match &self {
            Self::Expose { key: Key(key), exposure: Points(exposure), signing } => {
                let done = format!("flag {}: {} basis points exposed", key.as_str(), exposure.get());
                (signing, messages::expose(key, *exposure), done)
            }
            Self::Kill { key: Key(key), signing } => {
                (signing, messages::kill(key), format!("flag {}: killed", key.as_str()))
            }
            Self::Revive { key: Key(key), signing } => {
                (signing, messages::revive(key), format!("flag {}: revived", key.as_str()))
            }
        };
        let acting = Acting::new(shared, signing).await?;
        let sent = acting.send(&acting.contracts.settings, &message).await?;
        acting.report(None, &sent, &done);
        Ok(())
    }
}

impl Flags {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let api = shared.api()?;
        let Some(Key(key)) = self.key else {
            let flags: Vec<Flag> = all(&api, "/v1/flags").await?;
            shared.output().result(&flags, |flags| list(flags));
            return Ok(());
        };
        let path = format!("/v1/flags/{}", key.as_str());
        let Answer { data: flag, .. } = api.one(&path).await?;
        let history = all(&api, &format!("{path}/history")).await?;
        shared.output().result(&Told { flag, history }, one);
        Ok(())
    }
}

fn list(flags: &[Flag]) -> String {
    let row = |flag: &Flag| {
        vec![flag.key.to_string(), exposure(flag.exposure_bps.get(), flag.killed), flag.ceiling_bps.get().to_string()]
    };
    table(&["flag", "exposure (bps)", "ceiling (bps)"], &flags.iter().map(row).collect::<Vec<_>>())
}

fn one(told: &Told) -> String {
    let Told { flag, history } = told;
    let row = |entry: &FlagEntry| {
        let action = json!(entry.action).as_str().unwrap_or_default().to_owned();
        vec![
            entry.time.to_string(),
            action,
            exposure(entry.exposure_bps.get(), entry.killed),
            entry.ceiling_bps.get().to_string(),
            whose(entry.proposal, entry.by.as_ref()),
        ]
    };
    let owner = json!(flag.owner).as_str().unwrap_or_default().to_owned();
    format!(
        "{}: exposure {} of at most {} basis points, set by proposals of kind {owner}\n{}\n\n{}",
        flag.key,
        exposure(flag.exposure_bps.get(), flag.killed),
        flag.ceiling_bps.get(),
        plain(&flag.body),
        table(&["when", "what", "exposure (bps)", "ceiling (bps)", "by"], &history.iter().map(row).collect::<Vec<_>>())
    )
}

fn exposure(points: u16, killed: bool) -> String {
    if killed { "killed".to_owned() } else { points.to_string() }
}
