//! The contracts' messages, typed: selector and arguments going out, the return type coming back.
//!
//! A selector is the first four bytes of BLAKE2b-256 of `Trait::message`; the traits in `interfaces` fix both names.

use crate::blake2_256;
use ink::primitives::MessageResult;
use scale::{Decode, Encode};
use std::{fmt, marker::PhantomData};

pub mod constructors;
pub mod governor;
pub mod ledger;
pub mod polls;
pub mod rankings;
pub mod registry;
pub mod relay;
pub mod settings;
pub mod token;
pub mod treasury;
pub mod upgrade;

/// A message ready to be sent to a contract, whose answer decodes as `R`.
#[derive(Debug, Clone)]
pub struct Message<R> {
    /// `Trait::message`, for error texts.
    pub name: &'static str,
    /// Selector and encoded arguments.
    pub data: Vec<u8>,
    /// Native currency sent along.
    pub value: u128,
    returns: PhantomData<fn() -> R>,
}

/// What a message that can be refused answers; a `Result`, so that one path serves all of them.
pub trait Answer: Decode {
    /// What it answers when it was done.
    type Done;

    /// The answer, or the refusal in words and by name.
    ///
    /// # Errors
    /// The contract's own error.
    fn into_done(self) -> Result<Self::Done, (String, String)>;
}

impl<T: Decode, E: Decode + fmt::Display + fmt::Debug> Answer for Result<T, E> {
    type Done = T;

    fn into_done(self) -> Result<T, (String, String)> {
        self.map_err(|error| (error.to_string(), format!("{error:?}")))
    }
}

/// A message that cannot be refused.
impl Answer for () {
    type Done = ();

    fn into_done(self) -> Result<(), (String, String)> {
        Ok(())
    }
}

impl<R: Decode> Message<R> {
    fn new(name: &'static str, arguments: impl Encode) -> Self {
        let mut data = selector(name).to_vec();
        arguments.encode_to(&mut data);
        Self { name, data, value: 0, returns: PhantomData }
    }

    /// The same with native currency sent along.
    #[must_use]
    pub fn paying(self, value: u128) -> Self {
        Self { value, ..self }
    }

    /// Selector alone.
    pub fn selector(&self) -> [u8; 4] {
        let mut selector = [0; 4];
        selector.copy_from_slice(&self.data[..4]);
        selector
    }

    /// Encoded arguments alone.
    pub fn arguments(&self) -> &[u8] {
        &self.data[4..]
    }

    /// The answer in the bytes that the contract returned; `None` if they are no answer to this message. A contract
    /// that does not know the selector answers with ink!'s `LangError`, given as `Some(None)`.
    pub(crate) fn decode(&self, mut bytes: &[u8]) -> Option<Option<R>> {
        MessageResult::<R>::decode(&mut bytes).ok().filter(|_| bytes.is_empty()).map(Result::ok)
    }
}

fn selector(name: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = blake2_256(name.as_bytes());
    [a, b, c, d]
}

/// A function for each message of a trait: its name and arguments, and what it answers.
macro_rules! messages {
    ($trait:ident { $(
        $(#[$doc:meta])*
        $name:ident($($argument:ident: $type:ty),*) $(-> $answer:ty)?;
    )* }) => { $(
        $(#[$doc])*
        pub fn $name($($argument: $type),*) -> $crate::Message<messages!(@answer $($answer)?)> {
            $crate::Message::new(concat!(stringify!($trait), "::", stringify!($name)), ($($argument,)*))
        }
    )* };
    (@answer) => { () };
    (@answer $answer:ty) => { $answer };
}
use messages;

/// The message of the `baseline` fixture, which costs what a vote must cost at least.
pub fn baseline_vote(proposal: interfaces::ProposalId, support: ballot::Support) -> Message<()> {
    Message::new("vote", (proposal, support))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_those_of_the_contracts() {
        assert_eq!(treasury::balance().selector(), ink::selector_bytes!("Treasury::balance"));
        // That of the PSP22 standard.
        assert_eq!(token::total_supply().selector(), [0x16, 0x2d, 0xf8, 0xc2]);
    }

    #[test]
    fn arguments_follow_the_selector() {
        assert_eq!(governor::queue(7).arguments(), 7u32.encode());
        assert_eq!(governor::submit(7).paying(5).value, 5);
    }
}
