//! Every order in which threads can meet at a connection, tried one after the other.
//!
//! The turn, the queues and the inbox are the real ones. Around them stand the lines of [`Connection`](super::Connection),
//! of `writer`, `open` and `socket` that take the lock, written down once more with a lock that the model can see, and a
//! socket that takes three bytes before it is full. Whoever changes those lines changes these. A thread that sleeps while
//! there is something to do for it would sleep for ever, and that ends the test.

mod line;
mod threads;

use loom::{sync::Arc, thread};

use line::Line;

/// Tries all orders with at most so many preemptions: as many as are done with in a few seconds.
fn try_all(preemptions: usize, test: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(test);
}

fn start(line: &Arc<Line>, run: impl FnOnce(&Line) + 'static) -> thread::JoinHandle<()> {
    let line = Arc::clone(line);
    thread::spawn(move || run(&line))
}

/// The second bytes of the frames whose first one is `who`; frames of two bytes are whole.
fn said_by(bytes: &[u8], who: u8) -> Vec<u8> {
    bytes.chunks(2).filter(|frame| frame[0] == who).map(|frame| frame[1]).collect()
}

fn join(threads: impl IntoIterator<Item = thread::JoinHandle<()>>) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn whoever_brings_something_writes_it_and_the_task_waits_for_the_socket() {
    try_all(3, || {
        let line = Line::open();
        let task = start(&line, Line::live);
        (0..2).for_each(|number| line.give(line.push([b'a', number])));
        assert_eq!(line.read_all(4), b"a\0a\x01");
        line.end_all();
        join([task]);
        assert!(line.is_over_and_done());
    });
}

#[test]
fn what_two_bring_is_written_once_and_in_order() {
    try_all(2, || {
        let line = Line::open();
        let threads = [start(&line, Line::live), start(&line, |line| line.give(line.push(*b"b\0")))];
        (0..2).for_each(|number| line.give(line.push([b'a', number])));
        let bytes = line.read_all(6);
        assert_eq!((said_by(&bytes, b'a'), said_by(&bytes, b'b')), (vec![0, 1], vec![0]));
        line.end_all();
        join(threads);
        assert!(line.is_over_and_done());
    });
}

#[test]
fn what_the_flusher_has_promised_to_write_is_written_by_it_or_by_another() {
    try_all(1, || {
        let line = Line::open();
        let threads = [start(&line, Line::live), start(&line, Line::run_errands)];
        (0..2).for_each(|number| line.give_to_flusher(line.push([b'a', number])));
        assert_eq!(line.read_all(4), b"a\0a\x01");
        line.end_all();
        join(threads);
        assert!(line.is_over_and_done());
    });
}

#[test]
fn a_line_that_only_its_task_writes_to_wakes_the_task() {
    try_all(1, || {
        let line = Line::of_task();
        let threads = [start(&line, Line::live), start(&line, |line| line.give(line.push(*b"b\0")))];
        (0..2).for_each(|number| line.give(line.push([b'a', number])));
        let bytes = line.read_all(6);
        assert_eq!((said_by(&bytes, b'a'), said_by(&bytes, b'b')), (vec![0, 1], vec![0]));
        line.end_all();
        join(threads);
    });
}

#[test]
fn a_line_that_breaks_while_somebody_writes_ends_for_all() {
    try_all(2, || {
        let line = Line::open();
        let threads = [
            start(&line, Line::live),
            start(&line, Line::run_errands),
            start(&line, |line| (0..3).for_each(|number| line.give_to_flusher(line.push([b'a', number])))),
        ];
        line.read(true);
        line.cut_off();
        line.end_all();
        join(threads);
        assert!(line.is_over_and_done());
    });
}

#[test]
fn a_line_that_another_has_cut_off_is_seen_by_its_task() {
    try_all(3, || {
        let line = Line::open();
        line.read(true);
        let task = start(&line, Line::live);
        line.give(line.push(*b"a\0"));
        join([task]);
        assert!(line.is_over_and_done());
    });
}

#[test]
fn a_frame_that_comes_while_a_handler_runs_follows_its_answer() {
    try_all(2, || {
        let line = Line::open();
        let threads = [start(&line, Line::live), start(&line, Line::open_gate)];
        line.give(line.accept_event());
        line.give(line.accept_frame(*b"a0"));
        assert_eq!(line.read_all(4), b"rea0");
        line.end_all();
        join(threads);
        assert!(line.is_over_and_done());
    });
}
