//! A contract without a single described type, with the feature `schema` and without it: names and directions.

use consumer_runtime::{prelude::*, schema::Contract};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Say {
    message: String,
}

#[derive(Serialize)]
struct Said {
    message: String,
}

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("chat.typing")]
struct Typing {}

#[consumer("/ws/chat/", sends(Said, Typing))]
struct Chat {}

#[consumer]
impl Chat {
    #[receive("chat.say")]
    async fn say(&mut self, say: Say, context: &mut Context<Self>) -> Result<Said> {
        context.send(&Typing {}).await?;
        Ok(Said { message: say.message })
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: &[u8]) {}

    #[event("chat.message")]
    fn message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }
}

#[test]
fn names_and_directions_are_known() {
    assert_eq!(
        Contract::of::<Chat>().to_string(),
        "contract 1\nbytes\nframe chat.say any -> any\nsend Said any\nsend chat.message any\nsend chat.typing any"
    );
}

#[test]
fn what_is_gone_is_told() {
    let client = Contract::parse("contract 1\nframe chat.say {message:string}\nsend chat.left any").unwrap();
    let why = Contract::of::<Chat>().serves(&client).unwrap_err();
    assert_eq!(why.to_string(), "the server no longer sends the message `chat.left`");
}
