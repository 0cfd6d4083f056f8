//! Which proposal's execution an event belongs to.

use super::Event;
use crate::decode::{ContractEvent, ProposalEvent};
use interfaces::ProposalId;
use std::collections::HashMap;

/// For each event of a block, the proposal that is executed next in the same extrinsic, if one is. The governor makes a
/// proposal's calls before it tells of the execution, so whatever only governance can do was ordered by this one. What
/// anybody else can do as well may stand in the same extrinsic by chance.
pub(super) fn by_proposals(events: &[Event]) -> Vec<Option<ProposalId>> {
    let mut next = HashMap::new();
    let mut ordered: Vec<_> = events
        .iter()
        .rev()
        .map(|event| {
            if let Ok(ContractEvent::Proposal(ProposalEvent::ProposalExecuted(executed))) = &event.meaning {
                next.insert(event.extrinsic, executed.proposal);
            }
            next.get(&event.extrinsic).copied()
        })
        .collect();
    ordered.reverse();
    ordered
}
