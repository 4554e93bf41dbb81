//! From the text of a contract to the contract, whoever has written it.

mod cursor;

use std::{collections::BTreeSet, fmt};

use super::{
    contract::{Contract, Input, Reply, Taken},
    shape::Shape,
    text::HEAD,
};
use cursor::Cursor;

/// A text that is no contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractError {
    /// In which line, from 1; 0 when it is about the whole text.
    line: usize,
    what: String,
}

impl ContractError {
    pub(super) fn whole(what: impl Into<String>) -> Self {
        Self { line: 0, what: what.into() }
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.what),
            line => write!(f, "line {line}: {}", self.what),
        }
    }
}

impl std::error::Error for ContractError {}

type Result<T, E = String> = std::result::Result<T, E>;

impl Contract {
    /// Reads the text that `Display` writes.
    ///
    /// Takes time in proportion to the text, and never panics: the text may come from anyone.
    ///
    /// # Errors
    /// When it is no such text, is of another version of the notation, has more than [`MAX_TEXT`](Self::MAX_TEXT) bytes,
    /// nests deeper than [`MAX_DEPTH`](Self::MAX_DEPTH), or refers to a type that it does not have.
    pub fn parse(text: &str) -> Result<Self, ContractError> {
        if text.len() > Self::MAX_TEXT {
            return Err(ContractError::whole(format!("it is longer than {} bytes; send the hash", Self::MAX_TEXT)));
        }
        Self::parse_own(text)
    }

    /// The same for a text that we have written, which may be longer.
    pub(super) fn parse_own(text: &str) -> Result<Self, ContractError> {
        let mut contract = Self::default();
        let mut referred = References::default();
        for (index, line) in text.split('\n').enumerate() {
            let read = match index {
                0 if line == HEAD => Ok(()),
                0 => Err(format!("a contract begins with the line `{HEAD}`")),
                _ => self::line(line, &mut contract, &mut referred),
            };
            read.map_err(|what| ContractError { line: index + 1, what })?;
        }
        let unknown_taken = referred.taken.iter().find(|name| !contract.taken_types.contains_key(*name));
        let unknown_given = referred.given.iter().find(|name| !contract.given_types.contains_key(*name));
        match unknown_taken.map(|name| ("in", name)).or(unknown_given.map(|name| ("out", name))) {
            Some((kind, name)) => {
                Err(ContractError::whole(format!("there is no line `{kind} {}`", super::text::Name(name))))
            }
            None => Ok(contract),
        }
    }
}

/// The types that were referred to.
#[derive(Default)]
struct References {
    taken: BTreeSet<String>,
    given: BTreeSet<String>,
}

fn line(line: &str, contract: &mut Contract, referred: &mut References) -> Result<()> {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        "bytes" | "text" => {
            let (input, payload) = if kind == "text" { (Input::Text, Shape::Text) } else { (Input::Bytes, Shape::Any) };
            let mut cursor = Cursor::new(rest, &mut referred.given);
            let reply = match rest {
                "" => None,
                _ => Some(Reply { value: cursor.expect("-> ")?.last_shape()? }),
            };
            insert(contract.inputs.insert(input, Taken { payload, reply }))
        }
        "frame" => {
            let mut cursor = Cursor::new(rest, &mut referred.taken);
            let name = cursor.name()?;
            let payload = cursor.expect(" ")?.shape()?;
            let rest = cursor.rest;
            let reply = match rest {
                "" => None,
                _ => {
                    let mut cursor = Cursor::new(rest, &mut referred.given);
                    Some(Reply { value: cursor.expect(" -> ")?.last_shape()? })
                }
            };
            insert(contract.inputs.insert(Input::Frame(name), Taken { payload, reply }))
        }
        "send" | "in" | "out" => {
            let (shapes, names) = match kind {
                "send" => (&mut contract.sends, &mut referred.given),
                "in" => (&mut contract.taken_types, &mut referred.taken),
                _ => (&mut contract.given_types, &mut referred.given),
            };
            let mut cursor = Cursor::new(rest, names);
            let name = cursor.name()?;
            let shape = cursor.expect(" ")?.last_shape()?;
            insert(shapes.insert(name, shape))
        }
        _ => Err("a line begins with `bytes`, `frame`, `in`, `out`, `send` or `text`".to_owned()),
    }
}

fn insert<T>(before: Option<T>) -> Result<()> {
    match before {
        None => Ok(()),
        Some(_) => Err("this is there already".to_owned()),
    }
}
