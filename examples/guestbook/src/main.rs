//! Run with
//!
//! ```text
//! cargo run -p guestbook
//! ```

use std::{error::Error, net::SocketAddr, path::PathBuf};

use clap::Parser;
use consumer_runtime::{Server, shutdown_signal};
use guestbook::Book;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A guestbook in the browser.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// The file of the book; it is made when it is not there.
    #[arg(long, value_name = "FILE", default_value = ":memory:")]
    book: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let book = Book::open(options.book)?;
    let listener = TcpListener::bind(options.listen).await?;
    println!("Open http://{}/ in two windows.", listener.local_addr()?);
    Ok(Server::new(guestbook::app(book)).run(listener, shutdown_signal()).await?)
}
