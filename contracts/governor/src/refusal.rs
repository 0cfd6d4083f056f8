//! Ending a message with a refusal.

use interfaces::governor::GovernorError;

/// Answers with this error, which undoes all that the message did: as if every function up to the message returned it,
/// but without the code that it takes to look for it in each.
#[cfg(target_arch = "wasm32")]
pub fn refuse(error: GovernorError) -> ! {
    use ink::{LangError, env::return_value};

    let answer: Result<Result<(), GovernorError>, LangError> = Ok(Err(error));
    return_value(ink::env::ReturnFlags::REVERT, &answer)
}

/// Off chain nothing can be undone.
#[cfg(not(target_arch = "wasm32"))]
pub fn refuse(error: GovernorError) -> ! {
    std::panic::panic_any(error)
}

/// What there is of something, or a refusal.
pub trait OrRefuse<T> {
    /// What there is.
    fn or_refuse(self, error: GovernorError) -> T;
}

impl<T> OrRefuse<T> for Option<T> {
    fn or_refuse(self, error: GovernorError) -> T {
        match self {
            Some(found) => found,
            None => refuse(error),
        }
    }
}
