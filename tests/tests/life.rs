//! One connection's life over a real socket: connect, receive, disconnect, and every way in which it can end.

use std::time::Duration;

use axum::{Extension, Router, http::StatusCode, http::header};
use consumer_runtime::{
    Settings,
    prelude::*,
    testing::{Communicator, TestError},
};
use serde_json::{Value, json};
use tests::{Client, Diary, Gate, Raw, Site, ask, frame, handshake};

/// What a group sends to make a handler do something.
#[event("life.deed")]
struct Deed {
    deed: String,
}

/// What reaches every browser without a connection's handler.
#[event("life.told")]
struct Told {
    text: String,
}

#[group("life", events(Deed, Told))]
struct Everyone {}

/// Writes down its whole life, and does what it is told.
#[consumer("/ws/life/", group = Everyone)]
struct Life {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Life {
    #[connect]
    async fn connect(&mut self) {
        self.diary.note("connect");
    }

    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("receive {text}"));
        self.perform(&text, context).await
    }

    #[event("life.deed")]
    async fn deed(&mut self, event: &Deed, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("event {}", event.deed));
        self.perform(&event.deed, context).await
    }

    #[event("life.told")]
    fn told(event: &Told) -> Value {
        json!({ "told": event.text })
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(farewell(&disconnect));
    }

    async fn perform(&mut self, deed: &str, context: &mut Context<Self>) -> Result {
        match deed {
            "echo" => context.send_text("echo").await?,
            "panic" => panic!("the panic that a test asked for"),
            "close" => context.close(close_code!(4001), "as you wish"),
            "fail to close" => return Err(Close::new(close_code!(4002), "no more").into()),
            "send and close" => {
                context.send_text("one").await?;
                context.send_text("two").await?;
                context.close(CloseCode::NORMAL, "");
                assert!(context.send_text("three").await.is_err(), "nothing can be sent after the close");
            }
            "wait" => {
                self.gate.pass().await;
                self.diary.note("waited");
            }
            "flood" => loop {
                context.send_bytes([0; 64 * 1024]).await?;
            },
            _ => {}
        }
        Ok(())
    }
}

fn farewell(disconnect: &Disconnect) -> String {
    format!("disconnect {} {:?} {:?}", disconnect.code(), disconnect.reason(), disconnect.cause())
}

fn app(diary: &Diary, gate: &Gate) -> Router {
    Router::new().consumer::<Life>().layer(Extension(diary.clone())).layer(Extension(gate.clone()))
}

async fn site() -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    (Site::new(app(&diary, &gate)).await, diary, gate)
}

/// Waits for the end, and sees that it was told once.
async fn ends(site: &Site, diary: &Diary, farewell: &str) {
    diary.says(farewell).await;
    site.settled().await;
    let goodbyes: Vec<_> = diary.entries().into_iter().filter(|entry| entry.starts_with("disconnect")).collect();
    assert_eq!(goodbyes, [farewell], "`disconnect` runs once");
}

async fn order_all(site: &Site, deed: &str) {
    Everyone {}.send(&site.channels, Deed { deed: deed.into() }).await.unwrap();
}

async fn tell_all(site: &Site, text: &str) {
    Everyone {}.send(&site.channels, Told { text: text.into() }).await.unwrap();
}

mod order {
    use super::*;

    #[tokio::test]
    async fn connect_receive_and_disconnect_run_in_this_order() {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("hello").await;
        client.say("echo").await;
        assert_eq!(client.hear().await, "echo");
        client.close(1000, "bye").await;
        ends(&site, &diary, r#"disconnect 1000 "bye" Client"#).await;
        assert_eq!(diary.entries(), ["connect", "receive hello", "receive echo", r#"disconnect 1000 "bye" Client"#]);
    }

    #[tokio::test]
    async fn what_was_sent_before_a_close_is_still_handled() {
        let (site, diary, _) = site().await;
        let mut raw = Raw::open(site.address, "/ws/life/").await;
        let bytes = [frame(true, 1, b"a"), frame(true, 1, b"b"), frame(true, 1, b"echo"), frame(true, 8, &[3, 232])];
        raw.write(&bytes.concat()).await;
        assert_eq!(raw.frame().await, Some((1, b"echo".to_vec())), "an answer leaves before the close frame");
        assert_eq!(raw.close_frame().await, Some((1000, String::new())));
        ends(&site, &diary, r#"disconnect 1000 "" Client"#).await;
        assert_eq!(diary.entries()[..4], ["connect", "receive a", "receive b", "receive echo"]);
    }

    #[tokio::test]
    async fn one_thing_is_handled_at_a_time_and_in_order() {
        let (site, diary, gate) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("wait").await;
        diary.says("receive wait").await;
        client.say("first").await;
        client.say("second").await;
        client.say("wait").await;
        client.say("third").await;
        gate.let_one_pass();
        diary
            .until("the second wait", |entries| entries.iter().filter(|entry| *entry == "receive wait").count() == 2)
            .await;
        assert_eq!(diary.count("receive third"), 0, "a handler is still running");
        gate.let_one_pass();
        diary.says("receive third").await;
        let order =
            ["receive wait", "waited", "receive first", "receive second", "receive wait", "waited", "receive third"];
        assert_eq!(diary.entries()[1..], order);
    }

    #[tokio::test]
    async fn events_keep_their_order_and_wait_for_the_handler_before_them() {
        let (site, diary, gate) = site().await;
        let _client = site.client("/ws/life/").await;
        order_all(&site, "wait").await;
        diary.says("event wait").await;
        for deed in ["a", "b", "c"] {
            order_all(&site, deed).await;
        }
        assert_eq!(diary.entries(), ["connect", "event wait"], "a handler is still running");
        gate.open();
        diary.says("event c").await;
        assert_eq!(diary.entries()[2..], ["waited", "event a", "event b", "event c"]);
    }

    #[tokio::test]
    async fn frames_and_events_that_both_wait_take_turns() {
        let (site, diary, gate) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("wait").await;
        diary.says("receive wait").await;
        for index in 0..20 {
            client.say(format!("{index}")).await;
            order_all(&site, &index.to_string()).await;
        }
        client.ping().await;
        gate.open();
        let entries = diary.has(2 + 1 + 40).await;
        let kinds: Vec<_> = entries[3..].iter().map(|entry| entry.split(' ').next().unwrap()).collect();
        let longest = kinds.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap();
        assert_eq!(longest, 1, "neither may starve the other: {kinds:?}");
        for kind in ["receive", "event"] {
            let order: Vec<_> = entries[3..].iter().filter_map(|entry| entry.strip_prefix(kind)).collect();
            assert_eq!(
                order,
                (0..20).map(|index| format!(" {index}")).collect::<Vec<_>>(),
                "each kind keeps its order"
            );
        }
    }
}

mod accepting {
    use super::*;

    /// Joins, speaks and waits during connect.
    #[consumer("/ws/early/")]
    struct Early {
        diary: Diary,
    }

    #[consumer]
    impl Early {
        #[connect]
        async fn connect(diary: Diary, gate: Gate, context: &mut Context<Self>) -> Result<Self, Refusal> {
            context.join(Everyone {}).await?;
            context.send_text("welcome").await?;
            context.send_text("in order").await?;
            diary.note("connecting");
            gate.pass().await;
            diary.note("connected");
            Ok(Self { diary })
        }

        #[event("life.deed")]
        async fn deed(&mut self, event: &Deed) {
            self.diary.note(format!("event {}", event.deed));
        }

        #[event("life.told")]
        fn told(event: &Told) -> Value {
            json!({ "told": event.text })
        }
    }

    async fn early() -> (Site, Diary, Gate) {
        let (diary, gate) = (Diary::default(), Gate::default());
        let app = Router::new().consumer::<Early>().layer(Extension(diary.clone())).layer(Extension(gate.clone()));
        (Site::new(app).await, diary, gate)
    }

    #[tokio::test]
    async fn what_connect_sends_arrives_first_after_the_upgrade() {
        let (site, diary, gate) = early().await;
        let connecting = tokio::spawn(Client::try_connect(site.address, "/ws/early/", &[]));
        diary.says("connecting").await;
        tell_all(&site, "later").await;
        gate.open();
        let mut client = connecting.await.unwrap().unwrap();
        assert_eq!(client.hear().await, "welcome");
        assert_eq!(client.hear().await, "in order");
        assert_eq!(client.hear_json().await, json!({"told": "later"}));
    }

    #[tokio::test]
    async fn events_that_come_before_the_accept_are_handled_after_connect_returned() {
        let (site, diary, gate) = early().await;
        let connecting = tokio::spawn(Client::try_connect(site.address, "/ws/early/", &[]));
        diary.says("connecting").await;
        order_all(&site, "one").await;
        order_all(&site, "two").await;
        assert_eq!(diary.entries(), ["connecting"]);
        gate.open();
        let _client = connecting.await.unwrap().unwrap();
        diary.says("event two").await;
        assert_eq!(diary.entries(), ["connecting", "connected", "event one", "event two"]);
    }

    /// Accepts with nothing said.
    #[consumer("/ws/plain/")]
    struct Plain {}

    #[consumer]
    impl Plain {
        #[receive(bytes)]
        async fn receive(&mut self, bytes: Vec<u8>, context: &mut Context<Self>) -> Result {
            context.send_bytes(bytes).await
        }
    }

    #[tokio::test]
    async fn a_consumer_without_connect_accepts() {
        let site = Site::new(Router::new().consumer::<Plain>()).await;
        let mut client = site.client("/ws/plain/").await;
        client.say_bytes(&[1, 0, 255]).await;
        assert_eq!(client.hear_bytes().await, [1, 0, 255]);
        client.say_bytes(&[]).await;
        assert_eq!(client.hear_bytes().await, [0; 0], "an empty frame is a frame");
    }

    /// Waits before it accepts, and then only hangs up.
    #[consumer("/ws/slow/")]
    struct Slow {
        #[extract]
        diary: Diary,
        #[extract]
        gate: Gate,
    }

    #[consumer]
    impl Slow {
        #[connect]
        async fn connect(&mut self) {
            self.diary.note("connecting");
            self.gate.pass().await;
            self.diary.note("connected");
        }

        #[disconnect]
        async fn disconnect(&mut self, disconnect: Disconnect) {
            self.diary.note(farewell(&disconnect));
        }
    }

    fn slow(diary: &Diary, gate: &Gate) -> Router {
        Router::new().consumer::<Slow>().layer(Extension(diary.clone())).layer(Extension(gate.clone()))
    }

    #[tokio::test]
    async fn a_client_that_leaves_during_connect_is_disconnected_once() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let site = Site::new(slow(&diary, &gate)).await;
        let mut raw = Raw::connect(site.address).await;
        raw.write(handshake("/ws/slow/", "").as_bytes()).await;
        diary.says("connecting").await;
        raw.reset();
        // The server sees the reset while the handler waits; the gate opens after a whole other connection was served.
        assert_eq!(ask(site.address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.status, 404);
        gate.open();
        diary.says(r#"disconnect 1006 "" Lost"#).await;
        site.settled().await;
        assert_eq!(diary.entries(), ["connecting", "connected", r#"disconnect 1006 "" Lost"#]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connect_that_takes_too_long_is_answered_503() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let mut client = Communicator::new(slow(&diary, &gate), "/ws/slow/");
        let began = tokio::time::Instant::now();
        let refused = client.connect().await.unwrap_err();
        assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
        assert_eq!(began.elapsed().as_secs(), 10);
        client.ended().await;
        assert_eq!(diary.entries(), ["connecting", r#"disconnect 1006 "" Refused"#], "it was built, so it is told");
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_of_connect_is_a_setting() {
        let settings = Settings { connect_timeout: Duration::from_secs(3), ..Settings::default() };
        let app = slow(&Diary::default(), &Gate::default()).with_settings(settings);
        let began = tokio::time::Instant::now();
        let refused = Communicator::new(app, "/ws/slow/").connect().await.unwrap_err();
        assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
        assert_eq!(began.elapsed().as_secs(), 3);
    }
}

mod refusing {
    use super::*;

    /// Refuses as its path says.
    #[consumer("/ws/refuse/{how}/")]
    struct Refuser {
        how: String,
        #[extract]
        diary: Diary,
    }

    #[consumer]
    impl Refuser {
        #[connect]
        async fn connect(&mut self, context: &mut Context<Self>) -> Result<(), Refusal> {
            match self.how.as_str() {
                "plainly" => Err(Refusal::default()),
                "politely" => {
                    let headers = [(header::WWW_AUTHENTICATE, "Bearer"), (header::SET_COOKIE, "seen=1")];
                    Err((StatusCode::UNAUTHORIZED, headers, "log in first").into())
                }
                "by code" => Err(Close::new(close_code!(4003), "log in first").into()),
                "by error" => Err(Error::msg("the password is hunter2").into()),
                "by answer" => Err(Error::answer("full", "the room is full").into()),
                "by closing" => {
                    context.send_text("sorry").await?;
                    context.close(close_code!(4004), "not today");
                    Ok(())
                }
                "by panic" => panic!("the panic that a test asked for"),
                "by the megabyte" => {
                    context.send_bytes([0; 900_000]).await?;
                    Ok(context.send_bytes([0; 900_000]).await?)
                }
                _ => Ok(()),
            }
        }

        #[disconnect]
        async fn disconnect(&mut self, disconnect: Disconnect) {
            self.diary.note(farewell(&disconnect));
        }
    }

    async fn refuser() -> (Site, Diary) {
        let diary = Diary::default();
        (Site::new(Router::new().consumer::<Refuser>().layer(Extension(diary.clone()))).await, diary)
    }

    #[tokio::test]
    async fn a_refusal_is_a_403_before_the_upgrade() {
        let (site, diary) = refuser().await;
        let response = ask(site.address, &handshake("/ws/refuse/plainly/", "")).await;
        assert_eq!(response.status, 403);
        diary.says(r#"disconnect 1006 "" Refused"#).await;
        assert_eq!(diary.entries().len(), 1, "a consumer that was built is told once");
        assert_eq!((site.channels.counts().refused, site.channels.counts().accepted), (1, 0));
    }

    #[tokio::test]
    async fn a_refusal_may_be_any_response() {
        let (site, _) = refuser().await;
        let response = ask(site.address, &handshake("/ws/refuse/politely/", "")).await;
        assert_eq!((response.status, &*response.body), (401, "log in first"));
        assert_eq!(response.header("www-authenticate"), Some("Bearer"));
        assert_eq!(response.header("set-cookie"), Some("seen=1"));
    }

    #[tokio::test]
    async fn an_error_refuses_without_its_text() {
        let (site, _) = refuser().await;
        let response = ask(site.address, &handshake("/ws/refuse/by%20error/", "")).await;
        assert_eq!(response.status, 500);
        assert!(!response.body.contains("hunter2"), "{}", response.body);
        let response = ask(site.address, &handshake("/ws/refuse/by%20answer/", "")).await;
        assert_eq!((response.status, &*response.body), (400, "the room is full"));
    }

    #[tokio::test]
    async fn connect_may_accept_and_close_with_a_code() {
        let (site, diary) = refuser().await;
        let mut client = site.client("/ws/refuse/by%20code/").await;
        assert_eq!(client.hear_close().await, (4003, "log in first".into()));
        ends(&site, &diary, r#"disconnect 4003 "log in first" Refused"#).await;
    }

    #[tokio::test]
    async fn a_close_during_connect_comes_after_what_was_sent() {
        let (site, diary) = refuser().await;
        let mut client = site.client("/ws/refuse/by%20closing/").await;
        assert_eq!(client.hear().await, "sorry");
        assert_eq!(client.hear_close().await, (4004, "not today".into()));
        ends(&site, &diary, r#"disconnect 4004 "not today" Consumer"#).await;
    }

    /// Nothing leaves before the connection is accepted, so waiting for room would be waiting for ever.
    #[tokio::test]
    async fn a_connect_that_sends_more_than_may_wait_fails_at_once() {
        let (site, diary) = refuser().await;
        let response = ask(site.address, &handshake("/ws/refuse/by%20the%20megabyte/", "")).await;
        assert_eq!(response.status, 500);
        diary.says(r#"disconnect 1006 "" Refused"#).await;
    }

    #[tokio::test]
    async fn a_panic_during_connect_is_a_500_and_others_are_undisturbed() {
        let (site, diary) = refuser().await;
        let other = site.client("/ws/refuse/not/").await;
        let response = ask(site.address, &handshake("/ws/refuse/by%20panic/", "")).await;
        assert_eq!(response.status, 500);
        diary.says(r#"disconnect 1006 "" Panic"#).await;
        assert_eq!(site.channels.counts().panics, 1);
        assert_eq!(other.close(1000, "").await, (1000, String::new()));
        ends_after(&site, &diary, 2).await;
    }

    async fn ends_after(site: &Site, diary: &Diary, entries: usize) {
        diary.has(entries).await;
        site.settled().await;
        assert_eq!(diary.entries().len(), entries);
    }

    /// Never gets so far as to exist.
    #[consumer("/ws/unbuilt/")]
    struct Unbuilt {
        diary: Diary,
    }

    #[consumer]
    impl Unbuilt {
        #[connect]
        async fn connect(diary: Diary) -> Result<Self, Refusal> {
            if diary.entries().is_empty() {
                diary.note("refused");
                return Err(Refusal::default());
            }
            Ok(Self { diary })
        }

        #[disconnect]
        async fn disconnect(&mut self) {
            self.diary.note("disconnected");
        }
    }

    #[tokio::test]
    async fn a_consumer_that_was_never_built_is_not_disconnected() {
        let diary = Diary::default();
        let site = Site::new(Router::new().consumer::<Unbuilt>().layer(Extension(diary.clone()))).await;
        assert_eq!(ask(site.address, &handshake("/ws/unbuilt/", "")).await.status, 403);
        let client = site.client("/ws/unbuilt/").await;
        client.close(1000, "").await;
        diary.says("disconnected").await;
        assert_eq!(diary.entries(), ["refused", "disconnected"]);
    }
}

mod ending {
    use super::*;

    #[tokio::test]
    async fn the_clients_code_and_reason_reach_disconnect_and_the_code_comes_back() {
        for (code, reason) in [(1000, ""), (1001, "going"), (3000, "café"), (4321, "a long story"), (4999, "")] {
            let (site, diary, _) = site().await;
            let client = site.client("/ws/life/").await;
            assert_eq!(client.close(code, reason).await.0, code);
            ends(&site, &diary, &format!("disconnect {code} {reason:?} Client")).await;
        }
    }

    #[tokio::test]
    async fn a_close_without_a_code_is_1005() {
        let (site, diary, _) = site().await;
        let client = site.client("/ws/life/").await;
        assert_eq!(client.close_without_code().await, (1005, String::new()));
        ends(&site, &diary, r#"disconnect 1005 "" Client"#).await;
    }

    #[tokio::test]
    async fn a_line_that_is_cut_is_1006() {
        let (site, diary, _) = site().await;
        drop(site.client("/ws/life/").await);
        ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;

        let (site, diary, _) = self::site().await;
        site.client("/ws/life/").await.reset();
        ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;
    }

    #[tokio::test]
    async fn a_handler_closes_with_a_code_and_a_reason() {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("close").await;
        assert_eq!(client.hear_close().await, (4001, "as you wish".into()));
        ends(&site, &diary, r#"disconnect 4001 "as you wish" Consumer"#).await;
    }

    #[tokio::test]
    async fn an_error_made_by_close_closes_from_any_handler() {
        for by_event in [false, true] {
            let (site, diary, _) = site().await;
            let mut client = site.client("/ws/life/").await;
            match by_event {
                true => order_all(&site, "fail to close").await,
                false => client.say("fail to close").await,
            }
            assert_eq!(client.hear_close().await, (4002, "no more".into()));
            ends(&site, &diary, r#"disconnect 4002 "no more" Consumer"#).await;
        }
    }

    #[tokio::test]
    async fn what_was_sent_before_a_close_arrives_and_nothing_after_it() {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("send and close").await;
        assert_eq!((client.hear().await, client.hear().await), ("one".into(), "two".into()));
        assert_eq!(client.hear_close().await, (1000, String::new()));
        ends(&site, &diary, r#"disconnect 1000 "" Consumer"#).await;
    }

    #[tokio::test]
    async fn a_panic_closes_one_socket_with_1011() {
        for by_event in [false, true] {
            let (site, diary, _) = site().await;
            let mut client = site.client("/ws/life/").await;
            match by_event {
                true => order_all(&site, "panic").await,
                false => client.say("panic").await,
            }
            assert_eq!(client.hear_close().await, (1011, "internal error".into()));
            ends(&site, &diary, r#"disconnect 1011 "internal error" Panic"#).await;
            assert_eq!(site.channels.counts().panics, 1);
        }
    }

    #[tokio::test]
    async fn a_panic_leaves_others_undisturbed() {
        let (site, diary, _) = site().await;
        let (mut other, mut client) = (site.client("/ws/life/").await, site.client("/ws/life/").await);
        client.say("panic").await;
        assert_eq!(client.hear_close().await.0, 1011);
        diary.says(r#"disconnect 1011 "internal error" Panic"#).await;
        other.say("echo").await;
        assert_eq!(other.hear().await, "echo");
        tell_all(&site, "still here").await;
        assert_eq!(other.hear_json().await, json!({"told": "still here"}));
    }

    /// Panics when it says goodbye.
    #[consumer("/ws/sore/")]
    struct Sore {
        #[extract]
        diary: Diary,
    }

    #[consumer]
    impl Sore {
        #[disconnect]
        async fn disconnect(&mut self) {
            self.diary.note("disconnect");
            panic!("the panic that a test asked for");
        }
    }

    #[tokio::test]
    async fn a_panic_in_disconnect_disturbs_nobody() {
        let diary = Diary::default();
        let site = Site::new(Router::new().consumer::<Sore>().layer(Extension(diary.clone()))).await;
        let (one, other) = (site.client("/ws/sore/").await, site.client("/ws/sore/").await);
        assert_eq!(one.close(1000, "").await, (1000, String::new()), "the close frame is answered all the same");
        diary.says("disconnect").await;
        assert_eq!(other.close(1000, "").await, (1000, String::new()));
        diary.has(2).await;
        site.settled().await;
        assert_eq!((diary.entries().len(), site.channels.counts().panics), (2, 2));
    }

    #[tokio::test]
    async fn a_drain_ends_with_1012() {
        let (mut site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        site.stop();
        assert_eq!(client.hear_close().await.0, 1012);
        site.ended().await;
        ends(&site, &diary, r#"disconnect 1012 "the server restarts" Shutdown"#).await;
    }

    #[tokio::test]
    async fn a_reader_that_is_too_slow_is_closed_with_1013() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let settings = Settings { max_outgoing: 256 * 1024, ..Settings::default() };
        let site = Site::new(app(&diary, &gate).with_settings(settings)).await;
        let mut client = site.client("/ws/life/").await;
        let text = "x".repeat(128 * 1024);
        // More than two kernels' buffers and the queue take together.
        for _ in 0..200 {
            tell_all(&site, &text).await;
            tokio::task::yield_now().await;
        }
        diary.says(r#"disconnect 1013 "too slow" Overflow"#).await;
        assert!(site.channels.counts().outgoing_dropped > 0, "what was dropped is counted");
        assert_eq!(client.hear_close().await, (1013, "too slow".into()), "once it reads, it is told");
        ends(&site, &diary, r#"disconnect 1013 "too slow" Overflow"#).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_answers_no_ping_is_lost() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let mut client = Communicator::new(app(&diary, &gate), "/ws/life/");
        client.connect().await.unwrap();
        // The client reads nothing, so it answers nothing.
        tokio::time::sleep(Duration::from_secs(44)).await;
        assert_eq!(diary.entries(), ["connect"]);
        tokio::time::sleep(Duration::from_secs(2)).await;
        diary.says(r#"disconnect 1006 "" Timeout"#).await;
        assert_eq!(diary.entries().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_that_answers_pings_stays() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let mut client = Communicator::new(app(&diary, &gate), "/ws/life/").patience(Duration::from_secs(3600));
        client.connect().await.unwrap();
        assert!(matches!(client.receive_text_from().await, Err(TestError::Silent(_))));
        client.send_text_to("echo").await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), "echo");
        assert_eq!(diary.entries(), ["connect", "receive echo"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_handler_does_not_stop_the_heartbeat() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let mut client = Communicator::new(app(&diary, &gate), "/ws/life/").patience(Duration::from_secs(15));
        client.connect().await.unwrap();
        client.send_text_to("wait").await.unwrap();
        // Reads, and so answers pings, for longer than a heartbeat, though never for as long as the gate waits.
        assert!(matches!(client.receive_text_from().await, Err(TestError::Silent(_))));
        gate.open();
        client.send_text_to("echo").await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), "echo");
    }

    #[tokio::test]
    async fn a_handler_that_waits_for_a_client_that_is_gone_is_freed() {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        client.say("flood").await;
        client.hear_bytes().await;
        client.reset();
        ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_waits_for_a_client_that_reads_nothing_is_freed() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let mut client = Communicator::new(app(&diary, &gate), "/ws/life/");
        client.connect().await.unwrap();
        client.send_text_to("flood").await.unwrap();
        diary.says("receive flood").await;
        tokio::time::sleep(Duration::from_secs(100)).await;
        diary.says(r#"disconnect 1006 "" Timeout"#).await;
    }

    #[tokio::test]
    async fn a_handler_that_waits_for_a_client_that_closed_and_reads_nothing_is_freed() {
        let (diary, gate) = (Diary::default(), Gate::default());
        let settings = Settings { send_timeout: Duration::from_millis(300), ..Settings::default() };
        let site = Site::new(app(&diary, &gate).with_settings(settings)).await;
        let mut raw = Raw::open(site.address, "/ws/life/").await;
        raw.write(&[frame(true, 1, b"flood"), frame(true, 8, &[3, 232])].concat()).await;
        ends(&site, &diary, r#"disconnect 1000 "" Client"#).await;
        drop(raw);
    }

    /// A server that waits for a client's close frame for as long as a test may take, and longer.
    async fn patient_site() -> (Site, Diary) {
        let (diary, gate) = (Diary::default(), Gate::default());
        let settings = Settings { close_timeout: Duration::from_secs(3600), ..Settings::default() };
        (Site::new(app(&diary, &gate).with_settings(settings)).await, diary)
    }

    #[tokio::test]
    async fn the_server_hangs_up_first_on_a_client_that_broke_the_protocol() {
        for (bytes, code) in [
            (vec![0x81, 1, b'x'], 1002),
            (frame(true, 1, &[b'x'; 70_000]), 1009),
            (frame(true, 1, b"x").repeat(1000), 1008),
        ] {
            let (site, _) = patient_site().await;
            let mut raw = Raw::open(site.address, "/ws/life/").await;
            raw.write(&bytes).await;
            assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(code));
            raw.write(&frame(true, 8, &[3, 232])).await;
            assert_eq!(raw.frame().await, None, "after {code} the line ends");
            drop(raw);
            site.settled().await;
        }
    }

    #[tokio::test]
    async fn closes_that_cross_each_other_end_the_line_at_once() {
        let (site, diary) = patient_site().await;
        let mut raw = Raw::open(site.address, "/ws/life/").await;
        raw.write(&[frame(true, 1, b"close"), frame(true, 8, &[3, 232])].concat()).await;
        assert_eq!(raw.close_frame().await, Some((4001, "as you wish".into())));
        assert_eq!(raw.frame().await, None, "the client's close frame came long before");
        ends(&site, &diary, r#"disconnect 4001 "as you wish" Consumer"#).await;
    }

    /// Answers every event with another one, to itself.
    #[consumer("/ws/eager/", group = Everyone)]
    struct Eager {
        stopped: bool,
        rounds: usize,
        #[extract]
        diary: Diary,
    }

    #[consumer]
    impl Eager {
        #[receive(text)]
        async fn receive(&mut self, _: String) {
            self.stopped = true;
        }

        #[event("life.deed")]
        async fn deed(&mut self, event: &Deed, context: &mut Context<Self>) -> Result {
            self.rounds += 1;
            if self.stopped || self.rounds == 200_000 {
                self.diary.note(if self.stopped { "stopped" } else { "never heard" });
                return Ok(());
            }
            context.group().send(Deed { deed: event.deed.clone() }).await
        }

        #[event("life.told")]
        fn told(event: &Told) -> Value {
            json!({ "told": event.text })
        }
    }

    #[tokio::test]
    async fn events_without_end_starve_neither_the_client_nor_other_tasks() {
        let diary = Diary::default();
        let site = Site::new(Router::new().consumer::<Eager>().layer(Extension(diary.clone()))).await;
        let mut client = site.client("/ws/eager/").await;
        order_all(&site, "again").await;
        client.say("stop").await;
        assert_eq!(diary.has(1).await, ["stopped"]);
    }
}
