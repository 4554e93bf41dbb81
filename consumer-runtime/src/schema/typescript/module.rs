//! The text of a module.

use std::{
    collections::BTreeSet,
    fmt::{self, Display},
};

use super::{
    kept::{CONTRACT, KEPT, NAME, carried},
    names::{self, Names, docs, key, shape, text},
    types::{declaration, inline},
};
use crate::schema::{
    contract::Input,
    declarations::{Code, Failures, Frame, Message, Model, Socket, Tags},
};

pub(super) struct Module<'a> {
    model: &'a Model<'a>,
    names: Names<'a>,
    runtime: &'a str,
}

impl<'a> Module<'a> {
    pub(super) fn new(model: &'a Model<'a>, runtime: &'a str) -> Self {
        Self { model, names: Names::new(model), runtime }
    }

    pub(super) fn typescript(&self) -> String {
        let types = self.declared();
        let values = self.sockets(|name, socket| {
            format!(
                "{}\nexport const {name} = define<{name}, {}>({});\n",
                self.interface(name, socket),
                shape(name),
                descriptor(socket)
            )
        });
        let runtime = text(self.runtime);
        format!("{}import {{ define, {IMPORTS} }} from {runtime};\n{types}{values}", self.head())
    }

    pub(super) fn javascript(&self) -> String {
        let values = self.sockets(|name, socket| format!("\nexport const {name} = define({});\n", descriptor(socket)));
        format!("{}import {{ define }} from {};\n{values}", self.head(), text(self.runtime))
    }

    pub(super) fn types(&self) -> String {
        let types = self.declared();
        let values = self.sockets(|name, socket| {
            let (interface, shape) = (self.interface(name, socket), shape(name));
            format!("{interface}\nexport declare const {name}: Endpoint<{name}, {shape}>;\n")
        });
        let runtime = text(self.runtime);
        format!("{HEAD}import {{ type Endpoint, {IMPORTS} }} from {runtime};\n{types}{values}")
    }

    fn head(&self) -> String {
        let kept = self.model.sockets.iter().filter(|socket| carried(socket.contract).is_none());
        let kept = kept.map(|socket| {
            let Socket { declaration, contract, .. } = socket;
            format!("{KEPT}{} {}\n", declaration.consumer, text(&contract.to_string()))
        });
        format!("{HEAD}{}", kept.collect::<String>())
    }

    fn sockets(&self, write: impl Fn(&str, &Socket<'_>) -> String) -> String {
        self.names.sockets().iter().zip(&self.model.sockets).map(|(name, socket)| write(name, socket)).collect()
    }

    /// The types and errors that have a name.
    fn declared(&self) -> String {
        let types = self.model.types.iter();
        let types = types.map(|(name, schema)| format!("\n{}", declaration(self.names.ty(name), schema, &self.names)));
        let errors = self.names.errors().iter().map(|error| {
            let codes: String = error.codes.iter().map(|code| self.code(code)).collect();
            let codes = if codes.is_empty() { " never".to_owned() } else { codes };
            format!("\nexport type {} ={codes};\n", error.name)
        });
        types.chain(errors).collect()
    }

    /// One alternative of an error.
    fn code(&self, code: &Code<'_>) -> String {
        let data = match &code.data {
            Some(data) => format!("data: {}", inline(data, &self.names)),
            None => "data?: undefined".to_owned(),
        };
        format!("\n{}  | {{ code: {}; message: string; {data} }}", docs(code.docs, "  "), text(code.code))
    }

    fn interface(&self, name: &str, socket: &Socket<'_>) -> String {
        let Socket { declaration, params, frames, messages, questions, .. } = socket;
        let ty = |schema| inline(schema, &self.names);
        let params = block(
            "params",
            params
                .iter()
                .map(|param| format!("{}    {}: {};\n", docs(param.docs, "    "), key(param.name), ty(&param.schema))),
        );
        let messages = self.messages(messages);
        let json = json(socket);
        let frame_lines = block(
            "frames",
            json.map(|frame| {
                let reply = self.reply(frame);
                let error = self.error(frame);
                format!(
                    "    {}: {{ payload: {}; reply: {reply}; error: {error} }};\n",
                    key(wire_name(frame)),
                    self.payload(frame)
                )
            }),
        );
        let questions = block(
            "questions",
            questions.iter().map(|question| {
                format!(
                    "    {}: {{ question: {}; answer: {} }};\n",
                    key(question.name),
                    ty(&question.schema),
                    ty(&question.answer)
                )
            }),
        );
        let subprotocols: Vec<_> = declaration.subprotocols.iter().map(|name| text(name)).collect();
        let subprotocol = if subprotocols.is_empty() { "never".to_owned() } else { subprotocols.join(" | ") };
        let closes = closes(socket);
        let takes = |input: &Input| frames.iter().any(|frame| frame.input == input);
        let methods = methods(socket).into_iter().map(|(method, frame)| {
            let (reply, error) = (self.reply(frame), self.error(frame));
            let payload = if frame.bare { String::new() } else { format!("payload: {}, ", self.payload(frame)) };
            let answer = if error == "never" { reply } else { format!("{reply}, {error}") };
            format!(
                "{}  {method}({payload}options?: RequestOptions): Promise<Reply<{answer}>>;\n",
                docs(frame.docs, "  ")
            )
        });
        let shape = shape(name);
        format!(
            "\n/** What goes over the socket of {{@link {name}}}. */\nexport interface {shape} extends Shape {{\n{params}{messages}{frame_lines}{questions}  subprotocol: {subprotocol};\n{closes}  text: {};\n  bytes: {};\n}}\n\n{}export interface {name} extends Connection<{shape}> {{\n{}}}\n",
            takes(&Input::Text),
            takes(&Input::Bytes),
            docs(socket.docs, ""),
            methods.collect::<String>(),
        )
    }

    /// What the server sends by its own, by its type on the wire.
    fn messages(&self, messages: &[Message<'_>]) -> String {
        let mut by_tag = Vec::<(String, Vec<String>, String)>::new();
        for message in messages {
            let tags = match &message.tags {
                Tags::Known(tags) => tags.iter().map(String::as_str).collect(),
                Tags::None | Tags::Any => vec!["message"],
            };
            for tag in &tags {
                let whole = inline(&message.schema, &self.names);
                let part = if tags.len() > 1 { format!("Extract<{whole}, {{ type: {} }}>", text(tag)) } else { whole };
                match by_tag.iter_mut().find(|(known, ..)| known == tag) {
                    Some((_, parts, _)) if parts.contains(&part) => {}
                    Some((_, parts, _)) => parts.push(part),
                    None => by_tag.push(((*tag).to_owned(), vec![part], message.docs.to_owned())),
                }
            }
        }
        block(
            "messages",
            by_tag.iter().map(|(tag, parts, about)| {
                format!("{}    {}: {};\n", docs(about, "    "), key(tag), parts.join(" | "))
            }),
        )
    }

    fn payload(&self, frame: &Frame<'_>) -> String {
        if frame.bare { "{}".to_owned() } else { inline(&frame.payload, &self.names) }
    }

    fn reply(&self, frame: &Frame<'_>) -> String {
        frame.reply.as_ref().map_or_else(|| "null".to_owned(), |schema| inline(schema, &self.names))
    }

    fn error(&self, frame: &Frame<'_>) -> String {
        match &frame.failures {
            Failures::Never => "never".to_owned(),
            Failures::Somehow => "AnyError".to_owned(),
            Failures::With { name, codes } => self.names.error(name, codes).to_owned(),
        }
    }
}

const HEAD: &str = "// Generated from the server's declarations: change those, and generate it anew.\n";

const IMPORTS: &str = "type AnyError, type Connection, type Reply, type RequestOptions, type Shape";

/// A field that is an object of its own.
fn block(name: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.collect();
    if lines.is_empty() { format!("  {name}: {{}};\n") } else { format!("  {name}: {{\n{lines}  }};\n") }
}

/// The application's own close codes.
fn closes(socket: &Socket<'_>) -> String {
    let codes: Vec<_> = socket.closes.iter().map(|(code, _)| code.to_string()).collect();
    let about: Vec<_> =
        socket.closes.iter().filter(|(_, why)| !why.is_empty()).map(|(code, why)| format!("- {code}: {why}")).collect();
    let about = docs(&about.join("\n"), "  ");
    // Nobody has said which: it may be any.
    let closes = if codes.is_empty() { "number".to_owned() } else { codes.join(" | ") };
    format!("{about}  close: {closes};\n")
}

fn wire_name<'a>(frame: &Frame<'a>) -> &'a str {
    match frame.input {
        Input::Frame(name) => name,
        Input::Text | Input::Bytes => "",
    }
}

/// The methods that send JSON frames; none for the `receive` of a consumer whose frames have no type, since that is the
/// server's word for it: `send` does.
fn methods<'f>(socket: &'f Socket<'_>) -> Vec<(String, &'f Frame<'f>)> {
    let mut taken = BTreeSet::new();
    let json = json(socket).filter(|frame| !(wire_name(frame).is_empty() && frame.method == "receive"));
    // Two handlers may have names that are one in JavaScript.
    json.map(|frame| (names::free(&mut taken, names::method(frame.method)), frame)).collect()
}

/// The JSON frames.
fn json<'f>(socket: &'f Socket<'_>) -> impl Iterator<Item = &'f Frame<'f>> {
    socket.frames.iter().filter(|frame| matches!(frame.input, Input::Frame(_)))
}

/// What the runtime package needs to know.
fn descriptor(socket: &Socket<'_>) -> impl Display {
    fmt::from_fn(move |f| {
        let Socket { declaration, contract, messages, questions, .. } = socket;
        let methods = methods(socket);
        let bare = methods.iter().filter(|(_, frame)| frame.bare).map(|(method, _)| &**method);
        let sent: Vec<_> =
            methods.iter().map(|(method, frame)| format!("{method}: {}", text(wire_name(frame)))).collect();
        let mut types: Vec<&str> = messages
            .iter()
            .filter_map(|message| match &message.tags {
                Tags::Known(tags) => Some(tags),
                Tags::None | Tags::Any => None,
            })
            .flatten()
            .map(String::as_str)
            .collect();
        types.sort_unstable();
        types.dedup();
        let questions: Vec<_> = questions.iter().map(|question| question.name).collect();
        writeln!(f, "{{")?;
        writeln!(f, "{NAME}{},", text(declaration.consumer))?;
        writeln!(f, "  path: {},", text(declaration.path))?;
        writeln!(f, "  methods: {{ {} }},", sent.join(", "))?;
        writeln!(f, "  bare: {},", list(bare))?;
        writeln!(f, "  types: {},", list(types.iter().copied()))?;
        writeln!(f, "  questions: {},", list(questions.iter().copied()))?;
        writeln!(f, "  subprotocols: {},", list(declaration.subprotocols.iter().copied()))?;
        writeln!(f, "{CONTRACT}{},", text(&carried(contract).unwrap_or_else(|| contract.hash())))?;
        writeln!(f, "  heartbeat: {},", json(socket).next().is_some())?;
        if messages.iter().any(|message| message.tags == Tags::Any) {
            writeln!(f, "  untyped: true,")?;
        }
        f.write_str("}")
    })
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.map(text).collect();
    format!("[{}]", texts.join(", "))
}
