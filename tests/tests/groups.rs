//! Groups, direct sends and what gets lost on the way, which is counted.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router, body::Body, http::Request, routing::post};
use consumer_runtime::{ChannelName, Counts, MemoryLayer, prelude::*, testing::Communicator};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tests::{Diary, Gate, Log};
use tower::ServiceExt;

/// Counts what happens to one event in one process: it is never serialised, so its counters are shared by all who see it.
#[derive(Clone, Debug, Default)]
struct Tally {
    handled: Arc<AtomicUsize>,
    encoded: Arc<AtomicUsize>,
}

/// For a handler that all members of a type share.
#[event("hall.told")]
struct Told {
    text: String,
    #[serde(skip)]
    tally: Tally,
}

/// For a handler of each member.
#[event("hall.asked")]
#[derive(Clone)]
struct Asked {
    text: String,
}

/// For handlers that fail.
#[event("hall.broken")]
struct Broken {
    how: String,
}

#[group("hall_{hall}", events(Told, Asked, Broken))]
struct Hall {
    hall: String,
}

fn hall(name: &str) -> Hall {
    Hall { hall: name.into() }
}

fn told(text: &str) -> Told {
    Told { text: text.into(), tally: Tally::default() }
}

fn asked(text: &str) -> Asked {
    Asked { text: text.into() }
}

/// What a browser gets; counts how often it is written.
struct Line {
    line: String,
    tally: Tally,
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.tally.encoded.fetch_add(1, Ordering::Relaxed);
        json!({ "line": self.line }).serialize(serializer)
    }
}

#[consumer("/ws/member/{hall}/", group = Hall)]
struct Member {
    hall: String,
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Member {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.split_once(' ') {
            None if text == "name" => context.send_text(context.channel_name().as_str()).await?,
            Some(("hang", "up")) => {
                self.diary.note(format!("{} hangs up", self.hall));
                self.gate.pass().await;
                context.close(CloseCode::NORMAL, "");
                return Ok(());
            }
            Some(("tell", text)) => context.group().send(told(text)).await?,
            Some(("join", name)) => context.join(hall(name)).await?,
            Some(("leave", name)) => context.leave(hall(name)).await?,
            Some(("add", name)) => context.untyped().group_add(name).await?,
            Some(("discard", name)) => context.untyped().group_discard(name).await?,
            _ => {}
        }
        context.send_text("done").await
    }

    #[event("hall.told")]
    fn told(event: &Told) -> Line {
        event.tally.handled.fetch_add(1, Ordering::Relaxed);
        Line { line: event.text.clone(), tally: event.tally.clone() }
    }

    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("{} asked {}", self.hall, event.text));
        if event.text.starts_with("wait") {
            self.gate.pass().await;
        }
        context.send_text(&event.text).await
    }

    #[event("hall.broken")]
    async fn broken(&mut self, event: &Broken) -> Result {
        self.diary.note(format!("{} broken", self.hall));
        Err(Error::msg(event.how.clone()))
    }
}

/// Another type of member of the same groups.
#[consumer("/ws/guest/{hall}/", group = Hall)]
struct Guest {
    hall: String,
}

#[consumer]
impl Guest {
    #[event("hall.told")]
    fn told(event: &Told) -> Result<Option<String>> {
        event.tally.handled.fetch_add(1, Ordering::Relaxed);
        match event.text.as_str() {
            "fail" => Err(Error::msg("not today")),
            "panic" => panic!("the panic that a test asked for"),
            "nothing" => Ok(None),
            text => Ok(Some(format!("the guest hears {text}"))),
        }
    }

    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(format!("the guest of {} is asked {}", self.hall, event.text)).await
    }

    #[event("hall.broken")]
    fn broken(_: &Broken) -> Option<String> {
        None
    }
}

/// Members and guests on channels of their own.
struct House {
    channels: Channels,
    diary: Diary,
    gate: Gate,
}

impl House {
    fn new() -> Self {
        Self::on(Channels::memory())
    }

    fn on(channels: Channels) -> Self {
        Self { channels, diary: Diary::default(), gate: Gate::default() }
    }

    fn app(&self) -> Router {
        Router::new()
            .consumer::<Member>()
            .consumer::<Guest>()
            .with_channels(self.channels.clone())
            .layer(Extension(self.diary.clone()))
            .layer(Extension(self.gate.clone()))
    }

    async fn enter(&self, path: &str) -> Communicator {
        let mut client = Communicator::new(self.app(), path);
        client.connect().await.unwrap();
        client
    }

    async fn member(&self, hall: &str) -> Communicator {
        self.enter(&format!("/ws/member/{hall}/")).await
    }

    fn counts(&self) -> Counts {
        self.channels.counts()
    }
}

async fn order(client: &mut Communicator, text: &str) {
    client.send_text_to(text).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "done", "{text}");
}

async fn name(client: &mut Communicator) -> String {
    client.send_text_to("name").await.unwrap();
    let name = client.receive_text_from().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "done");
    name
}

async fn hears(client: &mut Communicator, line: &str) {
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({ "line": line }));
}

mod membership {
    use super::*;

    #[tokio::test]
    async fn a_group_send_reaches_every_member_the_sender_included() {
        let house = House::new();
        let (mut one, mut other, mut elsewhere) =
            (house.member("a").await, house.member("a").await, house.member("b").await);
        one.send_text_to("tell hello").await.unwrap();
        hears(&mut one, "hello").await;
        assert_eq!(one.receive_text_from().await.unwrap(), "done");
        hears(&mut other, "hello").await;
        assert!(elsewhere.receive_nothing().await);
    }

    #[tokio::test]
    async fn anybody_with_channels_sends_to_a_group() {
        let house = House::new();
        let mut member = house.member("a").await;
        let tell = |channels: Channels| async move { hall("a").send(&channels, told("from a handler")).await };
        let app = Router::new().route("/tell/", post(tell)).with_channels(house.channels.clone());
        let response = app.oneshot(Request::post("/tell/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        hears(&mut member, "from a handler").await;
    }

    #[tokio::test]
    async fn groups_are_joined_and_left_at_run_time() {
        let house = House::new();
        let mut member = house.member("a").await;
        order(&mut member, "join b").await;
        hall("b").send(&house.channels, told("in b")).await.unwrap();
        hears(&mut member, "in b").await;
        hall("a").send(&house.channels, told("in a")).await.unwrap();
        hears(&mut member, "in a").await;
        order(&mut member, "leave b").await;
        hall("b").send(&house.channels, told("in b")).await.unwrap();
        assert!(member.receive_nothing().await);
    }

    #[tokio::test]
    async fn joining_twice_is_joining_once() {
        let house = House::new();
        let mut member = house.member("a").await;
        for order in ["join a", "join b", "join b", "add hall_b"] {
            super::order(&mut member, order).await;
        }
        hall("a").send(&house.channels, told("once")).await.unwrap();
        hall("b").send(&house.channels, told("each")).await.unwrap();
        hears(&mut member, "once").await;
        hears(&mut member, "each").await;
        assert!(member.receive_nothing().await);
        order(&mut member, "leave b").await;
        hall("b").send(&house.channels, told("gone")).await.unwrap();
        assert!(member.receive_nothing().await, "left once is left");
    }

    #[tokio::test]
    async fn leaving_a_group_of_others_changes_nothing() {
        let house = House::new();
        let (mut one, mut other) = (house.member("a").await, house.member("b").await);
        order(&mut one, "leave b").await;
        order(&mut one, "discard hall_b").await;
        order(&mut one, "leave nobodys").await;
        hall("b").send(&house.channels, told("still")).await.unwrap();
        hears(&mut other, "still").await;
        hall("a").send(&house.channels, told("here")).await.unwrap();
        hears(&mut one, "here").await;
    }

    #[tokio::test]
    async fn a_member_that_left_the_line_is_in_no_group() {
        let house = House::new();
        let (mut one, mut other) = (house.member("a").await, house.member("a").await);
        order(&mut one, "join b").await;
        one.disconnect().await;
        hall("a").send(&house.channels, told("to one")).await.unwrap();
        hall("b").send(&house.channels, told("to none")).await.unwrap();
        hears(&mut other, "to one").await;
        let counts = house.counts();
        assert_eq!((counts.delivered, counts.gone), (1, 0), "{counts:?}");

        other.vanish().await;
        hall("a").send(&house.channels, told("to none")).await.unwrap();
        let counts = house.counts();
        assert_eq!((counts.delivered, counts.gone), (1, 0), "also after the line was cut: {counts:?}");
    }

    #[tokio::test]
    async fn several_types_of_consumer_in_one_group_each_get_their_own_frame() {
        let house = House::new();
        let (mut member, mut guest) = (house.member("a").await, house.enter("/ws/guest/a/").await);
        hall("a").send(&house.channels, told("hello")).await.unwrap();
        hall("a").send(&house.channels, asked("who")).await.unwrap();
        hears(&mut member, "hello").await;
        assert_eq!(member.receive_text_from().await.unwrap(), "who");
        assert_eq!(guest.receive_text_from().await.unwrap(), r#""the guest hears hello""#);
        assert_eq!(guest.receive_text_from().await.unwrap(), "the guest of a is asked who");
    }

    #[tokio::test]
    async fn a_name_that_breaks_the_rule_is_an_error_and_no_message() {
        let house = House::new();
        let mut member = house.member("a").await;
        let error = hall("방").send(&house.channels, told("")).await.unwrap_err().to_string();
        assert!(error.contains("방") && error.contains("1 to 99 characters"), "{error}");
        member.send_text_to(r"join no spaces").await.unwrap();
        let answer: Value = member.receive_json_from().await.unwrap();
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("internal")));
        hall("a").send(&house.channels, told("still in")).await.unwrap();
        hears(&mut member, "still in").await;
    }
}

mod sharing {
    use super::*;

    #[tokio::test]
    async fn a_shared_handler_runs_once_for_all_members_and_is_encoded_once() {
        let house = House::new();
        let mut members = Vec::new();
        for _ in 0..20 {
            members.push(house.member("a").await);
        }
        let event = told("to twenty");
        let tally = event.tally.clone();
        hall("a").send(&house.channels, event).await.unwrap();
        for member in &mut members {
            hears(member, "to twenty").await;
        }
        assert_eq!(tally.handled.load(Ordering::Relaxed), 1);
        assert_eq!(tally.encoded.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_shared_handler_runs_once_for_each_type_of_member() {
        let house = House::new();
        let _members = (house.member("a").await, house.member("a").await);
        let _guests = (house.enter("/ws/guest/a/").await, house.enter("/ws/guest/a/").await);
        let event = told("hello");
        let tally = event.tally.clone();
        hall("a").send(&house.channels, event).await.unwrap();
        assert_eq!(tally.handled.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_shared_frame_never_overtakes_an_event_that_waits() {
        let house = House::new();
        let mut member = house.member("a").await;
        for text in ["wait 1", "wait 2"] {
            hall("a").send(&house.channels, asked(text)).await.unwrap();
            hall("a").send(&house.channels, told(&format!("after {text}"))).await.unwrap();
        }
        house.diary.says("a asked wait 1").await;
        // Its handler runs: frames must wait for it, whichever came first.
        hall("a").send(&house.channels, told("the last")).await.unwrap();
        assert!(member.receive_nothing().await);
        house.gate.open();
        for expected in ["wait 1", r#"{"line":"after wait 1"}"#, "wait 2", r#"{"line":"after wait 2"}"#] {
            assert_eq!(member.receive_text_from().await.unwrap(), expected);
        }
        hears(&mut member, "the last").await;
    }

    #[tokio::test]
    async fn messages_of_one_sender_keep_their_order() {
        let house = House::new();
        let (mut one, mut other) = (house.member("a").await, house.member("a").await);
        for index in 0..40 {
            hall("a").send(&house.channels, told(&index.to_string())).await.unwrap();
            hall("a").send(&house.channels, asked(&index.to_string())).await.unwrap();
        }
        for member in [&mut one, &mut other] {
            for index in 0..40 {
                hears(member, &index.to_string()).await;
                assert_eq!(member.receive_text_from().await.unwrap(), index.to_string());
            }
        }
    }

    #[tokio::test]
    async fn a_shared_handler_that_fails_sends_nothing_and_closes_nothing() {
        let log = Log::begin();
        let house = House::new();
        let (mut member, mut guest) = (house.member("a").await, house.enter("/ws/guest/a/").await);
        for text in ["fail", "fail", "panic", "nothing", "ok"] {
            hall("a").send(&house.channels, told(text)).await.unwrap();
        }
        assert_eq!(guest.receive_text_from().await.unwrap(), r#""the guest hears ok""#);
        for text in ["fail", "fail", "panic", "nothing", "ok"] {
            hears(&mut member, text).await;
        }
        let counts = house.counts();
        assert_eq!((counts.failed_events, counts.panics), (2, 1), "{counts:?}");
        assert_eq!(log.lines_with("not today"), 1, "{}", log.text());
    }

    #[tokio::test]
    async fn an_event_handler_that_fails_is_logged_once_and_counted() {
        let log = Log::begin();
        let house = House::new();
        let mut member = house.member("a").await;
        for _ in 0..3 {
            hall("a").send(&house.channels, Broken { how: "out of paper".into() }).await.unwrap();
        }
        hall("a").send(&house.channels, asked("still there")).await.unwrap();
        assert_eq!(member.receive_text_from().await.unwrap(), "still there");
        assert_eq!(house.counts().failed_events, 3);
        assert_eq!(log.lines_with("out of paper"), 1, "{}", log.text());
    }
}

mod direct {
    use super::*;

    #[tokio::test]
    async fn a_stored_channel_name_reaches_one_connection() {
        let house = House::new();
        let (mut one, mut other) = (house.member("a").await, house.member("a").await);
        let stored = name(&mut one).await;
        house.channels.channel(&stored).unwrap().send(asked("you alone")).await.unwrap();
        assert_eq!(one.receive_text_from().await.unwrap(), "you alone");
        house.channels.channel(&stored).unwrap().to::<Member>(told("you too")).await.unwrap();
        hears(&mut one, "you too").await;
        house.channels.untyped().send(&stored, json!({"type": "hall.asked", "text": "and now"})).await.unwrap();
        assert_eq!(one.receive_text_from().await.unwrap(), "and now");
        assert!(other.receive_nothing().await);
    }

    #[tokio::test]
    async fn a_channel_that_is_gone_is_no_error_and_is_counted() {
        let house = House::new();
        let mut member = house.member("a").await;
        let stored = name(&mut member).await;
        member.disconnect().await;
        house.channels.channel(&stored).unwrap().send(asked("anybody?")).await.unwrap();
        assert_eq!(house.counts().gone, 1);
        assert!(house.channels.channel("not a name").is_err());
    }

    #[tokio::test]
    async fn channel_names_are_unique_and_opaque() {
        let house = House::new();
        let mut names = HashSet::new();
        for _ in 0..50 {
            let mut member = house.member("a").await;
            let name = name(&mut member).await;
            let valid = ChannelName::new(&name).expect("a name that can be stored and used again");
            assert!(valid.process_part().ends_with('!') && !name.contains("hall"), "{name}");
            names.insert(name);
        }
        assert_eq!(names.len(), 50);
    }
}

mod limits {
    use super::*;

    /// A member whose handler is held up, so that what comes stays in its channel.
    async fn stuck(house: &House) -> (Communicator, String) {
        let mut member = house.member("a").await;
        let name = name(&mut member).await;
        hall("a").send(&house.channels, asked("wait")).await.unwrap();
        house.diary.says("a asked wait").await;
        (member, name)
    }

    #[tokio::test]
    async fn a_full_channel_is_skipped_by_a_group_send_and_counted() {
        let house = House::new();
        let (mut member, _) = stuck(&house).await;
        let mut other = house.enter("/ws/guest/a/").await;
        for index in 0..103 {
            hall("a")
                .send(&house.channels, asked(&index.to_string()))
                .await
                .expect("a group send never fails for that");
            let text = other.receive_text_from().await.unwrap();
            assert_eq!(text, format!("the guest of a is asked {index}"), "others get everything");
        }
        assert_eq!(house.counts().channel_full, 3, "a channel holds 100");
        house.gate.open();
        assert_eq!(member.receive_text_from().await.unwrap(), "wait");
        for index in 0..100 {
            assert_eq!(member.receive_text_from().await.unwrap(), index.to_string());
        }
        assert!(member.receive_nothing().await);
        hall("a").send(&house.channels, told("room again")).await.unwrap();
        hears(&mut member, "room again").await;
    }

    #[tokio::test]
    async fn a_full_channel_refuses_a_direct_send() {
        let house = House::on(Channels::builder().capacity(2).build());
        let (_member, name) = stuck(&house).await;
        let channel = house.channels.channel(&name).unwrap();
        channel.send(asked("1")).await.unwrap();
        channel.send(told("2")).await.unwrap();
        for error in [channel.send(asked("3")).await.unwrap_err(), channel.send(told("4")).await.unwrap_err()] {
            assert!(error.to_string().contains("is full") && error.to_string().contains(&name), "{error}");
        }
        assert_eq!(house.counts().channel_full, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_too_long_is_dropped_and_counted() {
        let house = House::on(Channels::builder().expiry(Duration::from_secs(5)).build());
        let (mut member, _) = stuck(&house).await;
        hall("a").send(&house.channels, asked("too old")).await.unwrap();
        hall("a").send(&house.channels, told("too old as well")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(3)).await;
        hall("a").send(&house.channels, asked("young enough")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2500)).await;
        house.gate.open();
        assert_eq!(member.receive_text_from().await.unwrap(), "wait");
        assert_eq!(member.receive_text_from().await.unwrap(), "young enough");
        assert!(member.receive_nothing().await);
        let counts = house.counts();
        assert_eq!((counts.expired, counts.delivered), (2, 2), "what was dropped reached nobody: {counts:?}");
    }

    #[tokio::test]
    async fn what_waits_when_a_connection_ends_is_counted_as_gone() {
        let house = House::new();
        let mut member = house.member("a").await;
        member.send_text_to("hang up").await.unwrap();
        house.diary.says("a hangs up").await;
        hall("a").send(&house.channels, asked("1")).await.unwrap();
        hall("a").send(&house.channels, told("2")).await.unwrap();
        house.gate.open();
        assert_eq!(member.receive_close().await.unwrap().0, 1000);
        member.disconnect().await;
        let counts = house.counts();
        assert_eq!((counts.gone, counts.delivered), (2, 0), "{counts:?}");
        assert_eq!(house.diary.entries(), ["a hangs up"]);
    }
}

mod worlds {
    use super::*;

    #[tokio::test]
    async fn two_channels_are_two_worlds() {
        let (here, there) = (House::new(), House::new());
        let (mut mine, mut theirs) = (here.member("lobby").await, there.member("lobby").await);
        hall("lobby").send(&here.channels, told("here")).await.unwrap();
        hears(&mut mine, "here").await;
        assert!(theirs.receive_nothing().await);
        let stored = name(&mut theirs).await;
        here.channels.channel(&stored).unwrap().send(asked("there?")).await.unwrap();
        assert!(theirs.receive_nothing().await);
        assert_eq!(there.counts().delivered, 0);
    }

    #[tokio::test]
    async fn two_channels_on_one_layer_speak_to_each_other() {
        let layer = MemoryLayer::new();
        let (here, there) = (
            House::on(Channels::builder().layer(layer.clone()).build()),
            House::on(Channels::builder().layer(layer).build()),
        );
        let (mut mine, mut theirs) = (here.member("lobby").await, there.member("lobby").await);
        let event = told("everywhere");
        let tally = event.tally.clone();
        hall("lobby").send(&here.channels, event).await.unwrap();
        hears(&mut mine, "everywhere").await;
        hears(&mut theirs, "everywhere").await;
        assert_eq!(tally.handled.load(Ordering::Relaxed), 2, "once per process");
        let stored = name(&mut theirs).await;
        here.channels.channel(&stored).unwrap().send(asked("you")).await.unwrap();
        assert_eq!(theirs.receive_text_from().await.unwrap(), "you");
        assert!(mine.receive_nothing().await);
    }
}

mod untyped {
    use super::*;

    #[tokio::test]
    async fn names_that_fold_alike_reach_the_same_handler() {
        let house = House::new();
        let mut member = house.member("a").await;
        for name in ["hall.told", "hall_told"] {
            let message = json!({"text": name, "type": name, "something": "else"});
            house.channels.untyped().group_send("hall_a", message).await.unwrap();
            hears(&mut member, name).await;
        }
    }

    #[tokio::test]
    async fn an_event_without_a_handler_is_logged_once_and_counted_and_the_socket_stays() {
        let log = Log::begin();
        let house = House::new();
        let (mut one, mut other) = (house.member("a").await, house.member("a").await);
        for _ in 0..3 {
            house.channels.untyped().group_send("hall_a", json!({"type": "hall.unknown"})).await.unwrap();
        }
        hall("a").send(&house.channels, told("fine")).await.unwrap();
        hears(&mut one, "fine").await;
        hears(&mut other, "fine").await;
        assert_eq!(house.counts().unhandled, 6, "three for each member");
        assert_eq!(log.lines_with("hall.unknown"), 1, "{}", log.text());
    }

    #[tokio::test]
    async fn an_event_that_does_not_fit_is_logged_once_and_counted_and_the_socket_stays() {
        let log = Log::begin();
        let house = House::new();
        let mut member = house.member("a").await;
        for secret in ["hunter2", "hunter3"] {
            let message = json!({"type": "hall.told", "text": [secret]});
            house.channels.untyped().group_send("hall_a", message).await.unwrap();
        }
        hall("a").send(&house.channels, told("fine")).await.unwrap();
        hears(&mut member, "fine").await;
        assert_eq!(house.counts().undecodable, 2);
        assert_eq!(log.lines_with("does not fit"), 1, "{}", log.text());
        assert_eq!(log.lines_with("hunter"), 0, "payloads never reach the log: {}", log.text());
    }

    #[tokio::test]
    async fn protocol_events_cannot_be_forged_through_the_layer() {
        let house = House::new();
        let mut member = house.member("a").await;
        let stored = name(&mut member).await;
        for name in ["websocket.disconnect", "websocket.receive", "receive", "disconnect", "websocket.connect"] {
            let message = json!({"type": name, "text": "forged", "code": 1234});
            house.channels.untyped().send(&stored, message).await.unwrap();
        }
        assert!(member.receive_nothing().await);
        order(&mut member, "still here").await;
        assert_eq!(house.counts().unhandled, 5);
    }

    #[tokio::test]
    async fn a_message_that_nobody_can_dispatch_is_the_senders_error() {
        let channels = Channels::memory();
        for message in
            [json!("text"), json!({}), json!({"type": 7}), json!({"type": "_private"}), json!({"type": ".x"})]
        {
            assert!(channels.untyped().group_send("hall_a", message.clone()).await.is_err(), "{message}");
        }
        assert!(channels.untyped().group_send("no spaces", json!({"type": "x"})).await.is_err());
    }

    #[tokio::test]
    async fn untyped_groups_are_joined_by_name() {
        let house = House::new();
        let mut member = house.member("a").await;
        order(&mut member, "add any.name-1").await;
        house.channels.untyped().group_send("any.name-1", json!({"type": "hall_told", "text": "x"})).await.unwrap();
        hears(&mut member, "x").await;
        order(&mut member, "discard any.name-1").await;
        house.channels.untyped().group_send("any.name-1", json!({"type": "hall_told", "text": "y"})).await.unwrap();
        assert!(member.receive_nothing().await);
    }
}
