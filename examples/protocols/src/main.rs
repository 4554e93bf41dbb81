//! Run with
//!
//! ```text
//! cargo run -p protocols
//! ```

use std::net::SocketAddr;

use clap::Parser;
use consumer_runtime::{Server, shutdown_signal};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Quotes over two subprotocols, in the browser.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let listener = TcpListener::bind(options.listen).await?;
    println!("Open http://{}/.", listener.local_addr()?);
    Server::new(protocols::app()).run(listener, shutdown_signal()).await
}
