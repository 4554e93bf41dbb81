//! Traffic that nobody counts.

/// As with a feature that reads it.
#[derive(Debug, Default)]
pub(crate) struct Traffic {}

impl Traffic {
    pub(crate) fn read(&self, _: usize) {}

    pub(crate) fn message(&self) {}

    pub(crate) fn wrote(&self, _: usize, _: u32) {}
}
