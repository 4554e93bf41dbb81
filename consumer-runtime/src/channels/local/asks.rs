//! What waits in this process for answers of others, and how an answer finds its way back.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
};

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use tokio::{runtime::Handle, sync::Notify};

use crate::{
    asking::NoAnswer,
    error::Answer,
    layer::{ChannelLayer, Reach},
    message::Message,
    names::ChannelName,
};

/// What a member says to whoever asked.
pub(crate) type Said = Result<Box<RawValue>, NoAnswer>;

/// The asks of this process, and its way to those of others.
///
/// Apart from [`Local`](super::Local), since every answer that is owed holds it.
#[derive(Default)]
pub(crate) struct Asks {
    /// Written by who asks, read when an answer arrives.
    waiting: Mutex<HashMap<ChannelName, Arc<Ask>>>,
    /// Set once, when the channels are built; weak, since the layer holds this process.
    layer: OnceLock<Weak<dyn ChannelLayer>>,
}

impl fmt::Debug for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asks").field("waiting", &self.len()).finish_non_exhaustive()
    }
}

/// One ask: what has come in so far.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    /// Written when something arrives, read by the one who asks.
    heard: Mutex<Heard>,
    arrived: Notify,
}

/// Everything that has come in.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) answers: Vec<(ChannelName, Said)>,
    /// How many processes have said how many members they have.
    processes: usize,
    /// How many members those are.
    members: usize,
    reach: Option<Reach>,
}

impl Heard {
    /// How many members have not answered; `None` when that cannot be known.
    pub(crate) fn missing(&self) -> Option<usize> {
        let Some(Reach::Processes(processes)) = self.reach else { return None };
        // A process that has not said how many members it has, has one at least.
        let silent = processes.saturating_sub(self.processes);
        Some(self.members.saturating_sub(self.answers.len()).saturating_add(silent))
    }
}

impl Ask {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the question went.
    pub(crate) fn reached(&self, reach: Reach) {
        self.heard().reach = Some(reach);
        self.arrived.notify_one();
    }

    /// Waits until all who were asked have answered: for ever, when that cannot be known.
    pub(crate) async fn complete(&self) {
        while self.heard().missing() != Some(0) {
            // An arrival in between has left its permit.
            self.arrived.notified().await;
        }
    }

    /// Waits for the first answer, which is the only one when one channel was asked.
    pub(crate) async fn first(&self) -> Said {
        loop {
            if let Some((_, said)) = self.heard().answers.pop() {
                return said;
            }
            self.arrived.notified().await;
        }
    }

    /// Everything that has come in so far.
    pub(crate) fn take(&self) -> Heard {
        std::mem::take(&mut *self.heard())
    }

    fn members(&self, count: usize) {
        let mut heard = self.heard();
        heard.processes += 1;
        heard.members = heard.members.saturating_add(count);
        drop(heard);
        self.arrived.notify_one();
    }

    fn answer(&self, from: ChannelName, said: Said) {
        self.heard().answers.push((from, said));
        self.arrived.notify_one();
    }
}

/// How many members a process has asked, on its way to another process.
const MEMBERS: &str = "ask.members";

/// What a member says, on its way to another process: with `ok`, `error`, `unreadable` and why, or `none` and why.
const ANSWER: &str = "ask.answer";

fn answer_to_value(from: &ChannelName, said: Said) -> Value {
    // A value that nests too deep for whoever reads it cannot travel, and that is told.
    let said =
        said.and_then(|value| serde_json::to_value(value).map_err(|error| NoAnswer::Unreadable(error.to_string())));
    match said {
        Ok(value) => json!({"type": ANSWER, "from": from.as_str(), "ok": value}),
        Err(NoAnswer::Error(error)) => json!({"type": ANSWER, "from": from.as_str(), "error": error}),
        Err(NoAnswer::Unreadable(why)) => json!({"type": ANSWER, "from": from.as_str(), "unreadable": why}),
        Err(NoAnswer::Unhandled) => json!({"type": ANSWER, "from": from.as_str(), "none": "unhandled"}),
        Err(_) => json!({"type": ANSWER, "from": from.as_str(), "none": "gone"}),
    }
}

/// The answer in a message of another process, which may be of another version; `None` when it is none.
fn answer_from_value(value: &Value) -> Option<(ChannelName, Said)> {
    let from = ChannelName::new(value.get("from")?.as_str()?).ok()?;
    if let Some(why) = value.get("unreadable").and_then(Value::as_str) {
        return Some((from, Err(NoAnswer::Unreadable(why.to_owned()))));
    }
    let said = match (value.get("ok"), value.get("error")) {
        (Some(ok), _) => Ok(serde_json::value::to_raw_value(ok).ok()?),
        (None, Some(error)) => Err(NoAnswer::Error(Answer::deserialize(error).ok()?)),
        (None, None) if value.get("none")?.as_str() == Some("unhandled") => Err(NoAnswer::Unhandled),
        (None, None) => Err(NoAnswer::Gone),
    };
    Some((from, said))
}

impl Asks {
    pub(crate) fn set_layer(&self, layer: &Arc<dyn ChannelLayer>) {
        // Channels are built once.
        let _ = self.layer.set(Arc::downgrade(layer));
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<ChannelName, Arc<Ask>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting().len()
    }

    fn find(&self, to: &ChannelName) -> Option<Arc<Ask>> {
        self.waiting().get(to).cloned()
    }

    /// Begins to wait at `name`, until the guard is dropped.
    pub(crate) fn open(self: &Arc<Self>, name: ChannelName) -> Asking {
        let ask = Arc::<Ask>::default();
        self.waiting().insert(name.clone(), Arc::clone(&ask));
        Asking { asks: Arc::clone(self), name, ask }
    }

    /// Takes a message of another process; false when nobody waits for it.
    pub(super) fn deliver(&self, to: &ChannelName, message: &Message) -> bool {
        let Some(ask) = self.find(to) else { return false };
        let value = message.to_value().unwrap_or_default();
        match (value.get("count").and_then(Value::as_u64), answer_from_value(&value)) {
            (_, Some((from, said))) => ask.answer(from, said),
            (Some(count), None) => ask.members(usize::try_from(count).unwrap_or(usize::MAX)),
            (None, None) => tracing::warn!(message = message.name(), "this is no answer; dropped"),
        }
        true
    }

    /// Tells who asked how many members this process has asked.
    pub(super) fn members(&self, to: &ChannelName, count: usize) {
        match self.find(to) {
            Some(ask) => ask.members(count),
            None => self.send(to, json!({"type": MEMBERS, "count": count})),
        }
    }

    fn answer(&self, to: &ChannelName, from: ChannelName, said: Said) {
        match self.find(to) {
            Some(ask) => ask.answer(from, said),
            None => self.send(to, answer_to_value(&from, said)),
        }
    }

    /// An answer that cannot be sent is one that does not come: the deadline of who asks tells it.
    ///
    /// By a task of its own: debts are settled while a group or a connection is locked, and a layer may come back to both.
    fn send(&self, to: &ChannelName, value: Value) {
        let Some(layer) = self.layer.get().and_then(Weak::upgrade) else { return };
        let (Ok(message), Ok(runtime)) = (Message::from_value(value), Handle::try_current()) else { return };
        let to = to.clone();
        runtime.spawn(async move {
            if let Err(error) = layer.send(to, message).await {
                tracing::warn!(%error, "an answer could not be sent");
            }
        });
    }
}

/// One who asks; once it is gone, answers that come too late are dropped.
#[derive(Debug)]
pub(crate) struct Asking {
    asks: Arc<Asks>,
    name: ChannelName,
    ask: Arc<Ask>,
}

impl Asking {
    /// Where answers are sent to.
    pub(crate) fn name(&self) -> &ChannelName {
        &self.name
    }

    pub(crate) fn ask(&self) -> &Ask {
        &self.ask
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.asks.waiting().remove(&self.name);
    }
}

/// The answer that one member owes. Dropped without one, it says that none will come.
pub(crate) struct Owed(Box<Debt>);

struct Debt {
    /// Until it is settled.
    asks: Option<Arc<Asks>>,
    to: ChannelName,
    from: ChannelName,
}

impl fmt::Debug for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Owed").field(&self.0.to).finish()
    }
}

impl Owed {
    pub(super) fn new(asks: &Arc<Asks>, to: &ChannelName, from: &ChannelName) -> Self {
        Self(Box::new(Debt { asks: Some(Arc::clone(asks)), to: to.clone(), from: from.clone() }))
    }

    pub(crate) fn pay(mut self, said: Said) {
        self.settle(said);
    }

    fn settle(&mut self, said: Said) {
        let Debt { asks, to, from } = &mut *self.0;
        if let Some(asks) = asks.take() {
            asks.answer(to, from.clone(), said);
        }
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.settle(Err(NoAnswer::Gone));
    }
}
