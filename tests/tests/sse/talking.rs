//! What is said in either direction.

use super::*;

#[tokio::test]
async fn two_clients_of_a_room_come_by_different_ways_and_hear_each_other() {
    let site = site().await;
    let mut socket = site.client(CHAT).await;
    let mut source = EventSource::open(site.address, CHAT).await;
    source.say_json(json!({"message": "by a request"})).await;
    assert_eq!(socket.hear_json().await, json!({"message": "by a request"}));
    assert_eq!(source.hear_json().await, json!({"message": "by a request"}));
    socket.say_json(json!({"message": "by a frame"})).await;
    assert_eq!(source.hear_json().await, json!({"message": "by a frame"}));
    assert_eq!(site.channels.counts().accepted, 2);
}

#[tokio::test]
async fn requests_are_replied_to() {
    let site = site().await;
    let mut source = EventSource::open(site.address, "/ws/sums/?a=b").await;
    assert_eq!(source.hear_json().await, json!({"hello": "a=b"}), "what `#[connect]` sends comes first");
    source.say_json(json!({"type": "sum", "numbers": [1, 2, 3], "id": 7})).await;
    assert_eq!(source.hear_json().await, json!({"type": "reply", "id": 7, "ok": 6}));
    source.say_json(json!({"type": "sum", "numbers": "x", "id": "a"})).await;
    let wrong = source.hear_json().await;
    assert_eq!((&wrong["id"], &wrong["error"]["code"]), (&json!("a"), &json!("bad_frame")));
}

#[tokio::test]
async fn a_text_arrives_as_it_was_whatever_lines_it_has() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for text in
        ["hello", "", " two spaces before and one behind ", "a\nb\n\nc\n", ":no comment", "data: x", "é😀\u{0}\u{feff}"]
    {
        source.say(text).await;
        assert_eq!(source.hear().await, text);
    }
    for text in ["\r", "a\r\nb", "\r\n\r\nevent: close\r\ndata: {}\r\n\r\n"] {
        source.say(text).await;
        let (name, data) = source.event().await.unwrap();
        assert_eq!((&*name, serde_json::from_str(&data).ok()), ("quoted", Some(text.to_owned())));
    }
}

#[tokio::test]
async fn binary_frames_are_base64() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for (body, data) in [("\u{0}\r\n~", "AA0Kfg=="), ("", "")] {
        assert_eq!(source.post("application/octet-stream", body).await.status, 204);
        assert_eq!(source.event().await, Some(("bytes".to_owned(), data.to_owned())));
    }
}

#[tokio::test]
async fn lines_are_frames_in_their_order() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let lines: String = (0..100).map(|line| format!("{line}\n")).collect();
    assert_eq!(source.post("application/x-ndjson", &format!("\n{lines}\n\nlast")).await.status, 204);
    for line in 0..100 {
        assert_eq!(source.hear().await, line.to_string());
    }
    assert_eq!(source.hear().await, "last");
}

#[tokio::test]
async fn a_long_message_arrives_whole_in_both_directions() {
    let site = site_with(Settings { max_message: 1 << 20, ..Settings::default() }).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let long = "0123456789abcdef".repeat(1 << 16);
    source.say(&long).await;
    assert_eq!(source.hear().await, long);
}

#[tokio::test]
async fn it_counts_as_a_frame_whatever_way_it_comes() {
    let site =
        site_with(Settings { rate: Some(consumer_runtime::Rate { per_second: 1, burst: 10 }), ..Settings::default() })
            .await;
    let mut source = EventSource::open(site.address, ECHO).await;
    assert_eq!(source.post("application/x-ndjson", &"x\n".repeat(11)).await.status, 204);
    assert_eq!(source.hear_close().await.0, 1008);
}
