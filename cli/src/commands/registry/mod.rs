//! The verbs about identities: who attests them, which accounts belong to them, who is frozen, roles and keys.

mod attest;
mod freeze;
mod link;
mod show;

pub use attest::{Attest, Detach, Expire, Renew, Revoke, for_a_year};
pub use freeze::{Freeze, Unfreeze};
pub use link::Link;
pub use show::{Identity, Keys, Roles};
