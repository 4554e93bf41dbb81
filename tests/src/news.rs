//! What several processes tell each other in the tests of layers: numbered news, and whoever reads them.

use axum::Router;
use consumer_runtime::{LayerRestored, RouterExt, event, group, prelude::*};

/// One piece of news.
#[event("news")]
#[derive(Debug)]
pub struct News {
    /// Each has another.
    pub number: u32,
}

/// Everyone who reads.
#[group("readers", events(News))]
#[derive(Debug)]
pub struct Readers {}

/// A room that can be entered later.
#[group("room_{room}", events(News))]
#[derive(Debug)]
pub struct Room {
    /// Its name.
    pub room: String,
}

/// Tells its client each number, and that the layer was away; goes where its client says: `join a`, `leave a`.
#[consumer("/ws/news/", group = Readers)]
#[derive(Debug)]
pub struct Reader {}

#[consumer]
impl Reader {
    #[event("news")]
    fn news(event: &News) -> u32 {
        event.number
    }

    #[event("layer.restored")]
    async fn restored(&mut self, event: &LayerRestored, context: &mut Context<Self>) -> Result {
        let order = if event.lost_since <= event.restored_at { "restored" } else { "restored before it was lost" };
        context.send_text(order).await
    }

    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let done = match text.split_once(' ') {
            Some(("join", room)) => context.join(Room { room: room.to_owned() }).await,
            Some(("leave", room)) => context.leave(Room { room: room.to_owned() }).await,
            _ => Err(Error::msg("neither `join` nor `leave`")),
        };
        match done {
            Ok(()) => context.send_text(format!("done: {text}")).await,
            Err(error) => context.send_text(format!("failed: {error}")).await,
        }
    }
}

/// Tells its client each number, and does not want to know more.
#[consumer("/ws/deaf/", group = Readers)]
#[derive(Debug)]
pub struct Deaf {}

#[consumer]
impl Deaf {
    #[event("news")]
    fn news(event: &News) -> u32 {
        event.number
    }
}

/// All of them.
pub fn app() -> Router {
    Router::new().consumer::<Reader>().consumer::<Deaf>()
}
