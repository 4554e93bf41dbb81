//! Messages that are not acknowledged: each is handled once, by one worker.

use consumer_runtime::{Retry, worker};

use super::*;

const JOBS: usize = 10_000;

async fn each_is_handled_once_by(processes: Vec<Channels>, sender: Channels) {
    let desk = Desk::default();
    let count = processes.len();
    let run = |channels: &Channels| Running::new(worker(channels.clone()).consumer(Once { desk: desk.clone() }));
    let mut running: Vec<_> = processes.iter().map(run).collect();
    for number in 0..JOBS {
        send_patiently(&sender, number).await;
        // One stops in the middle and another takes its place: nothing is lost or done twice by that.
        if number == JOBS / 2 {
            assert!(running.remove(0).stop().await.is_clean());
            running.push(run(&processes[0]));
        }
    }
    desk.has_done(JOBS).await;
    for running in running {
        assert!(running.stop().await.is_clean());
    }
    assert_eq!(desk.numbers(), (0..JOBS).collect::<Vec<_>>(), "{count} workers");
    let handled: u64 = processes.iter().map(|channels| channels.counts().work_handled).sum();
    assert_eq!(handled as usize, JOBS);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_is_handled_once_in_memory() {
    for count in [1, 2, 4, 8] {
        let processes = processes_in_memory(count);
        let sender = processes[0].clone();
        each_is_handled_once_by(processes, sender).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server"]
async fn each_message_is_handled_once_by_one_to_eight_workers_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers);
    for count in [1, 2, 4, 8] {
        let mut processes = Vec::new();
        for _ in 0..count {
            processes.push(process(&options).await);
        }
        each_is_handled_once_by(processes, process(&options).await).await;
    }
}

/// Receivers that give up before something comes, while others stay.
async fn cancelled_receivers_lose_nothing_by(impatient: Channels, sender: Channels, patient: Channels) {
    let (desk, heard) = (Desk::default(), Arc::<AtomicUsize>::default());
    let stop = Arc::new(tokio_util::sync::CancellationToken::new());
    let receivers: Vec<_> = (0..4)
        .map(|at| {
            let (channels, heard, stop) = (impatient.clone(), Arc::clone(&heard), Arc::clone(&stop));
            tokio::spawn(async move {
                for round in 0.. {
                    if stop.is_cancelled() {
                        return;
                    }
                    let wait = Duration::from_micros(300 * (at + round % 5));
                    if let Ok(message) = tokio::time::timeout(wait, channels.untyped().receive("jobs")).await {
                        message.unwrap();
                        heard.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    let running = Running::new(worker(patient).consumer(Once { desk: desk.clone() }));
    for number in 0..2_000 {
        send_patiently(&sender, number).await;
    }
    eventually("all are handled", || heard.load(Ordering::SeqCst) + desk.count() >= 2_000).await;
    stop.cancel();
    for receiver in receivers {
        soon("a receiver ends", receiver).await.unwrap();
    }
    assert!(running.stop().await.is_clean());
    assert_eq!(heard.load(Ordering::SeqCst) + desk.count(), 2_000, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_that_give_up_lose_nothing_in_memory() {
    let mut processes = processes_in_memory(3);
    let (a, b, c) = (processes.remove(0), processes.remove(0), processes.remove(0));
    cancelled_receivers_lose_nothing_by(a, b, c).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server"]
async fn receivers_that_give_up_lose_nothing_over_redis() {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    let options = options(&servers);
    cancelled_receivers_lose_nothing_by(process(&options).await, process(&options).await, process(&options).await)
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_and_a_panic_harm_nothing_else_and_are_counted() {
    let channels = Channels::memory();
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Once { desk: desk.clone() }));
    for (number, how) in [How::Badly(1), How::Panics, How::Well].into_iter().enumerate() {
        Once::send(&channels, job(number, how)).await.unwrap();
    }
    channels.untyped().send("jobs", serde_json::json!({"type": "job.other"})).await.unwrap();
    channels.untyped().send("jobs", serde_json::json!({"type": "job.do", "number": "one"})).await.unwrap();
    desk.has_done(1).await;
    assert!(running.stop().await.is_clean());
    let counts = channels.counts();
    assert_eq!(desk.numbers(), [2]);
    assert_eq!(
        (counts.work_handled, counts.work_failed, counts.panics, counts.work_retried),
        (1, 2, 1, 0),
        "{counts:?}"
    );
    assert_eq!((counts.unhandled, counts.undecodable, counts.work_dead), (1, 1, 0), "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_policy_retries_in_the_process() {
    let channels = Channels::memory();
    let desk = Desk::default();
    let retry = Retry::attempts(3).delays(Duration::from_secs(1), Duration::from_secs(60));
    let running =
        Running::new(worker(channels.clone()).retry(retry).consumer(Once { desk: desk.clone() }).max_in_flight(1));
    let begin = tokio::time::Instant::now();
    Once::send(&channels, job(1, How::Badly(2))).await.unwrap();
    Once::send(&channels, job(2, How::Badly(5))).await.unwrap();
    Once::send(&channels, job(3, How::Well)).await.unwrap();
    desk.has_done(2).await;
    let took = begin.elapsed();
    assert!(took >= Duration::from_secs(3) && took <= Duration::from_secs(7), "two delays each: {took:?}");
    assert!(running.stop().await.is_clean());
    let counts = channels.counts();
    assert_eq!(desk.numbers(), [1, 3]);
    assert_eq!(desk.done.lock().unwrap()[0], (1, 3, None));
    assert_eq!((counts.work_failed, counts.work_retried), (5, 4), "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn no_more_are_in_flight_than_may_be() {
    let channels = Channels::memory();
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Once { desk: desk.clone() }).max_in_flight(3));
    for number in 0..7 {
        Once::send(&channels, job(number, How::Waits)).await.unwrap();
    }
    desk.has_begun(3).await;
    while desk.count() < 7 {
        tokio::task::yield_now().await;
        desk.gate.notify_one();
    }
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.most.load(Ordering::SeqCst), 3);
}
