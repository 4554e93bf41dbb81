//! What several processes share.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use axum::Router;
use consumer_runtime::{Channels, Format, LayerError, RedisError, RedisOptions, RedisPubSubLayer, prelude::*};
use serde_json::{Value, json};
use tests::{Client, RedisServer, Site, soon};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{Wire, options, process};

on_every_wire!(a_group_spans_processes_in_order, sockets_of_another_process_get_typed_events);

#[event("note")]
struct Note {
    text: String,
    bytes: Vec<u8>,
}

#[group("everyone", events(Note))]
struct Everyone {}

#[consumer("/ws/notes/", group = Everyone)]
struct Notes {}

#[consumer]
impl Notes {
    #[event("note")]
    fn note(event: &Note) -> Value {
        json!({ "text": event.text, "bytes": event.bytes })
    }

    #[event("who")]
    async fn who(&mut self, _: &Who, context: &mut Context<Self>) -> String {
        context.channel_name().to_string()
    }
}

#[event("who", answer = String)]
struct Who {}

async fn say(channels: &Channels, number: usize) {
    let message = json!({"type": "chat.message", "number": number});
    channels.untyped().group_send("chat_lobby", message).await.unwrap();
}

async fn a_group_spans_processes_in_order(wire: Wire) {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    for (hosts, format, secrets) in [
        (1, Format::Msgpack, &[][..]),
        (2, Format::Msgpack, &["new", "old"][..]),
        (2, Format::Json, &[]),
        (1, Format::Json, &["secret"]),
    ] {
        let options = options(&servers[..hosts], format, secrets);
        in_order(process(wire, &options).await, process(wire, &options).await).await;
    }
}

/// What one process sends to a group, and then to one member, comes in this order in another.
pub(super) async fn in_order(here: Channels, there: Channels) {
    let mut members = [here.untyped().new_channel(), there.untyped().new_channel()];
    for member in &members {
        member.group_add("chat_lobby").await.unwrap();
    }
    for number in 0..50 {
        say(&here, number).await;
    }
    for member in &mut members {
        for number in 0..50 {
            let message = soon("a message", member.receive()).await.to_value().unwrap();
            assert_eq!(message, json!({"type": "chat.message", "number": number}));
        }
    }
    members[1].group_discard("chat_lobby").await.unwrap();
    say(&there, 50).await;
    there.untyped().send(members[1].name().as_str(), json!({"type": "direct"})).await.unwrap();
    soon("a message", members[0].receive()).await;
    let next = soon("a message", members[1].receive()).await;
    assert_eq!(next.name(), "direct", "who has left hears nothing");
}

async fn sockets_of_another_process_get_typed_events(wire: Wire) {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    typed_events(process(wire, &options).await, process(wire, &options).await).await;
}

/// Events, questions, and sends that leave somebody out, from one process to the sockets of another.
pub(super) async fn typed_events(here: Channels, there: Channels) {
    let site = Site::on(Router::new().consumer::<Notes>(), there.clone()).await;
    let mut clients = [site.client("/ws/notes/").await, site.client("/ws/notes/").await];
    Everyone {}.send(&here, Note { text: "é".into(), bytes: vec![0, 255] }).await.unwrap();
    for client in &mut clients {
        assert_eq!(client.hear_json().await, json!({"text": "é", "bytes": [0, 255]}));
    }
    let within = Duration::from_secs(2);
    let answers = here.untyped().group_ask("everyone", json!({"type": "who"}), within).await.unwrap();
    let left_out = answers.into_iter().next().expect("two answer").channel;
    let message = json!({"type": "note", "text": "others", "bytes": []});
    here.untyped().group_send_except("everyone", message, [&left_out]).await.unwrap();
    let others = json!({"type": "note", "text": "all", "bytes": []});
    here.untyped().group_send("everyone", others).await.unwrap();
    let mut heard = Vec::new();
    for client in &mut clients {
        let first = client.hear_json().await["text"].clone();
        if first == "others" {
            assert_eq!(client.hear_json().await["text"], "all");
        }
        heard.push(first);
    }
    heard.sort_by_key(Value::to_string);
    assert_eq!(heard, ["all", "others"], "one was left out");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_published_general_message_is_heard_by_each_process_once_over_redis() {
    let wire = Wire::Published;
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let (here, there) = (process(wire, &options).await, process(wire, &options).await);
    let receive = |channels: Channels| {
        tokio::spawn(async move { channels.untyped().receive("thumbnails-generate").await.unwrap() })
    };
    let workers = [receive(here.clone()), receive(there)];
    while servers[0].say("PUBSUB NUMSUB thumbnails-generate").await.is_empty()
        || servers[0].say("PUBLISH thumbnails-generate x").await != ":2"
    {}
    here.untyped().send("thumbnails-generate", json!({"type": "generate", "id": 1})).await.unwrap();
    for worker in workers {
        let message = soon("a message", worker).await.unwrap();
        assert_eq!(message.to_value().unwrap(), json!({"type": "generate", "id": 1}));
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_stored_general_message_is_fetched_by_one_receiver_in_order_over_redis() {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    for hosts in [1, 2] {
        let options = options(&servers[..hosts], Format::Msgpack, &[]);
        // Those who work for one round go on working for it.
        let work = format!("work{hosts}");
        let sender = process(Wire::Stored, &options).await;
        // Before anybody receives: messages wait.
        for number in 0..50 {
            sender.untyped().send(&work, json!({"type": "job", "number": number})).await.unwrap();
        }
        let (told, mut done) = tokio::sync::mpsc::unbounded_channel();
        for worker in 0..4 {
            let (channels, told, work) = (process(Wire::Stored, &options).await, told.clone(), work.clone());
            tokio::spawn(async move {
                while let Ok(message) = channels.untyped().receive(&work).await {
                    let number = message.to_value().unwrap()["number"].as_u64().unwrap();
                    if told.send((worker, number)).is_err() {
                        return;
                    }
                }
            });
        }
        for number in 50..200 {
            while sender.untyped().send(&work, json!({"type": "job", "number": number})).await.is_err() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let mut all = Vec::new();
        while all.len() < 200 {
            all.push(soon("a job is done", done.recv()).await.unwrap());
        }
        let mut numbers: Vec<_> = all.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..200).collect::<Vec<_>>(), "each once, none lost, {hosts} hosts");
        if hosts == 1 {
            for worker in 0..4 {
                let of_one = all.iter().filter(|(of, _)| *of == worker).map(|(_, number)| *number);
                assert!(of_one.is_sorted(), "in order");
            }
        }
    }
    let options = options(&servers[..1], Format::Msgpack, &[]);
    let full = process(Wire::Stored, &options).await;
    // Who gave up waiting, however often, keeps nothing from others.
    for _ in 0..20 {
        let gave_up = tokio::time::timeout(Duration::from_millis(1), full.untyped().receive("given-up")).await;
        assert!(gave_up.is_err());
    }
    let other = process(Wire::Stored, &options).await;
    for _ in 0..20 {
        full.untyped().send("given-up", json!({"type": "job"})).await.unwrap();
    }
    // The fetch that was under way may have brought one.
    for _ in 0..19 {
        soon("a job", other.untyped().receive("given-up")).await.unwrap();
    }
    for _ in 0..100 {
        full.untyped().send("nobody", json!({"type": "job"})).await.unwrap();
    }
    let error = full.untyped().send("nobody", json!({"type": "job"})).await.unwrap_err();
    assert!(error.to_string().contains("is full"), "{error}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_set_up_wrongly_is_told_at_once_over_redis() {
    let server = RedisServer::new().await;
    let told =
        |options: RedisOptions| async move { RedisPubSubLayer::connect(&options).await.unwrap_err().to_string() };
    let mut none = RedisOptions::default();
    none.hosts.clear();
    assert_eq!(RedisPubSubLayer::connect(&none).await.unwrap_err(), RedisError::NoHosts);
    let error = told(RedisOptions::url("localhost")).await;
    assert!(error.contains("`hosts[0]`") && error.contains("redis://localhost:6379"), "{error}");
    let password = server.url().replace("//", "//:wrong@");
    let error = told(RedisOptions::url(password)).await;
    assert!(error.contains("`hosts[0]`") && !error.contains("wrong@"), "{error}");
    let mut away = RedisOptions::url("redis://127.0.0.1:1");
    away.timeout = Duration::from_millis(300);
    let error = told(away).await;
    assert!(error.contains("`hosts[0]` cannot be used"), "{error}");
    let full = LayerError::Unsendable { reason: "why".into() };
    assert!(full.to_string().contains("why"));
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn two_chats_are_one_room_over_redis() {
    let server = RedisServer::new().await;
    for layer in [server.url(), server.url().replace("redis://", "redis+pubsub://")] {
        speak([Chat::new(&layer).await, Chat::new(&layer).await]).await;
    }
}

/// People of each chat hear those of both.
pub(super) async fn speak(chats: [Chat; 2]) {
    let mut clients = Vec::new();
    for chat in &chats {
        clients.push(Client::connect(chat.address, "/ws/chat/lobby/").await);
    }
    for from in 0..2 {
        let message = json!({ "message": format!("from {from}") });
        clients[from].say_json(message.clone()).await;
        for client in &mut clients {
            assert_eq!(client.hear_json().await, message);
        }
    }
}

/// The chat example's program.
pub(crate) struct Chat {
    pub(crate) address: SocketAddr,
    child: Child,
}

impl Chat {
    /// Kills it, as a crash would.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    pub(crate) async fn new(layer: &str) -> Self {
        // Beside this test's own: `cargo build -p chat` puts it there.
        let test = std::env::current_exe().unwrap();
        let program = test.parent().and_then(Path::parent).unwrap().join("chat");
        assert!(program.is_file(), "{} is missing; run `cargo build -p chat` first", program.display());
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--layer", layer])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = soon("it listens", lines.next_line()).await.unwrap().expect("it runs");
        let address = line.split(['/', ' ']).find_map(|part| part.parse().ok()).expect("an address");
        Self { address, child }
    }
}
