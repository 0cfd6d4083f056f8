//! What every verb that sends a transaction does.

use super::{Shared, Signing};
use crate::Result;
use client::{Chain, Contracts, Deployed, Message, Sent, Signer, View, messages::Answer};
use interfaces::{AccountId, ProposalId};
use serde::Serialize;

/// Somebody who acts on the contracts.
pub(super) struct Acting<'a> {
    shared: &'a Shared,
    pub(super) signer: Signer,
    pub(super) chain: Chain,
    pub(super) contracts: Contracts,
}

/// What a sent transaction is reported as.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalId>,
    signer: String,
    block: u64,
    block_hash: client::H256,
    fee: String,
}

impl<'a> Acting<'a> {
    pub(super) async fn new(shared: &'a Shared, signing: &Signing) -> Result<Self> {
        let signer = signing.signer()?;
        let chain = shared.chain().await?;
        let contracts = shared.deployment(&chain).await?.contracts;
        Ok(Self { shared, signer, chain, contracts })
    }

    /// The account it acts for.
    pub(super) fn account(&self) -> AccountId {
        AccountId::from(self.signer.account().0)
    }

    /// The chain as it stands.
    pub(super) async fn view(&self) -> Result<View> {
        Ok(self.chain.latest().await?)
    }

    pub(super) async fn send<R: Answer>(&self, contract: &Deployed, message: &Message<R>) -> Result<Sent<R::Done>> {
        Ok(self.chain.contract(contract.account).send(&self.signer, message).await?)
    }

    pub(super) fn report<T>(&self, proposal: Option<ProposalId>, sent: &Sent<T>, done: &str) {
        let report = self.reported(proposal, sent);
        self.shared.output().result(&report, |report| {
            format!("{done} by {}, final in block {} (fee {})", report.signer, report.block, report.fee)
        });
    }

    pub(super) fn reported<T>(&self, proposal: Option<ProposalId>, sent: &Sent<T>) -> Report {
        Report {
            proposal,
            signer: self.signer.account().to_string(),
            block: sent.block.height,
            block_hash: sent.block.hash,
            fee: sent.fee.to_string(),
        }
    }
}
