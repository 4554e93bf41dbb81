//! What goes over a consumer's socket, and whether a client that was built for something else still fits.
//!
//! Everything that a consumer takes and sends is declared, so its [`Contract`] is known: the frames, their payloads and
//! replies, and what the server sends by its own. A client carries the contract that it was built for, and shows it at
//! the handshake. When the server's has changed since, the server compares both: a client that still works is let in, and
//! one that would break is told why, by the close code [`CLOSE_CODE`] and a sentence.
//!
//! ```
//! # #[cfg(feature = "schema")] {
//! use consumer_runtime::{prelude::*, schema::Contract};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct HistoryQuery { before: Option<u64>, limit: u32 }
//!
//! #[derive(Serialize, JsonSchema)]
//! struct History { messages: Vec<String> }
//!
//! #[consumer("/ws/chat/")]
//! struct Chat {}
//!
//! #[consumer]
//! impl Chat {
//!     #[receive("chat.history")]
//!     async fn history(&mut self, query: HistoryQuery) -> History {
//!         let _ = (query.before, query.limit);
//!         History { messages: Vec::new() }
//!     }
//! }
//!
//! assert_eq!(
//!     Contract::of::<Chat>().to_string(),
//!     "contract 1\nframe chat.history {before?:integer|null,limit:integer} -> {messages:[string]}",
//! );
//! # }
//! ```
//!
//! # Shapes
//!
//! The shapes of payloads need the feature `schema` and types that derive `JsonSchema` of
//! [schemars](https://docs.rs/schemars/1) 1, which the application depends on itself. Without, a contract still has the
//! names and directions of everything, so a frame that is gone is told all the same; unknown shapes
//! ([`Shape::Any`]) fit everything. A field's description is what serde makes of it: `rename`, `default`, `flatten`,
//! `skip_serializing_if` and `deny_unknown_fields` count. Ranges of numbers and formats of strings do not.
//!
//! # Clients
//!
//! With the feature `schema`, `Declarations` hold what all of an application's consumers declare, with paths, errors,
//! close codes and doc comments, and write it down for others: as a typed TypeScript client for browsers, and as an
//! AsyncAPI document. The guide is `docs/browser.md` in the repository.
#![cfg_attr(feature = "schema", doc = "See [`Declarations`], [`TypeScript`], [`AsyncApi`] and [`Files`].")]
//!
//! # At the handshake
//!
//! A client sends its contract's text, or its hash, in the query parameter `_schema` or as a subprotocol that begins with
//! `schema.` (`docs/protocol.md` has the notation). A client that sends neither is let in unchecked. The subprotocol is
//! the runtime's own: neither [`Scope::subprotocols`](crate::Scope::subprotocols) nor `select_subprotocol` knows it.

#[cfg(feature = "schema")]
mod asyncapi;
mod build;
#[cfg(feature = "schema")]
mod command;
mod compare;
mod contract;
#[cfg(feature = "schema")]
mod declarations;
#[cfg(feature = "schema")]
pub(crate) mod describe;
#[cfg(feature = "schema")]
mod files;
mod incompatible;
pub(crate) mod listing;
mod offer;
mod parse;
mod shape;
#[cfg(test)]
mod tests;
mod text;
#[cfg(feature = "schema")]
mod typescript;

#[cfg(feature = "schema")]
pub use asyncapi::AsyncApi;
pub use contract::{Contract, Input, Reply, Taken};
#[cfg(feature = "schema")]
pub use declarations::Declarations;
#[cfg(feature = "schema")]
pub use files::{Files, Stale};
pub use incompatible::Incompatible;
pub use parse::ContractError;
pub use shape::{Constant, Field, Object, Others, Shape};
#[cfg(feature = "schema")]
pub use typescript::TypeScript;

pub(crate) use offer::{Objection, Offer, Served, is_offer, subprotocol};

/// The close code for a client that was built for another contract.
pub const CLOSE_CODE: crate::CloseCode = crate::close_code!(4409);
