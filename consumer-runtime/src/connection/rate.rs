//! A token bucket: how many frames and bytes a client may still send.

use tokio::time::Instant;

use crate::settings::{Rate, Settings};

/// Tokens, refilled by the time that has passed. Single precision is enough for them, and there is one for each connection.
#[derive(Debug)]
pub(super) struct Bucket {
    frames: f32,
    /// Below nothing when the last frame was longer than what was left: no frame is too long for it, but the next one
    /// waits.
    bytes: f32,
    since: Instant,
}

/// The limit that a client has gone beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    Frames,
    Bytes,
}

impl Beyond {
    /// The setting, and what the client is told.
    pub(super) fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Frames => ("rate", "too many frames"),
            Self::Bytes => ("byte_rate", "too many bytes"),
        }
    }
}

fn burst(rate: Option<Rate>) -> f32 {
    rate.map_or(f32::INFINITY, |rate| rate.burst as f32)
}

fn refill(tokens: f32, rate: Option<Rate>, seconds: f32) -> f32 {
    rate.map_or(tokens, |rate| (tokens + seconds * rate.per_second as f32).min(rate.burst as f32))
}

impl Bucket {
    /// A full bucket, if there are limits; these are the settings'.
    pub(super) fn new(settings: &Settings) -> Option<Self> {
        let limited = settings.rate.is_some() || settings.byte_rate.is_some();
        limited.then(|| Self { frames: burst(settings.rate), bytes: burst(settings.byte_rate), since: Instant::now() })
    }

    /// Takes the tokens of one frame.
    pub(super) fn take(&mut self, settings: &Settings, bytes: usize) -> Result<(), Beyond> {
        if self.frames < 1.0 || self.bytes <= 0.0 {
            let now = Instant::now();
            let seconds = now.duration_since(self.since).as_secs_f32();
            self.frames = refill(self.frames, settings.rate, seconds);
            self.bytes = refill(self.bytes, settings.byte_rate, seconds);
            self.since = now;
        }
        if self.frames < 1.0 {
            return Err(Beyond::Frames);
        }
        if self.bytes <= 0.0 {
            return Err(Beyond::Bytes);
        }
        self.frames -= 1.0;
        self.bytes -= bytes as f32;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(bucket: &mut Bucket, settings: &Settings, bytes: usize) -> (usize, Option<Beyond>) {
        for taken in 0..10 {
            if let Err(beyond) = bucket.take(settings, bytes) {
                return (taken, Some(beyond));
            }
        }
        (10, None)
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_and_then_the_rate() {
        let settings =
            Settings { rate: Some(Rate { per_second: 10, burst: 3 }), byte_rate: None, ..Settings::default() };
        let mut bucket = Bucket::new(&settings).unwrap();
        assert_eq!(taken(&mut bucket, &settings, 1 << 30), (3, Some(Beyond::Frames)));
        tokio::time::advance(Duration::from_millis(200)).await;
        assert_eq!(taken(&mut bucket, &settings, 0), (2, Some(Beyond::Frames)));
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(taken(&mut bucket, &settings, 0), (3, Some(Beyond::Frames)), "never more than the burst");
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_are_counted_too_and_a_long_frame_is_paid_later() {
        let byte_rate = Some(Rate { per_second: 1000, burst: 2000 });
        let settings = Settings { rate: None, byte_rate, ..Settings::default() };
        let mut bucket = Bucket::new(&settings).unwrap();
        assert_eq!(taken(&mut bucket, &settings, 500), (4, Some(Beyond::Bytes)));
        tokio::time::advance(Duration::from_millis(100)).await;
        assert_eq!(taken(&mut bucket, &settings, 5000), (1, Some(Beyond::Bytes)), "100 are there, so 4900 are owed");
        tokio::time::advance(Duration::from_millis(4800)).await;
        assert_eq!(taken(&mut bucket, &settings, 1), (0, Some(Beyond::Bytes)));
        tokio::time::advance(Duration::from_millis(200)).await;
        assert_eq!(bucket.take(&settings, 1), Ok(()));
    }

    #[test]
    fn without_limits_there_is_no_bucket() {
        assert!(Bucket::new(&Settings::unlimited()).is_none());
    }
}
