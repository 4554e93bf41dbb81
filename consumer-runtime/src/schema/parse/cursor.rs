//! Names and shapes out of one line.

use std::collections::BTreeSet;

use super::{Result, insert};
use crate::schema::{
    contract::Contract,
    shape::{Constant, Field, Object, Others, Shape},
    text::is_bare,
};

/// The rest of a line.
pub(super) struct Cursor<'t, 'n> {
    pub(super) rest: &'t str,
    depth: usize,
    referred: &'n mut BTreeSet<String>,
}

impl<'t, 'n> Cursor<'t, 'n> {
    pub(super) fn new(rest: &'t str, referred: &'n mut BTreeSet<String>) -> Self {
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

    pub(super) fn expect(&mut self, token: &str) -> Result<&mut Self> {
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

    pub(super) fn name(&mut self) -> Result<String> {
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
    pub(super) fn last_shape(&mut self) -> Result<Shape> {
        let shape = self.shape()?;
        if self.rest.is_empty() { Ok(shape) } else { Err(self.wanted("the end of the line")) }
    }

    pub(super) fn shape(&mut self) -> Result<Shape> {
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
            Some(b'"') => Ok(Shape::constant(Constant::Text(self.string()?))),
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
                "string" => Ok(Shape::Text),
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
