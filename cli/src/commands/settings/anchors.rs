//! `gaia anchor` and `gaia anchors`.

use super::all;
use crate::{
    Result,
    commands::{Shared, Signing, acting::Acting},
    output::table,
    parse::{Hash, Key},
};
use api::model::{Anchor as Kept, AnchorOrigin};
use clap::Args;
use client::messages::settings as messages;

/// `gaia anchor`.
#[derive(Debug, Args)]
pub struct Anchor {
    /// Whose log it is
    origin: Key,
    /// How many entries it has
    size: u64,
    /// The root of their Merkle tree
    #[arg(value_name = "0xROOT")]
    root: Hash,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia anchors`.
#[derive(Debug, Args)]
pub struct Anchors {
    /// Whose anchors; if not given, the latest of every log
    origin: Option<Key>,
}

impl Anchor {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let Self { origin: Key(origin), size, root: Hash(root), signing } = self;
        let acting = Acting::new(shared, &signing).await?;
        let message = messages::anchor(&origin, size, root.0.into());
        let sent = acting.send(&acting.contracts.settings, &message).await?;
        acting.report(None, &sent, &format!("log of {} anchored", origin.as_str()));
        Ok(())
    }
}

impl Anchors {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let api = shared.api()?;
        if let Some(Key(origin)) = self.origin {
            let anchors: Vec<Kept> = all(&api, &format!("/v1/anchors?origin={}", origin.as_str())).await?;
            shared.output().result(&anchors, |anchors| list(anchors.iter()));
        } else {
            let origins: Vec<AnchorOrigin> = all(&api, "/v1/anchors/origins").await?;
            shared.output().result(&origins, |origins| list(origins.iter().map(|it| &it.latest)));
        }
        Ok(())
    }
}

fn list<'a>(anchors: impl Iterator<Item = &'a Kept>) -> String {
    let row = |anchor: &Kept| {
        vec![
            anchor.origin.to_string(),
            anchor.number.to_string(),
            anchor.size.to_string(),
            anchor.root.to_string(),
            anchor.time.to_string(),
            anchor.by.to_string(),
        ]
    };
    table(&["origin", "number", "size", "root", "when", "by"], &anchors.map(row).collect::<Vec<_>>())
}
