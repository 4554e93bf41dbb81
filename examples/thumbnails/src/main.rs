//! Run with
//!
//! ```text
//! cargo run -p thumbnails
//! ```
//!
//! and, with the web part and any number of workers in processes of their own,
//!
//! ```text
//! cargo run -p thumbnails -- --layer redis://localhost:6379 --role web
//! cargo run -p thumbnails -- --layer redis://localhost:6379 --role work
//! ```

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, ValueEnum};
use consumer_runtime::{Channels, RedisLayer, RedisOptions, Server, WorkersEnd, prelude::*, shutdown_signal};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Thumbnails of what is uploaded.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// Where pictures and thumbnails lie, the same place for all processes.
    #[arg(long, value_name = "FOLDER", default_value = "pictures")]
    folder: PathBuf,

    /// A Redis server, `redis://HOST:PORT`, for more than one process.
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,

    /// What this process does.
    #[arg(long, value_enum, default_value = "both")]
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Web,
    Work,
    Both,
}

#[tokio::main]
async fn main() -> Result<WorkersEnd> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    std::fs::create_dir_all(&options.folder)?;
    let channels = match &options.layer {
        Some(url) => Channels::builder().layer(RedisLayer::connect(&RedisOptions::url(url)).await?).build(),
        None => Channels::memory(),
    };
    let web = async {
        if options.role != Role::Work {
            let listener = TcpListener::bind(options.listen).await?;
            let address = listener.local_addr()?;
            println!("curl http://{address}/pictures/cat --data-binary @cat.ppm");
            println!("curl http://{address}/thumbnails/cat --output cat.small.ppm");
            let app = thumbnails::app(&options.folder);
            Server::new(app).channels(channels.clone()).run(listener, shutdown_signal()).await?;
        }
        Ok(())
    };
    let work = async {
        match options.role {
            Role::Web => Ok(WorkersEnd::default()),
            Role::Work | Role::Both => thumbnails::workers(channels.clone(), &options.folder).run().await,
        }
    };
    let ((), end) = tokio::try_join!(web, work)?;
    Ok(end)
}
