//! Signing and reading, through the socket and down to SQLite.

use axum::Router;
use consumer_runtime::{Channels, RouterExt, testing::Communicator};
use guestbook::Book;
use serde_json::{Value, json};

fn app(book: &Book) -> Router {
    guestbook::app(book.clone()).with_channels(Channels::memory())
}

async fn reader(app: &Router) -> Communicator {
    let mut reader = Communicator::new(app.clone(), "/ws/guestbook/");
    reader.connect().await.unwrap();
    reader
}

/// Sends a frame and waits for its reply; events that come before it are dropped.
async fn ask(reader: &mut Communicator, frame: Value) -> Value {
    reader.send_json_to(&frame).await.unwrap();
    loop {
        let answer: Value = reader.receive_json_from().await.unwrap();
        if answer["type"] == "reply" {
            assert_eq!(answer["id"], frame["id"]);
            return answer;
        }
    }
}

fn sign(text: &str, id: u32) -> Value {
    json!({"type": "guestbook.sign", "name": "Ann", "text": text, "id": id})
}

fn list(id: u32) -> Value {
    json!({"type": "guestbook.list", "id": id})
}

fn texts(answer: &Value) -> Vec<&str> {
    let entries = answer["ok"]["entries"].as_array().expect("a page of entries");
    entries.iter().map(|entry| entry["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_entry_is_stored_and_listed() {
    let book = Book::open(":memory:").unwrap();
    let mut ann = reader(&app(&book)).await;
    assert!(texts(&ask(&mut ann, list(1)).await).is_empty());

    let answer = ask(&mut ann, sign("I was here", 2)).await;
    assert_eq!((&answer["ok"]["name"], &answer["ok"]["text"]), (&json!("Ann"), &json!("I was here")));
    ask(&mut ann, sign("and again", 3)).await;
    assert_eq!(texts(&ask(&mut ann, list(4)).await), ["and again", "I was here"]);

    // The book is the database's, not the connection's.
    let mut ben = reader(&app(&book)).await;
    assert_eq!(texts(&ask(&mut ben, list(1)).await), ["and again", "I was here"]);
}

#[tokio::test]
async fn everybody_hears_of_a_new_entry() {
    let app = app(&Book::open(":memory:").unwrap());
    let mut ann = reader(&app).await;
    let mut ben = reader(&app).await;

    let entry = ask(&mut ann, sign("I was here", 1)).await["ok"].take();
    let event: Value = ben.receive_json_from().await.unwrap();
    assert_eq!(event, json!({"type": "guestbook.signed", "entry": entry}));
}

#[tokio::test]
async fn an_entry_that_is_too_long_is_answered_and_not_stored() {
    let mut ann = reader(&app(&Book::open(":memory:").unwrap())).await;

    let error = ask(&mut ann, sign(&"é".repeat(281), 1)).await["error"].take();
    assert_eq!((&error["code"], &error["data"]), (&json!("too_long"), &json!({"max": 280})), "{error}");
    assert!(error["message"].as_str().unwrap().contains("281"), "{error}");
    assert_eq!(ask(&mut ann, sign(" ", 2)).await["error"]["code"], "empty");
    assert!(texts(&ask(&mut ann, list(3)).await).is_empty());

    assert_eq!(ask(&mut ann, sign(&"é".repeat(280), 4)).await["error"], Value::Null);
}

#[tokio::test]
async fn older_entries_come_page_by_page() {
    let book = Book::open(":memory:").unwrap();
    let mut ann = reader(&app(&book)).await;
    for number in 1..=25 {
        ask(&mut ann, sign(&number.to_string(), number)).await;
    }

    let newest = ask(&mut ann, list(100)).await;
    assert_eq!((texts(&newest).len(), texts(&newest)[0]), (20, "25"));
    let last = &newest["ok"]["entries"][19]["id"];
    let older = ask(&mut ann, json!({"type": "guestbook.list", "before": last, "id": 101})).await;
    assert_eq!(texts(&older), ["5", "4", "3", "2", "1"]);
}

#[tokio::test]
async fn a_book_in_a_file_keeps_its_entries() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("guestbook.sqlite3");
    let _ = std::fs::remove_file(&file);
    let mut ann = reader(&app(&Book::open(&file).unwrap())).await;
    ask(&mut ann, sign("still here", 1)).await;
    ann.disconnect().await;

    let mut ben = reader(&app(&Book::open(&file).unwrap())).await;
    assert_eq!(texts(&ask(&mut ben, list(1)).await), ["still here"]);
}
