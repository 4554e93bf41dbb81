//! Every kind of handler and every option.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::HeaderMap,
};
use bytes::Bytes;
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[event("chat.message")]
#[derive(Clone, Debug)]
struct ChatMessage {
    message: String,
}

#[event("user.joined")]
struct UserJoined {
    name: String,
}

#[event("tick")]
struct Tick;

#[event("user.left")]
struct UserLeft {
    name: String,
}

#[event("score")]
struct Score {
    points: u32,
}

#[derive(Deserialize)]
struct HistoryQuery {
    limit: usize,
}

#[derive(Deserialize)]
struct Ping;

#[derive(Serialize)]
struct History {
    messages: Vec<String>,
}

#[derive(Serialize)]
struct Welcome {
    name: String,
}

#[derive(Deserialize)]
struct Login {
    name: Option<String>,
}

#[derive(Debug)]
struct ChatError;

impl std::fmt::Display for ChatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no history")
    }
}

impl std::error::Error for ChatError {}

type Db = Arc<Vec<String>>;

#[group("chat_{room_name}", events(ChatMessage, UserJoined))]
struct Room {
    room_name: String,
}

#[consumer(
    "/ws/chat/{room_name}/",
    group = Room,
    sends(Welcome),
    subprotocols("v2.chat", "v1.chat"),
    keep_scope,
    settings(max_message = 1 << 20, ping_interval = std::time::Duration::from_secs(5)),
)]
struct Chat {
    room_name: String,
    name: String,
    db: Db,
}

#[consumer]
impl Chat {
    const LIMIT: usize = 10;

    fn limit(&self) -> usize {
        Self::LIMIT
    }

    #[connect]
    async fn connect(
        State(db): State<Db>,
        Query(login): Query<Login>,
        context: &mut Context<Self>,
        headers: HeaderMap,
    ) -> Result<Self, Refusal> {
        let _ = headers;
        let name = login.name.ok_or_else(Refusal::default)?;
        let _ = context.scope();
        Ok(Self { room_name: "lobby".to_owned(), name, db })
    }

    #[receive("chat.history")]
    async fn history(&self, query: HistoryQuery, context: &mut Context<Self>) -> Result<History, ChatError> {
        let _ = context;
        if query.limit > self.limit() {
            return Err(ChatError);
        }
        Ok(History { messages: self.db.to_vec() })
    }

    #[receive("ping")]
    async fn ping(&mut self, _: &Ping) -> &'static str {
        "pong"
    }

    #[receive("find")]
    async fn find(&mut self, query: HistoryQuery) -> Option<String> {
        self.db.get(query.limit).cloned()
    }

    #[receive("find.strict")]
    async fn find_strict(&mut self, query: HistoryQuery) -> Result<Option<String>> {
        Ok(self.db.get(query.limit).cloned())
    }

    #[receive]
    async fn anything(&mut self, value: serde_json::Value, context: &mut Context<Self>) -> Result {
        context.send_json(&value).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: Bytes, context: &mut Context<Self>) -> Result<(), Error> {
        context.send_bytes(bytes).await
    }

    #[event("chat.message")]
    async fn chat_message(&mut self, event: ChatMessage, context: &mut Context<Self>) -> Result {
        context.send(&Welcome { name: event.message }).await
    }

    #[event("user.joined")]
    async fn user_joined(&self, event: &UserJoined) {
        let _ = &event.name;
    }

    #[event("tick")]
    fn tick(_: &Tick) -> &'static str {
        "tick"
    }

    #[event("user.left")]
    fn user_left(event: &UserLeft) -> Option<&str> {
        (event.name != "root").then_some(&event.name)
    }

    #[event("score")]
    fn score(event: &Score) -> Result<Option<u32>, ChatError> {
        if event.points == 0 { Err(ChatError) } else { Ok(Some(event.points)) }
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect, context: &mut Context<Self>) -> Result {
        let _ = (disconnect.code(), &self.name);
        context.group().send(UserJoined { name: self.room_name.clone() }).await
    }
}

/// Built from its fields.
#[consumer("/ws/echo/{id}/{*rest}", group = "echo_{id}")]
struct Echo {
    id: u64,
    rest: String,
    #[extract]
    headers: HeaderMap,
    count: u32,
}

#[consumer]
impl Echo {
    #[connect]
    async fn greet(&mut self, query: Query<Login>, context: &mut Context<Self>) -> Result<(), Refusal> {
        self.count += query.0.name.map_or(0, |_| 1);
        context.send_text(&self.rest).await?;
        Ok(())
    }

    #[receive(text)]
    async fn text(&mut self, text: &str, context: &mut Context<Self>) -> Result {
        context.group().send(Tick).await?;
        let _ = (self.id, &self.headers);
        context.send_text(text).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: &[u8]) -> usize {
        bytes.len()
    }

    #[event("tick")]
    async fn tick(&mut self, _: &Tick, context: &mut Context<Self>) -> Result {
        context.send_text("tick").await
    }

    #[disconnect]
    async fn gone(&self, _: &Disconnect) {}
}

/// Nothing but a struct and an impl.
#[consumer("/ws/quiet/")]
struct Quiet;

#[consumer]
impl Quiet {}

fn main() {
    let _: Router<Db> = Router::new().consumer::<Chat>().consumer::<Echo>().consumer::<Quiet>();
    assert_eq!(Chat::HANDLERS.len(), 11);
    let declaration = <Chat as Consumer>::DECLARATION;
    assert_eq!(declaration.subprotocols, ["v2.chat", "v1.chat"]);
    assert_eq!(declaration.groups[0].template, "chat_{room_name}");
    assert!(declaration.keep_scope);
    assert_eq!(<Echo as Consumer>::DECLARATION.params, ["id", "rest"]);
}
