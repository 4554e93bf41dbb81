//! The room as browsers see it: the frames of the Django Channels tutorial.

use axum::{Router, http::StatusCode};
use consumer_runtime::{Channels, RouterExt, Settings, testing::Communicator};
use serde_json::{Value, json};

fn app() -> Router {
    chat::app().with_channels(Channels::memory())
}

async fn member(app: &Router, room: &str) -> Communicator {
    let mut member = Communicator::new(app.clone(), format!("/ws/chat/{room}/"));
    member.connect().await.unwrap();
    member
}

#[tokio::test]
async fn everybody_in_a_room_sees_a_message_its_sender_included() {
    let app = app();
    let mut ann = member(&app, "lobby").await;
    let mut ben = member(&app, "lobby").await;

    ann.send_json_to(&json!({"message": "hello"})).await.unwrap();
    for member in [&mut ann, &mut ben] {
        assert_eq!(member.receive_json_from::<Value>().await.unwrap(), json!({"message": "hello"}));
    }

    ben.send_json_to(&json!({"message": "hello to you"})).await.unwrap();
    for member in [&mut ann, &mut ben] {
        assert_eq!(member.receive_json_from::<Value>().await.unwrap(), json!({"message": "hello to you"}));
    }
}

#[tokio::test]
async fn another_room_sees_nothing() {
    let app = app();
    let mut lobby = member(&app, "lobby").await;
    let mut kitchen = member(&app, "kitchen").await;

    lobby.send_json_to(&json!({"message": "for the lobby"})).await.unwrap();
    lobby.receive_text_from().await.unwrap();

    // The first frame that the kitchen gets is its own, so nothing came before it.
    kitchen.send_json_to(&json!({"message": "for the kitchen"})).await.unwrap();
    assert_eq!(kitchen.receive_json_from::<Value>().await.unwrap(), json!({"message": "for the kitchen"}));
}

#[tokio::test]
async fn who_has_left_disturbs_nobody() {
    let app = app();
    let mut ann = member(&app, "lobby").await;
    let mut ben = member(&app, "lobby").await;
    let mut eve = member(&app, "lobby").await;
    ben.disconnect().await;
    eve.vanish().await;

    ann.send_json_to(&json!({"message": "anybody?"})).await.unwrap();
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap(), json!({"message": "anybody?"}));
}

#[tokio::test]
async fn a_frame_that_does_not_fit_is_answered_and_the_socket_stays() {
    let mut ann = member(&app(), "lobby").await;

    for frame in [json!({"message": 5}), json!({"text": "hello"})] {
        ann.send_json_to(&frame).await.unwrap();
        let error: Value = ann.receive_json_from().await.unwrap();
        assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("bad_frame")), "{error}");
        assert!(error["message"].as_str().is_some_and(|text| text.contains("`message`")), "{error}");
    }

    ann.send_json_to(&json!({"message": "hello"})).await.unwrap();
    assert_eq!(ann.receive_json_from::<Value>().await.unwrap(), json!({"message": "hello"}));
}

#[tokio::test]
async fn a_name_that_no_group_may_have_is_refused_with_the_rule() {
    // A room called 방, as a browser writes it.
    let (status, _, body) = Communicator::new(app(), "/ws/chat/%EB%B0%A9/").refused().await.unwrap();
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("방") && body.contains("ASCII letters, digits, `-`, `_` and `.`"), "{body}");
}

#[tokio::test]
async fn a_thousand_messages_arrive_in_their_order() {
    let app = app().with_settings(Settings { rate: None, ..Settings::default() });
    let mut ann = member(&app, "lobby").await;
    let mut ben = member(&app, "lobby").await;

    for number in 0..1000 {
        ann.send_json_to(&json!({"message": number.to_string()})).await.unwrap();
    }
    for member in [&mut ann, &mut ben] {
        for number in 0..1000 {
            let message: Value = member.receive_json_from().await.unwrap();
            assert_eq!(message, json!({"message": number.to_string()}));
        }
    }
}
