//! Several declared groups: types, paths to types, generic consumers, no names in common.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("user.called")]
struct Called {
    by: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[group("user_{user}", events(Called))]
struct User {
    user: u64,
}

mod everyone {
    use super::{Called, ChatMessage};

    #[consumer_runtime::group("everyone", events(Called, ChatMessage))]
    pub struct Room;
}

#[consumer("/ws/{room}/{user}/", groups(Room, User, everyone::Room), keep_scope)]
struct Chat {
    room: String,
    user: u64,
}

#[consumer]
impl Chat {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group_of::<Room>().send(ChatMessage { message: text.clone() }).await?;
        context.group_of::<everyone::Room>().send(ChatMessage { message: text }).await?;
        let user = context.group_of::<User>();
        assert!(user.name().is_some());
        user.send(Called { by: self.room.clone() }).await
    }

    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> String {
        event.message.clone()
    }

    #[event("user.called")]
    async fn called(&mut self, _: &Called) {}
}

/// One in a list is one.
#[consumer("/ws/generic/{room}/", groups(Room))]
struct Generic<T: Send + 'static> {
    room: String,
    value: Option<T>,
}

#[consumer(blocking)]
impl<T: Send + 'static> Generic<T> {
    #[receive(text)]
    fn receive(&mut self, text: String, context: &mut BlockingContext<Self>) -> Result {
        self.value = None;
        context.group().send(ChatMessage { message: text })
    }

    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> String {
        event.message.clone()
    }
}

fn main() {
    let groups = <Chat as Declared>::DECLARATION.groups.iter().map(|group| (group.group, group.module));
    let module = module_path!();
    let expected = [("Room", module.to_owned()), ("User", module.to_owned()), ("Room", format!("{module}::everyone"))];
    assert!(groups.eq(expected.iter().map(|(name, module)| (*name, &**module))));
    assert_eq!(<Generic<u8> as Declared>::DECLARATION.groups[0].template, "chat_{room}");
}

use consumer_runtime::Declared;
