//! A notification feed: a tab is greeted when it connects, and ordinary HTTP handlers send to all tabs of a user, or to
//! one tab alone.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::{get, post},
};
use consumer_runtime::{ChannelName, prelude::*};
use serde::Serialize;

/// What travels to a user: `{"type": "notification.new", "text": "Your parcel is here"}`.
#[event("notification.new")]
struct Notification {
    text: String,
}

/// All tabs of a user, and what may be sent to them.
#[group("user_{user}", events(Notification))]
struct User {
    user: String,
}

/// The first frame of every tab.
#[derive(Serialize)]
#[serde(tag = "type", rename = "welcome")]
struct Welcome {
    user: String,
    channel: ChannelName,
}

/// Who listens, by channel name: an application would keep this in its database.
#[derive(Clone, Default)]
struct Tabs(Arc<Mutex<BTreeMap<ChannelName, String>>>);

impl Tabs {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<ChannelName, String>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One tab. An application would take the user from the session instead of the path; the example `protocols` has such
/// an extractor.
#[consumer("/ws/notifications/{user}/", group = User, sends(Welcome))]
struct Feed {
    user: String,
    #[extract]
    tabs: State<Tabs>,
}

#[consumer]
impl Feed {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        let channel = context.channel_name().clone();
        self.tabs.with(|tabs| tabs.insert(channel.clone(), self.user.clone()));
        context.send(&Welcome { user: self.user.clone(), channel }).await
    }

    #[event("notification.new")]
    fn notification(event: &Notification) -> &Notification {
        event
    }

    #[disconnect]
    async fn disconnect(&mut self, context: &mut Context<Self>) {
        self.tabs.with(|tabs| tabs.remove(context.channel_name()));
    }
}

/// `POST /notify/ann` with `{"text": ".."}`: to all tabs of a user, whichever process they are connected to.
async fn notify(Path(user): Path<String>, channels: Channels, Json(event): Json<Notification>) -> Result<StatusCode> {
    User { user }.send(&channels, event).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST /channel/{name}` with `{"text": ".."}`: to the tab that has this channel name.
async fn notify_tab(
    Path(name): Path<String>,
    channels: Channels,
    Json(event): Json<Notification>,
) -> Result<StatusCode> {
    channels.channel(name)?.to::<Feed>(event).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `GET /tabs`: the channel names of all tabs, with their users.
async fn tabs(State(tabs): State<Tabs>) -> Json<BTreeMap<ChannelName, String>> {
    Json(tabs.with(|tabs| tabs.clone()))
}

/// The page, the consumer and the handlers that send to it.
pub fn app() -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("pages/index.html")) }))
        .route("/tabs", get(tabs))
        .route("/notify/{user}", post(notify))
        .route("/channel/{name}", post(notify_tab))
        .consumer::<Feed>()
        .with_state(Tabs::default())
}
