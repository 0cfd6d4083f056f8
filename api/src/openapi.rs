//! The API's description: OpenAPI 3.1, made from the same routes that answer.

use crate::{
    model::{FrozenKind, KindName, LiveTopic, MechanismName, Problem, RoleName, StateName, SupportName},
    server,
};
use utoipa::{
    OpenApi,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

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
            RFC 9457.\n\n\
            With `X-Min-Block` an answer is not older than that block: it waits for it up to 5 s, and is 503 if the mirror \
            has not come there then, or 409 if the chain itself has not finalised it. Every replica keeps to it. `/v1/live` \
            tells what changes, as it happens.",
    ),
    tags(
        (name = "governance", description = "Proposals, votes, and the rules of both"),
        (name = "accounts", description = "Accounts of the governance token, and through whom they vote"),
        (name = "registry", description = "Identities, who vouches for them, freezes, roles and signing keys"),
        (name = "treasury", description = "The treasury"),
        (name = "settings", description = "What governance tells the systems: parameters, flags, releases, anchors of audit logs"),
        (name = "live", description = "What changes, as it happens"),
        (name = "monitoring", description = "The mirror's and the program's own state"),
    ),
    components(schemas(FrozenKind, LiveTopic, Problem, KindName, MechanismName, RoleName, StateName, SupportName))
)]
struct Described;

/// The description without its paths.
pub(crate) fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The header that every request for data can have.
fn min_block() -> Parameter {
    ParameterBuilder::new()
        .name("X-Min-Block")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Height of a block that the answer must not be older than."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0))))
        .build()
}

/// The description, as it is served and committed.
///
/// # Errors
/// If it could not be written as JSON, which it can.
pub fn json() -> Result<String, serde_json::Error> {
    let (_, mut document) = server::routes().split_for_parts();
    let data = document.paths.paths.iter_mut().filter(|(path, _)| path.starts_with("/v1/"));
    for operation in data.filter_map(|(_, item)| item.get.as_mut()) {
        operation.parameters.get_or_insert_default().push(min_block().into());
    }
    let mut text = document.to_pretty_json()?;
    text.push('\n');
    Ok(text)
}
