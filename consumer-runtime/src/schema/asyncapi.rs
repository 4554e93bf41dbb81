//! The declarations as an AsyncAPI document.

mod document;
mod route;
mod yaml;

use axum::Router;
use serde_json::Value;

use super::declarations::Declarations;

/// An [AsyncAPI 3.0](https://www.asyncapi.com/docs/reference/specification/v3.0.0) document of the declarations.
///
/// A consumer is a channel with its path as the address; what a client sends is an operation that *receives*, since the
/// document is the server's, with its reply; what the server sends is an operation that *sends*. Messages have the
/// names that they have on the wire.
///
/// ```
/// use consumer_runtime::{prelude::*, schema::Declarations};
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[receive("echo.say")]
///     async fn say(&mut self, text: serde_json::Value) -> u32 {
///         text.to_string().len() as u32
///     }
/// }
///
/// let declarations = Declarations::new("Echo", "1.0.0").consumer::<Echo>();
/// let document = declarations.asyncapi().document();
/// assert_eq!(document["channels"]["Echo"]["address"], "/ws/echo/");
/// ```
#[derive(Debug)]
pub struct AsyncApi<'a>(&'a Declarations);

impl Declarations {
    /// The declarations as an AsyncAPI document.
    pub fn asyncapi(&self) -> AsyncApi<'_> {
        AsyncApi(self)
    }
}

impl AsyncApi<'_> {
    /// The document as a value.
    pub fn document(&self) -> Value {
        document::document(self.0)
    }

    /// The document as JSON, indented.
    pub fn json(&self) -> String {
        format!("{:#}\n", self.document())
    }

    /// The document as YAML.
    pub fn yaml(&self) -> String {
        yaml::text(&self.document())
    }

    /// A router with the document at `/asyncapi.json` and `/asyncapi.yaml`.
    ///
    /// It is made once, now. Mount it where only those reach it who may know what the server takes.
    ///
    /// ```
    /// use axum::Router;
    /// use consumer_runtime::schema::Declarations;
    ///
    /// let declarations = Declarations::new("Chat", "1.0.0");
    /// let app: Router = Router::new().nest("/docs", declarations.asyncapi().router());
    /// ```
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        route::router(self)
    }
}
