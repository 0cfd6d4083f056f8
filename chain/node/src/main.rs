//! `gaia-chain`: the local chain of Gaia Governance as one process.
//!
//! A Substrate node without a network: a database, a transaction pool, a task that seals blocks, and JSON-RPC. It
//! links no runtime; the runtime is a wasm file read at start (see [`genesis`]), so that a new runtime needs no new
//! node.

mod cli;
mod client;
mod clock;
mod error;
mod genesis;
mod rpc;
mod seal;
mod service;

use std::process::ExitCode;

use futures::{StreamExt, stream};
use tokio::signal::unix::{SignalKind, signal};

use crate::{cli::Cli, error::Error, service::Node};

fn main() -> ExitCode {
    let cli = Cli::checked();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gaia-chain: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Error> {
    sc_tracing::logging::LoggerBuilder::new(cli.log_directives()).init().map_err(|e| Error::Log(e.to_string()))?;

    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Error::Start(e.into()))?;
    let outcome = runtime.block_on(run_until_stopped(cli, runtime.handle().clone()));
    // Only a start that was interrupted can still hold a thread here, and it has nothing to lose.
    runtime.shutdown_background();
    outcome
}

/// Runs the node until SIGINT or SIGTERM, which may also arrive while it is still starting.
async fn run_until_stopped(cli: Cli, tokio: tokio::runtime::Handle) -> Result<(), Error> {
    let interrupt = signal(SignalKind::interrupt()).map_err(|e| Error::Start(e.into()))?;
    let terminate = signal(SignalKind::terminate()).map_err(|e| Error::Start(e.into()))?;
    let mut stop = stream::select(signals(interrupt), signals(terminate));

    // Compiling the runtime takes seconds of one thread.
    let starting = tokio::task::spawn_blocking(move || Node::start(&cli, tokio));
    let mut node = tokio::select! {
        started = starting => started.map_err(|e| Error::Start(e.into()))??,
        _ = stop.next() => return Ok(()),
    };

    // The one line on stdout. Programs that start a node wait for it and read the address from it.
    println!("gaia-chain listening on ws://{}", node.address());

    let outcome = tokio::select! {
        failed = node.failed() => Err(failed),
        _ = stop.next() => Ok(()),
    };
    node.stop().await;
    outcome
}

fn signals(mut source: tokio::signal::unix::Signal) -> impl stream::Stream<Item = ()> + Unpin {
    stream::poll_fn(move |context| source.poll_recv(context))
}
