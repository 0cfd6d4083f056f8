//! What an account is to those who pay it or let it do things.

use super::stored;
use crate::{
    account::Account,
    db::{self, Snapshot},
    model::Hash,
    problem::{Error, Unreadable},
};
use interfaces::{Moment, registry::Tier, roles::Role};

/// What an account is at a block's time.
#[derive(Debug)]
pub(crate) struct Standing {
    /// To whom it belongs.
    pub identity: Option<Hash>,
    /// At which tier that was last attested.
    pub tier: Option<Tier>,
    /// Whether it still is.
    pub attested: bool,
    /// Whether the account or its identity is frozen.
    pub frozen: bool,
    /// Its roles.
    pub roles: Vec<Role>,
    /// How often it was linked.
    pub link_nonce: u32,
}

impl Standing {
    /// The highest tier that a payment to it may ask for: the contract's `is_cleared` says yes up to it.
    pub fn cleared_tier(&self) -> Option<Tier> {
        self.tier.filter(|_| self.attested && !self.frozen)
    }
}

/// What an account is at the snapshot's block.
pub(crate) async fn standing(snapshot: &mut Snapshot, account: Account) -> Result<Standing, Error> {
    let now = snapshot.block.moment;
    let bytes = account.bytes().as_slice();
    let row = sqlx::query!(
        r#"SELECT m.identity, i.tier AS "tier?", i.expires AS "expires?", i.counts AS "counts?",
            EXISTS (SELECT FROM mirror.freezes AS f WHERE f.kind = 'identity' AND f.subject = m.identity)
                AS "identity_frozen!",
            EXISTS (SELECT FROM mirror.freezes AS f WHERE f.kind = 'account' AND f.subject = $1) AS "frozen!",
            (SELECT nonce FROM mirror.link_nonces AS n WHERE n.account = $1) AS nonce
        FROM (SELECT $1::bytea AS account) AS it
            LEFT JOIN mirror.members AS m ON m.account = it.account
            LEFT JOIN mirror.identities AS i ON i.identity = m.identity"#,
        bytes
    )
    .fetch_one(snapshot.connection())
    .await?;
    let attested = match (row.counts, row.expires) {
        (Some(counts), Some(expires)) => counts && now <= db::instant(expires)?.moment,
        _ => false,
    };
    Ok(Standing {
        identity: row.identity.as_deref().map(db::hash).transpose()?,
        tier: row.tier.map(tier).transpose()?,
        attested,
        frozen: row.frozen || row.identity_frozen,
        roles: roles_at(snapshot, account, now).await?,
        link_nonce: row.nonce.unwrap_or_default().try_into()?,
    })
}

/// A tier as stored.
pub(super) fn tier(number: i16) -> Result<Tier, Unreadable> {
    number.try_into().map_err(|_| Unreadable("tier"))
}

async fn roles_at(snapshot: &mut Snapshot, account: Account, now: Moment) -> Result<Vec<Role>, Error> {
    let rows = sqlx::query_scalar!(
        r#"SELECT role AS "role!" FROM mirror.roles WHERE account = $1 AND until >= $2 ORDER BY until, role"#,
        account.bytes().as_slice(),
        stored(now)
    )
    .fetch_all(snapshot.connection())
    .await?;
    Ok(rows.into_iter().map(db::name).collect::<Result<_, _>>()?)
}
