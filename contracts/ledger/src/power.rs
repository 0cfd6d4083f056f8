//! Voting power: whose tokens vote through whom, now and in the past.
//!
//! Every account's value answers alone for its voting power at any moment, also where a delegation ends between two
//! changes. So a change of a balance or a delegation is carried at once to the representatives, of which there are few;
//! time carries itself.

use history::{Full, Head, History};
use ink::storage::traits::{AutoKey, StorageKey};
use interfaces::{
    AccountId, Balance, Moment,
    ledger::{Holding, LedgerError},
    token::{Delegation, Share},
};

/// Whose: an account's, or of all together, which is the supply.
pub type Whose = Option<AccountId>;

/// The balances and delegations of all accounts, and the supply. Whatever power a delegator is without, its
/// representatives have, at every moment: all power is the supply.
#[derive(Debug)]
#[ink::storage_item]
pub struct Powers<Key: StorageKey = AutoKey> {
    history: History<Whose, Holding>,
}

impl<Key: StorageKey> Default for Powers<Key> {
    fn default() -> Self {
        Self { history: History::default() }
    }
}

impl<Key: StorageKey> Powers<Key> {
    /// What there is now.
    pub fn now(&self, whose: Whose) -> Holding {
        self.history.value(whose)
    }

    /// What there was at the end of `moment`.
    pub fn at(&self, whose: Whose, moment: Moment) -> Holding {
        self.history.value_at(whose, moment)
    }

    /// An account's delegation that is in force at `now`.
    pub fn delegation(&self, whose: AccountId, now: Moment) -> Delegation {
        let mut holding = self.now(Some(whose));
        holding.settle(now);
        holding.delegation
    }

    /// Moves tokens that are not 0: out of nothing if from nobody, into nothing if to nobody.
    ///
    /// # Errors
    /// [`LedgerError::InsufficientBalance`], [`LedgerError::Overflow`].
    pub fn transfer(&mut self, from: Whose, to: Whose, value: Balance, now: Moment) -> Result<(), LedgerError> {
        if from.is_some() {
            self.change(from, value, 0, now).map_err(|_| LedgerError::InsufficientBalance)?;
        } else {
            // Before anyone is given more than can be counted.
            self.change(None, 0, value, now)?;
        }
        let (taken, given) = if to.is_some() { (0, value) } else { (value, 0) };
        self.change(to, taken, given, now)
    }

    /// Takes from a balance and gives to it, and lets its representatives have their parts of what it is then. If that
    /// cannot be, the balance is as before.
    fn change(&mut self, whose: Whose, taken: Balance, given: Balance, now: Moment) -> Result<(), LedgerError> {
        let mut head = self.open(whose, now)?;
        let before = head.value().balance;
        let after = before.checked_sub(taken).and_then(|left| left.checked_add(given)).ok_or(LedgerError::Overflow)?;
        head.value().balance = after;
        self.history.keep(whose, &head);
        self.carry(&head.value().delegation, before, after, now)
    }

    /// Lets an account's tokens vote through representatives, in place of those it had. The delegation is one that
    /// [can be made](Delegation::check).
    ///
    /// # Errors
    /// [`LedgerError::Overflow`], which cannot happen while no more tokens exist than can be counted.
    pub fn delegate(&mut self, delegator: AccountId, delegation: Delegation, now: Moment) -> Result<(), LedgerError> {
        let mut head = self.open(Some(delegator), now)?;
        let balance = head.value().balance;
        let before = core::mem::replace(&mut head.value().delegation, delegation);
        self.history.keep(Some(delegator), &head);
        self.carry(&before, balance, 0, now)?;
        self.carry(&head.value().delegation, 0, balance, now)
    }

    /// Moves what representatives have of a balance, when that changes. One account after the other is read, changed and
    /// kept, for a representative may be the very account whose change this follows from, or that is changed next.
    fn carry(
        &mut self,
        delegation: &Delegation,
        before: Balance,
        after: Balance,
        now: Moment,
    ) -> Result<(), LedgerError> {
        for Share { to, share } in &delegation.shares {
            let (lost, gained) = (share.floor_of(before), share.floor_of(after));
            if lost != gained {
                let mut head = self.open(Some(*to), now)?;
                head.value().received.change(delegation.ends, lost, gained).ok_or(LedgerError::Overflow)?;
                self.history.keep(Some(*to), &head);
            }
        }
        Ok(())
    }

    /// What there is now, to be changed, without what is over.
    fn open(&mut self, whose: Whose, now: Moment) -> Result<Head<Holding>, LedgerError> {
        let mut head = self.history.open(whose, now).map_err(|Full| LedgerError::Overflow)?;
        head.value().settle(now);
        Ok(head)
    }
}
