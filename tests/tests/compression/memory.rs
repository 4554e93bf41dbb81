//! What compression takes, as `docs/compression.md` says. To see the figures:
//! `cargo test --release -p tests --test compression memory -- --nocapture`.

use std::thread;

use allocation_counter::measure;
use flate2::{Compress, Decompress};

use super::*;

/// Bytes on the heap of what `make` makes.
fn taken<T>(make: impl FnOnce() -> T) -> u64 {
    let mut made = None;
    measure(|| made = Some(make())).bytes_max
}

#[test]
fn of_zlib() {
    for bits in [9, 12, 15] {
        let compressor = taken(|| Compress::new_with_window_bits(flate2::Compression::new(1), false, bits));
        println!("a compressor with a window of {bits} bits: {} KiB", compressor / 1024);
        assert!(compressor < 400 * 1024, "{bits} bits: {compressor}");
    }
    let inflater = taken(|| Decompress::new(false));
    println!("an inflater: {} KiB", inflater / 1024);
    assert!(inflater < 50 * 1024, "{inflater}");
}

const CONNECTIONS: usize = 40;

/// What the server holds for one connection that has heard and said a compressed message, and is silent since.
fn of_a_connection(compression: Option<Compression>) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let settings = Settings { compression, ..Settings::default() };
    let site = runtime.block_on(site_with(settings));
    let talk = |site: &Site, connections: usize| {
        let address = site.address;
        let (done, all_done) = tokio::sync::oneshot::channel();
        // The clients are on a thread of their own, so that what they hold is not counted.
        let clients = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let peers = runtime.block_on(async {
                let mut peers = vec![];
                for _ in 0..connections {
                    let mut peer = Peer::open_at(address, HALL, "permessage-deflate").await;
                    if peer.agreed.is_some() {
                        peer.send(&story(1)).await;
                    } else {
                        peer.raw.write(&frame(true, 1, story(1).as_bytes())).await;
                    }
                    assert_eq!(peer.text().await.0, story(1));
                    peers.push(peer);
                }
                peers
            });
            done.send(()).expect("somebody waits");
            (runtime, peers)
        });
        let held = measure(|| runtime.block_on(all_done).expect("the clients are done")).bytes_current;
        (held, clients.join().expect("no panic"))
    };
    // What the first connection makes for all.
    let _first = talk(&site, 1);
    let (held, _clients) = talk(&site, CONNECTIONS);
    held / CONNECTIONS as i64
}

#[test]
fn of_a_silent_connection() {
    let none = of_a_connection(None);
    let client = Compression { client_context_takeover: true, min_size: 0, ..Compression::default() };
    let server = Compression { server_context_takeover: true, min_size: 0, ..Compression::default() };
    for (what, compression, least, most) in [
        ("neither", Compression { min_size: 0, ..Compression::default() }, -100, 100),
        ("client", client, 32 * 1024, 50 * 1024),
        ("server", server, 300 * 1024, 400 * 1024),
        ("server, 9 bits", Compression { server_window_bits: 9, ..server }, 200 * 1024, 300 * 1024),
    ] {
        let more = of_a_connection(Some(compression)) - none;
        println!("context takeover of {what}: {more} bytes a connection");
        assert!((least..most).contains(&more), "{what}: {more}");
    }
}
