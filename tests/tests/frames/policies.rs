//! What is done about them: answer, ignore, close.

use super::*;

async fn with(on_error: OnError) -> (Communicator, Channels) {
    let channels = Channels::memory();
    let settings = Settings { on_error, ..Settings::default() };
    (connected(app().with_settings(settings).with_channels(channels.clone()), "/ws/typed/").await, channels)
}

fn failed(counts: Counts) -> u64 {
    counts.failed_frames
}

#[tokio::test]
async fn answer_is_the_default_and_counts() {
    assert_eq!(Settings::default().on_error, OnError::Answer);
    let (mut client, channels) = with(OnError::Answer).await;
    client.send_text_to("nonsense").await.unwrap();
    client.receive_text_from().await.unwrap();
    client.send_json_to(&json!({"type": "chat.refuse"})).await.unwrap();
    client.receive_text_from().await.unwrap();
    assert_eq!(failed(channels.counts()), 2);
}

#[tokio::test]
async fn ignore_answers_nothing_and_counts() {
    let (mut client, channels) = with(OnError::Ignore).await;
    for text in ["nonsense", r#"{"type": "chat.fail", "id": 1}"#, r#"{"type": "nope", "id": 2}"#] {
        client.send_text_to(text).await.unwrap();
    }
    client.send_json_to(&json!({"type": "chat.quiet", "id": 3})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], 3);
    assert_eq!(failed(channels.counts()), 3);
}

#[tokio::test]
async fn close_says_whose_fault_it_was() {
    for (text, code, words) in [
        ("nonsense", 1008, "bad_frame: "),
        (r#"{"type": "nope"}"#, 1008, "unknown_type: "),
        (r#"{"type": "chat.fail"}"#, 1011, "internal: the server could not handle this frame"),
        (r#"{"type": "chat.refuse"}"#, 1011, "not_found: there is no such room"),
    ] {
        let (mut client, _) = with(OnError::Close).await;
        client.send_text_to(text).await.unwrap();
        let (got, reason) = client.receive_close().await.unwrap();
        assert_eq!(got, code, "{text}: {reason}");
        assert!(reason.starts_with(words), "{text}: {reason}");
    }
}

#[tokio::test]
async fn a_close_closes_under_every_policy() {
    for on_error in [OnError::Answer, OnError::Ignore, OnError::Close] {
        let (mut client, channels) = with(on_error).await;
        client.send_json_to(&json!({"type": "chat.bye", "id": 1})).await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), (4000, "bye".into()));
        assert_eq!(failed(channels.counts()), 0);
    }
}

/// Its own policy beats the router's.
#[consumer("/ws/strict/", settings(on_error = OnError::Close, max_message = 10))]
struct Strict {}

#[consumer]
impl Strict {
    #[receive]
    async fn receive(&mut self, value: Value) -> Value {
        value
    }
}

#[tokio::test]
async fn a_consumers_own_settings_beat_the_routers() {
    let app = || {
        Router::new().consumer::<Strict>().with_settings(Settings { on_error: OnError::Ignore, ..Settings::default() })
    };
    let mut client = connected(app(), "/ws/strict/").await;
    client.send_text_to("nonsense").await.unwrap();
    assert_eq!(client.receive_close().await.unwrap().0, 1008);
    let mut client = connected(app(), "/ws/strict/").await;
    client.send_text_to("[1,2,3,4,5]").await.unwrap();
    assert_eq!(client.receive_close().await.unwrap().0, 1009);
}
