//! From source to the code that the chain accepts.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    BuildError, Progress,
    error::WasmFault,
    process::{self, CARGO, WASM_OPT},
    toolchain::Toolchain,
    wasm,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The stack that a contract gets, in bytes: what ink!'s own build tool gives, so that contracts behave the same.
const STACK: u64 = 64 * 1024;

/// How wasm-opt makes code small. It would put whatever is called from one place only into its caller, and so nearly all
/// of a contract into one function; but the chain compiles functions as they are called and charges for their bytes, so
/// that only small ones go there. Imported memory is not known to begin as zeros unless it is told; without that
/// ink!'s static buffer of 16 KiB would be kept as data.
pub const OPTIMISATION: [&str; 6] = [
    "-Oz",
    "--one-caller-inline-max-function-size=60",
    "--zero-filled-memory",
    "--strip-debug",
    "--strip-producers",
    "--mvp-features",
];

/// Contracts are built for size, as one piece, and trap on overflow.
const PROFILE: [(&str, &str); 6] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// Where things lie.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The repository.
    pub root: &'a Path,
    /// For build products.
    pub target: &'a Path,
}

/// Compiles the crate in `folder`, whose library is called `library`, to wasm, and gives the compiler's output.
pub fn compile(
    places: Places<'_>,
    toolchain: &Toolchain,
    folder: &Path,
    library: &str,
    mut heard: impl FnMut(Progress<'_>),
) -> Result<Vec<u8>, BuildError> {
    let mut cargo = toolchain.cargo(places);
    cargo
        .args(["rustc", "--locked", "--lib", "--crate-type=cdylib", "--release", "--no-default-features"])
        .args(["-Zbuild-std=core,alloc", "--target", TARGET, "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        // What a stable compiler wants for -Z. It changes which options are taken, not what the code means.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &toolchain.linker)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(places, toolchain).join("\x1f"))
        .envs(PROFILE);
    process::run(cargo, CARGO, || format!("compiling {library}"), |line| heard(Progress::Output { line }))?;
    let raw = places.target.join(TARGET).join("release").join(format!("{library}.wasm"));
    fs::read(&raw).map_err(BuildError::io("read", raw))
}

fn flags(places: Places<'_>, toolchain: &Toolchain) -> Vec<String> {
    let memory = wasm::MEMORY_PAGES * 64 * 1024;
    let mut flags = vec![
        format!("-Clink-arg=-zstack-size={STACK}"),
        "-Clink-arg=--import-memory".to_owned(),
        format!("-Clink-arg=--max-memory={memory}"),
        "-Ctarget-cpu=mvp".to_owned(),
    ];
    if toolchain.immediate_abort {
        // Nobody reads a contract's panic message; without the formatting code a contract shrinks to a third.
        flags.extend(["-Zunstable-options".to_owned(), "-Cpanic=immediate-abort".to_owned()]);
    }
    // The same source must give the same code in any folder, so no path of this machine may get into it. The sources'
    // own need no mapping, for cargo names them from their workspace; mapped, they would be part of the flags, and
    // another clone would compile everything anew. Of several that match, the compiler takes the last: the longest
    // must come last.
    let mut paths = vec![(places.target.to_owned(), "/target"), (toolchain.sysroot.clone(), "/rust")];
    paths.extend(cargo_home().map(|home| (home, "/cargo")));
    paths.sort_by_key(|(path, _)| path.as_os_str().len());
    flags.extend(paths.iter().map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())));
    flags
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    set.or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// What wasm-opt says of its version: another one may give other code.
pub fn optimiser() -> Result<String, BuildError> {
    let mut command = Command::new(WASM_OPT.name);
    command.arg("--version");
    let answer = process::run(command, WASM_OPT, || "asking wasm-opt for its version".to_owned(), |_| ())?;
    Ok(String::from_utf8_lossy(&answer).trim().to_owned())
}

/// Strips the compiler's output to what the chain accepts, makes it small, and checks it.
pub fn finish(places: Places<'_>, contract: &str, raw: &[u8]) -> Result<Vec<u8>, BuildError> {
    let refused = |problem: WasmFault| BuildError::Refused { contract: contract.to_owned(), problem };
    // Before optimising, so that what only the exports kept alive goes as well; and after, for what wasm-opt adds.
    let stripped = wasm::strip(raw).map_err(refused)?;
    let optimised = wasm::strip(&optimise(places.target, contract, &stripped)?).map_err(refused)?;
    wasm::check(&optimised).map_err(refused)?;
    Ok(optimised)
}

fn optimise(target: &Path, contract: &str, wasm: &[u8]) -> Result<Vec<u8>, BuildError> {
    let folder = tempfile::tempdir_in(target).map_err(BuildError::io("write into", target))?;
    let [before, after] = ["before.wasm", "after.wasm"].map(|name| folder.path().join(name));
    fs::write(&before, wasm).map_err(BuildError::io("write", &before))?;
    let mut command = Command::new(WASM_OPT.name);
    command.args(OPTIMISATION).arg(&before).arg("--output").arg(&after);
    process::run(command, WASM_OPT, || format!("optimising {contract}"), |_| ())?;
    fs::read(&after).map_err(BuildError::io("read", after))
}
