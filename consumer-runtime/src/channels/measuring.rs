//! How long the channel layer takes.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::Channels;
use crate::error::{Error, Result};

/// How long a message may take; a layer that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(5);

impl Channels {
    /// How long a message takes through the channel layer and back to this process: the lag of what is sent now.
    ///
    /// It joins a group of its own, sends there, and waits until the message comes, as one to any other member would; over Redis
    /// and NATS it goes by the server. Joining is not part of the time. Meant for now and then, such as right before
    /// `publish_metrics`, which reports the last one as `consumer_layer_lag_seconds`.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let lag = consumer_runtime::Channels::memory().measure_layer().await?;
    /// assert!(lag.as_secs() < 5);
    /// # Ok::<(), consumer_runtime::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the layer is away, or takes longer than 5 seconds.
    pub async fn measure_layer(&self) -> Result<Duration> {
        let mut probe = self.untyped().new_channel();
        // A name that nobody else has, of the characters that a group's may hold.
        let group = format!("consumer.probe.{}", probe.name().as_str().replace('!', "."));
        let measuring = async {
            probe.group_add(&group).await?;
            let begun = Instant::now();
            self.untyped().group_send(&group, json!({"type": "consumer.probe"})).await?;
            probe.receive().await;
            let lag = begun.elapsed();
            probe.group_discard(&group).await?;
            Ok::<_, Error>(lag)
        };
        let measured = tokio::time::timeout(PATIENCE, measuring).await;
        let late = |_| Error::msg(format!("a message through the channel layer takes longer than {PATIENCE:?}"));
        let lag = measured.map_err(late)??;
        self.local().meters().lag(lag);
        Ok(lag)
    }
}
