//! Bringing the contracts onto a chain.

use crate::{Error, Result, output::say, parse, stack::Plan};
use ballot::Thresholds;
use bundler::{Amount, AttestorStart, BudgetStart, Bundle, Manifest, Network};
use client::{
    AccountId32, Block, Chain, Deployed, Deployment, Signer, Upload,
    messages::{constructors, governor},
};
use interfaces::{
    AccountId, Hash, Moment,
    contracts::Contracts,
    governor::{Guardian, Mechanisms, Parts, Rules},
    polls,
    registry::Accreditation,
    treasury::{Asset, Budget},
};
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
    match governor.ask(&governor::parts()).await {
        Ok(_) => Ok(deployment),
        Err(client::Error::Refused(refusal)) => Err(Error::Usage(format!(
            "{} names contracts that {} does not have ({refusal}): was the chain emptied? Then use another --home",
            path.display(),
            chain.url(),
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Uploads and instantiates the contracts, each given those before, and tells the governor its parts. Nothing is sent
/// before all that can be wrong on this side has been looked at.
///
/// # Errors
/// If a bundle is missing, the manifest makes no sense, or the chain refuses.
pub async fn run(chain: &Chain, signer: &Signer, deploy: &Deploy) -> Result<Deployment> {
    let manifest = Manifest::load(&deploy.manifest)?;
    let Network { token, registry, governor, treasury } = manifest.network(&deploy.network)?;
    let mut holders = Vec::new();
    for holder in &token.holders {
        holders.push((account(&holder.account)?, holder.amount.0));
    }
    let mut attestors = Vec::new();
    for AttestorStart { account: attestor, tiers, daily_cap } in &registry.attestors {
        let accreditation = Accreditation { tiers: tiers.iter().copied().collect(), daily_cap: *daily_cap };
        attestors.push((account(attestor)?, accreditation));
    }
    let head = chain.head().await?;
    let now = chain.moment(head.hash).await?;
    let guardian = match &governor.guardian {
        Some(guardian) => Some(Guardian {
            account: account(&guardian.account)?,
            until: now.saturating_add(u64::from(guardian.days) * DAY),
        }),
        None => None,
    };
    let kinds = governor.rules.each().map(|(_, kind)| rules(kind));
    let new = Deployer { chain, signer, code: Contracts::try_from_fn(|name| bundle(&deploy.bundles, name))? };

    let genesis = Hash::from(chain.genesis_hash().0);
    let data = constructors::governor(&kinds, guardian, governor.live_limit);
    let governor = new.contract("governor", &new.code.governor, data, 0).await?;
    let data = constructors::ledger(id(&governor));
    let ledger = new.contract("ledger", &new.code.ledger, data, 0).await?;
    let data = constructors::relay(id(&governor), genesis);
    let relay = new.contract("relay", &new.code.relay, data, 0).await?;
    let (name, symbol) = (Some(token.name.as_str()), Some(token.symbol.as_str()));
    let data = constructors::token(id(&governor), id(&ledger), id(&relay), name, symbol, token.decimals, &holders);
    let token = new.contract("token", &new.code.token, data, 0).await?;
    let data = constructors::registry(id(&governor), &attestors, genesis);
    let registry = new.contract("registry", &new.code.registry, data, 0).await?;
    let data = constructors::rankings(id(&governor));
    let rankings = new.contract("rankings", &new.code.rankings, data, 0).await?;
    let parts = polls::Parts {
        governor: id(&governor),
        ledger: id(&ledger),
        registry: id(&registry),
        rankings: id(&rankings),
        relay: id(&relay),
    };
    let data = constructors::polls(parts);
    let polls = new.contract("polls", &new.code.polls, data, 0).await?;
    let budgets: Vec<_> = treasury.budgets.iter().map(|start| (start.category, budget(start, now))).collect();
    let data = constructors::treasury(id(&governor), id(&registry), genesis, &budgets);
    let treasury = new.contract("treasury", &new.code.treasury, data, treasury.endowment.0).await?;
    let data = constructors::settings(id(&governor), id(&registry));
    let settings = new.contract("settings", &new.code.settings, data, 0).await?;
    let parts = Parts { ledger: id(&ledger), polls: id(&polls), treasury: id(&treasury), settings: id(&settings) };
    chain.contract(governor.account).send(signer, &governor::install(parts)).await?;
    Ok(Deployment {
        genesis_hash: chain.genesis_hash(),
        height: head.height,
        contracts: Contracts { relay, token, ledger, registry, governor, polls, rankings, treasury, settings },
    })
}

/// Milliseconds.
const DAY: u64 = 24 * 3_600_000;

fn rules(rules: &bundler::Rules) -> Rules {
    Rules {
        mechanisms: rules.mechanisms.iter().fold(Mechanisms::default(), |set, one| Mechanisms(set.0 | 1 << *one as u8)),
        proposal_threshold: rules.proposal_threshold.0,
        deposit: rules.deposit.0,
        voting_delay: rules.voting_delay_ms,
        voting_period: rules.voting_period_ms,
        freeze: rules.freeze_ms,
        extension: rules.extension_ms,
        thresholds: Thresholds {
            quorum: rules.quorum_bps,
            approval: rules.approval_bps,
            plurality: rules.plurality_bps,
        },
        credits: rules.credits,
        execution_delay: rules.execution_delay_ms,
        execution_window: rules.execution_window_ms,
        spend_cap: rules.spend_cap.0,
        period_cap: rules.period_cap.0,
        period: rules.period_ms,
        guarded: rules.guarded,
    }
}

fn budget(start: &BudgetStart, now: Moment) -> Budget {
    let BudgetStart { cap: Amount(cap), period_ms: period, carries, tier, .. } = *start;
    Budget { asset: Asset::Native, cap, period, begins: now, carries, tier }
}

fn id(contract: &Deployed) -> AccountId {
    AccountId::from(contract.account.0)
}

struct Deployer<'a> {
    chain: &'a Chain,
    signer: &'a Signer,
    code: Contracts<Bundle>,
}

impl Deployer<'_> {
    async fn contract(&self, name: &'static str, code: &Bundle, data: Vec<u8>, endowment: u128) -> Result<Deployed> {
        let upload = Upload { name, wasm: &code.wasm, data, endowment };
        let (deployed, block): (_, Block) = self.chain.instantiate(self.signer, &upload).await?;
        say(format!("  block {:>5}  {name} deployed at {}", block.height, deployed.account));
        Ok(deployed)
    }
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
