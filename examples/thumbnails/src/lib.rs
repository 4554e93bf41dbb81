//! Pictures are uploaded over HTTP, a worker makes a thumbnail of each, and browsers hear when one is there.
//!
//! The web part and the worker meet in the channel and in a folder, so they may be one process or many.

mod picture;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path as Captured, State},
    http::StatusCode,
    routing::{get, post},
};
use consumer_runtime::{Retry, Workers, prelude::*, worker};
use tokio::{fs, task::spawn_blocking};

use picture::Picture;

/// The work: a picture in the folder that has no thumbnail yet.
#[event("thumbnails.generate")]
struct Generate {
    name: String,
}

/// What browsers hear: `{"type": "thumbnails.ready", "name": "cat"}`.
#[event("thumbnails.ready")]
struct Ready {
    name: String,
}

/// Everybody who watches.
#[group("thumbnails", events(Ready))]
struct Watchers;

#[consumer("/ws/thumbnails/", group = Watchers)]
struct Watch;

#[consumer]
impl Watch {
    #[event("thumbnails.ready")]
    fn ready(event: &Ready) -> &Ready {
        event
    }
}

/// Makes thumbnails, at least one of each picture: it is acknowledged, so that a worker that is killed loses none.
#[consumer(channel = "thumbnails-generate", acknowledged)]
#[derive(Debug)]
pub struct Thumbnails {
    /// Where pictures lie, as `cat.ppm`, and thumbnails, as `cat.small.ppm`.
    folder: PathBuf,
    /// How wide they are.
    width: usize,
}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate, context: &mut WorkerContext<Self>) -> Result {
        let bytes = fs::read(file(&self.folder, &job.name)).await?;
        let width = self.width;
        // It keeps a processor busy, which nobody else should wait for.
        let small =
            spawn_blocking(move || Picture::read(&bytes).map(|picture| picture.shrink(width).write())).await??;
        // The same message may come twice, and to two workers at once: a thumbnail appears as a whole, or not at all.
        let unfinished = self.folder.join(format!("{}.{}.part", job.name, std::process::id()));
        fs::write(&unfinished, small).await?;
        fs::rename(&unfinished, thumbnail(&self.folder, &job.name)).await?;
        Watchers.send(context.channels(), Ready { name: job.name.clone() }).await
    }
}

/// A worker on a folder.
pub fn workers(channels: Channels, folder: impl Into<PathBuf>) -> Workers {
    worker(channels)
        .consumer(Thumbnails { folder: folder.into(), width: 64 })
        .max_in_flight(2)
        .retry(Retry::attempts(3).delays(Duration::from_millis(200), Duration::from_secs(10)))
}

/// The web part: uploads, thumbnails, and a socket that says when one is there.
pub fn app(folder: impl Into<PathBuf>) -> Router {
    Router::new()
        .route("/pictures/{name}", post(upload))
        .route("/thumbnails/{name}", get(download))
        .consumer::<Watch>()
        .with_state::<()>(folder.into())
}

/// `POST /pictures/cat` with a binary PPM: kept, and the work is sent to whichever worker is free.
async fn upload(
    State(folder): State<PathBuf>,
    Captured(name): Captured<String>,
    channels: Channels,
    picture: Bytes,
) -> Result<StatusCode> {
    if !is_name(&name) {
        return Err(Error::answer("bad_name", "a picture's name has letters, digits, `-` and `_`\n"));
    }
    fs::write(file(&folder, &name), picture).await?;
    Thumbnails::send(&channels, Generate { name }).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn download(
    State(folder): State<PathBuf>,
    Captured(name): Captured<String>,
) -> std::result::Result<Vec<u8>, StatusCode> {
    let name = Some(name).filter(|name| is_name(name)).ok_or(StatusCode::NOT_FOUND)?;
    fs::read(thumbnail(&folder, &name)).await.map_err(|_| StatusCode::NOT_FOUND)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.ppm"))
}

fn thumbnail(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.small.ppm"))
}
