//! Errors whose `ReplyError` is written by hand, and typed errors where no frame is answered: in `#[connect]`, and in
//! ordinary axum handlers.

use std::{fmt, io};

use axum::{body::Body, http::Request, routing::get};
use consumer_runtime::prelude::*;
use serde::Deserialize;
use tests::Log;
use tower::ServiceExt;

use super::*;

/// As thiserror would make it.
#[derive(Debug)]
enum ChatError {
    Muted { minutes: u32 },
    Disk(io::Error),
}

impl fmt::Display for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Muted { .. } => f.write_str("somebody is muted"),
            Self::Disk(_) => f.write_str("the disk failed"),
        }
    }
}

impl std::error::Error for ChatError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Muted { .. } => None,
            Self::Disk(error) => Some(error),
        }
    }
}

impl ReplyError for ChatError {
    const CODES: &'static [&'static str] = &["muted"];

    fn answer(&self) -> Option<Answer> {
        match self {
            Self::Muted { minutes } => {
                Some(Answer::new("muted", "be quiet for a while").with_data(json!({ "minutes": minutes })))
            }
            Self::Disk(_) => None,
        }
    }
}

/// The alias of a program with one error.
mod chat {
    pub(super) type Result<T = ()> = std::result::Result<T, super::ChatError>;
}

fn muted() -> chat::Result<u8> {
    Err(ChatError::Muted { minutes: 5 })
}

fn disk() -> chat::Result<u8> {
    Err(ChatError::Disk(io::Error::other("sector 7")))
}

#[derive(Deserialize)]
struct Nothing {}

#[consumer("/ws/hand/")]
struct ByHand {}

#[consumer]
impl ByHand {
    #[receive("muted")]
    async fn muted(&mut self, _: Nothing) -> Result<u8, ChatError> {
        muted()
    }

    #[receive("alias")]
    async fn alias(&mut self, _: Nothing) -> chat::Result<Option<u8>> {
        muted().map(Some)
    }

    #[receive("quiet")]
    async fn quiet(&mut self, _: Nothing) -> chat::Result {
        muted().map(drop)
    }

    #[receive("disk")]
    async fn disk(&mut self, _: Nothing) -> chat::Result<u8> {
        disk()
    }

    #[receive("plain")]
    async fn plain(&mut self, _: Nothing) -> Result<u8> {
        muted().map_err(Error::reply)
    }

    #[receive("plain.disk")]
    async fn plain_disk(&mut self, _: Nothing) -> Result<u8> {
        disk().map_err(Error::reply)
    }

    /// The code is lost here, as the documentation says.
    #[receive("lost")]
    async fn lost(&mut self, _: Nothing) -> Result<u8> {
        Ok(muted()?)
    }
}

#[consumer("/ws/blocking/")]
struct Blocking {}

#[consumer(blocking)]
impl Blocking {
    #[receive("muted")]
    fn muted(&mut self, _: Nothing) -> chat::Result<u8> {
        muted()
    }
}

#[derive(ReplyError)]
enum EntryError {
    #[reply("no_room", "there is no room `{room}`")]
    NoRoom { room: String },
    #[reply(internal)]
    Store(io::Error),
    #[reply(internal)]
    Closing(Close),
}

fn enter(room: &str) -> Result<(), EntryError> {
    match room {
        "disk" => Err(io::Error::other("hunter2"))?,
        "close" => Err(Close::new(close_code!(4004), "not here"))?,
        room => Err(EntryError::NoRoom { room: room.into() }),
    }
}

#[consumer("/ws/entry/{room}/")]
struct Entry {
    room: String,
}

#[consumer]
impl Entry {
    #[connect]
    async fn connect(&mut self) -> Result<(), Refusal> {
        enter(&self.room)?;
        Ok(())
    }
}

#[tokio::test]
async fn an_error_with_an_answer_by_hand_is_told_where_the_signature_names_it() {
    let app = || Router::new().consumer::<ByHand>().consumer::<Blocking>();
    let muted = json!({"code": "muted", "message": "be quiet for a while", "data": {"minutes": 5}});
    let mut client = connected(app(), "/ws/hand/").await;
    for kind in ["muted", "alias", "quiet", "plain"] {
        assert_eq!(told(&mut client, kind).await, muted, "{kind}");
    }
    assert_eq!(told(&mut connected(app(), "/ws/blocking/").await, "muted").await, muted);
    assert_eq!(told(&mut client, "lost").await, internal());
}

#[tokio::test]
async fn its_text_and_its_sources_are_logged_when_it_has_no_answer() {
    let log = Log::begin();
    let mut client = connected(Router::new().consumer::<ByHand>(), "/ws/hand/").await;
    for (n, kind) in ["disk", "plain.disk"].into_iter().enumerate() {
        assert_eq!(told(&mut client, kind).await, internal(), "{kind}");
        assert_eq!(log.lines_with("the disk failed: sector 7"), n + 1, "{}", log.text());
    }
}

#[tokio::test]
async fn a_connect_refuses_with_it() {
    let app = || Router::new().consumer::<Entry>();
    let (status, _, body) = Communicator::new(app(), "/ws/entry/attic/").refused().await.unwrap();
    assert_eq!((status.as_u16(), &*body), (400, "there is no room `attic`"));
    let (status, _, body) = Communicator::new(app(), "/ws/entry/disk/").refused().await.unwrap();
    assert_eq!(status.as_u16(), 500);
    assert!(!body.contains("hunter2"), "{body}");
    let mut client = connected(app(), "/ws/entry/close/").await;
    assert_eq!(client.receive_close().await.unwrap(), (4004, "not here".into()));
}

#[tokio::test]
async fn an_axum_handler_answers_with_it() {
    let app = Router::new()
        .route("/{room}", get(async |axum::extract::Path(room): axum::extract::Path<String>| enter(&room)));
    for (path, status, text) in [("/attic", 400, "there is no room `attic`"), ("/disk", 500, "internal error\n")] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(body, text, "{path}");
    }
}
