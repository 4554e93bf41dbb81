//! A server that goes away and comes back.

use super::{LayerOnServers, eventually, member, numbered, process, soon};
use crate::{channels::Channels, layer::LayerError};

/// While the server is away sends and joins end with an error that says so, and nobody becomes a member by a failed join.
pub async fn sends_and_joins_fail_while_the_server_is_away<L: LayerOnServers>(layer: &mut L) {
    let here = process(layer).await;
    let old = member(&here, "lobby").await;
    layer.take_away().await;
    let new = here.untyped().new_channel();
    let failed = [
        soon("a group send ends", here.untyped().group_send("lobby", numbered(1))).await,
        soon("a direct send ends", here.untyped().send("jobs", numbered(1))).await,
        soon("a join ends", new.group_add("another")).await,
    ];
    for error in failed.map(|result| result.expect_err("the server is away")) {
        assert!(matches!(error.downcast_ref(), Some(LayerError::Away { .. })), "{error}");
    }
    layer.bring_back().await;
    soon("a join", async { while new.group_add("another").await.is_err() {} }).await;
    drop(old);
}

/// When it is back each process has counted the outage, all who were members are, and each message comes once.
pub async fn a_server_that_comes_back_finds_its_members<L: LayerOnServers>(layer: &mut L) {
    let servers = layer.servers();
    let processes = [process(layer).await, process(layer).await];
    let mut members = Vec::new();
    for channels in &processes {
        members.push(member(channels, "lobby").await);
        members.push(member(channels, "hall").await);
    }
    for outage in 1..=2 {
        layer.take_away().await;
        // Whoever sends nothing notices it all the same.
        layer.bring_back().await;
        let told = (outage * servers) as u64;
        eventually("all have noticed", || processes.iter().all(|channels| channels.counts().layer_outages == told))
            .await;
        for (at, channels) in processes.iter().enumerate() {
            for group in ["lobby", "hall"] {
                let number = at + 10 * outage;
                // The sender's own connection may need one more try.
                soon("it is sent", send(channels, group, number)).await;
                for member in members.iter_mut().skip(usize::from(group == "hall")).step_by(2) {
                    let heard = super::number(&soon(("a message after outage", outage), member.receive()).await);
                    assert_eq!(heard, number, "once for each");
                }
            }
        }
    }
}

async fn send(channels: &Channels, group: &str, number: usize) {
    while channels.untyped().group_send(group, numbered(number)).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
