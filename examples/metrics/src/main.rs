//! Run with
//!
//! ```text
//! cargo run -p metrics-example
//! ```

use std::{error::Error, future::IntoFuture, net::SocketAddr};

use clap::Parser;
use consumer_runtime::{Channels, Server, shutdown_signal};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A chat room whose process is measured.
#[derive(Parser)]
struct Options {
    /// Where to listen for clients; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// Where to listen for Prometheus and the orchestrator.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9000")]
    operations: SocketAddr,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let (channels, prometheus) = (Channels::memory(), metrics_example::record()?);
    let operations = TcpListener::bind(options.operations).await?;
    let listener = TcpListener::bind(options.listen).await?;
    println!("Open http://{}/ in two windows, and then", listener.local_addr()?);
    println!("  curl http://{}/metrics", operations.local_addr()?);
    println!("  curl http://{}/readyz", operations.local_addr()?);
    // It answers to the end, when clients are sent away already.
    tokio::spawn(axum::serve(operations, metrics_example::operations(channels.clone(), prometheus)).into_future());
    Server::new(metrics_example::app()).channels(channels).run(listener, shutdown_signal()).await?;
    Ok(())
}
