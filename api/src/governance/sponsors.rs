//! Who lends power to drafts.

use super::{Number, known};
use crate::{
    answer::Asked,
    db,
    model::{Instant, Page, Sponsor},
    page::{Key, Part, Row},
    params::{Parsed, Segment},
    problem::{Error, NoSuchProposal, Refusals},
    server::App,
};
use axum::response::Response;
use scale::{Decode, Encode};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sponsors))
}

/// Place in the list of sponsors.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Place {
    revision: i64,
    sponsor: [u8; 32],
}

impl Key for Place {
    const LIST: u8 = 8;
}

/// Who lent power to a proposal while it was a draft, those of its last revision first: they alone count.
#[utoipa::path(
    get,
    path = "/v1/proposals/{id}/sponsors",
    operation_id = "proposal_sponsors",
    tag = "governance",
    params(Number, Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Sponsor>), NoSuchProposal, Refusals)
)]
async fn sponsors(
    asked: Asked,
    Segment(Number(id)): Segment<Number>,
    Parsed(part): Parsed<Part<Place>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let (revision, sponsor) =
                part.cursor.map_or((i64::MAX, Vec::new()), |place| (place.revision, place.sponsor.to_vec()));
            let rows = sqlx::query_as!(
                SponsorRow,
                r#"SELECT revision AS "revision!", sponsor AS "sponsor!", power::text AS "power!", moment AS "moment!"
                FROM mirror.sponsors WHERE proposal = $1 AND (revision, sponsor) < ($2, $3)
                ORDER BY revision DESC, sponsor DESC LIMIT $4"#,
                i64::from(id),
                revision,
                sponsor,
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            known(snapshot, id, rows).await
        })
        .await
}

/// A sponsor as stored.
struct SponsorRow {
    revision: i64,
    sponsor: Vec<u8>,
    power: String,
    moment: i64,
}

impl Row<Place> for SponsorRow {
    type Item = Sponsor;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { revision: self.revision, sponsor: db::account(&self.sponsor)?.into() })
    }

    fn read(self) -> Result<Sponsor, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        Ok(Sponsor {
            revision: self.revision.try_into()?,
            sponsor: db::account(&self.sponsor)?,
            power: db::amount(&self.power)?,
            time,
            moment,
        })
    }
}
