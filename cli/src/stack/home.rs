//! The folder that a stack lives in.

use super::service::Identity;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

/// The folder that holds a stack's data: `./.gaia` unless told otherwise.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

/// What runs from a home folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// The chain's URL, once it answers.
    pub chain_url: Option<String>,
    /// The API's URL, once it answers.
    pub api_url: Option<String>,
    /// The processes, in the order of stopping.
    pub services: Vec<Identity>,
}

impl Home {
    /// The home at `root`, which need not exist yet.
    ///
    /// # Errors
    /// If the present folder is gone.
    pub fn new(root: impl Into<PathBuf>) -> Result<Self> {
        let root: PathBuf = root.into();
        let root = std::path::absolute(&root).map_err(Error::file("find", &root))?;
        Ok(Self { root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file that says which contracts are meant.
    pub fn deployment(&self) -> PathBuf {
        self.root.join("deployment.json")
    }

    /// A service's log.
    pub fn log(&self, service: &str) -> PathBuf {
        self.root.join("logs").join(format!("{service}.log"))
    }

    /// The chain's data.
    pub fn chain(&self) -> PathBuf {
        self.root.join("chain")
    }

    /// The database cluster's data.
    pub fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Creates the folders, for the present user alone.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn create(&self) -> Result<()> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        let logs = self.root.join("logs");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&logs).map_err(Error::file("create", &logs))?;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&self.root, private).map_err(Error::file("protect", &self.root))
    }

    /// Claims the folder for as long as the answer lives.
    ///
    /// # Errors
    /// [`Error::HomeInUse`] if another process has.
    pub fn claim(&self) -> Result<File> {
        self.create()?;
        let path = self.root.join("lock");
        let lock = File::create(&path).map_err(Error::file("create", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::HomeInUse { home: self.root.clone() }),
            Err(TryLockError::Error(source)) => return Err(Error::file("lock", &path)(source)),
        }
        // Services that outlived whoever started them hold no lock, but they do use the data.
        if self.running().is_some_and(|running| running.services.iter().any(Identity::is_alive)) {
            return Err(Error::HomeInUse { home: self.root.clone() });
        }
        Ok(lock)
    }

    /// Empties the folder.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn clear(&self) -> Result<()> {
        for path in [self.cluster(), self.chain(), self.root.join("logs")] {
            if path.exists() {
                fs::remove_dir_all(&path).map_err(Error::file("remove", &path))?;
            }
        }
        for path in [self.deployment(), self.record_path()] {
            if path.exists() {
                fs::remove_file(&path).map_err(Error::file("remove", &path))?;
            }
        }
        self.create()
    }

    /// What was last recorded to run from here.
    pub fn running(&self) -> Option<Running> {
        serde_json::from_slice(&fs::read(self.record_path()).ok()?).ok()
    }

    /// Records what runs from here.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn record(&self, running: &Running) -> Result<()> {
        let path = self.record_path();
        let text = format!("{:#}\n", serde_json::json!(running));
        fs::write(&path, text).map_err(Error::file("write", path))
    }

    /// Records that nothing runs from here any more.
    pub fn forget(&self) {
        // Whoever reads the record checks the processes, so one that stays behind does no harm.
        let _ = fs::remove_file(self.record_path());
    }

    fn record_path(&self) -> PathBuf {
        self.root.join("running.json")
    }
}
