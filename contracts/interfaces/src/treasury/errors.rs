//! Why the treasury refuses.

use crate::AccountId;

/// Why the treasury refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum TreasuryError {
    /// The caller is not the governor.
    NotGovernor,
    /// The caller is not the governor's guardian, or its time is over.
    NotGuardian,
    /// This account is not among the signers.
    NotSigner(AccountId),
    /// The treasury is paused.
    Paused,
    /// The treasury is not paused.
    NotPaused,
    /// The amount is 0.
    ZeroAmount,
    /// The payee is the treasury itself or the zero account.
    BadPayee,
    /// The registry does not clear the payee for the tier that the budget asks for.
    NotCleared,
    /// The registry did not answer.
    RegistryFailed,
    /// Less than that is free: the rest is reserved, or not there.
    NotFree,
    /// The payee's account cannot receive the amount.
    TransferFailed,
    /// The token did not answer, or did not move exactly this amount.
    TokenFailed,
    /// The category has no budget.
    UnknownCategory,
    /// The length of the budget's periods is 0.
    BadBudget,
    /// More than is left of the category's budget in the present period, or its first period has not begun.
    OverBudget,
    /// No escrow has this number.
    UnknownEscrow,
    /// The escrow has no milestone of this number.
    UnknownMilestone,
    /// There are none or too many milestones, or one ends before it begins or in the past.
    BadMilestones,
    /// The milestone is another payee's.
    WrongPayee,
    /// The milestone has had another number of releases: this one was made already, or another came before it.
    WrongNonce,
    /// The milestone's earliest date has not come.
    TooEarly,
    /// The milestone's latest date is past.
    TooLate,
    /// The milestone's latest date is not past.
    NotLapsed,
    /// The milestone has less than that left.
    OverMilestone,
    /// Nothing is left that could become free.
    NothingLeft,
    /// Fewer signers approve of the release than must.
    TooFewApprovals,
    /// The signer approves of the release already.
    AlreadyApproved,
    /// The signer has withdrawn from the release already.
    AlreadyWithdrawn,
    /// There are none or too many signers, they are not in ascending order, one is named twice, or the threshold is 0 or
    /// more than there are.
    BadSigners,
    /// The signed approvals came after their deadline.
    DeadlinePassed,
    /// This account is named twice among the signatures.
    SignedTwice(AccountId),
    /// The signature is not this account's for this release, deadline, treasury and chain.
    WrongSignature(AccountId),
    /// This signer withdrew from the release on chain, and can only approve of it there again.
    Withdrawn(AccountId),
    /// No stream has this number.
    UnknownStream,
    /// The stream ends before it begins, or not in the future.
    BadStream,
    /// Nothing has accrued that was not claimed already.
    NothingAccrued,
    /// A number or sum is beyond what can be stored.
    Overflow,
}
