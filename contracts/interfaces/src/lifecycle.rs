//! A proposal's state as a function of what was recorded, the count and the clock.
//!
//! ```text
//! Pending ─► Active ─► Succeeded ─► Queued ─► Executed
//!    │          └────► Defeated  │      └───► Expired
//!    └► Cancelled                └──────────► Expired
//! ```

use crate::{Balance, Millis, Moment};
use ballot::{BasisPoints, Majority};

/// What a proposal's life is measured by, fixed when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Terms {
    /// The moment whose voting power counts. Voting is open strictly after it, for the token answers only for the past.
    pub snapshot: Moment,
    /// The last moment of voting.
    pub voting_ends: Moment,
    /// From queueing to the first moment of execution.
    pub execution_delay: Millis,
    /// How long it can be queued after voting, and executed after its delay.
    pub execution_window: Millis,
    /// Share of the supply at the snapshot that must vote for or abstain.
    pub quorum: BasisPoints,
    /// Share of for and against together that for must exceed.
    pub approval: BasisPoints,
}

/// How far a proposal was moved by messages; time moves it further by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Progress {
    /// Proposed, and perhaps voted on.
    Proposed,
    /// Queued.
    Queued {
        /// First moment at which it can be executed.
        ready_at: Moment,
        /// Last moment at which it can be executed.
        expires_at: Moment,
    },
    /// Executed.
    Executed,
    /// Taken back.
    Cancelled,
}

/// The state of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum State {
    /// Voting has not opened.
    Pending,
    /// Voting is open.
    Active,
    /// Passed; waits to be queued.
    Succeeded,
    /// Did not pass.
    Defeated,
    /// Passed and queued; executable from `ready_at` to `expires_at`.
    Queued,
    /// Its calls were made.
    Executed,
    /// Passed, but was not queued or executed in time.
    Expired,
    /// Taken back by its proposer.
    Cancelled,
}

impl State {
    /// Whether nothing can change the proposal any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Defeated | Self::Executed | Self::Expired | Self::Cancelled)
    }
}

impl Terms {
    /// The state at `now` of a proposal with these terms.
    ///
    /// `supply` is the token's supply at the snapshot. It matters only once voting is over, so it is asked for only then.
    ///
    /// # Errors
    /// Those of `supply`.
    pub fn state<E>(
        &self,
        progress: Progress,
        tally: &Majority,
        now: Moment,
        supply: impl FnOnce() -> Result<Balance, E>,
    ) -> Result<State, E> {
        Ok(match progress {
            Progress::Executed => State::Executed,
            Progress::Cancelled => State::Cancelled,
            Progress::Queued { expires_at, .. } if now > expires_at => State::Expired,
            Progress::Queued { .. } => State::Queued,
            Progress::Proposed if now <= self.snapshot => State::Pending,
            Progress::Proposed if now <= self.voting_ends => State::Active,
            Progress::Proposed if !tally.carries(self.quorum, self.approval, supply()?) => State::Defeated,
            Progress::Proposed if now > self.queue_by() => State::Expired,
            Progress::Proposed => State::Succeeded,
        })
    }

    /// The last moment at which a passed proposal can be queued.
    pub fn queue_by(&self) -> Moment {
        self.voting_ends.saturating_add(self.execution_window)
    }

    /// When time alone may next change a proposal's state: the last moment of its present one, or nothing if time
    /// no longer matters to it.
    pub fn holds_until(&self, progress: Progress, now: Moment) -> Option<Moment> {
        let last = match progress {
            Progress::Executed | Progress::Cancelled => return None,
            Progress::Queued { expires_at, .. } => expires_at,
            Progress::Proposed if now <= self.snapshot => self.snapshot,
            Progress::Proposed if now <= self.voting_ends => self.voting_ends,
            Progress::Proposed => self.queue_by(),
        };
        (now <= last).then_some(last)
    }
}
