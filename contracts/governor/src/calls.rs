//! Calls of other contracts. One way for all, for ink!'s call builder makes one for each message and is large; it also
//! drops whether a callee reverted, so that of a message known only as bytes it cannot be told whether it failed.

use ink::scale::Decode;
use interfaces::{AccountId, Balance, governor::Call};

/// Longest answer that is looked at, in bytes: more than any that the governor asks for.
const ANSWER: usize = 128;

/// Makes the call. Whether it succeeded: it neither trapped nor reverted, and an ink! message that returns an error
/// reverts. Whatever it returns besides is not looked at, so it can be as long as the target likes.
pub fn succeeds(call: &Call) -> bool {
    let message = [&call.selector[..], &call.input].concat();
    made(&call.target, &message, call.value, None) == Some(true)
}

/// Asks an ink! contract. Nothing, if it does not answer with what was asked for.
pub fn ask<T: Decode>(target: &AccountId, question: &[u8]) -> Option<T> {
    let mut buffer = [0; ANSWER];
    let mut answer = &mut buffer[..];
    made(target, question, 0, Some(&mut answer))?;
    // A contract that does not know the message says so.
    whole::<Result<T, ink::LangError>>(answer)?.ok()
}

/// What all of `bytes` encodes.
pub fn whole<T: Decode>(mut bytes: &[u8]) -> Option<T> {
    T::decode(&mut bytes).ok().filter(|_| bytes.is_empty())
}

/// Calls another contract, with all the gas there is. The callee, and all that it calls, cannot call back into this
/// contract: no flag allows it to. Answers whether the callee stands by what it did, or undid it; nothing, if it
/// trapped or could not be called.
#[cfg(target_arch = "wasm32")]
fn made(target: &AccountId, message: &[u8], value: Balance, answer: Option<&mut &mut [u8]>) -> Option<bool> {
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
        Err(ReturnErrorCode::CalleeReverted) => Some(false),
        Err(_) => None,
    }
}

/// Off chain there is nobody to call.
#[cfg(not(target_arch = "wasm32"))]
fn made(_: &AccountId, _: &[u8], _: Balance, _: Option<&mut &mut [u8]>) -> Option<bool> {
    None
}
