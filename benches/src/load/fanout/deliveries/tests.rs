use super::*;

fn text(number: u32) -> Vec<u8> {
    Speech::Json.say(&message(number, 64)).into_bytes()
}

#[test]
fn a_message_is_done_when_all_have_it() {
    let mut books = Deliveries::new(Speech::Json, 3, 1);
    assert_eq!(books.send(Instant::now()), 0);
    books.text(0, &text(0));
    books.text(2, &text(0));
    assert_eq!((books.unfinished(), books.received(), books.lost()), (1, 2, 1));
    books.text(1, &text(0));
    assert_eq!((books.unfinished(), books.lost(), books.latencies().len()), (0, 0, 1));
}

#[test]
fn what_is_passed_over_or_cut_off_is_lost() {
    let mut books = Deliveries::new(Speech::Json, 2, 1);
    for _ in 0..3 {
        books.send(Instant::now());
    }
    books.text(0, &text(2));
    books.closed(1);
    assert_eq!((books.unfinished(), books.received(), books.lost(), books.disconnected()), (2, 1, 5, 1));
    assert!(books.latencies().is_empty(), "no message reached everybody");
}

#[test]
fn what_comes_late_is_not_lost() {
    let mut books = Deliveries::new(Speech::Json, 1, 1);
    for _ in 0..3 {
        books.send(Instant::now());
    }
    for number in [2, 0, 1] {
        books.text(0, &text(number));
    }
    assert_eq!((books.unfinished(), books.received(), books.lost(), books.reordered()), (0, 3, 0, 2));
    books.text(0, &text(1));
    assert!(books.wrong().is_some(), "twice the same");
}

#[test]
fn messages_take_turns_among_groups() {
    let mut books = Deliveries::new(Speech::Json, 5, 2);
    for _ in 0..4 {
        books.send(Instant::now());
    }
    for (member, number) in [(0, 0), (2, 0), (4, 0), (1, 1), (3, 1), (0, 2), (2, 2), (4, 2), (1, 3), (3, 3)] {
        books.text(member, &text(number));
    }
    assert_eq!((books.unfinished(), books.received(), books.lost()), (0, 10, 0));
    assert_eq!(books.wrong(), None);
    books.text(0, &text(3));
    assert!(books.wrong().is_some(), "a message of the other group");
}

#[test]
fn all_members_are_probed() {
    let mut books = Deliveries::new(Speech::Json, 2, 1);
    books.text(0, books.probe().into_bytes().as_slice());
    books.text(0, books.probe().into_bytes().as_slice());
    assert_eq!(books.probes_missing(), 1);
    books.text(1, b"{\"message\":\"#99999999\"}");
    assert!(books.wrong().is_some(), "shorter than what was sent");
}

#[test]
fn ignored_members_do_not_count() {
    let mut books = Deliveries::new(Speech::Json, 2, 1);
    books.ignore(1);
    books.send(Instant::now());
    books.text(0, &text(0));
    assert_eq!((books.unfinished(), books.lost()), (0, 0));
}
