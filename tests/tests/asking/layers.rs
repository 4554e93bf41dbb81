//! Layers that are busy, answers that cannot travel, and members that are over but still in the group.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::*;

/// A layer that does one thing at a time: it delivers, and sends, under one lock.
#[derive(Clone, Debug)]
struct OneAtATime(MemoryLayer, Arc<Mutex<()>>);

impl OneAtATime {
    fn alone(&self) -> MutexGuard<'_, ()> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChannelLayer for OneAtATime {
    fn attach(&self, local: Arc<Local>) {
        self.0.attach(local);
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        self.0.subscribe(group)
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        self.0.unsubscribe(group)
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let _alone = self.alone();
        self.0.group_send(group, message)
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let _alone = self.alone();
        self.0.send(channel, message)
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        self.0.receive(channel)
    }

    fn flush(&self) -> LayerFuture {
        self.0.flush()
    }
}

/// On a thread of its own, since a lock that is taken twice stops the thread, clock and all.
#[test]
fn answers_never_enter_a_layer_that_is_delivering() {
    let (done, finished) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let layer = OneAtATime(MemoryLayer::new(), Arc::default());
            let here = House::on(Channels::builder().layer(layer.clone()).build());
            let there = House::on(Channels::builder().layer(layer).capacity(1).build());
            let (_ada, mut bob) = (here.member("ada").await, there.member("bob").await);
            let bob = name(&mut bob).await;
            assert_eq!(users(here.ask("tell").await), ["ada", "bob"]);
            let note = room().ask(&here.channels, Note { text: "hi".into() }, DEADLINE).await.unwrap();
            assert!(note.is_complete());
            let asked = here.channels.channel(bob.as_str()).unwrap().ask(who("tell"), DEADLINE).await;
            assert_eq!(asked.unwrap().user, "bob");
            done.send(()).unwrap();
        });
    });
    finished.recv_timeout(tests::PATIENCE).expect("nobody waits for itself");
}

#[event("deep.down", answer = Value)]
struct Down {
    levels: usize,
}

#[group("deep", events(Down))]
struct Deep;

#[consumer("/ws/deep/", group = Deep)]
struct Diver;

#[consumer]
impl Diver {
    #[event("deep.down")]
    async fn down(&mut self, down: &Down) -> Value {
        (0..down.levels).fold(json!(1), |value, _| json!([value]))
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nests_too_deep_is_told_alike_here_and_there() {
    let layer = MemoryLayer::new();
    let (here, there) = (Channels::builder().layer(layer.clone()).build(), Channels::builder().layer(layer).build());
    let mut clients = Vec::new();
    for channels in [&here, &there] {
        let mut client =
            Communicator::new(Router::new().consumer::<Diver>().with_channels(channels.clone()), "/ws/deep/");
        client.connect().await.unwrap();
        clients.push(client);
    }
    let begin = Instant::now();
    for (levels, fits) in [(50, true), (1000, false)] {
        let answers = Deep.ask(&here, Down { levels }, DEADLINE).await.unwrap();
        assert_eq!((answers.len(), answers.missing()), (2, Some(0)));
        for MemberAnswer { answer, .. } in answers {
            assert_eq!(fits, answer.is_ok());
            assert!(fits || matches!(answer, Err(NoAnswer::Unreadable(_))), "{answer:?}");
        }
    }
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[event("shop.news")]
struct News {}

#[group("shop", events(News))]
struct Shop;

#[consumer("/ws/shop/", group = Shop)]
struct Guest {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Guest {
    #[receive(text)]
    async fn leave(&mut self, _: String, context: &mut Context<Self>) {
        context.close(close_code!(4000), "bye");
        self.diary.note("leaves");
        self.gate.pass().await;
    }

    #[event("shop.news")]
    fn news(_: &News) -> u8 {
        1
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_has_closed_has_not_handled_anything() {
    let house = House::new();
    let app = Router::new().consumer::<Guest>().with_channels(house.channels.clone());
    let app = app.layer(Extension(house.diary.clone())).layer(Extension(house.gate.clone()));
    let mut guest = Communicator::new(app, "/ws/shop/");
    guest.connect().await.unwrap();
    let ask = || Shop.ask(&house.channels, News {}, DEADLINE);
    let told = |answers: Answers<()>| answers.into_iter().map(|member| member.answer).collect::<Vec<_>>();
    assert_eq!(told(ask().await.unwrap()), [Ok(())]);
    guest.send_text_to("bye").await.unwrap();
    house.diary.says("leaves").await;
    assert_eq!(told(ask().await.unwrap()), [Err(NoAnswer::Gone)]);
    house.gate.open();
    assert_eq!(guest.receive_json_from::<u8>().await.unwrap(), 1);
    assert_eq!(guest.receive_close().await.unwrap().0, 4000);
    guest.disconnect().await;
    assert!(ask().await.unwrap().is_empty());
}

/// Its runtime is torn down, and with it whatever it owes.
#[tokio::test]
async fn a_process_that_dies_in_the_middle_is_counted_as_missing() {
    const SHORT: Duration = Duration::from_millis(300);
    let layer = MemoryLayer::new();
    let here = House::on(Channels::builder().layer(layer.clone()).build());
    let _ada = here.member("ada").await;
    let other = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let diary = here.diary.clone();
    let bob = other.spawn(async move {
        let mut there = House::on(Channels::builder().layer(layer).build());
        there.diary = diary;
        there.member("bob").await
    });
    let bob = bob.await.unwrap();
    let asking = tokio::spawn(room().ask(&here.channels, who("only ada"), SHORT));
    here.diary.says("bob is asked").await;
    other.shutdown_background();
    drop(bob);
    let answers = asking.await.unwrap().unwrap();
    let told = (answers.len(), answers.missing());
    assert!(told == (1, Some(1)) || told == (2, Some(0)), "{answers:?}");
    assert_eq!(users(answers), ["ada"]);
    let answers = room().ask(&here.channels, who("tell"), DEADLINE).await.unwrap();
    assert_eq!(answers.missing(), Some(0), "it is known by nobody any more: {answers:?}");
}
