//! Everything that an application's consumers declare, for clients of other languages.

mod describe;
mod model;
mod unify;

use super::{contract::Contract, listing::Builder};
use crate::consumer::{Consumer, Declaration};

pub(super) use model::{Code, DEPTH, Failures, Frame, Message, Model, Question, Socket, Tags, referred, rename};

/// Everything that consumers declare: their paths and path parameters, what a client may send and what answers it, what
/// the server sends, questions, errors, close codes, subprotocols, and the doc comments of all of them.
///
/// [`typescript`](Self::typescript) and [`asyncapi`](Self::asyncapi) write it down for others. A type that several
/// consumers use appears once. Types that do not derive `JsonSchema` (schemars 1) are there by name and
/// direction only: [`undescribed`](Self::undescribed) lists them.
///
/// ```
/// use consumer_runtime::{prelude::*, schema::Declarations};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Say { message: String }
///
/// #[derive(Serialize, JsonSchema)]
/// struct Said { message: String }
///
/// #[consumer("/ws/chat/{room_name}/", sends(Said))]
/// struct ChatConsumer { room_name: String }
///
/// #[consumer]
/// impl ChatConsumer {
///     #[receive("chat.say")]
///     async fn say(&mut self, say: Say, context: &mut Context<Self>) -> Result {
///         context.send(&Said { message: say.message }).await
///     }
/// }
///
/// let declarations = Declarations::new("Chat", "1.0.0").consumer::<ChatConsumer>();
/// assert!(declarations.undescribed().is_empty());
/// assert!(declarations.typescript().module().contains("export interface Say {"));
/// ```
#[derive(Debug)]
pub struct Declarations {
    title: String,
    version: String,
    docs: String,
    consumers: Vec<Listed>,
}

/// What one consumer lists.
#[derive(Debug)]
struct Listed {
    declaration: Declaration,
    builder: Builder,
    contract: Contract,
}

impl Declarations {
    /// No consumer yet, of an application with this title and version.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self { title: title.into(), version: version.into(), docs: String::new(), consumers: Vec::new() }
    }

    /// What is to be said of the application, in Markdown.
    #[must_use]
    pub fn docs(mut self, docs: impl Into<String>) -> Self {
        self.docs = docs.into();
        self
    }

    /// Adds a consumer; one that is there already is not added again.
    #[must_use]
    pub fn consumer<C: Consumer>(mut self) -> Self {
        let declaration = C::DECLARATION;
        let known = |other: &Listed| {
            (other.declaration.consumer, other.declaration.path) == (declaration.consumer, declaration.path)
        };
        if !self.consumers.iter().any(known) {
            let builder = Builder::of::<C>();
            let contract = super::build::contract(&builder);
            self.consumers.push(Listed { declaration, builder, contract });
        }
        self
    }

    /// The contracts by the names of their consumers, in the order in which these were added.
    pub fn contracts(&self) -> impl Iterator<Item = (&str, &Contract)> {
        self.consumers.iter().map(|listed| (listed.declaration.consumer, &listed.contract))
    }

    /// What could not be described, since its type does not derive `JsonSchema`: a line each, as in
    /// ``ChatConsumer: the frame `chat.say` ``.
    pub fn undescribed(&self) -> Vec<String> {
        self.model().undescribed
    }

    /// What a client can never send, or tell from a frame of the runtime's own, as it is declared, and the mend: a line each.
    ///
    /// The frame itself has an `id`, and a `type` where its handler has a name, so the payload of no client's frame has a
    /// field of that name. `reply`, `error` and `ask` are the runtime's own types.
    pub fn objections(&self) -> Vec<String> {
        self.model().objections()
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn about(&self) -> &str {
        &self.docs
    }

    pub(super) fn model(&self) -> Model<'_> {
        describe::model(&self.consumers)
    }
}
