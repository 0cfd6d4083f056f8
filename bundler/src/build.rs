//! The whole way of a contract, and what of it can be left out.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use blake2::{Blake2b, Digest, digest::consts::U32};
use serde::Serialize;
use serde_json::json;

use crate::{
    BuildError, Bundle, CodeHash, Contract, Manifest,
    bundle::{self, Origin, Source},
    compile::{self, Places},
    metadata::{self, Lock},
    package::{Package, Workspace},
    toolchain::Toolchain,
};

/// Raised whenever the same inputs are to give another bundle, so that none is taken for up to date.
const RECIPE: &str = concat!(env!("CARGO_PKG_VERSION"), "/1");

/// What to build, and where.
#[derive(Default)]
pub struct BuildOptions<'a> {
    /// The repository, from which the manifest's paths count; without it, the manifest's folder.
    pub root: Option<PathBuf>,
    /// For build products; without it, `contracts` in the folder that `CARGO_TARGET_DIR` names, or
    /// `contracts/target` in the repository.
    pub target: Option<PathBuf>,
    /// For the bundles; without it, `bundles` in the folder for build products.
    pub output: Option<PathBuf>,
    /// Which contracts or fixtures, by name; if empty, all contracts.
    pub contracts: Vec<String>,
    /// Also all fixtures.
    pub fixtures: bool,
    /// Is told what happens as it happens.
    pub progress: Option<&'a dyn Fn(Progress<'_>)>,
}

impl fmt::Debug for BuildOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { root, target, output, contracts, fixtures, progress: _ } = self;
        f.debug_struct("BuildOptions")
            .field("root", root)
            .field("target", target)
            .field("output", output)
            .field("contracts", contracts)
            .field("fixtures", fixtures)
            .finish_non_exhaustive()
    }
}

/// Where a build reads and writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The repository.
    pub root: PathBuf,
    /// For build products.
    pub target: PathBuf,
    /// For the bundles.
    pub output: PathBuf,
}

impl BuildOptions<'_> {
    /// Where a build with these options reads and writes. The folder for build products is created.
    ///
    /// # Errors
    ///
    /// If the repository does not exist, or the folder for build products cannot be created.
    pub fn folders(&self, manifest: &Manifest) -> Result<Folders, BuildError> {
        let given = self.root.clone().or_else(|| manifest.path().parent().map(Path::to_owned)).unwrap_or_default();
        let given = if given.as_os_str().is_empty() { PathBuf::from(".") } else { given };
        let root = given.canonicalize().map_err(BuildError::io("find", given))?;
        let target = self.target.clone().unwrap_or_else(|| default_target(&root));
        fs::create_dir_all(&target).map_err(BuildError::io("create", &target))?;
        let target = target.canonicalize().map_err(BuildError::io("find", target))?;
        let output = self.output.clone().unwrap_or_else(|| target.join("bundles"));
        Ok(Folders { root, target, output })
    }
}

/// Something that happens during a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A contract's code is being compiled. This takes a minute or two the first time.
    Compiling {
        /// Which.
        contract: &'a str,
        /// The how manieth of this build, from 1.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// A contract's code is being made small and its metadata made; told only if anything changed.
    Bundling {
        /// Which.
        contract: &'a str,
    },
    /// A compiler said something.
    Output {
        /// One line.
        line: &'a str,
    },
    /// A contract is done.
    Finished {
        /// The result.
        built: &'a Built,
        /// Whether it is a new bundle, rather than one that was up to date.
        new: bool,
    },
}

/// A contract that was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Built {
    /// The name in the manifest.
    pub name: String,
    /// Hash of the code.
    pub code_hash: CodeHash,
    /// Size of the code, in bytes.
    pub wasm_bytes: u64,
    /// The largest it may be.
    pub budget: u64,
    /// The bundle.
    pub path: PathBuf,
}

/// Builds contracts and writes their bundles, in the order of their names; fixtures come last.
///
/// A bundle that is up to date is left alone. One whose contract fails is left as it was.
///
/// # Errors
///
/// If a name is unknown, a program that is needed is missing, a contract does not compile, is nothing that the chain
/// would take or is over its budget, or a file cannot be written.
pub fn build(manifest: &Manifest, options: &BuildOptions<'_>) -> Result<Vec<Built>, BuildError> {
    Builder::new(manifest, options)?.run()
}

/// Builds the code of one contract or fixture and nothing else: what it takes to learn its code hash.
///
/// # Errors
///
/// As [`build()`], but for the budget, which is not looked at.
pub fn build_code(manifest: &Manifest, options: &BuildOptions<'_>, name: &str) -> Result<Vec<u8>, BuildError> {
    let mut builder = Builder::new(manifest, options)?;
    let (table, contract) = builder.find(name)?;
    let unit = builder.unit(table, name, contract)?;
    let raw = compile::compile(builder.places(), &builder.toolchain, &unit.folder, &unit.library, |p| builder.tell(p))?;
    compile::finish(builder.places(), name, &raw)
}

struct Builder<'a> {
    manifest: &'a Manifest,
    options: &'a BuildOptions<'a>,
    folders: Folders,
    toolchain: Toolchain,
    optimiser: String,
    /// Asked for once each, as cargo takes its time.
    workspaces: Vec<Workspace>,
}

/// A contract with what cargo knows of it.
struct Unit {
    folder: PathBuf,
    library: String,
    workspace: Workspace,
    package: Package,
}

impl<'a> Builder<'a> {
    fn new(manifest: &'a Manifest, options: &'a BuildOptions<'a>) -> Result<Self, BuildError> {
        // Before anything is started that takes long.
        for name in &options.contracts {
            manifest.contract(name)?;
        }
        let folders = options.folders(manifest)?;
        let optimiser = compile::optimiser()?;
        let toolchain = Toolchain::find(&folders.root)?;
        Ok(Self { manifest, options, folders, toolchain, optimiser, workspaces: Vec::new() })
    }

    fn places(&self) -> Places<'_> {
        Places { root: &self.folders.root, target: &self.folders.target }
    }

    fn tell(&self, progress: Progress<'_>) {
        if let Some(told) = self.options.progress {
            told(progress);
        }
    }

    fn chosen(&self) -> Vec<(&'static str, &'a str, &'a Contract)> {
        let (manifest, options) = (self.manifest, self.options);
        let named = |name: &str| options.contracts.iter().any(|chosen| chosen == name);
        let contracts = manifest
            .contracts()
            .filter(|(name, _)| options.contracts.is_empty() || named(name))
            .map(|(name, contract)| ("contracts", name, contract));
        let fixtures = manifest
            .fixtures()
            .filter(|(name, _)| options.fixtures || named(name))
            .map(|(name, contract)| ("fixtures", name, contract));
        contracts.chain(fixtures).collect()
    }

    fn find(&self, name: &str) -> Result<(&'static str, &'a Contract), BuildError> {
        let contract = self.manifest.contract(name)?;
        let table = if self.manifest.contracts().any(|(known, _)| known == name) { "contracts" } else { "fixtures" };
        Ok((table, contract))
    }

    fn run(mut self) -> Result<Vec<Built>, BuildError> {
        let chosen = self.chosen();
        let mut all = Vec::with_capacity(chosen.len());
        for (index, (table, name, contract)) in chosen.iter().enumerate() {
            self.tell(Progress::Compiling { contract: name, number: index + 1, of: chosen.len() });
            all.push(self.one(table, name, contract)?);
        }
        Ok(all)
    }

    /// What cargo knows of the contract `name`, which stands in the manifest's `table`.
    fn unit(&mut self, table: &str, name: &str, contract: &Contract) -> Result<Unit, BuildError> {
        let wrong = |problem: String| BuildError::ManifestValue {
            path: self.manifest.path().to_owned(),
            key: format!("{table}.{name}.path"),
            problem,
        };
        let written = contract.path.display();
        let folder = self.folders.root.join(&contract.path);
        if !folder.join("Cargo.toml").is_file() {
            return Err(wrong(format!("says {written}, where there is no Cargo.toml; give the crate's folder")));
        }
        let folder = folder.canonicalize().map_err(BuildError::io("find", folder))?;
        let known = self.workspaces.iter().find(|workspace| workspace.package(&folder).is_some());
        let workspace = if let Some(known) = known {
            known.clone()
        } else {
            let workspace = Workspace::of(&folder, &self.toolchain, self.places())?;
            self.workspaces.push(workspace.clone());
            workspace
        };
        let package = workspace.package(&folder).cloned();
        let package = package.ok_or_else(|| wrong(format!("says {written}, which is a workspace and no crate")))?;
        let library = package.library();
        let library = library.ok_or_else(|| wrong(format!("says {written}, a crate without a library")))?;
        Ok(Unit { folder, library, workspace, package })
    }

    fn one(&mut self, table: &str, name: &str, contract: &Contract) -> Result<Built, BuildError> {
        let unit = self.unit(table, name, contract)?;
        let tell = |progress: Progress<'_>| self.tell(progress);
        let raw = compile::compile(self.places(), &self.toolchain, &unit.folder, &unit.library, tell)?;
        let stamp = Stamp::new(self, name, &raw, &unit)?;
        let (bundle, path, new) = if let Some(bundle) = stamp.current() {
            (bundle, stamp.bundle().to_owned(), false)
        } else {
            tell(Progress::Bundling { contract: name });
            let bundle = self.bundle(name, contract.budget, &raw, &unit)?;
            let path = bundle.write(&self.folders.output, name)?;
            stamp.write()?;
            (bundle, path, true)
        };
        let wasm_bytes = within(name, &bundle.wasm, contract.budget)?;
        let built =
            Built { name: name.to_owned(), code_hash: bundle.code_hash, wasm_bytes, budget: contract.budget, path };
        tell(Progress::Finished { built: &built, new });
        Ok(built)
    }

    fn bundle(&self, name: &str, budget: u64, raw: &[u8], unit: &Unit) -> Result<Bundle, BuildError> {
        let wasm = compile::finish(self.places(), name, raw)?;
        within(name, &wasm, budget)?;
        let lock = Lock::read(&unit.workspace.lock())?;
        let tell = |progress: Progress<'_>| self.tell(progress);
        let abi = metadata::generate(self.places(), &self.toolchain, &unit.package, &lock, tell)?;
        let code_hash = CodeHash::of(&wasm);
        let Package { name: package, version, authors, description, repository, license, .. } = &unit.package;
        let origin = Origin {
            source: Source {
                hash: code_hash,
                language: format!("ink! {}", lock.version("ink").unwrap_or("unknown")),
                compiler: format!("rustc {}", self.toolchain.release()),
                build_info: json!({
                    "build_mode": "Release",
                    "rust_toolchain": self.toolchain.version_line(),
                    "wasm_opt": self.optimiser,
                    "wasm_opt_arguments": compile::OPTIMISATION,
                }),
            },
            contract: bundle::Package {
                name: package,
                version,
                authors,
                description: description.as_deref(),
                repository: repository.as_deref(),
                license: license.as_deref(),
            },
        };
        let metadata = origin.merge(abi).ok_or_else(|| BuildError::ToolOutput {
            doing: format!("making the metadata of {name}"),
            program: "the contract's own code",
            problem: "it is not a JSON object".to_owned(),
        })?;
        Ok(Bundle { code_hash, wasm, metadata })
    }
}

fn default_target(root: &Path) -> PathBuf {
    let shared = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    shared.map_or_else(|| root.join("contracts").join("target"), |folder| PathBuf::from(folder).join("contracts"))
}

fn within(name: &str, wasm: &[u8], budget: u64) -> Result<u64, BuildError> {
    let bytes = u64::try_from(wasm.len()).unwrap_or(u64::MAX);
    if bytes > budget {
        return Err(BuildError::OverBudget { contract: name.to_owned(), bytes, budget });
    }
    Ok(bytes)
}

/// Remembers what a bundle was made from and what was made, so that it is only made again when either changed.
struct Stamp {
    path: PathBuf,
    inputs: String,
    /// The code, the metadata, the bundle.
    files: [PathBuf; 3],
}

impl Stamp {
    fn new(builder: &Builder<'_>, name: &str, raw: &[u8], unit: &Unit) -> Result<Self, BuildError> {
        let mut inputs = Blake2b::<U32>::new();
        // Each with its length, so that no two lists of inputs look the same.
        let mut add = |bytes: &[u8]| {
            inputs.update(bytes.len().to_le_bytes());
            inputs.update(bytes);
        };
        add(RECIPE.as_bytes());
        add(builder.toolchain.version.as_bytes());
        add(builder.optimiser.as_bytes());
        add(raw);
        for path in unit.workspace.sources(&unit.package)? {
            add(path.as_os_str().as_encoded_bytes());
            add(&fs::read(&path).map_err(BuildError::io("read", &path))?);
        }
        let inputs = hex::encode(inputs.finalize());
        let path = builder.folders.output.join(format!(".{name}.stamp"));
        Ok(Self { path, inputs, files: bundle::files(&builder.folders.output, name) })
    }

    /// The bundle, if it is there, made from the same inputs, and not touched since.
    fn current(&self) -> Option<Bundle> {
        if fs::read_to_string(&self.path).ok()? != self.content()? {
            return None;
        }
        Bundle::read(self.bundle()).ok()
    }

    fn bundle(&self) -> &Path {
        let [_, _, bundle] = &self.files;
        bundle
    }

    fn content(&self) -> Option<String> {
        let mut outputs = Blake2b::<U32>::new();
        for path in &self.files {
            outputs.update(Blake2b::<U32>::digest(fs::read(path).ok()?));
        }
        Some(format!("{}\n{}\n", self.inputs, hex::encode(outputs.finalize())))
    }

    fn write(&self) -> Result<(), BuildError> {
        let content = self.content().unwrap_or_default();
        bundle::replace(&self.path, content.as_bytes())
    }
}
