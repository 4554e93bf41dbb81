//! The end of workers: nothing more is taken, what runs finishes, and what takes too long is told.

use consumer_runtime::{Retry, worker};

use super::*;

#[tokio::test(start_paused = true)]
async fn what_runs_finishes_and_what_waits_is_left_to_others() {
    let channels = Channels::memory();
    let desk = Desk::default();
    let running = Running::new(
        worker(channels.clone())
            .consumer(Once { desk: desk.clone() })
            .max_in_flight(1)
            .consumer(Safe { desk: desk.clone() })
            .max_in_flight(1),
    );
    for number in 0..3 {
        Once::send(&channels, job(number, How::Waits)).await.unwrap();
        Safe::send(&channels, job(10 + number, How::Waits)).await.unwrap();
    }
    desk.has_begun(2).await;
    running.stop.notify_one();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(!running.task.is_finished());
    desk.gate.notify_waiters();
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.numbers(), [0, 10]);

    let running = Running::new(
        worker(channels.clone()).consumer(Once { desk: desk.clone() }).consumer(Safe { desk: desk.clone() }),
    );
    desk.has_begun(6).await;
    desk.gate.notify_waiters();
    desk.has_done(6).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.numbers(), [0, 1, 2, 10, 11, 12]);
}

async fn what_takes_too_long_is_given_up_by(here: Channels, there: Channels, patience: Duration) {
    let desk = Desk::default();
    let workers = worker(here.clone())
        .retry(Retry::attempts(2))
        .consumer(Once { desk: desk.clone() })
        .consumer(Safe { desk: desk.clone() })
        .patience(patience);
    let running = Running::new(workers);
    Once::send(&here, job(1, How::Waits)).await.unwrap();
    Safe::send(&here, job(2, How::Waits)).await.unwrap();
    desk.has_begun(2).await;
    let end = running.stop().await;
    assert_eq!((end.given_up(), end.is_clean()), (2, false));
    assert_eq!(here.counts().work_given_up, 2);

    // The acknowledged one is another's now, long before its lease ends, and as if it had not been tried.
    let running = Running::new(worker(there).consumer(Safe { desk: desk.clone() }));
    desk.has_begun(3).await;
    desk.gate.notify_waiters();
    desk.has_done(1).await;
    assert!(running.stop().await.is_clean());
    let done = desk.done.lock().unwrap();
    assert_eq!((done[0].0, done[0].1), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up_in_memory() {
    let mut processes = processes_in_memory(2);
    what_takes_too_long_is_given_up_by(processes.remove(0), processes.remove(0), Duration::from_secs(5)).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_takes_too_long_is_given_up_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers);
    what_takes_too_long_is_given_up_by(process(&options).await, process(&options).await, Duration::from_millis(50))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_knows_that_the_end_is_near() {
    #[event("long.job")]
    struct Long {}

    #[consumer(channel = "long")]
    struct Patient {
        desk: Desk,
    }

    #[consumer(worker)]
    impl Patient {
        #[event("long.job")]
        async fn work(&self, _: &Long, context: &mut WorkerContext<Self>) {
            assert!(!context.is_stopping());
            self.desk.begun.fetch_add(1, Ordering::SeqCst);
            context.stopping().await;
            assert!(context.is_stopping());
            self.desk.done.lock().unwrap().push((1, 1, None));
        }
    }

    let channels = Channels::memory();
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Patient { desk: desk.clone() }));
    Patient::send(&channels, Long {}).await.unwrap();
    desk.has_begun(1).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_drops_the_future_ends_its_workers() {
    let channels = Channels::memory();
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Once { desk: desk.clone() }));
    Once::send(&channels, job(1, How::Waits)).await.unwrap();
    desk.has_begun(1).await;
    running.task.abort();
    // The worker's value is dropped with all that it has begun.
    eventually("nothing is left", || Arc::strong_count(&desk.gate) == 1).await;
}
