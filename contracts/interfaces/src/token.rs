//! The governance token: PSP22 whose tokens vote, through representatives if their holder wants. What everybody holds
//! and has delegated is kept by the [ledger](crate::ledger).

use crate::{AccountId, Balance, Hash, Millis, Moment, signed::Text};
use ballot::BasisPoints;
use ink::prelude::{string::String, vec::Vec};

/// Why a PSP22 message was refused. Variants, names and order are the standard's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PSP22Error {
    /// A reason outside the standard, in words.
    Custom(String),
    /// The account holds less than it would send.
    InsufficientBalance,
    /// The spender was approved for less than it would send.
    InsufficientAllowance,
    /// The recipient is the zero account.
    ZeroRecipientAddress,
    /// The sender is the zero account.
    ZeroSenderAddress,
    /// The recipient contract refused the tokens.
    SafeTransferCheckFailed(String),
}

/// PSP22, the fungible token standard of ink! contracts (w3f/PSPs, PSP-22): the selectors are those of the standard.
#[ink::trait_definition]
pub trait PSP22 {
    /// All tokens in existence.
    #[ink(message)]
    fn total_supply(&self) -> Balance;

    /// What `owner` holds.
    #[ink(message)]
    fn balance_of(&self, owner: AccountId) -> Balance;

    /// What `spender` may still send from `owner`'s tokens.
    #[ink(message)]
    fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance;

    /// Sends `value` of the caller's tokens to `to`. `data` is handed to no one and may be empty.
    #[ink(message)]
    fn transfer(&mut self, to: AccountId, value: Balance, data: Vec<u8>) -> Result<(), PSP22Error>;

    /// Sends `value` of `from`'s tokens to `to`, within the caller's allowance.
    #[ink(message)]
    fn transfer_from(
        &mut self,
        from: AccountId,
        to: AccountId,
        value: Balance,
        data: Vec<u8>,
    ) -> Result<(), PSP22Error>;

    /// Lets `spender` send up to `value` of the caller's tokens, whatever was allowed before.
    #[ink(message)]
    fn approve(&mut self, spender: AccountId, value: Balance) -> Result<(), PSP22Error>;

    /// Adds to what `spender` may send.
    #[ink(message)]
    fn increase_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error>;

    /// Takes from what `spender` may send.
    #[ink(message)]
    fn decrease_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error>;
}

/// PSP22Metadata: how wallets show the token.
#[ink::trait_definition]
pub trait PSP22Metadata {
    /// The token's name.
    #[ink(message)]
    fn token_name(&self) -> Option<String>;

    /// The token's symbol.
    #[ink(message)]
    fn token_symbol(&self) -> Option<String>;

    /// Number of decimals between a base unit and a whole token.
    #[ink(message)]
    fn token_decimals(&self) -> u8;
}

/// PSP22Burnable, of which only this half is wanted: nobody can mint.
#[ink::trait_definition]
pub trait PSP22Burnable {
    /// Destroys `value` of the caller's tokens. They leave the supply, and all voting power.
    #[ink(message)]
    fn burn(&mut self, value: Balance) -> Result<(), PSP22Error>;
}

/// Most representatives that one account can have at a time.
pub const REPRESENTATIVES: usize = 8;

/// One week. A delegation that ends does so at a multiple of this since the Unix epoch, so that what one account has
/// received ends at few different moments, however many gave it.
pub const EPOCH: Millis = 604_800_000;

/// How many epochs ahead a delegation can end.
pub const EPOCHS_AHEAD: u64 = 52;

/// The share of an account's tokens that votes through a representative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Share {
    /// The representative.
    pub to: AccountId,
    /// How much of the tokens, whatever their number is at the time, rounded down; more than 0.
    pub share: BasisPoints,
}

/// Through whom an account's tokens vote. What is left of the whole stays with the account, and so does all that
/// others have delegated to it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Delegation {
    /// The representatives, each once: at most [`REPRESENTATIVES`], with at most the whole together.
    pub shares: Vec<Share>,
    /// It counts at moments strictly before this; without it, until revoked.
    pub ends: Option<Moment>,
}

impl Delegation {
    /// Whether it counts at `moment`.
    pub fn in_force_at(&self, moment: Moment) -> bool {
        self.ends.is_none_or(|ends| moment < ends)
    }

    /// Whether `delegator` can delegate like this at `now`.
    ///
    /// # Errors
    /// The first of the rules of [`Delegating::delegate`] that is broken.
    pub fn check(&self, delegator: AccountId, now: Moment) -> Result<(), DelegationError> {
        if self.shares.len() > REPRESENTATIVES {
            return Err(DelegationError::TooManyShares);
        }
        let mut whole: u16 = 0;
        for (number, Share { to, share }) in self.shares.iter().enumerate() {
            if *to == delegator {
                return Err(DelegationError::ToOneself);
            }
            if *to == AccountId::from([0; 32]) {
                return Err(DelegationError::ToNobody);
            }
            if share.get() == 0 {
                return Err(DelegationError::EmptyShare);
            }
            if self.shares.iter().take(number).any(|earlier| earlier.to == *to) {
                return Err(DelegationError::NamedTwice);
            }
            whole = whole.saturating_add(share.get());
        }
        if whole > BasisPoints::WHOLE {
            return Err(DelegationError::OverTheWhole);
        }
        match self.ends {
            Some(ends) if ends <= now => Err(DelegationError::EndsInPast),
            Some(ends) if ends.saturating_sub(now) > EPOCHS_AHEAD.saturating_mul(EPOCH) => {
                Err(DelegationError::EndsTooLate)
            }
            Some(ends) if !ends.is_multiple_of(EPOCH) => Err(DelegationError::EndsWithinEpoch),
            _ => Ok(()),
        }
    }
}

/// A delegation that its delegator signed, for anyone to send by the [relay](crate::relay).
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct SignedDelegation {
    /// Whose tokens.
    pub delegator: AccountId,
    /// To whom; nobody revokes.
    pub shares: Vec<Share>,
    /// Until when.
    pub ends: Option<Moment>,
    /// How many signed delegations of this delegator were taken before.
    pub nonce: u64,
    /// The last moment at which it can be sent.
    pub deadline: Moment,
}

impl SignedDelegation {
    /// What the delegator signs, for the token at `contract` on the chain whose genesis block has the hash `chain`.
    pub fn text(&self, chain: &Hash, contract: &AccountId) -> Text {
        let mut text = Text::new("Gaia delegation");
        text.hex("chain", chain.as_ref());
        text.hex("contract", contract.as_ref());
        text.hex("from", self.delegator.as_ref());
        for Share { to, share } in &self.shares {
            text.hex("to", to.as_ref());
            text.number("share", share.get().into());
        }
        if let Some(ends) = self.ends {
            text.number("ends", ends.into());
        }
        text.number("nonce", self.nonce.into());
        text.number("until", self.deadline.into());
        text
    }
}

/// Why a delegation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum DelegationError {
    /// It has more than [`REPRESENTATIVES`] shares.
    TooManyShares,
    /// A share is 0.
    EmptyShare,
    /// A share is the delegator's own; what is not delegated is its own anyway.
    ToOneself,
    /// A representative is the zero account.
    ToNobody,
    /// A representative is named twice.
    NamedTwice,
    /// The shares together are more than the whole.
    OverTheWhole,
    /// It would end now or earlier.
    EndsInPast,
    /// It would end more than [`EPOCHS_AHEAD`] epochs ahead.
    EndsTooLate,
    /// It would end at no multiple of [`EPOCH`].
    EndsWithinEpoch,
    /// The signed delegation came after its deadline.
    DeadlinePassed,
    /// The signed delegation's nonce is not the delegator's next one.
    WrongNonce,
    /// The signature is not the delegator's for this delegation, token and chain.
    WrongSignature,
    /// A number or sum is beyond what can be stored.
    Overflow,
    /// The ledger did not answer.
    LedgerFailed,
    /// The caller is not the relay.
    NotRelay,
    /// The token did not answer the relay.
    TokenFailed,
}

/// Voting through representatives.
#[ink::trait_definition]
pub trait Delegating {
    /// Lets the caller's tokens, as many as they are at any time, vote through representatives until `ends`, in place of
    /// whatever it had delegated before. No shares revoke.
    ///
    /// The representatives are at most [`REPRESENTATIVES`], each once, none of them the caller or the zero account, and
    /// each has a share of more than 0. An end is a multiple of [`EPOCH`], in the future, and at most [`EPOCHS_AHEAD`]
    /// epochs ahead.
    #[ink(message)]
    fn delegate(&mut self, shares: Vec<Share>, ends: Option<Moment>) -> Result<(), DelegationError>;

    /// The same for an account that signed it, as its delegation with this nonce. Only the relay may.
    #[ink(message)]
    fn delegate_for(
        &mut self,
        delegator: AccountId,
        shares: Vec<Share>,
        ends: Option<Moment>,
        nonce: u64,
    ) -> Result<(), DelegationError>;

    /// The account's delegation that is in force now.
    #[ink(message)]
    fn delegation(&self, account: AccountId) -> Delegation;

    /// The nonce of the next delegation that the account signs.
    #[ink(message)]
    fn nonce(&self, account: AccountId) -> u64;

    /// Who has seen that a delegation was signed: the only account that may delegate for others.
    #[ink(message)]
    fn relay(&self) -> AccountId;

    /// Who keeps what everybody holds and has delegated, and answers for everybody's voting power.
    #[ink(message)]
    fn ledger(&self) -> AccountId;

    /// Who may give the token new code.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}

/// An account delegated; with no shares, it revoked.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationChanged {
    /// Whose tokens.
    #[ink(topic)]
    pub delegator: AccountId,
    /// To whom.
    pub shares: Vec<Share>,
    /// Until when.
    pub ends: Option<Moment>,
}

/// Tokens moved; minted where `from` is nobody, burnt where `to` is nobody.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Who sent.
    #[ink(topic)]
    pub from: Option<AccountId>,
    /// Who received.
    #[ink(topic)]
    pub to: Option<AccountId>,
    /// How much.
    pub value: Balance,
}

/// An allowance was set.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Whose tokens.
    #[ink(topic)]
    pub owner: AccountId,
    /// Who may send them.
    #[ink(topic)]
    pub spender: AccountId,
    /// Up to how many, from now on.
    pub amount: Balance,
}
