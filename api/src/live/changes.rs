//! What changed after a block, as the mirror has it.

use crate::{
    db::{self, Snapshot},
    governance::{VoteRow, proposals_of},
    model::{Block, LedgerEntry, LiveTopic, Proposal, Vote},
    page::{EventPlace, Row},
    problem::Error,
    treasury::entries,
};
use std::collections::HashMap;

/// About how many rows of each topic are read at once. Blocks are never cut in two, so one can have more.
const ROWS: i64 = 200;

/// What changed in some blocks.
#[derive(Debug)]
pub struct Changes {
    /// What changed, the oldest change first, each as it stands now: what changed again later is not among them.
    pub changes: Vec<Change>,
    /// The last of these blocks.
    pub upto: Block,
}

/// Something that changed.
#[derive(Debug)]
pub enum Change {
    /// A proposal or draft: something happened to it, it was voted on, or its time came.
    Proposal(Box<Proposal>),
    /// A vote was cast or changed.
    Vote(Vote),
    /// The treasury's ledger has an entry more.
    Treasury(LedgerEntry),
}

/// What changed of these topics in the blocks after `last`: in all of them, or in the first ones if it is much.
///
/// # Errors
/// Those of the database, and if what is stored makes no sense.
pub async fn after(snapshot: &mut Snapshot, last: u64, topics: &[LiveTopic]) -> Result<Changes, Error> {
    let upto = upto(snapshot, last, topics).await?;
    let (first, last) = (i64::try_from(last)?, i64::try_from(upto.height)?);
    let mut changes = Vec::new();
    for topic in topics {
        match topic {
            LiveTopic::Proposals => proposals(snapshot, first, last, &mut changes).await?,
            LiveTopic::Votes => votes(snapshot, first, last, &mut changes).await?,
            LiveTopic::Treasury => treasury(snapshot, first, last, &mut changes).await?,
        }
    }
    changes.sort_by_key(|(height, _)| *height);
    Ok(Changes { changes: changes.into_iter().map(|(_, change)| change).collect(), upto })
}

/// The block up to which not too much changed.
async fn upto(snapshot: &mut Snapshot, last: u64, topics: &[LiveTopic]) -> Result<Block, Error> {
    let tip = snapshot.block.height;
    let mut upto = tip;
    for topic in topics {
        let beyond = beyond(snapshot, i64::try_from(last)?, *topic).await?;
        if let Some(beyond) = beyond.map(u64::try_from).transpose()? {
            upto = upto.min(beyond.saturating_sub(1).max(last.saturating_add(1)));
        }
    }
    if upto == tip {
        return Ok(snapshot.block.clone());
    }
    // The mirror's first block, if what is known is before it.
    let row = sqlx::query!(
        r#"SELECT height AS "height!", hash AS "hash!", moment AS "moment!", finalized AS "finalized!"
        FROM mirror.blocks WHERE height >= $1 ORDER BY height LIMIT 1"#,
        i64::try_from(upto)?
    )
    .fetch_one(snapshot.connection())
    .await?;
    db::block(row.height, &row.hash, row.moment, row.finalized)
}

/// What a statement finds after `last` and as many rows as are read at once.
macro_rules! row_too_many {
    ($connection:expr, $last:expr, $sql:literal) => {
        sqlx::query_scalar!($sql, $last, ROWS).fetch_optional($connection).await
    };
}

/// Height of the first row that is too many, if there are that many.
async fn beyond(snapshot: &mut Snapshot, last: i64, topic: LiveTopic) -> Result<Option<i64>, Error> {
    let connection = snapshot.connection();
    let beyond = match topic {
        LiveTopic::Proposals => row_too_many!(
            connection,
            last,
            r#"SELECT changed_height AS "height!" FROM mirror.proposals WHERE changed_height > $1
            ORDER BY changed_height, proposal OFFSET $2 LIMIT 1"#
        ),
        LiveTopic::Votes => row_too_many!(
            connection,
            last,
            r#"SELECT height AS "height!" FROM mirror.votes WHERE height > $1 ORDER BY height, index OFFSET $2 LIMIT 1"#
        ),
        LiveTopic::Treasury => row_too_many!(
            connection,
            last,
            r#"SELECT height AS "height!" FROM mirror.treasury_ledger WHERE height > $1
            ORDER BY height, index OFFSET $2 LIMIT 1"#
        ),
    };
    Ok(beyond?)
}

async fn proposals(
    snapshot: &mut Snapshot,
    first: i64,
    last: i64,
    changes: &mut Vec<(i64, Change)>,
) -> Result<(), Error> {
    let changed = sqlx::query!(
        r#"SELECT proposal AS "proposal!", changed_height AS "height!" FROM mirror.proposals
        WHERE changed_height > $1 AND changed_height <= $2"#,
        first,
        last
    )
    .fetch_all(snapshot.connection())
    .await?;
    let heights: HashMap<_, _> = changed.iter().map(|row| (row.proposal, row.height)).collect();
    let numbers: Vec<_> = heights.keys().copied().collect();
    // They come the newest first; of one block, the oldest is to be the first.
    for row in proposals_of(snapshot, &numbers).await?.into_iter().rev() {
        let height = heights.get(&row.number()).copied().unwrap_or(last);
        changes.push((height, Change::Proposal(Box::new(row.proposal()?))));
    }
    Ok(())
}

async fn votes(snapshot: &mut Snapshot, first: i64, last: i64, changes: &mut Vec<(i64, Change)>) -> Result<(), Error> {
    let rows = sqlx::query_as!(
        VoteRow,
        r#"SELECT proposal AS "proposal!", voter AS "voter!", choice AS "choice!", power::text AS "power!",
            changes AS "changes!", height AS "height!", index AS "index!", moment AS "moment!"
        FROM mirror.votes WHERE height > $1 AND height <= $2 ORDER BY height, index"#,
        first,
        last
    )
    .fetch_all(snapshot.connection())
    .await?;
    for row in rows {
        changes.push((row.height, Change::Vote(Row::<EventPlace<2>>::read(row)?)));
    }
    Ok(())
}

async fn treasury(
    snapshot: &mut Snapshot,
    first: i64,
    last: i64,
    changes: &mut Vec<(i64, Change)>,
) -> Result<(), Error> {
    let rows = entries!(snapshot.connection(), "height > $1 AND height <= $2 ORDER BY height, index", first, last)?;
    for row in rows {
        changes.push((row.height, Change::Treasury(row.read()?)));
    }
    Ok(())
}
