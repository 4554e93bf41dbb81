//! Questions to a group, a connection or its client, who is left out of a group send, and what comes back.

mod client;
mod connection;
mod crowd;
mod except;
mod group;
mod hostile;
mod layers;
mod processes;

use std::time::Duration;

use axum::{Extension, Router};
use consumer_runtime::{
    Answers, ChannelLayer, ChannelName, GroupName, LayerFuture, Local, MemberAnswer, MemoryLayer, Message, NoAnswer,
    Reach, prelude::*, testing::Communicator,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tests::{Diary, Gate};
use tokio::time::Instant;

/// Long enough for everything that happens at once; time is paused, so that nobody waits for it.
const DEADLINE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Present {
    user: String,
}

/// Answered by each member.
#[event("room.who", answer = Present)]
struct Who {
    how: String,
}

fn who(how: &str) -> Who {
    Who { how: how.into() }
}

/// Answered by nobody: asking tells that it was handled.
#[event("room.note")]
struct Note {
    text: String,
}

#[group("room_{room}", events(Who, Note))]
struct Room {
    room: String,
}

fn room() -> Room {
    Room { room: "a".into() }
}

#[consumer("/ws/{room}/{user}/", group = Room)]
struct Member {
    room: String,
    user: String,
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Member {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.as_str() {
            "name" => context.send_text(context.channel_name().as_str()).await,
            "ask" => {
                let answers = context.group().ask(who("tell"), DEADLINE).await?;
                let complete = answers.is_complete();
                let mut users: Vec<_> = answers.values().map(|present| present.user).collect();
                users.sort();
                context.send_json(&json!({"users": users, "complete": complete})).await
            }
            "others" => context.group().send_to_others(Note { text }).await,
            _ => context.group().send(Note { text }).await,
        }
    }

    #[event("room.who")]
    async fn who(&mut self, who: &Who, context: &mut Context<Self>) -> Result<Present> {
        match who.how.as_str() {
            "fail" => Err(Error::answer("shy", "will not say"))?,
            "break" => Err(Error::msg("the disk is full"))?,
            "panic" => panic!("the panic that a test asked for"),
            "close" => Err(Close::new(close_code!(4001), "not you"))?,
            "wait" => {
                self.diary.note(format!("{} is asked", self.user));
                self.gate.pass().await;
            }
            only if only.starts_with("only ") && !only.ends_with(&self.user) => {
                self.diary.note(format!("{} is asked", self.user));
                self.gate.pass().await;
            }
            _ => {}
        }
        let _ = context.channel_name();
        Ok(Present { user: self.user.clone() })
    }

    #[event("room.note")]
    fn note(note: &Note) -> Option<Value> {
        (note.text != "nothing").then(|| json!({ "note": note.text }))
    }
}

/// A member of the same groups whose handlers are the other way round, and that blocks.
#[consumer("/ws/clerk/{room}/", group = Room)]
struct Clerk {
    room: String,
    notes: usize,
}

#[consumer(blocking)]
impl Clerk {
    #[receive(text)]
    fn receive(&mut self, how: String, context: &mut BlockingContext<Self>) -> Result {
        let answers = context.group().ask(who(&how), DEADLINE)?;
        context.send_text(format!("{} of {}", answers.len(), self.room))
    }

    #[event("room.who")]
    fn who(&mut self, _: &Who) -> Present {
        Present { user: format!("clerk with {} notes", self.notes) }
    }

    #[event("room.note")]
    fn note(&mut self, _: &Note) {
        self.notes += 1;
    }
}

/// In no group by its type, and with a handler for nothing.
#[consumer("/ws/stranger/")]
struct Stranger;

#[consumer]
impl Stranger {
    #[receive(text)]
    async fn receive(&mut self, group: String, context: &mut Context<Self>) -> Result {
        context.untyped().group_add(&group).await?;
        context.send_text(context.channel_name().as_str()).await
    }
}

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

    async fn enter(&self, path: &str) -> Communicator {
        let app = Router::new()
            .consumer::<Member>()
            .consumer::<Clerk>()
            .consumer::<Stranger>()
            .with_channels(self.channels.clone())
            .layer(Extension(self.diary.clone()))
            .layer(Extension(self.gate.clone()));
        let mut client = Communicator::new(app, path);
        client.connect().await.unwrap();
        client
    }

    async fn member(&self, user: &str) -> Communicator {
        self.enter(&format!("/ws/a/{user}/")).await
    }

    async fn ask(&self, how: &str) -> Answers<Present> {
        room().ask(&self.channels, who(how), DEADLINE).await.unwrap()
    }
}

async fn name(client: &mut Communicator) -> ChannelName {
    client.send_text_to("name").await.unwrap();
    ChannelName::new(client.receive_text_from().await.unwrap()).unwrap()
}

fn users(answers: Answers<Present>) -> Vec<String> {
    let mut users: Vec<_> = answers.values().map(|present| present.user).collect();
    users.sort();
    users
}

/// The only member's answer.
fn only(answers: Answers<Present>) -> Result<Present, NoAnswer> {
    assert_eq!((answers.len(), answers.missing()), (1, Some(0)));
    answers.into_iter().next().unwrap().answer
}
