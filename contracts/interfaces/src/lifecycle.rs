//! A proposal's state as a function of what was recorded, its poll and the clock.
//!
//! ```text
//!         ┌──────────────────────── poll ────────────────────────┐
//! Draft ─► Pending ─► Active ─► Counting ─► Succeeded ─► Queued ─► Executed
//!   │         │         │          │            │           └───► Expired
//!   │         │         └──────────┴─► Defeated └───────────────► Expired
//!   └─────────┴─► Cancelled        (any of these but Draft, by the guardian: Cancelled or Vetoed)
//! ```

use crate::{
    Millis, Moment,
    polls::{Poll, Standing},
};
use ballot::{OptionId, Tally};

/// How far a proposal was moved by the governor's messages; its poll and time move it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Progress {
    /// Written, and open to changes and sponsors. There is no poll.
    Draft,
    /// Proposed: its poll decides.
    Proposed,
    /// Passed and queued.
    Queued {
        /// What its poll decided: which option is to be carried out.
        option: OptionId,
        /// First moment at which it can be executed.
        ready_at: Moment,
        /// Last moment at which it can be executed.
        expires_at: Moment,
    },
    /// Executed.
    Executed,
    /// Taken back, by its proposer or by the guardian.
    Cancelled,
    /// Vetoed by the guardian.
    Vetoed,
}

/// The state of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum State {
    /// Being written; sponsors gather.
    Draft,
    /// Voting has not opened.
    Pending,
    /// Voting is open.
    Active,
    /// Voting is over; its rankings are being counted.
    Counting,
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
    /// Taken back.
    Cancelled,
    /// Vetoed by the guardian.
    Vetoed,
}

impl State {
    /// The state at `now` of a proposal that was moved this far, whose poll stands at `poll` (asked for only where it
    /// matters) and which can be queued for `window` after it was decided.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn of<E>(
        progress: Progress,
        window: Millis,
        now: Moment,
        poll: impl FnOnce() -> Result<Standing, E>,
    ) -> Result<Self, E> {
        Ok(match progress {
            Progress::Draft => Self::Draft,
            Progress::Executed => Self::Executed,
            Progress::Cancelled => Self::Cancelled,
            Progress::Vetoed => Self::Vetoed,
            Progress::Queued { expires_at, .. } if now > expires_at => Self::Expired,
            Progress::Queued { .. } => Self::Queued,
            Progress::Proposed => match poll()? {
                Standing::Pending => Self::Pending,
                Standing::Open => Self::Active,
                Standing::Counting => Self::Counting,
                Standing::Decided { winner: None, .. } => Self::Defeated,
                Standing::Decided { since, .. } if now > since.saturating_add(window) => Self::Expired,
                Standing::Decided { .. } => Self::Succeeded,
                // A poll is stopped only together with its proposal.
                Standing::Stopped => Self::Cancelled,
            },
        })
    }

    /// The last moment of the state that [`Self::of`] gives at `now`, if time alone can end it; `poll` is the poll, where
    /// there is one, and its count.
    pub fn holds_until(
        progress: Progress,
        window: Millis,
        now: Moment,
        poll: Option<(&Poll, &Tally)>,
    ) -> Option<Moment> {
        let last = match (progress, poll) {
            (Progress::Queued { expires_at, .. }, _) => Some(expires_at),
            (Progress::Proposed, Some((poll, tally))) => match poll.standing(tally, now) {
                Standing::Decided { winner: Some(_), since } => Some(since.saturating_add(window)),
                _ => poll.holds_until(now),
            },
            _ => None,
        };
        last.filter(|last| now <= *last)
    }

    /// Whether nothing can change the proposal any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Defeated | Self::Executed | Self::Expired | Self::Cancelled | Self::Vetoed)
    }
}
