//! The ledger: who holds how many tokens and votes with how much power, now and in the past.
//!
//! A contract apart from the token's, for a vote asks it and every byte of code that it has is paid for with each vote.

use crate::{
    AccountId, Balance, Moment,
    token::{Delegation, Share},
};
use ink::prelude::vec::Vec;

/// What others have delegated to an account.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Received {
    /// By delegations without an end.
    pub lasting: Balance,
    /// By those that end, together for each end, in the order of the ends: at most [`EPOCHS_AHEAD`](crate::token::EPOCHS_AHEAD).
    pub ending: Vec<(Moment, Balance)>,
}

impl Received {
    /// How much of it counts at `moment`.
    pub fn at(&self, moment: Moment) -> Balance {
        let ending = self.ending.iter().filter(|(ends, _)| moment < *ends);
        ending.fold(self.lasting, |sum, (_, amount)| sum.saturating_add(*amount))
    }

    /// Takes `lost` from, and adds `gained` to, what is received until `ends`. Nothing, and then nothing is changed, if
    /// less than `lost` is, or the sum is beyond what can be stored.
    pub fn change(&mut self, ends: Option<Moment>, lost: Balance, gained: Balance) -> Option<()> {
        let changed = |amount: Balance| amount.checked_sub(lost)?.checked_add(gained);
        let Some(ends) = ends else {
            self.lasting = changed(self.lasting)?;
            return Some(());
        };
        let place = self.ending.partition_point(|(other, _)| *other < ends);
        match self.ending.get_mut(place) {
            Some((other, amount)) if *other == ends => *amount = changed(*amount)?,
            _ => self.ending.insert(place, (ends, changed(0)?)),
        }
        self.ending.retain(|(_, amount)| *amount != 0);
        Some(())
    }
}

/// All that an account's voting power follows from. The supply is kept as one too, which delegates and receives nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Holding {
    /// Its tokens.
    pub balance: Balance,
    /// Through whom they vote.
    pub delegation: Delegation,
    /// What it votes with for others.
    pub received: Received,
}

impl Holding {
    /// Its part in a vote at `moment`.
    pub fn standing_at(&self, moment: Moment) -> Standing {
        let mut standing = Standing { power: self.balance.saturating_add(self.received.at(moment)), away: Vec::new() };
        if self.delegation.in_force_at(moment) {
            for Share { to, share } in &self.delegation.shares {
                let part = share.floor_of(self.balance);
                standing.power = standing.power.saturating_sub(part);
                standing.away.push((*to, part));
            }
        }
        standing
    }

    /// Its voting power at `moment`.
    pub fn power_at(&self, moment: Moment) -> Balance {
        self.standing_at(moment).power
    }

    /// Forgets what is over at `now`.
    pub fn settle(&mut self, now: Moment) {
        if !self.delegation.in_force_at(now) {
            self.delegation = Delegation::default();
        }
        self.received.ending.retain(|(ends, _)| now < *ends);
    }
}

/// An account's part in a vote.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Standing {
    /// Its voting power: its tokens without what is delegated away, and what others have delegated to it.
    pub power: Balance,
    /// What each of its representatives has of its tokens, which may be 0; nobody if no delegation is in force.
    pub away: Vec<(AccountId, Balance)>,
}

/// Why a look-up of the past was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum VotesError {
    /// The moment is not strictly before the present block: power could still change within it, and tokens
    /// borrowed for one block could vote.
    NotYetPast,
}

/// Voting power, now and in the past. Holding is enough to vote.
#[ink::trait_definition]
pub trait Votes {
    /// The account's voting power now.
    #[ink(message)]
    fn votes(&self, account: AccountId) -> Balance;

    /// The account's voting power at the end of `moment`.
    #[ink(message)]
    fn votes_at(&self, account: AccountId, moment: Moment) -> Result<Balance, VotesError>;

    /// The account's voting power at the end of `moment`, and what it had delegated away then.
    #[ink(message)]
    fn standing_at(&self, account: AccountId, moment: Moment) -> Result<Standing, VotesError>;

    /// The total supply, and so all voting power, at the end of `moment`.
    #[ink(message)]
    fn supply_at(&self, moment: Moment) -> Result<Balance, VotesError>;
}

/// Why the ledger refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum LedgerError {
    /// The caller is not the token.
    NotToken,
    /// It is kept for another token already.
    AlreadyServing,
    /// The account holds less than that.
    InsufficientBalance,
    /// A number or sum is beyond what can be stored.
    Overflow,
}

/// What the token tells the ledger, and asks it.
#[ink::trait_definition]
pub trait Ledger {
    /// Keeps the ledger for the caller from now on, and for nobody else ever. The token asks for it in its constructor.
    #[ink(message)]
    fn serve(&mut self) -> Result<(), LedgerError>;

    /// Moves `value` that is not 0: out of nothing if from nobody, into nothing if to nobody. Only the token may.
    #[ink(message)]
    fn transfer(&mut self, from: Option<AccountId>, to: Option<AccountId>, value: Balance) -> Result<(), LedgerError>;

    /// Lets an account's tokens vote through representatives, in place of those it had. Only the token may, and it has
    /// [checked](Delegation::check) the delegation.
    #[ink(message)]
    fn delegate(&mut self, delegator: AccountId, delegation: Delegation) -> Result<(), LedgerError>;

    /// An account's tokens now or, if no account is asked for, all tokens.
    #[ink(message)]
    fn balance(&self, whose: Option<AccountId>) -> Balance;

    /// The account's delegation that is in force now.
    #[ink(message)]
    fn delegation(&self, account: AccountId) -> Delegation;

    /// The token that it is kept for; nobody's until one asked.
    #[ink(message)]
    fn token(&self) -> Option<AccountId>;

    /// Who may give the ledger new code.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}
