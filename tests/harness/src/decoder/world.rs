//! A server in memory, and a client on each of its endpoints.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use axum::Router;
use consumer_runtime::{Settings, prelude::*, testing::Communicator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::consumers::{Both, FRAMES, Form, Nameless, Typed};

pub(super) struct World {
    runtime: Runtime,
    channels: Channels,
    clients: RefCell<HashMap<&'static str, Communicator>>,
}

impl World {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let channels = Channels::memory();
        let settings = Settings { max_message: usize::MAX, ping_interval: Duration::ZERO, ..Settings::unlimited() };
        let app = Router::new()
            .consumer::<Typed>()
            .consumer::<Nameless>()
            .consumer::<Form>()
            .consumer::<Both>()
            .with_settings(settings)
            .with_channels(channels.clone());
        let mut clients = HashMap::new();
        runtime.block_on(async {
            for endpoint in &FRAMES {
                let mut client = Communicator::new(app.clone(), endpoint.path).patience(Duration::from_secs(20));
                client.connect().await.expect("nothing to refuse");
                clients.insert(endpoint.path, client);
            }
        });
        Self { runtime, channels, clients: RefCell::new(clients) }
    }

    fn with<T>(&self, path: &str, run: impl AsyncFnOnce(&mut Communicator) -> T) -> T {
        let mut clients = self.clients.borrow_mut();
        self.runtime.block_on(run(clients.get_mut(path).expect("an endpoint")))
    }

    /// The answer to a text.
    pub(super) fn answer(&self, path: &str, text: &str) -> String {
        self.with(path, async |client| {
            client.send_text_to(text).await.expect("an open line");
            client.receive_text_from().await.unwrap_or_else(|error| panic!("no answer to {text:?}: {error}"))
        })
    }

    /// Sends an event by name, and gives what its handler sends, if it has one; the error is that of the send.
    pub(super) fn send(&self, event: Value) -> Result<Option<Value>, Error> {
        self.with("/typed/", async |client| {
            self.channels.untyped().group_send("harness", event).await?;
            // Comes after the event: a frame that is handled in any case.
            client.send_json_to(&json!({"type": "a.nothing", "id": "last"})).await.expect("an open line");
            let mut heard = None;
            loop {
                let value: Value = client.receive_json_from().await.expect("an answer");
                if value == json!({"type": "reply", "id": "last", "ok": null}) {
                    return Ok(heard);
                }
                assert!(heard.replace(value).is_none(), "one event is handled once");
            }
        })
    }
}
