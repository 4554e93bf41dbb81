//! A typed client for browsers.

mod kept;
mod module;
mod names;
mod types;

use super::declarations::Declarations;
pub(super) use kept::{Made, contracts};
use module::Module;

/// Writes the declarations as a TypeScript module on the runtime package `consumer-client`.
///
/// Made from the JSON Schemas that [`Declarations`] already has for contracts, and not from a second derive: serde's
/// attributes count in both directions, and what the server checks at the handshake is what the client was made of.
///
/// | Rust, as serde writes it | TypeScript |
/// |---|---|
/// | `bool`, `String`, `char`, ids and times that travel as text | `boolean`, `string` |
/// | integers and floats | `number`; a whole number beyond 2^53 is refused in both directions, never rounded: send it as a string |
/// | `Option<T>` | `T \| null`; a field that may be left out is optional |
/// | `Vec<T>`, sets, `Vec<u8>` | `T[]`; bytes are cheaper as binary frames |
/// | tuples, arrays | `[A, B]`, `T[]` |
/// | maps | `{ [key: string]: T }` |
/// | structs | interfaces |
/// | enums | unions: of literals, of objects, discriminated by the tag if there is one |
/// | `()`, unit structs | `null` |
/// | `serde_json::Value`, a type without `JsonSchema` | `unknown` |
///
/// A type that is read in another form than it is written has two names, the client's own with `Input` behind it.
///
/// `docs/browser.md` in the repository says how the module is used.
#[derive(Debug)]
pub struct TypeScript<'a> {
    declarations: &'a Declarations,
    runtime: String,
}

impl Declarations {
    /// The declarations as a module for browsers.
    pub fn typescript(&self) -> TypeScript<'_> {
        TypeScript { declarations: self, runtime: "consumer-client".to_owned() }
    }
}

impl TypeScript<'_> {
    /// Imports the runtime package from somewhere else, such as `./client/index.js`.
    #[must_use]
    pub fn runtime(mut self, specifier: impl Into<String>) -> Self {
        self.runtime = specifier.into();
        self
    }

    /// The module, `*.ts`.
    pub fn module(&self) -> String {
        let model = self.declarations.model();
        Module::new(&model, &self.runtime).typescript()
    }

    /// The same as JavaScript, for pages without a build step, beside its [`types`](Self::types).
    pub fn javascript(&self) -> String {
        let model = self.declarations.model();
        Module::new(&model, &self.runtime).javascript()
    }

    /// The types of [`javascript`](Self::javascript), `*.d.ts`.
    pub fn types(&self) -> String {
        let model = self.declarations.model();
        Module::new(&model, &self.runtime).types()
    }
}
