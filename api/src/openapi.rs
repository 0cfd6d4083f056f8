//! The API's description: OpenAPI 3.1, made from the same routes that answer.

use crate::{
    model::{FrozenKind, KindName, MechanismName, Problem, RoleName, StateName, SupportName},
    server,
};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gaia Governance",
        description = "Read-only mirror of the governance contracts.\n\n\
            Every answer carries the block at which the mirror stands, and everything in the answer is as it was when \
            that block was done. Amounts are decimal strings in base units, accounts are SS58 addresses of prefix 42, \
            hashes and bytes are 0x and hexadecimal digits, moments are milliseconds since the Unix epoch on the \
            contracts' clock.\n\n\
            Lists are answered in pages: `next_cursor` is what to send as `cursor` for the next one. Answers under \
            `/v1` have an ETag and are 304 to the same If-None-Match until a block changes them. Problems are those of \
            RFC 9457.",
    ),
    tags(
        (name = "governance", description = "Proposals, votes, and the rules of both"),
        (name = "accounts", description = "Accounts of the governance token, and through whom they vote"),
        (name = "registry", description = "Identities, who vouches for them, freezes, roles and signing keys"),
        (name = "treasury", description = "The treasury"),
        (name = "settings", description = "What governance tells the systems: parameters, flags, releases, anchors of audit logs"),
        (name = "monitoring", description = "The mirror's and the program's own state"),
    ),
    components(schemas(FrozenKind, Problem, KindName, MechanismName, RoleName, StateName, SupportName))
)]
struct Described;

/// The description without its paths.
pub(crate) fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The description, as it is served and committed.
///
/// # Errors
/// If it could not be written as JSON, which it can.
pub fn json() -> Result<String, serde_json::Error> {
    let (_, document) = server::routes().split_for_parts();
    let mut text = document.to_pretty_json()?;
    text.push('\n');
    Ok(text)
}
