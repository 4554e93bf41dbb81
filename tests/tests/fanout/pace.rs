//! Senders that never stop: nobody who reads is cut off, and everybody else has their turn.

use super::*;

/// Reads a client's bytes until there are `len` of them: no reader is quicker.
async fn drain(raw: &mut Raw, len: usize) {
    let mut buffer = vec![0; 256 * 1024];
    let mut got = 0;
    while got < len {
        let read = soon("more bytes", raw.stream.read(&mut buffer)).await.unwrap();
        assert!(read > 0, "cut off after {got} of {len} bytes");
        got += read;
    }
    assert_eq!(got, len, "nothing else comes");
}

/// Members that count bytes.
async fn readers(site: &Site, count: usize) -> Vec<Raw> {
    let mut readers = Vec::new();
    for _ in 0..count {
        let mut raw = Raw::open(site.address, "/ws/walker/").await;
        raw.write(&tests::frame(true, 1, b"join a")).await;
        assert_eq!(raw.frame().await, Some((1, b"done".to_vec())));
        readers.push(raw);
    }
    readers
}

/// One sends `count` messages of `len` bytes without a pause to `members` who read, and nobody is held up.
async fn a_busy_sender(members: usize, count: usize, len: usize) {
    let site = Site::new(app()).await;
    let readers = readers(&site, members).await;
    // Two quotes, and the head of a frame of this length.
    let frame = len + 2 + if len + 2 < 126 { 2 } else { 4 };
    let reading = readers.into_iter().map(|mut raw| tokio::spawn(async move { drain(&mut raw, count * frame).await }));
    let reading: Vec<_> = reading.collect();
    let turns = Arc::new(AtomicUsize::new(0));
    let other = tokio::spawn({
        let turns = Arc::clone(&turns);
        async move {
            loop {
                turns.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    let text = "x".repeat(len);
    for _ in 0..count {
        tell(&site, &text).await;
    }
    assert!(turns.load(Ordering::Relaxed) >= count / 200, "{turns:?} turns for another task");
    other.abort();
    for result in join_all(reading).await {
        result.unwrap();
    }
    let counts = site.channels.counts();
    assert_eq!((counts.outgoing_dropped, counts.channel_full), (0, 0), "{counts:?}");
}

#[tokio::test]
async fn a_small_group_takes_ten_thousand_messages() {
    a_busy_sender(4, 10_000, 100).await;
}

#[tokio::test]
async fn a_large_group_takes_two_thousand_messages() {
    a_busy_sender(LARGE, 2_000, 100).await;
}

#[tokio::test]
async fn a_small_group_takes_messages_that_are_large_together() {
    a_busy_sender(4, 400, 16_000).await;
}

#[tokio::test]
async fn a_large_group_takes_messages_that_are_large_together() {
    a_busy_sender(LARGE / 2, 200, 32_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_threads_take_ten_thousand_messages() {
    a_busy_sender(4, 10_000, 500).await;
}
