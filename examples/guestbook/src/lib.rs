//! A guestbook in SQLite: a library that blocks, so the handlers block too, on threads made for it.

mod book;

use axum::{Router, extract::State, http::StatusCode, response::Html, routing::get};
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

pub use book::Book;
use book::Entry;

/// The longest text, in characters.
const MAX_TEXT: usize = 280;

/// The most entries in one answer.
const PAGE: u32 = 20;

/// `{"type": "guestbook.list", "before": 40, "id": 1}`: the entries before one, or the newest.
#[derive(Deserialize)]
struct List {
    before: Option<i64>,
}

/// What answers it.
#[derive(Serialize)]
struct Page {
    entries: Vec<Entry>,
}

/// `{"type": "guestbook.sign", "name": "Ann", "text": "I was here", "id": 2}`.
#[derive(Deserialize)]
struct Sign {
    name: String,
    text: String,
}

/// Why an entry is not signed, as the page is told it.
#[derive(Debug, ReplyError)]
enum SignError {
    #[reply("empty", "an entry has a name and a text")]
    Empty,
    #[reply("too_long", "an entry has at most {max} characters, and this has {length}")]
    TooLong {
        max: usize,
        #[reply(skip)]
        length: usize,
    },
    /// The disk's trouble is for the log.
    #[reply(internal)]
    Book(rusqlite::Error),
    /// A reader who left before the news was sent, for one.
    #[reply(internal)]
    Send(Error),
}

/// What everybody hears of a new entry: `{"type": "guestbook.signed", "entry": {..}}`.
#[event("guestbook.signed")]
struct Signed {
    entry: Entry,
}

/// Everybody who has the book open.
#[group("guestbook", events(Signed))]
struct Readers;

#[consumer("/ws/guestbook/", group = Readers)]
struct Reader {
    book: Book,
}

/// A plain `fn` each: it may wait for the disk, since no other connection waits for this thread.
#[consumer(blocking)]
impl Reader {
    /// A book that cannot be read is a 503 here, and not an error of every frame.
    #[connect]
    fn connect(State(book): State<Book>) -> Result<Self, Refusal> {
        book.entries(None, 1)
            .map_err(|_| (StatusCode::SERVICE_UNAVAILABLE, "the book is closed; come back later\n"))?;
        Ok(Self { book })
    }

    #[receive("guestbook.list")]
    fn list(&mut self, list: List) -> Result<Page> {
        Ok(Page { entries: self.book.entries(list.before, PAGE)? })
    }

    #[receive("guestbook.sign")]
    fn sign(&mut self, sign: Sign, context: &mut BlockingContext<Self>) -> Result<Entry, SignError> {
        let (name, text) = (sign.name.trim(), sign.text.trim());
        if name.is_empty() || text.is_empty() {
            return Err(SignError::Empty);
        }
        let length = text.chars().count();
        if length > MAX_TEXT {
            return Err(SignError::TooLong { max: MAX_TEXT, length });
        }
        let entry = self.book.sign(name, text)?;
        context.group().send(Signed { entry: entry.clone() })?;
        Ok(entry)
    }

    #[event("guestbook.signed")]
    fn signed(event: &Signed) -> &Signed {
        event
    }
}

/// The page and the consumer, with their book as axum's state.
pub fn app(book: Book) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("pages/index.html")) }))
        .consumer::<Reader>()
        .with_state(book)
}
