//! Lengths that are announced and never come.

use allocation_counter::measure;
use tokio::runtime::{Builder, Runtime};

use super::*;

/// The header of a binary frame, and a few bytes of its payload.
fn announced(length: u64) -> Vec<u8> {
    [&[0x82, 0xff][..], &length.to_be_bytes(), &[0; 4], &[0; 100]].concat()
}

const GIBIBYTE: u64 = 1 << 30;

/// What `bytes` on a new line make this thread hold at most, server and client together.
fn held_for(runtime: &Runtime, party: &Party, bytes: &[u8], answer: impl AsyncFnOnce(&mut Raw)) -> u64 {
    let mut raw = runtime.block_on(party.raw());
    let info = measure(|| {
        runtime.block_on(async {
            raw.write(bytes).await;
            answer(&mut raw).await;
        });
    });
    info.bytes_max
}

#[test]
fn a_gibibyte_that_is_only_announced_costs_nothing() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let party = runtime.block_on(Party::new());
    let held = held_for(&runtime, &party, &announced(GIBIBYTE), async |raw| {
        assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(1009), "at once");
    });
    assert!(held < 256 * 1024, "{held} bytes");
    runtime.block_on(party.ends_unharmed());
}

#[test]
fn where_it_is_allowed_it_costs_what_has_come() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let settings = Settings { max_message: 2 << 30, ..Settings::default() };
    let party = runtime.block_on(Party::with(settings));
    let held = held_for(&runtime, &party, &announced(GIBIBYTE), async |raw| {
        // A hundred bytes more, and the server must have read these before it can read the end of the line.
        raw.write(&[0; 100]).await;
        tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await.unwrap();
        assert_eq!(raw.frame().await, None);
    });
    assert!(held < 256 * 1024, "{held} bytes");
    runtime.block_on(async {
        party.diary.says("1006 Lost").await;
        party.ends_unharmed().await;
    });
}
