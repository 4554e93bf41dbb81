//! What is agreed on, what travels, and how it ends.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use consumer_runtime::{Channels, RouterExt, testing::Communicator};
use tower::ServiceExt;

const V1: &[&str] = &["v1.quotes"];
const V2: &[&str] = &["v2.quotes"];

fn app() -> Router {
    protocols::app().with_channels(Channels::memory())
}

fn client(app: &Router, token: &str, offered: &[&str]) -> Communicator {
    let cookie = format!("theme=dark; token={token}");
    Communicator::new(app.clone(), "/ws/quotes/").header("cookie", &cookie).subprotocols(offered)
}

async fn connected(app: &Router, offered: &[&str]) -> Communicator {
    let mut client = client(app, "good", offered);
    client.connect().await.unwrap();
    client
}

async fn refusal(mut client: Communicator) -> (StatusCode, String) {
    let (status, _, body) = client.refused().await.unwrap();
    (status, body)
}

/// Code, reason and cause of every connection that has ended.
async fn journal(app: &Router) -> Vec<String> {
    let request = Request::get("/journal").body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    serde_json::from_slice(&to_bytes(response.into_body(), 64 * 1024).await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_servers_best_subprotocol_is_agreed_on() {
    let app = app();
    let both: &[&str] = &["v1.quotes", "v2.quotes"];
    for (offered, agreed) in [(both, "v2.quotes"), (V1, "v1.quotes")] {
        let accepted = client(&app, "good", offered).connect().await.unwrap();
        assert_eq!(accepted.subprotocol.as_deref(), Some(agreed));
        assert_eq!(accepted.headers["x-quota"], "5");
    }
}

#[tokio::test]
async fn the_agreed_subprotocol_decides_what_frames_look_like() {
    let app = app();
    let mut v1 = connected(&app, V1).await;
    v1.send_text_to("ACME").await.unwrap();
    assert_eq!(v1.receive_text_from().await.unwrap(), "ACME 123.50");

    let mut v2 = connected(&app, V2).await;
    v2.send_bytes_to(b"ACME").await.unwrap();
    assert_eq!(v2.receive_bytes_from().await.unwrap(), 12_350_u32.to_be_bytes());

    v2.send_text_to("ACME").await.unwrap();
    assert_eq!(v2.receive_close().await.unwrap().0, 4002);
}

#[tokio::test]
async fn who_may_not_connect_is_refused_before_the_upgrade() {
    let app = app();
    assert_eq!(refusal(client(&app, "forged", V1)).await, (StatusCode::UNAUTHORIZED, "log in first\n".to_owned()));
    assert_eq!(refusal(Communicator::new(app.clone(), "/ws/quotes/")).await.0, StatusCode::UNAUTHORIZED);

    let (status, body) = refusal(client(&app, "good", &["v3.quotes"])).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("v1.quotes"), "{body}");

    assert!(journal(&app).await.is_empty(), "no consumer was built, so none has ended");
}

#[tokio::test]
async fn an_expired_token_gets_a_close_code_that_a_page_can_read() {
    let app = app();
    let mut client = client(&app, "old", V2);
    client.connect().await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), (4003, "your token has expired".to_owned()));
}

#[tokio::test]
async fn a_returned_close_ends_the_connection() {
    let app = app();
    let mut client = connected(&app, V1).await;
    client.send_text_to("ENRON").await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), (4004, "there is no ENRON".to_owned()));
    client.ended().await;
    assert_eq!(journal(&app).await, [r#"4004 "there is no ENRON" Consumer"#]);
}

#[tokio::test]
async fn the_last_quote_goes_out_before_the_close() {
    let app = app();
    let mut client = connected(&app, V2).await;
    // The sixth is never looked at.
    for _ in 0..6 {
        client.send_bytes_to(b"HAL").await.unwrap();
    }
    for _ in 0..5 {
        assert_eq!(client.receive_bytes_from().await.unwrap(), 9_000_u32.to_be_bytes());
    }
    let (code, reason) = client.receive_close().await.unwrap();
    assert_eq!((code, &*reason), (4001, "that was the last quote of this connection"));
}

#[tokio::test]
async fn the_journal_tells_who_ended_a_connection_and_how() {
    let app = app();
    connected(&app, V1).await.disconnect_with(4100, "lunch").await;
    connected(&app, V1).await.vanish().await;
    assert_eq!(journal(&app).await, [r#"4100 "lunch" Client"#, r#"1006 "" Lost"#]);
}
