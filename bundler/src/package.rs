//! What cargo knows of a contract's crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    BuildError,
    compile::Places,
    process::{self, CARGO},
    toolchain::Toolchain,
};

/// The workspace that a contract's crate is in.
#[derive(Debug, Clone, Deserialize)]
pub struct Workspace {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

/// A crate of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub authors: Vec<String>,
    pub description: Option<String>,
    pub repository: Option<String>,
    pub license: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Dependency {
    kind: Option<String>,
    path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo for the workspace of the crate in `folder`.
    pub fn of(folder: &Path, toolchain: &Toolchain, places: Places<'_>) -> Result<Self, BuildError> {
        let doing = || format!("reading the crate in {}", folder.display());
        let mut cargo = toolchain.cargo(places);
        cargo.args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"]).arg(folder.join("Cargo.toml"));
        let answer = process::run(cargo, CARGO, doing, |_| ())?;
        serde_json::from_slice(&answer).map_err(|error| BuildError::ToolOutput {
            doing: doing(),
            program: CARGO.name,
            problem: error.to_string(),
        })
    }

    /// The crate in `folder`.
    pub fn package(&self, folder: &Path) -> Option<&Package> {
        self.packages.iter().find(|package| package.folder() == folder)
    }

    /// The lock file that fixes the crates' dependencies.
    pub fn lock(&self) -> PathBuf {
        self.workspace_root.join("Cargo.lock")
    }

    /// Every source file and manifest that can have a part in `package` and its metadata: those of the crate, of the
    /// local crates it depends on, and of the workspace; sorted.
    pub fn sources(&self, package: &Package) -> Result<Vec<PathBuf>, BuildError> {
        let mut folders = vec![package.folder()];
        let mut files = vec![self.lock(), self.workspace_root.join("Cargo.toml")];
        let mut next = 0;
        while let Some(&folder) = folders.get(next) {
            next += 1;
            collect(folder, &mut files)?;
            let dependencies = self.package(folder).into_iter().flat_map(|package| &package.dependencies);
            for dependency in dependencies.filter(|dependency| dependency.kind.as_deref() != Some("dev")) {
                if let Some(path) = dependency.path.as_deref()
                    && !folders.contains(&path)
                {
                    folders.push(path);
                }
            }
        }
        files.sort();
        files.dedup();
        Ok(files)
    }
}

impl Package {
    /// The crate's folder.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// The library's name in code and in file names, if it has one.
    pub fn library(&self) -> Option<String> {
        let library = |kind: &String| matches!(kind.as_str(), "lib" | "rlib" | "cdylib");
        let target = self.targets.iter().find(|target| target.kind.iter().any(library))?;
        Some(target.name.replace('-', "_"))
    }
}

/// Adds all files in a crate's folder, but not what cargo or git keep there, nor crates within.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), BuildError> {
    for entry in fs::read_dir(folder).map_err(BuildError::io("read", folder))? {
        let path = entry.map_err(BuildError::io("read", folder))?.path();
        let hidden = path.file_name().is_none_or(|name| name == "target" || name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        if !path.is_dir() {
            files.push(path);
        } else if !path.join("Cargo.toml").is_file() {
            collect(&path, files)?;
        }
    }
    Ok(())
}
