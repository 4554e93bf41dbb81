//! A panic in any kind of handler is the end of its own connection at most.

use super::*;

#[event("party.broken")]
struct Broken {}

#[event("party.shattered")]
struct Shattered {}

#[event("party.greeted")]
struct Greeted {}

/// Panics where its path says.
#[consumer("/ws/fragile/{place}/", group = "party")]
struct Fragile {
    place: String,
}

impl Fragile {
    fn check(&self, place: &str) {
        assert!(self.place != place, "the panic that a test asked for");
    }
}

#[consumer]
impl Fragile {
    #[connect]
    async fn connect(&mut self) -> Result<(), Refusal> {
        self.check("connect");
        Ok(())
    }

    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        self.check("receive");
        context.send_text(text).await
    }

    #[event("party.broken")]
    async fn broken(&mut self, _: &Broken) {
        self.check("event");
    }

    #[event("party.shattered")]
    fn shattered(_: &Shattered) -> String {
        panic!("the panic that a test asked for")
    }

    #[event("party.greeted")]
    fn greeted(_: &Greeted) -> &'static str {
        "welcome"
    }

    #[disconnect]
    async fn disconnect(&mut self) {
        self.check("disconnect");
    }
}

/// The same on threads of its own.
#[consumer("/ws/heavy/{place}/", group = "party")]
struct Heavy {
    place: String,
}

impl Heavy {
    fn check(&self, place: &str) {
        assert!(self.place != place, "the panic that a test asked for");
    }
}

#[consumer(blocking)]
impl Heavy {
    #[connect]
    fn connect(&mut self) -> Result<(), Refusal> {
        self.check("connect");
        Ok(())
    }

    #[receive(text)]
    fn text(&mut self, text: String, context: &mut BlockingContext<Self>) -> Result {
        self.check("receive");
        context.send_text(text)
    }

    #[event("party.broken")]
    fn broken(&mut self, _: &Broken) {
        self.check("event");
    }

    #[event("party.shattered")]
    fn shattered(_: &Shattered) -> String {
        panic!("the panic that a test asked for")
    }

    #[event("party.greeted")]
    fn greeted(_: &Greeted) -> &'static str {
        "welcome"
    }

    #[disconnect]
    fn disconnect(&mut self) {
        self.check("disconnect");
    }
}

async fn everybody_else_is_served(kind: &str) {
    let site = Site::new(Router::new().consumer::<Fragile>().consumer::<Heavy>()).await;
    let channels = site.channels.clone();
    let send = async |name: &str| channels.untyped().group_send("party", json!({ "type": name })).await.unwrap();
    let mut honest = site.client(&format!("/ws/{kind}/nowhere/")).await;
    let mut panics = 0;
    for place in ["connect", "receive", "event", "shared", "disconnect"] {
        let path = format!("/ws/{kind}/{place}/");
        match place {
            "connect" => {
                assert_eq!(Client::try_connect(site.address, &path, &[]).await.unwrap_err().0, 500);
            }
            "receive" => {
                let mut fragile = site.client(&path).await;
                fragile.say("hello").await;
                assert_eq!(fragile.hear_close().await.0, 1011, "{place}");
            }
            "event" => {
                let mut fragile = site.client(&path).await;
                send("party.broken").await;
                assert_eq!(fragile.hear_close().await.0, 1011, "{place}");
            }
            // Of nobody's own: it is not sent, and nobody closes.
            "shared" => send("party.shattered").await,
            _ => drop(site.client(&path).await.close(1000, "").await),
        }
        panics += 1;
        soon("it is counted", async {
            while channels.counts().panics < panics {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        assert_eq!(channels.counts().panics, panics, "{place}");
        honest.say(place).await;
        assert_eq!(honest.hear().await, place);
        send("party.greeted").await;
        assert_eq!(honest.hear().await, r#""welcome""#, "{place}");
    }
    honest.close(1000, "").await;
    site.settled().await;
    let delivered = channels.counts().delivered;
    send("party.greeted").await;
    assert_eq!(channels.counts().delivered, delivered, "nobody is left in the group");
    let drain = channels.begin_drain(Duration::ZERO);
    soon("no task is left", drain.wait(tests::PATIENCE)).await.unwrap();
}

#[tokio::test]
async fn a_panic_in_any_handler_harms_nobody_else() {
    everybody_else_is_served("fragile").await;
}

#[tokio::test]
async fn a_panic_in_any_blocking_handler_harms_nobody_else() {
    everybody_else_is_served("heavy").await;
}
