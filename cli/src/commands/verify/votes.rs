//! Votes, overrides and sponsors: what single accounts did to a proposal.

use super::{Check, account, account_id, count::Recount, proposals::counts, value};
use crate::Result;
use api::model::{Amount, Block, Choice, IdentityVotes, Override, Proposal, RankingTally, Round, Sponsor, Vote};
use ballot::{OptionId, Power};
use client::{
    View,
    messages::{governor, polls, rankings, registry},
};
use interfaces::{
    AccountId, ProposalId,
    polls::{Poll, Receipt, Stage},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Check<'_> {
    /// Those who lent their power to a draft as it stands.
    pub(super) async fn sponsors(&mut self, proposal: &Proposal) -> Result<()> {
        let id = proposal.id;
        let Some((sponsors, block)) = self.list::<Sponsor>(&format!("/v1/proposals/{id}/sponsors")).await? else {
            return Ok(());
        };
        let view = self.view(&block).await?;
        let Some(draft) = view.ask(self.governor(), &governor::draft_of(id)).await? else { return Ok(()) };
        let lent = sponsors.iter().filter(|sponsor| sponsor.revision == draft.revision).map(|sponsor| sponsor.power.0);
        let lent = lent.fold(0, Power::saturating_add);
        self.compare(format!("proposal {id}, sum of its sponsors"), &block, Amount(lent), Amount(draft.backing));
        Ok(())
    }

    /// Every single vote, and what they come to.
    pub(super) async fn votes(&mut self, proposal: &Proposal) -> Result<()> {
        let id = proposal.id;
        let Some((votes, block)) = self.list::<Vote>(&format!("/v1/proposals/{id}/votes")).await? else {
            return Ok(());
        };
        let view = self.view(&block).await?;
        let Some((poll, tally)) = view.ask(self.polls(), &polls::poll(id)).await? else { return Ok(()) };
        let mut recount = Recount::new(&poll);
        for vote in &votes {
            let voter = account_id(vote.voter);
            let Receipt { choice, power, casts, .. } = self.receipt(&view, id, voter).await?;
            let changes = casts.saturating_sub(1);
            let chain = json!({ "choice": choice.map(Choice::from), "power": Amount(power), "changes": changes });
            self.compare(format!("proposal {id}, vote of {}", vote.voter), &block, vote, chain);
            self.report.votes += 1;
            let identity = match &poll.terms.mechanism {
                ballot::Mechanism::Quadratic => {
                    let identity = registry::identity_at(voter, poll.terms.snapshot);
                    view.ask(self.registry(), &identity).await?.ok().flatten()
                }
                _ => None,
            };
            if let Err(reason) = recount.add(vote, identity) {
                self.differs(format!("proposal {id}, vote of {} cannot be counted: {reason}", vote.voter));
            }
        }
        self.recounted(id, &view, &block, (&poll, &tally), &recount).await?;
        self.overrides(id).await
    }

    async fn receipt(&self, view: &View, id: ProposalId, voter: AccountId) -> Result<Receipt> {
        Ok(view.ask(self.polls(), &polls::receipt(id, voter)).await?.unwrap_or_default())
    }

    /// The sum of all votes, and what follows from it.
    async fn recounted(
        &mut self,
        id: ProposalId,
        view: &View,
        block: &Block,
        (poll, tally): (&Poll, &ballot::Tally),
        recount: &Recount,
    ) -> Result<()> {
        let named = |what: &str| format!("proposal {id}, {what}");
        let per_option = |tally: &ballot::Tally| match tally {
            ballot::Tally::Plurality(tally) => tally.per_option.iter().copied().map(Amount).collect(),
            _ => Vec::new(),
        };
        let whole = |tally| json!({ "counts": counts(tally), "options": per_option(tally) });
        self.compare(named("recount of its votes"), block, whole(&recount.tally), whole(tally));
        if poll.terms.mechanism == ballot::Mechanism::Quadratic {
            return self.identities(id, recount).await;
        }
        if !poll.terms.mechanism.is_ranked() {
            return Ok(());
        }
        let chain = self.ranked(view, id).await?;
        self.compare(named("recount of its rankings"), block, shown(&recount.rankings), shown(&chain));
        if let Some((mirrored, block)) = self.list::<RankingTally>(&format!("/v1/proposals/{id}/rankings")).await? {
            let view = self.view(&block).await?;
            let chain = self.ranked(&view, id).await?;
            let mirrored = mirrored.into_iter().map(|it| (it.ranking.as_slice().to_vec(), it.power.0)).collect();
            self.compare(named("rankings"), &block, shown(&mirrored), shown(&chain));
        }
        let Some((mirrored, _)) = self.list::<Round>(&format!("/v1/proposals/{id}/rounds")).await? else {
            return Ok(());
        };
        let (rounds, winner) = recount.rounds();
        // A count in progress shows its first rounds.
        for (number, round) in mirrored.iter().enumerate() {
            let counted = rounds.get(number).map_or(Value::Null, Clone::clone);
            self.compare(named(&format!("recount of round {}", round.round)), block, round, counted);
        }
        if let Stage::Counted { winner: counted, .. } = poll.stage {
            self.compare(named("number of rounds"), block, mirrored.len(), rounds.len());
            let winner = poll
                .electorate
                .and_then(|electorate| recount.tally.decide_counted(winner, &poll.terms.thresholds, electorate));
            self.compare(named("recount of its winner"), block, winner, counted);
        }
        Ok(())
    }

    /// The distinct rankings that are kept, without those that nobody has any more.
    async fn ranked(&self, view: &View, id: ProposalId) -> Result<BTreeMap<Vec<OptionId>, Power>> {
        let mut all = BTreeMap::new();
        for chunk in 0.. {
            let found = view.ask(self.rankings(), &rankings::chunk(id, chunk)).await?;
            if found.is_empty() {
                break;
            }
            let present = found.into_iter().filter(|(_, power)| *power > 0);
            all.extend(present.map(|(ranking, power)| (ranking.as_slice().to_vec(), power)));
        }
        Ok(all)
    }

    /// What the wallets of each identity vote together.
    async fn identities(&mut self, id: ProposalId, recount: &Recount) -> Result<()> {
        let path = format!("/v1/proposals/{id}/identities");
        let Some((mirrored, block)) = self.list::<IdentityVotes>(&path).await? else { return Ok(()) };
        let mirrored: Vec<_> = mirrored.iter().map(value).collect();
        self.compare(format!("proposal {id}, identities"), &block, mirrored, recount.identities());
        Ok(())
    }

    /// What each representative's vote has lost to those who voted themselves.
    async fn overrides(&mut self, id: ProposalId) -> Result<()> {
        let path = format!("/v1/proposals/{id}/overrides");
        let Some((overrides, block)) = self.list::<Override>(&path).await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let mut lost: BTreeMap<AccountId, Power> = BTreeMap::new();
        for it in overrides {
            let sum = lost.entry(account_id(it.representative)).or_default();
            *sum = sum.saturating_add(it.power.0);
        }
        for (representative, lost) in lost {
            let Receipt { overridden, .. } = self.receipt(&view, id, representative).await?;
            let what = format!("proposal {id}, overridden of {}", account(representative));
            self.compare(what, &block, Amount(lost), Amount(overridden));
        }
        Ok(())
    }
}

/// Rankings in the API's words, in order.
fn shown(rankings: &BTreeMap<Vec<OptionId>, Power>) -> Value {
    rankings.iter().map(|(ranking, power)| json!({ "ranking": ranking, "power": Amount(*power) })).collect()
}
