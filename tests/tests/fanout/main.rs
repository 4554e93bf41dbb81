//! Large groups, busy groups and many groups: who gets what, in which order, and who waits for whom.

mod crowds;
mod many;
mod pace;
mod runtimes;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::Router;
use consumer_runtime::{ChannelName, prelude::*, testing::Communicator};
use futures_util::future::join_all;
use tests::{Client, Raw, Site, soon};
use tokio::io::AsyncReadExt;

/// More than one slice of members, and no multiple of it.
const LARGE: usize = 300;

/// For a handler that all members of a type share.
#[event("square.told")]
struct Told {
    text: String,
}

/// For a handler of each member.
#[event("square.asked")]
struct Asked {
    text: String,
}

/// Answered by each member.
#[event("square.who", answer = String)]
struct Who {}

#[group("square_{square}", events(Told, Asked, Who))]
struct Square {
    square: String,
}

fn square(name: &str) -> Square {
    Square { square: name.into() }
}

fn told(text: impl Into<String>) -> Told {
    Told { text: text.into() }
}

fn asked(text: impl Into<String>) -> Asked {
    Asked { text: text.into() }
}

/// In no square until it is told so.
#[consumer("/ws/walker/")]
struct Walker;

#[consumer]
impl Walker {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.split_once(' ') {
            Some(("join", name)) => context.join(square(name)).await?,
            Some(("leave", name)) => context.leave(square(name)).await?,
            Some(("join-all", range)) => {
                for name in names(range) {
                    context.join(square(&name)).await?;
                }
            }
            Some(("leave-all", range)) => {
                for name in names(range) {
                    context.leave(square(&name)).await?;
                }
            }
            Some(("tell", name)) => {
                square(name).send(context.channels(), told("from me")).await?;
                return context.send_text("after it").await;
            }
            _ => return context.send_text(context.channel_name().as_str()).await,
        }
        context.send_text("done").await
    }

    #[event("square.told")]
    fn told(event: &Told) -> String {
        event.text.clone()
    }

    #[event("square.asked")]
    async fn asked(&mut self, event: &Asked, context: &mut Context<Self>) -> Result {
        context.send_text(format!("asked {}", event.text)).await
    }

    #[event("square.who")]
    async fn who(&mut self, _: &Who, context: &mut Context<Self>) -> Result<String> {
        Ok(context.channel_name().as_str().to_owned())
    }
}

/// A member of another type, which hears the same in other words.
#[consumer("/ws/guest/")]
struct Guest;

#[consumer]
impl Guest {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.as_str() {
            "join" => context.join(square("a")).await?,
            _ => context.leave(square("a")).await?,
        }
        context.send_text("done").await
    }

    #[event("square.told")]
    fn told(event: &Told) -> String {
        format!("a guest hears {}", event.text)
    }

    #[event("square.asked")]
    fn asked(event: &Asked) -> String {
        format!("a guest is asked {}", event.text)
    }

    #[event("square.who")]
    async fn who(&mut self, _: &Who) -> String {
        "a guest".into()
    }
}

fn names(range: &str) -> impl Iterator<Item = String> {
    let (from, to) = range.split_once("..").unwrap();
    (from.parse::<usize>().unwrap()..to.parse().unwrap()).map(|number| number.to_string())
}

fn app() -> Router {
    Router::new().consumer::<Walker>().consumer::<Guest>()
}

async fn order(client: &mut Client, text: &str) {
    client.say(text).await;
    assert_eq!(client.hear().await, "done", "{text}");
}

/// Members of the square `a`, on real sockets.
async fn members(site: &Site, count: usize) -> Vec<Client> {
    let mut members = Vec::new();
    for _ in 0..count {
        let mut client = site.client("/ws/walker/").await;
        order(&mut client, "join a").await;
        members.push(client);
    }
    members
}

async fn tell(site: &Site, text: impl Into<String>) {
    square("a").send(&site.channels, told(text)).await.unwrap();
}

async fn name(client: &mut Client) -> String {
    client.say("name").await;
    client.hear().await
}

/// What a shared handler's text looks like to the browser.
fn line(text: &str) -> String {
    format!("{text:?}")
}
