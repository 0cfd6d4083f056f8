//! What this program reads, so that a database of another version is recognised before a request fails on it.

use crate::{
    db::Snapshot,
    problem::{Error, NotReady},
};

/// The views, and their columns.
const MIRROR: [(&str, &str); 51] = [
    ("accounts", "account balance power"),
    ("anchors", "origin number size root account height index moment"),
    ("attestors", "account tiers daily_cap"),
    ("block", "height hash moment finalized"),
    ("blocks", "height hash moment finalized"),
    ("calls", "proposal option number target selector input value code_hash"),
    ("contracts", "name account"),
    ("delegations", "delegator representative number share_bps ends"),
    ("existential_deposits", "height amount"),
    ("flag_history", "key height index moment action operator proposal owner ceiling_bps exposure_bps killed body"),
    ("flags", "key owner ceiling_bps exposure_bps killed body height index moment"),
    ("freezes", "kind subject reason actor height index moment"),
    ("governor", "guardian guardian_until live_limit"),
    ("head", "height observed_at"),
    ("identities", "identity attestor tier expires commitment counts revoked frozen height"),
    ("identity_votes", "proposal identity votes cost"),
    ("keys", "number origin holder key begins until revoked height"),
    ("link_nonces", "account nonce"),
    ("members", "account identity linked_with height moment"),
    ("options", "proposal number title votes"),
    ("origins", "origin times"),
    ("overrides", "proposal representative holder power height index moment"),
    ("parameter_history", "key height index moment action definition course proposal"),
    ("parameters", "key owner definition course height index moment"),
    ("population", "since population"),
    (
        "proposals",
        "proposal proposer kind mechanism title link content_hash state drafted_at revision draft_snapshot sponsored \
         created_at created_height deposit snapshot voting_ends voting_period voting_freeze extension quorum_bps approval_bps \
         plurality_bps credits execution_delay execution_window spend_cap period_cap period guarded electorate \
         quorum_reached_at votes_for votes_against votes_abstain turnout backing rankings voters counted_at winner \
         queued_at ready_at expires_at executed_at executor spent cancelled_at cancelled_by vetoed_at abuse settled_at \
         deposit_to changed_height",
    ),
    ("rankings", "proposal ranking power"),
    ("release_reports", "release height index moment report step operator proposal"),
    ("releases", "release component approved stage passed since height index moment proposal"),
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
    ("treasury_approvals", "escrow milestone nonce amount signer since height index moment"),
    ("treasury_assets", "asset balance reserved budgeted"),
    ("treasury_budget_changes", "height index moment category budget available proposal"),
    ("treasury_budgets", "category allotment height moment proposal"),
    ("treasury_escrow_payees", "payee escrow open"),
    ("treasury_escrows", "escrow category asset amount paid remaining milestones open height moment proposal"),
    (
        "treasury_ledger",
        "height index moment asset kind incoming amount counterparty balance excess category escrow milestone stream \
         proposal",
    ),
    (
        "treasury_milestones",
        "escrow milestone payee amount earliest latest deliverable paid remaining releases freed freed_how freed_height \
         freed_moment freed_by",
    ),
    ("treasury_pauses", "height index moment guardian proposal"),
    ("treasury_releases", "escrow milestone nonce amount height moment"),
    ("treasury_signers", "height index moment signers proposal"),
    ("treasury_statements", "height index moment escrow milestone nonce amount signer since"),
    (
        "treasury_streams",
        "stream category asset payee amount begins ends claimed stopped stopped_by height moment proposal",
    ),
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
