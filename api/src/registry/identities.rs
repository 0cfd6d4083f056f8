//! The list of identities.

use super::{standing::tier, stored};
use crate::{
    account::Account,
    answer::Asked,
    db::{self, Snapshot},
    model::{Attestation, IDENTITY_STATES, Identity, IdentityState, Page},
    page::{Key, Part, Row},
    params::{self, FromParams, Params, Parsed},
    problem::{Error, Refusals},
    server::App,
};
use axum::response::Response;
use interfaces::{
    Moment,
    registry::{Attestation as Said, Tier, limits},
};
use scale::{Decode, Encode};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(identities))
}

/// Place in the list of identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
struct Place {
    expires: i64,
    identity: [u8; 32],
}

impl Key for Place {
    const LIST: u8 = 60;
}

/// Which identities are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct IdentityFilter {
    /// Only those of which this account said last what was said: an SS58 address of prefix 42, or 0x and 64 hexadecimal
    /// digits.
    #[param(value_type = Option<String>)]
    attestor: Option<Account>,
    /// Only those of this tier and higher ones.
    #[param(value_type = Option<u8>, maximum = 15)]
    tier: Option<Tier>,
    /// Only those in this state at the block's time.
    #[param(value_type = Option<IdentityState>)]
    state: Option<String>,
    /// Only those that are frozen, or that are not.
    #[param(value_type = Option<bool>)]
    frozen: Option<bool>,
}

impl FromParams for IdentityFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            attestor: params.one("attestor", str::parse),
            tier: params.one("tier", |text| {
                let tier = text.parse().ok().filter(|tier| *tier < limits::TIERS);
                tier.ok_or_else(|| format!("must be a whole number below {}", limits::TIERS))
            }),
            state: params.one("state", |text| params::name_among(&IDENTITY_STATES, text)),
            frozen: params.one("frozen", params::yes_or_no),
        }
    }
}

/// Identities that were ever attested, those first whose time is over first.
#[utoipa::path(
    get,
    path = "/v1/identities",
    tag = "registry",
    params(IdentityFilter, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Identity>), Refusals)
)]
async fn identities(
    asked: Asked,
    Parsed((filter, part)): Parsed<(IdentityFilter, Part<Place>)>,
) -> Result<Response, Error> {
    asked.list(part, async |snapshot, part| identities_of(snapshot, &filter, part).await).await
}

/// What a filter comes to: a range of ends, and what each column may be.
struct Range {
    /// The place after which the rows come.
    after: (i64, Vec<u8>),
    /// The last end.
    last: i64,
    tiers: Vec<i16>,
    revoked: Vec<bool>,
    frozen: Vec<bool>,
}

impl Range {
    fn of(filter: &IdentityFilter, cursor: Option<Place>, now: Moment) -> Result<Self, Error> {
        let state: Option<IdentityState> = filter.state.clone().map(db::name).transpose()?;
        let both = || vec![false, true];
        // What is not revoked is attested up to the last moment and has expired after it, whether somebody noted that or
        // not: it can be noted only then. This is `Attestation::holds`, as a range.
        let (first, last, revoked) = match state {
            None => (i64::MIN, i64::MAX, both()),
            Some(IdentityState::Revoked) => (i64::MIN, i64::MAX, vec![true]),
            Some(IdentityState::Attested) => (stored(now), i64::MAX, vec![false]),
            Some(IdentityState::Expired) => (i64::MIN, stored(now).saturating_sub(1), vec![false]),
        };
        let cursor = cursor.filter(|place| place.expires >= first);
        Ok(Self {
            after: cursor.map_or((first, Vec::new()), |place| (place.expires, place.identity.to_vec())),
            last,
            tiers: (filter.tier.unwrap_or_default()..limits::TIERS).map(i16::from).collect(),
            revoked,
            frozen: filter.frozen.map_or_else(both, |frozen| vec![frozen]),
        })
    }
}

/// Rows of the identities that `filter` lets through. Where only the attestor counts, they are a stretch of one index;
/// else they are merged from one stretch for each tier and state, each no longer than the page.
async fn identities_of(
    snapshot: &mut Snapshot,
    filter: &IdentityFilter,
    part: &Part<Place>,
) -> Result<Vec<IdentityRow>, Error> {
    /// The query for a stretch with one condition, and its arguments.
    macro_rules! stretch {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                IdentityRow,
                r#"SELECT identity AS "identity!", attestor AS "attestor!", tier AS "tier!", expires AS "expires!",
                    commitment AS "commitment!", counts AS "counts!", revoked AS "revoked!", frozen AS "frozen!",
                    height AS "height!", $4::bigint AS "now!"
                FROM mirror.identities
                WHERE (expires, identity) > ($1, $2) AND "# + $condition + " ORDER BY expires, identity LIMIT $3",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    /// The same for several stretches.
    macro_rules! merged {
        ($condition:literal, $($arguments:expr),+) => {
            sqlx::query_as!(
                IdentityRow,
                r#"SELECT it.identity AS "identity!", it.attestor AS "attestor!", it.tier AS "tier!",
                    it.expires AS "expires!", it.commitment AS "commitment!", it.counts AS "counts!",
                    it.revoked AS "revoked!", it.frozen AS "frozen!", it.height AS "height!", $4::bigint AS "now!"
                FROM unnest($5::smallint[]) AS a (tier), unnest($6::boolean[]) AS b (revoked),
                    unnest($7::boolean[]) AS c (frozen),
                    LATERAL (
                        SELECT * FROM mirror.identities AS i
                        WHERE i.tier = a.tier AND i.revoked = b.revoked AND i.frozen = c.frozen
                            AND (i.expires, i.identity) > ($1, $2) AND i.expires <= $8 AND "#
                + $condition
                + " ORDER BY i.expires, i.identity LIMIT $3
                    ) AS it
                ORDER BY it.expires, it.identity LIMIT $3",
                $($arguments),+
            )
            .fetch_all(snapshot.connection())
            .await
        };
    }
    let now = snapshot.block.moment;
    let Range { after: (expires, identity), last, tiers, revoked, frozen } = Range::of(filter, part.cursor, now)?;
    let (rows, now) = (part.limit.rows(), stored(now));
    let plain = filter.tier.is_none() && filter.state.is_none() && filter.frozen.is_none();
    let attestor = filter.attestor.as_ref().map(|account| account.bytes().as_slice());
    let found = match (plain, attestor) {
        (true, None) => stretch!("true", expires, identity, rows, now),
        (true, Some(attestor)) => stretch!("attestor = $5", expires, identity, rows, now, attestor),
        (false, None) => merged!("true", expires, identity, rows, now, &tiers, &revoked, &frozen, last),
        (false, Some(attestor)) => {
            merged!("i.attestor = $9", expires, identity, rows, now, &tiers, &revoked, &frozen, last, attestor)
        }
    };
    Ok(found?)
}

/// An identity as stored.
pub(super) struct IdentityRow {
    pub identity: Vec<u8>,
    pub attestor: Vec<u8>,
    pub tier: i16,
    pub expires: i64,
    pub commitment: Vec<u8>,
    pub counts: bool,
    pub revoked: bool,
    pub frozen: bool,
    pub height: i64,
    /// The moment at which it is looked at.
    pub now: i64,
}

impl IdentityRow {
    /// What was last said of it.
    pub fn attestation(&self) -> Result<Attestation, Error> {
        let said = Said {
            attestor: <[u8; 32]>::from(db::account(&self.attestor)?).into(),
            tier: tier(self.tier)?,
            expires: db::instant(self.expires)?.moment,
            commitment: db::hash(&self.commitment)?.0.into(),
            counts: self.counts,
        };
        Ok(Attestation::new(&said, self.revoked, db::instant(self.now)?.moment))
    }
}

impl Row<Place> for IdentityRow {
    type Item = Identity;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { expires: self.expires, identity: db::hash(&self.identity)?.0 })
    }

    fn read(self) -> Result<Identity, Error> {
        Ok(Identity {
            identity: db::hash(&self.identity)?,
            attestation: self.attestation()?,
            frozen: self.frozen,
            height: self.height.try_into()?,
        })
    }
}
