//! Processes that have crashed: each says that it runs, and who sends looks whether the others still do.
//!
//! A process that runs has a key beside its queue that expires unless it is said again. The script that puts messages into
//! queues looks for it there, so a send makes no step more, and tells whose is missing; only then are its entries removed
//! from the group. Whoever joins a group looks as well, by and by, for processes that Django alone sends to.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::OnceCell,
    time::{Instant, timeout},
};

use super::{Shared, members::is_process, stamp::Stamp};
use crate::{
    layer::{
        LayerError,
        redis::{
            script::{Argument, Script},
            wire::CoreKeys,
        },
    },
    names::{ChannelName, GroupName},
};

/// How many of the oldest members of a group are looked at by who joins; those of a crashed process are among them.
pub(super) const OLDEST: isize = 100;

/// Removes members from a group, but none that has said meanwhile that it is one.
///
/// `KEYS`: the group. `ARGV`: a score, then the members.
static SWEEP: Script = Script::new(
    "
for i = 2, #ARGV do
  local said = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if said and tonumber(said) < tonumber(ARGV[1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
end",
);

/// What is known of processes.
#[derive(Debug, Default)]
pub(super) struct Alive {
    /// Set when this one has said for the first time that it runs.
    said: OnceCell<()>,
    /// How often it says again what it is a member of: twice after it was not known to run, since whoever has seen that has
    /// removed it from groups, or is about to.
    again: AtomicU8,
    /// When another was last seen to run, by its queue.
    seen: Mutex<HashMap<String, Instant>>,
}

impl Alive {
    fn seen(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that this process runs, thrice in the time after which it is taken for crashed.
pub(super) async fn beat(shared: &Shared) {
    loop {
        let told = match shared.alive.said.initialized() {
            true => shared.say_alive().await,
            false => shared.alive.said.get_or_try_init(|| shared.say_alive()).await.map(drop),
        };
        // The fetch from the same server tells of it.
        if let Err(error) = told {
            tracing::debug!(%error, "Redis cannot be told that this process runs; trying again");
        }
        let again = shared.alive.again.load(Ordering::Acquire);
        if again > 0 {
            shared.alive.again.store(again - 1, Ordering::Release);
            for host in 0..shared.servers.len() {
                if let Err(error) = shared.return_to_groups(host).await {
                    tracing::debug!(%error, host, "groups cannot be told that this process is a member; trying again");
                    shared.alive.again.fetch_max(1, Ordering::AcqRel);
                }
            }
        }
        tokio::time::sleep(shared.member_timeout / 3).await;
    }
}

impl Shared {
    /// The queue of a member's process, and the server that it is on.
    fn queue_of(&self, member: &str) -> Option<(usize, String)> {
        let channel = ChannelName::new(member).ok()?;
        Some((self.ring.host(channel.process_part()), self.keys.messages(&channel)))
    }

    /// Says that this process runs.
    pub(super) async fn say_alive(&self) -> Result<(), LayerError> {
        let Some((host, queue)) = self.queue_of(&self.members.process()) else { return Ok(()) };
        let (key, millis) = (CoreKeys::alive(&queue), self.member_timeout.as_millis().max(3) as u64);
        let known: bool = self.servers[host].ask(redis::cmd("PEXPIRE").arg(&key).arg(millis)).await?;
        if !known {
            let mut set = redis::cmd("SET");
            self.servers[host].ask::<()>(set.arg(&key).arg(1).arg("PX").arg(millis)).await?;
            // The first time nobody can have missed it.
            if self.alive.said.initialized() {
                self.alive.again.store(2, Ordering::Release);
            }
        }
        Ok(())
    }

    /// True for the server that this process's queue is on, and what says that it runs.
    pub(super) fn is_own(&self, host: usize) -> bool {
        self.queue_of(&self.members.process()).is_some_and(|(own, _)| own == host)
    }

    /// Says it once, before this process is a member of anything.
    pub(super) async fn ensure_alive(&self) {
        // Many may wait for one that is told, and none of them longer than for anything else.
        let told = timeout(self.servers[0].patience(), self.alive.said.get_or_try_init(|| self.say_alive())).await;
        if !told.is_ok_and(|told| told.is_ok()) {
            // It is a member before others can see that it runs; once they can, it says so again.
            self.alive.again.store(2, Ordering::Release);
        }
    }

    /// Tells others at once that this process runs no more.
    pub(super) async fn say_over(&self) -> Result<(), LayerError> {
        let Some((host, queue)) = self.queue_of(&self.members.process()) else { return Ok(()) };
        self.servers[host].ask(redis::cmd("DEL").arg(CoreKeys::alive(&queue))).await
    }

    /// Removes members of crashed processes from a group, as they were known at a time.
    pub(super) async fn sweep(&self, group: &GroupName, members: &[String], known_at: Stamp) {
        let score = known_at.score();
        let mut arguments = vec![Argument::Bytes(score.as_bytes())];
        arguments.extend(members.iter().map(|member| Argument::Bytes(member.as_bytes())));
        match SWEEP.run::<()>(self.server(group.as_str()), &[self.keys.group(group)], &arguments).await {
            Ok(()) => tracing::info!(%group, ?members, "members of processes that run no more are removed"),
            Err(error) => {
                tracing::debug!(%error, %group, "a group cannot be rid of crashed processes; trying again later")
            }
        }
    }

    /// Looks, by and by, which of a group's members are those of processes that have crashed.
    pub(super) fn look_after(self: &Arc<Self>, group: &GroupName, mut members: Vec<String>, known_at: Stamp) {
        let own = self.members.process();
        members.retain(|member| is_process(member) && !member.starts_with(&own));
        if members.is_empty() {
            return;
        }
        let mut by_host: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        {
            let mut seen = self.alive.seen();
            seen.retain(|_, at| at.elapsed() < self.member_timeout);
            for member in members {
                if let Some((host, queue)) = self.queue_of(&member).filter(|(_, queue)| !seen.contains_key(queue)) {
                    by_host.entry(host).or_default().push((member, queue));
                }
            }
        }
        if by_host.is_empty() {
            return;
        }
        let (shared, group) = (Arc::clone(self), group.clone());
        tokio::spawn(async move {
            for (host, members) in by_host {
                let mut commands = redis::pipe();
                for (_, queue) in &members {
                    commands.cmd("EXISTS").arg(CoreKeys::alive(queue));
                }
                let Ok(alive) = shared.servers[host].ask_all::<Vec<bool>>(&commands).await else { continue };
                let mut gone = Vec::new();
                for ((member, queue), alive) in members.into_iter().zip(alive) {
                    if alive {
                        shared.alive.seen().insert(queue, Instant::now());
                    } else {
                        gone.push(member);
                    }
                }
                if !gone.is_empty() {
                    shared.sweep(&group, &gone, known_at).await;
                }
            }
        });
    }
}

/// The default of `member_timeout`.
pub(in crate::layer::redis) const MEMBER_TIMEOUT: Duration = Duration::from_secs(30);
