//! What a level of compression costs and saves, with no context takeover: a compressor is emptied after each message.
//!
//! ```text
//! cargo bench -p benches --bench compression
//! ```

use divan::{Bencher, black_box};
use flate2::{Compress, Compression, FlushCompress};

const LEVELS: [u32; 4] = [1, 2, 6, 9];
const SIZES: [usize; 4] = [256, 1024, 4096, 16_384];

fn main() {
    println!("what is left of the size");
    for size in SIZES {
        let left = LEVELS.map(|level| {
            let mut out = Vec::with_capacity(2 * size);
            Compress::new(Compression::new(level), false)
                .compress_vec(&messages(size), &mut out, FlushCompress::Sync)
                .expect("a sound stream");
            format!("level {level}: {} %", 100 * (out.len() - 4) / size)
        });
        println!("{size:6} bytes  {}", left.join("  "));
    }
    divan::main();
}

/// A JSON of chat messages.
fn messages(size: usize) -> Vec<u8> {
    const WORDS: [&str; 15] = [
        "hello", "the", "room", "message", "and", "typing", "user", "lobby", "again", "what", "does", "it", "cost",
        "to", "send",
    ];
    let mut json = String::from(r#"{"type":"chat.history","room":"lobby","messages":["#);
    let mut noise = 1_u64;
    while json.len() < size {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = |shift: u32, below: u64| (noise >> shift) % below;
        let word = |shift| WORDS[number(shift, 15) as usize];
        json.push_str(&format!(
            r#"{{"user":"user{}","text":"{} {} {}","at":17000{}}},"#,
            number(33, 90),
            word(20),
            word(30),
            word(40),
            number(35, 100_000)
        ));
    }
    json.truncate(size);
    json.into_bytes()
}

#[divan::bench(args = SIZES, consts = LEVELS)]
fn compress<const LEVEL: u32>(bencher: Bencher<'_, '_>, size: usize) {
    let messages = messages(size);
    let mut compress = Compress::new(Compression::new(LEVEL), false);
    let mut out = Vec::with_capacity(2 * size);
    bencher.bench_local(move || {
        out.clear();
        compress.compress_vec(black_box(&messages), &mut out, FlushCompress::Sync).expect("a sound stream");
        compress.reset();
        out.len()
    });
}
