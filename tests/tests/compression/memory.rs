//! What compressors and inflaters take, which docs/compression.md says.

use allocation_counter::measure;
use flate2::{Compress, Decompress};

/// In KiB, rounded up.
fn kib<T>(make: impl FnOnce() -> T) -> u64 {
    let mut made = None;
    let taken = measure(|| made = Some(make())).bytes_max;
    taken.div_ceil(1024)
}

#[test]
fn what_zlib_takes() {
    for bits in 9..=15 {
        let compressor = kib(|| Compress::new_with_window_bits(flate2::Compression::new(1), false, bits));
        println!("a compressor with a window of {bits} bits: {compressor} KiB");
        assert!(compressor <= if bits == 9 { 230 } else { 340 }, "{bits} bits: {compressor} KiB");
    }
    let inflater = kib(|| Decompress::new(false));
    println!("an inflater: {inflater} KiB");
    assert!(inflater <= 50, "{inflater} KiB");
}
