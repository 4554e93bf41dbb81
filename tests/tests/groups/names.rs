//! Two types of groups that can give one name: whoever brings the second is refused.

use tests::{Site, ask, eventually, handshake};

use super::*;

/// In the way of `hall_{hall}`.
#[group("hall_of_{kind}", events(Asked))]
struct HallOf {
    kind: String,
}

#[consumer("/ws/fame/{kind}/", group = HallOf)]
struct Fame {
    kind: String,
}

#[consumer]
impl Fame {
    #[event("hall.asked")]
    async fn asked(&mut self, _: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(&self.kind).await
    }
}

/// Joins what it does not declare.
#[consumer("/ws/joiner/")]
struct Joiner {}

#[consumer]
impl Joiner {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let joined = match &*text {
            "hall of" => context.join(HallOf { kind: "joined".into() }).await,
            "by name" => context.untyped().group_add("hall_of_joined").await,
            _ => context.join(hall("joined")).await,
        };
        context.send_text(joined.map_or_else(|error| error.to_string(), |()| "joined".to_owned())).await
    }

    #[event("hall.told")]
    fn told(event: &Told) -> String {
        event.text.clone()
    }

    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(event.text).await
    }

    #[event("hall.broken")]
    fn broken(_: &Broken) -> Option<String> {
        None
    }
}

/// A group of its own, with parameters: all of them are one group.
#[consumer("/ws/own/{place}/", group = "own_{place}")]
struct Own<const LOUD: bool> {
    place: String,
}

#[consumer]
impl<const LOUD: bool> Own<LOUD> {
    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(if LOUD { event.text.to_uppercase() } else { self.place.clone() + " " + &event.text }).await
    }
}

/// Another group of its own, with names of the other's.
#[consumer("/ws/rival/{place}/", group = "own_{place}")]
struct Rival {
    place: String,
}

#[consumer]
impl Rival {
    #[event("hall.asked")]
    async fn asked(&mut self, _: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(&self.place).await
    }
}

fn told_all(error: &str) {
    for told in
        ["::HallOf`", "::Hall`", r#""hall_of_{kind}""#, r#""hall_{hall}""#, r#""hall_of_1""#, "begin one template"]
    {
        assert!(error.contains(told), "{told}: {error}");
    }
}

#[tokio::test]
async fn a_consumer_whose_group_can_have_anothers_name_is_a_500_and_the_log_says_why() {
    let log = Log::begin();
    let site = Site::new(Router::new().consumer::<Fame>().consumer::<Joiner>()).await;
    hall("a").send(&site.channels, asked("first")).await.unwrap();
    for _ in 0..2 {
        let answer = ask(site.address, &handshake("/ws/fame/x/", "")).await;
        assert_eq!(answer.status, 500);
        assert!(!answer.body.contains("hall"), "{}", answer.body);
    }
    let text = log.text();
    told_all(text.lines().find(|line| line.contains("ERROR")).expect(&text));
    assert_eq!(log.lines_with("consumer=\"Fame\""), 2, "{text}");
    site.client("/ws/joiner/").await;
}

#[tokio::test]
async fn a_join_of_the_second_type_is_an_error_that_names_both() {
    let site = Site::new(routes![Fame, Joiner]).await;
    let mut joiner = site.client("/ws/joiner/").await;
    for expected in ["joined", "joined"] {
        joiner.say("hall of").await;
        assert_eq!(joiner.hear().await, expected);
    }
    for _ in 0..2 {
        joiner.say("hall").await;
        told_all(&joiner.hear().await);
    }
    joiner.say("by name").await;
    assert_eq!(joiner.hear().await, "joined", "who says no type is not looked at");
    let mut fame = site.client("/ws/fame/joined/").await;
    HallOf { kind: "joined".into() }.send(&site.channels, asked("to both")).await.unwrap();
    assert_eq!((fame.hear().await, joiner.hear().await), ("joined".to_owned(), "to both".to_owned()));
}

#[tokio::test]
async fn a_send_to_the_second_type_is_an_error_that_names_both() {
    let site = Site::new(routes![Fame]).await;
    let mut fame = site.client("/ws/fame/of_x/").await;
    for _ in 0..2 {
        told_all(&hall("of_of_x").send(&site.channels, asked("no")).await.unwrap_err().to_string());
    }
    let by_name = json!({"type": "hall.asked", "text": "by name"});
    site.channels.untyped().group_send("hall_of_of_x", by_name).await.unwrap();
    assert_eq!(fame.hear().await, "of_x");
    assert_eq!(site.channels.counts().delivered, 1);
}

#[tokio::test]
async fn own_groups_take_part() {
    let log = Log::begin();
    let app = Router::new().consumer::<Own<false>>().route("/loud/{place}/", Own::<true>::route()).consumer::<Rival>();
    let site = Site::new(app).await;
    let (mut own, _loud) = (site.client("/ws/own/a/").await, site.client("/loud/a/").await);
    assert_eq!(ask(site.address, &handshake("/ws/rival/a/", "")).await.status, 500);
    assert_eq!(log.lines_with("the group of"), 1, "{}", log.text());
    for told in ["::Own`", "::Rival`", r#"both can be "own_1""#] {
        assert!(log.text().contains(told), "{}", log.text());
    }
    let by_name = json!({"type": "hall.asked", "text": "hello"});
    site.channels.untyped().group_send("own_a", by_name).await.unwrap();
    assert_eq!(own.hear().await, "a hello");
}

#[tokio::test]
async fn each_channels_has_its_own_types() {
    let (halls, fames) = (Site::new(routes![Joiner]).await, Site::new(routes![Fame]).await);
    let (mut joiner, mut fame) = (halls.client("/ws/joiner/").await, fames.client("/ws/fame/joined/").await);
    joiner.say("hall").await;
    assert_eq!(joiner.hear().await, "joined");
    hall("joined").send(&halls.channels, asked("here")).await.unwrap();
    HallOf { kind: "joined".into() }.send(&fames.channels, asked("there")).await.unwrap();
    assert_eq!((joiner.hear().await, fame.hear().await), ("here".to_owned(), "joined".to_owned()));
    eventually("nothing else was delivered", || halls.channels.counts().delivered == 1).await;
}
