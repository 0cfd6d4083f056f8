//! What is measured on: a chain with contracts of its own.

use crate::{
    Error, Result, clock,
    commands::{Shared, contracts::Places, for_a_year},
    deploy,
    output::counting,
    stack::{self, Plan, Service},
};
use ballot::{Choice, Mechanism};
use client::{
    AccountId32, Chain, Contracts, Message, Sent, Signer, development_account,
    messages::{self, Answer},
};
use interfaces::{
    AccountId, Hash, Moment, ProposalId,
    governor::{Choosable, GovernorError, Kind, ProposalRequest},
    polls::{PollError, SignedVote, text},
};
use serde::Serialize;
use tempfile::TempDir;

type Outcome = std::result::Result<(), PollError>;
type Proposing = Message<std::result::Result<ProposalId, GovernorError>>;

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
        let message = self.proposal(mechanism, options).await?;
        Ok(self.chain.contract(self.contracts.governor.account).send(&self.alice, &message).await?.answer)
    }

    /// The message that makes such a proposal.
    pub(super) async fn proposal(&self, mechanism: Mechanism, options: u8) -> Result<Proposing> {
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
        Ok(messages::governor::propose(&request).paying(deposit))
    }

    /// A vote that its voter signed, the first of this voter in this poll.
    pub(super) fn signed_vote(&self, poll: ProposalId, voter: &Signer, choice: Choice) -> Message<Outcome> {
        let (chain, contract) = (Hash::from(self.chain.genesis_hash().0), self.contracts.polls.account.0.into());
        let id = AccountId::from(voter.account().0);
        let vote = SignedVote { poll, voter: id, choice, nonce: 0, deadline: Moment::MAX };
        let signature = voter.sign(text(&vote, &chain, &contract).as_bytes());
        messages::relay::vote(contract, &vote, &signature)
    }

    /// Attests that an account belongs to an identity.
    pub(super) async fn attest(&self, account: AccountId, identity: [u8; 32]) -> Result<Sent<()>> {
        let message = messages::registry::attest(account, for_a_year(identity.into(), self.now().await?));
        Ok(self.chain.contract(self.contracts.registry.account).send(&self.alice, &message).await?)
    }

    pub(super) async fn now(&self) -> Result<Moment> {
        Ok(self.chain.moment(self.chain.head().await?.hash).await?)
    }

    /// Sends many messages of one kind.
    pub(super) async fn load<R: Answer>(&self, contract: &AccountId32, messages: &[Message<R>]) -> Result<()> {
        let bar = counting(messages.len());
        let contract = self.chain.contract(*contract);
        contract.send_many(&self.alice, messages, |brought| bar.inc(brought as u64)).await?;
        bar.finish_and_clear();
        Ok(())
    }

    /// Waits until voting on a proposal is open.
    pub(super) async fn open(&self, proposal: ProposalId) -> Result<()> {
        let poll = self.chain.contract(self.contracts.polls.account).ask(&messages::polls::poll(proposal)).await?;
        let opens = poll.map_or(0, |(poll, _)| poll.terms.snapshot);
        clock::until(&self.chain, "voting opens", opens).await
    }
}
