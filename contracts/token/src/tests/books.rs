//! The ledger's books. No contract can be called here, so they are kept in the test's own storage, by the ledger's own
//! code.

use crate::book::{Book, Done};
use ink::{
    env::{DefaultEnvironment, block_timestamp},
    storage::traits::ManualKey,
};
use interfaces::{AccountId, Balance, Moment, ledger::Standing, token::Delegation};
use ledger::Powers;

fn books() -> Powers<ManualKey<1>> {
    Powers::default()
}

fn now() -> Moment {
    block_timestamp::<DefaultEnvironment>()
}

/// The voting power of an account now.
pub fn votes(account: AccountId) -> Balance {
    books().now(Some(account)).power_at(now())
}

/// The standing of an account at the end of `moment`.
pub fn standing_at(account: AccountId, moment: Moment) -> Standing {
    books().at(Some(account), moment).standing_at(moment)
}

/// The voting power of an account at the end of `moment`.
pub fn votes_at(account: AccountId, moment: Moment) -> Balance {
    standing_at(account, moment).power
}

/// The supply at the end of `moment`.
pub fn supply_at(moment: Moment) -> Balance {
    books().at(None, moment).balance
}

impl Book {
    pub fn serve(&self) -> Done {
        Ok(())
    }

    pub fn transfer(&self, from: Option<AccountId>, to: Option<AccountId>, value: Balance) -> Done {
        books().transfer(from, to, value, now()).map_err(Some)
    }

    pub fn delegate(&self, delegator: AccountId, delegation: &Delegation) -> Done {
        books().delegate(delegator, delegation.clone(), now()).map_err(Some)
    }

    pub fn balance(&self, whose: Option<AccountId>) -> Balance {
        books().now(whose).balance
    }

    pub fn delegation(&self, account: AccountId) -> Delegation {
        books().delegation(account, now())
    }
}
