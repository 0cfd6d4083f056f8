//! The mirror over HTTP, read-only.
//!
//! One module per face of the product ([`governance`], [`accounts`], [`registry`], [`treasury`], [`settings`],
//! [`status`]), and [`live`] for what changes in them; what they answer is in [`model`], also for those who read it. Each
//! answer is made from one read-only snapshot of the mirror ([`db::Snapshot`]) and carries that snapshot's block
//! ([`answer`]). Requests are parsed at the edge ([`params`],
//! [`page`], [`account`]), and every refusal is put into words in [`problem`].

pub mod account;
mod accounts;
mod answer;
mod db;
mod governance;
mod live;
mod metrics;
pub mod model;
pub mod openapi;
mod page;
mod params;
mod problem;
mod registry;
mod schema;
pub mod server;
mod settings;
mod status;
mod treasury;
