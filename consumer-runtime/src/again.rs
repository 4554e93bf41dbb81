//! When a client that is sent away may come back: a random while, the longer the more are sent away at once.

use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::close::{Cause, Disconnect};

/// So many clients are told to come back within one second.
const A_SECOND: f32 = 1000.0;

/// Nobody is told to stay away for longer, in seconds.
const LONGEST: f32 = 30.0;

/// The least that who is closed on waits, in seconds: a new process needs a moment before it listens.
const LEAST: f32 = 0.5;

/// How many clients were sent away lately.
#[derive(Debug, Default)]
pub(crate) struct Storm(Mutex<Lately>);

#[derive(Debug, Default)]
struct Lately {
    /// When the second that is being counted began.
    since: Option<Instant>,
    now: usize,
    /// In the second before it.
    before: usize,
}

impl Storm {
    /// One more is sent away; how many that makes in a second.
    fn one_more(&self) -> usize {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let age = lately.since.map(|since| now.duration_since(since));
        if age.is_none_or(|age| age >= Duration::from_secs(1)) {
            // What was counted before a pause says nothing of now.
            lately.before = if age.is_some_and(|age| age < Duration::from_secs(2)) { lately.now } else { 0 };
            lately.now = 0;
            lately.since = Some(now);
        }
        lately.now += 1;
        lately.now.max(lately.before)
    }

    /// A 503 that says when to come back.
    pub(crate) fn busy(&self, text: &'static str) -> Response {
        // Whole seconds are all that the header can say.
        let seconds = any(1.0..2.0 + spread(self.one_more())).floor();
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, format!("{seconds:.0}"))], text).into_response()
    }
}

/// How one of `count` connections that are closed since the server restarts is told so, and when to come back.
pub(crate) fn restarting(count: usize) -> Disconnect {
    let seconds = any(LEAST..LEAST + spread(count));
    Disconnect::new(1012, format!("the server restarts; retry-after={seconds:.1}"), Cause::Shutdown)
}

/// Over how many seconds so many clients come back.
fn spread(count: usize) -> f32 {
    (count as f32 / A_SECOND).clamp(1.0, LONGEST)
}

/// Any number of a range.
fn any(range: Range<f32>) -> f32 {
    // The upper 24 bits are as many as the number holds, and all of them are random.
    let (random, _) = Uuid::new_v4().as_u64_pair();
    let part = (random >> 40) as f32 / (1u64 << 24) as f32;
    range.start + part * (range.end - range.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(response: &Response) -> u32 {
        response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_range_grows_with_the_storm_and_shrinks_after_it() {
        let storm = Storm::default();
        let longest = |count| (0..count).map(|_| seconds(&storm.busy(""))).max().unwrap();
        assert!((1..=2).contains(&longest(100)), "a calm server");
        assert!(longest(10_000) > 5, "ten thousand do not come back within two seconds");
        tokio::time::advance(Duration::from_secs(5)).await;
        assert!((1..=2).contains(&longest(100)), "the storm is over");
    }

    #[test]
    fn hints_are_spread_and_bounded() {
        let hints = |count: usize| {
            let hints = (0..1000).map(|_| {
                let reason = restarting(count).reason().to_owned();
                reason.strip_prefix("the server restarts; retry-after=").unwrap().parse::<f32>().unwrap()
            });
            hints.fold((f32::MAX, f32::MIN), |(least, most), hint| (least.min(hint), most.max(hint)))
        };
        let (least, most) = hints(1);
        assert!((0.5..0.7).contains(&least) && (1.3..=1.5).contains(&most), "{least} to {most}");
        let (least, most) = hints(5_000);
        assert!((0.5..1.5).contains(&least) && (4.5..=5.5).contains(&most), "{least} to {most}");
        assert!(hints(1_000_000).1 <= 30.5);
    }
}
