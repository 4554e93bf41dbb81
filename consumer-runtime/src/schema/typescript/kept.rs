//! The contract that a module was made of: written into it, and read out of it again.

use crate::schema::contract::Contract;

/// The longest text of a contract that a client carries to the handshake; a longer one is its hash, so that no proxy on the way
/// finds the address too long.
const CARRIED: usize = 3 * 1024;

/// The line of a generated module that keeps a contract which is too long to be carried, for `--check`.
pub(super) const KEPT: &str = "// contract ";

/// What the lines of a descriptor begin with that `--check` reads.
pub(super) const NAME: &str = "  name: ";
pub(super) const CONTRACT: &str = "  contract: ";

/// The contracts that a generated module was made of.
pub(in crate::schema) fn contracts(module: &str) -> impl Iterator<Item = Made> {
    let mut name = None;
    let read = |literal: &str| serde_json::from_str::<String>(literal.trim_end_matches(',')).ok();
    module.lines().filter_map(move |line| {
        if let Some(literal) = line.strip_prefix(NAME) {
            name = read(literal);
        }
        let (consumer, contract, carried) = match (line.strip_prefix(KEPT), line.strip_prefix(CONTRACT)) {
            (Some(kept), _) => kept.split_once(' ').map(|(name, literal)| (name.to_owned(), literal, false))?,
            (_, Some(literal)) => (name.clone()?, literal, true),
            _ => return None,
        };
        // A hash is none.
        Some(Made { consumer, contract: Contract::parse_own(&read(contract)?).ok()?, carried })
    })
}

/// What a generated module was made of.
pub(in crate::schema) struct Made {
    pub(in crate::schema) consumer: String,
    pub(in crate::schema) contract: Contract,
    /// Whether its clients show the text, and not the hash alone.
    pub(in crate::schema) carried: bool,
}

/// The text that a client shows, if it is short enough.
pub(super) fn carried(contract: &Contract) -> Option<String> {
    Some(contract.to_string()).filter(|text| text.len() <= CARRIED)
}

#[cfg(test)]
mod tests {
    use super::{super::names::text, *};

    #[test]
    fn a_contract_of_any_length_is_read_out_of_a_module() {
        let contract = format!("contract 1\nframe shop.list {{{}:any}}", "x".repeat(Contract::MAX_TEXT));
        let module = format!("{KEPT}Shop {}\n{NAME}\"Shop\",\n{CONTRACT}\"0123456789abcdef\",\n", text(&contract));
        let read: Vec<_> = contracts(&module).map(|made| (made.consumer, made.contract.to_string())).collect();
        assert_eq!(read, [("Shop".to_owned(), contract)]);
    }
}
