//! A contract's metadata, as ink! generates it.
//!
//! ink! puts a function that builds the metadata into the contract when it is compiled with `std` for the host. It
//! takes a program to call it; one is generated for each contract, as the function's symbol is the same in all.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    BuildError, Progress,
    compile::Places,
    package::Package,
    process::{self, CARGO},
    toolchain::Toolchain,
};

const PROGRAM: &str = r#"//! Generated: prints the metadata of one contract.

use std::io::Write as _;

// Nothing is called by its path, but the symbol below is in there.
extern crate contract as _;

unsafe extern "Rust" {
    // Defined by `#[ink::contract]`.
    fn __ink_generate_metadata() -> ink::metadata::InkProject;
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let project = unsafe { __ink_generate_metadata() };
    let text = serde_json::to_vec(&project)?;
    Ok(std::io::stdout().write_all(&text)?)
}
"#;

/// The program's crate. It is not released as a size, so it is built as fast as can be; the profile is `release` all
/// the same, because then ink!'s macros are those that were built for the wasm.
const PROFILE: [(&str, &str); 2] = [("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"), ("CARGO_PROFILE_RELEASE_DEBUG", "false")];

/// A lock file, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Lock {
    #[serde(rename = "package")]
    packages: Vec<Locked>,
    /// The file itself.
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Lock {
    /// Reads the lock file at `path`.
    pub fn read(path: &Path) -> Result<Self, BuildError> {
        let text = fs::read_to_string(path).map_err(BuildError::io("read", path))?;
        let lock: Self = toml::from_str(&text).map_err(|error| BuildError::ToolOutput {
            doing: format!("reading {}", path.display()),
            program: CARGO.name,
            problem: error.message().to_owned(),
        })?;
        Ok(Self { text, ..lock })
    }

    /// The version of the only package called `name`.
    pub fn version(&self, name: &str) -> Option<&str> {
        self.packages.iter().find(|package| package.name == name).map(|package| package.version.as_str())
    }
}

/// Has the metadata of `contract` made by its own code.
pub fn generate(
    places: Places<'_>,
    toolchain: &Toolchain,
    contract: &Package,
    lock: &Lock,
    mut heard: impl FnMut(Progress<'_>),
) -> Result<Value, BuildError> {
    let doing = || format!("making the metadata of {}", contract.name);
    let folder = write_program(places.target, contract, lock)?;
    let mut cargo = toolchain.cargo(places);
    cargo.args(["run", "--release", "--manifest-path"]).arg(folder.join("Cargo.toml")).envs(PROFILE);
    let answer = process::run(cargo, CARGO, doing, |line| heard(Progress::Output { line }))?;
    check_drift(contract, lock, &Lock::read(&folder.join("Cargo.lock"))?)?;
    serde_json::from_slice(&answer).map_err(|error| BuildError::ToolOutput {
        doing: doing(),
        program: "the contract's own code",
        problem: error.to_string(),
    })
}

fn program_name(contract: &Package) -> String {
    format!("{}-metadata", contract.name)
}

fn write_program(target: &Path, contract: &Package, lock: &Lock) -> Result<PathBuf, BuildError> {
    let name = program_name(contract);
    let [ink, json] = ["ink", "serde_json"].map(|name| lock.version(name).unwrap_or("*"));
    let path = toml::Value::from(contract.folder().to_string_lossy().into_owned());
    let package = &contract.name;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n\
         contract = {{ package = \"{package}\", path = {path}, features = [\"std\"] }}\n\
         ink = {{ version = \"{ink}\", default-features = false, features = [\"std\"] }}\n\
         serde_json = \"{json}\"\n\n\
         [workspace]\n"
    );
    // With its own entry in the contracts' lock file nothing is left for cargo to choose; it only drops what the
    // program does not need.
    let locked = format!(
        "{}\n[[package]]\nname = \"{name}\"\nversion = \"0.0.0\"\n\
         dependencies = [\n \"ink\",\n \"serde_json\",\n \"{package}\",\n]\n",
        lock.text
    );
    let folder = target.join("metadata").join(&contract.name);
    let sources = folder.join("src");
    fs::create_dir_all(&sources).map_err(BuildError::io("create", &sources))?;
    for (path, content) in [
        (folder.join("Cargo.toml"), manifest),
        (folder.join("Cargo.lock"), locked),
        (sources.join("main.rs"), PROGRAM.to_owned()),
    ] {
        // Cargo compiles again whatever was written again.
        if fs::read_to_string(&path).ok().as_deref() != Some(&content) {
            fs::write(&path, content).map_err(BuildError::io("write", path))?;
        }
    }
    Ok(folder)
}

/// Whether the program was built with nothing but what the contracts' lock file says.
fn check_drift(contract: &Package, lock: &Lock, used: &Lock) -> Result<(), BuildError> {
    let program = program_name(contract);
    let known: BTreeSet<_> = lock.packages.iter().collect();
    match used.packages.iter().find(|package| package.name != program && !known.contains(package)) {
        None => Ok(()),
        Some(Locked { name, version, .. }) => {
            Err(BuildError::MetadataDrift { contract: contract.name.clone(), package: format!("{name} {version}") })
        }
    }
}
