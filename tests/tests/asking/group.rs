//! Questions to the members of a group.

use super::*;

#[tokio::test(start_paused = true)]
async fn every_member_answers_and_nobody_waits_longer() {
    let house = House::new();
    let _members = [house.member("ada").await, house.member("bob").await, house.enter("/ws/clerk/a/").await];
    let begin = Instant::now();
    let answers = house.ask("tell").await;
    assert_eq!(begin.elapsed(), Duration::ZERO, "complete answers do not wait for the deadline");
    assert_eq!((answers.missing(), answers.is_complete()), (Some(0), true));
    assert_eq!(users(answers), ["ada", "bob", "clerk with 0 notes"]);
}

#[tokio::test(start_paused = true)]
async fn a_group_without_members_answers_at_once() {
    let house = House::new();
    let begin = Instant::now();
    let answers = house.ask("tell").await;
    assert!(answers.is_empty() && answers.is_complete());
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_there_is_what_came_and_how_many_did_not() {
    let house = House::new();
    let _members = [house.member("ada").await, house.member("bob").await, house.member("eve").await];
    let begin = Instant::now();
    let answers = house.ask("only eve").await;
    assert_eq!(begin.elapsed().as_secs(), DEADLINE.as_secs());
    assert_eq!((answers.len(), answers.missing()), (1, Some(2)));
    assert_eq!(users(answers), ["eve"]);
    // What comes now is late, and told in the counts.
    house.gate.open();
    tests::eventually("the late answers are counted", || house.channels.counts().gone == 2).await;
}

#[tokio::test(start_paused = true)]
async fn errors_are_answers() {
    let house = House::new();
    let _ada = house.member("ada").await;
    let NoAnswer::Error(answer) = only(house.ask("fail").await).unwrap_err() else { panic!("an error") };
    assert_eq!((answer.code(), answer.message()), ("shy", "will not say"));
    let NoAnswer::Error(answer) = only(house.ask("break").await).unwrap_err() else { panic!("an error") };
    assert_eq!(answer.code(), "internal");
    assert!(!answer.message().contains("disk"), "the text of other errors stays in the log");
}

#[tokio::test(start_paused = true)]
async fn a_member_that_goes_does_not_keep_anybody_waiting() {
    let house = House::new();
    for how in ["panic", "close"] {
        let _member = house.member("ada").await;
        assert_eq!(only(house.ask(how).await), Err(NoAnswer::Gone), "{how}");
    }
    // One that leaves before its turn, with the question in its queue.
    let mut ada = house.member("ada").await;
    let first = tokio::spawn(room().ask(&house.channels, who("wait"), DEADLINE));
    house.diary.says("ada is asked").await;
    let second = tokio::spawn(room().ask(&house.channels, who("tell"), DEADLINE));
    tokio::task::yield_now().await;
    let begin = Instant::now();
    let leaving = tokio::spawn(async move { ada.vanish().await });
    tokio::time::sleep(Duration::from_millis(10)).await;
    house.gate.open();
    leaving.await.unwrap();
    assert!(first.await.unwrap().unwrap().is_complete());
    assert_eq!(only(second.await.unwrap().unwrap()), Err(NoAnswer::Gone));
    assert!(begin.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn one_without_a_handler_says_so() {
    let house = House::new();
    let mut stranger = house.enter("/ws/stranger/").await;
    stranger.send_text_to("room_a").await.unwrap();
    stranger.receive_text_from().await.unwrap();
    assert_eq!(only(house.ask("tell").await), Err(NoAnswer::Unhandled));
}

#[tokio::test(start_paused = true)]
async fn an_event_without_an_answer_tells_that_it_was_handled() {
    let house = House::new();
    let (mut ada, _clerk) = (house.member("ada").await, house.enter("/ws/clerk/a/").await);
    for text in ["hello", "nothing"] {
        let answers = room().ask(&house.channels, Note { text: text.into() }, DEADLINE).await.unwrap();
        assert_eq!(answers.values().count(), 2, "{text}");
    }
    assert_eq!(ada.receive_json_from::<Value>().await.unwrap(), json!({"note": "hello"}));
    assert_eq!(users(house.ask("tell").await), ["ada", "clerk with 2 notes"]);
}

#[tokio::test(start_paused = true)]
async fn a_consumer_asks_the_others_and_not_itself() {
    let house = House::new();
    let (mut ada, _bob) = (house.member("ada").await, house.member("bob").await);
    ada.send_text_to("ask").await.unwrap();
    assert_eq!(ada.receive_json_from::<Value>().await.unwrap(), json!({"users": ["bob"], "complete": true}));
    let mut clerk = house.enter("/ws/clerk/a/").await;
    clerk.send_text_to("tell").await.unwrap();
    assert_eq!(clerk.receive_text_from().await.unwrap(), "2 of a");
}

#[tokio::test(start_paused = true)]
async fn two_that_ask_each_other_wait_until_the_deadline_and_go_on() {
    let house = House::new();
    let (mut ada, mut bob) = (house.member("ada").await, house.member("bob").await);
    ada.send_text_to("ask").await.unwrap();
    bob.send_text_to("ask").await.unwrap();
    for client in [&mut ada, &mut bob] {
        tokio::time::sleep(DEADLINE).await;
        let told = client.receive_json_from::<Value>().await.unwrap();
        assert!(told == json!({"users": [], "complete": false}) || told["complete"] == true, "{told}");
    }
    assert_eq!(users(house.ask("tell").await), ["ada", "bob"], "both are well");
}

#[tokio::test(start_paused = true)]
async fn by_name_it_is_json() {
    let house = House::new();
    let _ada = house.member("ada").await;
    let message = json!({"type": "room.who", "how": "tell"});
    let answers = house.channels.untyped().group_ask("room_a", message, DEADLINE).await.unwrap();
    assert_eq!(answers.values().collect::<Vec<_>>(), [json!({"user": "ada"})]);
    let untyped = house.channels.untyped();
    assert!(untyped.group_ask("no such name", json!({"type": "a.b"}), DEADLINE).await.is_err());
    assert!(untyped.group_ask("room_a", json!("a.b"), DEADLINE).await.is_err());
    assert!(Room { room: "no such room".into() }.ask(&house.channels, who("tell"), DEADLINE).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_a_question() {
    let house = House::new();
    let _ada = house.member("ada").await;
    house.ask("tell").await;
    house.ask("wait").await;
    let asking = room().ask(&house.channels, who("tell"), DEADLINE);
    drop(tokio::time::timeout(Duration::ZERO, asking).await);
    assert!(format!("{:?}", house.channels).contains("asks: 0"), "{:?}", house.channels);
}
