//! Questions to the client itself.

use super::*;

#[event("board.confirm", answer = Confirmed)]
struct Confirm {
    text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Confirmed {
    sure: bool,
}

#[group("board", events(Confirm))]
struct Everyone;

fn confirm(text: &str) -> Confirm {
    Confirm { text: text.into() }
}

#[consumer("/ws/board/", group = Everyone, sends(Confirm))]
struct Board {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Board {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        if let Some(question) = text.strip_prefix("ask ") {
            let answer = context.ask(&confirm(question), DEADLINE).await;
            self.diary.note(format!("{answer:?}"));
        }
        context.send_text(format!("did {text}")).await
    }

    /// What the group is asked is asked of each client.
    #[event("board.confirm")]
    async fn confirm(&mut self, question: &Confirm, context: &mut Context<Self>) -> Result<Confirmed> {
        Ok(context.ask(question, DEADLINE).await?)
    }
}

#[consumer("/ws/early/", sends(Confirm))]
struct Early {
    early: Result<Confirmed, NoAnswer>,
}

#[consumer]
impl Early {
    #[connect]
    async fn connect(context: &mut Context<Self>) -> Self {
        Self { early: context.ask(&confirm("who are you?"), DEADLINE).await }
    }

    #[receive(text)]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{:?}", self.early)).await
    }
}

#[consumer("/ws/slow/", sends(Confirm))]
struct Slow;

#[consumer(blocking)]
impl Slow {
    #[receive(text)]
    fn receive(&mut self, text: String, context: &mut BlockingContext<Self>) -> Result {
        let answer = context.ask(&confirm(&text), DEADLINE)?;
        context.send_text(format!("{answer:?}"))
    }
}

struct Table {
    channels: Channels,
    diary: Diary,
}

impl Table {
    fn new() -> Self {
        Self { channels: Channels::memory(), diary: Diary::default() }
    }

    async fn client(&self, path: &str) -> Communicator {
        let app = Router::new().consumer::<Board>().consumer::<Early>().consumer::<Slow>();
        let app = app.with_channels(self.channels.clone()).layer(Extension(self.diary.clone()));
        let mut client = Communicator::new(app, path);
        client.connect().await.unwrap();
        client
    }
}

/// The question that a client gets, and its `id`.
async fn question(client: &mut Communicator) -> (Value, Value) {
    let ask = client.receive_json_from::<Value>().await.unwrap();
    assert_eq!(ask["type"], "ask");
    (ask["id"].clone(), ask["question"].clone())
}

async fn reply(client: &mut Communicator, body: Value) -> Value {
    let (id, question) = question(client).await;
    let mut reply = json!({"type": "reply", "id": id});
    reply.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    client.send_json_to(&reply).await.unwrap();
    question
}

#[tokio::test(start_paused = true)]
async fn a_client_replies() {
    let table = Table::new();
    let mut client = table.client("/ws/board/").await;
    let cases = [
        (json!({"ok": {"sure": true}}), "Ok(Confirmed { sure: true })"),
        (
            json!({"error": {"code": "busy", "message": "later"}}),
            r#"Err(Error(Answer { code: "busy", message: "later", data: None }))"#,
        ),
        (json!({"ok": "yes"}), "Err(Unreadable("),
        (json!({}), "Err(Unreadable("),
    ];
    for (index, (body, told)) in cases.into_iter().enumerate() {
        client.send_text_to("ask sure?").await.unwrap();
        assert_eq!(reply(&mut client, body).await, json!({"type": "board.confirm", "text": "sure?"}));
        assert_eq!(client.receive_text_from().await.unwrap(), "did ask sure?");
        let entries = table.diary.has(index + 1).await;
        assert!(entries[index].starts_with(told), "{entries:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn other_frames_wait_until_the_client_has_replied() {
    let table = Table::new();
    let mut client = table.client("/ws/board/").await;
    client.send_text_to("ask sure?").await.unwrap();
    for text in ["one", "two"] {
        client.send_text_to(text).await.unwrap();
    }
    reply(&mut client, json!({"ok": {"sure": false}})).await;
    for text in ["did ask sure?", "did one", "did two"] {
        assert_eq!(client.receive_text_from().await.unwrap(), text);
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_reply_is_waited_for_until_the_deadline() {
    let table = Table::new();
    let mut client = table.client("/ws/board/").await;
    client.send_text_to("ask sure?").await.unwrap();
    let (id, _) = question(&mut client).await;
    tokio::time::sleep(DEADLINE).await;
    assert_eq!(client.receive_text_from().await.unwrap(), "did ask sure?");
    table.diary.says("Err(TimedOut)").await;
    // Too late: dropped, counted, and no frame for the consumer.
    client.send_json_to(&json!({"type": "reply", "id": id, "ok": {"sure": true}})).await.unwrap();
    client.send_text_to("next").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "did next");
    assert_eq!(table.channels.counts().gone, 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_leaves_is_not_waited_for() {
    let table = Table::new();
    let begin = Instant::now();
    for leave in ["close", "vanish"] {
        let mut client = table.client("/ws/board/").await;
        client.send_text_to("ask sure?").await.unwrap();
        question(&mut client).await;
        match leave {
            "close" => client.disconnect().await,
            _ => client.vanish().await,
        }
    }
    assert_eq!(table.diary.has(2).await, ["Err(Gone)", "Err(Gone)"]);
    assert!(begin.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_there_to_be_asked_during_the_connect() {
    let table = Table::new();
    let mut client = table.client("/ws/early/").await;
    client.send_text_to("well?").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "Err(TooEarly)");
}

#[tokio::test]
async fn a_blocking_consumer_asks_too() {
    let table = Table::new();
    let mut client = table.client("/ws/slow/").await;
    client.send_text_to("sure?").await.unwrap();
    reply(&mut client, json!({"ok": {"sure": true}})).await;
    assert_eq!(client.receive_text_from().await.unwrap(), "Confirmed { sure: true }");
}

#[tokio::test(start_paused = true)]
async fn the_clients_of_a_whole_group_are_asked() {
    let table = Table::new();
    let mut clients = [table.client("/ws/board/").await, table.client("/ws/board/").await];
    let asking = tokio::spawn(Everyone.ask(&table.channels, confirm("all?"), 2 * DEADLINE));
    for (client, sure) in clients.iter_mut().zip([true, false]) {
        reply(client, json!({"ok": {"sure": sure}})).await;
    }
    let answers = asking.await.unwrap().unwrap();
    assert!(answers.is_complete());
    let mut sure: Vec<_> = answers.values().map(|confirmed| confirmed.sure).collect();
    sure.sort_unstable();
    assert_eq!(sure, [false, true]);
}
