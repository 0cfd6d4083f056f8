//! Which way power moves.

use crate::{Power, TallyError};
use scale::{Decode, Encode};

/// Into a count, or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub enum Way {
    /// Into it.
    In,
    /// Out of it.
    Out,
}

impl Way {
    /// What a sum is after a part moved.
    ///
    /// # Errors
    /// If it would be beyond what can be stored, or less than 0.
    // Once in a contract, and not wherever something is counted: code is paid for by the byte.
    #[inline(never)]
    pub fn apply(self, sum: Power, part: Power) -> Result<Power, TallyError> {
        match self {
            Self::In => sum.checked_add(part).ok_or(TallyError::Overflow),
            Self::Out => sum.checked_sub(part).ok_or(TallyError::Underflow),
        }
    }
}
