//! `gaia-indexer`: mirrors the governance contracts' events into Postgres.

use clap::{Args, Parser, Subcommand, ValueEnum};
use futures::FutureExt;
use indexer::{Bounds, Deployment, Error, Indexer, Settings};
use std::{
    io::{IsTerminal, Write, stderr, stdout},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Mirrors the governance contracts' events from the chain into Postgres.
// URLs are read as plain text and parsed later: clap repeats what it refuses, and a URL may hold a password.
#[derive(Parser)]
#[command(name = "gaia-indexer", version)]
struct Cli {
    /// How to write the log, which goes to standard error. RUST_LOG says what goes into it.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object per line.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the database's schema up to date. Run it as the role that owns the database.
    Migrate {
        #[command(flatten)]
        database: Database,
    },
    /// Mirrors the chain until it is told to stop (SIGINT or SIGTERM).
    Run(Run),
}

#[derive(Args)]
struct Database {
    /// Postgres, as postgres://user:password@host:port/database. Better given by the variable, which other users of
    /// the machine cannot see.
    #[arg(long = "database", value_name = "URL", env = "GAIA_DATABASE_URL", hide_env_values = true)]
    url: String,
}

#[derive(Args)]
struct Run {
    /// The chain's node, as ws://host:port or wss://host.
    #[arg(long, value_name = "URL", env = "GAIA_CHAIN_URL", hide_env_values = true)]
    chain: String,

    #[command(flatten)]
    database: Database,

    /// What `gaia contracts deploy` wrote: which contracts to mirror, and from which block on.
    #[arg(long, value_name = "FILE", env = "GAIA_DEPLOYMENT")]
    deployment: PathBuf,

    /// Where to answer /metrics, /healthz and /readyz.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9615")]
    listen: SocketAddr,

    /// Blocks asked for at once.
    #[arg(long, value_name = "BLOCKS", default_value_t = Bounds::default().blocks_ahead)]
    blocks_ahead: usize,

    /// Rows after which a batch is written.
    #[arg(long, value_name = "ROWS", default_value_t = Bounds::default().batch_rows)]
    batch_rows: usize,

    /// How many blocks the mirror may be behind the chain for /readyz to say that it can be read.
    #[arg(long, value_name = "BLOCKS", default_value_t = indexer::MAX_LAG)]
    max_lag: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { log_format, command } = Cli::parse();
    start_log(log_format);
    let Err(error) = execute(command).await else { return ExitCode::SUCCESS };
    match log_format {
        LogFormat::Text => eprintln!("gaia-indexer: {error}"),
        LogFormat::Json => tracing::error!("{error}"),
    }
    ExitCode::FAILURE
}

async fn execute(command: Command) -> Result<(), Error> {
    match command {
        Command::Migrate { database } => indexer::migrate(&database.url.parse()?).await,
        Command::Run(Run { chain, database, deployment, listen, blocks_ahead, batch_rows, max_lag }) => {
            let (chain, database) = (chain.parse()?, database.url.parse()?);
            let deployment = Deployment::read(&deployment)?;
            let bounds = Bounds { blocks_ahead, batch_rows };
            let listener = indexer::listen(listen).await?;
            let address = listener.local_addr().map_err(|reason| Error::Listen { address: listen, reason })?;
            let settings = Settings { chain, database, deployment, bounds, max_lag };
            let stop = stopped().shared();
            let indexer = tokio::select! {
                () = stop.clone() => return Ok(()),
                indexer = Indexer::start(settings, listener) => indexer?,
            };
            // Whoever started it waits for this line, and reads here which port it got. If nobody does, that is fine.
            writeln!(stdout(), "gaia-indexer listening on http://{address}").ok();
            indexer.run(stop).await
        }
    }
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Ready when the process is asked to end.
async fn stopped() {
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tracing::info!("asked to stop: finishing the batch in flight");
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "signals cannot be caught: the process can only be killed, which does no harm");
            std::future::pending::<()>().await;
        }
    }
}
