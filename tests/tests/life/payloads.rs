//! Payloads whose own `Deserialize` goes wrong: the user's code, as handlers are.

use serde::{Deserialize, Deserializer};

use super::*;

/// Reads itself by a panic.
#[derive(Debug)]
struct Trap;

impl<'de> Deserialize<'de> for Trap {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("the panic that a test asked for")
    }
}

impl serde::Serialize for Trap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

#[event("trap.sprung")]
struct Sprung {
    trap: Trap,
}

#[derive(Deserialize)]
struct Step {
    trap: Trap,
}

#[consumer("/ws/trap/", group = "traps")]
struct Walker {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Walker {
    #[receive("step")]
    async fn step(&mut self, step: Step) {
        self.diary.note(format!("{:?}", step.trap));
    }

    #[receive("alive")]
    async fn alive(&mut self, _: ()) -> bool {
        true
    }

    #[event("trap.sprung")]
    async fn sprung(&mut self, sprung: &Sprung) {
        self.diary.note(format!("{:?}", sprung.trap));
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("{} {:?}", disconnect.code(), disconnect.cause()));
    }
}

#[tokio::test]
async fn a_payload_that_panics_while_it_is_read_harms_nobody_else() {
    let (diary, channels) = (Diary::default(), Channels::memory());
    let app = || Router::new().consumer::<Walker>().with_channels(channels.clone()).layer(Extension(diary.clone()));
    let (mut one, mut other) = (Communicator::new(app(), "/ws/trap/"), Communicator::new(app(), "/ws/trap/"));
    one.connect().await.unwrap();
    other.connect().await.unwrap();
    // An event: dropped and counted, and whoever sent it does not die of it.
    channels.untyped().group_send("traps", json!({"type": "trap.sprung", "trap": 1})).await.unwrap();
    assert_eq!((channels.counts().panics, channels.counts().undecodable), (1, 2));
    // A frame: its connection alone, in good order.
    one.send_json_to(&json!({"type": "step", "trap": 1})).await.unwrap();
    assert_eq!(one.receive_close().await.unwrap().0, 1011);
    assert_eq!(diary.has(1).await, ["1011 Panic"]);
    assert_eq!(other.ask::<bool>(&json!({"type": "alive"})).await.unwrap(), Ok(true));
}
