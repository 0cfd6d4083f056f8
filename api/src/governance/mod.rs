//! Proposals, how they are voted on, and by which rules.

mod count;
mod proposals;
mod rules;
mod sponsors;
mod stored;
mod votes;

pub(crate) use stored::proposals_of;
pub(crate) use votes::{VoteRow, votes_where};

use crate::{db::Snapshot, params::FromSegment, problem::Error, server::App};
use interfaces::ProposalId;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<App> {
    proposals::routes().merge(votes::routes()).merge(count::routes()).merge(sponsors::routes()).merge(rules::routes())
}

/// A proposal's number in a path.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
struct Number(
    /// The proposal's number.
    #[param(value_type = u32)]
    ProposalId,
);

impl FromSegment for Number {
    fn from_segment(segment: &str) -> Result<Self, Error> {
        if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid("id", "must be a proposal's number, such as 0 or 17"));
        }
        // A number too large for a proposal is still a number.
        segment.parse().map(Self).map_err(|_| Error::UnknownProposal(segment.to_owned()))
    }
}

/// What belongs to the proposal `id`, unless that is nothing because there is no such proposal.
async fn known<R>(snapshot: &mut Snapshot, id: ProposalId, rows: Vec<R>) -> Result<Vec<R>, Error> {
    if rows.is_empty() {
        sqlx::query_scalar!("SELECT 1 FROM mirror.proposals WHERE proposal = $1", i64::from(id))
            .fetch_optional(snapshot.connection())
            .await?
            .ok_or_else(|| Error::UnknownProposal(id.to_string()))?;
    }
    Ok(rows)
}
