//! Tokens, and whose voting power they are.
//!
//! Of an account's power only the sum is kept: whatever changes an account's tokens or its delegation moves power by the
//! difference, and so does the moment at which a delegation ends by itself.

use super::{Origin, Table};
use crate::{decode::TokenEvent, facts::Height};
use interfaces::{
    AccountId, Balance, Moment,
    ledger::{Holding, Received, Standing},
    token::{Delegation, DelegationChanged, Transfer},
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that a batch is about.
#[derive(Debug, Default)]
pub struct Accounts {
    /// An account that is missing holds nothing.
    pub accounts: Table<AccountId, Account>,
    /// The delegations in force, by delegator.
    pub delegations: Table<AccountId, Delegated>,
    /// When which of them end.
    ending: BTreeSet<(Moment, AccountId)>,
    /// The token's latest supply.
    supply: Balance,
    /// The supply from each moment of the batch at which it changed.
    pub supplies: BTreeMap<Moment, Balance>,
    /// New transfers.
    pub transfers: Vec<TransferRow>,
}

/// What an account has.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its tokens.
    pub balance: Balance,
    /// What it votes with: its tokens without what is delegated away, and what others have delegated to it.
    pub power: Balance,
    /// Block of the last change.
    pub height: Height,
}

/// Through whom an account's tokens vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegated {
    /// How it delegated.
    pub delegation: Delegation,
    /// In which block.
    pub height: Height,
}

/// Tokens moved.
#[derive(Debug)]
pub struct TransferRow {
    pub origin: Origin,
    pub from: Option<AccountId>,
    pub to: Option<AccountId>,
    pub value: Balance,
}

impl Accounts {
    /// What was known before a batch: delegations with their delegators' and representatives' accounts, and the supply.
    pub fn known(
        accounts: Table<AccountId, Account>,
        delegations: Table<AccountId, Delegated>,
        supply: Balance,
    ) -> Self {
        let ends = delegations.iter().filter_map(|(delegator, it)| Some((it.delegation.ends?, *delegator)));
        Self { ending: ends.collect(), accounts, delegations, supply, ..Self::default() }
    }

    /// What follows from an event of the token.
    pub(super) fn apply(&mut self, origin: Origin, event: TokenEvent) -> Result<(), String> {
        match event {
            TokenEvent::Transfer(event) => self.transfer(origin, event),
            // Allowances are not mirrored.
            TokenEvent::Approval(_) => Ok(()),
            TokenEvent::DelegationChanged(DelegationChanged { delegator, shares, ends }) => {
                self.delegate(delegator, Delegation { shares, ends }, origin.height)
            }
        }
    }

    /// Ends every delegation that no longer counts at `now`.
    pub(super) fn end_due(&mut self, now: Moment, height: Height) -> Result<(), String> {
        while let Some((_, delegator)) = self.ending.first().copied().filter(|(ends, _)| *ends <= now) {
            self.delegate(delegator, Delegation::default(), height)?;
        }
        Ok(())
    }

    fn transfer(&mut self, origin: Origin, event: Transfer) -> Result<(), String> {
        let Transfer { from, to, value } = event;
        if let Some(from) = from {
            let left = self.account(from).balance.checked_sub(value);
            self.set_balance(from, left.ok_or("more tokens left an account than it held")?, origin.height)?;
        }
        if let Some(to) = to {
            let sum = self.account(to).balance.checked_add(value);
            self.set_balance(to, sum.ok_or("an account's tokens exceed what can be counted")?, origin.height)?;
        }
        let supply = match (from, to) {
            (None, Some(_)) => self.supply.checked_add(value).ok_or("the supply exceeds what can be counted")?,
            (Some(_), None) => self.supply.checked_sub(value).ok_or("more tokens were burnt than there are")?,
            _ => self.supply,
        };
        if supply != self.supply {
            self.supply = supply;
            self.supplies.insert(origin.moment, supply);
        }
        self.transfers.push(TransferRow { origin, from, to, value });
        Ok(())
    }

    fn set_balance(&mut self, whose: AccountId, balance: Balance, height: Height) -> Result<(), String> {
        let delegation = self.delegation(&whose);
        let before = powers(whose, self.account(whose).balance, &delegation);
        self.accounts.put(whose, Account { balance, height, ..self.account(whose) });
        self.move_power(&before, &powers(whose, balance, &delegation), height)
    }

    fn delegate(&mut self, delegator: AccountId, delegation: Delegation, height: Height) -> Result<(), String> {
        let balance = self.account(delegator).balance;
        let before = self.delegation(&delegator);
        if let Some(ends) = before.ends {
            self.ending.remove(&(ends, delegator));
        }
        let (before, after) = (powers(delegator, balance, &before), powers(delegator, balance, &delegation));
        if delegation.shares.is_empty() {
            // Whatever its end: there is nothing that could end.
            self.delegations.remove(delegator);
        } else {
            self.ending.extend(delegation.ends.map(|ends| (ends, delegator)));
            self.delegations.put(delegator, Delegated { delegation, height });
        }
        self.move_power(&before, &after, height)
    }

    fn move_power(&mut self, before: &Powers, after: &Powers, height: Height) -> Result<(), String> {
        let accounts: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for account in accounts {
            let of = |powers: &Powers| powers.get(account).copied().unwrap_or_default();
            let (lost, gained) = (of(before), of(after));
            if lost != gained {
                let known = self.account(*account);
                let power = known.power.checked_sub(lost).and_then(|power| power.checked_add(gained));
                let power = power.ok_or("an account's power would be less than 0, or more than can be counted")?;
                self.accounts.put(*account, Account { power, height, ..known });
            }
        }
        Ok(())
    }

    fn account(&self, account: AccountId) -> Account {
        self.accounts.get(&account).copied().unwrap_or_default()
    }

    fn delegation(&self, delegator: &AccountId) -> Delegation {
        self.delegations.get(delegator).map(|it| it.delegation.clone()).unwrap_or_default()
    }
}

type Powers = BTreeMap<AccountId, Balance>;

/// Whose power an account's tokens are while it delegates like this.
fn powers(whose: AccountId, balance: Balance, delegation: &Delegation) -> Powers {
    let holding = Holding { balance, delegation: delegation.clone(), received: Received::default() };
    // Whatever its end, at the beginning of time it has not come.
    let Standing { power, away } = holding.standing_at(Moment::MIN);
    away.into_iter().chain([(whose, power)]).collect()
}
