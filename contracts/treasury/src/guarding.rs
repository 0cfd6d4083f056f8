//! Who may do what, and who may be paid.

use crate::treasury::Treasury;
use ink::{codegen::Env, scale::Encode, selector_bytes};
use interfaces::{
    AccountId, Leaf, Moment, calls,
    governor::Guardian,
    refusal::{OrRefuse, refuse},
    treasury::{Category, Paused, TreasuryError},
};

impl Treasury {
    pub(crate) fn now(&self) -> Moment {
        self.env().block_timestamp()
    }

    pub(crate) fn is_governed(&self) -> bool {
        self.governor.get() == Some(self.env().caller())
    }

    pub(crate) fn only_governor(&self) {
        if !self.is_governed() {
            refuse(TreasuryError::NotGovernor);
        }
    }

    /// For messages that let money out.
    pub(crate) fn only_unpaused(&self) {
        if self.paused.get_or_default() {
            refuse(TreasuryError::Paused);
        }
    }

    pub(crate) fn pause_as_guardian(&mut self) {
        let (caller, now) = (self.env().caller(), self.now());
        let governor = self.governor.get().or_refuse(TreasuryError::NotGuardian);
        // A governor that does not answer has no guardian.
        let guardian = calls::ask::<Option<Guardian>>(&governor, &selector_bytes!("Governor::guardian")).flatten();
        if !guardian.is_some_and(|guardian| guardian.account == caller && now <= guardian.until) {
            refuse(TreasuryError::NotGuardian);
        }
        self.only_unpaused();
        self.paused.set(&true);
        self.env().emit_event(Paused { guardian: caller });
    }

    pub(crate) fn end_pause(&mut self) {
        if !self.paused.get_or_default() {
            refuse(TreasuryError::NotPaused);
        }
        self.paused.set(&false);
    }

    /// Of whom nobody could want that they are paid: what went to the treasury itself would be a payment that moved nothing.
    pub(crate) fn only_payable(&self, payee: AccountId) {
        if payee == self.env().account_id() || payee == AccountId::from([0; 32]) {
            refuse(TreasuryError::BadPayee);
        }
    }

    /// Refuses a payee who is not cleared as the category's budget asks now, whatever it asked when the money was
    /// committed: who must not be paid any more is not.
    pub(crate) fn only_cleared(&self, category: Category, payee: AccountId) {
        let Leaf(allotment) = self.budgets.get(category).or_refuse(TreasuryError::UnknownCategory);
        if let Some(tier) = allotment.budget.tier {
            let registry = self.registry.get().or_refuse(TreasuryError::RegistryFailed);
            let question = (selector_bytes!("Attestations::is_cleared"), payee, tier).encode();
            if !calls::ask::<bool>(&registry, &question).or_refuse(TreasuryError::RegistryFailed) {
                refuse(TreasuryError::NotCleared);
            }
        }
    }
}
