//! Listens to one Redis server for as long as the layer lives, however often the server goes away.

use std::{sync::Weak, time::Duration};

use futures_util::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::host::{Change, Host};
use crate::layer::backoff::Backoff;

/// What a listener tells.
pub(super) trait Hear: Send + Sync + 'static {
    /// A message was published.
    fn hear(&self, name: &str, body: &[u8]) -> impl Future<Output = ()> + Send;

    /// The server is there again; what was published since then is lost.
    fn restored(&self, lost_since: Instant);
}

/// Runs until nobody holds the host any more.
///
/// A server that says nothing for `patience` is asked whether it is there, and has as long again to answer.
pub(super) async fn listen<H: Hear>(
    host: Weak<Host>,
    pattern: String,
    hear: H,
    mut changes: mpsc::UnboundedReceiver<Change>,
    patience: Duration,
) {
    let mut backoff = Backoff::default();
    let mut lost_since = None;
    loop {
        // Nobody is left to listen for.
        let Some(held) = host.upgrade() else { return };
        let opened = open(&held, &pattern, patience).await;
        drop(held);
        match opened {
            Ok((mut sink, mut stream)) => {
                if let Some(since) = lost_since.take() {
                    hear.restored(since);
                }
                backoff = Backoff::default();
                match stay(&mut sink, &mut stream, &mut changes, &hear, patience).await {
                    Over::Closed => return,
                    Over::Lost(last_heard) => {
                        tracing::warn!(
                            "the connection to Redis is lost; what is published until it is back is lost too"
                        );
                        lost_since = Some(last_heard);
                    }
                }
            }
            Err(reason) => {
                tracing::warn!(%reason, "Redis cannot be listened to; trying again");
                lost_since.get_or_insert_with(Instant::now);
            }
        }
        backoff.wait().await;
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
    /// When something was last heard.
    Lost(Instant),
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
                let Some(message) = message else { return Over::Lost(last_heard) };
                last_heard = Instant::now();
                hear.hear(message.get_channel_name(), message.get_payload_bytes()).await;
            }
            change = changes.recv() => {
                let Some(Change { name, wanted, done }) = change else { return Over::Closed };
                let asked = async { if wanted { sink.subscribe(&name).await } else { sink.unsubscribe(&name).await } };
                match timeout(patience, asked).await {
                    // Whoever does not wait any more has what was wanted all the same.
                    Ok(Ok(())) => drop(done.send(())),
                    Ok(Err(_)) | Err(_) => return Over::Lost(last_heard),
                }
            }
            _ = ask.tick() => match timeout(patience, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => last_heard = Instant::now(),
                Ok(Err(_)) | Err(_) => return Over::Lost(last_heard),
            }
        }
    }
}
