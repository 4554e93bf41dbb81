//! From a text frame to a value: the generated one-pass form against the bare payload and `#[serde(tag)]`.
//!
//! ```text
//! cargo bench -p benches --bench decode
//! ```

use consumer_runtime::{__private::decode_receive, Consumer, prelude::*};
use divan::{Bencher, black_box};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// A chat message, as browsers send it.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Small {
    room: String,
    message: String,
    at: u64,
}

/// One long string.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Text {
    body: String,
}

/// Twenty small objects.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Tree {
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Item {
    id: u32,
    name: String,
    tags: Vec<String>,
    score: f64,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
#[allow(dead_code)]
enum Derived {
    #[serde(rename = "chat.small")]
    Small(Small),
    #[serde(rename = "chat.text")]
    Text(Text),
    #[serde(rename = "chat.tree")]
    Tree(Tree),
}

#[consumer("/ws/")]
struct Generated {}

#[consumer]
impl Generated {
    #[receive("chat.small")]
    async fn small(&mut self, _: Small) {}

    #[receive("chat.text")]
    async fn text(&mut self, _: Text) {}

    #[receive("chat.tree")]
    async fn tree(&mut self, _: Tree) {}
}

const KINDS: [&str; 3] = ["small", "text", "tree"];

fn payload(kind: &str) -> Value {
    match kind {
        "small" => json!({"room": "lobby", "message": "how is everybody today, then?", "at": 1_700_000_000_000_u64}),
        "text" => json!({"body": "lorem ipsum dolor sit amet ".repeat(76)}),
        _ => {
            let item = |id| json!({"id": id, "name": format!("item number {id}"), "tags": ["a", "bc"], "score": 0.5});
            json!({"items": (0..20).map(item).collect::<Vec<_>>()})
        }
    }
}

/// The frame with `type` in front, at the end, or left out.
fn frame(kind: &str, place: &str) -> String {
    let body = payload(kind).to_string();
    match place {
        "first" => format!(r#"{{"type":"chat.{kind}",{}"#, &body[1..]),
        "last" => format!(r#"{},"type":"chat.{kind}"}}"#, &body[..body.len() - 1]),
        _ => body,
    }
}

fn bench<T>(bencher: Bencher<'_, '_>, text: &str, decode: impl Fn(&str) -> Option<T> + Sync) {
    assert!(decode(text).is_some());
    bencher.bench_local(|| decode(black_box(text)));
}

fn json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[divan::bench(args = KINDS)]
fn a_bare_payload(bencher: Bencher<'_, '_>, kind: &str) {
    let text = frame(kind, "none");
    match kind {
        "small" => bench(bencher, &text, json::<Small>),
        "text" => bench(bencher, &text, json::<Text>),
        _ => bench(bencher, &text, json::<Tree>),
    }
}

#[divan::bench(args = KINDS)]
fn b_generated(bencher: Bencher<'_, '_>, kind: &str) {
    bench(bencher, &frame(kind, "first"), decode_receive::<<Generated as Consumer>::Receive>);
}

#[divan::bench(args = KINDS)]
fn c_generated_type_last(bencher: Bencher<'_, '_>, kind: &str) {
    bench(bencher, &frame(kind, "last"), decode_receive::<<Generated as Consumer>::Receive>);
}

#[divan::bench(args = KINDS)]
fn d_serde_tag(bencher: Bencher<'_, '_>, kind: &str) {
    bench(bencher, &frame(kind, "first"), json::<Derived>);
}
