//! What the fuzzers call, and the test run too: a function that takes any bytes, and panics where a promise is broken.
//!
//! `tests/fuzz` has the fuzzers and the seeds; `tests/seeds.rs` beside this replays these on a stable compiler.

// The codec's own tests would come with it, and these are the runtime's.
#[cfg(not(test))]
pub mod codec;
pub mod decoder;
pub mod handshake;
pub mod seeds;
pub mod stored;
