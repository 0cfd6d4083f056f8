//! Messages of the treasury.

use super::messages;
use interfaces::{AccountId, Balance, treasury::TreasuryError};

messages!(Treasury {
    /// Pays; only the governor may.
    pay(payee: AccountId, amount: Balance) -> Result<(), TreasuryError>;
    /// Takes in what is sent along.
    deposit();
    /// The native currency the treasury can pay.
    balance() -> Balance;
    /// Whose orders it follows.
    governor() -> AccountId;
});
