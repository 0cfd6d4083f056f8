//! What this program reads, so that a database of another version is recognised before a request fails on it.

use crate::{
    db::Snapshot,
    problem::{Error, NotReady},
};

/// The views, and their columns.
const MIRROR: [(&str, &str); 30] = [
    ("accounts", "account balance power"),
    ("attestors", "account tiers daily_cap"),
    ("block", "height hash moment finalized"),
    ("calls", "proposal option number target selector input value code_hash"),
    ("contracts", "name account"),
    ("delegations", "delegator representative number share_bps ends"),
    ("freezes", "kind subject reason actor height index moment"),
    ("governor", "guardian guardian_until live_limit"),
    ("head", "height observed_at"),
    ("identities", "identity attestor tier expires commitment counts revoked frozen height"),
    ("identity_votes", "proposal identity votes cost"),
    ("keys", "number origin holder key begins until revoked height"),
    ("link_nonces", "account nonce"),
    ("members", "account identity linked_with height moment"),
    ("native_balances", "account height free"),
    ("options", "proposal number title votes"),
    ("overrides", "proposal representative holder power height index moment"),
    ("population", "since population"),
    (
        "proposals",
        "proposal proposer kind mechanism title link content_hash state drafted_at revision draft_snapshot sponsored \
         created_at created_height deposit snapshot voting_ends voting_period voting_freeze extension quorum_bps approval_bps \
         plurality_bps credits execution_delay execution_window spend_cap period_cap period guarded electorate \
         quorum_reached_at votes_for votes_against votes_abstain turnout backing rankings voters counted_at winner \
         queued_at ready_at expires_at executed_at executor spent cancelled_at cancelled_by vetoed_at abuse settled_at \
         deposit_to",
    ),
    ("rankings", "proposal ranking power"),
    (
        "registry_events",
        "height index moment kind identity account linked_with actor proposal reason tier until commitment nonce tiers \
         daily_cap role key origin",
    ),
    ("roles", "account role until height moment"),
    ("round_tallies", "proposal round option votes"),
    ("rounds", "proposal round exhausted eliminated elected tie_break moment"),
    (
        "rules",
        "kind mechanisms proposal_threshold deposit voting_delay voting_period voting_freeze extension quorum_bps approval_bps \
         plurality_bps credits execution_delay execution_window spend_cap period_cap period guarded height",
    ),
    ("source", "chain genesis_hash"),
    ("sponsors", "proposal revision sponsor power moment"),
    ("treasury_movements", "height index moment kind account amount proposal"),
    ("upgrades", "height index moment contract code_hash proposal"),
    ("votes", "proposal voter choice support power changes height index moment"),
];

/// Checks that the mirror holds all that is read of it.
///
/// # Errors
/// [`Error::NotReady`] with what is missing, or [`Error::Database`].
pub async fn check(snapshot: &mut Snapshot) -> Result<(), Error> {
    let found = sqlx::query!(
        r#"SELECT table_name::text AS "view!", column_name::text AS "column!"
        FROM information_schema.columns WHERE table_schema = 'mirror'"#
    )
    .fetch_all(snapshot.connection())
    .await?;
    let missing: Vec<_> = MIRROR
        .iter()
        .flat_map(|(view, columns)| columns.split(' ').map(move |column| (*view, column)))
        .filter(|(view, column)| !found.iter().any(|row| row.view == *view && row.column == *column))
        .map(|(view, column)| format!("mirror.{view}.{column}"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(NotReady::MissingColumns(missing).into()) }
}
