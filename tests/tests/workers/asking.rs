//! What a worker's handler returns answers whoever asks.

use consumer_runtime::{NoAnswer, Retry, worker};

use super::*;

const DEADLINE: Duration = Duration::from_secs(15);

async fn workers_answer_by(asker: Channels, works: Channels) {
    let desk = Desk::default();
    let retry = Retry::attempts(2).delays(Duration::from_millis(1), Duration::from_millis(1));
    let running = Running::new(
        worker(works)
            .consumer(Once { desk: desk.clone() })
            .consumer(Safe { desk: desk.clone() })
            .retry(retry)
            .max_in_flight(1),
    );
    assert_eq!(Once::ask(&asker, Double { number: 21 }, DEADLINE).await, Ok(42));
    assert_eq!(Safe::ask(&asker, Double { number: 4 }, DEADLINE).await, Ok(8), "at the second attempt");
    assert_eq!(Once::ask(&asker, job(1, How::Well), DEADLINE).await, Ok(()));
    let NoAnswer::Error(error) = Once::ask(&asker, job(1, How::Badly(9)), DEADLINE).await.unwrap_err() else {
        panic!("an error")
    };
    assert_eq!(error.code(), "internal");
    assert_eq!(Once::ask(&asker, job(1, How::Panics), DEADLINE).await, Err(NoAnswer::Gone));
    let refused = asker.channel("jobs").unwrap().ask(Other {}, DEADLINE).await;
    assert_eq!(refused, Err(NoAnswer::Unhandled));
    assert_eq!(Safe::ask(&asker, job(1, How::Panics), DEADLINE).await, Err(NoAnswer::Gone), "when it is a dead letter");
    assert!(running.stop().await.is_clean());
    let soon = Duration::from_millis(50);
    assert_eq!(Once::ask(&asker, Double { number: 21 }, soon).await, Err(NoAnswer::TimedOut), "nobody works");
}

#[tokio::test(start_paused = true)]
async fn workers_answer_in_memory() {
    let mut processes = processes_in_memory(2);
    workers_answer_by(processes.remove(0), processes.remove(0)).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn workers_answer_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers);
    workers_answer_by(process(&options).await, process(&options).await).await;
}
