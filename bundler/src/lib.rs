//! Turns the sources of ink! contracts into `.contract` bundles, which explorers and wallets accept.
//!
//! [`Manifest`] says which contracts there are; [`build()`] compiles them, takes out of the code what the chain refuses,
//! makes it small, has the metadata generated and writes the bundles; [`Bundle`] reads them back. The same source
//! gives the same code hash in any folder, with the same compiler, `rust-lld` and `wasm-opt`.

mod build;
mod bundle;
mod compile;
mod error;
mod manifest;
mod metadata;
mod network;
mod package;
mod process;
mod toolchain;
pub mod wasm;

pub use build::{BuildOptions, Built, Folders, Progress, build, build_code};
pub use bundle::{Bundle, CodeHash};
pub use error::{BuildError, WasmFault};
pub use manifest::{Contract, MANIFEST, Manifest};
pub use network::{
    Account, Amount, AttestorStart, BudgetStart, Development, GovernorStart, GuardianStart, Holder, Network,
    RegistryStart, Rules, RulesStart, TokenStart, TreasuryStart,
};
