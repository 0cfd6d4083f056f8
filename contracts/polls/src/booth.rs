//! A poll with all that every vote on it reads: one storage cell.

use ballot::Tally;
use interfaces::{
    AccountId, Moment,
    polls::{Poll, PollError, PollTerms, Standing},
    refusal::refuse,
};

/// A poll, its count, and who knows its electors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Booth {
    /// The poll.
    pub poll: Poll,
    /// Its count.
    pub tally: Tally,
    /// The ledger or, in a quadratic poll, the registry.
    pub electors: AccountId,
}

impl Booth {
    /// A poll that was just opened, if it can be held.
    pub fn opened(terms: PollTerms, electors: AccountId) -> Option<Self> {
        let fits = terms.mechanism.allows(terms.options);
        let poll = Poll::opened(terms).filter(|_| fits)?;
        Some(Self { poll, tally: Tally::new(terms.mechanism, terms.options), electors })
    }

    /// Where the poll stands.
    pub fn standing(&self, now: Moment) -> Standing {
        self.poll.standing(&self.tally, now)
    }

    /// Goes on only if the poll stands like this.
    pub fn only(&self, wanted: Standing, now: Moment) {
        let standing = self.standing(now);
        if standing != wanted {
            refuse(PollError::WrongStanding(standing));
        }
    }

    /// Notes that the quorum is reached, if it is for the first time. Answers with the last moment of voting then.
    pub fn reach_quorum(&mut self, now: Moment) -> Option<Moment> {
        if self.poll.quorum_reached || !self.poll.has_quorum(&self.tally) {
            return None;
        }
        self.poll.quorum_reached = true;
        self.poll.closes = self.poll.closes.max(now.saturating_add(self.poll.terms.extension));
        Some(self.poll.closes)
    }
}
