//! Messages of the treasury.

use super::messages;
use interfaces::{
    AccountId, Balance, Moment,
    signed::Signature,
    treasury::{
        Asset, Budget, Category, Escrow, EscrowId, Milestone, MilestoneId, Payment, Release, Signers, Stream, StreamId,
        Tranche, TreasuryError,
    },
};

messages!(Treasury {
    /// Pays at once; only the governor may.
    pay(payment: Payment) -> Result<(), TreasuryError>;
    /// Takes in what is sent along.
    deposit();
    /// The native currency that is free.
    balance() -> Balance;
    /// Whose orders it follows.
    governor() -> AccountId;
});

messages!(Pausing {
    /// Stops payments; only the guardian may.
    pause() -> Result<(), TreasuryError>;
    /// Ends a pause; only the governor may.
    unpause() -> Result<(), TreasuryError>;
    /// Whether it pays nobody.
    paused() -> bool;
});

messages!(Budgets {
    /// Sets a category's budget; only the governor may.
    set_budget(category: Category, budget: Budget) -> Result<(), TreasuryError>;
    /// A category's budget.
    budget(category: Category) -> Option<Budget>;
    /// What a category can still commit in the present period.
    left(category: Category) -> Balance;
    /// What of an asset is not reserved.
    free(asset: Asset) -> Result<Balance, TreasuryError>;
    /// What of an asset escrows and streams still owe.
    reserved(asset: Asset) -> Balance;
});

messages!(Escrows {
    /// Reserves what milestones need; only the governor may.
    open_escrow(category: Category, milestones: &[Milestone]) -> Result<EscrowId, TreasuryError>;
    /// Pays what enough signers approve of.
    release(release: Release) -> Result<(), TreasuryError>;
    /// Frees what a milestone has left after its latest date.
    lapse(escrow: EscrowId, milestone: MilestoneId) -> Result<(), TreasuryError>;
    /// Frees what a milestone, or all, have left; only the governor may.
    claw_back(escrow: EscrowId, milestone: Option<MilestoneId>) -> Result<(), TreasuryError>;
    /// An escrow.
    escrow(escrow: EscrowId) -> Option<Escrow>;
    /// A milestone and its money.
    tranche(escrow: EscrowId, milestone: MilestoneId) -> Option<Tranche>;
    /// How many escrows were opened.
    escrow_count() -> EscrowId;
});

messages!(Signing {
    /// Names the signers, and how many of them must approve; only the governor may.
    set_signers(accounts: &[AccountId], threshold: u8) -> Result<(), TreasuryError>;
    /// Approves of a release.
    approve(release: Release) -> Result<(), TreasuryError>;
    /// Takes an approval back.
    withdraw(release: Release) -> Result<(), TreasuryError>;
    /// Hands in approvals that were signed off chain.
    approve_signed(release: Release, deadline: Moment, signatures: &[(AccountId, Signature)])
        -> Result<(), TreasuryError>;
    /// The signers.
    signers() -> Signers;
    /// Which of them approve of a release.
    approvals(release: Release) -> Vec<AccountId>;
});

messages!(Streams {
    /// Reserves what a payee earns over time; only the governor may.
    open_stream(category: Category, payee: AccountId, amount: Balance, begins: Moment, ends: Moment)
        -> Result<StreamId, TreasuryError>;
    /// Pays what has accrued.
    claim(stream: StreamId) -> Result<(), TreasuryError>;
    /// Frees what has not accrued; only the governor may.
    stop_stream(stream: StreamId) -> Result<(), TreasuryError>;
    /// A stream.
    stream(stream: StreamId) -> Option<Stream>;
    /// How many streams were opened.
    stream_count() -> StreamId;
});
