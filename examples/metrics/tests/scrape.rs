//! What Prometheus reads, after real frames.

use metrics_example::{app, operations, record};
use serde_json::json;
use tests::{Site, ask, eventually};

/// The value of one line, as in `name{label="value"}`.
fn value(text: &str, series: &str) -> Option<f64> {
    let mut values = text.lines().filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    values.next().and_then(|value| value.parse().ok())
}

async fn get(site: &Site, path: &str) -> tests::Response {
    ask(site.address, &format!("GET {path} HTTP/1.1\r\nHost: testserver\r\n\r\n")).await
}

#[tokio::test]
async fn a_scrape_tells_what_has_happened() {
    let prometheus = record().expect("the only recorder");
    let site = Site::new(app()).await;
    let probes = Site::new(operations(site.channels.clone(), prometheus)).await;

    let mut guests = [site.client("/ws/room/lobby/").await, site.client("/ws/room/lobby/").await];
    for words in ["hi", "is anybody there?", "bye"] {
        guests[0].say_json(json!({ "type": "say", "words": words })).await;
        for guest in &mut guests {
            assert_eq!(guest.hear_json().await, json!({ "heard": words }));
        }
    }
    guests[0].say_json(json!({ "type": "shout" })).await;
    assert_eq!(guests[0].hear_json().await["type"], "error");
    let [_, leaving] = guests;
    leaving.close(1000, "").await;
    eventually("it has left", || site.channels.counts().ended == 1).await;

    let scraped = get(&probes, "/metrics").await;
    assert_eq!(scraped.header("content-type"), Some("text/plain; version=0.0.4"));
    let text = scraped.body;
    let expected = [
        (r#"consumer_connections{consumer="Guest"}"#, 1.0),
        ("consumer_groups", 1.0),
        ("consumer_group_members", 1.0),
        ("consumer_outgoing_bytes", 0.0),
        ("consumer_layer_away", 0.0),
        (r#"consumer_handshakes_total{consumer="Guest",outcome="accepted",code="101"}"#, 2.0),
        (r#"consumer_client_frames_total{consumer="Guest",event="say",outcome="handled"}"#, 3.0),
        (r#"consumer_client_frames_total{consumer="Guest",event="unknown",outcome="unfit"}"#, 1.0),
        (r#"consumer_events_total{consumer="Guest",event="room.said",outcome="handled"}"#, 6.0),
        (r#"consumer_handler_seconds_count{consumer="Guest",event="say"}"#, 3.0),
        (r#"consumer_handler_seconds_count{consumer="Guest",event="room.said"}"#, 3.0),
        (r#"consumer_closes_total{consumer="Guest",code="1000",reason="client"}"#, 1.0),
        (r#"consumer_dropped_total{reason="slow_client"}"#, 0.0),
        ("consumer_client_frames_received_total", 4.0),
    ];
    for (series, count) in expected {
        assert_eq!(value(&text, series), Some(count), "{series} in\n{text}");
    }
    assert!(value(&text, "consumer_client_bytes_received_total").is_some_and(|bytes| bytes > 100.0), "{text}");
    // Three frames to two guests, an error, and what closes.
    assert!(value(&text, "consumer_client_frames_sent_total").is_some_and(|frames| frames >= 7.0), "{text}");
    assert!(!text.contains("shout"), "no word of a client is a label");
    assert_eq!(get(&probes, "/readyz").await.status, 200);

    drop(site);
}
