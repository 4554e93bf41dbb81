//! Connections that others end: by their channel, or by their group.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{prelude::*, testing::Communicator};
use serde_json::{Value, json};

#[event("room.note")]
struct Note {
    text: String,
}

#[group("room_{room}", events(Note))]
struct Room {
    room: String,
}

/// Tells its channel name, and the notes by a handler of its own.
#[consumer("/ws/room/{room}/", group = Room)]
struct Guest {
    room: String,
}

#[consumer]
impl Guest {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        if text == "slow" {
            tokio::time::sleep(Duration::from_secs(300)).await;
        }
        context.send_text(context.channel_name().as_str()).await
    }

    #[event("room.note")]
    async fn note(&mut self, note: &Note, context: &mut Context<Self>) -> Result {
        context.send_text(&note.text).await
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect, context: &mut Context<Self>) {
        let told = json!({"type": "told", "code": disconnect.code(), "cause": disconnect.cause()});
        let _ = context.channels().untyped().send("told", told).await;
    }
}

async fn guest(channels: &Channels, room: &str) -> (Communicator, String) {
    let app = Router::new().consumer::<Guest>().with_channels(channels.clone());
    let mut client = Communicator::new(app, format!("/ws/room/{room}/")).patience(Duration::from_secs(1000));
    client.connect().await.unwrap();
    client.send_text_to("name").await.unwrap();
    let name = client.receive_text_from().await.unwrap();
    (client, name)
}

async fn told(channels: &Channels) -> Value {
    let told = channels.untyped().receive("told").await.unwrap().to_value().unwrap();
    json!([told["code"], told["cause"]])
}

fn room(room: &str) -> Room {
    Room { room: room.into() }
}

#[tokio::test]
async fn a_channel_is_disconnected_and_nobody_else() {
    let channels = Channels::memory();
    let (mut ann, name) = guest(&channels, "a").await;
    let (mut bob, _) = guest(&channels, "a").await;
    channels.channel(&name).unwrap().disconnect(Close::new(close_code!(4403), "banned")).await.unwrap();
    assert_eq!(ann.receive_close().await.unwrap(), (4403, "banned".to_owned()));
    assert_eq!(told(&channels).await, json!([4403, "remote"]));
    room("a").send(&channels, Note { text: "hi".into() }).await.unwrap();
    assert_eq!(bob.receive_text_from().await.unwrap(), "hi");
}

#[tokio::test]
async fn a_group_is_disconnected_behind_what_was_sent_to_it() {
    let channels = Channels::memory();
    let (mut ann, _) = guest(&channels, "a").await;
    let (mut bob, _) = guest(&channels, "a").await;
    let (mut eve, _) = guest(&channels, "b").await;
    for number in 0..20 {
        room("a").send(&channels, Note { text: number.to_string() }).await.unwrap();
    }
    room("a").disconnect(&channels, Close::new(close_code!(4404), "closed")).await.unwrap();
    for client in [&mut ann, &mut bob] {
        for number in 0..20 {
            assert_eq!(client.receive_text_from().await.unwrap(), number.to_string());
        }
        assert_eq!(client.receive_close().await.unwrap(), (4404, "closed".to_owned()));
    }
    room("b").send(&channels, Note { text: "still open".into() }).await.unwrap();
    assert_eq!(eve.receive_text_from().await.unwrap(), "still open");
}

/// However much waits, and however long.
#[tokio::test(start_paused = true)]
async fn a_full_channel_and_a_slow_handler_do_not_keep_it_open() {
    let channels = Channels::builder().capacity(3).expiry(Duration::from_secs(60)).build();
    let (mut ann, _) = guest(&channels, "a").await;
    ann.send_text_to("slow").await.unwrap();
    // Until its handler runs.
    tokio::time::sleep(Duration::from_secs(1)).await;
    for number in 0..5 {
        room("a").send(&channels, Note { text: number.to_string() }).await.unwrap();
    }
    room("a").disconnect(&channels, Close::new(close_code!(4404), "closed")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(channels.counts().channel_full, 2, "of the notes");
    assert!(ann.receive_text_from().await.unwrap().contains('!'), "the handler returns");
    assert_eq!(ann.receive_close().await.unwrap(), (4404, "closed".to_owned()));
    assert_eq!(channels.counts().expired, 3);
}

#[tokio::test]
async fn what_django_sends_closes_too_and_what_is_wrong_is_counted() {
    let channels = Channels::memory();
    let (mut ann, _) = guest(&channels, "a").await;
    let untyped = channels.untyped();
    untyped.group_send("room_a", json!({"type": "connection.close", "code": 1006})).await.unwrap();
    untyped.group_send("room_a", json!({"type": "connection.close", "code": "4404"})).await.unwrap();
    room("a").send(&channels, Note { text: "still here".into() }).await.unwrap();
    assert_eq!(ann.receive_text_from().await.unwrap(), "still here");
    assert_eq!(channels.counts().undecodable, 2);
    untyped
        .group_send("room_a", json!({"type": "connection.close", "code": 4000, "reason": "by Django"}))
        .await
        .unwrap();
    assert_eq!(ann.receive_close().await.unwrap(), (4000, "by Django".to_owned()));
}

#[tokio::test]
async fn who_asks_a_group_to_close_is_answered() {
    let channels = Channels::memory();
    let (mut ann, _) = guest(&channels, "a").await;
    let asked = channels.untyped().group_ask("room_a", json!({"type": "connection.close"}), Duration::from_secs(5));
    let answers = asked.await.unwrap();
    assert!(answers.is_complete());
    assert_eq!(ann.receive_close().await.unwrap(), (1000, String::new()));
}
