//! Run with
//!
//! ```text
//! cargo run -p chat
//! ```

use std::net::SocketAddr;

use clap::{Parser, ValueEnum};
use consumer_runtime::{Channels, RouterExt, Server, Settings, shutdown_signal};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A chat room in the browser.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// What carries messages between processes.
    #[arg(long, value_enum, default_value = "memory")]
    layer: Layer,

    /// Turns every limit on rates and numbers of connections off, for measuring.
    #[arg(long)]
    unlimited: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Layer {
    /// This process alone.
    Memory,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let channels = match options.layer {
        Layer::Memory => Channels::memory(),
    };
    let settings = if options.unlimited { Settings::unlimited() } else { Settings::default() };
    let listener = TcpListener::bind(options.listen).await?;
    println!("Open http://{}/chat/ in two windows.", listener.local_addr()?);
    Server::new(chat::app().with_settings(settings)).channels(channels).run(listener, shutdown_signal()).await
}
