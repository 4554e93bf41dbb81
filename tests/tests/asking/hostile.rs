//! Questions to clients that reply with anything, too much or never, and handlers that do not wait for them.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::{FutureExt, join_all};
use tests::soon;

use super::*;

#[event("test.ready", answer = Value)]
struct Ready {
    number: usize,
}

#[consumer("/ws/test/", sends(Ready), settings(rate = None))]
struct Test {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Test {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let ready = |number| context.ask(&Ready { number }, DEADLINE);
        match text.as_str() {
            "one" => self.diary.note(format!("{:?}", ready(0).await)),
            "unawaited" => drop(ready(0)),
            "many" => {
                let answers = join_all((0..50).map(ready)).await;
                self.diary.note(format!("{:?}", answers.into_iter().map(Result::unwrap).collect::<Vec<_>>()));
            }
            _ => context.send_text(format!("heard {}", &text[..text.len().min(60)])).await?,
        }
        Ok(())
    }

    #[disconnect]
    async fn disconnect(&mut self, end: Disconnect, context: &mut Context<Self>) {
        let told = context.ask(&Ready { number: 0 }, DEADLINE).await;
        self.diary.note(format!("{} {told:?}", end.code()));
    }
}

/// What gets at the connection while it is written.
#[derive(Debug, Default, Deserialize)]
struct Sneaky;

static SNEAKS_TO: Mutex<Option<(Channels, ChannelName)>> = Mutex::new(None);

impl Serialize for Sneaky {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some((channels, name)) = SNEAKS_TO.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = channels.channel(name.as_str()).unwrap().send(Whisper {}).now_or_never();
        }
        serializer.serialize_unit()
    }
}

#[event("test.whisper")]
struct Whisper {}

#[event("test.sneaky", answer = bool)]
struct Sneak {
    sneaky: Sneaky,
}

#[consumer("/ws/sneaky/", sends(Sneak))]
struct Sneaker;

#[consumer]
impl Sneaker {
    #[receive(text)]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        let to = (context.channels().clone(), context.channel_name().clone());
        *SNEAKS_TO.lock().unwrap_or_else(PoisonError::into_inner) = Some(to);
        let sure = context.ask(&Sneak { sneaky: Sneaky }, DEADLINE).await?;
        context.send_text(sure.to_string()).await
    }

    #[event("test.whisper")]
    fn whisper(_: &Whisper) -> &'static str {
        "whisper"
    }
}

struct Room {
    channels: Channels,
    diary: Diary,
}

impl Room {
    fn new() -> Self {
        Self { channels: Channels::memory(), diary: Diary::default() }
    }

    async fn client(&self, path: &str) -> Communicator {
        let app = Router::new().consumer::<Test>().consumer::<Sneaker>();
        let mut client =
            Communicator::new(app.with_channels(self.channels.clone()).layer(Extension(self.diary.clone())), path);
        client.connect().await.unwrap();
        client
    }
}

async fn question(client: &mut Communicator) -> (String, usize) {
    let ask: Value = client.receive_json_from().await.unwrap();
    (ask["id"].as_str().unwrap().to_owned(), ask["question"]["number"].as_u64().unwrap_or_default() as usize)
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_not_awaited_is_not_asked() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    for text in ["unawaited", "unawaited", "one"] {
        client.send_text_to(text).await.unwrap();
    }
    assert_eq!(question(&mut client).await.0, "ask-1", "the others have left nothing behind");
}

#[tokio::test(start_paused = true)]
async fn replies_while_nothing_was_asked_are_frames() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    let reply = r#"{"type":"reply","id":"ask-1","ok":true}"#;
    client.send_text_to(reply).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), format!("heard {reply}"));
    assert_eq!(room.channels.counts().gone, 0);
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_be_huge_and_deep_and_is_still_one_reply() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
    let wide = format!("[{}1]", "1,".repeat(30_000));
    let bodies = [(format!(r#""ok":{deep}"#), "Err(Unreadable("), (format!(r#""ok":{wide}"#), "Ok(Array [")];
    let errors = [(r#""error":"no""#.into(), "Err(Unreadable("), (format!(r#""error":{deep}"#), "Err(Unreadable(")];
    for (index, (body, told)) in bodies.into_iter().chain(errors).enumerate() {
        client.send_text_to("one").await.unwrap();
        let (id, _) = question(&mut client).await;
        // Nobody can say which of two values was meant, so this is no reply but a frame.
        client.send_text_to(&format!(r#"{{"type":"reply","id":"{id}","ok":1,"ok":2}}"#)).await.unwrap();
        let begin = Instant::now();
        client.send_text_to(&format!(r#"{{"type":"reply","id":"{id}",{body}}}"#)).await.unwrap();
        let entries = room.diary.has(index + 1).await;
        assert!(entries[index].starts_with(told), "{}", &entries[index][..80]);
        assert_eq!(begin.elapsed(), Duration::ZERO, "nobody waits for the deadline");
        assert!(client.receive_text_from().await.unwrap().contains(r#""ok":1,"ok":2"#));
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_replies_behind_too_many_frames_is_too_late_and_well() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    client.send_text_to("one").await.unwrap();
    let (id, _) = question(&mut client).await;
    // Each is a read of its own, so that what is decoded in one read is no matter.
    let padding = " ".repeat(1000);
    for number in 0..100 {
        client.send_text_to(&format!("{number} {padding}")).await.unwrap();
    }
    client.send_json_to(&json!({"type": "reply", "id": id, "ok": 1})).await.unwrap();
    client.send_text_to("after all").await.unwrap();
    assert_eq!(room.diary.has(1).await, ["Err(TimedOut)"]);
    for number in 0..100 {
        let heard = client.receive_text_from().await.unwrap();
        assert!(heard.starts_with(&format!("heard {number} ")), "{heard}");
    }
    assert_eq!(client.receive_text_from().await.unwrap(), "heard after all");
    assert_eq!(room.channels.counts().gone, 1, "the late reply");
}

#[tokio::test(start_paused = true)]
async fn many_questions_at_once_get_their_own_replies_in_any_order() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    client.send_text_to("many").await.unwrap();
    let mut questions = Vec::new();
    for _ in 0..50 {
        questions.push(question(&mut client).await);
    }
    for (id, number) in questions.iter().rev() {
        client.send_json_to(&json!({"type": "reply", "id": id, "ok": number})).await.unwrap();
    }
    let numbers: Vec<_> = (0..50).map(|number| format!("Number({number})")).collect();
    assert_eq!(room.diary.has(1).await, [format!("[{}]", numbers.join(", "))]);
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_no_reply_and_nobody_is_asked_at_the_end() {
    let room = Room::new();
    let mut client = room.client("/ws/test/").await;
    client.send_text_to("one").await.unwrap();
    question(&mut client).await;
    let begin = Instant::now();
    let channels = room.channels.clone();
    let draining = tokio::spawn(async move { channels.drain(Duration::ZERO, 2 * DEADLINE).await });
    assert_eq!(client.receive_close().await.unwrap().0, 1012);
    assert!(draining.await.unwrap());
    assert_eq!(room.diary.entries(), ["Err(Gone)", "1012 Err(Gone)"]);
    assert!(begin.elapsed() < DEADLINE);
}

/// On a thread of its own, since a lock that is taken twice stops the thread, clock and all.
#[test]
fn a_question_may_do_anything_while_it_is_written() {
    let (done, finished) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut client = Room::new().client("/ws/sneaky/").await;
            client.send_text_to("go").await.unwrap();
            assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!("whisper"));
            let (id, _) = question(&mut client).await;
            client.send_json_to(&json!({"type": "reply", "id": id, "ok": true})).await.unwrap();
            assert_eq!(soon("the answer", client.receive_text_from()).await.unwrap(), "true");
            done.send(()).unwrap();
        });
    });
    finished.recv_timeout(tests::PATIENCE).expect("no lock is held while the question is written");
}
