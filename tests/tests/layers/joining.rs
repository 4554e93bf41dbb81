//! Who is told to be a member is one, however many join and leave at the same time.

use consumer_runtime::{Channels, ReceivingChannel};
use futures_util::{FutureExt, future::join_all};
use tests::{FlakyLayer, Joins, soon};

async fn lobby(layer: &FlakyLayer) -> (Channels, Vec<ReceivingChannel>) {
    let channels = Channels::builder().layer(layer.clone()).build();
    let members = (0..3).map(|_| channels.untyped().new_channel()).collect();
    (channels, members)
}

#[tokio::test]
async fn whoever_joins_while_the_layer_is_being_told_waits_for_it_too() {
    let layer = FlakyLayer::default();
    let (_channels, members) = lobby(&layer).await;
    layer.joins(Joins::Wait);
    let mut joining: Vec<_> = members.iter().map(|member| Box::pin(member.group_add("lobby"))).collect();
    for joining in &mut joining {
        assert!(joining.now_or_never().is_none(), "a member before the layer knows of one would miss what is sent");
    }
    layer.joins(Joins::Succeed);
    for joined in soon("they are members", join_all(joining)).await {
        joined.unwrap();
    }
    assert_eq!(layer.told(), ["+lobby"], "once for all");
    soon("one more joins at once", members[0].group_add("lobby")).await.unwrap();
    drop(members);
    assert_eq!(layer.told(), ["-lobby"]);
}

#[tokio::test]
async fn when_the_first_gives_up_the_next_subscribes() {
    let layer = FlakyLayer::default();
    let (_channels, members) = lobby(&layer).await;
    layer.joins(Joins::Wait);
    let mut first = Box::pin(members[0].group_add("lobby"));
    let mut second = Box::pin(members[1].group_add("lobby"));
    assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
    drop(first);
    assert!((&mut second).now_or_never().is_none());
    assert_eq!(layer.told(), ["+lobby", "+lobby"]);
    layer.joins(Joins::Succeed);
    soon("the second is a member", second).await.unwrap();
    members[1].group_discard("lobby").await.unwrap();
    assert_eq!(layer.told(), ["-lobby"], "the first is none");
}

#[tokio::test]
async fn who_cannot_join_is_no_member_and_may_try_again() {
    let layer = FlakyLayer::default();
    let (_channels, members) = lobby(&layer).await;
    layer.joins(Joins::Wait);
    let mut joining: Vec<_> = members.iter().map(|member| Box::pin(member.group_add("lobby"))).collect();
    for joining in &mut joining {
        assert!(joining.now_or_never().is_none());
    }
    layer.joins(Joins::Fail);
    for joined in soon("they are told", join_all(joining)).await {
        assert!(joined.unwrap_err().to_string().contains("away"));
    }
    assert_eq!(layer.told().last().unwrap(), "-lobby", "the layer's last word is that nobody is there");
    layer.joins(Joins::Succeed);
    members[2].group_add("lobby").await.unwrap();
    assert_eq!(layer.told(), ["+lobby"]);
}

#[tokio::test]
async fn a_member_stays_one_when_it_joins_again_in_vain() {
    let layer = FlakyLayer::default();
    let (channels, mut members) = lobby(&layer).await;
    members[0].group_add("lobby").await.unwrap();
    layer.joins(Joins::Fail);
    members[0].group_add("lobby").await.unwrap();
    members[1].group_add("lobby").await.unwrap();
    channels.untyped().group_send("lobby", serde_json::json!({"type": "a"})).await.unwrap();
    for member in &mut members[..2] {
        assert_eq!(soon("a message", member.receive()).await.name(), "a");
    }
    assert_eq!(layer.told(), ["+lobby"], "the group has had members all the time");
}
