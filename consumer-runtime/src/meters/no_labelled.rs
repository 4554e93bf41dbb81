//! Meters that measure nothing.

use super::Outcome;
use crate::{close::Disconnect, event::EventSet};

/// As with the feature `metrics`.
#[derive(Debug, Default)]
pub(crate) struct Meters {}

impl Meters {
    pub(crate) fn event(&self, _: &'static str, _: &'static str, _: Outcome, _: usize) {}

    pub(crate) fn misfit<E: EventSet>(&self, _: &'static str, _: &str, _: usize) {}

    pub(crate) fn frame(&self, _: &'static str, _: &'static str, _: Outcome) {}

    pub(crate) fn handshake(&self, _: &'static str, _: u16) {}

    pub(crate) fn lag(&self, _: std::time::Duration) {}

    pub(crate) fn closed(&self, _: &'static str, _: impl FnOnce() -> Disconnect) {}
}

/// Measures nothing.
#[derive(Debug)]
pub(crate) struct Timer;

impl Timer {
    pub(crate) fn start() -> Self {
        Self
    }

    pub(crate) fn stop(self, _: &Meters, _: &'static str, _: &'static str) {}
}
