//! The only way out.

use crate::treasury::Treasury;
use ink::{codegen::Env, prelude::vec::Vec, scale::Encode, selector_bytes};
use interfaces::{
    AccountId, Balance, calls,
    refusal::{OrRefuse, refuse},
    treasury::{Asset, Budgets, Category, Paid, Payment, TreasuryError},
};

impl Treasury {
    pub(crate) fn pay_at_once(&mut self, payment: Payment) {
        let Payment { category, payee, amount } = payment;
        self.only_payable(payee);
        let asset = self.commit(category, amount);
        self.send(category, asset, payee, amount);
        self.env().emit_event(Paid { category, payee, asset, amount });
    }

    /// Moves to a payee what is neither reserved nor more than there is. All that the treasury stores of it was written
    /// before, for a token runs code of its own.
    #[inline(never)]
    pub(crate) fn send(&self, category: Category, asset: Asset, payee: AccountId, amount: Balance) {
        self.only_unpaused();
        self.only_cleared(category, payee);
        let held = self.held(asset).or_refuse(TreasuryError::TokenFailed);
        // What others are owed is not touched even if a token has taken from the treasury by itself.
        if held.saturating_sub(self.reserved(asset)) < amount {
            refuse(TreasuryError::NotFree);
        }
        match asset {
            // Runs no code of the payee's.
            Asset::Native => self.env().transfer(payee, amount).or_refuse(TreasuryError::TransferFailed),
            Asset::Token(token) => {
                let order = (selector_bytes!("PSP22::transfer"), payee, amount, Vec::<u8>::new()).encode();
                let moved = calls::ask::<Result<(), ()>>(&token, &order) == Some(Ok(()));
                // Tokens may say what they like: what counts is what the treasury has afterwards.
                if !moved || self.held(asset) != held.checked_sub(amount) {
                    refuse(TreasuryError::TokenFailed);
                }
            }
        }
    }
}
