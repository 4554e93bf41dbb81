//! What one sender sends arrives in order.

use super::{LayerUnderTest, member, next_number, numbered, process, sent};

const MANY: usize = 500;

/// Messages of one sender to a group arrive in the order in which they were sent, in every process.
pub async fn group_sends_stay_in_order<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut members = [member(&here, "lobby").await, member(&there, "lobby").await];
    let sending = async {
        for number in 0..MANY {
            sent("a group send", here.untyped().group_send("lobby", numbered(number))).await;
        }
    };
    let hearing = async {
        for number in 0..MANY {
            for member in &mut members {
                assert_eq!(next_number(member).await, number);
            }
        }
    };
    tokio::join!(sending, hearing);
}

/// So do messages of one sender to a channel.
pub async fn direct_sends_stay_in_order<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut channel = there.untyped().new_channel();
    let name = channel.name().clone();
    let sending = async {
        for number in 0..MANY {
            sent("a direct send", here.untyped().send(name.as_str(), numbered(number))).await;
        }
    };
    let hearing = async {
        for number in 0..MANY {
            assert_eq!(next_number(&mut channel).await, number);
        }
    };
    tokio::join!(sending, hearing);
}
