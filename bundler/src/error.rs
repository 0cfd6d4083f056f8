//! What can go wrong, each in a sentence that names the thing and says what to do.

use std::{io, path::PathBuf};

/// Why a manifest, a build or a bundle was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The manifest cannot be read.
    #[error("cannot read {}: {source}; run this in the repository, or name the manifest", path.display())]
    ManifestUnreadable {
        /// The manifest.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The manifest is not TOML, or a key is unknown, missing or of another type.
    #[error("{}, line {line}, in {key}: {problem}; correct that line", path.display())]
    ManifestMalformed {
        /// The manifest.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key or table it is about.
        key: String,
        /// What is wrong.
        problem: String,
    },
    /// A value in the manifest makes no sense.
    #[error("{}: {key} {problem}", path.display())]
    ManifestValue {
        /// The manifest.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong and what to write instead.
        problem: String,
    },
    /// A contract was asked for that the manifest does not have.
    #[error("{} has no contract {name:?}; it has {known}", path.display())]
    UnknownContract {
        /// The manifest.
        path: PathBuf,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A network was asked for that the manifest does not have.
    #[error("{} has no network {name:?}; it has {known}", path.display())]
    UnknownNetwork {
        /// The manifest.
        path: PathBuf,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// No Rust toolchain here can build `core`.
    #[error(
        "no Rust toolchain here has the sources of its standard library, which contracts are built with; run \
         `rustup component add rust-src`, or on Debian 12 `apt-get install rustc-web cargo-web rust-web-src` and then \
         `rustup toolchain link debian /usr`"
    )]
    NoRustSource,
    /// The linker for wasm is missing.
    #[error(
        "rust-lld, the linker for wasm, is not in {}; contracts are linked with the one that rustup's toolchains \
         bring: run `rustup toolchain install stable`, and make it the active one",
        sysroot.display()
    )]
    NoLinker {
        /// The active toolchain.
        sysroot: PathBuf,
    },
    /// A program that is needed is not there.
    #[error("{program} cannot be started ({source}); install {package}")]
    ToolMissing {
        /// The program.
        program: &'static str,
        /// What to install.
        package: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A program that was started ended with an error.
    #[error("{doing}: {program} failed ({status}); it said:\n{output}")]
    ToolFailed {
        /// What it was to do.
        doing: String,
        /// The program.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last that it said.
        output: String,
    },
    /// A program answered something that cannot be understood.
    #[error("{doing}: {program} answered something unexpected ({problem}); its version may be too new or too old")]
    ToolOutput {
        /// What it was to do.
        doing: String,
        /// The program.
        program: &'static str,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The metadata would describe other versions of the dependencies than the code was built with.
    #[error(
        "the metadata of {contract} would be made with other dependencies than its code ({package}); run \
         `cargo update --workspace` in its workspace, and build again"
    )]
    MetadataDrift {
        /// The contract.
        contract: String,
        /// A package that the contracts' lock file does not have.
        package: String,
    },
    /// The code would be refused by the chain.
    #[error("the chain would refuse the code of {contract}: {problem}")]
    Refused {
        /// The contract.
        contract: String,
        /// Why, and what to do.
        problem: WasmFault,
    },
    /// The code is larger than the manifest allows.
    #[error(
        "{contract} is {bytes} bytes, {} over its budget of {budget}; make it smaller, or raise {contract}'s `budget` \
         in the manifest",
        bytes.saturating_sub(*budget)
    )]
    OverBudget {
        /// The contract.
        contract: String,
        /// Size of its code, in bytes.
        bytes: u64,
        /// The largest it may be.
        budget: u64,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A bundle is not one, or is damaged.
    #[error("{} is not a contract bundle: {problem}; build the contracts again", path.display())]
    BadBundle {
        /// The bundle.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

impl BuildError {
    /// An input or output error at `path`.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

/// What the chain would not accept in a contract's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WasmFault {
    /// Not WebAssembly, or with instructions that contracts may not use: floats, bulk memory and other additions.
    #[error("{0}; contracts may use neither floats nor additions to WebAssembly 1.0 other than sign extension")]
    Invalid(String),
    /// A host function from elsewhere.
    #[error(
        "it imports {name:?} from {module:?}, which is none of the modules of stable host functions (seal0, seal1, \
         seal2); remove what calls it"
    )]
    UnknownImport {
        /// The module.
        module: String,
        /// The function or other item.
        name: String,
    },
    /// An imported table or global.
    #[error("it imports {name:?}, which is neither a function nor the memory; remove what needs it")]
    ImportKind {
        /// What is imported.
        name: String,
    },
    /// The memory is not imported.
    #[error("it brings a memory of its own; link it with --import-memory")]
    NoMemoryImport,
    /// The memory's limits are not given or too high.
    #[error(
        "its memory may grow to {maximum} pages of 64 KiB, of which {allowed} are allowed; link it with --max-memory"
    )]
    Memory {
        /// The most pages, or "any number of".
        maximum: String,
        /// How many are allowed.
        allowed: u64,
    },
    /// Something else than the two entry points is exported.
    #[error("it exports {0:?}; only the functions call and deploy may be exported")]
    Export(String),
    /// An entry point is missing.
    #[error("it does not export {0}; is it a contract, built without the feature `std`?")]
    NoEntry(&'static str),
    /// Code that runs before any entry point.
    #[error("it has a start function; contracts may only run when called")]
    Start,
}
