//! Proposals as they are stored.

use super::rules::TermsColumns;
use crate::{
    db::{self, Snapshot},
    model::{
        Amount, Bytes, Call, Cancelled, Created, Draft, Executed, Instant, Poll, PollOption, Proposal, Queued, Quorum,
        Settled, Terms, Threshold, Vetoed, VoteCounts,
    },
    problem::{Error, Unreadable},
};
use ballot::{BasisPoints, Mechanism};
use std::collections::HashMap;

/// The proposals with these numbers, the newest first.
pub(crate) async fn proposals_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<Vec<ProposalRow>, Error> {
    let rows = sqlx::query_as!(
        Columns,
        r#"SELECT proposal AS "proposal!", proposer AS "proposer!", kind AS "kind!", mechanism AS "mechanism!",
            title AS "title!", link AS "link!", content_hash AS "content_hash!", state AS "state!",
            drafted_at, revision, draft_snapshot, sponsored::text AS "sponsored!",
            (SELECT rules.proposal_threshold::text FROM mirror.rules
                WHERE rules.kind = proposals.kind AND proposals.state = 'draft') AS threshold,
            created_at, created_height, deposit::text, snapshot, voting_ends, voting_period, voting_freeze, extension,
            quorum_bps, approval_bps, plurality_bps, credits, execution_delay, execution_window, spend_cap::text,
            period_cap::text, period, guarded,
            electorate::text, quorum_reached_at, votes_for::text AS "votes_for!", votes_against::text AS "votes_against!",
            votes_abstain::text AS "votes_abstain!", turnout::text AS "turnout!", backing::text AS "backing!",
            rankings AS "rankings!", voters AS "voters!", counted_at, winner,
            queued_at, ready_at, expires_at, executed_at, executor, spent::text, cancelled_at, cancelled_by, vetoed_at,
            abuse, settled_at, deposit_to
        FROM mirror.proposals WHERE proposal = ANY($1) ORDER BY proposal DESC"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut options = options_of(snapshot, numbers).await?;
    let with_options = |columns: Columns| {
        let options = options.remove(&columns.proposal).unwrap_or_default();
        ProposalRow { columns, options }
    };
    Ok(rows.into_iter().map(with_options).collect())
}

/// The options of the proposals with these numbers, in their order, with their calls.
async fn options_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<HashMap<i64, Vec<PollOption>>, Error> {
    let mut calls = calls_of(snapshot, numbers).await?;
    let rows = sqlx::query!(
        r#"SELECT proposal AS "proposal!", number AS "number!", title AS "title!", votes::text AS "votes!"
        FROM mirror.options WHERE proposal = ANY($1) ORDER BY proposal, number"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut options = HashMap::<_, Vec<_>>::new();
    for row in rows {
        options.entry(row.proposal).or_default().push(PollOption {
            number: db::option(row.number)?,
            title: row.title,
            votes: Some(db::amount(&row.votes)?),
            calls: calls.remove(&(row.proposal, row.number)).unwrap_or_default(),
        });
    }
    Ok(options)
}

/// The calls of each option of the proposals with these numbers, in their order.
async fn calls_of(snapshot: &mut Snapshot, numbers: &[i64]) -> Result<HashMap<(i64, i16), Vec<Call>>, Error> {
    let rows = sqlx::query!(
        r#"SELECT proposal AS "proposal!", option AS "option!", target AS "target!", selector AS "selector!",
            input AS "input!", value::text AS "value!", code_hash
        FROM mirror.calls WHERE proposal = ANY($1) ORDER BY proposal, option, number"#,
        numbers
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut calls = HashMap::<_, Vec<_>>::new();
    for row in rows {
        calls.entry((row.proposal, row.option)).or_default().push(Call {
            target: db::account(&row.target)?,
            selector: db::selector(&row.selector)?,
            input: Bytes(row.input),
            value: db::amount(&row.value)?,
            code_hash: row.code_hash.as_deref().map(db::hash).transpose()?,
        });
    }
    Ok(calls)
}

/// A proposal as stored.
pub(crate) struct ProposalRow {
    columns: Columns,
    options: Vec<PollOption>,
}

/// What is stored of a proposal in one row.
struct Columns {
    proposal: i64,
    proposer: Vec<u8>,
    kind: String,
    mechanism: String,
    title: String,
    link: String,
    content_hash: Vec<u8>,
    state: String,
    drafted_at: Option<i64>,
    revision: Option<i64>,
    draft_snapshot: Option<i64>,
    sponsored: String,
    threshold: Option<String>,
    created_at: Option<i64>,
    created_height: Option<i64>,
    deposit: Option<String>,
    snapshot: Option<i64>,
    voting_ends: Option<i64>,
    voting_period: Option<i64>,
    voting_freeze: Option<i64>,
    extension: Option<i64>,
    quorum_bps: Option<i32>,
    approval_bps: Option<i32>,
    plurality_bps: Option<i32>,
    credits: Option<i64>,
    execution_delay: Option<i64>,
    execution_window: Option<i64>,
    spend_cap: Option<String>,
    period_cap: Option<String>,
    period: Option<i64>,
    guarded: Option<bool>,
    electorate: Option<String>,
    quorum_reached_at: Option<i64>,
    votes_for: String,
    votes_against: String,
    votes_abstain: String,
    turnout: String,
    backing: String,
    rankings: i64,
    voters: i64,
    counted_at: Option<i64>,
    winner: Option<i16>,
    queued_at: Option<i64>,
    ready_at: Option<i64>,
    expires_at: Option<i64>,
    executed_at: Option<i64>,
    executor: Option<Vec<u8>>,
    spent: Option<String>,
    cancelled_at: Option<i64>,
    cancelled_by: Option<Vec<u8>>,
    vetoed_at: Option<i64>,
    abuse: Option<bool>,
    settled_at: Option<i64>,
    deposit_to: Option<Vec<u8>>,
}

/// A column that is set together with another, which is.
fn set<T>(column: Option<T>) -> Result<T, Error> {
    column.ok_or_else(|| Unreadable("proposal, of which a part is missing,").into())
}

impl ProposalRow {
    /// Its number.
    pub fn number(&self) -> i64 {
        self.columns.proposal
    }

    /// The proposal.
    pub fn proposal(self) -> Result<Proposal, Error> {
        let Self { columns, mut options } = self;
        let mechanism = db::name(columns.mechanism.clone())?;
        if !matches!(mechanism, Mechanism::Approval | Mechanism::Weighted | Mechanism::Quadratic) {
            // Nobody counts them there.
            options.iter_mut().for_each(|option| option.votes = None);
        }
        let created = columns.created()?;
        let terms = created.as_ref().map(|_| columns.terms()).transpose()?;
        Ok(Proposal {
            id: columns.proposal.try_into()?,
            proposer: db::account(&columns.proposer)?,
            kind: db::name(columns.kind.clone())?,
            mechanism,
            content_hash: db::hash(&columns.content_hash)?,
            state: db::name(columns.state.clone())?,
            options,
            draft: columns.draft()?,
            created,
            poll: terms.as_ref().map(|terms| columns.poll(mechanism, terms.quorum_bps)).transpose()?,
            terms,
            queued: columns.queued()?,
            executed: columns.executed()?,
            cancelled: columns.cancelled()?,
            vetoed: columns.vetoed()?,
            settled: columns.settled()?,
            title: columns.title,
            link: columns.link,
        })
    }
}

impl Columns {
    fn draft(&self) -> Result<Option<Draft>, Error> {
        let Some(written) = self.drafted_at else { return Ok(None) };
        let sponsored = db::amount(&self.sponsored)?;
        let threshold = |needed: &String| -> Result<_, Error> {
            let needed = db::amount(needed)?;
            Ok(Threshold { needed, missing: Amount(needed.0.saturating_sub(sponsored.0)) })
        };
        Ok(Some(Draft {
            written: db::instant(written)?,
            revision: set(self.revision)?.try_into()?,
            snapshot: db::instant(set(self.draft_snapshot)?)?,
            sponsored,
            threshold: self.threshold.as_ref().map(threshold).transpose()?,
        }))
    }

    fn created(&self) -> Result<Option<Created>, Error> {
        let Some(at) = self.created_at else { return Ok(None) };
        let Instant { time, moment } = db::instant(at)?;
        Ok(Some(Created { time, moment, height: set(self.created_height)?.try_into()? }))
    }

    fn terms(&self) -> Result<Terms, Error> {
        let terms = TermsColumns {
            deposit: set(self.deposit.clone())?,
            voting_period: set(self.voting_period)?,
            voting_freeze: set(self.voting_freeze)?,
            extension: set(self.extension)?,
            quorum_bps: set(self.quorum_bps)?,
            approval_bps: set(self.approval_bps)?,
            plurality_bps: set(self.plurality_bps)?,
            credits: set(self.credits)?,
            execution_delay: set(self.execution_delay)?,
            execution_window: set(self.execution_window)?,
            spend_cap: set(self.spend_cap.clone())?,
            period_cap: set(self.period_cap.clone())?,
            period: set(self.period)?,
            guarded: set(self.guarded)?,
        };
        terms.read()
    }

    fn poll(&self, mechanism: Mechanism, quorum: BasisPoints) -> Result<Poll, Error> {
        let electorate = self.electorate.as_deref().map(db::amount).transpose()?;
        let backing = db::amount(&self.backing)?;
        let needed = electorate.map(|electorate| Amount(quorum.ceil_of(electorate.0)));
        let votes = VoteCounts {
            in_favour: db::amount(&self.votes_for)?,
            against: db::amount(&self.votes_against)?,
            abstain: db::amount(&self.votes_abstain)?,
        };
        let rankings = u32::try_from(self.rankings)?;
        Ok(Poll {
            snapshot: db::instant(set(self.snapshot)?)?,
            voting_ends: db::instant(set(self.voting_ends)?)?,
            electorate,
            quorum: Quorum {
                needed,
                reached: needed.is_some_and(|needed| backing >= needed),
                reached_at: self.quorum_reached_at.map(db::instant).transpose()?,
            },
            turnout: db::amount(&self.turnout)?,
            backing,
            voters: self.voters.try_into()?,
            votes: (mechanism == Mechanism::Majority).then_some(votes),
            rankings: mechanism.is_ranked().then_some(rankings),
            counted_at: self.counted_at.map(db::instant).transpose()?,
            winner: self.winner.map(db::option).transpose()?,
        })
    }

    fn queued(&self) -> Result<Option<Queued>, Error> {
        let Some(at) = self.queued_at else { return Ok(None) };
        Ok(Some(Queued {
            at: db::instant(at)?,
            ready_at: db::instant(set(self.ready_at)?)?,
            expires_at: db::instant(set(self.expires_at)?)?,
        }))
    }

    fn executed(&self) -> Result<Option<Executed>, Error> {
        let Some(at) = self.executed_at else { return Ok(None) };
        Ok(Some(Executed {
            at: db::instant(at)?,
            executor: db::account(set(self.executor.as_deref())?)?,
            spent: db::amount(set(self.spent.as_deref())?)?,
        }))
    }

    fn cancelled(&self) -> Result<Option<Cancelled>, Error> {
        let Some(at) = self.cancelled_at else { return Ok(None) };
        Ok(Some(Cancelled { at: db::instant(at)?, by: db::account(set(self.cancelled_by.as_deref())?)? }))
    }

    fn vetoed(&self) -> Result<Option<Vetoed>, Error> {
        let Some(at) = self.vetoed_at else { return Ok(None) };
        Ok(Some(Vetoed { at: db::instant(at)?, abuse: set(self.abuse)? }))
    }

    fn settled(&self) -> Result<Option<Settled>, Error> {
        let Some(at) = self.settled_at else { return Ok(None) };
        Ok(Some(Settled { at: db::instant(at)?, paid_to: db::account(set(self.deposit_to.as_deref())?)? }))
    }
}
