//! Who is a member gets everything, once; who is none gets nothing.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use super::{LayerUnderTest, member, next_number, numbered, process, sent, soon};

/// A group send reaches every member in every process, those of the sender's among them, once; joining twice is joining once.
pub async fn a_group_reaches_each_member_of_each_process_once<L: LayerUnderTest>(layer: &mut L) {
    let processes = [process(layer).await, process(layer).await, process(layer).await];
    let mut members = Vec::new();
    for channels in &processes {
        members.push(member(channels, "lobby").await);
        members.push(member(channels, "lobby").await);
    }
    for member in &members {
        member.group_add("lobby").await.expect("a member may join again");
    }
    for (number, channels) in processes.iter().enumerate() {
        sent("a group send", channels.untyped().group_send("lobby", numbered(number))).await;
        for member in &mut members {
            assert_eq!(next_number(member).await, number);
        }
    }
    sent("nobody is there", processes[0].untyped().group_send("empty", numbered(0))).await;
}

/// After a leave nothing more comes, also when other members of the process stay.
pub async fn who_has_left_hears_nothing_more<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let (mut leaving, mut staying) = (member(&there, "lobby").await, member(&there, "lobby").await);
    sent("a group send", here.untyped().group_send("lobby", numbered(1))).await;
    assert_eq!((next_number(&mut leaving).await, next_number(&mut staying).await), (1, 1));
    leaving.group_discard("lobby").await.expect("a member may leave");
    leaving.group_discard("lobby").await.expect("and who is none may too");
    leaving.group_discard("another").await.expect("as anybody may");
    sent("a group send", here.untyped().group_send("lobby", numbered(2))).await;
    assert_eq!(next_number(&mut staying).await, 2);
    staying.group_discard("lobby").await.expect("the last may leave");
    // Whoever comes back is a member again, and got nothing in between.
    sent("nobody is there", here.untyped().group_send("lobby", numbered(3))).await;
    leaving.group_add("lobby").await.expect("one may come back");
    sent("a group send", here.untyped().group_send("lobby", numbered(4))).await;
    assert_eq!(next_number(&mut leaving).await, 4);
    // What others in the process still heard of "3" is no matter of this member.
    sent("a direct send", here.untyped().send(staying.name().as_str(), numbered(5))).await;
    assert_eq!(next_number(&mut staying).await, 5);
}

/// Those who are left out of a send hear nothing of it, in whatever process.
pub async fn who_is_left_out_hears_nothing<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut members = [member(&here, "lobby").await, member(&there, "lobby").await, member(&there, "lobby").await];
    let except = [members[0].name().clone(), members[1].name().clone()];
    sent("all but two", here.untyped().group_send_except("lobby", numbered(1), &except)).await;
    sent("all", here.untyped().group_send("lobby", numbered(2))).await;
    for (member, heard) in members.iter_mut().zip([&[2][..], &[2], &[1, 2]]) {
        for number in heard {
            assert_eq!(next_number(member).await, *number);
        }
    }
}

/// 300 groups, each with its own message.
pub async fn many_groups_do_not_mix<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut members = Vec::new();
    for group in 0..300 {
        members.push(member(&there, &format!("group_{group}")).await);
    }
    for group in 0..300 {
        sent("a group send", here.untyped().group_send(&format!("group_{group}"), numbered(group))).await;
    }
    for (group, member) in members.iter_mut().enumerate() {
        assert_eq!(next_number(member).await, group);
    }
}

/// While some join and leave in every process, each who stays gets every message of each sender, once and in order.
pub async fn members_join_and_leave_while_others_send<L: LayerUnderTest>(layer: &mut L) {
    const EACH: usize = 100;
    let processes = [process(layer).await, process(layer).await, process(layer).await];
    let mut staying = Vec::new();
    for channels in &processes {
        staying.push(member(channels, "lobby").await);
    }
    let over = AtomicBool::new(false);
    let churning = futures_util::future::join_all(processes.iter().map(|channels| async {
        while !over.load(Ordering::Relaxed) {
            let member = member(channels, "lobby").await;
            let other = member_of_its_own(channels).await;
            member.group_discard("lobby").await.expect("a member may leave");
            drop((member, other));
            tokio::task::yield_now().await;
        }
    }));
    let sending = futures_util::future::join_all((0..6).map(|sender| {
        let channels = &processes[sender % processes.len()];
        async move {
            for number in 0..EACH {
                let message = json!({"type": "test.message", "sender": sender, "number": number});
                sent("a group send", channels.untyped().group_send("lobby", message)).await;
            }
        }
    }));
    let hearing = async {
        for (at, member) in staying.iter_mut().enumerate() {
            let mut next = BTreeMap::new();
            for _ in 0..6 * EACH {
                let message = soon(("a message at", at, &next), member.receive()).await.to_value().expect("readable");
                let expected = next.entry(message["sender"].as_u64()).or_insert(0);
                assert_eq!(message["number"], json!(*expected), "of sender {} at member {at}", message["sender"]);
                *expected += 1;
            }
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(churning, sending, hearing);
}

async fn member_of_its_own(channels: &crate::channels::Channels) -> crate::channels::ReceivingChannel {
    member(channels, "another").await
}

/// When a process ends, with members and all, sends of others go on.
pub async fn a_process_that_ends_leaves_the_others_in_peace<L: LayerUnderTest>(layer: &mut L) {
    let (here, there, ending) = (process(layer).await, process(layer).await, process(layer).await);
    let mut staying = member(&there, "lobby").await;
    let gone = member(&ending, "lobby").await;
    let name = gone.name().clone();
    sent("a group send", here.untyped().group_send("lobby", numbered(0))).await;
    assert_eq!(next_number(&mut staying).await, 0);
    drop(gone);
    drop(ending);
    for number in 1..=50 {
        sent("a group send", here.untyped().group_send("lobby", numbered(number))).await;
        sent("to one who is gone", here.untyped().send(name.as_str(), numbered(number))).await;
        assert_eq!(next_number(&mut staying).await, number);
    }
}
