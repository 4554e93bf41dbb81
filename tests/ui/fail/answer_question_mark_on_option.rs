//! `?` wants an error where there is none.
//!
//! Mend: write `.ok_or_else(
//!
//! Errors: 

use consumer_runtime::prelude::*;

fn first(text: &str) -> Result<char> {
    let first = text.chars().next()?;
    Ok(first)
}

fn main() {}
