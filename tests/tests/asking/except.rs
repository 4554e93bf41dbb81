//! Group sends that leave somebody out.

use super::*;

async fn notes(client: &mut Communicator, text: &str) {
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({ "note": text }));
}

#[tokio::test(start_paused = true)]
async fn a_group_send_reaches_all_but_those_who_are_named() {
    let house = House::new();
    let (mut ada, mut bob, mut eve) = (house.member("ada").await, house.member("bob").await, house.member("eve").await);
    let (a, b) = (name(&mut ada).await, name(&mut bob).await);
    room().send_except(&house.channels, Note { text: "for eve".into() }, [&a, &b]).await.unwrap();
    notes(&mut eve, "for eve").await;
    let message = json!({"type": "room.note", "text": "by name"});
    house.channels.untyped().group_send_except("room_a", message, [&a]).await.unwrap();
    notes(&mut bob, "by name").await;
    notes(&mut eve, "by name").await;
    room().send_except(&house.channels, Note { text: "all".into() }, []).await.unwrap();
    for client in [&mut ada, &mut bob, &mut eve] {
        notes(client, "all").await;
        assert!(client.receive_nothing().await);
    }
}

#[tokio::test(start_paused = true)]
async fn the_sender_can_leave_itself_out() {
    let house = House::new();
    let (mut ada, mut bob) = (house.member("ada").await, house.member("bob").await);
    ada.send_text_to("others").await.unwrap();
    notes(&mut bob, "others").await;
    assert!(ada.receive_nothing().await);
}

#[tokio::test(start_paused = true)]
async fn a_member_of_another_process_is_left_out_too() {
    let layer = MemoryLayer::new();
    let here = House::on(Channels::builder().layer(layer.clone()).build());
    let there = House::on(Channels::builder().layer(layer).build());
    let (mut ada, mut bob) = (here.member("ada").await, there.member("bob").await);
    let b = name(&mut bob).await;
    room().send_except(&here.channels, Note { text: "hi".into() }, [&b]).await.unwrap();
    notes(&mut ada, "hi").await;
    assert!(bob.receive_nothing().await);
}
