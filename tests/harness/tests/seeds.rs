//! The fuzzers' seeds, and a fixed number of inputs made of them, on a stable compiler.
//!
//! `tests/fuzz/run -h` says how to fuzz for longer.

use std::panic::catch_unwind;

use harness::{
    codec, decoder, handshake,
    seeds::{self, Mutator},
    stored,
};

/// Replays a fuzzer's seeds, and then `more` inputs that are made of them.
fn replay(target: &str, run: fn(&[u8]), more: usize) {
    let seeds = seeds::all(&seeds::folder(target));
    assert!(!seeds.is_empty(), "`tests/fuzz/seeds/{target}` is empty");
    for (path, seed) in &seeds {
        assert!(catch_unwind(|| run(seed)).is_ok(), "see above: {}", path.display());
    }
    let mut mutator = Mutator::default();
    for _ in 0..more {
        let input = mutator.mutate(&seeds);
        assert!(
            catch_unwind(|| run(&input)).is_ok(),
            "see above: {:?}, made of the seeds",
            input.escape_ascii().to_string()
        );
    }
}

#[test]
fn the_codec_is_tungstenites_equal() {
    replay("codec", codec::run, 10_000);
}

#[cfg(feature = "deflate")]
#[test]
fn compressed_messages_are_zlibs() {
    replay("compressed", codec::run_compressed, 5_000);
}

#[test]
fn the_decoder_is_serde_jsons_equal() {
    replay("decoder", decoder::run, 3_000);
}

#[test]
fn the_handshake_lets_in_whom_it_should() {
    replay("handshake", handshake::run, 3_000);
}

#[test]
fn what_redis_holds_is_read_or_refused() {
    replay("stored", stored::run, 10_000);
}
