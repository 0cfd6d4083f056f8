//! Bringing the contracts onto a chain.

use crate::{Error, Result, output::say, parse, stack::Plan};
use bundler::{Bundle, Manifest};
use client::{AccountId32, Chain, Deployed, Deployment, Signer, Upload, messages::constructors};
use interfaces::{AccountId, governor::Rules};
use std::path::{Path, PathBuf};

/// What to deploy, and how.
#[derive(Debug, Clone)]
pub struct Deploy {
    /// Folder with the bundles.
    pub bundles: PathBuf,
    /// `Cargo-contract.toml`.
    pub manifest: PathBuf,
    /// Which of its networks.
    pub network: String,
}

/// The deployment that the plan's home folder knows, or a new one, signed by the development account Alice.
///
/// # Errors
/// If the known deployment is on another chain, or a new one fails.
pub async fn ensure(chain: &Chain, plan: &Plan) -> Result<Deployment> {
    let path = plan.home.deployment();
    if path.exists() {
        let deployment = Deployment::read(&path)?;
        if deployment.genesis_hash != chain.genesis_hash() {
            return Err(Error::Usage(format!(
                "{} is for the chain with genesis {:?}, but {} has genesis {:?}; use that chain, or another --home",
                path.display(),
                deployment.genesis_hash,
                chain.url(),
                chain.genesis_hash(),
            )));
        }
        return Ok(deployment);
    }
    let deploy =
        Deploy { bundles: plan.bundles.clone(), manifest: plan.manifest.clone(), network: plan.network.clone() };
    let deployment = run(chain, &client::development_account("alice")?, &deploy).await?;
    deployment.write(&path)?;
    Ok(deployment)
}

/// Uploads and instantiates token, governor and treasury, each given the one before.
///
/// # Errors
/// If a bundle is missing, or the chain refuses.
pub async fn run(chain: &Chain, signer: &Signer, deploy: &Deploy) -> Result<Deployment> {
    let manifest = Manifest::load(&deploy.manifest)?;
    let network = manifest.network(&deploy.network)?;
    let height = chain.head().await?.height;

    let mut holders = Vec::new();
    for holder in &network.token.holders {
        holders.push((account(&holder.account)?, holder.amount.0));
    }
    let start = &network.token;
    let data = constructors::token(Some(start.name.clone()), Some(start.symbol.clone()), start.decimals, &holders);
    let token = instantiate(chain, signer, &deploy.bundles, "token", data, 0).await?;

    let governor_start = &network.governor;
    let share = |points: u16| ballot::BasisPoints::new(points).map_err(|error| Error::Usage(error.to_string()));
    let rules = Rules {
        proposal_threshold: governor_start.proposal_threshold.0,
        voting_delay: governor_start.voting_delay_ms,
        voting_period: governor_start.voting_period_ms,
        execution_delay: governor_start.execution_delay_ms,
        execution_window: governor_start.execution_window_ms,
        quorum: share(governor_start.quorum_bps)?,
        approval: share(governor_start.approval_bps)?,
    };
    let data = constructors::governor(AccountId::from(token.account.0), &rules);
    let governor = instantiate(chain, signer, &deploy.bundles, "governor", data, 0).await?;

    let data = constructors::treasury(AccountId::from(governor.account.0));
    let treasury = instantiate(chain, signer, &deploy.bundles, "treasury", data, network.treasury.endowment.0).await?;

    Ok(Deployment {
        genesis_hash: chain.genesis_hash(),
        height,
        contracts: client::Contracts { token, governor, treasury },
    })
}

async fn instantiate(
    chain: &Chain,
    signer: &Signer,
    bundles: &Path,
    name: &'static str,
    data: Vec<u8>,
    endowment: u128,
) -> Result<Deployed> {
    let path = bundles.join(format!("{name}.contract"));
    if !path.exists() {
        return Err(Error::Usage(format!("{} is missing: run `gaia contracts build` first", path.display())));
    }
    let bundle = Bundle::read(&path)?;
    let upload = Upload { name, wasm: &bundle.wasm, data, endowment };
    let (deployed, block) = chain.instantiate(signer, &upload).await?;
    say(format!("  block {:>5}  {name} deployed at {}", block.height, deployed.account));
    Ok(deployed)
}

fn account(account: &bundler::Account) -> Result<AccountId> {
    let bytes = match account {
        bundler::Account::Development(known) => client::development_account(known.name())?.account(),
        bundler::Account::Address(address) => {
            let parse::Account(account): parse::Account = address.parse().map_err(Error::Usage)?;
            account
        }
    };
    let AccountId32(bytes) = bytes;
    Ok(AccountId::from(bytes))
}
