//! Django's processes as workers, and as those who send.

use std::process::Stdio;

use consumer_runtime::worker;
use serde_json::{Value, json};
use tests::python::{Django, Runworker, pythons};
use tokio::process::Command;

use super::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[event("thumbnails.made")]
struct Made {
    picture: String,
    name: String,
}

/// What Django's worker is, too.
#[consumer(channel = "thumbnails-generate")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(job: &Generate, context: &mut WorkerContext<Self>) -> Result {
        let name = format!("little-{}", job.picture);
        Results::send(context.channels(), Made { picture: job.picture.clone(), name }).await
    }
}

#[consumer(channel = "thumbnails-made")]
struct Results {
    made: Arc<Mutex<Vec<(String, String)>>>,
}

#[consumer(worker)]
impl Results {
    #[event("thumbnails.made")]
    async fn made(&self, made: &Made) {
        self.made.lock().unwrap().push((made.picture.clone(), made.name.clone()));
    }
}

/// The same settings, as `CHANNEL_LAYERS` has them.
fn config(options: &RedisOptions) -> Value {
    let mut config = serde_json::to_value(options).unwrap();
    let fields = config.as_object_mut().unwrap();
    for ours in ["timeout", "work_capacity"] {
        fields.remove(ours);
    }
    config
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn our_sends_are_handled_by_runworker_and_its_sends_by_ours_with_django() {
    for python in pythons() {
        for secrets in [&[][..], &["new", "old"]] {
            let servers = [RedisServer::new().await];
            let mut options = options(&servers);
            options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
            let channels = process(&options).await;
            let _django = Runworker::new(&python, "core.RedisChannelLayer", config(&options), "thumbnails-generate");
            let made = Arc::<Mutex<Vec<_>>>::default();
            let running = Running::new(worker(channels.clone()).consumer(Results { made: Arc::clone(&made) }));
            for number in 0..20 {
                Thumbnails::send(&channels, Generate { picture: format!("{number}.jpg") }).await.unwrap();
            }
            eventually("Django has made all", || made.lock().unwrap().len() == 20).await;
            assert!(running.stop().await.is_clean());
            let mut made = made.lock().unwrap().clone();
            made.sort_by_key(|(picture, _)| picture.trim_end_matches(".jpg").parse::<usize>().unwrap());
            let expected = |number: usize| (format!("{number}.jpg"), format!("small-{number}.jpg"));
            assert_eq!(made, (0..20).map(expected).collect::<Vec<_>>(), "each once");
        }
    }
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn what_django_sends_is_handled_by_our_workers_with_django() {
    for python in pythons() {
        let servers = [RedisServer::new().await, RedisServer::new().await];
        let options = options(&servers);
        let (here, there) = (process(&options).await, process(&options).await);
        let made = Arc::<Mutex<Vec<_>>>::default();
        let running = [
            Running::new(worker(here.clone()).consumer(Thumbnails {}).consumer(Results { made: Arc::clone(&made) })),
            Running::new(worker(there).consumer(Thumbnails {})),
        ];
        let mut django = Django::new(&python, "core.RedisChannelLayer", config(&options)).await;
        for number in 0..20 {
            let message = json!({"type": "thumbnails.generate", "picture": format!("{number}.jpg")});
            django.call("send", json!(["thumbnails-generate", message])).await;
        }
        eventually("all are made", || made.lock().unwrap().len() == 20).await;
        for running in running {
            assert!(running.stop().await.is_clean());
        }
        assert!(made.lock().unwrap().iter().all(|(picture, name)| *name == format!("little-{picture}")));
    }
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn python_puts_work_into_an_acknowledged_channel_with_django() {
    let servers = [RedisServer::new().await];
    let channels = process(&options(&servers)).await;
    let desk = Desk::default();
    let running = Running::new(worker(channels).consumer(Safe { desk: desk.clone() }));
    let jobs =
        [json!({"type": "job.do", "number": 1, "how": "Well"}), json!({"type": "job.do", "number": 2, "how": "Well"})];
    let enqueued = Command::new(&pythons()[0])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/enqueue.py"))
        .args([servers[0].url(), "safe-jobs".into()])
        .args(jobs.map(|job| job.to_string()))
        .stdin(Stdio::null())
        .status();
    assert!(soon("Python runs", enqueued).await.unwrap().success());
    desk.has_done(2).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.numbers(), [1, 2]);
}
