//! Messages of the ledger.

use super::messages;
use interfaces::{
    AccountId, Balance, Moment,
    ledger::{Standing, VotesError},
    token::Delegation,
};

type Outcome<T> = Result<T, VotesError>;

messages!(Votes {
    /// An account's voting power now.
    votes(account: AccountId) -> Balance;
    /// An account's voting power at the end of a moment.
    votes_at(account: AccountId, moment: Moment) -> Outcome<Balance>;
    /// An account's voting power, and what it had delegated away, at the end of a moment.
    standing_at(account: AccountId, moment: Moment) -> Outcome<Standing>;
    /// All voting power at the end of a moment.
    supply_at(moment: Moment) -> Outcome<Balance>;
});

messages!(Ledger {
    /// An account's tokens now, or all.
    balance(whose: Option<AccountId>) -> Balance;
    /// An account's delegation now.
    delegation(account: AccountId) -> Delegation;
    /// The token that it is kept for.
    token() -> Option<AccountId>;
    /// Who may give it new code.
    governor() -> AccountId;
});
