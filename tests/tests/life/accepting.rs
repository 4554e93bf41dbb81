//! What a connection can do before and while it is accepted.

use super::*;

/// Joins, speaks and waits during connect.
#[consumer("/ws/early/")]
struct Early {
    diary: Diary,
}

#[consumer]
impl Early {
    #[connect]
    async fn connect(diary: Diary, gate: Gate, context: &mut Context<Self>) -> Result<Self, Refusal> {
        context.join(Everyone {}).await?;
        context.send_text("welcome").await?;
        context.send_text("in order").await?;
        diary.note("connecting");
        gate.pass().await;
        diary.note("connected");
        Ok(Self { diary })
    }

    #[event("life.deed")]
    async fn deed(&mut self, event: &Deed) {
        self.diary.note(format!("event {}", event.deed));
    }

    #[event("life.told")]
    fn told(event: &Told) -> Value {
        json!({ "told": event.text })
    }
}

async fn early() -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    let app = Router::new().consumer::<Early>().layer(Extension(diary.clone())).layer(Extension(gate.clone()));
    (Site::new(app).await, diary, gate)
}

#[tokio::test]
async fn what_connect_sends_arrives_first_after_the_upgrade() {
    let (site, diary, gate) = early().await;
    let connecting = tokio::spawn(Client::try_connect(site.address, "/ws/early/", &[]));
    diary.says("connecting").await;
    tell_all(&site, "later").await;
    gate.open();
    let mut client = connecting.await.unwrap().unwrap();
    assert_eq!(client.hear().await, "welcome");
    assert_eq!(client.hear().await, "in order");
    assert_eq!(client.hear_json().await, json!({"told": "later"}));
}

#[tokio::test]
async fn events_that_come_before_the_accept_are_handled_after_connect_returned() {
    let (site, diary, gate) = early().await;
    let connecting = tokio::spawn(Client::try_connect(site.address, "/ws/early/", &[]));
    diary.says("connecting").await;
    order_all(&site, "one").await;
    order_all(&site, "two").await;
    assert_eq!(diary.entries(), ["connecting"]);
    gate.open();
    let _client = connecting.await.unwrap().unwrap();
    diary.says("event two").await;
    assert_eq!(diary.entries(), ["connecting", "connected", "event one", "event two"]);
}

/// Accepts with nothing said.
#[consumer("/ws/plain/")]
struct Plain {}

#[consumer]
impl Plain {
    #[receive(bytes)]
    async fn receive(&mut self, bytes: Vec<u8>, context: &mut Context<Self>) -> Result {
        context.send_bytes(bytes).await
    }
}

#[tokio::test]
async fn a_consumer_without_connect_accepts() {
    let site = Site::new(Router::new().consumer::<Plain>()).await;
    let mut client = site.client("/ws/plain/").await;
    client.say_bytes(&[1, 0, 255]).await;
    assert_eq!(client.hear_bytes().await, [1, 0, 255]);
    client.say_bytes(&[]).await;
    assert_eq!(client.hear_bytes().await, [0; 0], "an empty frame is a frame");
}

/// Waits before it accepts, and then only hangs up.
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
        self.diary.note("connecting");
        self.gate.pass().await;
        self.diary.note("connected");
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(farewell(&disconnect));
    }
}

fn slow(diary: &Diary, gate: &Gate) -> Router {
    Router::new().consumer::<Slow>().layer(Extension(diary.clone())).layer(Extension(gate.clone()))
}

#[tokio::test]
async fn a_client_that_leaves_during_connect_is_disconnected_once() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let site = Site::new(slow(&diary, &gate)).await;
    let mut raw = Raw::connect(site.address).await;
    raw.write(handshake("/ws/slow/", "").as_bytes()).await;
    diary.says("connecting").await;
    raw.reset();
    // The server sees the reset while the handler waits; the gate opens after a whole other connection was served.
    assert_eq!(ask(site.address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.status, 404);
    gate.open();
    diary.says(r#"disconnect 1006 "" Lost"#).await;
    site.settled().await;
    assert_eq!(diary.entries(), ["connecting", "connected", r#"disconnect 1006 "" Lost"#]);
}

#[tokio::test(start_paused = true)]
async fn a_connect_that_takes_too_long_is_answered_503() {
    let (diary, gate) = (Diary::default(), Gate::default());
    let mut client = Communicator::new(slow(&diary, &gate), "/ws/slow/");
    let began = tokio::time::Instant::now();
    let refused = client.connect().await.unwrap_err();
    assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
    assert_eq!(began.elapsed().as_secs(), 10);
    client.ended().await;
    assert_eq!(diary.entries(), ["connecting", r#"disconnect 1006 "" Refused"#], "it was built, so it is told");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_connect_is_a_setting() {
    let settings = Settings { connect_timeout: Duration::from_secs(3), ..Settings::default() };
    let app = slow(&Diary::default(), &Gate::default()).with_settings(settings);
    let began = tokio::time::Instant::now();
    let refused = Communicator::new(app, "/ws/slow/").connect().await.unwrap_err();
    assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
    assert_eq!(began.elapsed().as_secs(), 3);
}
