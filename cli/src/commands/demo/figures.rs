//! What API and chain tell of what was played.

use crate::{Error, Result, api::Api};
use api::model::{Answer, LedgerEntry, Page, Proposal, Vote};
use ballot::{Majority, Mechanism, OptionId, Tally};
use client::{
    AccountId32, Contracts, View, development_account,
    messages::{governor, polls},
};
use interfaces::{ProposalId, governor::Kind, lifecycle::State, polls::Standing};
use serde::Serialize;

/// One side's figures of the treasury's payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Figures {
    pub(super) proposal: ProposalId,
    pub(super) state: State,
    pub(super) votes: Votes,
    pub(super) payout: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Votes {
    #[serde(rename = "for")]
    pub(super) in_favour: String,
    pub(super) against: String,
    pub(super) abstain: String,
    pub(super) voters: u64,
}

/// One side's line on a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    proposal: ProposalId,
    kind: Kind,
    mechanism: Mechanism,
    state: State,
    winner: Option<OptionId>,
    turnout: String,
}

impl Line {
    pub(super) async fn told_by_api(api: &Api, id: ProposalId) -> Result<Self> {
        let Proposal { kind, mechanism, state, poll, .. } = proposal(api, id).await?;
        let (winner, turnout) = poll.map_or((None, String::new()), |poll| (poll.winner, poll.turnout.to_string()));
        Ok(Self { proposal: id, kind, mechanism, state, winner, turnout })
    }

    pub(super) async fn told_by_chain(view: &View, contracts: &Contracts, id: ProposalId) -> Result<Self> {
        let (governing, polling) = (&contracts.governor.account, &contracts.polls.account);
        let kept = view.ask(governing, &governor::proposal(id)).await?.ok_or_else(|| gone(id))?;
        let state = view.ask(governing, &governor::state(id)).await?.map_err(|_| gone(id))?;
        let (poll, tally) = view.ask(polling, &polls::poll(id)).await?.ok_or_else(|| gone(id))?;
        let winner = match view.ask(polling, &polls::standing(id)).await? {
            Ok(Standing::Decided { winner, .. }) => winner,
            _ => None,
        };
        let (kind, mechanism, turnout) = (kept.kind, poll.terms.mechanism, tally.turnout().to_string());
        Ok(Self { proposal: id, kind, mechanism, state, winner, turnout })
    }

    /// Which proposal it is, in words.
    pub(super) fn name(&self) -> String {
        let kind = serde_json::json!(self.kind);
        let kind = kind.as_str().unwrap_or_default().replace('_', " ");
        format!("proposal {}: {kind}, {}", self.proposal, self.mechanism.as_str())
    }

    /// What came of it, in words.
    pub(super) fn outcome(&self) -> String {
        match (self.mechanism, self.winner) {
            (Mechanism::Majority, _) => self.state.to_string(),
            (_, Some(winner)) => format!("{}, option {winner}", self.state),
            (_, None) => format!("{}, no option", self.state),
        }
    }
}

async fn proposal(api: &Api, id: ProposalId) -> Result<Proposal> {
    let answer: Answer<Proposal> = api.one(&format!("/v1/proposals/{id}")).await?;
    Ok(answer.data)
}

pub(super) async fn told_by_api(api: &Api, id: ProposalId, payee: &AccountId32) -> Result<Figures> {
    let told = proposal(api, id).await?;
    let payments: Vec<Page<LedgerEntry>> = api.pages("/v1/treasury/ledger?kind=payment").await?;
    let paid = payments.iter().flat_map(|page| &page.data).filter(|entry| {
        entry.proposal == Some(id) && entry.counterparty.is_some_and(|account| <[u8; 32]>::from(account) == payee.0)
    });
    let payout: u128 = paid.map(|entry| entry.amount.0).sum();
    let votes: Vec<Page<Vote>> = api.pages(&format!("/v1/proposals/{id}/votes")).await?;
    let voters = votes.iter().map(|page| page.data.len()).sum::<usize>();
    let counts = told.poll.and_then(|poll| poll.votes).ok_or_else(|| gone(id))?;
    Ok(Figures {
        proposal: id,
        state: told.state,
        votes: Votes {
            in_favour: counts.in_favour.to_string(),
            against: counts.against.to_string(),
            abstain: counts.abstain.to_string(),
            voters: u64::try_from(voters).unwrap_or(u64::MAX),
        },
        payout: payout.to_string(),
    })
}

pub(super) async fn told_by_chain(view: &View, contracts: &Contracts, id: ProposalId, payout: u128) -> Result<Figures> {
    let (governing, polling) = (&contracts.governor.account, &contracts.polls.account);
    let Some((_, Tally::Majority(tally))) = view.ask(polling, &polls::poll(id)).await? else { return Err(gone(id)) };
    let mut voters = 0;
    for name in super::script::VOTERS {
        let account = development_account(name)?.account().0.into();
        let receipt = view.ask(polling, &polls::receipt(id, account)).await?;
        voters += u64::from(receipt.is_some_and(|receipt| receipt.choice.is_some()));
    }
    let Majority { in_favour, against, abstain } = tally;
    Ok(Figures {
        proposal: id,
        state: view.ask(governing, &governor::state(id)).await?.map_err(|_| gone(id))?,
        votes: Votes {
            in_favour: in_favour.to_string(),
            against: against.to_string(),
            abstain: abstain.to_string(),
            voters,
        },
        payout: payout.to_string(),
    })
}

fn gone(id: ProposalId) -> Error {
    Error::Failed(format!("proposal {id} was made, and is not there"))
}
