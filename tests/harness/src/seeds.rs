//! Inputs that fuzzers have found, and what they may become.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// How long a mutated input may grow.
const MOST: usize = 4096;

/// The folder of a fuzzer's seeds.
#[must_use]
pub fn folder(target: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "fuzz", "seeds", target].iter().collect()
}

/// All files of a folder, in the order of their names.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn all(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a readable file"))).collect()
}

/// Makes other inputs out of seeds, the same ones each time.
#[derive(Debug)]
pub struct Mutator {
    state: u64,
}

impl Default for Mutator {
    fn default() -> Self {
        Self { state: 0x9E37_79B9_7F4A_7C15 }
    }
}

impl Mutator {
    fn below(&mut self, bound: usize) -> usize {
        // Xorshift: any numbers will do, as long as they are the same each time.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) as usize % bound.max(1)
    }

    /// One of `seeds` with a few changes, some of them taken from another one.
    pub fn mutate(&mut self, seeds: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
        let mut input = self.any(seeds).to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len() + 1);
            let end = (at + 1 + self.below(8)).min(input.len());
            match self.below(6) {
                0 if at < input.len() => input[at] ^= 1 << self.below(8),
                1 if at < input.len() => input[at] = self.below(256) as u8,
                2 => drop(input.drain(at..end)),
                3 => drop(input.splice(at..at, [self.below(256) as u8])),
                4 => {
                    let again = input[at..end].to_vec();
                    input.splice(at..at, again);
                }
                _ => {
                    let other = self.any(seeds);
                    let from = self.below(other.len());
                    input.truncate(at);
                    input.extend_from_slice(&other[from.min(other.len())..]);
                }
            }
        }
        input.truncate(MOST);
        input
    }

    fn any<'s>(&mut self, seeds: &'s [(PathBuf, Vec<u8>)]) -> &'s [u8] {
        seeds.get(self.below(seeds.len())).map_or(&[], |(_, seed)| seed)
    }
}
