//! The bundler from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod build;
mod bundle;
mod manifest;
mod wasm;

use std::path::{Path, PathBuf};

/// The root of the repository.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
