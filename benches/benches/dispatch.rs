//! From a typed event and from a text frame to the handler that runs, against a `match` written by hand.
//!
//! ```text
//! cargo bench -p benches --bench dispatch
//! ```

use std::{collections::HashMap, pin::pin, sync::Arc, task};

use consumer_runtime::{__private::measure::Desk, Message, prelude::*};
use divan::{AllocProfiler, Bencher, black_box};
use serde::Deserialize;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// No field needs memory of its own, so that what is counted is the way to the handler.
#[event("board.moved")]
#[derive(Clone, Copy)]
struct Moved {
    x: i32,
    y: i32,
}

#[event("board.cleared")]
struct Cleared {
    by: i32,
}

#[derive(Deserialize)]
struct Move {
    x: i32,
    y: i32,
}

#[derive(Deserialize)]
struct Clear {
    by: i32,
}

#[derive(Default)]
struct State {
    x: i32,
    y: i32,
}

#[consumer("/ws/")]
struct Board {
    state: State,
}

#[consumer]
impl Board {
    #[event("board.moved")]
    async fn moved(&mut self, event: &Moved) {
        (self.state.x, self.state.y) = black_box((event.x, event.y));
    }

    #[event("board.cleared")]
    async fn cleared(&mut self, event: &Cleared) {
        self.state.x = black_box(event.by);
    }

    #[receive("board.move")]
    async fn go(&mut self, frame: Move) {
        (self.state.x, self.state.y) = black_box((frame.x, frame.y));
    }

    #[receive("board.clear")]
    async fn clear(&mut self, frame: Clear) {
        self.state.x = black_box(frame.by);
    }
}

/// The same by hand: serde's tagged enums and a `match`.
#[derive(Clone)]
enum Event {
    Moved(Arc<Moved>),
    Cleared(Arc<Cleared>),
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Frame {
    #[serde(rename = "board.move")]
    Move(Move),
    #[serde(rename = "board.clear")]
    Clear(Clear),
}

impl State {
    async fn event(&mut self, event: Event) {
        match event {
            Event::Moved(event) => (self.x, self.y) = black_box((event.x, event.y)),
            Event::Cleared(event) => self.x = black_box(event.by),
        }
    }

    async fn frame(&mut self, frame: Frame) {
        match frame {
            Frame::Move(frame) => (self.x, self.y) = black_box((frame.x, frame.y)),
            Frame::Clear(frame) => self.x = black_box(frame.by),
        }
    }
}

/// What Channels does, in Rust: handlers in a map by their name, which is made of the event's `type`.
type Handlers = HashMap<String, Box<dyn Fn(&mut State, &serde_json::Value)>>;

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut task::Context::from_waker(task::Waker::noop())) {
        task::Poll::Ready(output) => output,
        task::Poll::Pending => unreachable!("nothing here waits"),
    }
}

const FRAME: &str = r#"{"type":"board.move","x":3,"y":4}"#;

#[divan::bench(sample_size = 1000)]
fn event_a_by_hand(bencher: Bencher<'_, '_>) {
    let (event, other) = (Event::Moved(Arc::new(Moved { x: 3, y: 4 })), Event::Cleared(Arc::new(Cleared { by: 1 })));
    let mut state = State::default();
    now(state.event(other));
    bencher.bench_local(|| now(state.event(black_box(&event).clone())));
}

#[divan::bench(sample_size = 1000)]
fn event_b_generated(bencher: Bencher<'_, '_>) {
    let mut desk = Desk::new(Board { state: State::default() });
    let message = Message::event(Moved { x: 3, y: 4 });
    bencher.bench_local(|| {
        let event = Desk::<Board>::pick(black_box(&message)).expect("an event of the consumer's");
        desk.handle(event)
    });
}

#[divan::bench(sample_size = 1000)]
fn event_c_by_name_at_run_time(bencher: Bencher<'_, '_>) {
    let mut handlers = Handlers::new();
    let number = |event: &serde_json::Value, key: &str| event[key].as_i64().unwrap_or_default() as i32;
    handlers.insert(
        "board_moved".into(),
        Box::new(move |state, event| (state.x, state.y) = black_box((number(event, "x"), number(event, "y")))),
    );
    let event = serde_json::json!({"type": "board.moved", "x": 3, "y": 4});
    let mut state = State::default();
    bencher.bench_local(|| {
        let event = black_box(&event);
        let name = event["type"].as_str().unwrap_or_default().replace('.', "_");
        if let Some(handler) = handlers.get(&name) {
            handler(&mut state, event);
        }
    });
}

#[divan::bench(sample_size = 1000)]
fn frame_a_by_hand(bencher: Bencher<'_, '_>) {
    let mut state = State::default();
    bencher.bench_local(|| {
        let frame: Frame = serde_json::from_str(black_box(FRAME)).expect("a frame");
        now(state.frame(frame));
    });
}

#[divan::bench(sample_size = 1000)]
fn frame_b_generated(bencher: Bencher<'_, '_>) {
    let mut desk = Desk::new(Board { state: State::default() });
    bencher.bench_local(|| {
        let frame = Desk::<Board>::read(black_box(FRAME)).expect("a frame");
        desk.receive(frame)
    });
}
