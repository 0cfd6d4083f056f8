//! A proposal as it is stored.

use crate::{
    error::Error,
    project::{Draft, Executed, Proposal, Queued, Voting},
    store::columns::{to_account, to_balance, to_mechanism, to_moment, to_option, to_share, to_u32, to_u64},
};
use ballot::{Majority, Mechanism, OptionId, Plurality, Rankings, Tally, Thresholds};
use interfaces::{
    Moment,
    lifecycle::State,
    polls::{Poll, PollTerms, Stage},
};

/// A proposal as it is stored, without what never changes and nothing follows from.
pub struct Row {
    pub proposal: i64,
    pub mechanism: String,
    pub holds_until: Option<i64>,
    pub drafted_at: Option<i64>,
    pub revision: Option<i64>,
    pub draft_snapshot: Option<i64>,
    pub sponsored: String,
    pub snapshot: Option<i64>,
    pub voting_ends: Option<i64>,
    pub voting_period: Option<i64>,
    pub voting_freeze: Option<i64>,
    pub extension: Option<i64>,
    pub quorum_bps: Option<i32>,
    pub approval_bps: Option<i32>,
    pub plurality_bps: Option<i32>,
    pub credits: Option<i64>,
    pub execution_window: Option<i64>,
    pub electorate: Option<String>,
    pub quorum_reached_at: Option<i64>,
    pub votes_for: String,
    pub votes_against: String,
    pub votes_abstain: String,
    pub turnout: String,
    pub backing: String,
    pub rankings: i64,
    pub voters: i64,
    pub counted_at: Option<i64>,
    pub stopped_at: Option<i64>,
    pub winner: Option<i16>,
    pub queued_at: Option<i64>,
    pub ready_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub executed_at: Option<i64>,
    pub executor: Option<Vec<u8>>,
    pub spent: Option<String>,
    pub cancelled_at: Option<i64>,
    pub cancelled_by: Option<Vec<u8>>,
    pub vetoed_at: Option<i64>,
    pub abuse: Option<bool>,
    pub settled_at: Option<i64>,
    pub deposit_to: Option<Vec<u8>>,
    /// The votes of its options, in their order.
    pub options: Vec<String>,
}

impl Row {
    /// What it says.
    pub fn proposal(&self) -> Result<Proposal, Error> {
        let winner = self.winner.map(to_option).transpose()?;
        Ok(Proposal {
            // Worked out anew whenever anything changes.
            state: State::Draft,
            changed: 0,
            holds_until: moment(self.holds_until)?,
            draft: self.draft()?,
            voting: self.voting(winner)?,
            queued: match (self.queued_at, winner, self.ready_at, self.expires_at) {
                (Some(at), Some(option), Some(ready_at), Some(expires_at)) => Some(Queued {
                    at: to_moment(at)?,
                    option,
                    ready_at: to_moment(ready_at)?,
                    expires_at: to_moment(expires_at)?,
                }),
                _ => None,
            },
            executed: match (self.executed_at, &self.executor, &self.spent) {
                (Some(at), Some(by), Some(spent)) => {
                    Some(Executed { at: to_moment(at)?, by: to_account(by)?, spent: to_balance(spent)? })
                }
                _ => None,
            },
            cancelled: moment(self.cancelled_at)?.zip(self.cancelled_by.as_deref().map(to_account).transpose()?),
            vetoed: moment(self.vetoed_at)?.zip(self.abuse),
            settled: moment(self.settled_at)?.zip(self.deposit_to.as_deref().map(to_account).transpose()?),
        })
    }

    fn draft(&self) -> Result<Option<Draft>, Error> {
        let (Some(since), Some(revision), Some(snapshot)) = (self.drafted_at, self.revision, self.draft_snapshot)
        else {
            return Ok(None);
        };
        Ok(Some(Draft {
            since: to_moment(since)?,
            revision: to_u32(revision, "a draft's revision")?,
            snapshot: to_moment(snapshot)?,
            sponsored: to_balance(&self.sponsored)?,
        }))
    }

    fn voting(&self, winner: Option<OptionId>) -> Result<Option<Voting>, Error> {
        let (Some(terms), Some(closes), Some(window)) = (self.terms()?, self.voting_ends, self.execution_window) else {
            return Ok(None);
        };
        let stopped = moment(self.stopped_at)?;
        let stage = match (stopped, moment(self.counted_at)?) {
            (Some(_), _) => Stage::Stopped,
            (None, Some(at)) => Stage::Counted { winner, at },
            (None, None) => Stage::Opened,
        };
        let quorum_reached = moment(self.quorum_reached_at)?;
        let poll = Poll {
            terms,
            closes: to_moment(closes)?,
            quorum_reached: quorum_reached.is_some(),
            electorate: self.electorate.as_deref().map(to_balance).transpose()?,
            stage,
        };
        Ok(Some(Voting {
            window: to_moment(window)?,
            poll,
            tally: self.tally(&terms)?,
            voters: to_u64(self.voters, "a number of voters")?,
            quorum_reached,
            stopped,
            winner,
        }))
    }

    fn terms(&self) -> Result<Option<PollTerms>, Error> {
        let (Some(snapshot), Some(period), Some(freeze), Some(extension), Some(credits)) =
            (self.snapshot, self.voting_period, self.voting_freeze, self.extension, self.credits)
        else {
            return Ok(None);
        };
        let (Some(quorum), Some(approval), Some(plurality)) = (self.quorum_bps, self.approval_bps, self.plurality_bps)
        else {
            return Ok(None);
        };
        let mechanism = to_mechanism(&self.mechanism)?;
        let options = OptionId::try_from(self.options.len());
        Ok(Some(PollTerms {
            mechanism,
            options: match mechanism {
                Mechanism::Majority => 0,
                _ => options.map_err(|_| Error::Tampered(format!("{} options", self.options.len())))?,
            },
            snapshot: to_moment(snapshot)?,
            period: to_moment(period)?,
            freeze: to_moment(freeze)?,
            extension: to_moment(extension)?,
            thresholds: Thresholds {
                quorum: to_share(quorum)?,
                approval: to_share(approval)?,
                plurality: to_share(plurality)?,
            },
            credits: to_u32(credits, "a number of credits")?,
        }))
    }

    fn tally(&self, terms: &PollTerms) -> Result<Tally, Error> {
        let (turnout, backing) = (to_balance(&self.turnout)?, to_balance(&self.backing)?);
        let mechanism = terms.mechanism;
        Ok(match mechanism {
            Mechanism::Majority => Tally::Majority(Majority {
                against: to_balance(&self.votes_against)?,
                in_favour: to_balance(&self.votes_for)?,
                abstain: to_balance(&self.votes_abstain)?,
            }),
            Mechanism::Approval | Mechanism::Weighted | Mechanism::Quadratic => {
                let per_option = self.options.iter().map(|votes| to_balance(votes)).collect::<Result<_, _>>()?;
                Tally::Plurality(Plurality { mechanism, per_option, turnout, backing })
            }
            Mechanism::Ranked | Mechanism::Condorcet => {
                let distinct = to_u32(self.rankings, "a number of rankings")?;
                Tally::Rankings(Rankings { options: terms.options, distinct, turnout, backing })
            }
        })
    }
}

fn moment(stored: Option<i64>) -> Result<Option<Moment>, Error> {
    stored.map(to_moment).transpose()
}
