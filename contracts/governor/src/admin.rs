//! How the governor changes itself: by a proposal's calls to its own account.
//!
//! They are not made as calls, for the governor cannot be entered while it executes. It reads them as the messages they
//! name and does what those would; the messages themselves refuse everybody.

use crate::{checks, governor::Governor};
use ink::{codegen::Env, selector_bytes};
use interfaces::{
    AccountId, Hash, Leaf,
    calls::whole,
    governor::{Call, GovernorError, Guardian, GuardianSet, Kind, LiveLimitSet, PinnedCall, Rules, RulesSet},
    refusal::{OrRefuse, refuse},
    upgrade,
};

/// The message by which a contract of ours is given new code.
pub const UPGRADE: [u8; 4] = selector_bytes!("Upgradable::upgrade");

const SET_RULES: [u8; 4] = selector_bytes!("Governor::set_rules");
const SET_GUARDIAN: [u8; 4] = selector_bytes!("Governor::set_guardian");
const SET_LIVE_LIMIT: [u8; 4] = selector_bytes!("Governor::set_live_limit");

/// The messages that are the governor's alone to send: a proposal that sent them could stop others, or take the place
/// of those to come.
pub const RESERVED: [[u8; 4]; 2] = [selector_bytes!("Polls::open"), selector_bytes!("Polls::stop")];

/// The messages by which contracts of ours take settings from governance, or say who may vote, be paid, sign, hold which
/// office, or spend how much. Some of them are the governor's only if it was made an attestor or officer itself.
pub const SETTINGS: [[u8; 4]; 17] = [
    SET_RULES,
    SET_GUARDIAN,
    SET_LIVE_LIMIT,
    selector_bytes!("Attestors::accredit"),
    selector_bytes!("Attestors::disaccredit"),
    selector_bytes!("Identities::attest"),
    selector_bytes!("Identities::renew"),
    selector_bytes!("Identities::revoke"),
    selector_bytes!("Identities::detach"),
    selector_bytes!("Freezing::freeze"),
    selector_bytes!("Freezing::unfreeze"),
    selector_bytes!("Roles::grant_role"),
    selector_bytes!("Roles::revoke_role"),
    selector_bytes!("Keys::publish_key"),
    selector_bytes!("Keys::revoke_key"),
    selector_bytes!("Budgets::set_budget"),
    selector_bytes!("Signing::set_signers"),
];

/// Whether this is the governor's order to itself to run other code.
pub fn is_own_upgrade(call: &Call, governor: &AccountId) -> bool {
    call.target == *governor && call.selector == UPGRADE
}

/// The code that the last of these calls to upgrade `target` names.
pub fn upgraded_to(calls: &[PinnedCall], target: &AccountId) -> Option<Hash> {
    let mut latest_first = calls.iter().rev().map(|pinned| &pinned.call);
    latest_first.find(|call| call.target == *target && call.selector == UPGRADE).and_then(|call| whole(&call.input))
}

impl Governor {
    /// Does what a call of the governor to itself says. Whether it could be done.
    pub(crate) fn change(&mut self, call: &Call) -> bool {
        call.value == 0 && self.change_by(call.selector, &call.input).is_some()
    }

    fn change_by(&mut self, selector: [u8; 4], input: &[u8]) -> Option<()> {
        match selector {
            SET_RULES => {
                let (kind, rules) = whole(input)?;
                self.change_rules(kind, rules).ok()
            }
            SET_GUARDIAN => {
                self.change_guardian(whole(input)?);
                Some(())
            }
            SET_LIVE_LIMIT => self.change_live_limit(whole(input)?).ok(),
            _ => None,
        }
    }

    pub(crate) fn change_rules(&mut self, kind: Kind, rules: Rules) -> Result<(), GovernorError> {
        checks::rules(&rules, self.now())?;
        self.rules.insert(kind, &Leaf(rules));
        self.env().emit_event(RulesSet { kind, rules });
        Ok(())
    }

    pub(crate) fn change_guardian(&mut self, guardian: Option<Guardian>) {
        self.guardian.set(&Leaf(guardian));
        self.env().emit_event(GuardianSet { guardian });
    }

    pub(crate) fn change_live_limit(&mut self, limit: u32) -> Result<(), GovernorError> {
        if limit == 0 {
            return Err(GovernorError::BadRules);
        }
        self.live_limit.set(&limit);
        self.env().emit_event(LiveLimitSet { limit });
        Ok(())
    }

    /// Runs the code that this order names from the next message on. Nothing may be read or written after it: what is
    /// stored is the new code's by then.
    pub(crate) fn change_code(&mut self, order: &PinnedCall, number: u8) {
        self.check_code(order);
        let code_hash = whole(&order.call.input).filter(|_| order.call.value == 0);
        let code_hash = code_hash.or_refuse(GovernorError::CallFailed(number));
        if let Err(error) = upgrade::adopt(true, code_hash) {
            refuse(GovernorError::Upgrade(error));
        }
    }
}
