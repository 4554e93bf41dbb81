//! Frames and their answers, as `docs/protocol.md` promises them to the authors of clients.

use axum::Router;
use consumer_runtime::{Counts, OnError, Rate, Settings, prelude::*, testing::Communicator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tests::{Raw, Site, frame};

#[derive(Deserialize)]
struct Query {
    before: u32,
    #[serde(default)]
    filter: Filter,
}

#[derive(Default, Deserialize)]
struct Filter {
    tags: Vec<String>,
}

#[derive(Serialize)]
struct History {
    messages: Vec<u32>,
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Nothing;

#[derive(Debug)]
struct NotFound;

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the file /etc/hunter2 is not there")
    }
}

impl std::error::Error for NotFound {}

/// Frames with types.
#[consumer("/ws/typed/")]
struct Typed {}

#[consumer]
impl Typed {
    #[receive("chat.history")]
    async fn history(&mut self, query: Query) -> Result<History> {
        Ok(History { messages: (0..query.before).collect(), tags: query.filter.tags })
    }

    #[receive("chat.say")]
    async fn say(&mut self, value: Value, context: &mut Context<Self>) -> Result {
        context.send_json(&json!({ "said": value })).await
    }

    #[receive("chat.quiet")]
    async fn quiet(&mut self, _: Nothing) {}

    #[receive("chat.refuse")]
    async fn refuse(&mut self, _: Nothing) -> Result<History> {
        Err(Answer::new("not_found", "there is no such room").with_data(json!({"rooms": ["lobby"]})).into())
    }

    #[receive("chat.fail")]
    async fn fail(&mut self, _: Nothing) -> Result<History, NotFound> {
        Err(NotFound)
    }

    #[receive("chat.bye")]
    async fn bye(&mut self, _: Nothing) -> Result {
        Err(Close::new(close_code!(4000), "bye").into())
    }
}

/// Frames of one form, without a type.
#[consumer("/ws/nameless/")]
struct Nameless {}

#[consumer]
impl Nameless {
    #[receive]
    async fn receive(&mut self, value: Value) -> Value {
        value
    }
}

/// Frames with a type, and one form without.
#[consumer("/ws/both/")]
struct Both {}

#[consumer]
impl Both {
    #[receive("a")]
    async fn a(&mut self, _: Value) -> &'static str {
        "a"
    }

    #[receive]
    async fn other(&mut self, _: Value) -> &'static str {
        "other"
    }
}

#[consumer("/ws/text/")]
struct Text {}

#[consumer]
impl Text {
    #[receive(text)]
    async fn receive(&mut self, text: &str, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", text.len())).await
    }
}

#[consumer("/ws/bytes/")]
struct Bytes {}

#[consumer]
impl Bytes {
    #[receive(bytes)]
    async fn receive(&mut self, bytes: bytes::Bytes, context: &mut Context<Self>) -> Result {
        context.send_bytes(&bytes).await
    }
}

/// Takes nothing at all.
#[consumer("/ws/deaf/")]
struct Deaf {}

#[consumer]
impl Deaf {}

fn app() -> Router {
    Router::new()
        .consumer::<Typed>()
        .consumer::<Nameless>()
        .consumer::<Both>()
        .consumer::<Text>()
        .consumer::<Bytes>()
        .consumer::<Deaf>()
}

async fn connected(app: Router, path: &str) -> Communicator {
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    client
}

/// What a frame as it stands is answered, on a connection that then still works.
async fn answer_to(path: &str, text: &str) -> Value {
    let mut client = connected(app(), path).await;
    client.send_text_to(text).await.unwrap();
    let answer = client.receive_json_from().await.unwrap();
    assert!(client.receive_nothing().await, "one frame, one answer");
    client.send_text_to(text).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), answer, "the socket stays");
    answer
}

async fn answer(frame: Value) -> Value {
    answer_to("/ws/typed/", &frame.to_string()).await
}

/// Sees that `answer` is an error frame, and gives its message.
fn error<'a>(answer: &'a Value, code: &str) -> &'a str {
    let fields = answer.as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["code", "message", "type"], "{answer}");
    assert_eq!((&fields["type"], &fields["code"]), (&json!("error"), &json!(code)), "{answer}");
    fields["message"].as_str().unwrap()
}

/// Sees that `answer` is a reply with an error, and gives its message.
fn error_reply<'a>(answer: &'a Value, id: &Value, code: &str) -> &'a str {
    let fields = answer.as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["error", "id", "type"], "{answer}");
    assert_eq!((&fields["type"], &fields["id"]), (&json!("reply"), id), "{answer}");
    assert_eq!(fields["error"]["code"], json!(code), "{answer}");
    fields["error"]["message"].as_str().unwrap()
}

mod replies {
    use super::*;

    #[tokio::test]
    async fn a_value_answers_the_frames_id() {
        let reply = answer(json!({"type": "chat.history", "before": 2, "id": 7})).await;
        assert_eq!(reply, json!({"type": "reply", "id": 7, "ok": {"messages": [0, 1], "tags": []}}));
    }

    #[tokio::test]
    async fn type_comes_first_in_what_the_server_writes() {
        let mut client = connected(app(), "/ws/typed/").await;
        client.send_text_to(r#"{"type":"chat.quiet","id":1}"#).await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), r#"{"type":"reply","id":1,"ok":null}"#);
        client.send_text_to(r#"{"type":"nope"}"#).await.unwrap();
        assert!(
            client
                .receive_text_from()
                .await
                .unwrap()
                .starts_with(r#"{"type":"error","code":"unknown_type","message":"#)
        );
    }

    #[tokio::test]
    async fn an_id_is_an_integer_or_a_string_and_comes_back_as_it_was() {
        for id in [json!(0), json!(-7), json!(u64::MAX), json!(i64::MIN), json!(""), json!("a \"quoted\" 방")] {
            let reply = answer(json!({"type": "chat.quiet", "id": id})).await;
            assert_eq!(reply, json!({"type": "reply", "id": id, "ok": null}));
        }
    }

    #[tokio::test]
    async fn an_id_of_another_kind_is_a_bad_frame() {
        for id in [json!(1.5), json!(null), json!(true), json!([1]), json!({})] {
            let answer = answer(json!({"type": "chat.quiet", "id": id})).await;
            let message = error(&answer, "bad_frame");
            assert!(message.contains("id") && message.contains("integer or a string"), "{message}");
        }
    }

    #[tokio::test]
    async fn a_handler_without_a_value_answers_null_and_nothing_without_an_id() {
        assert_eq!(answer(json!({"type": "chat.quiet", "id": 1})).await, json!({"type": "reply", "id": 1, "ok": null}));
        let mut client = connected(app(), "/ws/typed/").await;
        client.send_json_to(&json!({"type": "chat.quiet"})).await.unwrap();
        assert!(client.receive_nothing().await);
    }

    #[tokio::test]
    async fn a_value_without_an_id_is_a_reply_without_one() {
        let reply = answer(json!({"type": "chat.history", "before": 1})).await;
        assert_eq!(reply, json!({"type": "reply", "ok": {"messages": [0], "tags": []}}));
    }

    #[tokio::test]
    async fn what_a_handler_sends_comes_before_its_reply() {
        let mut client = connected(app(), "/ws/typed/").await;
        client.send_json_to(&json!({"type": "chat.say", "text": "hi", "id": "x"})).await.unwrap();
        let (first, second): (Value, Value) =
            (client.receive_json_from().await.unwrap(), client.receive_json_from().await.unwrap());
        assert_eq!(first, json!({"said": {"text": "hi"}}), "`type` and `id` are no part of the payload");
        assert_eq!(second, json!({"type": "reply", "id": "x", "ok": null}));
    }

    #[tokio::test]
    async fn replies_come_in_the_order_of_the_frames() {
        let mut client = connected(app(), "/ws/typed/").await;
        for id in 0..50 {
            client
                .send_json_to(&json!({"type": if id % 3 == 0 { "nope" } else { "chat.quiet" }, "id": id}))
                .await
                .unwrap();
        }
        for id in 0..50 {
            assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], json!(id));
        }
    }

    #[tokio::test]
    async fn an_answer_is_told_word_for_word_with_its_data() {
        let told = json!({"code": "not_found", "message": "there is no such room", "data": {"rooms": ["lobby"]}});
        let reply = answer(json!({"type": "chat.refuse", "id": 3})).await;
        assert_eq!(reply, json!({"type": "reply", "id": 3, "error": told}));
        let mut frame = told.clone();
        frame["type"] = json!("error");
        assert_eq!(answer(json!({"type": "chat.refuse"})).await, frame);
    }

    #[tokio::test]
    async fn any_other_error_is_internal_and_keeps_its_text() {
        let reply = answer(json!({"type": "chat.fail", "id": 3})).await;
        assert_eq!(error_reply(&reply, &json!(3), "internal"), "the server could not handle this frame");
        let frame = answer(json!({"type": "chat.fail"})).await;
        assert_eq!(error(&frame, "internal"), "the server could not handle this frame");
    }
}

mod faults {
    use super::*;

    #[tokio::test]
    async fn an_unknown_type_is_named() {
        let frame = answer(json!({"type": "chat.nope"})).await;
        assert!(error(&frame, "unknown_type").contains("chat.nope"));
        let reply = answer(json!({"id": "x", "type": "chat.nope"})).await;
        assert!(error_reply(&reply, &json!("x"), "unknown_type").contains("chat.nope"));
        let long = answer(json!({"type": "x".repeat(10_000)})).await;
        assert!(error(&long, "unknown_type").len() < 200, "a long one is shortened");
    }

    #[tokio::test]
    async fn types_that_fold_alike_are_one_type() {
        let reply = answer(json!({"type": "chat_quiet", "id": 1})).await;
        assert_eq!(reply, json!({"type": "reply", "id": 1, "ok": null}));
    }

    #[tokio::test]
    async fn handlers_that_are_no_frames_cannot_be_reached() {
        for name in ["disconnect", "connect", "receive", "websocket.disconnect", "_quiet", ".quiet", "", "chat.quiet "]
        {
            error(&answer(json!({ "type": name })).await, "unknown_type");
        }
    }

    #[tokio::test]
    async fn what_is_no_json_is_a_bad_frame() {
        for text in
            ["", " ", "not json", "{", r#"{"type": "chat.quiet""#, r#"{"type": "chat.quiet"} {}"#, "{'type': 1}", "NaN"]
        {
            error(&answer_to("/ws/typed/", text).await, "bad_frame");
        }
    }

    #[tokio::test]
    async fn what_is_no_object_is_a_bad_frame() {
        for value in
            [json!([]), json!([{"type": "chat.quiet"}]), json!("chat.quiet"), json!(7), json!(null), json!(true)]
        {
            let answer = answer(value).await;
            assert!(error(&answer, "bad_frame").contains("object"), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_frame_without_a_type_is_a_bad_frame() {
        assert!(error(&answer(json!({"before": 1})).await, "bad_frame").contains("`type`"));
        assert!(error_reply(&answer(json!({"before": 1, "id": 1})).await, &json!(1), "bad_frame").contains("`type`"));
        for name in [json!(7), json!(null), json!(["chat.quiet"])] {
            error(&answer(json!({ "type": name })).await, "bad_frame");
        }
    }

    #[tokio::test]
    async fn a_field_that_does_not_fit_is_named_by_its_path() {
        let answered = answer(json!({"type": "chat.history", "before": "x"})).await;
        let message = error(&answered, "bad_frame");
        assert!(message.starts_with("field `before`: invalid type: string \"x\", expected u32"), "{message}");
        let answered =
            answer(json!({"type": "chat.history", "before": 1, "filter": {"tags": ["a", 7]}, "id": 9})).await;
        let message = error_reply(&answered, &json!(9), "bad_frame");
        assert!(message.starts_with("field `filter.tags[1]`: "), "{message}");
    }

    #[tokio::test]
    async fn a_field_that_is_missing_is_named() {
        let frame = answer(json!({"type": "chat.history", "id": 1})).await;
        assert!(error_reply(&frame, &json!(1), "bad_frame").contains("missing field `before`"), "{frame}");
    }

    #[tokio::test]
    async fn a_type_that_comes_last_is_found() {
        let text = r#"{"filter": {"tags": ["type"]}, "id": 4, "before": 1, "type": "chat.history"}"#;
        let reply = answer_to("/ws/typed/", text).await;
        assert_eq!(reply, json!({"type": "reply", "id": 4, "ok": {"messages": [0], "tags": ["type"]}}));
    }

    #[tokio::test]
    async fn a_type_or_an_id_that_is_there_twice_is_a_bad_frame() {
        for text in [
            r#"{"type": "chat.quiet", "type": "chat.refuse"}"#,
            r#"{"x": 1, "type": "chat.quiet", "type": "chat.refuse"}"#,
            r#"{"type": "chat.quiet", "x": 1, "type": "chat.quiet"}"#,
        ] {
            let answer = answer_to("/ws/typed/", text).await;
            assert!(error(&answer, "bad_frame").contains("duplicate field `type`"), "{text}: {answer}");
        }
        for text in [r#"{"type": "chat.quiet", "id": 1, "id": 2}"#, r#"{"id": 1, "type": "chat.quiet", "id": 1}"#] {
            let answer = answer_to("/ws/typed/", text).await;
            assert!(error(&answer, "bad_frame").contains("duplicate field `id`"), "{text}: {answer}");
        }
    }

    #[tokio::test]
    async fn keys_may_be_written_with_escapes() {
        let reply = answer_to("/ws/typed/", r#"{"\u0074ype": "chat\u002equiet", "\u0069d": "\u0041"}"#).await;
        assert_eq!(reply, json!({"type": "reply", "id": "A", "ok": null}));
    }

    #[tokio::test]
    async fn deep_nesting_is_a_bad_frame_and_no_overflow() {
        for depth in [200, 20_000] {
            let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            let answer = answer_to("/ws/typed/", &format!(r#"{{"type": "chat.say", "deep": {deep}}}"#)).await;
            assert!(error(&answer, "bad_frame").contains("recursion"), "{answer}");
            error(&answer_to("/ws/typed/", &deep).await, "bad_frame");
        }
    }

    #[tokio::test]
    async fn binary_to_a_json_consumer_and_text_to_a_binary_one_are_unexpected() {
        let mut client = connected(app(), "/ws/typed/").await;
        client.send_bytes_to(b"{}").await.unwrap();
        error(&client.receive_json_from().await.unwrap(), "unexpected");
        error(&answer_to("/ws/bytes/", "text").await, "unexpected");
        error(&answer_to("/ws/deaf/", "text").await, "unexpected");
        let mut client = connected(app(), "/ws/text/").await;
        client.send_bytes_to(b"x").await.unwrap();
        error(&client.receive_json_from().await.unwrap(), "unexpected");
    }
}

mod nameless {
    use super::*;

    #[tokio::test]
    async fn a_consumer_of_one_form_takes_type_as_any_other_field() {
        let reply = answer_to("/ws/nameless/", r#"{"type": [1], "message": "hi", "id": 1}"#).await;
        assert_eq!(reply, json!({"type": "reply", "id": 1, "ok": {"type": [1], "message": "hi"}}));
    }

    #[tokio::test]
    async fn a_consumer_of_one_form_takes_any_json() {
        for value in [json!([1, {"id": 1}]), json!("x"), json!(7), json!(null)] {
            let reply = answer_to("/ws/nameless/", &value.to_string()).await;
            assert_eq!(reply, json!({"type": "reply", "ok": value}));
        }
    }

    #[tokio::test]
    async fn a_frame_without_a_type_reaches_the_handler_without_one() {
        assert_eq!(answer_to("/ws/both/", r#"{"type": "a"}"#).await["ok"], "a");
        assert_eq!(answer_to("/ws/both/", r#"{"x": 1}"#).await["ok"], "other");
        error(&answer_to("/ws/both/", r#"{"type": "b"}"#).await, "unknown_type");
    }
}

mod policies {
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
            Router::new()
                .consumer::<Strict>()
                .with_settings(Settings { on_error: OnError::Ignore, ..Settings::default() })
        };
        let mut client = connected(app(), "/ws/strict/").await;
        client.send_text_to("nonsense").await.unwrap();
        assert_eq!(client.receive_close().await.unwrap().0, 1008);
        let mut client = connected(app(), "/ws/strict/").await;
        client.send_text_to("[1,2,3,4,5]").await.unwrap();
        assert_eq!(client.receive_close().await.unwrap().0, 1009);
    }
}

mod wire {
    use super::*;

    /// The close frame that bytes after a handshake lead to, and the site, on which nothing is left.
    async fn closed_for(path: &str, bytes: &[u8]) -> u16 {
        let site = Site::new(app()).await;
        let mut raw = Raw::open(site.address, path).await;
        raw.write(bytes).await;
        let (code, reason) = raw.close_frame().await.expect("a close frame");
        assert!(!reason.is_empty(), "{code} says why");
        drop(raw);
        site.settled().await;
        code
    }

    #[tokio::test]
    async fn a_message_over_the_limit_is_1009() {
        let site = Site::new(app()).await;
        let mut client = site.client("/ws/text/").await;
        client.say("x".repeat(64 * 1024)).await;
        assert_eq!(client.hear().await, "65536 bytes");
        client.say("x".repeat(64 * 1024 + 1)).await;
        assert_eq!(client.hear_close().await.0, 1009);
    }

    #[tokio::test]
    async fn a_message_over_the_limit_in_fragments_is_1009() {
        let half = vec![b'x'; 40 * 1024];
        assert_eq!(closed_for("/ws/text/", &[frame(false, 1, &half), frame(true, 0, &half)].concat()).await, 1009);
    }

    #[tokio::test]
    async fn a_length_that_is_only_announced_is_1009() {
        let mut announced = vec![0x82, 0x80 | 127];
        announced.extend_from_slice(&(1_u64 << 40).to_be_bytes());
        announced.extend_from_slice(&[0; 4]);
        assert_eq!(closed_for("/ws/bytes/", &announced).await, 1009);
    }

    #[tokio::test]
    async fn text_that_is_not_utf8_is_1007() {
        assert_eq!(closed_for("/ws/text/", &frame(true, 1, b"caf\xe9")).await, 1007);
        assert_eq!(closed_for("/ws/text/", &frame(false, 1, b"\xed\xa0\x80")).await, 1007);
        assert_eq!(closed_for("/ws/text/", &frame(true, 8, b"\x03\xe8\xff")).await, 1007);
    }

    #[tokio::test]
    async fn a_frame_that_breaks_the_protocol_is_1002() {
        let mut reserved = frame(true, 1, b"x");
        reserved[0] |= 0x40;
        for (what, bytes) in [
            ("unmasked", vec![0x81, 1, b'x']),
            ("a reserved bit", reserved),
            ("a reserved opcode", frame(true, 3, b"x")),
            ("a fragmented ping", frame(false, 9, b"x")),
            ("a long ping", frame(true, 9, &[0; 126])),
            ("a continuation of nothing", frame(true, 0, b"x")),
            ("a message inside another", [frame(false, 1, b"x"), frame(true, 1, b"x")].concat()),
            ("half a close code", frame(true, 8, &[3])),
            ("a close code that never travels", frame(true, 8, &1006_u16.to_be_bytes())),
        ] {
            assert_eq!(closed_for("/ws/text/", &bytes).await, 1002, "{what}");
        }
    }

    #[tokio::test]
    async fn too_many_fragments_are_1008() {
        let mut bytes = frame(false, 1, b"x");
        for _ in 0..128 {
            bytes.extend(frame(false, 0, b"x"));
        }
        assert_eq!(closed_for("/ws/text/", &bytes).await, 1008);
    }

    #[tokio::test]
    async fn more_frames_than_the_rate_allows_are_1008() {
        let site = Site::new(app()).await;
        let mut raw = Raw::open(site.address, "/ws/text/").await;
        raw.write(&frame(true, 1, b"x").repeat(1000)).await;
        let mut handled = 0;
        let close = loop {
            match raw.frame().await.expect("a close frame") {
                (8, payload) => break payload,
                (1, _) => handled += 1,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(close[..2], 1008_u16.to_be_bytes());
        assert!((200..300).contains(&handled), "what came within the limit is handled: {handled}");
    }

    #[tokio::test]
    async fn the_rate_is_a_setting() {
        let settings = Settings { rate: None, ..Settings::default() };
        let site = Site::new(app().with_settings(settings)).await;
        let mut raw = Raw::open(site.address, "/ws/text/").await;
        raw.write(&frame(true, 1, b"x").repeat(1000)).await;
        for _ in 0..1000 {
            assert_eq!(raw.frame().await, Some((1, b"1 bytes".to_vec())));
        }
        let settings = Settings { rate: Some(Rate { per_second: 1, burst: 2 }), ..Settings::default() };
        let site = Site::new(app().with_settings(settings)).await;
        let mut client = site.client("/ws/text/").await;
        for _ in 0..3 {
            client.say("x").await;
        }
        assert_eq!(client.hear_close().await.0, 1008);
    }

    #[tokio::test]
    async fn fragments_become_one_message_with_pings_in_between() {
        let site = Site::new(app()).await;
        let mut raw = Raw::open(site.address, "/ws/text/").await;
        let bytes =
            [frame(false, 1, "방".as_bytes()), frame(true, 9, b"now"), frame(false, 0, b""), frame(true, 0, b"!")];
        raw.write(&bytes.concat()).await;
        assert_eq!(raw.frame().await, Some((10, b"now".to_vec())), "a pong with the ping's own bytes");
        assert_eq!(raw.frame().await, Some((1, b"4 bytes".to_vec())));
    }

    #[tokio::test]
    async fn every_ping_is_answered_in_order() {
        let site = Site::new(app()).await;
        let mut raw = Raw::open(site.address, "/ws/text/").await;
        raw.write(&[frame(true, 9, b"a"), frame(true, 9, b""), frame(true, 9, &[7; 125])].concat()).await;
        for payload in [b"a".to_vec(), Vec::new(), vec![7; 125]] {
            assert_eq!(raw.frame().await, Some((10, payload)));
        }
    }
}
