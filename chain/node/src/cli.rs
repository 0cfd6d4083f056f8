//! The command line.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU64,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, ValueEnum};

/// Name of the runtime file where none is given.
const RUNTIME_FILE: &str = "gaia_runtime.wasm";

/// The local chain of Gaia Governance.
///
/// Prints `gaia-chain listening on ws://ADDRESS` on standard output once it answers; its log goes to standard error.
#[derive(Debug, Parser)]
#[command(name = "gaia-chain", version)]
pub(crate) struct Cli {
    /// Runtime to start the chain from [default: gaia_runtime.wasm beside this program or one folder up]
    #[arg(long, value_name = "FILE")]
    runtime: Option<PathBuf>,

    /// Folder that keeps the chain from one start to the next [default: memory only]
    #[arg(long, value_name = "DIR")]
    pub(crate) base_path: Option<PathBuf>,

    /// Name of the chain. Part of the first block, so another name is another chain
    #[arg(long, value_name = "NAME", default_value = "gaia-dev", value_parser = chain_id)]
    pub(crate) chain_id: String,

    /// When blocks are made
    #[arg(long, value_enum, default_value_t = Seal::Instant)]
    pub(crate) seal: Seal,

    /// Also make a block, empty or not, at this interval, so that time passes [instant seal only]
    #[arg(long, value_name = "MS")]
    block_time: Option<NonZeroU64>,

    /// Port for JSON-RPC over WebSocket and HTTP; 0 lets the system choose
    #[arg(long, value_name = "PORT", default_value_t = 9944)]
    rpc_port: u16,

    /// Address to listen on. Beyond this machine, methods that control the node are refused
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    rpc_bind: IpAddr,

    /// Connections served at once
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) rpc_max_connections: u32,

    /// Folder for compiled runtimes, which make the next start fast [default: gaia-chain in the user's cache folder]
    #[arg(long, value_name = "DIR")]
    wasm_cache: Option<PathBuf>,

    /// Compile the runtime at every start
    #[arg(long, conflicts_with = "wasm_cache")]
    no_wasm_cache: bool,

    /// What to log, as `level` or `target=level`, separated by commas
    #[arg(long, value_name = "FILTER", default_value = "info,sc_basic_authorship=warn")]
    log: String,

    /// Log errors only
    #[arg(long, conflicts_with = "log")]
    quiet: bool,
}

/// When blocks are made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Seal {
    /// As soon as there is a transaction; final at once
    Instant,
    /// Only on engine_createBlock; final on engine_finalizeBlock
    Manual,
}

impl Cli {
    /// Parses the arguments of this process; on a mistake prints one and exits.
    pub(crate) fn checked() -> Self {
        let cli = Self::parse();
        if cli.seal == Seal::Manual && cli.block_time.is_some() {
            use clap::{CommandFactory, error::ErrorKind};
            Self::command().error(ErrorKind::ArgumentConflict, "--block-time has no meaning with --seal manual").exit();
        }
        cli
    }

    pub(crate) fn block_time(&self) -> Option<Duration> {
        self.block_time.map(|ms| Duration::from_millis(ms.get()))
    }

    pub(crate) fn rpc_address(&self) -> SocketAddr {
        SocketAddr::new(self.rpc_bind, self.rpc_port)
    }

    pub(crate) fn log_directives(&self) -> &str {
        if self.quiet { "error" } else { &self.log }
    }

    /// The runtime file: the one asked for, else the one beside the program or, as in a cargo target folder, above
    /// the folder of the program.
    pub(crate) fn runtime_file(&self) -> PathBuf {
        if let Some(file) = &self.runtime {
            return file.clone();
        }
        let program = std::env::current_exe().unwrap_or_default();
        let beside = program.with_file_name(RUNTIME_FILE);
        match program.parent().and_then(Path::parent).map(|above| above.join(RUNTIME_FILE)) {
            Some(above) if !beside.exists() && above.exists() => above,
            _ => beside,
        }
    }

    /// Where compiled runtimes are kept, if anywhere.
    pub(crate) fn wasm_cache(&self) -> Option<PathBuf> {
        if self.no_wasm_cache {
            return None;
        }
        self.wasm_cache.clone().or_else(|| {
            let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
            let caches = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?;
            Some(caches.join("gaia-chain"))
        })
    }
}

/// A chain's name is also a folder's name and part of what people see.
fn chain_id(name: &str) -> Result<String, String> {
    let legible = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if (1..=32).contains(&name.len()) && name.chars().all(legible) {
        Ok(name.into())
    } else {
        Err("a name is 1 to 32 of a-z, 0-9, - and _".into())
    }
}
