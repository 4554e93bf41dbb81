//! Which of the layer's servers are away, as the layer itself says.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Local;

/// How many characters of a reason are kept.
const MAX_WORDS: usize = 300;

/// What is away. Few at a time, one for each server at most, so a list.
#[derive(Debug, Default)]
pub(super) struct Absences(Mutex<Vec<Known>>);

#[derive(Debug)]
struct Known {
    /// Tells the absences of one process apart.
    number: u64,
    reason: String,
    since: Instant,
}

impl Absences {
    fn list(&self) -> MutexGuard<'_, Vec<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server of the layer is away for as long as this is held.
///
/// Made by [`Local::away`]; the layer drops it when the server is back, or when it looks for that server no more.
#[derive(Debug)]
#[must_use = "the server is back as soon as this is dropped"]
pub struct Absence {
    absences: Arc<Absences>,
    number: u64,
}

impl Absence {
    /// Says anew why the server is away; since when stays.
    pub fn say(&self, reason: impl Into<String>) {
        let mut list = self.absences.list();
        if let Some(known) = list.iter_mut().find(|known| known.number == self.number) {
            known.reason = shorten(reason.into());
        }
    }
}

impl Drop for Absence {
    fn drop(&mut self) {
        self.absences.list().retain(|known| known.number != self.number);
    }
}

/// Why a server is away, and for how long it has been.
#[derive(Clone, Debug)]
pub(crate) struct Away {
    pub(crate) reason: String,
    pub(crate) lasting: Duration,
}

impl Local {
    /// A server of the layer is away since then; to be called when the layer notices.
    ///
    /// As long as what this returns is held, [`health`](crate::health())'s `/readyz` answers 503 and tells the reason, of
    /// which 300 characters are kept: it must hold no password and no key. [`restored`](Self::restored) is called beside
    /// it, when the process is a member of its groups again.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use consumer_runtime::Local;
    /// use tokio::time::Instant;
    ///
    /// /// What a layer does when its server hangs up.
    /// async fn come_back(local: &Arc<Local>, connect: impl AsyncFn() -> Result<(), String>) {
    ///     let lost_since = Instant::now();
    ///     let absence = local.away("the server hung up", lost_since);
    ///     while let Err(reason) = connect().await {
    ///         absence.say(reason);
    ///     }
    ///     drop(absence);
    ///     local.restored(lost_since);
    /// }
    /// ```
    pub fn away(&self, reason: impl Into<String>, since: Instant) -> Absence {
        let mut list = self.absences.list();
        let number = list.last().map_or(0, |last| last.number + 1);
        list.push(Known { number, reason: shorten(reason.into()), since });
        Absence { absences: Arc::clone(&self.absences), number }
    }

    /// What is away now, the longest first.
    pub(crate) fn all_away(&self) -> Vec<Away> {
        let list = self.absences.list();
        let mut away: Vec<_> =
            list.iter().map(|known| Away { reason: known.reason.clone(), lasting: known.since.elapsed() }).collect();
        away.sort_by_key(|away| std::cmp::Reverse(away.lasting));
        away
    }
}

fn shorten(mut reason: String) -> String {
    if let Some((end, _)) = reason.char_indices().nth(MAX_WORDS) {
        reason.truncate(end);
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn servers_are_away_each_for_itself() {
        let local = Local::new(Local::random_prefix(), 1, Duration::ZERO);
        let first = local.away("the first", Instant::now());
        tokio::time::advance(Duration::from_secs(3)).await;
        let second = local.away("é".repeat(400), Instant::now());
        first.say("the first, still");
        let all = local.all_away();
        assert_eq!((all[0].reason.as_str(), all[0].lasting), ("the first, still", Duration::from_secs(3)));
        assert_eq!(all[1].reason.chars().count(), MAX_WORDS);
        drop(first);
        let third = local.away("the third", Instant::now());
        drop(second);
        assert_eq!(local.all_away().len(), 1, "the third alone");
        drop(third);
        assert!(local.all_away().is_empty());
    }
}
