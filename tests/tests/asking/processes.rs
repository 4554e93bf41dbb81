//! Questions across processes, over layers that know their processes and those that do not.

use tests::FlakyLayer;

use super::*;

#[tokio::test(start_paused = true)]
async fn members_of_all_processes_answer() {
    let layer = MemoryLayer::new();
    let here = House::on(Channels::builder().layer(layer.clone()).build());
    let there = House::on(Channels::builder().layer(layer.clone()).build());
    let _nobody = Channels::builder().layer(layer).build();
    let (_ada, mut bob, _eve) = (here.member("ada").await, there.member("bob").await, there.member("eve").await);
    let begin = Instant::now();
    let answers = here.ask("tell").await;
    assert!(answers.is_complete());
    assert_eq!(users(answers), ["ada", "bob", "eve"]);

    let NoAnswer::Error(answer) =
        here.channels.channel(name(&mut bob).await.as_str()).unwrap().ask(who("fail"), DEADLINE).await.unwrap_err()
    else {
        panic!("an error")
    };
    assert_eq!(answer.code(), "shy");
    assert_eq!(
        here.channels.channel(name(&mut bob).await.as_str()).unwrap().ask(who("panic"), DEADLINE).await,
        Err(NoAnswer::Gone)
    );
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn answers_of_another_version_are_told_and_not_taken() {
    let layer = MemoryLayer::new();
    let here = House::on(Channels::builder().layer(FlakyLayer::blind(layer.clone())).build());
    let there = Channels::builder().layer(layer).build();
    // A process that answers in its own way.
    let mut listener = there.untyped().new_channel();
    listener.group_add("room_a").await.unwrap();
    let answering = async {
        let question = listener.receive().await;
        let to = question.reply_to().unwrap().as_str().to_owned();
        let from = listener.name().as_str().to_owned();
        let send = |message| there.untyped().send(&to, message);
        send(json!({"type": "ask.members", "count": 3})).await.unwrap();
        send(json!({"type": "ask.answer", "from": from, "ok": {"name": "zoe"}})).await.unwrap();
        send(json!({"type": "ask.answer", "from": from, "ok": {"user": "zoe"}})).await.unwrap();
        send(json!({"type": "ask.answer", "from": from, "nothing": "known"})).await.unwrap();
        send(json!({"type": "ask.answer", "from": from, "none": "unhandled"})).await.unwrap();
    };
    let (answers, ()) = tokio::join!(here.ask("tell"), answering);
    let answers: Vec<_> = answers.into_iter().map(|member| member.answer).collect();
    assert!(matches!(&answers[0], Err(NoAnswer::Unreadable(why)) if why.contains("user")), "{answers:?}");
    assert_eq!(answers[1], Ok(Present { user: "zoe".into() }));
    assert_eq!(answers[2], Err(NoAnswer::Unhandled));
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_does_not_know_its_members_waits_and_says_so() {
    let house = House::on(Channels::builder().layer(FlakyLayer::blind(MemoryLayer::new())).build());
    let _ada = house.member("ada").await;
    let begin = Instant::now();
    let answers = house.ask("tell").await;
    assert_eq!(begin.elapsed().as_secs(), DEADLINE.as_secs());
    assert_eq!((answers.missing(), answers.is_complete()), (None, false));
    assert_eq!(users(answers), ["ada"]);
}
