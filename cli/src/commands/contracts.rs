//! `gaia contracts build` and `gaia contracts deploy`.

use super::{Shared, Signing};
use crate::{
    Error, Result, deploy,
    output::{say, table},
};
use bundler::{BuildOptions, Built, Manifest, Progress};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// What to do with the contracts.
#[derive(Debug, Subcommand)]
pub enum Contracts {
    /// Build the contracts into .contract bundles, as Cargo-contract.toml says
    Build(Build),
    /// Upload and instantiate the contracts, and write the deployment file
    Deploy(Deploy),
}

/// Where sources are and bundles go.
#[derive(Debug, Clone, Args)]
pub struct Places {
    /// The manifest
    #[arg(long, value_name = "FILE", default_value = bundler::MANIFEST)]
    pub manifest: PathBuf,
    /// Folder with the bundles; by default in cargo's target folder
    #[arg(long, value_name = "DIR", env = "GAIA_BUNDLES")]
    pub bundles: Option<PathBuf>,
}

/// `gaia contracts build`.
#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    places: Places,
    /// Also build the contracts that only tests need
    #[arg(long)]
    fixtures: bool,
    /// Contracts to build; by default all
    names: Vec<String>,
}

/// `gaia contracts deploy`.
#[derive(Debug, Args)]
pub struct Deploy {
    #[command(flatten)]
    places: Places,
    /// Network of the manifest whose values to instantiate with
    #[arg(long, default_value = "local")]
    network: String,
    /// Replace a deployment file that is there already
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    signing: Signing,
}

impl Places {
    /// The folder that holds the manifest, and so the repository.
    pub fn root(&self) -> &Path {
        self.manifest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Build products of the contracts.
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root().join("target"), PathBuf::from).join("contracts")
    }

    /// Where the bundles are.
    pub fn bundles(&self) -> PathBuf {
        self.bundles.clone().unwrap_or_else(|| self.target().join("bundles"))
    }
}

impl Contracts {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Build(build) => build.run(shared).await,
            Self::Deploy(deploy) => deploy.run(shared).await,
        }
    }
}

impl Build {
    async fn run(self, shared: &Shared) -> Result<()> {
        let built = tokio::task::spawn_blocking(move || self.build())
            .await
            .map_err(|error| Error::Usage(format!("the build stopped: {error}")))??;
        shared.output().result(&built, |built| {
            let rows: Vec<_> = built.iter().map(row).collect();
            table(&["contract", "bytes", "budget", "code hash"], &rows)
        });
        Ok(())
    }

    fn build(self) -> Result<Vec<Built>> {
        let manifest = Manifest::load(&self.places.manifest)?;
        let options = BuildOptions {
            root: Some(self.places.root().to_owned()),
            target: Some(self.places.target()),
            output: Some(self.places.bundles()),
            contracts: self.names,
            fixtures: self.fixtures,
            progress: Some(&tell),
        };
        Ok(bundler::build(&manifest, &options)?)
    }
}

fn tell(progress: Progress<'_>) {
    match progress {
        Progress::Compiling { contract, number, of } => say(format!("  compiling {contract} ({number} of {of})")),
        Progress::Bundling { contract } => say(format!("  bundling {contract}")),
        Progress::Output { line } => say(format!("    {line}")),
        _ => {}
    }
}

fn row(built: &Built) -> Vec<String> {
    vec![built.name.clone(), built.wasm_bytes.to_string(), built.budget.to_string(), built.code_hash.to_string()]
}

impl Deploy {
    async fn run(self, shared: &Shared) -> Result<()> {
        let path = match &shared.deployment {
            Some(path) => path.clone(),
            None => {
                let home = shared.home()?;
                home.create()?;
                home.deployment()
            }
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Error::Usage(format!("{} is no folder to write a deployment file to", folder.display())));
        }
        if path.exists() && !self.replace {
            return Err(Error::Usage(format!(
                "{} is there already: give --replace to deploy anew, or another --deployment",
                path.display()
            )));
        }
        let chain = shared.chain().await?;
        let plan = deploy::Deploy {
            bundles: self.places.bundles(),
            manifest: self.places.manifest.clone(),
            network: self.network,
        };
        let deployment = deploy::run(&chain, &self.signing.signer()?, &plan).await?;
        deployment.write(&path)?;
        shared.output().result(&deployment, |_| format!("written to {}", path.display()));
        Ok(())
    }
}
