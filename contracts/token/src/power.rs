//! Voting power: whose tokens vote through whom, now and in the past.
//!
//! Every account's value answers alone for its voting power at any moment, also where a delegation ends between two
//! changes. So a change of a balance or a delegation is carried at once to the representatives, of which there are few;
//! time carries itself.

use history::{Full, Head, History};
use interfaces::{
    AccountId, Balance, Moment,
    token::{Delegation, Holding, Share},
};

/// Whose: an account's, or of all together, which is the supply.
pub type Whose = Option<AccountId>;

/// A number would be less than 0, or beyond what can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfRange;

/// The balances and delegations of all accounts, and the supply. Whatever power a delegator is without, its
/// representatives have, at every moment: all power is the supply.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct Powers {
    history: History<Whose, Holding>,
}

impl Powers {
    /// What there is now.
    pub fn now(&self, whose: Whose) -> Holding {
        self.history.value(whose)
    }

    /// What there was at the end of `moment`.
    pub fn at(&self, whose: Whose, moment: Moment) -> Holding {
        self.history.value_at(whose, moment)
    }

    /// Takes from a balance and gives to it, and lets its representatives have their parts of what it is then.
    ///
    /// # Errors
    /// [`OutOfRange`], and then the balance is as before.
    pub fn change(&mut self, whose: Whose, taken: Balance, given: Balance, now: Moment) -> Result<(), OutOfRange> {
        let mut head = self.open(whose, now)?;
        let before = head.value().balance;
        let after = before.checked_sub(taken).and_then(|left| left.checked_add(given)).ok_or(OutOfRange)?;
        head.value().balance = after;
        self.history.keep(whose, &head);
        self.carry(&head.value().delegation, before, after, now)
    }

    /// Lets an account's tokens vote through representatives, in place of those it had. The delegation is one that
    /// [can be made](Delegation::check), and is given back.
    ///
    /// # Errors
    /// [`OutOfRange`], which cannot happen while no more tokens exist than can be counted.
    pub fn delegate(
        &mut self,
        delegator: AccountId,
        delegation: Delegation,
        now: Moment,
    ) -> Result<Delegation, OutOfRange> {
        let mut head = self.open(Some(delegator), now)?;
        let balance = head.value().balance;
        let before = core::mem::replace(&mut head.value().delegation, delegation);
        self.history.keep(Some(delegator), &head);
        self.carry(&before, balance, 0, now)?;
        let delegation = core::mem::take(&mut head.value().delegation);
        self.carry(&delegation, 0, balance, now)?;
        Ok(delegation)
    }

    /// Moves what representatives have of a balance, when that changes. One account after the other is read, changed and
    /// kept, for a representative may be the very account whose change this follows from, or that is changed next.
    fn carry(
        &mut self,
        delegation: &Delegation,
        before: Balance,
        after: Balance,
        now: Moment,
    ) -> Result<(), OutOfRange> {
        for Share { to, share } in &delegation.shares {
            let (lost, gained) = (share.floor_of(before), share.floor_of(after));
            if lost != gained {
                let mut head = self.open(Some(*to), now)?;
                head.value().received.change(delegation.ends, lost, gained).ok_or(OutOfRange)?;
                self.history.keep(Some(*to), &head);
            }
        }
        Ok(())
    }

    /// What there is now, to be changed, without what is over.
    fn open(&mut self, whose: Whose, now: Moment) -> Result<Head<Holding>, OutOfRange> {
        let mut head = self.history.open(whose, now)?;
        head.value().settle(now);
        Ok(head)
    }
}

impl From<Full> for OutOfRange {
    fn from(Full: Full) -> Self {
        Self
    }
}
