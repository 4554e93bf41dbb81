//! How many messages channels hold, by their names.

mod glob;
mod written;

use std::fmt;

use regex_lite::Regex;

use self::glob::Glob;

/// How many messages channels hold whose names fit a pattern: Django Channels' `channel_capacity`.
///
/// The first pattern that fits a channel's whole name wins; where none does, the layer's `capacity` holds. A pattern is a
/// glob as Python's `fnmatch` reads them (`*`, `?`, `[seq]`, `[!seq]`), or a regular expression that fits from the first
/// character on, as Python's `re.match` does, and need not reach to the last.
///
/// ```
/// use consumer_runtime::ChannelCapacity;
///
/// let capacity = ChannelCapacity::from([("http.request", 200), ("http.response!*", 10)])
///     .regex(r"^websocket.send\!.+", 80)?;
/// assert_eq!(capacity.of("http.response!abc"), Some(10));
/// assert_eq!(capacity.of("websocket.send!"), None);
/// # Ok::<(), consumer_runtime::PatternError>(())
/// ```
///
/// As a config value it is a map of globs in their order, `{"http.request": 200, "http.response!*": 10}`, or a list, whose
/// entries may be regular expressions: `[["http.request", 200], {"regex": "^websocket.send!.+", "capacity": 80}]`. A map
/// that has been a `serde_json::Value` is sorted by its keys; where the order matters, write a list.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChannelCapacity(Vec<Entry>);

#[derive(Clone, PartialEq, Eq)]
struct Entry {
    pattern: Pattern,
    capacity: usize,
}

#[derive(Clone)]
enum Pattern {
    Glob(Glob),
    Regex(Regex),
}

impl Pattern {
    fn text(&self) -> &str {
        match self {
            Self::Glob(glob) => glob.as_str(),
            Self::Regex(regex) => regex.as_str(),
        }
    }

    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.fits(name),
            // A match at the first character is the leftmost one, so it is the one that is found.
            Self::Regex(regex) => regex.find(name).is_some_and(|found| found.start() == 0),
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Glob(_), Self::Glob(_)) | (Self::Regex(_), Self::Regex(_)))
            && self.text() == other.text()
    }
}

impl Eq for Pattern {}

impl ChannelCapacity {
    /// Adds a glob; those before it go first.
    #[must_use]
    pub fn glob(mut self, pattern: impl AsRef<str>, capacity: usize) -> Self {
        self.0.push(Entry { pattern: Pattern::Glob(Glob::new(pattern.as_ref())), capacity });
        self
    }

    /// Adds a regular expression; those before it go first. It has neither look-around nor back-references.
    ///
    /// # Errors
    /// [`PatternError`] when it is none.
    pub fn regex(mut self, pattern: impl AsRef<str>, capacity: usize) -> Result<Self, PatternError> {
        let pattern = pattern.as_ref();
        let wrong = |error: regex_lite::Error| PatternError { pattern: pattern.into(), reason: error.to_string() };
        self.0.push(Entry { pattern: Pattern::Regex(Regex::new(pattern).map_err(wrong)?), capacity });
        Ok(self)
    }

    /// The capacity of the first pattern that fits a channel's name.
    pub fn of(&self, channel: &str) -> Option<usize> {
        self.0.iter().find(|entry| entry.pattern.fits(channel)).map(|entry| entry.capacity)
    }

    /// True when there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[(&str, usize); N]> for ChannelCapacity {
    /// Globs, in their order.
    fn from(globs: [(&str, usize); N]) -> Self {
        globs.into_iter().fold(Self::default(), |all, (pattern, capacity)| all.glob(pattern, capacity))
    }
}

impl fmt::Debug for ChannelCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|entry| (entry.pattern.text(), entry.capacity))).finish()
    }
}

/// A pattern of [`ChannelCapacity`] that is no regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    pattern: String,
    reason: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in `channel_capacity` is no regular expression: {}", self.pattern, self.reason)
    }
}

impl std::error::Error for PatternError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_wins_on_the_whole_name() {
        let capacity = ChannelCapacity::from([("http.request", 1), ("http.response!*", 2), ("http.*", 3)])
            .regex(r"^websocket.send\!.+", 4)
            .unwrap()
            .regex("socket|work", 5)
            .unwrap();
        for (name, wanted) in [
            ("http.request", Some(1)),
            ("http.requests", Some(3)),
            ("http.response!", Some(2)),
            ("http.response!abc", Some(2)),
            ("http.response", Some(3)),
            ("https.response", None),
            ("websocket.send!abc", Some(4)),
            ("websocket.send!", None),
            ("worker", Some(5)),
            ("my-worker", None),
        ] {
            assert_eq!(capacity.of(name), wanted, "{name}");
        }
    }

    #[test]
    fn what_is_no_expression_is_named() {
        let error = ChannelCapacity::default().regex("a(", 1).unwrap_err().to_string();
        assert!(error.contains("`a(` in `channel_capacity`"), "{error}");
    }
}
