//! Every way in which a connection can end.

use super::*;

#[tokio::test]
async fn the_clients_code_and_reason_reach_disconnect_and_the_code_comes_back() {
    for (code, reason) in [(1000, ""), (1001, "going"), (3000, "café"), (4321, "a long story"), (4999, "")] {
        let (site, diary, _) = site().await;
        let client = site.client("/ws/life/").await;
        assert_eq!(client.close(code, reason).await.0, code);
        ends(&site, &diary, &format!("disconnect {code} {reason:?} Client")).await;
    }
}

#[tokio::test]
async fn a_close_without_a_code_is_1005() {
    let (site, diary, _) = site().await;
    let client = site.client("/ws/life/").await;
    assert_eq!(client.close_without_code().await, (1005, String::new()));
    ends(&site, &diary, r#"disconnect 1005 "" Client"#).await;
}

#[tokio::test]
async fn a_line_that_is_cut_is_1006() {
    let (site, diary, _) = site().await;
    drop(site.client("/ws/life/").await);
    ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;

    let (site, diary, _) = self::site().await;
    site.client("/ws/life/").await.reset();
    ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;
}

#[tokio::test]
async fn a_handler_closes_with_a_code_and_a_reason() {
    let (site, diary, _) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("close").await;
    assert_eq!(client.hear_close().await, (4001, "as you wish".into()));
    ends(&site, &diary, r#"disconnect 4001 "as you wish" Consumer"#).await;
}

#[tokio::test]
async fn an_error_made_by_close_closes_from_any_handler() {
    for by_event in [false, true] {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        match by_event {
            true => order_all(&site, "fail to close").await,
            false => client.say("fail to close").await,
        }
        assert_eq!(client.hear_close().await, (4002, "no more".into()));
        ends(&site, &diary, r#"disconnect 4002 "no more" Consumer"#).await;
    }
}

#[tokio::test]
async fn what_was_sent_before_a_close_arrives_and_nothing_after_it() {
    let (site, diary, _) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("send and close").await;
    assert_eq!((client.hear().await, client.hear().await), ("one".into(), "two".into()));
    assert_eq!(client.hear_close().await, (1000, String::new()));
    ends(&site, &diary, r#"disconnect 1000 "" Consumer"#).await;
}

/// A client may leave at any moment, so a send that comes too late is an everyday thing.
#[tokio::test]
async fn a_send_that_comes_too_late_is_no_failure() {
    for by_event in [false, true] {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        match by_event {
            true => order_all(&site, "send too late").await,
            false => client.say("send too late").await,
        }
        assert_eq!(client.hear_close().await, (1000, String::new()));
        ends(&site, &diary, r#"disconnect 1000 "" Consumer"#).await;
        let counts = site.channels.counts();
        assert_eq!((counts.failed_events, counts.failed_frames), (0, 0));
    }
}

#[tokio::test]
async fn a_panic_closes_one_socket_with_1011() {
    for by_event in [false, true] {
        let (site, diary, _) = site().await;
        let mut client = site.client("/ws/life/").await;
        match by_event {
            true => order_all(&site, "panic").await,
            false => client.say("panic").await,
        }
        assert_eq!(client.hear_close().await, (1011, "internal error".into()));
        ends(&site, &diary, r#"disconnect 1011 "internal error" Panic"#).await;
        assert_eq!(site.channels.counts().panics, 1);
    }
}

#[tokio::test]
async fn a_panic_leaves_others_undisturbed() {
    let (site, diary, _) = site().await;
    let (mut other, mut client) = (site.client("/ws/life/").await, site.client("/ws/life/").await);
    client.say("panic").await;
    assert_eq!(client.hear_close().await.0, 1011);
    diary.says(r#"disconnect 1011 "internal error" Panic"#).await;
    other.say("echo").await;
    assert_eq!(other.hear().await, "echo");
    tell_all(&site, "still here").await;
    assert_eq!(other.hear_json().await, json!({"told": "still here"}));
}

/// Panics when it says goodbye.
#[consumer("/ws/sore/")]
struct Sore {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Sore {
    #[disconnect]
    async fn disconnect(&mut self) {
        self.diary.note("disconnect");
        panic!("the panic that a test asked for");
    }
}

#[tokio::test]
async fn a_panic_in_disconnect_disturbs_nobody() {
    let diary = Diary::default();
    let site = Site::new(Router::new().consumer::<Sore>().layer(Extension(diary.clone()))).await;
    let (one, other) = (site.client("/ws/sore/").await, site.client("/ws/sore/").await);
    assert_eq!(one.close(1000, "").await, (1000, String::new()), "the close frame is answered all the same");
    diary.says("disconnect").await;
    assert_eq!(other.close(1000, "").await, (1000, String::new()));
    diary.has(2).await;
    site.settled().await;
    assert_eq!((diary.entries().len(), site.channels.counts().panics), (2, 2));
}

#[tokio::test]
async fn a_drain_ends_with_1012() {
    let (mut site, diary, _) = site().await;
    let mut client = site.client("/ws/life/").await;
    site.stop();
    let (code, reason) = client.hear_close().await;
    assert!(code == 1012 && reason.starts_with("the server restarts; retry-after="), "{code} {reason}");
    site.ended().await;
    ends(&site, &diary, &format!("disconnect 1012 {reason:?} Shutdown")).await;
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_closed_with_1013() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let settings = Settings { max_outgoing: 256 * 1024, ..Settings::default() };
    let site = Site::new(app(&diary, &gate).with_settings(settings)).await;
    let mut client = site.client("/ws/life/").await;
    let text = "x".repeat(128 * 1024);
    // More than two kernels' buffers and the queue take together.
    for _ in 0..200 {
        tell_all(&site, &text).await;
        tokio::task::yield_now().await;
    }
    diary.says(r#"disconnect 1013 "too slow" Overflow"#).await;
    assert!(site.channels.counts().outgoing_dropped > 0, "what was dropped is counted");
    assert_eq!(client.hear_close().await, (1013, "too slow".into()), "once it reads, it is told");
    ends(&site, &diary, r#"disconnect 1013 "too slow" Overflow"#).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_no_ping_is_lost() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let mut client = Communicator::new(app(&diary, &gate), "/ws/life/");
    client.connect().await.unwrap();
    // The client reads nothing, so it answers nothing.
    tokio::time::sleep(Duration::from_secs(44)).await;
    assert_eq!(diary.entries(), ["connect"]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    diary.says(r#"disconnect 1006 "" Timeout"#).await;
    assert_eq!(diary.entries().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_that_answers_pings_stays() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let mut client = Communicator::new(app(&diary, &gate), "/ws/life/").patience(Duration::from_secs(3600));
    client.connect().await.unwrap();
    assert!(matches!(client.receive_text_from().await, Err(TestError::Silent(_))));
    client.send_text_to("echo").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "echo");
    assert_eq!(diary.entries(), ["connect", "receive echo"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_does_not_stop_the_heartbeat() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let mut client = Communicator::new(app(&diary, &gate), "/ws/life/").patience(Duration::from_secs(15));
    client.connect().await.unwrap();
    client.send_text_to("wait").await.unwrap();
    // Reads, and so answers pings, for longer than a heartbeat, though never for as long as the gate waits.
    assert!(matches!(client.receive_text_from().await, Err(TestError::Silent(_))));
    gate.open();
    client.send_text_to("echo").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "echo");
}

#[tokio::test]
async fn a_handler_that_waits_for_a_client_that_is_gone_is_freed() {
    let (site, diary, _) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("flood").await;
    client.hear_bytes().await;
    client.reset();
    ends(&site, &diary, r#"disconnect 1006 "" Lost"#).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_for_a_client_that_reads_nothing_is_freed() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let mut client = Communicator::new(app(&diary, &gate), "/ws/life/");
    client.connect().await.unwrap();
    client.send_text_to("flood").await.unwrap();
    diary.says("receive flood").await;
    tokio::time::sleep(Duration::from_secs(100)).await;
    diary.says(r#"disconnect 1006 "" Timeout"#).await;
}

#[tokio::test]
async fn a_handler_that_waits_for_a_client_that_closed_and_reads_nothing_is_freed() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let settings = Settings { send_timeout: Duration::from_millis(300), ..Settings::default() };
    let site = Site::new(app(&diary, &gate).with_settings(settings)).await;
    let mut raw = Raw::open(site.address, "/ws/life/").await;
    raw.write(&[frame(true, 1, b"flood"), frame(true, 8, &[3, 232])].concat()).await;
    ends(&site, &diary, r#"disconnect 1000 "" Client"#).await;
    drop(raw);
}

/// A server that waits for a client's close frame for as long as a test may take, and longer.
async fn patient_site() -> (Site, Diary) {
    let (diary, gate) = (Diary::default(), Gate::default());
    let settings = Settings { close_timeout: Duration::from_secs(3600), ..Settings::default() };
    (Site::new(app(&diary, &gate).with_settings(settings)).await, diary)
}

#[tokio::test]
async fn the_server_hangs_up_first_on_a_client_that_broke_the_protocol() {
    for (bytes, code) in [
        (vec![0x81, 1, b'x'], 1002),
        (frame(true, 1, &[b'x'; 70_000]), 1009),
        (frame(true, 1, b"x").repeat(1000), 1008),
    ] {
        let (site, _) = patient_site().await;
        let mut raw = Raw::open(site.address, "/ws/life/").await;
        raw.write(&bytes).await;
        assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(code));
        raw.write(&frame(true, 8, &[3, 232])).await;
        assert_eq!(raw.frame().await, None, "after {code} the line ends");
        drop(raw);
        site.settled().await;
    }
}

#[tokio::test]
async fn closes_that_cross_each_other_end_the_line_at_once() {
    let (site, diary) = patient_site().await;
    let mut raw = Raw::open(site.address, "/ws/life/").await;
    raw.write(&[frame(true, 1, b"close"), frame(true, 8, &[3, 232])].concat()).await;
    assert_eq!(raw.close_frame().await, Some((4001, "as you wish".into())));
    assert_eq!(raw.frame().await, None, "the client's close frame came long before");
    ends(&site, &diary, r#"disconnect 4001 "as you wish" Consumer"#).await;
}

/// Answers every event with another one, to itself.
#[consumer("/ws/eager/", group = Everyone)]
struct Eager {
    stopped: bool,
    rounds: usize,
    #[extract]
    diary: Diary,
}

#[consumer]
impl Eager {
    #[receive(text)]
    async fn receive(&mut self, _: String) {
        self.stopped = true;
    }

    #[event("life.deed")]
    async fn deed(&mut self, event: &Deed, context: &mut Context<Self>) -> Result {
        self.rounds += 1;
        if self.stopped || self.rounds == 200_000 {
            self.diary.note(if self.stopped { "stopped" } else { "never heard" });
            return Ok(());
        }
        context.group().send(Deed { deed: event.deed.clone() }).await
    }

    #[event("life.told")]
    fn told(event: &Told) -> Value {
        json!({ "told": event.text })
    }
}

#[tokio::test]
async fn events_without_end_starve_neither_the_client_nor_other_tasks() {
    let diary = Diary::default();
    let site = Site::new(Router::new().consumer::<Eager>().layer(Extension(diary.clone()))).await;
    let mut client = site.client("/ws/eager/").await;
    order_all(&site, "again").await;
    client.say("stop").await;
    assert_eq!(diary.has(1).await, ["stopped"]);
}
