//! From a consumer's declarations to its contract.

#[cfg(feature = "schema")]
use super::describe::{Describe, Describer};
use super::{
    contract::{Contract, Input, Reply, Taken},
    shape::{Constant, Field, Object, Shape},
};

/// Takes what the generated code lists.
#[doc(hidden)]
#[derive(Debug)]
pub struct Builder {
    contract: Contract,
    /// Describes what the client sends.
    #[cfg(feature = "schema")]
    taken: Describer,
    /// Describes what the server sends.
    #[cfg(feature = "schema")]
    given: Describer,
}

/// What the compiler knows of a type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name when it is an event, empty otherwise.
    pub event: &'static str,
    /// Its description, when it has one.
    #[cfg(feature = "schema")]
    pub describe: Option<Describe>,
}

impl Known {
    /// A type that tells nothing.
    pub const ANY: Self = Self {
        event: "",
        #[cfg(feature = "schema")]
        describe: None,
    };
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            contract: Contract::default(),
            #[cfg(feature = "schema")]
            taken: Describer::taken(),
            #[cfg(feature = "schema")]
            given: Describer::given(),
        }
    }

    /// A JSON frame, with the value that answers it.
    pub fn frame(&mut self, name: &str, payload: Known, reply: Option<Known>) {
        let mut shape = self.taken(payload);
        // The name is looked at before the payload, which never sees it.
        if let Shape::Object(object) = &mut shape
            && !(name.is_empty() && payload.event.is_empty())
        {
            object.fields.remove("type");
        }
        self.input(Input::Frame(name.to_owned()), shape, reply);
    }

    /// Text frames.
    pub fn text(&mut self, reply: Option<Known>) {
        self.input(Input::Text, Shape::Text, reply);
    }

    /// Binary frames.
    pub fn bytes(&mut self, reply: Option<Known>) {
        self.input(Input::Bytes, Shape::Any, reply);
    }

    /// The value of an event's shared handler.
    pub fn event(&mut self, name: &str, value: Known) {
        let shape = self.given(value);
        self.send(name.to_owned(), shape);
    }

    /// A type of `sends(..)`, with its name in the program, and its name as an event if it is one.
    pub fn sends(&mut self, name: &str, event: &str, value: Known) {
        let shape = self.given(value);
        let name = match (event, wire_type(&shape)) {
            ("", Some(constant)) => constant.to_owned(),
            ("", None) => name.to_owned(),
            (event, _) => event.to_owned(),
        };
        self.send(name, shape);
    }

    pub(super) fn finish(self) -> Contract {
        #[cfg(feature = "schema")]
        {
            let Self { mut contract, taken, given } = self;
            let payloads = contract.inputs.values().map(|taken| &taken.payload);
            contract.taken_types = taken.types(payloads);
            let replies = contract.inputs.values().filter_map(|taken| Some(&taken.reply.as_ref()?.value));
            contract.given_types = given.types(replies.chain(contract.sends.values()));
            contract
        }
        #[cfg(not(feature = "schema"))]
        self.contract
    }

    fn input(&mut self, input: Input, payload: Shape, reply: Option<Known>) {
        let reply = reply.map(|known| Reply { value: self.given(known) });
        self.contract.inputs.insert(input, Taken { payload, reply });
    }

    /// Two values of one name can both come.
    fn send(&mut self, name: String, shape: Shape) {
        let shape = match self.contract.sends.remove(&name) {
            Some(other) => Shape::one_of([other, shape]),
            None => shape,
        };
        self.contract.sends.insert(name, shape);
    }

    fn taken(&mut self, known: Known) -> Shape {
        #[cfg(feature = "schema")]
        if let Some(describe) = known.describe {
            return tagged(self.taken.shape(describe), known.event);
        }
        let _ = known;
        Shape::Any
    }

    fn given(&mut self, known: Known) -> Shape {
        #[cfg(feature = "schema")]
        if let Some(describe) = known.describe {
            return tagged(self.given.shape(describe), known.event);
        }
        let _ = known;
        Shape::Any
    }
}

/// An event as it travels: its name is a field, which derived descriptions do not know.
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
fn tagged(shape: Shape, event: &str) -> Shape {
    let mut object = match shape {
        shape if event.is_empty() => return shape,
        Shape::Object(object) => object,
        Shape::Null => Object::new(Default::default()),
        other => return other,
    };
    let name = Shape::constant(Constant::Text(event.to_owned()));
    object.fields.insert("type".to_owned(), Field::new(true, name));
    Shape::Object(object)
}

/// The `type` that every value of this shape has.
fn wire_type(shape: &Shape) -> Option<&str> {
    let Shape::Object(object) = shape else { return None };
    let Field { required: true, shape: Shape::Constants(constants) } = object.fields.get("type")? else {
        return None;
    };
    match constants.first()? {
        Constant::Text(name) if constants.len() == 1 => Some(name),
        _ => None,
    }
}
