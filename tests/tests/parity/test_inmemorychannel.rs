//! `tests/test_inmemorychannel.py`.

use super::*;

fn message(text: &str) -> Value {
    json!({"type": "test.message", "text": text})
}

fn small() -> Channels {
    let layer = consumer_runtime::MemoryLayer::with(3, Duration::from_secs(60), []);
    Channels::builder().layer(layer).capacity(3).build()
}

async fn receive(channels: &Channels, name: &str) -> Value {
    channels.untyped().receive(name).await.unwrap().to_value().unwrap()
}

async fn is_silent(channel: &mut consumer_runtime::ReceivingChannel) -> bool {
    tokio::time::timeout(Duration::from_millis(100), channel.receive()).await.is_err()
}

async fn hears(channel: &mut consumer_runtime::ReceivingChannel, text: &str) {
    let heard = tests::soon("a message", channel.receive()).await;
    assert_eq!(heard.to_value().unwrap(), message(text));
}

#[tokio::test]
async fn test_send_receive() {
    let channels = small();
    channels.untyped().send("test-channel-1", message("Ahoy-hoy!")).await.unwrap();
    assert_eq!(receive(&channels, "test-channel-1").await, message("Ahoy-hoy!"));
}

#[tokio::test]
async fn test_race_empty() {
    let channels = small();
    let waiting = tokio::spawn({
        let channels = channels.clone();
        async move { receive(&channels, "test-channel-1").await }
    });
    tokio::task::yield_now().await;
    // A receiver that gives up between the send and its turn takes no message with it.
    let given_up = tokio::time::timeout(Duration::ZERO, channels.untyped().receive("test-channel-1")).await;
    assert!(given_up.is_err());
    channels.untyped().send("test-channel-1", message("Ahoy-hoy!")).await.unwrap();
    assert_eq!(tests::soon("a message", waiting).await.unwrap(), message("Ahoy-hoy!"));
}

#[tokio::test]
async fn test_send_capacity() {
    let channels = small();
    for _ in 0..3 {
        channels.untyped().send("test-channel-1", message("hey")).await.unwrap();
    }
    let error = channels.untyped().send("test-channel-1", message("hey")).await.unwrap_err();
    assert!(error.to_string().contains("is full"), "{error}");
}

#[tokio::test]
async fn test_process_local_send_receive() {
    let channels = small();
    let mut channel = channels.untyped().new_channel();
    channels.untyped().send(channel.name().as_str(), message("Local only please")).await.unwrap();
    hears(&mut channel, "Local only please").await;
}

#[tokio::test]
async fn test_multi_send_receive() {
    let channels = small();
    for text in ["message #1", "message #2", "message #3"] {
        channels.untyped().send("test-channel", message(text)).await.unwrap();
    }
    for text in ["message #1", "message #2", "message #3"] {
        assert_eq!(receive(&channels, "test-channel").await, message(text));
    }
}

#[tokio::test]
async fn test_groups_basic() {
    let channels = small();
    let mut members = [(); 3].map(|()| channels.untyped().new_channel());
    for member in &members {
        member.group_add("test-group").await.unwrap();
    }
    members[1].group_discard("test-group").await.unwrap();
    channels.untyped().group_send("test-group", message("hello")).await.unwrap();
    hears(&mut members[0], "hello").await;
    hears(&mut members[2], "hello").await;
    assert!(is_silent(&mut members[1]).await);
}

#[tokio::test]
async fn test_groups_channel_full() {
    let channels = small();
    let mut full = channels.untyped().new_channel();
    full.group_add("test-group").await.unwrap();
    for text in ["1", "2", "3", "4", "5"] {
        channels.untyped().group_send("test-group", message(text)).await.expect("never an error");
    }
    assert_eq!(channels.counts().channel_full, 2);
    for text in ["1", "2", "3"] {
        hears(&mut full, text).await;
    }
    assert!(is_silent(&mut full).await);
}

#[tokio::test(start_paused = true)]
async fn test_expiry_single() {
    let channels = Channels::memory();
    let mut channel = channels.untyped().new_channel();
    channels.untyped().send(channel.name().as_str(), message("old")).await.unwrap();
    channels.untyped().send("test-channel", message("old")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(59)).await;
    channels.untyped().send(channel.name().as_str(), message("new")).await.unwrap();
    channels.untyped().send("test-channel", message("new")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    hears(&mut channel, "new").await;
    assert_eq!(receive(&channels, "test-channel").await, message("new"));
    assert_eq!(channels.counts().expired, 2, "one of each channel");
}

#[tokio::test(start_paused = true)]
async fn test_expiry_unread() {
    let channels = Channels::memory();
    let mut member = channels.untyped().new_channel();
    member.group_add("test-group").await.unwrap();
    channels.untyped().group_send("test-group", message("old")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert!(is_silent(&mut member).await);
    // There an unread message throws its channel out of all groups; here it stays a member.
    channels.untyped().group_send("test-group", message("new")).await.unwrap();
    hears(&mut member, "new").await;
}

#[tokio::test(start_paused = true)]
async fn test_expiry_multi() {
    let channels = Channels::builder().expiry(Duration::from_secs(5)).build();
    let mut channel = channels.untyped().new_channel();
    let name = channel.name().clone();
    for text in ["message #1", "message #2", "message #3"] {
        channels.untyped().send(name.as_str(), message(text)).await.unwrap();
    }
    hears(&mut channel, "message #1").await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    channels.untyped().send(name.as_str(), message("message #4")).await.unwrap();
    hears(&mut channel, "message #4").await;
    assert!(is_silent(&mut channel).await);
    assert_eq!(channels.counts().expired, 2);
}
