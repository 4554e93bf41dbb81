//! Workers of every shape: with and without `self`, generic, acknowledged, with answers, and with nothing to do.

#![deny(warnings)]

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use consumer_runtime::{Retry, prelude::*, worker};

#[event("thumbnails.generate")]
#[derive(Clone)]
struct Generate {
    picture: String,
}

#[event("thumbnails.count", answer = usize)]
struct Count;

#[group("pictures", events(Generate))]
struct Pictures;

#[consumer(channel = "thumbnails-generate", acknowledged)]
struct Thumbnails {
    made: AtomicUsize,
}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: Generate, context: &mut WorkerContext<Self>) -> Result {
        self.made.fetch_add(1, Ordering::Relaxed);
        Pictures.send(context.channels(), job).await
    }

    #[event("thumbnails.count")]
    async fn count(self: &Self, _: &Count) -> usize {
        self.made.load(Ordering::Relaxed)
    }
}

#[consumer(channel = "Mails_2.fast")]
struct Mails<T: Clone>(T);

#[consumer(worker)]
impl<T: Clone + Send + Sync> Mails<T> {
    #[event("thumbnails.generate")]
    async fn generate(_: &Generate) {}

    #[cfg(any())]
    #[event("thumbnails.count")]
    async fn count(&self, _: &Count) -> usize {
        0
    }
}

#[consumer(channel = "nothing")]
struct Nothing;

#[consumer(worker)]
impl Nothing {}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let channels = Channels::memory();
        Mails::<u8>::send(&channels, Generate { picture: "a".into() }).await.unwrap();
        let workers = worker(channels.clone())
            .consumer(Thumbnails { made: AtomicUsize::new(0) })
            .retry(Retry::attempts(3))
            .consumer(Mails(1_u8))
            .consumer(Nothing);
        let asking = async {
            let within = Duration::from_secs(20);
            Thumbnails::send(&channels, Generate { picture: "b".into() }).await.unwrap();
            while Thumbnails::ask(&channels, Count, within).await != Ok(1) {}
        };
        assert!(workers.run_until(asking).await.unwrap().is_clean());
        assert_eq!(<Mails<u8> as Worker>::DECLARATION.channel, "Mails_2.fast");
    });
}
