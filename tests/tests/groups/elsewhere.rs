//! Events and groups of another crate.

use tests::{
    Site,
    elsewhere::{Announced, Place},
};

use super::*;

/// A group of this crate that carries an event of another.
#[group("stage_{stage}", events(Announced, Asked))]
struct Stage {
    stage: String,
}

/// A consumer of this crate in a group of another, and in one of its own crate.
#[consumer("/ws/visitor/{place}/{stage}/", groups(Place, Stage))]
struct Visitor {
    place: String,
    stage: String,
}

#[consumer]
impl Visitor {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.split_once(' ') {
            Some(("place", text)) => context.group_of::<Place>().send(Announced { text: text.into() }).await,
            Some(("join", place)) => {
                context.join(Place { place: place.into() }).await?;
                context.send_text(format!("{} joined", self.place)).await
            }
            _ => context.group_of::<Stage>().send(Announced { text: format!("{text} on {}", self.stage) }).await,
        }
    }

    #[event("elsewhere.announced")]
    fn announced(event: &Announced) -> String {
        event.text.clone()
    }

    #[event("hall.asked")]
    async fn asked(&mut self, _: Asked) {}
}

#[tokio::test]
async fn a_group_of_another_crate_has_members_here() {
    let site = Site::new(routes![Visitor]).await;
    let mut visitor = site.client("/ws/visitor/park/left/").await;
    let mut other = site.client("/ws/visitor/park/right/").await;
    visitor.say("place it rains").await;
    assert_eq!(visitor.hear().await, r#""it rains""#);
    assert_eq!(other.hear().await, r#""it rains""#);
    Place { place: "park".into() }.send(&site.channels, Announced { text: "closing".into() }).await.unwrap();
    assert_eq!(other.hear().await, r#""closing""#);
    other.say("join lake").await;
    assert_eq!(other.hear().await, "park joined");
    Place { place: "lake".into() }.send(&site.channels, Announced { text: "open".into() }).await.unwrap();
    assert_eq!(other.hear().await, r#""open""#);
}

#[tokio::test]
async fn a_group_of_this_crate_carries_an_event_of_another() {
    let site = Site::new(routes![Visitor]).await;
    let mut visitor = site.client("/ws/visitor/park/left/").await;
    visitor.say("lights").await;
    assert_eq!(visitor.hear().await, r#""lights on left""#);
    Stage { stage: "left".into() }.send(&site.channels, Announced { text: "curtain".into() }).await.unwrap();
    assert_eq!(visitor.hear().await, r#""curtain""#);
}
