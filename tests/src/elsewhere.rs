//! What an application would have in a crate of its own: an event and a group that consumers of other crates use.

use consumer_runtime::{event, group};

/// Something that everybody in a place hears.
#[event("elsewhere.announced")]
#[derive(Debug)]
pub struct Announced {
    /// What is announced.
    pub text: String,
}

/// A place, which carries an event of this crate.
#[group("place_{place}", events(Announced))]
#[derive(Debug)]
pub struct Place {
    /// Its name.
    pub place: String,
}
