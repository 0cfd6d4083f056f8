//! One identity, and the accounts that belong to it.

use super::{
    Whose,
    freezes::{FreezeRow, frozen_identity},
    identities::IdentityRow,
    stored,
};
use crate::{
    answer::Asked,
    db::{self, Snapshot},
    model::{Answer, Hash, IdentityProfile, IdentityState, Instant, Joining, Member, Page},
    page::{Key, Part, Row},
    params::{Parsed, Segment},
    problem::{Error, NoSuchIdentity, Refusals},
    server::App,
};
use axum::response::Response;
use scale::{Decode, Encode};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(identity)).routes(routes!(accounts))
}

/// How many accounts an identity is told with.
const SHOWN: usize = 100;

/// Place in the list of an identity's accounts.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    account: [u8; 32],
}

impl Key for Place {
    const LIST: u8 = 61;
}

/// An identity: what was last said of it, whether it is attested and frozen, and the first of its accounts.
#[utoipa::path(
    get,
    path = "/v1/identities/{id}",
    tag = "registry",
    params(Whose),
    responses((status = 200, description = "The identity", body = Answer<IdentityProfile>), NoSuchIdentity, Refusals)
)]
async fn identity(
    asked: Asked,
    Segment(Whose(identity)): Segment<Whose>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked.one(async |snapshot| profile(snapshot, identity).await).await
}

async fn profile(snapshot: &mut Snapshot, identity: Hash) -> Result<IdentityProfile, Error> {
    let now = stored(snapshot.block.moment);
    let said = sqlx::query_as!(
        IdentityRow,
        r#"SELECT identity AS "identity!", attestor AS "attestor!", tier AS "tier!", expires AS "expires!",
            commitment AS "commitment!", counts AS "counts!", revoked AS "revoked!", frozen AS "frozen!",
            height AS "height!", $2::bigint AS "now!"
        FROM mirror.identities WHERE identity = $1"#,
        identity.0.as_slice(),
        now
    )
    .fetch_optional(snapshot.connection())
    .await?;
    if said.is_none() {
        known(snapshot, identity).await?;
    }
    let attestation = said.as_ref().map(IdentityRow::attestation).transpose()?;
    let mut rows = members_of(snapshot, identity, &[], i64::try_from(SHOWN)?.saturating_add(1)).await?;
    let more_accounts = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let freeze = frozen_identity(snapshot, identity).await?.map(FreezeRow::read).transpose()?;
    Ok(IdentityProfile {
        identity,
        attested: attestation.as_ref().is_some_and(|it| it.state == IdentityState::Attested),
        attestation,
        freeze,
        accounts: rows.into_iter().map(MemberRow::read).collect::<Result<_, _>>()?,
        more_accounts,
    })
}

/// Refuses an identity of which the registry never heard.
pub(super) async fn known(snapshot: &mut Snapshot, identity: Hash) -> Result<(), Error> {
    sqlx::query_scalar!("SELECT 1 FROM mirror.registry_events WHERE identity = $1 LIMIT 1", identity.0.as_slice())
        .fetch_optional(snapshot.connection())
        .await?
        .map(drop)
        .ok_or_else(|| Error::UnknownIdentity(identity.to_string()))
}

/// The accounts that belong to an identity, by their bytes.
#[utoipa::path(
    get,
    path = "/v1/identities/{id}/accounts",
    operation_id = "identity_accounts",
    tag = "registry",
    params(Whose, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Member>), NoSuchIdentity, Refusals)
)]
async fn accounts(
    asked: Asked,
    Segment(Whose(identity)): Segment<Whose>,
    Parsed(part): Parsed<Part<Place>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let after = part.cursor.map(|place| place.account.to_vec()).unwrap_or_default();
            let rows = members_of(snapshot, identity, &after, part.limit.rows()).await?;
            if rows.is_empty() {
                known(snapshot, identity).await?;
            }
            Ok(rows)
        })
        .await
}

async fn members_of(snapshot: &mut Snapshot, identity: Hash, after: &[u8], rows: i64) -> Result<Vec<MemberRow>, Error> {
    let found = sqlx::query_as!(
        MemberRow,
        r#"SELECT m.account AS "account!", m.linked_with, m.height AS "height!", m.moment AS "moment!",
            EXISTS (SELECT FROM mirror.freezes AS f WHERE f.kind = 'account' AND f.subject = m.account) AS "frozen!"
        FROM mirror.members AS m WHERE m.identity = $1 AND m.account > $2 ORDER BY m.account LIMIT $3"#,
        identity.0.as_slice(),
        after,
        rows
    )
    .fetch_all(snapshot.connection())
    .await?;
    Ok(found)
}

/// An account of an identity as stored.
struct MemberRow {
    account: Vec<u8>,
    linked_with: Option<Vec<u8>>,
    height: i64,
    moment: i64,
    frozen: bool,
}

impl Row<Place> for MemberRow {
    type Item = Member;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { account: db::account(&self.account)?.into() })
    }

    fn read(self) -> Result<Member, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let linked_with = self.linked_with.as_deref().map(db::account).transpose()?;
        Ok(Member {
            account: db::account(&self.account)?,
            how: if linked_with.is_some() { Joining::Linked } else { Joining::Attested },
            linked_with,
            frozen: self.frozen,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
