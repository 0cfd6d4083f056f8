//! What is measured on: a chain with contracts of its own.

use crate::{
    Error, Result, clock,
    commands::{Shared, contracts::Places},
    deploy,
    stack::{self, Plan, Service},
};
use ballot::Mechanism;
use client::{Chain, Contracts, Sent, Signer, development_account, messages};
use interfaces::{
    ProposalId,
    governor::{Choosable, Kind, ProposalRequest},
};
use serde::Serialize;
use tempfile::TempDir;

/// A chain, and the contracts on it.
pub(super) struct Stage {
    pub(super) chain: Chain,
    pub(super) contracts: Contracts,
    pub(super) alice: Signer,
    pub(super) plan: Plan,
    service: Option<Service>,
    _folder: TempDir,
}

/// What a message costs, once sent.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Cost {
    /// Computation, picoseconds of the runtime's reference hardware.
    pub(super) ref_time: u64,
    /// State proof, bytes.
    pub(super) proof_size: u64,
    /// Storage deposit, base units.
    pub(super) deposit: i128,
    /// Fee, base units.
    pub(super) fee: u128,
}

impl<T> From<&Sent<T>> for Cost {
    fn from(sent: &Sent<T>) -> Self {
        let client::Cost { ref_time, proof_size, deposit } = sent.cost;
        Self { ref_time, proof_size, deposit, fee: sent.fee }
    }
}

impl Stage {
    /// Starts a chain, unless one is given, and deploys the contracts with the demo's short times.
    pub(super) async fn new(shared: &Shared, places: &Places) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Error::file("create", std::env::temp_dir()))?;
        let home = stack::Home::new(folder.path())?;
        let plan = Plan::private(home, places.bundles(), places.manifest.clone(), "bench");
        let plan = Plan { chain: shared.chain.clone(), ..plan };
        let (service, url) = stack::start_chain(&plan).await?;
        match Self::deploy(&url, &plan).await {
            Ok((chain, contracts, alice)) => Ok(Self { chain, contracts, alice, plan, service, _folder: folder }),
            Err(error) => {
                if let Some(service) = service {
                    service.stop().await;
                }
                Err(error)
            }
        }
    }

    async fn deploy(url: &str, plan: &Plan) -> Result<(Chain, Contracts, Signer)> {
        let (chain, alice) = (Chain::connect(url).await?, development_account("alice")?);
        let deploy = deploy::Deploy {
            bundles: plan.bundles.clone(),
            manifest: plan.manifest.clone(),
            network: plan.network.clone(),
        };
        let contracts = deploy::run(&chain, &alice, &deploy).await?.contracts;
        Ok((chain, contracts, alice))
    }

    /// Stops what was started, whatever was measured.
    pub(super) async fn end<T>(self, measured: Result<T>) -> Result<T> {
        if let Some(service) = self.service {
            service.stop().await;
        }
        measured
    }

    /// Makes a proposal of a number of options that do nothing; voting is not open yet.
    pub(super) async fn propose(&self, mechanism: Mechanism, options: u8) -> Result<ProposalId> {
        let kind = Kind::CommunityInitiative;
        let governor = self.chain.contract(self.contracts.governor.account);
        let deposit = governor.ask(&messages::governor::rules(kind)).await?.deposit;
        let options = (0..options).map(|number| Choosable { title: format!("Option {number}"), calls: Vec::new() });
        let request = ProposalRequest {
            kind,
            mechanism,
            title: "A proposal to measure".into(),
            link: String::new(),
            content_hash: [0; 32].into(),
            options: options.collect(),
        };
        let sent = governor.send(&self.alice, &messages::governor::propose(&request).paying(deposit)).await?;
        Ok(sent.answer)
    }

    /// Waits until voting on a proposal is open.
    pub(super) async fn open(&self, proposal: ProposalId) -> Result<()> {
        let poll = self.chain.contract(self.contracts.polls.account).ask(&messages::polls::poll(proposal)).await?;
        let opens = poll.map_or(0, |poll| poll.terms.snapshot);
        clock::until(&self.chain, "voting opens", opens).await
    }
}
