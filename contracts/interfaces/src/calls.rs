//! Calls of other contracts. One way for all, for ink!'s call builder makes one for each message and is large; it also
//! drops whether a callee reverted, so that of a message known only as bytes it cannot be told whether it failed.

use crate::{AccountId, Balance};
use ink::prelude::vec::Vec;
use scale::Decode;

/// Longest answer that is looked at, in bytes. The longest that one of our contracts asks another for is an account's
/// standing with eight representatives.
const ANSWER: usize = 512;

/// Asks an ink! contract. Nothing, if it does not answer with what was asked for.
pub fn ask<T: Decode>(target: &AccountId, question: &[u8]) -> Option<T> {
    // A contract that does not know the message says so with a 1.
    whole(&answer(target, question, &[0])?)
}

/// Asks an ink! contract for what it may refuse. Nothing, if it does, or does not answer with what was asked for.
pub fn granted<T: Decode>(target: &AccountId, question: &[u8]) -> Option<T> {
    whole(&answer(target, question, &[0, 0])?)
}

/// What follows `head` in the answer. Apart from the others, so that it is there once and not for every type.
#[inline(never)]
fn answer(target: &AccountId, question: &[u8], head: &[u8]) -> Option<Vec<u8>> {
    let mut buffer = [0; ANSWER];
    let mut answer = &mut buffer[..];
    made(target, question, 0, Some(&mut answer))?;
    answer.strip_prefix(head).map(Vec::from)
}

/// What all of `bytes` encodes.
pub fn whole<T: Decode>(mut bytes: &[u8]) -> Option<T> {
    T::decode(&mut bytes).ok().filter(|_| bytes.is_empty())
}

/// Calls another contract, with all the gas there is. The callee, and all that it calls, cannot call back into this
/// contract: no flag allows it to. Answers whether the callee stands by what it did, or undid it; nothing, if it
/// trapped or could not be called.
#[cfg(target_arch = "wasm32")]
pub fn made(target: &AccountId, message: &[u8], value: Balance, answer: Option<&mut &mut [u8]>) -> Option<bool> {
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl, ReturnErrorCode};

    let (all_gas, no_deposit_limit) = (0, None);
    let made = HostFnImpl::call_v2(
        CallFlags::empty(),
        target.as_ref(),
        all_gas,
        all_gas,
        no_deposit_limit,
        &value.to_le_bytes(),
        message,
        answer,
    );
    match made {
        Ok(()) => Some(true),
        // What refuses says why.
        Err(ReturnErrorCode::CalleeReverted) => Some(false),
        Err(_) => None,
    }
}

/// Off chain there is nobody to call.
#[cfg(not(target_arch = "wasm32"))]
pub fn made(_: &AccountId, _: &[u8], _: Balance, _: Option<&mut &mut [u8]>) -> Option<bool> {
    None
}
