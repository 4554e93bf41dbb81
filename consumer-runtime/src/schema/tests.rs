//! The notation, the comparison and the descriptions, each by itself.

mod comparing;
#[cfg(feature = "schema")]
mod describing;
mod texts;

use super::Contract;

/// A contract of these lines.
fn contract(lines: &str) -> Contract {
    Contract::parse(&format!("contract 1\n{lines}")).unwrap_or_else(|error| panic!("{error} in\n{lines:.500}"))
}
