//! Proposals and drafts.

use super::{Check, account, hash, value};
use crate::{Result, commands::rules::terms};
use api::model::{Amount, Block, Bytes, Hash, Page, Proposal, Selector};
use ballot::{Mechanism, OptionId, Tally};
use client::{
    View,
    messages::{governor, polls},
};
use interfaces::{
    Moment, ProposalId,
    governor::{Call, PinnedCall, Proposal as Kept},
    lifecycle::Progress,
    polls::{Poll, Stage, Standing},
};
use serde_json::{Value, json};

impl Check<'_> {
    pub(super) async fn proposals(&mut self) -> Result<()> {
        let pages: Vec<Page<Proposal>> = self.api.pages("/v1/proposals?limit=200").await?;
        // Newest first: the first page says how many there are.
        if let Some(first) = pages.first() {
            let count = self.view(&first.block).await?.ask(self.governor(), &governor::proposal_count()).await?;
            let newest = first.data.first().map_or(0, |proposal| proposal.id + 1);
            self.compare("number of proposals", &first.block, newest, count);
        }
        let mut expected: Option<ProposalId> = None;
        for page in pages {
            for proposal in page.data {
                if expected.is_some_and(|expected| expected != proposal.id) {
                    self.differs(format!("the mirror has a gap above proposal {}", proposal.id));
                }
                expected = proposal.id.checked_sub(1);
                self.proposal(&proposal, &page.block).await?;
            }
        }
        if let Some(missing) = expected {
            self.differs(format!("the mirror has no proposal {missing} and none before it"));
        }
        Ok(())
    }

    async fn proposal(&mut self, mirror: &Proposal, block: &Block) -> Result<()> {
        let id = mirror.id;
        let view = self.view(block).await?;
        let Some(kept) = view.ask(self.governor(), &governor::proposal(id)).await? else {
            self.differs(format!("proposal {id} (block {}): the chain has none", block.height));
            return Ok(());
        };
        self.report.proposals += 1;
        let name = format!("proposal {id}");
        let state = view.ask(self.governor(), &governor::state(id)).await?;
        let common = json!({
            "proposer": account(kept.proposer),
            "kind": kept.kind,
            "state": state.map_or_else(|error| value(error.to_string()), value),
        });
        self.compare(&name, block, mirror, common);
        self.compare(&name, block, stages(mirror), stages_of(&kept));
        if kept.progress == Progress::Draft {
            let draft = self.draft(&view, id).await?;
            self.compare(&name, block, mirror, draft);
            return self.sponsors(mirror).await;
        }
        let Some((poll, tally)) = view.ask(self.polls(), &polls::poll(id)).await? else {
            // A draft that was taken back.
            self.compare(&name, block, mirror, json!({ "poll": null, "terms": null, "created": null }));
            return Ok(());
        };
        let standing = view.ask(self.polls(), &polls::standing(id)).await?;
        let winner = standing.ok().and_then(|standing| match standing {
            Standing::Decided { winner, .. } => winner,
            _ => None,
        });
        let chain = json!({
            "mechanism": poll.terms.mechanism,
            "terms": terms(&kept.rules),
            "poll": poll_of(&poll, &tally, winner),
            "options": self.options(&view, id, &poll, &tally).await?,
        });
        self.compare(&name, block, mirror, chain);
        self.votes(mirror).await
    }

    /// A draft, as its author and sponsors left it.
    async fn draft(&self, view: &View, id: ProposalId) -> Result<Value> {
        let Some(draft) = view.ask(self.governor(), &governor::draft_of(id)).await? else { return Ok(Value::Null) };
        let request = draft.request;
        let mut options: Vec<_> = (0..)
            .zip(&request.options)
            .map(|(number, option): (OptionId, _)| {
                let calls: Vec<_> = option.calls.iter().map(|call| call_of(call, None)).collect();
                json!({ "number": number, "title": option.title, "calls": calls })
            })
            .collect();
        if request.mechanism != Mechanism::Majority {
            options.push(json!({ "number": options.len(), "title": "None of the above", "calls": [] }));
        }
        Ok(json!({
            "mechanism": request.mechanism,
            "title": request.title,
            "link": request.link,
            "content_hash": hash(request.content_hash),
            "options": options,
            "draft": {
                "revision": draft.revision,
                "snapshot": { "moment": draft.snapshot },
                "sponsored": Amount(draft.backing),
            },
            "created": null,
            "terms": null,
            "poll": null,
        }))
    }

    async fn options(&self, view: &View, id: ProposalId, poll: &Poll, tally: &Tally) -> Result<Vec<Value>> {
        let mut options = Vec::new();
        for number in 0..poll.terms.options.max(1) {
            let calls = view.ask(self.governor(), &governor::calls(id, number)).await?;
            let calls: Vec<_> =
                calls.iter().map(|PinnedCall { call, code_hash }| call_of(call, Some(hash(*code_hash)))).collect();
            let votes = match tally {
                Tally::Plurality(tally) => tally.per_option.get(usize::from(number)).copied().map(Amount),
                Tally::Majority(_) | Tally::Rankings(_) => None,
            };
            options.push(json!({ "number": number, "votes": votes, "calls": calls }));
        }
        Ok(options)
    }
}

/// How far the mirror says that a proposal was moved.
fn stages(mirror: &Proposal) -> Value {
    json!({
        "queued": mirror.queued.as_ref().filter(|_| mirror.executed.is_none()).map(|queued| {
            json!({ "ready_at": queued.ready_at.moment, "expires_at": queued.expires_at.moment })
        }),
        "executed": mirror.executed.is_some(),
        "cancelled": mirror.cancelled.is_some(),
        "vetoed": mirror.vetoed.is_some(),
        "settled": mirror.settled.is_some(),
    })
}

/// How far the governor says that it was.
fn stages_of(kept: &Kept) -> Value {
    let mut stages = json!({
        "executed": kept.progress == Progress::Executed,
        "cancelled": kept.progress == Progress::Cancelled,
        "vetoed": kept.progress == Progress::Vetoed,
        "settled": kept.settled,
    });
    match kept.progress {
        Progress::Queued { ready_at, expires_at, .. } => {
            stages["queued"] = json!({ "ready_at": ready_at, "expires_at": expires_at });
        }
        Progress::Draft | Progress::Proposed | Progress::Executed => stages["queued"] = Value::Null,
        // The governor forgets when it was queued.
        Progress::Cancelled | Progress::Vetoed => {}
    }
    stages
}

fn poll_of(poll: &Poll, tally: &Tally, winner: Option<OptionId>) -> Value {
    let needed = poll.electorate.map(|electorate| Amount(poll.terms.thresholds.quorum.ceil_of(electorate)));
    let moment = |moment: Moment| json!({ "moment": moment });
    let mut chain = json!({
        "snapshot": moment(poll.terms.snapshot),
        "voting_ends": moment(poll.closes),
        "electorate": poll.electorate.map(Amount),
        "quorum": { "needed": needed, "reached": poll.has_quorum(tally) },
        "counted_at": match poll.stage {
            Stage::Counted { at, .. } => moment(at),
            Stage::Opened | Stage::Stopped => Value::Null,
        },
        "winner": winner,
    });
    if let (Value::Object(fields), Value::Object(counts)) = (&mut chain, counts(tally)) {
        fields.extend(counts);
    }
    chain
}

/// A tally in the API's words.
pub(super) fn counts(tally: &Tally) -> Value {
    json!({
        "turnout": Amount(tally.turnout()),
        "backing": Amount(tally.backing()),
        "votes": match tally {
            Tally::Majority(tally) => json!({
                "for": Amount(tally.in_favour),
                "against": Amount(tally.against),
                "abstain": Amount(tally.abstain),
            }),
            Tally::Plurality(_) | Tally::Rankings(_) => Value::Null,
        },
        "rankings": match tally {
            Tally::Rankings(tally) => Some(tally.distinct),
            Tally::Majority(_) | Tally::Plurality(_) => None,
        },
    })
}

fn call_of(call: &Call, code_hash: Option<Hash>) -> Value {
    json!({
        "target": account(call.target),
        "selector": Selector(call.selector),
        "input": Bytes(call.input.clone()),
        "value": Amount(call.value),
        "code_hash": code_hash,
    })
}
