//! Taking what waits on a channel, and what others have left behind.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

use super::{GROUP, millis, scripts};
use crate::{
    layer::{
        Job, LayerError,
        redis::{core::Shared, script::Argument},
    },
    names::ChannelName,
};

/// How long a take waits at the server.
const BLOCK: Duration = Duration::from_secs(1);

/// How often a taker looks for what others have left behind, and for what is due.
const LOOK: Duration = Duration::from_millis(500);

/// After how long a consumer that says nothing and holds nothing is one that was killed.
const KILLED: Duration = Duration::from_secs(3600);

/// What was taken, as Redis lists it: the stream, and of each entry its id and its fields.
type Read = Option<Vec<(String, Vec<(String, Vec<Vec<u8>>)>)>>;

/// What was claimed: of each entry its id, how often it was taken, and its fields; and when the next one is due.
type Claimed = (Vec<(String, u32, Vec<Vec<u8>>)>, i64);

/// One taker's own state.
#[derive(Default)]
pub(super) struct Taking {
    /// A connection of its own, since what blocks on one holds up all else there.
    connection: Option<MultiplexedConnection>,
    /// When it looks again for what others have left behind.
    look: Option<Instant>,
}

impl Taking {
    pub(super) async fn take(
        &mut self,
        shared: &Shared,
        channel: &ChannelName,
        taker: &str,
        most: usize,
        lease: Duration,
    ) -> Result<Vec<Job>, LayerError> {
        let server = shared.server(channel.as_str());
        if self.look.is_none() {
            shared.run::<()>(&scripts::SWEEP, channel, &[millis(KILLED)]).await?;
        }
        if self.look.is_none_or(|look| look <= Instant::now()) {
            let lease = millis(lease.max(Duration::from_millis(1)));
            let arguments = [Argument::Bytes(taker.as_bytes()), lease, Argument::Number(most.max(1) as u64)];
            let (claimed, due): Claimed = shared.run(&scripts::CLAIM, channel, &arguments).await?;
            let due = u64::try_from(due).map_or(LOOK, Duration::from_millis);
            self.look = Some(Instant::now() + due.min(LOOK));
            if !claimed.is_empty() {
                let jobs = claimed.into_iter().map(|(ticket, count, fields)| shared.work.job(ticket, count, fields));
                return Ok(jobs.collect());
            }
        }
        let blocks = self.look.map_or(BLOCK, |look| look.saturating_duration_since(Instant::now())).min(BLOCK);
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(GROUP).arg(taker).arg("COUNT").arg(most.max(1));
        // Zero would be for ever.
        read.arg("BLOCK").arg(u64::try_from(blocks.as_millis()).unwrap_or(1).max(1));
        read.arg("STREAMS").arg(shared.keys.work(channel)).arg(">");
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => server.another().await?,
        };
        let read: Result<Read, _> = server.wait(&mut connection, &read, blocks).await;
        match read {
            Ok(read) => {
                self.connection = Some(connection);
                let entries = read.unwrap_or_default().into_iter().flat_map(|(_, entries)| entries);
                Ok(entries.map(|(ticket, fields)| shared.work.job(ticket, 1, fields)).collect())
            }
            Err(error) => {
                // A server that begins anew has no group; the next look makes one.
                self.look = Some(Instant::now());
                Err(error)
            }
        }
    }
}
