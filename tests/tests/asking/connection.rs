//! Questions to one connection.

use super::*;

impl House {
    async fn ask_one(&self, name: &ChannelName, how: &str) -> Result<Present, NoAnswer> {
        self.channels.channel(name.as_str()).unwrap().ask(who(how), DEADLINE).await
    }
}

#[tokio::test(start_paused = true)]
async fn one_connection_answers_by_its_stored_name() {
    let house = House::new();
    let (mut ada, _bob) = (house.member("ada").await, house.member("bob").await);
    let name = name(&mut ada).await;
    assert_eq!(house.ask_one(&name, "tell").await.unwrap().user, "ada");
    let typed = house.channels.channel(name.as_str()).unwrap().ask_as::<Member, _>(who("tell"), DEADLINE).await;
    assert_eq!(typed.unwrap().user, "ada");
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_has_its_reason() {
    let house = House::new();
    let mut ada = house.member("ada").await;
    let name = name(&mut ada).await;
    assert!(matches!(house.ask_one(&name, "fail").await, Err(NoAnswer::Error(answer)) if answer.code() == "shy"));
    let begin = Instant::now();
    assert_eq!(house.ask_one(&name, "wait").await, Err(NoAnswer::TimedOut));
    assert_eq!(begin.elapsed().as_secs(), DEADLINE.as_secs());
    house.gate.open();
    assert_eq!(house.ask_one(&name, "panic").await, Err(NoAnswer::Gone));
    assert_eq!(house.ask_one(&name, "tell").await, Err(NoAnswer::Gone), "a connection that is gone");

    let mut stranger = house.enter("/ws/stranger/").await;
    stranger.send_text_to("room_b").await.unwrap();
    let name = ChannelName::new(stranger.receive_text_from().await.unwrap()).unwrap();
    assert_eq!(house.ask_one(&name, "tell").await, Err(NoAnswer::Unhandled));
}

#[tokio::test(start_paused = true)]
async fn a_full_channel_is_told_at_once() {
    let house = House::on(Channels::builder().capacity(1).build());
    let mut ada = house.member("ada").await;
    let name = name(&mut ada).await;
    let running = tokio::spawn(room().ask(&house.channels, who("wait"), DEADLINE));
    house.diary.says("ada is asked").await;
    let waiting = tokio::spawn(room().ask(&house.channels, who("tell"), DEADLINE));
    tokio::task::yield_now().await;
    assert!(matches!(house.ask_one(&name, "tell").await, Err(NoAnswer::Gone | NoAnswer::Layer(_))));
    house.gate.open();
    assert!(running.await.unwrap().unwrap().is_complete());
    assert_eq!(users(waiting.await.unwrap().unwrap()), ["ada"]);
}
