//! Sends to one channel.

use super::{LayerUnderTest, member, next_number, numbered, process, sent};

/// A direct send reaches the channel that it names, in whatever process, and no other, members of one group among them.
pub async fn a_direct_send_reaches_its_channel_alone<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut channels = [
        member(&here, "lobby").await,
        member(&here, "lobby").await,
        member(&there, "lobby").await,
        member(&there, "lobby").await,
    ];
    for (number, channel) in channels.iter().enumerate() {
        sent("a direct send", here.untyped().send(channel.name().as_str(), numbered(number))).await;
        sent("a direct send", there.untyped().send(channel.name().as_str(), numbered(number + 10))).await;
    }
    for (number, channel) in channels.iter_mut().enumerate() {
        let mut heard = [next_number(channel).await, next_number(channel).await];
        heard.sort_unstable();
        assert_eq!(heard, [number, number + 10]);
    }
}

/// A channel that has ended takes nothing, and who sends to it is not told so: it may have ended this moment.
pub async fn a_channel_that_is_gone_harms_nobody<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let (gone, mut staying) = (there.untyped().new_channel(), there.untyped().new_channel());
    let name = gone.name().clone();
    drop(gone);
    for number in 0..10 {
        sent("to one who is gone", here.untyped().send(name.as_str(), numbered(number))).await;
        sent("a direct send", here.untyped().send(staying.name().as_str(), numbered(number))).await;
        assert_eq!(next_number(&mut staying).await, number);
    }
    super::eventually("all are counted", || there.counts().gone == 10).await;
}
