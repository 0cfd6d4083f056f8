//! `gaia index`: whether the mirror is whole, and projecting it anew.

use super::Shared;
use crate::{Error, Result, output::counting};
use clap::{Args, Subcommand};
use indexer::{
    CheckWatcher, Findings, Sample,
    store::{self, Comparison, Difference, Watcher},
};
use indicatif::ProgressBar;
use serde::Serialize;

#[derive(Debug, Subcommand)]
pub(super) enum Index {
    /// Prove that no block or event is missing or changed, and that the projection is what follows from them
    Check(Check),
    /// Project anew everything that is mirrored, and let the views read that; reads and the indexer go on meanwhile
    Rebuild(Rebuild),
}

/// Which database.
#[derive(Debug, Args)]
struct Database {
    /// Postgres, as postgres://user:password@host:port/database, as the role that owns it. Better given by the variable,
    /// which other users of the machine cannot see
    #[arg(long = "database", value_name = "URL", env = "GAIA_DATABASE_URL", hide_env_values = true)]
    url: String,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    database: Database,
    /// Compare every block with the chain's, not only some
    #[arg(long, conflicts_with = "sample")]
    full: bool,
    /// How many blocks to compare with the chain's, drawn by chance
    #[arg(long, value_name = "BLOCKS", default_value_t = 1_000)]
    sample: u64,
    /// Leave the projection out; then any role will do that can read the schema raw
    #[arg(long)]
    raw_only: bool,
}

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    database: Database,
    /// Put the projection back that the last rebuild took the place of
    #[arg(long)]
    back: bool,
}

/// What `gaia index check` prints.
#[derive(Debug, Serialize)]
struct Checked {
    blocks: u64,
    events: u64,
    compared: u64,
    wrong: Vec<String>,
    projection: Option<Projected>,
}

/// What was projected anew.
#[derive(Debug, Serialize)]
struct Projected {
    blocks: u64,
    events: u64,
    /// By table, what is not the same.
    differences: Vec<Differs>,
}

#[derive(Debug, Serialize)]
struct Differs {
    table: String,
    only_live: u64,
    only_anew: u64,
    example: String,
}

impl From<Comparison> for Projected {
    fn from(Comparison { blocks, events, differences }: Comparison) -> Self {
        let differs = |Difference { table, live, anew }| Differs {
            table,
            only_live: live.0,
            only_anew: anew.0,
            example: live.1.or(anew.1).unwrap_or_default(),
        };
        Self { blocks, events, differences: differences.into_iter().map(differs).collect() }
    }
}

impl Projected {
    fn lines(&self) -> Vec<String> {
        let line = |Differs { table, only_live, only_anew, example }: &Differs| {
            format!(
                "table {table}: {only_live} rows do not follow from the events, {only_anew} are missing, such as {example}"
            )
        };
        self.differences.iter().map(line).collect()
    }
}

/// Bars for what takes its time.
#[derive(Default)]
struct Bars {
    comparing: Option<ProgressBar>,
    projecting: Option<ProgressBar>,
}

fn show(bar: &mut Option<ProgressBar>, done: u64, of: u64) {
    let bar = bar.get_or_insert_with(|| counting(usize::try_from(of).unwrap_or(usize::MAX)));
    bar.set_length(of);
    bar.set_position(done);
}

impl Watcher for Bars {
    fn projected(&mut self, blocks: u64, of: u64) {
        show(&mut self.projecting, blocks, of);
    }
}

impl CheckWatcher for Bars {
    fn compared(&mut self, blocks: u64, of: u64) {
        show(&mut self.comparing, blocks, of);
    }
}

impl Index {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Check(check) => check.run(shared).await,
            Self::Rebuild(rebuild) => rebuild.run(shared).await,
        }
    }
}

impl Check {
    async fn run(self, shared: &Shared) -> Result<()> {
        let chain = shared.chain_url()?.parse()?;
        let sample = if self.full { Sample::All } else { Sample::Some(self.sample) };
        let database = self.database.url.parse()?;
        let found = indexer::check(&database, chain, sample, !self.raw_only, &mut Bars::default()).await?;
        let wrong = found.count();
        let Findings { blocks, events, compared, projection, wrong: sentences } = found;
        let projection = projection.map(Projected::from);
        shared.output().result(&Checked { blocks, events, compared, wrong: sentences, projection }, |found| {
            let mut lines = found.wrong.clone();
            lines.extend(found.projection.iter().flat_map(Projected::lines));
            let Checked { blocks, events, compared, .. } = found;
            let projected = match &found.projection {
                None => String::new(),
                Some(projected) => format!(", all {} projected anew", projected.blocks),
            };
            lines.push(format!(
                "{blocks} blocks with {events} contract events, {compared} compared with the chain{projected}: {}",
                match wrong {
                    0 => "the mirror is whole".to_owned(),
                    n => format!("{n} things are wrong"),
                }
            ));
            lines.join("\n")
        });
        if wrong == 0 { Ok(()) } else { Err(Error::NotWhole(wrong)) }
    }
}

impl Rebuild {
    async fn run(self, shared: &Shared) -> Result<()> {
        let database = self.database.url.parse()?;
        if self.back {
            store::switch_back(&database).await?;
            shared.output().result(&serde_json::json!({ "switched_back": true }), |_| {
                "the projection before is read again; the indexer brings it up to date".to_owned()
            });
            return Ok(());
        }
        let rebuilt = Projected::from(store::rebuild(&database, &mut Bars::default()).await?);
        shared.output().result(&rebuilt, |rebuilt| {
            let mut lines = rebuilt.lines();
            lines.push(format!(
                "{} blocks with {} contract events are projected anew and read from now on; `gaia index rebuild --back` \
                 puts back what there was",
                rebuilt.blocks, rebuilt.events
            ));
            lines.join("\n")
        });
        Ok(())
    }
}
