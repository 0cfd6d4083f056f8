//! The compiler and the linker that contracts are built with.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    BuildError,
    compile::Places,
    process::{self, RUSTC},
};

/// Name of the rustup toolchain that is used when the active one has no sources. On Debian it is a link to the
/// distribution's compiler, whose package `rust-web-src` has them.
const FALLBACK: &str = "debian";

/// A toolchain that has the sources of its standard library.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// Its name for rustup, unless it is the active one.
    selected: Option<&'static str>,
    /// Where it lives.
    pub sysroot: PathBuf,
    /// The linker for wasm.
    pub linker: PathBuf,
    /// All that the compiler says of its version.
    pub version: String,
    /// Whether panics can be compiled to nothing but a trap.
    pub immediate_abort: bool,
}

impl Toolchain {
    /// The active toolchain of the folder `root` if it has the sources, else the one called `debian`.
    pub fn find(root: &Path) -> Result<Self, BuildError> {
        let active = sysroot(root, None)?;
        let (selected, home) = if has_sources(&active) {
            (None, active.clone())
        } else {
            let fallback = sysroot(root, Some(FALLBACK)).ok().filter(|home| has_sources(home));
            (Some(FALLBACK), fallback.ok_or(BuildError::NoRustSource)?)
        };
        // Debian's compiler comes without a linker for wasm, rustup's has one.
        let linker = [&active, &home]
            .into_iter()
            .find_map(|home| linker(home))
            .ok_or_else(|| BuildError::NoLinker { sysroot: active.clone() })?;
        let version = ask(rustc(root, selected).arg("-vV"), "asking the compiler for its version")?;
        // A compiler that does not know this strategy refuses the option.
        let immediate_abort = ask(
            rustc(root, selected)
                .args(["-Zunstable-options", "-Cpanic=immediate-abort", "--print=cfg"])
                .env("RUSTC_BOOTSTRAP", "1"),
            "asking the compiler for its panic strategies",
        )
        .is_ok();
        Ok(Self { selected, sysroot: home, linker, version, immediate_abort })
    }

    /// The compiler's version in the form `1.96.0`.
    pub fn release(&self) -> &str {
        self.version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or("unknown")
    }

    /// The compiler's version in one line, with its commit.
    pub fn version_line(&self) -> &str {
        self.version.lines().next().unwrap_or("unknown")
    }

    /// A call of this toolchain's cargo. What the surroundings say of how to
    /// compile is left out: the code's hash must not depend on whose terminal it is.
    pub fn cargo(&self, Places { root, target }: Places<'_>) -> Command {
        let mut cargo = Command::new(process::CARGO.name);
        cargo.current_dir(root);
        for (name, _) in env::vars_os() {
            let Some(text) = name.to_str() else { continue };
            let compiles = ["CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_TARGET_", "CARGO_UNSTABLE_"]
                .iter()
                .any(|prefix| text.starts_with(prefix));
            let flags = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTC_BOOTSTRAP"];
            let compiler = ["RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];
            if compiles && text != "CARGO_BUILD_JOBS" || flags.contains(&text) || compiler.contains(&text) {
                cargo.env_remove(&name);
            }
        }
        if let Some(name) = self.selected {
            cargo.arg(format!("+{name}"));
        }
        cargo.env("CARGO_TARGET_DIR", target);
        cargo
    }
}

fn rustc(root: &Path, selected: Option<&str>) -> Command {
    let mut rustc = Command::new(RUSTC.name);
    rustc.current_dir(root);
    if let Some(name) = selected {
        rustc.arg(format!("+{name}"));
    }
    rustc
}

fn ask(command: &mut Command, doing: &str) -> Result<String, BuildError> {
    let asked = std::mem::replace(command, Command::new(RUSTC.name));
    let answer = process::run(asked, RUSTC, || doing.to_owned(), |_| ())?;
    Ok(String::from_utf8_lossy(&answer).trim_end().to_owned())
}

fn sysroot(root: &Path, selected: Option<&str>) -> Result<PathBuf, BuildError> {
    ask(rustc(root, selected).arg("--print=sysroot"), "asking the compiler where it lives").map(PathBuf::from)
}

fn has_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/core").is_dir()
}

/// rust-lld lies in the folder of the host's target, whatever that is.
fn linker(sysroot: &Path) -> Option<PathBuf> {
    let hosts = fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
    hosts.flatten().map(|host| host.path().join("bin/rust-lld")).find(|linker| linker.is_file())
}
