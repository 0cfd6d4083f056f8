//! Where the product's other programs are, and how each is started.

use super::{Home, Plan, Seal, Spec};
use crate::{Error, Result};
use rustix::process::Signal;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The programs that services run.
#[derive(Debug, Clone)]
pub struct Programs {
    chain: PathBuf,
    indexer: PathBuf,
    api: PathBuf,
}

impl Programs {
    /// Finds them beside this program, as cargo leaves them. The chain, built in a workspace of its own, is also
    /// looked for under `chain/` of the same target folder; `GAIA_CHAIN` names it outright.
    ///
    /// # Errors
    /// [`Error::ToolMissing`].
    pub fn find() -> Result<Self> {
        let me = env::current_exe().map_err(Error::file("find", "gaia"))?;
        let folder = me.parent().unwrap_or(Path::new("."));
        // Test binaries stand one folder deeper.
        let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
        let beside = |name: &str| found(vec![folder.join(name)], name, "build it with `cargo build --workspace`");
        let target = folder.parent().unwrap_or(folder);
        let chain = match env::var_os("GAIA_CHAIN") {
            Some(path) => vec![path.into()],
            None => vec![
                folder.join("gaia-chain"),
                // Of the same profile as this program, if there is one.
                target.join("chain").join(folder.file_name().unwrap_or_default()).join("gaia-chain"),
                target.join("chain/debug/gaia-chain"),
            ],
        };
        Ok(Self {
            chain: found(chain, "gaia-chain", "build it with scripts/build, or set GAIA_CHAIN, or give --chain")?,
            indexer: beside("gaia-indexer")?,
            api: beside("gaia-api")?,
        })
    }

    pub(super) fn chain_spec(&self, plan: &Plan) -> Spec {
        let mut command: Vec<OsString> =
            vec![self.chain.clone().into(), "--rpc-port".into(), plan.chain_port.to_string().into()];
        match plan.seal {
            Seal::Instant => command.extend(["--block-time".into(), plan.block_time.to_string().into()]),
            Seal::Manual => command.extend(["--seal", "manual"].map(OsString::from)),
        }
        if let Some(name) = &plan.chain_id {
            command.extend(["--chain-id".into(), name.into()]);
        }
        if plan.keep_chain {
            command.extend(["--base-path".into(), plan.home.chain().into()]);
        }
        spec("chain", &plan.home, command, vec![])
    }

    pub(super) fn indexer_spec(&self, plan: &Plan, database: &str, chain: &str) -> Spec {
        let command: Vec<OsString> = vec![
            self.indexer.clone().into(),
            "run".into(),
            "--chain".into(),
            chain.into(),
            "--deployment".into(),
            plan.deployment().into(),
            "--listen".into(),
            "127.0.0.1:0".into(),
        ];
        spec("indexer", &plan.home, command, vec![(DATABASE, database.to_owned())])
    }

    pub(super) fn api_spec(&self, plan: &Plan, database: &str) -> Spec {
        let listen = format!("127.0.0.1:{}", plan.api_port);
        let command: Vec<OsString> = vec![self.api.clone().into(), "run".into(), "--listen".into(), listen.into()];
        spec("api", &plan.home, command, vec![(DATABASE, database.to_owned())])
    }

    /// Brings the database's schema up to date.
    ///
    /// # Errors
    /// With the indexer's own sentence.
    pub fn migrate(&self, database: &str) -> Result<()> {
        let output = Command::new(&self.indexer)
            .arg("migrate")
            .env(DATABASE, database)
            .output()
            .map_err(Error::file("start", &self.indexer))?;
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr);
        let said = words.lines().find_map(|line| line.strip_prefix("gaia-indexer: "));
        Err(Error::Failed(said.unwrap_or(words.trim()).to_owned()))
    }
}

/// The variable that holds a database's URL: it may hold a password, and arguments can be seen by everyone.
const DATABASE: &str = "GAIA_DATABASE_URL";

fn spec(name: &'static str, home: &Home, command: Vec<OsString>, environment: Vec<(&'static str, String)>) -> Spec {
    Spec { name, wrapper: Vec::new(), command, environment, log: home.log(name), stop: Signal::TERM }
}

fn found(candidates: Vec<PathBuf>, name: &str, remedy: &str) -> Result<PathBuf> {
    candidates
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| Error::ToolMissing { program: name.to_owned(), remedy: remedy.to_owned() })
}
