//! The API against a real Postgres, over real HTTP.
//!
//! `GAIA_TEST_DATABASE` is the URL of a Postgres in which the tests may make databases and roles. Each test has a
//! database of its own, and the API reads it as a role that may read the schema `mirror` and nothing else.

mod accounts;
mod answers;
mod count;
mod cursors;
mod description;
mod live;
mod monitoring;
mod plans;
mod program;
mod proposals;
mod refusals;
mod registry;
mod rules;
mod settings;
mod treasury;
mod votes;
mod world;
