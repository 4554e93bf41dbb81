//! Payloads, contexts and results under other names, from other modules.

use consumer_runtime::{Context as Ctx, prelude as p};

mod events {
    use consumer_runtime::event;

    #[event("chat.message")]
    pub struct Message {
        pub text: String,
    }

    #[event("chat.left")]
    #[derive(Clone)]
    pub struct Left;
}

use events::Message as Text;
type Left = events::Left;
type Done = p::Result;
type Mine<'a, C> = &'a mut Ctx<C>;

#[consumer_runtime::consumer("/ws")]
struct Chat;

#[consumer_runtime::consumer]
impl Chat {
    #[consumer_runtime::event("chat.message")]
    async fn message(&mut self, text: &Text, ctx: &mut Ctx<Self>) -> Done {
        let _ = (&text.text, ctx);
        Ok(())
    }

    #[p::event("chat.left")]
    async fn left(self: &mut Self, left: Left) -> Done {
        let _ = left;
        Ok(())
    }
}

fn helper(_: Mine<'_, Chat>) {}

fn main() {
    use p::RouterExt;
    let _ = helper;
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
