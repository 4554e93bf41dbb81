//! Groups that change while they are asked, large ones, and processes that go.

use futures_util::future::join_all;

use super::*;

#[tokio::test(start_paused = true)]
async fn who_comes_later_is_not_asked_and_who_leaves_is_not_missing() {
    let house = House::new();
    let mut ada = house.member("ada").await;
    let _bob = house.member("bob").await;
    let asking = tokio::spawn(room().ask(&house.channels, who("wait"), DEADLINE));
    house.diary.has(2).await;
    let _eve = house.member("eve").await;
    let leaving = tokio::spawn(async move { ada.vanish().await });
    tokio::time::sleep(Duration::from_millis(1)).await;
    house.gate.open();
    let answers = asking.await.unwrap().unwrap();
    assert_eq!((answers.missing(), answers.len()), (Some(0), 2));
    assert_eq!(users(answers), ["ada", "bob"]);
    leaving.await.unwrap();
    assert_eq!(users(house.ask("tell").await), ["bob", "eve"]);
}

#[tokio::test(start_paused = true)]
async fn many_members_answer_many_questions_at_once() {
    const MEMBERS: usize = 1_000;
    const QUESTIONS: usize = 100;
    let house = House::new();
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        members.push(house.member(&format!("m{number}")).await);
    }
    let asking = (0..QUESTIONS).map(|_| tokio::spawn(room().ask(&house.channels, who("tell"), DEADLINE)));
    for answers in join_all(asking).await {
        let answers = answers.unwrap().unwrap();
        assert_eq!((answers.missing(), answers.len()), (Some(0), MEMBERS));
        assert_eq!(
            answers.values().map(|present| present.user).collect::<std::collections::HashSet<_>>().len(),
            MEMBERS
        );
    }
    assert!(format!("{:?}", house.channels).contains("asks: 0"), "{:?}", house.channels);
    assert_eq!(house.channels.counts().gone, 0);
}

/// In real time and on several threads: a question that meets the end of a connection is answered all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn members_that_go_at_any_moment_leave_no_question_open() {
    let house = House::new();
    let mut members = Vec::new();
    for number in 0..60 {
        members.push(house.member(&format!("m{number}")).await);
    }
    let leaving = tokio::spawn(async move {
        for (number, mut member) in members.into_iter().enumerate() {
            match number % 3 {
                0 => member.vanish().await,
                1 => member.disconnect().await,
                _ => drop(member),
            }
        }
    });
    let mut asked = 0;
    loop {
        let asking = (0..4).map(|_| tokio::spawn(room().ask(&house.channels, who("tell"), tests::PATIENCE)));
        let heard: Vec<_> = join_all(asking).await.into_iter().map(|answers| answers.unwrap().unwrap()).collect();
        assert!(heard.iter().all(Answers::is_complete), "{heard:?}");
        asked += 1;
        if leaving.is_finished() && heard.iter().all(Answers::is_empty) {
            break;
        }
    }
    assert!(asked > 1);
    assert!(format!("{:?}", house.channels).contains("asks: 0"));
}
