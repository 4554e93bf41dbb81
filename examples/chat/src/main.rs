//! Run with
//!
//! ```text
//! cargo run -p chat
//! ```
//!
//! and, for one room on two processes,
//!
//! ```text
//! cargo run -p chat -- --layer redis://localhost:6379
//! cargo run -p chat -- --layer redis://localhost:6379 --listen 127.0.0.1:8001
//! ```
//!
//! A typed client of the room for browsers comes from
//!
//! ```text
//! cargo run -p chat -- schema --typescript out/
//! ```

use std::{io, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use consumer_runtime::{
    Channels, NatsLayer, NatsOptions, RedisLayer, RedisOptions, RedisPubSubLayer, RouterExt, Server, Settings,
    inspector, shutdown_signal,
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A chat room in the browser.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// What carries messages between processes: `memory`, `redis://HOST:PORT` as channels_redis' `RedisChannelLayer` does,
    /// `redis+pubsub://HOST:PORT` as its `RedisPubSubChannelLayer` does, or `nats://HOST:PORT`.
    #[arg(long, value_name = "LAYER", default_value = "memory", value_parser = layer)]
    layer: Layer,

    /// Shows connections, groups and events at `/inspector`; only where no other machine can come, since it asks nobody who
    /// they are.
    #[arg(long)]
    inspector: bool,

    /// Turns every limit on rates and numbers of connections off, for measuring.
    #[arg(long)]
    unlimited: bool,

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

#[derive(Clone)]
enum Layer {
    /// This process alone.
    Memory,
    /// All processes on this server, which stores messages.
    Stored(RedisOptions),
    /// All processes on this server, which passes messages on.
    Published(RedisOptions),
    /// All processes on this NATS server.
    Nats(NatsOptions),
}

fn layer(text: &str) -> Result<Layer, String> {
    match text.split_once("://") {
        Some(("redis", _)) => Ok(Layer::Stored(RedisOptions::url(text))),
        Some(("redis+pubsub", server)) => Ok(Layer::Published(RedisOptions::url(format!("redis://{server}")))),
        Some(("nats" | "tls", _)) => Ok(Layer::Nats(NatsOptions::url(text))),
        None if text == "memory" => Ok(Layer::Memory),
        _ => Err("it is `memory`, or as in `redis://localhost:6379`, `redis+pubsub://localhost:6379` or `nats://localhost:4222`".into()),
    }
}

async fn channels(layer: &Layer) -> io::Result<Channels> {
    Ok(match layer {
        Layer::Memory => Channels::memory(),
        Layer::Stored(options) => {
            let layer = RedisLayer::connect(options).await.map_err(io::Error::other)?;
            Channels::builder().layer(layer).build()
        }
        Layer::Published(options) => {
            let layer = RedisPubSubLayer::connect(options).await.map_err(io::Error::other)?;
            Channels::builder().layer(layer).build()
        }
        Layer::Nats(options) => {
            let layer = NatsLayer::connect(options).await.map_err(io::Error::other)?;
            Channels::builder().layer(layer).build()
        }
    })
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Schema { arguments }) = options.command {
        return chat::declarations().command(arguments);
    }
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> io::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    if options.inspector && !options.listen.ip().is_loopback() {
        return Err(io::Error::other("`--inspector` takes a `--listen` of this machine alone, as in `127.0.0.1:8000`"));
    }
    let channels = channels(&options.layer).await?;
    let settings = if options.unlimited { Settings::unlimited() } else { Settings::default() };
    let listener = TcpListener::bind(options.listen).await?;
    println!("Open http://{}/chat/ in two windows.", listener.local_addr()?);
    let mut app = chat::app().with_settings(settings);
    if options.inspector {
        println!("Look at it at http://{}/inspector.", listener.local_addr()?);
        app = app.nest("/inspector", inspector(channels.clone()));
    }
    Server::new(app).channels(channels).run(listener, shutdown_signal()).await
}
