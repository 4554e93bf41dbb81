//! Several declared groups: all are joined at connect, under the names that the fields gave then.

use tests::{Client, Site, ask, handshake};

use super::*;

/// Speaks to each of its groups.
#[consumer("/ws/player/{hall}/{user}/", groups(Hall, User, Everyone))]
struct Player {
    hall: String,
    user: u32,
}

#[group("user_{user}", events(Asked))]
struct User {
    user: u32,
}

#[group("everyone", events(Asked))]
struct Everyone;

#[consumer]
impl Player {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let event = asked(&format!("{text} from {}", self.user));
        match text.as_str() {
            "hall" => context.group_of::<Hall>().send(event).await,
            "user" => context.group_of::<User>().send(event).await,
            "move" => {
                self.hall = "moved".into();
                context.send_text(format!("{:?}", context.group_of::<Hall>().name().map(ToString::to_string))).await
            }
            "leave" => {
                context.leave(hall(&self.hall)).await?;
                context.send_text("left").await
            }
            _ => context.group_of::<Everyone>().send(event).await,
        }
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

/// The same with blocking handlers.
#[consumer("/ws/blocking/{hall}/{user}/", groups(User, Hall))]
struct Blocking {
    hall: String,
    user: u32,
}

#[consumer(blocking)]
impl Blocking {
    #[receive(text)]
    fn receive(&mut self, text: String, context: &mut BlockingContext<Self>) -> Result {
        assert_eq!(context.group_of::<Hall>().name().map(ToString::to_string), Some(format!("hall_{}", self.hall)));
        context.group_of::<User>().send(asked(&text))
    }

    #[event("hall.told")]
    fn told(event: &Told) -> String {
        event.text.clone()
    }

    #[event("hall.asked")]
    fn asked(&mut self, event: Asked, context: &mut BlockingContext<Self>) -> Result {
        context.send_text(format!("{} hears {}", self.user, event.text))
    }

    #[event("hall.broken")]
    fn broken(_: &Broken) -> Option<String> {
        None
    }
}

async fn players(paths: [&str; 3]) -> (Site, [Client; 3]) {
    let site = Site::new(routes![Player, Blocking]).await;
    let [one, two, three] = paths;
    let clients = [site.client(one).await, site.client(two).await, site.client(three).await];
    (site, clients)
}

#[tokio::test]
async fn all_declared_groups_are_joined_and_each_is_sent_to_by_its_type() {
    let (_site, [mut one, mut other, mut third]) =
        players(["/ws/player/a/1/", "/ws/player/a/2/", "/ws/player/b/1/"]).await;
    one.say("hall").await;
    one.say("user").await;
    one.say("everyone").await;
    for text in ["hall from 1", "user from 1", "everyone from 1"] {
        assert_eq!(one.hear().await, text);
    }
    for text in ["hall from 1", "everyone from 1"] {
        assert_eq!(other.hear().await, text);
    }
    for text in ["user from 1", "everyone from 1"] {
        assert_eq!(third.hear().await, text);
    }
}

#[tokio::test]
async fn consumers_of_several_types_are_members_of_the_same_groups() {
    let (site, [mut player, mut blocking, mut other]) =
        players(["/ws/player/a/1/", "/ws/blocking/b/1/", "/ws/blocking/a/2/"]).await;
    blocking.say("hello").await;
    assert_eq!(player.hear().await, "hello");
    assert_eq!(blocking.hear().await, "1 hears hello");
    Hall { hall: "a".into() }.send(&site.channels, asked("in a")).await.unwrap();
    assert_eq!(player.hear().await, "in a");
    assert_eq!(other.hear().await, "2 hears in a");
    User { user: 2 }.send(&site.channels, asked("to 2")).await.unwrap();
    assert_eq!(other.hear().await, "2 hears to 2");
}

#[tokio::test]
async fn the_names_are_fixed_at_connect() {
    let (_site, [mut one, mut other, _]) = players(["/ws/player/a/1/", "/ws/player/a/2/", "/ws/player/b/3/"]).await;
    one.say("move").await;
    assert_eq!(one.hear().await, r#"Some("hall_a")"#);
    one.say("hall").await;
    assert_eq!(one.hear().await, "hall from 1");
    assert_eq!(other.hear().await, "hall from 1");
}

#[tokio::test]
async fn leaving_one_declared_group_leaves_the_others() {
    let (site, [mut one, _two, _three]) = players(["/ws/player/a/1/", "/ws/player/a/2/", "/ws/player/b/3/"]).await;
    one.say("leave").await;
    assert_eq!(one.hear().await, "left");
    hall("a").send(&site.channels, asked("in a")).await.unwrap();
    User { user: 1 }.send(&site.channels, asked("to 1")).await.unwrap();
    assert_eq!(one.hear().await, "to 1");
}

#[tokio::test]
async fn a_name_that_breaks_the_rule_is_a_400_and_leaves_nobody_in_a_group() {
    let site = Site::new(routes![Player]).await;
    let answer = ask(site.address, &handshake("/ws/player/two%20words/1/", "")).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("two words"), "{}", answer.body);
    User { user: 1 }.send(&site.channels, asked("nobody")).await.unwrap();
    let counts = site.channels.counts();
    assert_eq!((counts.delivered, counts.gone), (0, 0), "{counts:?}");
}

#[tokio::test]
async fn a_line_that_is_cut_leaves_all_groups() {
    let (site, [one, mut other, _third]) = players(["/ws/player/a/1/", "/ws/player/a/2/", "/ws/player/b/3/"]).await;
    one.close(1000, "").await;
    tests::eventually("the first has ended", || site.channels.counts().ended == 1).await;
    hall("a").send(&site.channels, asked("in a")).await.unwrap();
    User { user: 1 }.send(&site.channels, asked("to 1")).await.unwrap();
    assert_eq!(other.hear().await, "in a");
    let counts = site.channels.counts();
    assert_eq!((counts.delivered, counts.gone), (1, 0), "{counts:?}");
}
