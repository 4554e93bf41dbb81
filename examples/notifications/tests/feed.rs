//! Sending from HTTP handlers to the tabs of a user, and to one tab.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use consumer_runtime::{Channels, RouterExt, testing::Communicator};
use serde_json::{Value, json};
use tower::ServiceExt;

fn app() -> Router {
    notifications::app().with_channels(Channels::memory())
}

/// A tab of `user`, and the channel name that it was greeted with.
async fn tab(app: &Router, user: &str) -> (Communicator, String) {
    let mut tab = Communicator::new(app.clone(), format!("/ws/notifications/{user}/"));
    tab.connect().await.unwrap();
    let welcome: Value = tab.receive_json_from().await.unwrap();
    assert_eq!((&welcome["type"], &welcome["user"]), (&json!("welcome"), &json!(user)));
    (tab, welcome["channel"].as_str().unwrap().to_owned())
}

async fn request(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn post(app: &Router, path: &str, body: Value) -> (StatusCode, String) {
    let body = Request::post(path).header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    request(app, body.unwrap()).await
}

async fn tabs(app: &Router) -> Value {
    let (_, body) = request(app, Request::get("/tabs").body(Body::empty()).unwrap()).await;
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn all_tabs_of_a_user_get_what_is_sent_to_the_user() {
    let app = app();
    let (mut first, _) = tab(&app, "ann").await;
    let (mut second, _) = tab(&app, "ann").await;
    let (mut other, _) = tab(&app, "ben").await;

    assert_eq!(post(&app, "/notify/ann", json!({"text": "a parcel"})).await.0, StatusCode::ACCEPTED);
    for tab in [&mut first, &mut second] {
        let event: Value = tab.receive_json_from().await.unwrap();
        assert_eq!(event, json!({"type": "notification.new", "text": "a parcel"}));
    }

    // The first thing that ben hears of is his own.
    post(&app, "/notify/ben", json!({"text": "a letter"})).await;
    assert_eq!(other.receive_json_from::<Value>().await.unwrap()["text"], "a letter");
}

#[tokio::test]
async fn one_tab_gets_what_is_sent_to_its_channel() {
    let app = app();
    let (mut first, channel) = tab(&app, "ann").await;
    let (mut second, _) = tab(&app, "ann").await;

    assert_eq!(post(&app, &format!("/channel/{channel}"), json!({"text": "you alone"})).await.0, StatusCode::ACCEPTED);
    assert_eq!(first.receive_json_from::<Value>().await.unwrap()["text"], "you alone");

    post(&app, "/notify/ann", json!({"text": "both"})).await;
    assert_eq!(second.receive_json_from::<Value>().await.unwrap()["text"], "both");
}

#[tokio::test]
async fn a_tab_is_listed_for_as_long_as_it_is_open() {
    let app = app();
    let (mut first, channel) = tab(&app, "ann").await;
    let (mut second, other) = tab(&app, "ben").await;
    assert_eq!(tabs(&app).await, json!({&channel: "ann", &other: "ben"}));

    first.disconnect().await;
    assert_eq!(tabs(&app).await, json!({&other: "ben"}));
    second.vanish().await;
    assert_eq!(tabs(&app).await, json!({}));

    // Sending to a tab that is gone is no mistake of the sender's.
    assert_eq!(post(&app, &format!("/channel/{channel}"), json!({"text": "too late"})).await.0, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn what_cannot_be_sent_is_answered_with_the_rule() {
    let app = app();

    let (status, body) = post(&app, "/notify/%EB%B0%A9", json!({"text": "hello"})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("방") && body.contains("ASCII letters"), "{body}");

    let (status, body) = post(&app, "/channel/a!b!c", json!({"text": "hello"})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");

    let (status, body) = post(&app, "/notify/ann", json!({"title": "hello"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("`text`"), "{body}");
}
