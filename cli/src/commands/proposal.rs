//! The verbs that send a governance transaction.

use super::{Shared, Signing};
use crate::{
    Error, Result,
    parse::{Account, Amount, Hash, Payment},
};
use client::{
    Message, Sent,
    messages::{self, Answer, governor, token},
};
use interfaces::{
    AccountId, ProposalId,
    governor::{Call, ProposalCreated, ProposalRequest},
};
use serde::Serialize;
use std::path::Path;

/// What a sent transaction is reported as.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalId>,
    signer: String,
    block: u64,
    block_hash: client::H256,
    fee: String,
}

/// The hash of a proposal's full text.
pub(super) fn content(text: Option<&Path>, hash: Option<Hash>) -> Result<[u8; 32]> {
    match (text, hash) {
        (_, Some(Hash(hash))) => Ok(hash.0),
        (Some(path), None) => {
            let text = std::fs::read(path).map_err(Error::file("read", path))?;
            Ok(client::blake2_256(&text))
        }
        (None, None) => Ok(client::blake2_256(b"")),
    }
}

/// The call that orders the treasury to make one payment.
pub fn payment(treasury: client::AccountId32, payment: &Payment) -> Call {
    let message = messages::treasury::pay(AccountId::from(payment.payee.0.0), payment.amount.0);
    Call {
        target: AccountId::from(treasury.0),
        selector: message.selector(),
        input: message.arguments().to_vec(),
        value: 0,
    }
}

pub(super) async fn propose(
    shared: &Shared,
    signing: &Signing,
    title: String,
    link: String,
    content_hash: [u8; 32],
    payments: &[Payment],
) -> Result<()> {
    let signer = signing.signer()?;
    let chain = shared.chain().await?;
    let contracts = shared.deployment(&chain).await?.contracts;
    let calls = payments.iter().map(|order| payment(contracts.treasury.account, order)).collect();
    let request = ProposalRequest { title, link, content_hash: content_hash.into(), calls };
    let sent = chain.contract(contracts.governor.account).send(&signer, &governor::propose(&request)).await?;
    // Not the dry run's answer: somebody else may have proposed in between.
    let made: Option<ProposalCreated> = sent.event(&contracts.governor.account);
    let proposal = made.map_or(sent.answer, |made| made.proposal);
    report(shared, &signer, Some(proposal), &sent, &format!("proposal {proposal} made"));
    Ok(())
}

pub(super) async fn vote(
    shared: &Shared,
    signing: &Signing,
    proposal: ProposalId,
    support: ballot::Support,
) -> Result<()> {
    act(shared, signing, proposal, &governor::vote(proposal, support), "voted").await
}

pub(super) async fn queue(shared: &Shared, signing: &Signing, proposal: ProposalId) -> Result<()> {
    act(shared, signing, proposal, &governor::queue(proposal), "queued").await
}

pub(super) async fn execute(shared: &Shared, signing: &Signing, proposal: ProposalId) -> Result<()> {
    act(shared, signing, proposal, &governor::execute(proposal), "executed").await
}

pub(super) async fn cancel(shared: &Shared, signing: &Signing, proposal: ProposalId) -> Result<()> {
    act(shared, signing, proposal, &governor::cancel(proposal), "cancelled").await
}

pub(super) async fn transfer(shared: &Shared, signing: &Signing, to: Account, amount: Amount) -> Result<()> {
    let signer = signing.signer()?;
    let chain = shared.chain().await?;
    let token_account = shared.deployment(&chain).await?.contracts.token.account;
    let message = token::transfer(AccountId::from(to.0.0), amount.0);
    let sent = chain.contract(token_account).send(&signer, &message).await?;
    report(shared, &signer, None, &sent, &format!("{} sent to {}", amount.0, to.0));
    Ok(())
}

async fn act<R: Answer>(
    shared: &Shared,
    signing: &Signing,
    proposal: ProposalId,
    message: &Message<R>,
    done: &str,
) -> Result<()> {
    let signer = signing.signer()?;
    let chain = shared.chain().await?;
    let governor = shared.deployment(&chain).await?.contracts.governor.account;
    let sent = chain.contract(governor).send(&signer, message).await?;
    report(shared, &signer, Some(proposal), &sent, &format!("proposal {proposal}: {done}"));
    Ok(())
}

fn report<T>(shared: &Shared, signer: &client::Signer, proposal: Option<ProposalId>, sent: &Sent<T>, done: &str) {
    let report = Report {
        proposal,
        signer: signer.account().to_string(),
        block: sent.block.height,
        block_hash: sent.block.hash,
        fee: sent.fee.to_string(),
    };
    shared.output().result(&report, |report| {
        format!("{done} by {}, final in block {} (fee {})", report.signer, report.block, report.fee)
    });
}
