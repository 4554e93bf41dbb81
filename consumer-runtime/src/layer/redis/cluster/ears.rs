//! Listens to one node for as long as it has slots, however often it goes away.
//!
//! The connection has subscriptions alone. What it is subscribed to is what the node says by itself, in the order in which it
//! does: a slot that moves ends subscriptions unasked, and what was asked meanwhile may be answered by that.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::future::join_all;
use redis::{PushInfo, PushKind, Value, aio::MultiplexedConnection};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::{Shared, hearing, node::Node};
use crate::layer::{backoff::Backoff, redis::failure::Failure};

/// How many subscriptions are asked for at once.
const AT_ONCE: usize = 64;

/// When something that a node has refused is tried again; until then it may be another's.
const AGAIN: Duration = Duration::from_millis(200);

/// Runs until it is dropped, or nobody holds the layer any more.
pub(super) async fn listen(layer: Weak<Shared>, node: Arc<Node>) {
    let mut backoff = Backoff::default();
    loop {
        match node.server.listen_sharded().await {
            Ok((connection, pushes)) => {
                let now = Instant::now();
                let subscribed = HashSet::new();
                let mut ears = Ears { layer: &layer, node: &node, connection, pushes, subscribed, last_heard: now };
                let heard_something = ears.stay().await;
                let Some(shared) = layer.upgrade() else { return };
                tracing::warn!(node = %node.address, "the connection to a node of the cluster is lost");
                shared.lost_all(&node, ears.subscribed, ears.last_heard);
                if heard_something {
                    backoff = Backoff::default();
                }
            }
            Err(error) => {
                let Some(shared) = layer.upgrade() else { return };
                tracing::warn!(node = %node.address, %error, "a node of the cluster cannot be listened to; trying again");
                shared.stirred.notify_one();
            }
        }
        backoff.wait().await;
    }
}

/// One connection.
struct Ears<'a> {
    layer: &'a Weak<Shared>,
    node: &'a Node,
    connection: MultiplexedConnection,
    pushes: UnboundedReceiver<PushInfo>,
    subscribed: HashSet<String>,
    last_heard: Instant,
}

impl Ears<'_> {
    /// Stays until the connection is lost, and says whether anything was heard on it.
    async fn stay(&mut self) -> bool {
        let patience = self.node.server.patience();
        // An interval of nothing would panic.
        let mut ask = interval(patience.max(Duration::from_millis(1)));
        ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ask.reset();
        self.node.anew();
        let began = self.last_heard;
        let (mut refused, mut again) = (Vec::new(), Instant::now());
        loop {
            let goes_on = tokio::select! {
                push = self.pushes.recv() => match push {
                    Some(push) => self.hear(push).await,
                    None => false,
                },
                () = self.node.changed.notified() => match self.change(patience).await {
                    Some(more) => {
                        if !more.is_empty() {
                            refused.extend(more);
                            again = Instant::now() + AGAIN;
                        }
                        true
                    }
                    None => false,
                },
                () = sleep_until(again), if !refused.is_empty() => {
                    self.node.again(refused.drain(..));
                    true
                }
                _ = ask.tick() => {
                    let ping = redis::cmd("PING");
                    let answered = timeout(patience, ping.query_async::<Value>(&mut self.connection)).await;
                    let is_there = answered.is_ok_and(|answered| answered.is_ok());
                    if is_there {
                        self.last_heard = Instant::now();
                    }
                    is_there
                }
            };
            if !goes_on {
                return self.last_heard > began;
            }
        }
    }

    /// Subscribes and unsubscribes as is wanted by now, and says what was refused; nothing when the connection is lost.
    async fn change(&mut self, patience: Duration) -> Option<Vec<String>> {
        let mut refused = Vec::new();
        loop {
            let changes = self.node.changes(AT_ONCE);
            if changes.is_empty() {
                break;
            }
            let (mut commands, mut awaited) = (Vec::new(), Vec::new());
            for (name, wanted) in changes {
                match (wanted, self.subscribed.contains(&name)) {
                    (true, true) => self.layer.upgrade()?.confirm(self.node, &name),
                    (false, false) => self.layer.upgrade()?.end(self.node, &name),
                    (true, false) => {
                        commands.push(redis::cmd("SSUBSCRIBE").arg(&name).to_owned());
                        awaited.push(name);
                    }
                    (false, true) => commands.push(redis::cmd("SUNSUBSCRIBE").arg(&name).to_owned()),
                }
            }
            let asked = commands.iter().map(|command| {
                let mut connection = self.connection.clone();
                async move { command.query_async::<Value>(&mut connection).await }
            });
            let answered = timeout(patience, join_all(asked)).await.ok()?;
            if answered.into_iter().filter_map(Result::err).any(|error| Failure::Redis(error).ends_connection()) {
                return None;
            }
            // What the node says of it has come before its answers.
            while let Ok(push) = self.pushes.try_recv() {
                if !self.hear(push).await {
                    return None;
                }
            }
            refused.extend(awaited.into_iter().filter(|name| !self.subscribed.contains(name)));
        }
        if !refused.is_empty() {
            self.layer.upgrade()?.stirred.notify_one();
        }
        Some(refused)
    }

    /// What the node says by itself; false when it is the end.
    async fn hear(&mut self, push: PushInfo) -> bool {
        self.last_heard = Instant::now();
        let Some(shared) = self.layer.upgrade() else { return false };
        let mut data = push.data.into_iter().map(redis::from_redis_value::<Vec<u8>>);
        let mut next = || data.next().and_then(Result::ok);
        match push.kind {
            PushKind::SMessage => {
                if let Some((name, body)) = next().zip(next()) {
                    hearing::hear(&shared, &String::from_utf8_lossy(&name), &body).await;
                }
            }
            PushKind::SSubscribe => {
                if let Some(Ok(name)) = next().map(String::from_utf8) {
                    shared.confirm(self.node, &name);
                    self.subscribed.insert(name);
                }
            }
            PushKind::SUnsubscribe => {
                if let Some(Ok(name)) = next().map(String::from_utf8) {
                    self.subscribed.remove(&name);
                    shared.end(self.node, &name);
                    // Not asked for: its slot has moved. Or it is wanted again already.
                    if self.node.has(&name) {
                        shared.lost(self.node, [name.clone()], Instant::now());
                        self.node.again([name]);
                    }
                }
            }
            PushKind::Disconnection => return false,
            _ => {}
        }
        true
    }
}
