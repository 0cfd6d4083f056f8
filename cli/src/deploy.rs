//! Bringing the contracts onto a chain.

use crate::{Error, Result, output::say, parse, stack::Plan};
use bundler::{Bundle, Manifest, Network};
use client::{
    AccountId32, Chain, Deployed, Deployment, Signer, Upload,
    messages::{self, constructors},
};
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

/// The deployment that the plan knows of, or a new one, signed by the development account Alice.
///
/// # Errors
/// If the known deployment is not on this chain, or a new one fails.
pub async fn ensure(chain: &Chain, plan: &Plan) -> Result<Deployment> {
    let path = plan.deployment();
    if path.exists() {
        return known(chain, &path).await;
    }
    let deploy =
        Deploy { bundles: plan.bundles.clone(), manifest: plan.manifest.clone(), network: plan.network.clone() };
    let deployment = run(chain, &client::development_account("alice")?, &deploy).await?;
    deployment.write(&path)?;
    Ok(deployment)
}

/// The deployment in a file, if it is on this chain.
///
/// # Errors
/// If it is on another one, or its contracts are gone.
pub async fn known(chain: &Chain, path: &Path) -> Result<Deployment> {
    let deployment = Deployment::read(path)?;
    if deployment.genesis_hash != chain.genesis_hash() {
        return Err(Error::Usage(format!(
            "{} is for another chain (genesis {:?}) than {} (genesis {:?}); use that chain, or another --home",
            path.display(),
            deployment.genesis_hash,
            chain.url(),
            chain.genesis_hash(),
        )));
    }
    // A development chain that begins anew has the same genesis, and none of the contracts.
    let governor = chain.contract(deployment.contracts.governor.account);
    match governor.ask(&messages::governor::rules()).await {
        Ok(_) => Ok(deployment),
        Err(client::Error::Refused(refusal)) => Err(Error::Usage(format!(
            "{} names contracts that {} does not have ({refusal}): was the chain emptied? Then use another --home",
            path.display(),
            chain.url(),
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Uploads and instantiates token, governor and treasury, each given the one before. Nothing is sent before all that
/// can be wrong on this side has been looked at.
///
/// # Errors
/// If a bundle is missing, the manifest makes no sense, or the chain refuses.
pub async fn run(chain: &Chain, signer: &Signer, deploy: &Deploy) -> Result<Deployment> {
    let manifest = Manifest::load(&deploy.manifest)?;
    let Network { token, governor, treasury } = manifest.network(&deploy.network)?;
    let mut holders = Vec::new();
    for holder in &token.holders {
        holders.push((account(&holder.account)?, holder.amount.0));
    }
    let token_data =
        constructors::token(Some(token.name.clone()), Some(token.symbol.clone()), token.decimals, &holders);
    let share = |points: u16| ballot::BasisPoints::new(points).map_err(|error| Error::Usage(error.to_string()));
    let rules = Rules {
        proposal_threshold: governor.proposal_threshold.0,
        voting_delay: governor.voting_delay_ms,
        voting_period: governor.voting_period_ms,
        execution_delay: governor.execution_delay_ms,
        execution_window: governor.execution_window_ms,
        quorum: share(governor.quorum_bps)?,
        approval: share(governor.approval_bps)?,
    };
    let [token_code, governor_code, treasury_code] =
        [bundle(&deploy.bundles, "token")?, bundle(&deploy.bundles, "governor")?, bundle(&deploy.bundles, "treasury")?];

    let height = chain.head().await?.height;
    let token = instantiate(chain, signer, "token", &token_code, token_data, 0).await?;
    let data = constructors::governor(AccountId::from(token.account.0), &rules);
    let governor = instantiate(chain, signer, "governor", &governor_code, data, 0).await?;
    let data = constructors::treasury(AccountId::from(governor.account.0));
    let treasury = instantiate(chain, signer, "treasury", &treasury_code, data, treasury.endowment.0).await?;
    Ok(Deployment {
        genesis_hash: chain.genesis_hash(),
        height,
        contracts: client::Contracts { token, governor, treasury },
    })
}

/// The bundle called `name` in a folder.
///
/// # Errors
/// If it is not there, or is none.
pub fn bundle(folder: &Path, name: &str) -> Result<Bundle> {
    let path = folder.join(format!("{name}.contract"));
    if !path.exists() {
        return Err(Error::Usage(format!("{} is missing: run `gaia contracts build` first", path.display())));
    }
    Ok(Bundle::read(&path)?)
}

async fn instantiate(
    chain: &Chain,
    signer: &Signer,
    name: &'static str,
    code: &Bundle,
    data: Vec<u8>,
    endowment: u128,
) -> Result<Deployed> {
    let upload = Upload { name, wasm: &code.wasm, data, endowment };
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
