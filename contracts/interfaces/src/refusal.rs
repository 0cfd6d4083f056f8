//! Ending a message with a refusal.

use scale::Encode;

/// Answers with this error, which undoes all that the message did: as if every function up to the message returned it,
/// but without the code that it takes to look for it in each.
#[cfg(not(feature = "std"))]
pub fn refuse<E: Encode + Send + 'static>(error: E) -> ! {
    use ink::{LangError, env::return_value};

    let answer: Result<Result<(), E>, LangError> = Ok(Err(error));
    return_value(ink::env::ReturnFlags::REVERT, &answer)
}

/// Off chain nothing can be undone.
#[cfg(feature = "std")]
pub fn refuse<E: Encode + Send + 'static>(error: E) -> ! {
    std::panic::panic_any(error)
}

/// What there is of something, or a refusal.
pub trait OrRefuse<T> {
    /// What there is.
    fn or_refuse<E: Encode + Send + 'static>(self, error: E) -> T;
}

impl<T> OrRefuse<T> for Option<T> {
    fn or_refuse<E: Encode + Send + 'static>(self, error: E) -> T {
        match self {
            Some(found) => found,
            None => refuse(error),
        }
    }
}

impl<T, Why> OrRefuse<T> for Result<T, Why> {
    fn or_refuse<E: Encode + Send + 'static>(self, error: E) -> T {
        match self {
            Ok(found) => found,
            Err(_) => refuse(error),
        }
    }
}
