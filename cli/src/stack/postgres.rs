//! A private Postgres cluster, reached through a socket that only its owner can open.

use super::{Home, Service, Spec};
use crate::{Error, Result};
use rustix::process::{Signal, geteuid};
use std::{
    ffi::OsString,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

/// A cluster on disk.
#[derive(Debug, Clone)]
pub struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    socket: PathBuf,
}

/// Who connects. Each may do only what it must: see `indexer/migrations`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Creates and migrates schemas.
    Owner,
    /// Writes the mirror.
    Indexer,
    /// Reads the mirror's views.
    Api,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Owner => "gaia_owner",
            Self::Indexer => "gaia_indexer",
            Self::Api => "gaia_api",
        }
    }
}

/// The database's name within the cluster.
const DATABASE: &str = "gaia";

/// A Unix socket's path has at most 107 bytes, of which Postgres takes some for the socket's name.
const LONGEST_SOCKET_FOLDER: usize = 85;

impl Cluster {
    /// The cluster of a home folder, created if there is none.
    ///
    /// # Errors
    /// If Postgres is missing or its files cannot be made.
    pub fn create(home: &Home) -> Result<Self> {
        let folder = home.cluster();
        let socket = socket_folder(&folder)?;
        let cluster = Self { programs: programs()?, data: folder.join("data"), socket };
        if !cluster.data.join("PG_VERSION").exists() {
            if cluster.data.exists() {
                // An `initdb` that was cut short; it holds nothing yet.
                fs::remove_dir_all(&cluster.data).map_err(Error::file("remove", &cluster.data))?;
            }
            let mut words = as_user()?;
            words.push(cluster.programs.join("initdb").into());
            let mut initdb = Command::new(words.remove(0));
            initdb.args(words).arg("-D").arg(&cluster.data).args([
                "-U",
                Role::Owner.name(),
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
            ]);
            done(initdb, "initdb", None)?;
        }
        Ok(cluster)
    }

    /// A standby of this cluster, which must be running: it has all that this one has, and follows it once it is started.
    ///
    /// # Errors
    /// If Postgres is missing or refuses.
    pub fn standby(&self, home: &Home) -> Result<Self> {
        let folder = home.cluster();
        let standby =
            Self { programs: self.programs.clone(), data: folder.join("data"), socket: socket_folder(&folder)? };
        let mut words = as_user()?;
        words.push(self.client("pg_basebackup").into());
        let mut copy = Command::new(words.remove(0));
        copy.args(words).arg("-h").arg(&self.socket).arg("-D").arg(&standby.data);
        copy.args(["-U", Role::Owner.name(), "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]);
        done(copy, "pg_basebackup", None)?;
        Ok(standby)
    }

    /// Lets a standby follow no more, and take writes.
    ///
    /// # Errors
    /// If it is none.
    pub fn promote(&self) -> Result<()> {
        self.psql("SELECT pg_promote()")
    }

    /// Starts it and waits until it takes connections.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start(&self, home: &Home) -> Result<Service> {
        let mut service = self.launch(home, &mut None, false)?;
        match Self::ready(&mut service).await {
            Ok(()) => Ok(service),
            Err(error) => {
                service.kill().await;
                Err(error)
            }
        }
    }

    /// Starts it.
    pub(super) fn launch(&self, home: &Home, group: &mut Option<i32>, detached: bool) -> Result<Service> {
        let mut command: Vec<OsString> = vec![self.programs.join("postgres").into()];
        command.extend(["-D".into(), self.data.clone().into(), "-k".into(), self.socket.clone().into()]);
        // No port is opened: the socket's folder is the only way in.
        command.extend(["-c", "listen_addresses="].map(OsString::from));
        let spec = Spec {
            name: "postgres",
            wrapper: as_user()?,
            command,
            environment: vec![],
            log: home.log("postgres"),
            // "Fast shutdown": disconnects its clients and leaves nothing to recover.
            stop: Signal::INT,
        };
        Service::start(&spec, group, detached)
    }

    /// Waits until it takes connections.
    pub(super) async fn ready(service: &mut Service) -> Result<()> {
        let ready = |log: &str| log.contains("database system is ready to accept").then_some(());
        service.until(Duration::from_secs(60), ready).await
    }

    /// Creates the roles and the database that are not there yet.
    ///
    /// # Errors
    /// If Postgres refuses.
    pub fn provision(&self) -> Result<()> {
        let role = |role: Role| {
            let name = role.name();
            format!(
                "SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec\n"
            )
        };
        let script = format!(
            "{}{}SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n",
            role(Role::Indexer),
            role(Role::Api),
        );
        self.psql(&script)
    }

    /// Runs statements as the owner.
    fn psql(&self, script: &str) -> Result<()> {
        let mut psql = Command::new(self.client("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-U", Role::Owner.name(), "-d", "postgres"]);
        psql.arg("-h").arg(&self.socket);
        done(psql, "psql", Some(script))
    }

    /// A client program, which may be elsewhere than the server's.
    fn client(&self, name: &str) -> PathBuf {
        let beside = self.programs.join(name);
        if beside.is_file() { beside } else { name.into() }
    }

    /// How `role` connects to the product's database.
    pub fn url(&self, role: Role) -> String {
        self.url_of(role, DATABASE)
    }

    /// How the owner connects to the cluster's own database, to create others.
    pub fn admin_url(&self) -> String {
        self.url_of(Role::Owner, "postgres")
    }

    fn url_of(&self, role: Role, database: &str) -> String {
        let socket = self.socket.to_string_lossy().replace('%', "%25").replace('/', "%2F");
        format!("postgres://{}@localhost/{database}?host={socket}", role.name())
    }
}

/// What to put before a server program so that it accepts its user: Postgres refuses to run as root, so root appears
/// to it as an ordinary user, in a user namespace of its own. Nothing for ordinary users.
fn as_user() -> Result<Vec<OsString>> {
    if !geteuid().is_root() {
        return Ok(Vec::new());
    }
    const AS_USER: [&str; 3] = ["--user", "--map-user=1000", "--map-group=1000"];
    let works = Command::new("unshare").args(AS_USER).arg("true").output();
    if !works.is_ok_and(|output| output.status.success()) {
        return Err(Error::ToolMissing {
            program: "a user for Postgres".into(),
            remedy: "Postgres refuses to run as root, and user namespaces are not allowed here; run gaia as an \
                     ordinary user, or give --database"
                .into(),
        });
    }
    Ok(["unshare"].into_iter().chain(AS_USER).map(OsString::from).collect())
}

fn socket_folder(cluster: &Path) -> Result<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let near = cluster.join("socket");
    let folder = if near.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        near
    } else {
        // Too deep a path: a short one, always the same for the same cluster.
        let mut hasher = DefaultHasher::new();
        cluster.hash(&mut hasher);
        std::env::temp_dir().join(format!("gaia-{:016x}", hasher.finish()))
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(Error::file("create", &folder))?;
    let metadata = fs::symlink_metadata(&folder).map_err(Error::file("look at", &folder))?;
    // Somebody else's folder would let somebody else in.
    if !metadata.is_dir() || metadata.uid() != geteuid().as_raw() || metadata.mode() & 0o077 != 0 {
        let source = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it is not a private folder of yours");
        return Err(Error::file("use", folder)(source));
    }
    Ok(folder)
}

/// The folder with Postgres's server programs: `$GAIA_POSTGRES`, else from the PATH, else the newest of Debian's.
fn programs() -> Result<PathBuf> {
    let has_server = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    if let Some(folder) = std::env::var_os("GAIA_POSTGRES").map(PathBuf::from) {
        return if has_server(&folder) {
            Ok(folder)
        } else {
            Err(Error::ToolMissing {
                program: format!("PostgreSQL's server (initdb, postgres) in {}", folder.display()),
                remedy: "set GAIA_POSTGRES to the folder they are in, or run scripts/setup without it".into(),
            })
        };
    }
    let on_path =
        std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).find(|folder| has_server(folder)));
    let debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let version = |folder: &PathBuf| -> Option<u32> { folder.parent()?.file_name()?.to_str()?.parse().ok() };
        versions.flatten().map(|entry| entry.path().join("bin")).filter(has_server).max_by_key(version)
    };
    on_path.or_else(debian).ok_or_else(|| Error::ToolMissing {
        program: "PostgreSQL's server (initdb, postgres)".into(),
        remedy: "run scripts/setup, or set GAIA_POSTGRES to the folder they are in, or give --database".into(),
    })
}

fn done(mut command: Command, program: &str, input: Option<&str>) -> Result<()> {
    let missing = |error: std::io::Error| Error::ToolMissing {
        program: program.to_owned(),
        remedy: format!("it cannot be started ({error}); run scripts/setup"),
    };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(missing)?;
    if let (Some(mut pipe), Some(text)) = (child.stdin.take(), input) {
        pipe.write_all(text.as_bytes()).map_err(missing)?;
    }
    let Output { status, stderr, .. } = child.wait_with_output().map_err(missing)?;
    if status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&stderr);
    Err(Error::Failed(format!("{program} failed ({status}): {}", words.trim())))
}
