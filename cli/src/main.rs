//! `gaia`.

use clap::Parser;
use cli::commands::Arguments;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = arguments.output();
    match arguments.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.status())
        }
    }
}
