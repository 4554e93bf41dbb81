//! All differences of one run, as a person would list them.

use std::fmt::Debug;

/// What is not as it should be; one run tells it all, since starting the server takes longest.
#[derive(Default)]
pub(crate) struct Findings {
    checked: usize,
    wrong: Vec<String>,
}

impl Findings {
    pub(crate) fn same<T: Debug + PartialEq>(&mut self, what: &str, seen: &T, expected: &T) {
        self.holds(what, seen == expected, || format!("{seen:#?}\n  instead of {expected:#?}"));
    }

    /// Whether all of `words` are in `seen`.
    pub(crate) fn offers(&mut self, what: &str, seen: &[String], words: &[&str]) {
        let missing: Vec<_> = words.iter().filter(|word| !seen.iter().any(|one| one == *word)).collect();
        self.holds(what, missing.is_empty(), || format!("{missing:?} is missing in {seen:?}"));
    }

    /// Whether the text contains all of `words`.
    pub(crate) fn says(&mut self, what: &str, seen: &str, words: &[&str]) {
        self.holds(what, words.iter().all(|word| seen.contains(word)), || format!("{words:?} is not in {seen:?}"));
    }

    fn holds(&mut self, what: &str, holds: bool, difference: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.wrong.push(format!("{what}: {}", difference()));
        }
    }

    /// # Panics
    /// When something is wrong, with the whole list.
    pub(crate) fn assert_none(self) {
        let Self { checked, wrong } = self;
        assert!(wrong.is_empty(), "{} of {checked} are wrong:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
        println!("{checked} answers are right");
    }
}
