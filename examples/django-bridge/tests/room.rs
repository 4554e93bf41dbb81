//! The room as Django and browsers see it.

use consumer_runtime::{Channels, RouterExt, testing::Communicator};
use serde_json::{Value, json};

#[tokio::test]
async fn what_django_sends_to_the_group_is_what_its_own_consumer_would_send_on() {
    let channels = Channels::memory();
    let mut window = Communicator::new(django_bridge::app().with_channels(channels.clone()), "/ws/chat/lobby/");
    window.connect().await.unwrap();

    // The dictionary that Django's senders have, by the name that they use.
    channels.untyped().group_send("chat_lobby", json!({"type": "chat.message", "message": "hi"})).await.unwrap();
    assert_eq!(window.receive_json_from::<Value>().await.unwrap(), json!({"message": "hi"}));
}

#[tokio::test]
async fn what_a_browser_sends_is_the_event_that_djangos_consumer_handles() {
    let channels = Channels::memory();
    let mut django = channels.untyped().new_channel();
    django.group_add("chat_lobby").await.unwrap();
    let mut window = Communicator::new(django_bridge::app().with_channels(channels), "/ws/chat/lobby/");
    window.connect().await.unwrap();

    window.send_json_to(&json!({"message": "hi"})).await.unwrap();
    let event = django.receive().await.to_value().unwrap();
    assert_eq!(event, json!({"type": "chat.message", "message": "hi"}));
}
