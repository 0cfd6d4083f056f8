//! The milestones of an escrow, with what was released and what signers say.

use super::{counts, signing};
use crate::{
    account::Account,
    db::{self, Snapshot},
    model::{Amount, Approval, Freed, Instant, Milestone, MilestoneState, PendingRelease, Release, Stance},
    problem::{Error, Unreadable},
};
use interfaces::{
    AccountId, Moment,
    treasury::{EscrowId, MilestoneId, Signers},
};
use std::collections::BTreeMap;

/// How many releases and statements of a milestone are looked at.
const MOST: i64 = 200;

/// A milestone and the nonce of its next release.
pub(super) type Next = (EscrowId, MilestoneId, u32);

/// All milestones of an escrow.
pub(super) async fn milestones_of(snapshot: &mut Snapshot, escrow: EscrowId) -> Result<Vec<Milestone>, Error> {
    let now = snapshot.block.moment;
    let rows = sqlx::query_as!(
        MilestoneRow,
        r#"SELECT milestone AS "milestone!", payee AS "payee!", amount::text AS "amount!",
            earliest::text AS "earliest!", latest::text AS "latest!", deliverable AS "deliverable!",
            paid::text AS "paid!", remaining::text AS "remaining!", releases AS "releases!", freed::text AS freed,
            freed_how, freed_height, freed_moment, freed_by
        FROM mirror.treasury_milestones WHERE escrow = $1 ORDER BY milestone"#,
        i64::from(escrow)
    )
    .fetch_all(snapshot.connection())
    .await?;
    let signers = signing::signers(snapshot).await?;
    let mut milestones = rows.into_iter().map(|row| row.read(now)).collect::<Result<Vec<_>, Error>>()?;
    let next: Vec<Next> = milestones.iter().map(|it| (escrow, it.number, it.releases)).collect();
    let mut said = said_of(snapshot, &next).await?;
    let mut made = releases_of(snapshot, escrow, &next).await?;
    for milestone in &mut milestones {
        let key = (escrow, milestone.number, milestone.releases);
        milestone.made = made.remove(&milestone.number).unwrap_or_default();
        // What is not left any more will not be released.
        let said = said.remove(&key).unwrap_or_default();
        let pending = pending(&signers, milestone.releases, said);
        milestone.pending = pending.into_iter().filter(|release| release.amount <= milestone.left).collect();
    }
    Ok(milestones)
}

/// What signers said of releases, by amount.
fn pending(signers: &Signers, nonce: u32, said: Vec<Said>) -> Vec<PendingRelease> {
    let mut pending: BTreeMap<Amount, Vec<Approval>> = BTreeMap::new();
    for said in said {
        pending.entry(said.amount).or_default().push(said.approval(signers));
    }
    let release = |(amount, approvals): (Amount, Vec<Approval>)| {
        let approving = approvals.iter().filter(|approval| approval.counts).count();
        let enough = approving > 0 && approving >= usize::from(signers.threshold);
        PendingRelease { amount, nonce, approving, enough, approvals }
    };
    pending.into_iter().map(release).collect()
}

/// What a signer last said of a release.
#[derive(Debug)]
pub(super) struct Said {
    /// How much is to be released.
    pub amount: Amount,
    /// Who.
    pub signer: Account,
    /// That it approves, when named by this change of the signers; otherwise it withdrew.
    pub since: Option<u32>,
    height: u64,
    at: Instant,
}

impl Said {
    /// Whether it is an approval that counts.
    pub fn counts(&self, signers: &Signers) -> bool {
        counts(signers, &AccountId::from(<[u8; 32]>::from(self.signer)), self.since)
    }

    fn approval(self, signers: &Signers) -> Approval {
        let Instant { time, moment } = self.at;
        Approval {
            stance: if self.since.is_some() { Stance::Approved } else { Stance::Withdrawn },
            counts: self.counts(signers),
            signer: self.signer,
            height: self.height,
            time,
            moment,
        }
    }
}

/// What signers last said of the next releases of milestones, of each the latest first.
pub(super) async fn said_of(snapshot: &mut Snapshot, next: &[Next]) -> Result<BTreeMap<Next, Vec<Said>>, Error> {
    let escrows: Vec<_> = next.iter().map(|(escrow, ..)| i64::from(*escrow)).collect();
    let milestones: Vec<_> = next.iter().map(|(_, milestone, _)| i16::from(*milestone)).collect();
    let nonces: Vec<_> = next.iter().map(|(.., nonce)| i64::from(*nonce)).collect();
    let rows = sqlx::query!(
        r#"SELECT wanted.escrow AS "escrow!", wanted.milestone AS "milestone!", wanted.nonce AS "nonce!",
            said.amount::text AS "amount!", said.signer AS "signer!", said.since, said.height AS "height!",
            said.moment AS "moment!"
        FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS wanted (escrow, milestone, nonce)
        CROSS JOIN LATERAL (
            SELECT amount, signer, since, height, index, moment FROM mirror.treasury_approvals AS approvals
            WHERE approvals.escrow = wanted.escrow AND approvals.milestone = wanted.milestone
                AND approvals.nonce = wanted.nonce
            ORDER BY height DESC, index DESC LIMIT $4
        ) AS said ORDER BY said.height DESC, said.index DESC"#,
        &escrows,
        &milestones,
        &nonces,
        MOST
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut all: BTreeMap<Next, Vec<Said>> = BTreeMap::new();
    for row in rows {
        let key = (row.escrow.try_into()?, row.milestone.try_into()?, row.nonce.try_into()?);
        all.entry(key).or_default().push(Said {
            amount: db::amount(&row.amount)?,
            signer: db::account(&row.signer)?,
            since: row.since.map(TryInto::try_into).transpose()?,
            height: row.height.try_into()?,
            at: db::instant(row.moment)?,
        });
    }
    Ok(all)
}

/// Releases that were made, of each milestone the latest first.
async fn releases_of(
    snapshot: &mut Snapshot,
    escrow: EscrowId,
    milestones: &[Next],
) -> Result<BTreeMap<MilestoneId, Vec<Release>>, Error> {
    let numbers: Vec<_> = milestones.iter().map(|(_, milestone, _)| i16::from(*milestone)).collect();
    let rows = sqlx::query!(
        r#"SELECT wanted.milestone AS "milestone!", made.nonce AS "nonce!", made.amount::text AS "amount!",
            made.height AS "height!", made.moment AS "moment!"
        FROM unnest($2::smallint[]) AS wanted (milestone)
        CROSS JOIN LATERAL (
            SELECT nonce, amount, height, moment FROM mirror.treasury_releases AS releases
            WHERE releases.escrow = $1 AND releases.milestone = wanted.milestone ORDER BY nonce DESC LIMIT $3
        ) AS made ORDER BY made.nonce DESC"#,
        i64::from(escrow),
        &numbers,
        MOST
    )
    .fetch_all(snapshot.connection())
    .await?;
    let mut all: BTreeMap<MilestoneId, Vec<Release>> = BTreeMap::new();
    for row in rows {
        let Instant { time, moment } = db::instant(row.moment)?;
        all.entry(row.milestone.try_into()?).or_default().push(Release {
            nonce: row.nonce.try_into()?,
            amount: db::amount(&row.amount)?,
            height: row.height.try_into()?,
            time,
            moment,
        });
    }
    Ok(all)
}

/// A milestone as stored.
struct MilestoneRow {
    milestone: i16,
    payee: Vec<u8>,
    amount: String,
    earliest: String,
    latest: String,
    deliverable: Vec<u8>,
    paid: String,
    remaining: String,
    releases: i64,
    freed: Option<String>,
    freed_how: Option<String>,
    freed_height: Option<i64>,
    freed_moment: Option<i64>,
    freed_by: Option<i64>,
}

impl MilestoneRow {
    fn read(self, now: Moment) -> Result<Milestone, Error> {
        let (earliest, latest) = (db::exact_moment(&self.earliest)?, db::exact_moment(&self.latest)?);
        let left = db::amount(&self.remaining)?;
        let state = match left {
            Amount(0) => MilestoneState::Done,
            _ if now > latest => MilestoneState::Late,
            _ if now < earliest => MilestoneState::Waiting,
            _ => MilestoneState::Open,
        };
        let freed = match (self.freed, self.freed_how, self.freed_height, self.freed_moment) {
            (None, None, None, None) => None,
            (Some(amount), Some(how), Some(height), Some(moment)) => {
                let Instant { time, moment } = db::instant(moment)?;
                Some(Freed {
                    amount: db::amount(&amount)?,
                    how: db::name(how)?,
                    proposal: self.freed_by.map(TryInto::try_into).transpose()?,
                    height: height.try_into()?,
                    time,
                    moment,
                })
            }
            _ => return Err(Unreadable("milestone").into()),
        };
        Ok(Milestone {
            number: self.milestone.try_into()?,
            payee: db::account(&self.payee)?,
            amount: db::amount(&self.amount)?,
            earliest: earliest.into(),
            latest: latest.into(),
            deliverable: db::hash(&self.deliverable)?,
            paid: db::amount(&self.paid)?,
            left,
            releases: self.releases.try_into()?,
            state,
            freed,
            made: Vec::new(),
            pending: Vec::new(),
        })
    }
}
