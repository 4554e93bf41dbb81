//! What workers refuse at their start, and senders at a send.

use consumer_runtime::{RedisPubSubLayer, worker};
use tests::FlakyLayer;

use super::*;

#[consumer(channel = "jobs")]
struct Rival {}

#[consumer(worker)]
impl Rival {}

async fn told(workers: Workers) -> String {
    workers.run_until(async {}).await.unwrap_err().to_string()
}

#[tokio::test]
async fn what_is_set_up_wrongly_is_told_at_the_start() {
    let (channels, desk) = (Channels::memory(), Desk::default());
    let once = || Once { desk: desk.clone() };
    let error = told(worker(channels.clone()).consumer(once()).consumer(Rival {})).await;
    assert!(error.contains("`Rival` and `Once`") && error.contains("\"jobs\""), "{error}");
    let error = told(worker(channels.clone()).consumer(once()).max_in_flight(0)).await;
    assert!(error.contains("`max_in_flight` of `Once`"), "{error}");
    let error = told(worker(channels.clone()).lease(Duration::ZERO).consumer(once())).await;
    assert!(error.contains("`lease` of `Once`"), "{error}");
    let end = worker(channels).run_until(async {}).await.unwrap();
    assert!(end.is_clean(), "nothing to do is done");
}

#[tokio::test]
async fn a_layer_without_acknowledged_channels_is_told() {
    let channels = Channels::builder().layer(FlakyLayer::default()).build();
    let wanted = "safe-jobs is declared as `acknowledged`";
    let error = told(worker(channels.clone()).consumer(Safe { desk: Desk::default() })).await;
    assert!(error.contains(wanted) && error.contains("`RedisLayer` and `MemoryLayer`"), "{error}");
    let error = Safe::send(&channels, job(1, How::Well)).await.unwrap_err().to_string();
    assert!(error.contains(wanted), "{error}");
    let error = Safe::dead_letters(&channels).list(1).await.unwrap_err().to_string();
    assert!(error.contains(wanted), "{error}");
    let error = channels.untyped().dead_letters("no name").list(1).await.unwrap_err().to_string();
    assert!(error.contains("\"no name\""), "{error}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_layer_on_which_all_get_each_message_is_told_unless_it_is_meant_over_redis() {
    let server = RedisServer::new().await;
    let options = RedisOptions::url(server.url());
    let mut processes = Vec::new();
    for _ in 0..2 {
        processes.push(Channels::builder().layer(RedisPubSubLayer::connect(&options).await.unwrap()).build());
    }
    let error = told(worker(processes[0].clone()).consumer(Once { desk: Desk::default() })).await;
    assert!(error.contains("`RedisLayer`") && error.contains("every_process"), "{error}");
    let desk = Desk::default();
    let run = |channels: &Channels| {
        Running::new(worker(channels.clone()).consumer(Once { desk: desk.clone() }).every_process())
    };
    let running: Vec<_> = processes.iter().map(run).collect();
    soon("both listen", async {
        while desk.count() < 2 {
            Once::send(&processes[0], job(1, How::Well)).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    for running in running {
        assert!(running.stop().await.is_clean());
    }
}
