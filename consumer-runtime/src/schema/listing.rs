//! What generated code lists of a consumer: the declarations, before anybody describes their types.

use super::contract::Input;
#[cfg(feature = "schema")]
use super::describe::Describe;
use crate::consumer::Consumer;

/// Takes what the generated code lists.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) docs: &'static str,
    pub(super) params: Vec<ListedParam>,
    pub(super) frames: Vec<ListedFrame>,
    pub(super) sends: Vec<ListedSend>,
    /// The application's own close codes, with what they mean.
    pub(super) closes: Vec<(u16, &'static str)>,
}

/// A path parameter.
#[derive(Debug)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub(super) struct ListedParam {
    pub(super) name: &'static str,
    pub(super) known: Known,
    pub(super) docs: &'static str,
}

/// What a client may send.
#[doc(hidden)]
#[derive(Debug)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub struct ListedFrame {
    pub(super) input: Input,
    pub(super) payload: Known,
    pub(super) method: &'static str,
    pub(super) docs: &'static str,
    /// What answers it, when its handler returns a value.
    pub(super) reply: Option<Known>,
    pub(super) fails: Fails,
}

/// What the server sends by its own.
#[doc(hidden)]
#[derive(Debug)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub struct ListedSend {
    pub(super) source: Source,
    /// The event whose shared handler returns it, or the type's name in the program.
    pub(super) name: &'static str,
    pub(super) value: Known,
    pub(super) docs: &'static str,
}

/// What says that it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The signature of a shared handler.
    Handler,
    /// `sends(..)`.
    List,
}

/// What the compiler knows of a type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name when it is an event, empty otherwise.
    pub event: &'static str,
    /// Whether it is an event that has an answer.
    #[cfg(feature = "schema")]
    pub asks: fn() -> bool,
    /// The description of the answer.
    #[cfg(feature = "schema")]
    pub answer: Option<Describe>,
    /// Its description, when it has one.
    #[cfg(feature = "schema")]
    pub describe: Option<Describe>,
}

/// How a handler may fail.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Fails {
    /// Not at all; what the server itself says of a frame may come nevertheless.
    Never,
    /// With any code.
    Somehow,
    /// With these codes.
    With {
        /// The error's name in the program.
        name: &'static str,
        /// Lists them.
        codes: fn(&mut ErrorCodes),
    },
}

/// What a client may be told of an error.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct ErrorCodes {
    pub(super) codes: Vec<ListedCode>,
}

/// One code of an error.
#[doc(hidden)]
#[derive(Debug)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub struct ListedCode {
    pub(super) code: &'static str,
    pub(super) docs: &'static str,
    pub(super) data: Data,
}

/// What comes with a code.
#[derive(Debug)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub(super) enum Data {
    /// Nobody knows.
    Any,
    /// These fields; nothing when there are none.
    Fields(Vec<(&'static str, Known)>),
}

/// Adds an entry, which is then filled in.
fn added<T>(list: &mut Vec<T>, entry: T) -> &mut T {
    let index = list.len();
    list.push(entry);
    &mut list[index]
}

impl Builder {
    /// All that both halves of a consumer list.
    pub(super) fn of<C: Consumer>() -> Self {
        let mut builder = Self::default();
        C::contract(&mut builder);
        (C::DECLARATION.listed)(&mut builder);
        builder
    }

    /// The consumer's doc comment.
    pub fn docs(&mut self, docs: &'static str) {
        self.docs = docs;
    }

    /// A path parameter.
    pub fn param(&mut self, name: &'static str, known: Known, docs: &'static str) {
        self.params.push(ListedParam { name, known, docs });
    }

    /// A JSON frame.
    pub fn frame(&mut self, name: &str, payload: Known) -> &mut ListedFrame {
        self.input(Input::Frame(name.to_owned()), payload)
    }

    /// Text frames.
    pub fn text(&mut self) -> &mut ListedFrame {
        self.input(Input::Text, Known::ANY)
    }

    /// Binary frames.
    pub fn bytes(&mut self) -> &mut ListedFrame {
        self.input(Input::Bytes, Known::ANY)
    }

    /// The value of an event's shared handler.
    pub fn event(&mut self, name: &'static str, value: Known) -> &mut ListedSend {
        self.send(Source::Handler, name, value)
    }

    /// A type of `sends(..)`, with its name in the program.
    pub fn sends(&mut self, name: &'static str, value: Known) -> &mut ListedSend {
        self.send(Source::List, name, value)
    }

    /// A close code of the application's own.
    pub fn closes(&mut self, code: u16, why: &'static str) {
        self.closes.push((code, why));
    }

    fn input(&mut self, input: Input, payload: Known) -> &mut ListedFrame {
        let frame = ListedFrame { input, payload, method: "", docs: "", reply: None, fails: Fails::Never };
        added(&mut self.frames, frame)
    }

    fn send(&mut self, source: Source, name: &'static str, value: Known) -> &mut ListedSend {
        added(&mut self.sends, ListedSend { source, name, value, docs: "" })
    }
}

impl ListedFrame {
    /// Its handler.
    pub fn method(&mut self, name: &'static str) -> &mut Self {
        self.method = name;
        self
    }

    /// The handler's doc comment.
    pub fn docs(&mut self, docs: &'static str) -> &mut Self {
        self.docs = docs;
        self
    }

    /// The value that answers it.
    pub fn reply(&mut self, value: Known) -> &mut Self {
        self.reply = Some(value);
        self
    }

    /// How its handler may fail.
    pub fn fails(&mut self, fails: Fails) -> &mut Self {
        self.fails = fails;
        self
    }
}

impl ListedSend {
    /// The handler's doc comment.
    pub fn docs(&mut self, docs: &'static str) -> &mut Self {
        self.docs = docs;
        self
    }
}

impl ErrorCodes {
    /// A code, with the doc comment of its variant; its data have no fields yet.
    pub fn code(&mut self, code: &'static str, docs: &'static str) -> &mut ListedCode {
        added(&mut self.codes, ListedCode { code, docs, data: Data::Fields(Vec::new()) })
    }

    /// A code of which nothing more is known.
    pub(crate) fn bare(&mut self, code: &'static str) {
        self.codes.push(ListedCode { code, docs: "", data: Data::Any });
    }
}

impl ListedCode {
    /// A field of its data.
    pub fn data(&mut self, name: &'static str, known: Known) -> &mut Self {
        if let Data::Fields(fields) = &mut self.data {
            fields.push((name, known));
        }
        self
    }
}

impl Known {
    /// A type that tells nothing.
    pub const ANY: Self = Self {
        event: "",
        #[cfg(feature = "schema")]
        asks: || false,
        #[cfg(feature = "schema")]
        answer: None,
        #[cfg(feature = "schema")]
        describe: None,
    };
}
