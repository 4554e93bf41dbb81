//! Acknowledged messages: each is handled at least once, retried and, when all fails, kept.

use consumer_runtime::{Retry, worker};
use serde_json::json;

use super::*;

const QUICKLY: Retry = Retry::attempts(3).delays(Duration::from_millis(20), Duration::from_millis(40));

async fn failures_are_retried_and_then_kept_by(here: Channels, there: Channels) {
    let desk = Desk::default();
    let run = |channels: &Channels| {
        Running::new(worker(channels.clone()).retry(QUICKLY).consumer(Safe { desk: desk.clone() }))
    };
    let running = run(&there);
    Safe::send(&here, job(1, How::Well)).await.unwrap();
    Safe::send(&here, job(2, How::Badly(2))).await.unwrap();
    Safe::send(&here, job(3, How::Badly(9))).await.unwrap();
    Safe::send(&here, job(4, How::Panics)).await.unwrap();
    here.untyped().send_acknowledged("safe-jobs", json!({"type": "job.other"})).await.unwrap();
    here.untyped().send_acknowledged("safe-jobs", json!({"type": "job.do", "number": "x"})).await.unwrap();
    desk.has_done(2).await;
    eventually("four are dead", || there.counts().work_dead == 4).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(desk.numbers(), [1, 2]);
    let counts = there.counts();
    assert_eq!((counts.work_handled, counts.work_failed, counts.work_retried), (2, 8, 6), "{counts:?}");

    let letters = Safe::dead_letters(&here);
    let mut all = letters.list(10).await.unwrap();
    assert_eq!(letters.list(2).await.unwrap().len(), 2);
    assert_eq!(letters.list_after(&all[2].letter, 10).await.unwrap()[0].letter, all[3].letter);
    all.sort_by_key(|letter| letter.error.clone());
    let told: Vec<_> = all.iter().map(|letter| (letter.error.as_str(), letter.attempts)).collect();
    assert_eq!(told[0], ("`Safe` has no handler for event \"job.other\"", 1));
    assert_eq!(told[1], ("no 3", 3));
    assert_eq!(told[2], ("the handler panicked: job 4 is too much", 3));
    assert!(told[3].0.starts_with("the message does not fit the payload of its handler: "), "{told:?}");
    let message = all[1].message.as_ref().unwrap();
    assert_eq!(message.to_value().unwrap(), json!({"type": "job.do", "number": 3, "how": {"Badly": 9}}));
    assert!(all[1].since.elapsed().is_ok_and(|age| age < Duration::from_secs(600)), "{:?}", all[1].since);

    // With more patience it goes well, under its old id.
    let id = all[1].id.clone();
    assert!(letters.resend(&all[1].letter).await.unwrap());
    assert!(!letters.resend(&all[1].letter).await.unwrap(), "it is there no longer");
    assert!(letters.remove(&all[0].letter).await.unwrap());
    assert!(!letters.remove(&all[0].letter).await.unwrap());
    let more = Retry::attempts(10).delays(Duration::from_millis(1), Duration::from_millis(2));
    let running = Running::new(worker(here.clone()).retry(more).consumer(Safe { desk: desk.clone() }));
    desk.has_done(3).await;
    assert_eq!(desk.done.lock().unwrap()[2], (3, 10, Some(id)));
    assert_eq!(letters.resend_all().await.unwrap(), 2);
    eventually("both are dead again", || here.counts().work_dead == 2).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(letters.list(10).await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn failures_are_retried_and_then_kept_in_memory() {
    let mut processes = processes_in_memory(2);
    failures_are_retried_and_then_kept_by(processes.remove(0), processes.remove(0)).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn failures_are_retried_and_then_kept_over_redis() {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    for secrets in [&[][..], &["new", "old"]] {
        for format in [Format::Msgpack, Format::Json] {
            let mut options = options(&servers);
            options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
            options.serializer_format = format;
            failures_are_retried_and_then_kept_by(process(&options).await, process(&options).await).await;
            servers[0].say("FLUSHALL").await;
            servers[1].say("FLUSHALL").await;
        }
    }
}

async fn each_is_handled_by_some_worker_by(processes: Vec<Channels>) {
    let desk = Desk::default();
    let run = |channels: &Channels| Running::new(worker(channels.clone()).consumer(Safe { desk: desk.clone() }));
    let mut running: Vec<_> = processes.iter().map(run).collect();
    for number in 0..2_000 {
        Safe::send(&processes[0], job(number, How::Well)).await.unwrap();
        if number % 500 == 250 {
            // What was fetched and not begun is another's at once.
            assert!(running.remove(0).stop().await.is_clean());
            running.push(run(&processes[number / 500 % processes.len()]));
        }
    }
    desk.has_done(2_000).await;
    for running in running {
        assert!(running.stop().await.is_clean());
    }
    assert_eq!(desk.numbers(), (0..2_000).collect::<Vec<_>>(), "once each, since nobody was killed");
    let done = desk.done.lock().unwrap();
    assert!(done.iter().all(|(_, attempt, id)| *attempt == 1 && id.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_acknowledged_message_is_handled_in_memory() {
    each_is_handled_by_some_worker_by(processes_in_memory(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server"]
async fn each_acknowledged_message_is_handled_and_nothing_is_left_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers);
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(process(&options).await);
    }
    each_is_handled_by_some_worker_by(processes).await;
    assert_eq!(servers[0].say("XLEN asgi:work:safe-jobs").await, ":0", "the stream does not grow");
    assert_eq!(servers[0].say("XINFO CONSUMERS asgi:work:safe-jobs workers").await, "*0", "nor the list of consumers");
}

async fn a_handler_that_takes_long_keeps_its_message_by(here: Channels, there: Channels) {
    let desk = Desk::default();
    let lease = Duration::from_millis(300);
    let run = |channels: Channels| Running::new(worker(channels).consumer(Safe { desk: desk.clone() }).lease(lease));
    let running = [run(here.clone()), run(there)];
    Safe::send(&here, job(1, How::Waits)).await.unwrap();
    desk.has_begun(1).await;
    // Another job comes and goes, so that all workers have looked; and leases pass.
    tokio::time::sleep(lease * 4).await;
    Safe::send(&here, job(2, How::Well)).await.unwrap();
    desk.has_done(1).await;
    desk.gate.notify_one();
    desk.has_done(2).await;
    for running in running {
        assert!(running.stop().await.is_clean());
    }
    let done: Vec<_> = desk.done.lock().unwrap().iter().map(|(number, attempt, _)| (*number, *attempt)).collect();
    assert_eq!((done, desk.begun.load(Ordering::SeqCst)), (vec![(2, 1), (1, 1)], 2));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_long_keeps_its_message_in_memory() {
    let mut processes = processes_in_memory(2);
    a_handler_that_takes_long_keeps_its_message_by(processes.remove(0), processes.remove(0)).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_handler_that_takes_long_keeps_its_message_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers);
    a_handler_that_takes_long_keeps_its_message_by(process(&options).await, process(&options).await).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_channel_with_too_much_undone_takes_no_more_over_redis() {
    let servers = [RedisServer::new().await];
    let mut options = options(&servers);
    options.work_capacity = 3;
    let channels = process(&options).await;
    for number in 0..3 {
        Safe::send(&channels, job(number, How::Well)).await.unwrap();
    }
    let error = Safe::send(&channels, job(3, How::Well)).await.unwrap_err();
    assert!(error.to_string().contains("safe-jobs is full"), "{error}");
    assert_eq!(channels.counts().channel_full, 1);
    // A flush is about channels whose messages may be lost.
    channels.untyped().flush().await.unwrap();
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Safe { desk: desk.clone() }));
    desk.has_done(3).await;
    // A handler has returned a moment before its message is forgotten.
    let sending = async {
        while let Err(error) = Safe::send(&channels, job(3, How::Well)).await {
            assert!(error.to_string().contains("safe-jobs is full"), "{error}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("there is room", sending).await;
    desk.has_done(4).await;
    assert!(running.stop().await.is_clean());
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_server_that_goes_away_and_comes_back_is_worked_for_again_over_redis() {
    let mut servers = [RedisServer::new().await];
    let options = options(&servers);
    let channels = process(&options).await;
    let desk = Desk::default();
    let running = Running::new(worker(channels.clone()).consumer(Safe { desk: desk.clone() }));
    Safe::send(&channels, job(1, How::Well)).await.unwrap();
    desk.has_done(1).await;
    servers[0].kill().await;
    assert!(Safe::send(&channels, job(2, How::Well)).await.is_err());
    servers[0].restart().await;
    soon("it is sent", async {
        while Safe::send(&channels, job(3, How::Well)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    desk.has_done(2).await;
    assert!(running.stop().await.is_clean());
    assert!(desk.numbers().starts_with(&[1]) && desk.numbers().ends_with(&[3]));
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_cannot_be_read_is_a_dead_letter_over_redis() {
    let servers = [RedisServer::new().await];
    let mut options = options(&servers);
    options.symmetric_encryption_keys = vec!["one".into()];
    Safe::send(&process(&options).await, job(1, How::Well)).await.unwrap();
    options.symmetric_encryption_keys = vec!["another".into()];
    let channels = process(&options).await;
    let running = Running::new(worker(channels.clone()).consumer(Safe { desk: Desk::default() }));
    eventually("it is dead", || channels.counts().work_dead == 1).await;
    assert!(running.stop().await.is_clean());
    assert_eq!(channels.counts().unreadable, 1);
    let letters = Safe::dead_letters(&channels).list(10).await.unwrap();
    assert!(letters[0].message.is_err() && letters[0].error.contains("symmetric_encryption_keys"), "{letters:?}");
}
