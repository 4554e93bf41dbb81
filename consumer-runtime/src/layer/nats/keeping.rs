//! Keeps the layer connected for as long as it lives, however often the server goes away.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    link::Link,
    shared::{Now, Shared},
};
use crate::{channels::Absence, layer::backoff::Backoff};

/// Runs until it is dropped, or the layer is drained.
pub(super) async fn keep(shared: &Shared, first: Link) {
    let mut opened = Ok(first);
    let (mut backoff, mut lost_since, mut absence) = (Backoff::default(), None, None::<Absence>);
    loop {
        let reason = match opened {
            Ok(link) => {
                let link = Arc::new(link);
                let reason = match take_up(shared, &link).await {
                    Ok(()) => {
                        backoff = Backoff::default();
                        absence = None;
                        if let Some(since) = lost_since.take()
                            && let Some(local) = shared.arrivals.local()
                        {
                            local.restored(since);
                        }
                        link.lost(shared.ping_interval).await
                    }
                    Err(reason) => reason,
                };
                lost_since.get_or_insert(link.last_heard());
                set(shared, Now::Away(reason.clone()));
                link.close().await;
                reason
            }
            Err(reason) => reason,
        };
        if matches!(*shared.link.borrow(), Now::Drained) {
            return;
        }
        tracing::warn!(%reason, "NATS is away; what others send until it is back is lost");
        match &absence {
            Some(absence) => absence.say(away(&reason)),
            None => {
                let since = *lost_since.get_or_insert_with(Instant::now);
                absence = shared.arrivals.local().map(|local| local.away(away(&reason), since));
            }
        }
        backoff.wait().await;
        opened = shared.open().await.map_err(|error| error.to_string());
    }
}

fn away(reason: &str) -> String {
    format!("NATS is away: {reason}")
}

/// Subscribes to everything that is wanted, and lets everybody use the connection.
async fn take_up(shared: &Shared, link: &Arc<Link>) -> Result<(), String> {
    for subject in shared.all_wanted() {
        shared.settle(link, &subject).await?;
    }
    link.confirm().await?;
    set(shared, Now::Up(Arc::clone(link)));
    // What was wanted until a moment ago, and nobody knew whom to tell.
    for subject in link.subjects().await {
        shared.settle(link, &subject).await?;
    }
    Ok(())
}

/// Whoever drains the layer has the last word.
fn set(shared: &Shared, now: Now) {
    shared.link.send_if_modified(|before| {
        let goes_on = !matches!(before, Now::Drained);
        if goes_on {
            *before = now;
        }
        goes_on
    });
}
