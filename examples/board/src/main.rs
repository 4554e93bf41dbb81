//! Run with
//!
//! ```text
//! cargo run -p board
//! ```
//!
//! and, after a change of what goes over the socket,
//!
//! ```text
//! cargo run -p board -- schema --javascript examples/board/page/client.js
//! ```

use std::{io, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use consumer_runtime::{Server, shutdown_signal};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A shared board in the browser.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the typed client, or the AsyncAPI document; `schema --help` says how.
    #[command(disable_help_flag = true)]
    Schema {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Schema { arguments }) = options.command {
        return board::declarations().command(arguments);
    }
    match serve(options.listen).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: SocketAddr) -> io::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let listener = TcpListener::bind(address).await?;
    println!("Open http://{}/ in two windows.", listener.local_addr()?);
    Server::new(board::app()).run(listener, shutdown_signal()).await
}
