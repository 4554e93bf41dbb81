//! Listens to one Redis server for as long as the layer lives, however often the server goes away.

use std::{sync::Weak, time::Duration};

use futures_util::{FutureExt, StreamExt};
use redis::aio::{PubSubSink, PubSubStream};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::{
    failure::Failure,
    host::{Change, Done, Host},
};
use crate::{channels::Absence, layer::backoff::Backoff};

/// What a listener tells.
pub(super) trait Hear: Send + Sync + 'static {
    /// A message was published.
    fn hear(&self, name: &str, body: &[u8]) -> impl Future<Output = ()> + Send;

    /// The server is away, for as long as what this gives is held.
    fn away(&self, lost_since: Instant) -> Option<Absence>;

    /// The server is there again; what was published since then is lost.
    fn restored(&self, lost_since: Instant);
}

/// Listens, and gives what goes on listening until nobody holds the host any more.
///
/// A server that says nothing for `patience` is asked whether it is there, and has as long again to answer.
///
/// # Errors
/// What the server says when it cannot be listened to now.
pub(super) async fn listen<H: Hear>(
    host: Weak<Host>,
    pattern: String,
    hear: H,
    changes: mpsc::UnboundedReceiver<Change>,
    patience: Duration,
) -> Result<impl Future<Output = ()> + Send, String> {
    let held = host.upgrade().ok_or("the layer is over")?;
    let first = open(&held, &pattern, patience).await?;
    drop(held);
    Ok(go_on(host, pattern, hear, changes, patience, first))
}

async fn go_on<H: Hear>(
    host: Weak<Host>,
    pattern: String,
    hear: H,
    mut changes: mpsc::UnboundedReceiver<Change>,
    patience: Duration,
    (mut sink, mut stream): (PubSubSink, PubSubStream),
) {
    let mut backoff = Backoff::default();
    loop {
        let opened = Instant::now();
        match stay(&mut sink, &mut stream, &mut changes, &hear, patience).await {
            Over::Closed => return,
            Over::Lost(lost_since, asked) => {
                tracing::warn!("the connection to Redis is lost; what is published until it is back is lost too");
                backoff.lasted(opened.elapsed());
                // What has come before that is not lost.
                while let Some(Some(message)) = stream.next().now_or_never() {
                    hear.hear(message.get_channel_name(), message.get_payload_bytes()).await;
                }
                let absence = hear.away(lost_since);
                let again = open_again(&host, &pattern, patience, &mut backoff, absence.as_ref()).await;
                let Some(again) = again else { return };
                (sink, stream) = again;
                // With all else that is wanted.
                asked.map(|done| done.send(Ok(())));
                drop(absence);
                hear.restored(lost_since);
            }
        }
    }
}

/// Tries until the server is there again; nothing when nobody is left to listen for.
async fn open_again(
    host: &Weak<Host>,
    pattern: &str,
    patience: Duration,
    backoff: &mut Backoff,
    absence: Option<&Absence>,
) -> Option<(PubSubSink, PubSubStream)> {
    loop {
        backoff.wait().await;
        let held = host.upgrade()?;
        match open(&held, pattern, patience).await {
            Ok(opened) => return Some(opened),
            Err(reason) => {
                tracing::warn!(%reason, "Redis cannot be listened to; trying again");
                absence.inspect(|absence| absence.say(format!("Redis cannot be listened to: {reason}")));
            }
        }
    }
}

/// A connection that is subscribed to all that is wanted.
async fn open(host: &Host, pattern: &str, patience: Duration) -> Result<(PubSubSink, PubSubStream), String> {
    let (mut sink, stream) = host.server.listen().await.map_err(|error| error.to_string())?;
    let subscribed = async {
        sink.psubscribe(pattern).await?;
        let wanted = host.all_wanted();
        if wanted.is_empty() { Ok(()) } else { sink.subscribe(wanted).await }
    };
    match timeout(patience, subscribed).await {
        Ok(Ok(())) => Ok((sink, stream)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {patience:?}")),
    }
}

enum Over {
    Closed,
    /// When something was last heard, and who waits for a change that was under way.
    Lost(Instant, Option<Done>),
}

async fn stay<H: Hear>(
    sink: &mut PubSubSink,
    stream: &mut PubSubStream,
    changes: &mut mpsc::UnboundedReceiver<Change>,
    hear: &H,
    patience: Duration,
) -> Over {
    // An interval of nothing would panic.
    let mut ask = interval(patience.max(Duration::from_millis(1)));
    ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ask.reset();
    let mut last_heard = Instant::now();
    loop {
        tokio::select! {
            message = stream.next() => {
                let Some(message) = message else { return Over::Lost(last_heard, None) };
                last_heard = Instant::now();
                hear.hear(message.get_channel_name(), message.get_payload_bytes()).await;
            }
            change = changes.recv() => {
                let Some(Change { name, wanted, done }) = change else { return Over::Closed };
                let asked = async { if wanted { sink.subscribe(&name).await } else { sink.unsubscribe(&name).await } };
                match timeout(patience, asked).await {
                    // Whoever does not wait any more has what was wanted all the same.
                    Ok(Ok(())) => drop(done.send(Ok(()))),
                    Ok(Err(error)) => match Failure::Redis(error) {
                        refused if refused.refusal().is_some() => drop(done.send(Err(refused))),
                        _ => return Over::Lost(last_heard, Some(done)),
                    },
                    Err(_) => return Over::Lost(last_heard, Some(done)),
                }
            }
            _ = ask.tick() => match timeout(patience, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => last_heard = Instant::now(),
                Ok(Err(_)) | Err(_) => return Over::Lost(last_heard, None),
            }
        }
    }
}
