//! The ledger, as the token asks it.

use interfaces::{AccountId, ledger::LedgerError};
#[cfg(not(test))]
use {
    ink::{
        scale::{Decode, Encode},
        selector_bytes,
    },
    interfaces::{Balance, calls, token::Delegation},
};

/// What was done; or why the ledger refused, and nothing if it did not answer.
pub type Done = Result<(), Option<LedgerError>>;

/// The ledger with this account. In tests of the token alone, where no contract can be called, `tests::books` stands in.
pub struct Book(#[cfg_attr(test, expect(dead_code, reason = "in a test there is one for all"))] pub AccountId);

#[cfg(not(test))]
impl Book {
    pub fn serve(&self) -> Done {
        self.order(&selector_bytes!("Ledger::serve"))
    }

    pub fn transfer(&self, from: Option<AccountId>, to: Option<AccountId>, value: Balance) -> Done {
        self.order(&(selector_bytes!("Ledger::transfer"), from, to, value).encode())
    }

    pub fn delegate(&self, delegator: AccountId, delegation: &Delegation) -> Done {
        self.order(&(selector_bytes!("Ledger::delegate"), delegator, delegation).encode())
    }

    pub fn balance(&self, whose: Option<AccountId>) -> Balance {
        self.ask(&(selector_bytes!("Ledger::balance"), whose).encode())
    }

    pub fn delegation(&self, account: AccountId) -> Delegation {
        self.ask(&(selector_bytes!("Ledger::delegation"), account).encode())
    }

    fn order(&self, order: &[u8]) -> Done {
        calls::ask::<Result<(), LedgerError>>(&self.0, order).ok_or(None)?.map_err(Some)
    }

    fn ask<T: Decode>(&self, question: &[u8]) -> T {
        // To say 0 where nothing is known would be a lie.
        calls::ask(&self.0, question).expect("the ledger answers")
    }
}
