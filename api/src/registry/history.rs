//! Who did what to whom.

use super::{Whose, identity, identity::known, standing::tier};
use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{Hash, Instant, Page, REGISTRY_EVENT_KINDS, RegistryEvent, RegistryEventKind},
    page::{EventPlace, Part, Row},
    params::{self, FromParams, Params, Parsed, Segment},
    problem::{Error, NoSuchIdentity, Refusals, Unreadable},
    server::App,
};
use axum::response::Response;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(history)).routes(routes!(identity_history))
}

/// Place in the history.
type Place = EventPlace<63>;

/// Place in the history of an identity.
type IdentityPlace = EventPlace<64>;

/// Which part of the history is asked for. Of `account`, `identity` and `by`, one can be given.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct HistoryFilter {
    /// Only what is about this account: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits. Neither with
    /// `identity` nor with `by`.
    #[param(value_type = Option<String>)]
    account: Option<Account>,
    /// Only what is about this identity: 0x and 64 hexadecimal digits. Neither with `account` nor with `by`.
    #[param(value_type = Option<String>)]
    identity: Option<Hash>,
    /// Only what this account did: an SS58 address of prefix 42, or 0x and 64 hexadecimal digits. Neither with `account`
    /// nor with `identity`.
    #[param(value_type = Option<String>)]
    by: Option<Account>,
    /// Only what is of this kind.
    #[param(value_type = Option<RegistryEventKind>)]
    kind: Option<String>,
}

impl FromParams for HistoryFilter {
    fn from_params(params: &mut Params) -> Self {
        let filter = Self {
            account: params.one("account", str::parse),
            identity: params.one("identity", identity),
            by: params.one("by", str::parse),
            kind: params.one("kind", |text| params::name_among(&REGISTRY_EVENT_KINDS, text)),
        };
        let given = [filter.account.is_some(), filter.identity.is_some(), filter.by.is_some()];
        if given.into_iter().filter(|given| *given).count() > 1 {
            params.refuse("by", "cannot be given together with account or identity, nor these with each other");
        }
        filter
    }
}

/// Which kind of an identity's history is asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct KindFilter {
    /// Only what is of this kind.
    #[param(value_type = Option<RegistryEventKind>)]
    kind: Option<String>,
}

impl FromParams for KindFilter {
    fn from_params(params: &mut Params) -> Self {
        Self { kind: params.one("kind", |text| params::name_among(&REGISTRY_EVENT_KINDS, text)) }
    }
}

/// Who did what to whom in the registry, the newest first.
#[utoipa::path(
    get,
    path = "/v1/registry/history",
    operation_id = "registry_history",
    tag = "registry",
    params(HistoryFilter, Part<Place>),
    responses((status = 200, description = "A part of the history", body = Page<RegistryEvent>), Refusals)
)]
async fn history(
    asked: Asked,
    Parsed((filter, part)): Parsed<(HistoryFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| events_of(snapshot, &filter, part).await).await
}

/// All that happened to an identity and to the accounts that belonged to it then, the newest first.
#[utoipa::path(
    get,
    path = "/v1/identities/{id}/history",
    operation_id = "identity_history",
    tag = "registry",
    params(Whose, KindFilter, Part<IdentityPlace>),
    responses(
        (status = 200, description = "A part of the history", body = Page<RegistryEvent>),
        NoSuchIdentity,
        Refusals
    )
)]
async fn identity_history(
    asked: Asked,
    Segment(Whose(identity)): Segment<Whose>,
    Parsed((filter, part)): Parsed<(KindFilter, Part<IdentityPlace>)>,
) -> Result<Response, Error> {
    let filter = HistoryFilter { account: None, identity: Some(identity), by: None, kind: filter.kind };
    asked
        .list(part, async |snapshot, part| {
            let rows = events_of(snapshot, &filter, part).await?;
            if rows.is_empty() {
                known(snapshot, identity).await?;
            }
            Ok(rows)
        })
        .await
}

/// Rows of what `filter` lets through, the newest first: each filter walks an index of its own.
async fn events_of<const LIST: u8>(
    snapshot: &mut Snapshot,
    filter: &HistoryFilter,
    part: &Part<EventPlace<LIST>>,
) -> Result<Vec<EventRow>, Error> {
    /// The query with one condition, and its arguments.
    macro_rules! events {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                EventRow,
                r#"SELECT height AS "height!", index AS "index!", moment AS "moment!", kind AS "kind!", identity,
                    account, linked_with, actor, proposal, reason, tier, until, commitment, nonce, tiers, daily_cap,
                    role, key, origin
                FROM mirror.registry_events
                WHERE (height, index) < ($1, $2) AND "# + $condition + " ORDER BY height DESC, index DESC LIMIT $3",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let EventPlace { height, index } = part.cursor.unwrap_or(EventPlace::FIRST);
    let rows = part.limit.rows();
    let HistoryFilter { account, identity, by, kind } = filter;
    let account = account.as_ref().map(|account| account.bytes().as_slice());
    let identity = identity.as_ref().map(|identity| identity.0.as_slice());
    let by = by.as_ref().map(|by| by.bytes().as_slice());
    let found = match (account, identity, by, kind) {
        (Some(account), _, _, None) => events!("account = $4", height, index, rows, account),
        (Some(account), _, _, Some(kind)) => {
            events!("account = $4 AND kind = $5", height, index, rows, account, kind)
        }
        (None, Some(identity), _, None) => events!("identity = $4", height, index, rows, identity),
        (None, Some(identity), _, Some(kind)) => {
            events!("identity = $4 AND kind = $5", height, index, rows, identity, kind)
        }
        (None, None, Some(by), None) => events!("actor = $4", height, index, rows, by),
        (None, None, Some(by), Some(kind)) => events!("actor = $4 AND kind = $5", height, index, rows, by, kind),
        (None, None, None, Some(kind)) => events!("kind = $4", height, index, rows, kind),
        (None, None, None, None) => events!("true", height, index, rows),
    };
    Ok(found?)
}

/// What happened, as stored.
struct EventRow {
    height: i64,
    index: i32,
    moment: i64,
    kind: String,
    identity: Option<Vec<u8>>,
    account: Option<Vec<u8>>,
    linked_with: Option<Vec<u8>>,
    actor: Option<Vec<u8>>,
    proposal: Option<i64>,
    reason: Option<i32>,
    tier: Option<i16>,
    until: Option<i64>,
    commitment: Option<Vec<u8>>,
    nonce: Option<i64>,
    tiers: Option<Vec<i16>>,
    daily_cap: Option<i64>,
    role: Option<String>,
    key: Option<i64>,
    origin: Option<String>,
}

impl<const LIST: u8> Row<EventPlace<LIST>> for EventRow {
    type Item = RegistryEvent;

    fn place(&self) -> Result<EventPlace<LIST>, Error> {
        Ok(EventPlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<RegistryEvent, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let account = |bytes: Option<Vec<u8>>| bytes.as_deref().map(db::account).transpose();
        let hash = |bytes: Option<Vec<u8>>| bytes.as_deref().map(db::hash).transpose();
        let tiers = self.tiers.map(|tiers| tiers.into_iter().map(tier).collect::<Result<_, _>>());
        Ok(RegistryEvent {
            kind: db::name(self.kind)?,
            identity: hash(self.identity)?,
            account: account(self.account)?,
            linked_with: account(self.linked_with)?,
            by: account(self.actor)?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            reason: self.reason.map(TryInto::try_into).transpose().map_err(|_| Unreadable("reason"))?,
            tier: self.tier.map(tier).transpose()?,
            until: self.until.map(db::instant).transpose()?,
            commitment: hash(self.commitment)?,
            nonce: self.nonce.map(TryInto::try_into).transpose()?,
            tiers: tiers.transpose()?,
            daily_cap: self.daily_cap.map(TryInto::try_into).transpose()?,
            role: self.role.map(db::name).transpose()?,
            key: self.key.map(TryInto::try_into).transpose()?,
            origin: self.origin,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
