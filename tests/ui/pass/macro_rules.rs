//! A consumer that a macro writes.

use consumer_runtime::prelude::*;
use serde::Deserialize;

macro_rules! chat {
    ($(#[$attribute:meta])* $vis:vis $name:ident, $path:literal, $group:ident, $template:literal, $event:ident, $event_name:literal, $frame:ty, $field:ident) => {
        #[event($event_name)]
        #[derive(Clone)]
        $vis struct $event {
            $field: String,
            count: usize,
        }

        #[group($template, events($event))]
        $vis struct $group {
            $field: String,
        }

        #[consumer($path, group = $group)]
        $(#[$attribute])*
        $vis struct $name {
            $field: String,
            count: usize,
        }

        #[consumer]
        impl $name {
            #[connect]
            async fn connect(&mut self, method: axum::http::Method, context: &mut Context<Self>) -> Result {
                self.count += method.as_str().len();
                context.send_text(&self.$field).await
            }

            #[receive]
            async fn receive(&mut self, frame: $frame, context: &mut Context<Self>) -> Result {
                let _ = frame;
                context.group().send($event { $field: String::new(), count: self.count }).await
            }

            #[event($event_name)]
            $vis async fn on_event(&mut self, event: &$event, context: &mut Context<Self>) -> Result {
                self.count += event.count;
                context.send_text(&event.$field).await
            }

            #[disconnect]
            async fn disconnect(&mut self, end: Disconnect) {
                self.count += usize::from(end.code());
            }
        }
    };
}

#[derive(Deserialize)]
struct Frame;

chat!(#[derive(Debug)] pub(crate) Chat, "/ws/{room}", Room, "chat_{room}", Message, "chat.message", Vec<Frame>, room);

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
