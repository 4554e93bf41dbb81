//! Serves the sockets of the Django project beside this. `examples/django-bridge/run` starts both, and a Redis server;
//! alone, with a project that runs already, it is
//!
//! ```text
//! cargo run -p django-bridge -- --redis redis://localhost:6379
//! ```

use std::{io, net::SocketAddr};

use clap::Parser;
use consumer_runtime::{
    Channels, Origin, Origins, Proxies, RedisLayer, RedisOptions, RedisPubSubLayer, RouterExt, Server, Settings,
    shutdown_signal,
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The sockets of a Django project's chat.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8001")]
    listen: SocketAddr,

    /// The server that CHANNEL_LAYERS names: `redis://HOST:PORT` beside channels_redis' `RedisChannelLayer`,
    /// `redis+pubsub://HOST:PORT` beside its `RedisPubSubChannelLayer`.
    #[arg(long, value_name = "URL", default_value = "redis://127.0.0.1:6379", value_parser = redis)]
    redis: Redis,

    /// Where Django's pages are when a browser sees them on another host or port than these sockets, as in
    /// `http://localhost:8000`; may be given several times. Without it, pages of the same origin alone may connect,
    /// as it is behind one proxy for both.
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<Origin>,

    /// The proxy before these sockets, which is believed who the client is: an address, a network, `loopback` or `private`;
    /// may be given several times.
    #[arg(long, value_name = "PROXY")]
    trust: Vec<String>,
}

#[derive(Clone)]
enum Redis {
    /// Messages are stored, as Django's default layer does.
    Stored(RedisOptions),
    /// Messages are passed on.
    Published(RedisOptions),
}

fn redis(text: &str) -> Result<Redis, String> {
    match text.split_once("://") {
        Some(("redis", _)) => Ok(Redis::Stored(RedisOptions::url(text))),
        Some(("redis+pubsub", server)) => Ok(Redis::Published(RedisOptions::url(format!("redis://{server}")))),
        _ => Err("it is as in `redis://localhost:6379` or `redis+pubsub://localhost:6379`".into()),
    }
}

async fn channels(redis: &Redis) -> io::Result<Channels> {
    Ok(match redis {
        Redis::Stored(options) => {
            let layer = RedisLayer::connect(options).await.map_err(io::Error::other)?;
            Channels::builder().layer(layer).build()
        }
        Redis::Published(options) => {
            let layer = RedisPubSubLayer::connect(options).await.map_err(io::Error::other)?;
            Channels::builder().layer(layer).build()
        }
    })
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();

    let channels = channels(&options.redis).await?;
    let settings = Settings {
        origins: if options.origin.is_empty() { Origins::SameOrigin } else { Origins::Only(options.origin) },
        trusted_proxies: Proxies::new(options.trust).map_err(io::Error::other)?,
        ..Settings::default()
    };
    let listener = TcpListener::bind(options.listen).await?;
    println!("Serving ws://{}/ws/chat/ROOM/", listener.local_addr()?);
    Server::new(django_bridge::app().with_settings(settings)).channels(channels).run(listener, shutdown_signal()).await
}
