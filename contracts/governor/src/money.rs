//! Deposits, and what proposals spend.

use crate::governor::{Governor, Period};
use ink::codegen::Env;
use interfaces::{
    Balance, Millis, Moment,
    governor::{GovernorError, Kind, Rules},
    refusal::{OrRefuse, refuse},
};

impl Governor {
    /// Takes in the deposit sent along, if it is the one that the rules ask for.
    pub(crate) fn take_deposit(&mut self, rules: &Rules) -> Balance {
        let deposit = self.env().transferred_value();
        if deposit != rules.deposit {
            refuse(GovernorError::WrongDeposit);
        }
        let held = self.held.get_or_default().checked_add(deposit).or_refuse(GovernorError::Overflow);
        self.held.set(&held);
        deposit
    }

    /// All that the treasury and the governor can pay, together: what one gives to the other is not spent.
    pub(crate) fn purse(&self) -> Balance {
        self.treasury_holds().checked_add(self.env().balance()).or_refuse(GovernorError::Overflow)
    }

    /// What a proposal of this kind spent since there was so much in the `purse`; refuses what is too much by `rules`.
    ///
    /// They are the rules of when its execution began, and not those it was made under: a cap is there to protect the
    /// purse, so one that was lowered binds what was proposed before, and all that is spent within a period is bounded
    /// by one number. Nor are they those that its own calls may have set.
    pub(crate) fn account_for(&mut self, kind: Kind, rules: &Rules, purse: Balance) -> Balance {
        let spent = purse.saturating_sub(self.purse());
        if self.env().balance() < self.held.get_or_default() {
            refuse(GovernorError::SpendCap);
        }
        if spent != 0 {
            let period = period_of(kind, rules.period, self.now());
            let in_period = self.spent.get(period).unwrap_or_default().saturating_add(spent);
            if spent > rules.spend_cap || in_period > rules.period_cap {
                refuse(GovernorError::SpendCap);
            }
            self.spent.insert(period, &in_period);
        }
        spent
    }

    pub(crate) fn spent_at(&self, kind: Kind, moment: Moment) -> Balance {
        self.spent.get(period_of(kind, self.present_rules(kind).period, moment)).unwrap_or_default()
    }
}

/// The period that `moment` is in. Its length belongs to its name: were periods known by their numbers alone, one would
/// be mistaken for another when the length changes.
fn period_of(kind: Kind, length: Millis, moment: Moment) -> Period {
    (kind, length, moment.checked_div(length).unwrap_or_default())
}
