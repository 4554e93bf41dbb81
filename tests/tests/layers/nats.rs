//! The layer over NATS.

mod faults;
mod lines;
mod settings;
mod sharing;

use consumer_runtime::{Channels, NatsLayer, NatsOptions};

/// The channels of one more process.
async fn process(options: &NatsOptions) -> Channels {
    Channels::builder().layer(NatsLayer::connect(options).await.expect("the server answers")).build()
}
