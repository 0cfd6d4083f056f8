//! `gaia-api`: the mirror over HTTP.

use api::{
    openapi,
    server::{Config, MAX_LAG, Server},
};
use clap::Parser;
use std::{
    error::Error,
    io::{self, IsTerminal, Write},
    net::SocketAddr,
    process::ExitCode,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The mirror of the governance contracts over HTTP, read-only.
#[derive(Parser)]
#[command(name = "gaia-api", version)]
enum Command {
    /// Answers requests until it is told to stop (SIGINT or SIGTERM).
    Run {
        /// The mirror's database; needs to read the schema `mirror` only.
        #[arg(long, value_name = "URL", env = "GAIA_DATABASE_URL", hide_env_values = true)]
        database: String,
        /// Where to listen; port 0 is any free one.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// How many blocks the mirror may be behind the chain for /readyz to say that requests should come here.
        #[arg(long, value_name = "BLOCKS", default_value_t = MAX_LAG)]
        max_lag: u64,
    },
    /// Prints the API's description (OpenAPI 3.1).
    Openapi,
}

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gaia-api: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Openapi => io::stdout().write_all(openapi::json()?.as_bytes())?,
        Command::Run { database, listen, max_lag } => {
            let config = Config::new(&database, listen)?.with_max_lag(max_lag);
            log();
            tokio::runtime::Runtime::new()?.block_on(serve(config))?;
        }
    }
    Ok(())
}

/// Logs to standard error: lines for people on a terminal, JSON otherwise. `RUST_LOG` chooses what.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if io::stderr().is_terminal() { log.init() } else { log.json().init() }
}

async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    // Before the line below is printed, so that whoever waits for it can stop the program from then on.
    let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let server = Server::bind(config).await?;
    let mut stdout = io::stdout();
    writeln!(stdout, "gaia-api listening on http://{}", server.address())?;
    stdout.flush()?;
    Ok(server.run(told_to_stop(interrupt, terminate)).await?)
}

async fn told_to_stop(mut interrupt: Signal, mut terminate: Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
