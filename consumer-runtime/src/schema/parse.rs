//! From the text of a contract to the contract, whoever has written it.

use std::{collections::BTreeSet, fmt};

use super::{
    contract::{Contract, Input, Reply, Taken},
    shape::{Constant, Field, Object, Others, Shape},
    text::{HEAD, is_bare},
};

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
            let (input, payload) =
                if kind == "text" { (Input::Text, Shape::String) } else { (Input::Bytes, Shape::Any) };
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

/// The rest of a line.
struct Cursor<'t, 'n> {
    rest: &'t str,
    depth: usize,
    referred: &'n mut BTreeSet<String>,
}

impl<'t, 'n> Cursor<'t, 'n> {
    fn new(rest: &'t str, referred: &'n mut BTreeSet<String>) -> Self {
        Self { rest, depth: 0, referred }
    }

    /// Takes `token` if it is next.
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<&mut Self> {
        if self.take(token) { Ok(self) } else { Err(self.wanted(&format!("`{token}`"))) }
    }

    fn wanted(&self, what: &str) -> String {
        match self.rest.chars().next() {
            Some(char) => format!("{what} is missing before {char:?}"),
            None => format!("{what} is missing at the end"),
        }
    }

    /// Takes the bytes at the beginning that `wanted` wants.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let end = self.rest.bytes().position(|byte| !wanted(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn name(&mut self) -> Result<String> {
        if self.rest.starts_with('"') {
            return self.string();
        }
        match self.take_while(is_bare) {
            "" => Err(self.wanted("a name")),
            name => Ok(name.to_owned()),
        }
    }

    /// A JSON string.
    fn string(&mut self) -> Result<String> {
        let mut strings = serde_json::Deserializer::from_str(self.rest).into_iter::<String>();
        match strings.next() {
            Some(Ok(string)) => {
                self.rest = &self.rest[strings.byte_offset()..];
                Ok(string)
            }
            _ => Err(self.wanted("a JSON string")),
        }
    }

    /// The shape that ends the line.
    fn last_shape(&mut self) -> Result<Shape> {
        let shape = self.shape()?;
        if self.rest.is_empty() { Ok(shape) } else { Err(self.wanted("the end of the line")) }
    }

    fn shape(&mut self) -> Result<Shape> {
        if self.depth == Contract::MAX_DEPTH {
            return Err(format!("shapes nest deeper than {}", Contract::MAX_DEPTH));
        }
        self.depth += 1;
        let first = self.alternative()?;
        let shape = if self.rest.starts_with('|') {
            let mut shapes = vec![first];
            while self.take("|") {
                shapes.push(self.alternative()?);
            }
            Shape::one_of(shapes)
        } else {
            first
        };
        self.depth -= 1;
        Ok(shape)
    }

    fn alternative(&mut self) -> Result<Shape> {
        match self.rest.bytes().next() {
            Some(b'{') => self.object(),
            Some(b'[') => {
                self.take("[");
                let items = self.shape()?;
                self.expect("]")?;
                Ok(Shape::Array(Box::new(items)))
            }
            Some(b'(') => self.tuple(),
            Some(b'@') => {
                self.take("@");
                let name = self.name()?;
                self.referred.insert(name.clone());
                Ok(Shape::Reference(name))
            }
            Some(b'"') => Ok(Shape::constant(Constant::String(self.string()?))),
            Some(b'-' | b'0'..=b'9') => {
                let digits = self.take_while(|byte| byte == b'-' || byte.is_ascii_digit());
                let number = digits.parse().map_err(|_| "a constant is a whole number of 64 bits".to_owned())?;
                Ok(Shape::constant(Constant::Integer(number)))
            }
            _ => match self.take_while(|byte| byte.is_ascii_lowercase()) {
                "any" => Ok(Shape::Any),
                "null" => Ok(Shape::Null),
                "bool" => Ok(Shape::Bool),
                "integer" => Ok(Shape::Integer),
                "number" => Ok(Shape::Number),
                "string" => Ok(Shape::String),
                "true" => Ok(Shape::constant(Constant::Bool(true))),
                "false" => Ok(Shape::constant(Constant::Bool(false))),
                "" => Err(self.wanted("a shape")),
                word => Err(format!("there is no shape `{}`", word.get(..40).unwrap_or(word))),
            },
        }
    }

    fn tuple(&mut self) -> Result<Shape> {
        self.take("(");
        let mut items = Vec::new();
        if !self.take(")") {
            items.push(self.shape()?);
            while self.take(",") {
                items.push(self.shape()?);
            }
            self.expect(")")?;
        }
        Ok(Shape::Tuple(items))
    }

    fn object(&mut self) -> Result<Shape> {
        self.take("{");
        let mut object = Object::new(Default::default());
        if self.take("}") {
            return Ok(Shape::Object(object));
        }
        loop {
            // What is said about all other fields comes last.
            if self.take("!") {
                object.others = Others::Refused;
                break;
            }
            if self.take("*:") {
                object.others = Others::Of(Box::new(self.shape()?));
                break;
            }
            let name = self.name()?;
            let required = !self.take("?");
            let shape = self.expect(":")?.shape()?;
            insert(object.fields.insert(name, Field::new(required, shape)))?;
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(Shape::Object(object))
    }
}
