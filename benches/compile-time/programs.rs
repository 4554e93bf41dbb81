//! The two programs: half of the handlers take frames of the client, half take events.

use std::fmt::Write;

/// A consumer with so many handlers.
pub(crate) fn generated(handlers: usize) -> String {
    let (mut payloads, mut methods) = (String::new(), String::new());
    for n in 0..handlers {
        let (payload, method) = if n % 2 == 0 { generated_frame(n) } else { generated_event(n) };
        payloads += &payload;
        methods += &method;
    }
    format!(
        r#"
use consumer_runtime::prelude::*;
use serde::Deserialize;
{payloads}
#[consumer("/ws/")]
struct Many {{ seen: u64 }}

#[consumer]
impl Many {{
{methods}
}}

fn main() {{
    let _: axum::Router = axum::Router::new().consumer::<Many>();
}}
"#
    )
}

fn generated_frame(n: usize) -> (String, String) {
    let payload = format!("#[derive(Deserialize)] struct Frame{n} {{ text: String, number: u64 }}\n");
    let method = format!(
        r#"
    #[receive("frame.n{n}")]
    async fn frame_{n}(&mut self, frame: Frame{n}, context: &mut Context<Self>) -> Result {{
        self.seen += frame.number;
        context.send_text(frame.text).await
    }}
"#
    );
    (payload, method)
}

fn generated_event(n: usize) -> (String, String) {
    let payload = format!("#[event(\"event.n{n}\")] struct Event{n} {{ text: String, number: u64 }}\n");
    let method = format!(
        r#"
    #[event("event.n{n}")]
    async fn event_{n}(&mut self, event: &Event{n}, context: &mut Context<Self>) -> Result {{
        self.seen += event.number;
        context.send_text(&event.text).await
    }}
"#
    );
    (payload, method)
}

/// The same on axum's own WebSocket: two tagged enums, and a `match` over each.
pub(crate) fn by_hand(handlers: usize) -> String {
    let [mut payloads, mut methods] = [String::new(), String::new()];
    let [mut frames, mut events, mut frame_arms, mut event_arms] = Default::default();
    for n in 0..handlers {
        let (kind, name) = if n % 2 == 0 { ("Frame", "frame") } else { ("Event", "event") };
        let derives = if kind == "Frame" { "Deserialize" } else { "Clone, Serialize, Deserialize" };
        let (variants, arms): (&mut String, &mut String) =
            if kind == "Frame" { (&mut frames, &mut frame_arms) } else { (&mut events, &mut event_arms) };
        payloads += &format!("#[derive({derives})] struct {kind}{n} {{ text: String, number: u64 }}\n");
        *variants += &format!("    #[serde(rename = \"{name}.n{n}\")] {kind}{n}({kind}{n}),\n");
        *arms += &format!("            {kind}::{kind}{n}({name}) => self.{name}_{n}({name}, socket).await,\n");
        methods += &format!(
            r#"
    async fn {name}_{n}(&mut self, {name}: {kind}{n}, socket: &mut WebSocket) -> Result<(), Error> {{
        self.seen += {name}.number;
        Ok(socket.send(Message::Text({name}.text.into())).await?)
    }}
"#
        );
    }
    let mut source = String::from(
        "use axum::{Router, extract::{WebSocketUpgrade, ws::{Message, WebSocket}}, response::Response, routing::any};
use serde::{Deserialize, Serialize};

type Error = Box<dyn std::error::Error + Send + Sync>;
",
    );
    let _ = write!(
        source,
        r#"
{payloads}
#[derive(Deserialize)]
#[serde(tag = "type")]
enum Frame {{
{frames}}}

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Event {{
{events}}}

struct Many {{ seen: u64 }}

impl Many {{
{methods}
    async fn frame(&mut self, frame: Frame, socket: &mut WebSocket) -> Result<(), Error> {{
        match frame {{
{frame_arms}        }}
    }}

    async fn event(&mut self, event: Event, socket: &mut WebSocket) -> Result<(), Error> {{
        match event {{
{event_arms}        }}
    }}
}}

/// Where events come from is the same for both and costs the compiler nothing here.
fn next_event() -> Option<Event> {{
    None
}}

async fn serve(mut socket: WebSocket) {{
    let mut many = Many {{ seen: 0 }};
    while let Some(Ok(message)) = socket.recv().await {{
        if let Message::Text(text) = message && let Ok(frame) = serde_json::from_str::<Frame>(&text) {{
            let _ = many.frame(frame, &mut socket).await;
        }}
        if let Some(event) = next_event() {{
            let _ = many.event(event, &mut socket).await;
        }}
    }}
}}

async fn upgrade(upgrade: WebSocketUpgrade) -> Response {{
    upgrade.on_upgrade(serve)
}}

fn main() {{
    let _: Router = Router::new().route("/ws/", any(upgrade));
}}
"#
    );
    source
}

/// How many tokens a text has, roughly: words, numbers and signs; strings and comments count as their parts.
pub(crate) fn tokens(source: &str) -> usize {
    let (mut tokens, mut in_word) = (0, false);
    for letter in source.chars() {
        let word = letter.is_alphanumeric() || letter == '_';
        tokens += usize::from(if word { !in_word } else { !letter.is_whitespace() });
        in_word = word;
    }
    tokens
}
