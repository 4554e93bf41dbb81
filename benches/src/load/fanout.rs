//! Messages to rooms: counted at every member, in order, with the time from sending to the last member's receipt.

mod course;
mod deliveries;
mod voice;

pub(crate) use course::{Course, Pace};
pub(crate) use deliveries::Deliveries;
pub(crate) use voice::Voice;
