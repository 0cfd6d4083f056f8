//! Calls whose message and arguments are known only as bytes.
//!
//! ink!'s call builder decodes what the callee returns, and drops whether it reverted: a message that returned
//! `Ok(Err(..))` could then not be told from one that returned a number. So this asks the chain itself.

use interfaces::governor::Call;

/// Makes the call. Whether it succeeded: it neither trapped nor reverted, and an ink! message that returns an error
/// reverts. Whatever it returns besides is not looked at, so it can be as long as the target likes.
///
/// The target, and all that it calls, cannot call back into this contract: no flag allows it to.
#[cfg(target_arch = "wasm32")]
pub fn succeeds(call: &Call) -> bool {
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl};

    let message = [&call.selector[..], &call.input].concat();
    let (all_gas, no_deposit_limit, no_output) = (0, None, None);
    HostFnImpl::call_v2(
        CallFlags::empty(),
        call.target.as_ref(),
        all_gas,
        all_gas,
        no_deposit_limit,
        &call.value.to_le_bytes(),
        &message,
        no_output,
    )
    .is_ok()
}

/// Off chain there is nobody to call.
#[cfg(not(target_arch = "wasm32"))]
pub fn succeeds(_: &Call) -> bool {
    false
}
