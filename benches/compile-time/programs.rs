//! The two programs: half of the handlers take frames of the client, half take events.

use std::fmt::Write;

/// A consumer with so many handlers.
pub(crate) fn generated(handlers: usize) -> String {
    let mut source = String::from("use consumer_runtime::prelude::*;\nuse serde::Deserialize;\n\n");
    let mut methods = String::new();
    for index in 0..handlers {
        if index % 2 == 0 {
            write!(source, "#[derive(Deserialize)]\nstruct Frame{index} {{ text: String, number: u64 }}\n").unwrap();
            write!(
                methods,
                "    #[receive(\"frame.n{index}\")]\n    async fn frame_{index}(&mut self, frame: Frame{index}, context: &mut Context<Self>) -> Result {{\n        \
                 self.seen += frame.number;\n        context.send_text(frame.text).await\n    }}\n\n"
            )
            .unwrap();
        } else {
            write!(source, "#[event(\"event.n{index}\")]\nstruct Event{index} {{ text: String, number: u64 }}\n")
                .unwrap();
            write!(
                methods,
                "    #[event(\"event.n{index}\")]\n    async fn event_{index}(&mut self, event: &Event{index}, context: &mut Context<Self>) -> Result {{\n        \
                 self.seen += event.number;\n        context.send_text(&event.text).await\n    }}\n\n"
            )
            .unwrap();
        }
    }
    write!(
        source,
        "\n#[consumer(\"/ws/\")]\nstruct Many {{ seen: u64 }}\n\n#[consumer]\nimpl Many {{\n{methods}}}\n\n\
         fn main() {{\n    let _: axum::Router = axum::Router::new().consumer::<Many>();\n}}\n"
    )
    .unwrap();
    source
}

/// The same on axum's own WebSocket.
pub(crate) fn by_hand(handlers: usize) -> String {
    let mut source = String::from(
        "use axum::{Router, extract::{WebSocketUpgrade, ws::{Message, WebSocket}}, response::Response, routing::any};\n\
         use serde::{Deserialize, Serialize};\n\ntype Error = Box<dyn std::error::Error + Send + Sync>;\n\n",
    );
    let (mut frames, mut events, mut frame_arms, mut event_arms) =
        (String::new(), String::new(), String::new(), String::new());
    let mut methods = String::new();
    for index in 0..handlers {
        if index % 2 == 0 {
            write!(source, "#[derive(Deserialize)]\nstruct Frame{index} {{ text: String, number: u64 }}\n").unwrap();
            write!(frames, "    #[serde(rename = \"frame.n{index}\")]\n    Frame{index}(Frame{index}),\n").unwrap();
            write!(frame_arms, "            Frame::Frame{index}(frame) => self.frame_{index}(frame, socket).await,\n")
                .unwrap();
            write!(
                methods,
                "    async fn frame_{index}(&mut self, frame: Frame{index}, socket: &mut WebSocket) -> Result<(), Error> {{\n        \
                 self.seen += frame.number;\n        Ok(socket.send(Message::Text(frame.text.into())).await?)\n    }}\n\n"
            )
            .unwrap();
        } else {
            write!(
                source,
                "#[derive(Clone, Serialize, Deserialize)]\nstruct Event{index} {{ text: String, number: u64 }}\n"
            )
            .unwrap();
            write!(events, "    #[serde(rename = \"event.n{index}\")]\n    Event{index}(Event{index}),\n").unwrap();
            write!(event_arms, "            Event::Event{index}(event) => self.event_{index}(event, socket).await,\n")
                .unwrap();
            write!(
                methods,
                "    async fn event_{index}(&mut self, event: Event{index}, socket: &mut WebSocket) -> Result<(), Error> {{\n        \
                 self.seen += event.number;\n        Ok(socket.send(Message::Text(event.text.into())).await?)\n    }}\n\n"
            )
            .unwrap();
        }
    }
    write!(
        source,
        "\n#[derive(Deserialize)]\n#[serde(tag = \"type\")]\nenum Frame {{\n{frames}}}\n\n\
         #[derive(Clone, Serialize, Deserialize)]\n#[serde(tag = \"type\")]\nenum Event {{\n{events}}}\n\n\
         struct Many {{ seen: u64 }}\n\nimpl Many {{\n{methods}\n    \
         async fn frame(&mut self, frame: Frame, socket: &mut WebSocket) -> Result<(), Error> {{\n        match frame {{\n{frame_arms}        }}\n    }}\n\n    \
         async fn event(&mut self, event: Event, socket: &mut WebSocket) -> Result<(), Error> {{\n        match event {{\n{event_arms}        }}\n    }}\n}}\n\n\
         async fn serve(mut socket: WebSocket) {{\n    let mut many = Many {{ seen: 0 }};\n    \
         let (sender, mut receiver) = group();\n    sender(None);\n    \
         while let Some(Ok(message)) = socket.recv().await {{\n        \
         if let Message::Text(text) = message && let Ok(frame) = serde_json::from_str::<Frame>(&text) {{\n            let _ = many.frame(frame, &mut socket).await;\n        }}\n        \
         if let Some(event) = receiver() {{\n            let _ = many.event(event, &mut socket).await;\n        }}\n    }}\n}}\n\n\
         fn group() -> (impl Fn(Option<Event>), impl FnMut() -> Option<Event>) {{\n    (|_| (), || None)\n}}\n\n\
         async fn upgrade(upgrade: WebSocketUpgrade) -> Response {{\n    upgrade.on_upgrade(serve)\n}}\n\n\
         fn main() {{\n    let _: Router = Router::new().route(\"/ws/\", any(upgrade));\n}}\n"
    )
    .unwrap();
    source
}

/// How many tokens a text has, roughly: words, numbers and signs; strings and comments count as their parts.
pub(crate) fn tokens(source: &str) -> usize {
    let mut tokens = 0;
    let mut in_word = false;
    for letter in source.chars() {
        let word = letter.is_alphanumeric() || letter == '_';
        tokens += usize::from(if word { !in_word } else { !letter.is_whitespace() });
        in_word = word;
    }
    tokens
}
