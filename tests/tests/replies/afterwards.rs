//! What a handler that was given up leaves behind: nothing that keeps the connection from going on.

use std::{future::pending, time::Duration};

use consumer_runtime::{NoAnswer, prelude::*};
use serde::Deserialize;
use tests::{Diary, Gate};

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Nothing {}

#[event("desk.shared")]
struct Shared {
    number: usize,
}

#[event("desk.own")]
#[derive(Clone)]
struct Own {
    number: usize,
}

#[event("desk.ready", answer = bool)]
struct Ready {}

#[event("desk.count", answer = usize)]
struct Count {}

#[group("desk", events(Shared, Own, Count))]
struct Desks;

#[consumer("/ws/desk/", group = Desks, sends(Ready), settings(reply_timeout = Some(LIMIT)))]
struct Desk {
    owned: usize,
}

#[consumer]
impl Desk {
    #[receive("hang")]
    async fn hang(&mut self, _: Nothing) -> u8 {
        pending().await
    }

    #[receive("question")]
    async fn ask(&mut self, _: Nothing, context: &mut Context<Self>) -> Result<bool> {
        Ok(context.ask(&Ready {}, 3 * LIMIT).await?)
    }

    /// Asks all others, and itself by its name, which cannot be answered before it returns.
    #[receive("ask_self")]
    async fn ask_self(&mut self, _: Nothing, context: &mut Context<Self>) -> Result<usize> {
        let me = context.channels().channel(context.channel_name().as_str())?;
        Ok(me.ask(Count {}, 3 * LIMIT).await?)
    }

    #[event("desk.shared")]
    fn shared(event: &Shared) -> Value {
        json!({"shared": event.number})
    }

    #[event("desk.own")]
    async fn own(&mut self, event: Own, context: &mut Context<Self>) -> Result {
        self.owned += 1;
        context.send_json(&json!({"own": event.number})).await
    }

    #[event("desk.count")]
    async fn count(&mut self, _: &Count) -> usize {
        self.owned
    }
}

#[consumer("/ws/thread/", group = Desks, settings(reply_timeout = Some(LIMIT)))]
struct Thread {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
    owned: usize,
}

#[consumer(blocking)]
impl Thread {
    #[receive("wait")]
    fn wait(&mut self, _: Nothing, context: &mut BlockingContext<Self>) -> u8 {
        self.diary.note("waits");
        context.wait(self.gate.pass());
        1
    }

    #[receive("panic")]
    fn panic(&mut self, _: Nothing, context: &mut BlockingContext<Self>) -> u8 {
        self.diary.note("waits");
        context.wait(self.gate.pass());
        panic!("the panic that a test asked for")
    }

    #[receive("count")]
    fn counted(&mut self, _: Nothing) -> usize {
        self.owned
    }

    #[event("desk.shared")]
    fn shared(_: &Shared) -> Option<Value> {
        None
    }

    #[event("desk.own")]
    fn own(&mut self, _: Own) {
        self.owned += 1;
    }

    #[event("desk.count")]
    fn count(&mut self, _: &Count) -> usize {
        self.owned
    }

    #[disconnect]
    fn disconnect(&mut self, end: Disconnect) {
        self.diary.note(format_args!("disconnect {} after {}", end.code(), self.owned));
    }
}

fn new_world() -> World {
    World::of(Router::new().consumer::<Desk>().consumer::<Thread>())
}

async fn enter(world: &World, path: &str) -> Communicator {
    world.client(path).await.patience(2 * LIMIT)
}

impl World {
    async fn tell(&self, number: usize) {
        Desks.send(&self.channels, Shared { number }).await.unwrap();
        Desks.send(&self.channels, Own { number }).await.unwrap();
    }
}

fn code(reply: &Value) -> &str {
    reply["error"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn events_and_frames_go_on_in_order_after_a_handler_was_given_up() {
    let world = new_world();
    let mut client = enter(&world, "/ws/desk/").await;
    for round in 0..3 {
        client.send_json_to(&json!({"type": "hang", "id": round})).await.unwrap();
        tokio::time::sleep(LIMIT / 2).await;
        world.tell(1).await;
        world.tell(2).await;
        let mut heard = Vec::new();
        for _ in 0..5 {
            heard.push(client.receive_json_from::<Value>().await.unwrap());
        }
        assert_eq!(heard[0], json!({"shared": 1}), "nothing waits in front of it");
        assert_eq!((&heard[1]["id"], code(&heard[1])), (&json!(round), "timeout"));
        assert_eq!(heard[2..], [json!({"own": 1}), json!({"shared": 2}), json!({"own": 2})]);
        // And the line is free again.
        world.tell(3).await;
        assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"shared": 3}));
        assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"own": 3}));
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_to_the_client_is_forgotten_with_its_handler() {
    let world = new_world();
    let mut client = enter(&world, "/ws/desk/").await;
    client.send_json_to(&json!({"type": "question", "id": 1})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], "ask-1");
    assert_eq!(code(&client.receive_json_from().await.unwrap()), "timeout");
    client.send_json_to(&json!({"type": "question", "id": 2})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], "ask-2");
    for id in ["ask-1", "ask-2"] {
        client.send_json_to(&json!({"type": "reply", "id": id, "ok": id == "ask-2"})).await.unwrap();
    }
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"type": "reply", "id": 2, "ok": true}));
    assert_eq!(world.channels.counts().gone, 1, "the first reply was too late");
}

#[tokio::test(start_paused = true)]
async fn a_question_to_others_is_forgotten_with_its_handler() {
    let world = new_world();
    let mut client = enter(&world, "/ws/desk/").await;
    client.send_json_to(&json!({"type": "ask_self", "id": 1})).await.unwrap();
    assert_eq!(code(&client.receive_json_from().await.unwrap()), "timeout");
    tests::eventually("its own answer is too late", || world.channels.counts().gone == 1).await;
    assert!(format!("{:?}", world.channels).contains("asks: 0"));
    let answers = Desks.ask(&world.channels, Count {}, LIMIT).await.unwrap();
    assert_eq!(answers.values().collect::<Vec<_>>(), [0]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_thread_is_late_waits_for_the_consumer() {
    let world = new_world();
    let mut client = enter(&world, "/ws/thread/").await;
    client.send_json_to(&json!({"type": "wait", "id": 1})).await.unwrap();
    world.diary.says("waits").await;
    tokio::time::advance(LIMIT + Duration::from_millis(1)).await;
    assert_eq!(code(&client.receive_json_from().await.unwrap()), "timeout");
    world.tell(1).await;
    let asking = tokio::spawn(Desks.ask(&world.channels, Count {}, 10 * LIMIT));
    client.send_json_to(&json!({"type": "wait", "id": 2})).await.unwrap();
    client.send_json_to(&json!({"type": "count", "id": 3})).await.unwrap();
    world.gate.open();
    assert_eq!(asking.await.unwrap().unwrap().values().collect::<Vec<_>>(), [1]);
    for (id, value) in [(2, 1), (3, 1)] {
        let reply = json!({"type": "reply", "id": id, "ok": value});
        assert_eq!(client.receive_json_from::<Value>().await.unwrap(), reply);
    }
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_is_late_and_panics_closes_and_its_consumer_says_goodbye() {
    let world = new_world();
    let mut client = enter(&world, "/ws/thread/").await;
    client.send_json_to(&json!({"type": "panic", "id": 1})).await.unwrap();
    world.diary.says("waits").await;
    tokio::time::advance(LIMIT + Duration::from_millis(1)).await;
    assert_eq!(code(&client.receive_json_from().await.unwrap()), "timeout");
    let asking = tokio::spawn(Desks.ask(&world.channels, Count {}, 10 * LIMIT));
    tokio::task::yield_now().await;
    world.gate.open();
    assert_eq!(client.receive_close().await.unwrap().0, 1011);
    let answers = asking.await.unwrap().unwrap();
    assert_eq!(answers.into_iter().next().unwrap().answer, Err(NoAnswer::Gone));
    client.disconnect().await;
    assert_eq!(world.diary.entries(), ["waits", "disconnect 1011 after 0"]);
}
