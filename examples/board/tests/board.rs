//! The board as its page sees it.

use axum::{Router, body::Body, http::Request};
use consumer_runtime::{Channels, RouterExt, testing::Communicator};
use serde_json::{Value, json};

fn app() -> Router {
    board::app().with_channels(Channels::memory())
}

/// Somebody at the board, who has heard of everybody who is there.
async fn comes(app: &Router, name: &str, people: usize) -> Communicator {
    let mut person = Communicator::new(app.clone(), format!("/ws/board/main/?name={name}"));
    person.connect().await.unwrap();
    hears_of(&mut person, people).await;
    person
}

async fn hears_of(person: &mut Communicator, people: usize) {
    let changed = person.receive_json_from::<Value>().await.unwrap();
    assert_eq!((&changed["type"], changed["people"].as_array().unwrap().len()), (&json!("people.changed"), people));
}

async fn asks(person: &mut Communicator, frame: Value) -> Value {
    person.send_json_to(&frame).await.unwrap();
    person.receive_json_from().await.unwrap()
}

#[tokio::test]
async fn a_note_is_answered_with_and_told_to_the_others() {
    let app = app();
    let mut ann = comes(&app, "Ann", 1).await;
    let mut ben = comes(&app, "Ben", 2).await;
    hears_of(&mut ann, 2).await;

    ann.send_json_to(&json!({"type": "note.add", "text": " milk ", "colour": "blue", "x": 100, "y": 2000, "id": 1}))
        .await
        .unwrap();
    let note = json!({"id": 3, "text": "milk", "colour": "blue", "x": 100, "y": 1000, "author": "Ann"});
    // What the handler sent to the group came first.
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap(), json!({"type": "note.added", "note": note, "by": 1}));
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap(), json!({"type": "reply", "id": 1, "ok": note}));
    assert_eq!(ben.receive_json_from::<Value>().await.unwrap(), json!({"type": "note.added", "note": note, "by": 1}));

    let board = asks(&mut ben, json!({"type": "board.open", "id": 2})).await;
    assert_eq!((&board["ok"]["notes"], &board["ok"]["me"]["name"]), (&json!([note]), &json!("Ben")));
}

#[tokio::test]
async fn errors_say_what_to_do_about_them() {
    let app = app();
    let mut ann = comes(&app, "Ann", 1).await;
    let add = |text: &str| json!({"type": "note.add", "text": text, "colour": "pink", "x": 1, "y": 1, "id": 1});
    assert_eq!(asks(&mut ann, add("  ")).await["error"]["code"], "empty");
    let error = asks(&mut ann, add(&"x".repeat(201))).await;
    assert_eq!((&error["error"]["code"], &error["error"]["data"]), (&json!("too_long"), &json!({"max": 200})));
    let gone = asks(&mut ann, json!({"type": "note.remove", "note": 99, "id": 2})).await;
    assert_eq!(gone["error"]["code"], "gone");
}

#[tokio::test]
async fn the_board_is_cleared_once_the_page_has_said_yes() {
    let app = app();
    let mut ann = comes(&app, "Ann", 1).await;
    ann.send_json_to(&json!({"type": "board.clear", "id": 1})).await.unwrap();
    let question = ann.receive_json_from::<Value>().await.unwrap();
    assert_eq!(question["question"]["type"], "board.confirm");
    ann.send_json_to(&json!({"type": "reply", "id": question["id"], "ok": true})).await.unwrap();
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap()["type"], "board.cleared");
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap(), json!({"type": "reply", "id": 1, "ok": 0}));
}

#[tokio::test]
async fn history_comes_by_pages_newest_first() {
    let app = app();
    let mut ann = comes(&app, "Ann", 1).await;
    for number in 0..3 {
        let text = format!("note {number}");
        ann.send_json_to(&json!({"type": "note.add", "text": text, "colour": "green", "x": 1, "y": 1})).await.unwrap();
        ann.receive_json_from::<Value>().await.unwrap();
        ann.receive_json_from::<Value>().await.unwrap();
    }
    let page = asks(&mut ann, json!({"type": "board.history", "limit": 2, "id": 1})).await;
    let numbers = |page: &Value| {
        page["ok"]["entries"].as_array().unwrap().iter().map(|entry| entry["number"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((numbers(&page), &page["ok"]["more"]), (vec![json!(3), json!(2)], &json!(true)));
    let page = asks(&mut ann, json!({"type": "board.history", "before": 2, "limit": 2, "id": 2})).await;
    assert_eq!((numbers(&page), &page["ok"]["more"]), (vec![json!(1)], &json!(false)));
}

#[tokio::test]
async fn who_leaves_is_no_longer_there() {
    let app = app();
    let mut ann = comes(&app, "Ann", 1).await;
    let mut ben = comes(&app, "Ben", 2).await;
    hears_of(&mut ann, 2).await;
    ben.vanish().await;
    hears_of(&mut ann, 1).await;
}

/// `cargo run -p board -- schema --javascript examples/board/page/client.js` writes it anew.
#[test]
fn the_client_is_up_to_date() {
    let declarations = board::declarations();
    assert_eq!(declarations.objections(), Vec::<String>::new());
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/page/client.js");
    declarations.files().javascript(client).check().unwrap_or_else(|stale| panic!("{stale}"));
}

#[tokio::test]
async fn every_file_of_the_package_is_served() {
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/../../clients/typescript");
    let sources = std::fs::read_dir(format!("{package}/src")).unwrap();
    let mut files: Vec<_> = sources.map(|file| format!("src/{}", file.unwrap().file_name().display())).collect();
    files.push("index.js".into());
    for file in files {
        let request = Request::get(format!("/page/consumer-client/{file}")).body(Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(app(), request).await.unwrap();
        assert!(response.status().is_success(), "{file}: {}", response.status());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body, std::fs::read(format!("{package}/{file}")).unwrap(), "{file}");
    }
}
