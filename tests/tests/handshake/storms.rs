//! More clients at once than `#[connect]` is to see at once.

use tests::Gate;

use super::*;

/// Takes as long to come in as the test likes.
#[consumer("/ws/slow/")]
struct Slow {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Slow {
    #[connect]
    async fn connect(&mut self) {
        self.diary.note("in");
        self.gate.pass().await;
        self.diary.note("out");
    }

    #[receive(text)]
    async fn receive(&mut self, _: String) {}
}

async fn slow_site(max_handshakes: usize, handshake_wait: Duration) -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    let app = Router::new().consumer::<Slow>().layer(Extension(diary.clone())).layer(Extension(gate.clone()));
    let settings = Settings { max_handshakes: Some(max_handshakes), handshake_wait, ..Settings::default() };
    (Site::new(app.with_settings(settings)).await, diary, gate)
}

#[tokio::test]
async fn a_storm_waits_for_its_turn_and_all_get_in() {
    const CLIENTS: usize = 50;
    let (site, diary, gate) = slow_site(3, Duration::from_secs(600)).await;
    let address = site.address;
    let connecting: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(Client::try_connect(address, "/ws/slow/", &[]))).collect();
    diary.until("three are in", |entries| entries.len() == 3).await;
    gate.open();
    for client in connecting {
        soon("a client is let in", client).await.unwrap().unwrap();
    }
    let mut inside = 0usize;
    for entry in diary.entries() {
        match &*entry {
            "in" => inside += 1,
            _ => inside -= 1,
        }
        assert!(inside <= 3, "{:?}", diary.entries());
    }
    let counts = site.channels.counts();
    assert_eq!((counts.accepted, counts.refused, counts.put_off), (CLIENTS as u64, 0, 0), "nobody fails");
}

#[tokio::test]
async fn who_waits_too_long_is_told_to_come_back_and_the_log_names_the_setting_once() {
    let log = Log::begin();
    let (site, diary, gate) = slow_site(1, Duration::from_millis(50)).await;
    let inside = tokio::spawn(Client::try_connect(site.address, "/ws/slow/", &[]));
    diary.says("in").await;
    for _ in 0..3 {
        let response = ask(site.address, &handshake("/ws/slow/", "")).await;
        assert_eq!(response.status, 503);
        assert!(matches!(response.header("retry-after"), Some("1" | "2")), "{}", response.head);
        assert!(response.body.contains("come back"), "{}", response.body);
    }
    let counts = site.channels.counts();
    assert_eq!((counts.refused, counts.put_off), (3, 3));
    assert_eq!(log.text().matches("`max_handshakes`").count(), 1);
    gate.open();
    let _client = inside.await.unwrap().unwrap();
    site.client("/ws/slow/").await.close(1000, "").await;
    assert_eq!(diary.count("in"), 2, "who was put off was not connected");
}

#[tokio::test]
async fn a_connect_that_ends_badly_gives_its_place_back() {
    let (site, diary, gate) = slow_site(1, Duration::from_secs(600)).await;
    for round in 1..=3 {
        // It hangs up while it connects, or waits to.
        let mut raw = Raw::connect(site.address).await;
        raw.write(handshake("/ws/slow/", "").as_bytes()).await;
        diary.until("it is in", |entries| entries.iter().filter(|entry| *entry == "in").count() == round).await;
        let mut waiting = Raw::connect(site.address).await;
        waiting.write(handshake("/ws/slow/", "").as_bytes()).await;
        waiting.reset();
        raw.reset();
        gate.let_one_pass();
    }
    gate.open();
    site.client("/ws/slow/").await.close(1000, "").await;
    site.settled().await;
}
