//! From a consumer's declarations to its contract.

#[cfg(feature = "schema")]
use super::describe::Describer;
use super::{
    contract::{Contract, Input, Reply, Taken},
    listing::{Builder, Known, Source},
    shape::{Constant, Field, Object, Shape},
};

/// Describes what is listed.
#[derive(Debug)]
pub(super) struct Contracts {
    contract: Contract,
    /// Describes what the client sends.
    #[cfg(feature = "schema")]
    taken: Describer,
    /// Describes what the server sends.
    #[cfg(feature = "schema")]
    given: Describer,
}

/// The contract of a consumer that lists this.
pub(super) fn contract(listed: &Builder) -> Contract {
    let mut contracts = Contracts {
        contract: Contract::default(),
        #[cfg(feature = "schema")]
        taken: Describer::taken(),
        #[cfg(feature = "schema")]
        given: Describer::given(),
    };
    for frame in &listed.frames {
        match &frame.input {
            Input::Frame(name) => contracts.frame(name, frame.payload, frame.reply),
            Input::Text => contracts.input(Input::Text, Shape::Text, frame.reply),
            Input::Bytes => contracts.input(Input::Bytes, Shape::Any, frame.reply),
        }
    }
    for send in &listed.sends {
        let shape = contracts.given(send.value);
        let name = match (send.source, send.value.event, wire_type(&shape)) {
            (Source::Handler, ..) | (Source::List, "", None) => send.name,
            (Source::List, "", Some(constant)) => constant,
            (Source::List, event, _) => event,
        };
        contracts.send(name.to_owned(), shape);
    }
    contracts.finish()
}

impl Contracts {
    /// A JSON frame, with the value that answers it.
    fn frame(&mut self, name: &str, payload: Known, reply: Option<Known>) {
        let mut shape = self.taken(payload);
        // The name is looked at before the payload, which never sees it.
        if let Shape::Object(object) = &mut shape
            && !(name.is_empty() && payload.event.is_empty())
        {
            object.fields.remove("type");
        }
        self.input(Input::Frame(name.to_owned()), shape, reply);
    }

    fn finish(self) -> Contract {
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
