//! What the governor goes by.

use super::Origin;
use crate::{decode::GovernorEvent, facts::Height};
use interfaces::governor::{Guardian, Kind, Parts, Rules};
use std::collections::HashMap;

/// What a batch changes about it.
#[derive(Debug, Default)]
pub struct Governor {
    /// The rules for new proposals of each kind, and the block in which they were set.
    pub rules: HashMap<Kind, (Rules, Height)>,
    /// The guardian, or that there is none.
    pub guardian: Option<Option<Guardian>>,
    /// How many live proposals one account may have.
    pub live_limit: Option<u32>,
    /// What the governor is made of.
    pub parts: Option<Parts>,
}

impl Governor {
    /// What follows from an event of the governor that is about no proposal.
    pub(super) fn apply(&mut self, origin: Origin, event: GovernorEvent) {
        match event {
            GovernorEvent::Installed(event) => self.parts = Some(event.parts),
            GovernorEvent::RulesSet(event) => {
                self.rules.insert(event.kind, (event.rules, origin.height));
            }
            GovernorEvent::GuardianSet(event) => self.guardian = Some(event.guardian),
            GovernorEvent::LiveLimitSet(event) => self.live_limit = Some(event.limit),
        }
    }
}
