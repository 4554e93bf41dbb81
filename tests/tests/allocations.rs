//! What the way from a message to its handler allocates, counted: nothing to find the handler, one future at most.

use allocation_counter::measure;
use consumer_runtime::{__private::measure::Desk, Consumer, Message, prelude::*};
use serde::{Deserialize, Serialize};

/// No field of it needs memory of its own, so that whatever is counted is ours.
#[event("board.moved")]
#[derive(Clone, Copy)]
struct Moved {
    x: i32,
    y: i32,
}

#[event("board.cleared")]
struct Cleared {
    by: u64,
}

#[derive(Deserialize)]
struct Move {
    x: i32,
    y: i32,
}

#[derive(Serialize)]
struct Place {
    x: i32,
    y: i32,
}

#[consumer("/ws/")]
struct Board {
    x: i32,
    y: i32,
    cleared: u64,
}

#[consumer]
impl Board {
    #[event("board.moved")]
    async fn moved(&mut self, event: Moved, _: &mut Context<Self>) -> Result {
        (self.x, self.y) = (event.x, event.y);
        Ok(())
    }

    #[event("board.cleared")]
    async fn cleared(&mut self, event: &Cleared) -> Result {
        self.cleared += event.by;
        Ok(())
    }

    #[receive("board.move")]
    async fn go(&mut self, frame: Move, _: &mut Context<Self>) -> Result {
        (self.x, self.y) = (frame.x, frame.y);
        Ok(())
    }

    #[receive("board.jump")]
    async fn jump(&mut self, frame: Move) -> Result<Place> {
        self.go_to(&frame);
        Ok(Place { x: self.x, y: self.y })
    }
}

impl Board {
    fn go_to(&mut self, frame: &Move) {
        (self.x, self.y) = (frame.x, frame.y);
    }
}

fn desk() -> Desk<Board> {
    Desk::new(Board { x: 0, y: 0, cleared: 0 })
}

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

#[test]
fn an_event_finds_its_handler_without_an_allocation() {
    for message in [Message::event(Moved { x: 1, y: 2 }), Message::event(Cleared { by: 1 })] {
        let mut picked = None;
        assert_eq!(allocations(|| picked = Desk::<Board>::pick(&message)), 0, "{message:?}");
        assert_eq!(Desk::<Board>::name(&picked.unwrap()), message.name());
    }
}

#[test]
fn a_handler_with_self_runs_with_one_allocation_at_most() {
    let mut desk = desk();
    for message in [Message::event(Moved { x: 1, y: 2 }), Message::event(Cleared { by: 1 })] {
        let event = Desk::<Board>::pick(&message).unwrap();
        let count = allocations(|| drop(desk.handle(event)));
        assert!(count <= 1, "{message:?}: {count}");
    }
}

#[test]
fn a_frame_finds_its_handler_without_an_allocation() {
    let mut desk = desk();
    for text in [r#"{"type":"board.move","x":1,"y":2}"#, r#"{"type":"board.move","id":7,"x":1,"y":2}"#] {
        let mut frame = None;
        assert_eq!(allocations(|| frame = Desk::<Board>::read(text)), 0, "{text}");
        let count = allocations(|| drop(desk.receive(frame.unwrap())));
        assert!(count <= 1, "{text}: {count}");
    }
}

#[test]
fn a_reply_costs_its_own_text() {
    let mut desk = desk();
    let frame = Desk::<Board>::read(r#"{"type":"board.jump","x":1,"y":2}"#).unwrap();
    let count = allocations(|| drop(desk.receive(frame)));
    assert!((1..=3).contains(&count), "the text that the value is, and its growth: {count}");
}

#[test]
fn a_typed_event_is_sent_in_one_allocation() {
    assert_eq!(allocations(|| drop(Message::event(Moved { x: 1, y: 2 }))), 1);
    assert_eq!(<Board as Consumer>::HANDLERS.len(), 4);
}
