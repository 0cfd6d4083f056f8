//! Feature flags: what is enforced of them, what they say, and who changed it.

use crate::project::{Origin, Table};
use interfaces::{
    AccountId, ProposalId,
    key::Key,
    settings::{Control, FlagSet, FlagSteered},
};

/// The flags that a batch is about.
#[derive(Debug, Default)]
pub struct Flags {
    /// As they stand.
    pub flags: Table<Key, Flag>,
    /// What is done to them.
    pub history: Vec<FlagRow>,
}

/// A flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What is enforced.
    pub control: Control,
    /// What it says.
    pub body: String,
    /// Where it was last changed.
    pub origin: Origin,
}

/// Something was done to a flag.
#[derive(Debug)]
pub struct FlagRow {
    pub origin: Origin,
    pub key: Key,
    pub action: FlagAction,
    /// What is enforced from then on.
    pub control: Control,
}

/// What can be done to a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlagAction {
    /// Governance has set it.
    Set {
        /// What it says from then on.
        body: String,
        /// The proposal whose execution set it.
        proposal: Option<ProposalId>,
    },
    /// An operator has changed its exposure.
    Expose(AccountId),
    /// An operator has killed it.
    Kill(AccountId),
    /// An operator has revived it.
    Revive(AccountId),
}

impl Flags {
    pub(super) fn set(&mut self, origin: Origin, proposal: Option<ProposalId>, event: FlagSet) {
        let FlagSet { flag: key, control, body } = event;
        let action = FlagAction::Set { body: body.clone(), proposal };
        self.history.push(FlagRow { origin, key: key.clone(), action, control });
        self.flags.put(key, Flag { control, body, origin });
    }

    pub(super) fn steered(&mut self, origin: Origin, event: FlagSteered) -> Result<(), String> {
        let FlagSteered { flag: key, by, control } = event;
        let flag = self.flags.get_mut(&key).ok_or_else(|| format!("there is no flag {}", key.as_str()))?;
        if (control.owner, control.ceiling) != (flag.control.owner, flag.control.ceiling) {
            return Err(format!("an operator changed more of flag {} than its exposure", key.as_str()));
        }
        let action = match (flag.control.killed, control.killed) {
            (false, true) => FlagAction::Kill(by),
            (true, false) => FlagAction::Revive(by),
            (false, false) => FlagAction::Expose(by),
            (true, true) => return Err(format!("flag {} is killed, and was steered", key.as_str())),
        };
        (flag.control, flag.origin) = (control, origin);
        self.history.push(FlagRow { origin, key, action, control });
        Ok(())
    }
}
