//! What is handed to the `metrics` facade, and under which labels.

use std::collections::BTreeMap;

use axum::{Router, http::StatusCode};
use consumer_runtime::prelude::*;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use serde::Deserialize;
use serde_json::json;
use tests::{Client, EventSource, Raw, Site, ask, frame, soon};

#[event("desk.rung")]
struct Rung {
    how: String,
}

#[derive(Deserialize)]
struct Take {
    number: u32,
}

#[consumer("/ws/desk/{name}/", group = "desks")]
struct Desk {
    name: String,
}

#[consumer]
impl Desk {
    #[connect]
    async fn connect(&mut self) -> Result<(), Refusal> {
        if self.name == "closed" { Err(Refusal::response(StatusCode::NOT_FOUND)) } else { Ok(()) }
    }

    #[receive("desk.take")]
    async fn take(&mut self, take: Take, context: &mut Context<Self>) -> Result<u32> {
        match take.number {
            0 => Err(Error::msg("nothing to take")),
            1 => Err(Close::new(close_code!(4001), "no more").into()),
            2 => panic!("too many"),
            _ => {
                context.send_text("taken").await?;
                Ok(take.number)
            }
        }
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: Vec<u8>, context: &mut Context<Self>) -> Result {
        context.send_text("bytes").await
    }

    #[event("desk.rung")]
    async fn rung(&mut self, event: &Rung, context: &mut Context<Self>) -> Result {
        context.send_text(&event.how).await?;
        if event.how == "badly" { Err(Error::msg("out of order")) } else { Ok(()) }
    }
}

/// All values, by the series as Prometheus writes it. The recorder is this thread's, and so are the handlers.
fn published(recorder: &PrometheusRecorder, channels: &Channels) -> BTreeMap<String, f64> {
    channels.publish_metrics();
    let text = recorder.handle().render();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(series, value)| (series.into(), value.parse().unwrap()))
        .collect()
}

async fn hears(client: &mut Client, words: &str) {
    soon(words, async { while client.hear().await != words {} }).await;
}

#[tokio::test]
async fn outcomes_are_told_apart_and_nothing_that_clients_choose_is_a_label() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let site = Site::new(Router::new().consumer::<Desk>()).await;
    let channels = &site.channels;

    let mut client = site.client("/ws/desk/one/").await;
    for (frame, answer) in [
        (json!({"type": "desk.take", "number": 7, "id": 1}), "reply"),
        (json!({"type": "desk_take", "number": 0, "id": 2}), "reply"),
        (json!({"type": "hush.type", "id": 3}), "reply"),
        (json!({"type": "desk.take", "number": "hush", "id": 4}), "reply"),
    ] {
        client.say_json(frame).await;
        while !client.hear().await.contains(answer) {}
    }
    client.say_bytes(b"bytes").await;
    hears(&mut client, "bytes").await;
    let untyped = channels.untyped();
    for event in [
        json!({"type": "desk.rung", "how": "well"}),
        json!({"type": "desk_rung", "how": "badly"}),
        json!({"type": "desk_rung", "how": 7}),
        json!({"type": "hush.event"}),
        json!({"type": "desk.rung", "how": "at last"}),
    ] {
        untyped.group_send("desks", event).await.unwrap();
    }
    hears(&mut client, "at last").await;
    client.say_json(json!({"type": "desk.take", "number": 1})).await;
    assert_eq!(client.hear_close().await.0, 4001);
    let mut client = site.client("/ws/desk/two/").await;
    client.say_json(json!({"type": "desk.take", "number": 2})).await;
    assert_eq!(client.hear_close().await.0, 1011);
    let mut broken = Raw::open(site.address, "/ws/desk/three/").await;
    broken.write(&frame(true, 3, b"")).await;
    assert_eq!(broken.close_frame().await.unwrap().0, 1002);
    drop(broken);
    assert_eq!(site.client("/ws/desk/four/").await.close(4999, "hush").await.0, 4999);
    assert_eq!(Client::try_connect(site.address, "/ws/desk/closed/", &[]).await.unwrap_err().0, 404);
    ask(site.address, "GET /ws/desk/plain/ HTTP/1.1\r\nHost: testserver\r\n\r\n").await;
    let mut source = EventSource::open(site.address, "/ws/desk/five/").await;
    assert_eq!(source.post("image/png", "").await.status, 415);
    assert_eq!(source.request("DELETE", "", "").await.status, 204);
    assert_eq!(source.hear_close().await.0, 1005);
    site.settled().await;

    let values = published(&recorder, channels);
    let labelled = |name: &str, labels: &str| {
        let series = format!("{name}{{consumer=\"Desk\",{labels}}}");
        *values.get(&series).unwrap_or_else(|| panic!("no {series} in {values:#?}"))
    };
    let frames = |event: &str, outcome: &str| {
        labelled("consumer_client_frames_total", &format!("event=\"{event}\",outcome=\"{outcome}\""))
    };
    assert_eq!(frames("desk.take", "handled"), 1.0);
    assert_eq!(frames("desk.take", "failed"), 1.0);
    assert_eq!(frames("desk.take", "closed"), 1.0);
    assert_eq!(frames("desk.take", "panicked"), 1.0);
    assert_eq!(frames("unknown", "unfit"), 2.0);
    assert_eq!(frames("bytes", "handled"), 1.0);
    let events = |event: &str, outcome: &str| {
        labelled("consumer_events_total", &format!("event=\"{event}\",outcome=\"{outcome}\""))
    };
    assert_eq!(events("desk.rung", "handled"), 2.0);
    assert_eq!(events("desk.rung", "failed"), 1.0);
    assert_eq!(events("desk.rung", "unfit"), 1.0);
    assert_eq!(events("unknown", "unfit"), 1.0);
    let closes =
        |code: &str, reason: &str| labelled("consumer_closes_total", &format!("code=\"{code}\",reason=\"{reason}\""));
    assert_eq!(closes("4001", "consumer"), 1.0);
    assert_eq!(closes("1011", "panic"), 1.0);
    assert_eq!(closes("1002", "protocol"), 1.0);
    assert_eq!(closes("other", "client"), 1.0);
    let handshakes = |outcome: &str, code: u16| {
        labelled("consumer_handshakes_total", &format!("outcome=\"{outcome}\",code=\"{code}\""))
    };
    assert_eq!((handshakes("accepted", 101), handshakes("refused", 404)), (4.0, 1.0));
    assert_eq!((handshakes("refused", 426), handshakes("accepted", 200)), (1.0, 1.0));
    for code in [204, 415] {
        let counted = values.keys().any(|series| series.contains(&format!("code=\"{code}\"")));
        assert!(!counted, "what a stream's client sends is no handshake");
    }
    assert_eq!(values[r#"consumer_connections{consumer="Desk"}"#], 0.0);
    assert_eq!(values[r#"consumer_dropped_total{reason="undecodable"}"#], 1.0);
    assert_eq!(values[r#"consumer_dropped_total{reason="unhandled"}"#], 1.0);
    assert_eq!(values["consumer_panics_total"], 1.0);
    assert!(values.keys().all(|series| !series.contains("hush")), "{values:#?}");
    let timed = values.keys().filter(|series| series.starts_with("consumer_handler_seconds_count"));
    assert_eq!(timed.count(), 3, "the frame, the bytes and the event: {values:#?}");
}

#[tokio::test]
async fn the_channels_of_an_alias_are_added_and_the_names_are_described() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let alerts = Channels::memory();
    let channels = Channels::builder().alias("alerts", alerts.clone()).build();
    let members = [channels.untyped().new_channel(), alerts.untyped().new_channel()];
    for member in &members {
        member.group_add("lobby").await.unwrap();
        member.group_add("hall").await.unwrap();
    }
    for _ in 0..2 {
        let values = published(&recorder, &channels);
        assert_eq!((values["consumer_groups"], values["consumer_group_members"]), (4.0, 4.0));
    }
    let text = recorder.handle().render();
    let named = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!(named("# HELP"), named("# TYPE"), "{text}");
    // Every name stands in the table of the guide.
    let guide = include_str!("../../docs/observability.md");
    for name in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(guide.contains(&format!("| `{name}` |")), "{name} is not in docs/observability.md");
    }
}

#[tokio::test]
async fn the_lag_of_the_layer_is_the_last_that_was_measured() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let channels = Channels::memory();
    assert!(!published(&recorder, &channels).contains_key("consumer_layer_lag_seconds"), "it never was");
    let lag = channels.measure_layer().await.unwrap();
    let values = published(&recorder, &channels);
    assert_eq!(values["consumer_layer_lag_seconds"], lag.as_secs_f64());
    assert_eq!(values["consumer_groups"], 0.0, "it leaves nothing behind");
}
