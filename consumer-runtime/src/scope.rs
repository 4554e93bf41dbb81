//! The scope: what is known about a connection before it is accepted.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, OriginalUri, RawPathParams},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};

use crate::proxies::{Forwarded, Proxies};

/// What is known about a connection before it is accepted, as in Django Channels' `scope`.
///
/// An extractor for `#[connect]`. After the connect a consumer has what it kept of it, or a copy of all but the
/// headers' spare memory when it is declared with `keep_scope`.
///
/// ```
/// use consumer_runtime::prelude::*;
///
/// #[consumer("/ws/who/")]
/// struct Who {
///     language: Option<String>,
/// }
///
/// #[consumer]
/// impl Who {
///     #[connect]
///     async fn connect(scope: Scope) -> Self {
///         Self { language: scope.header("accept-language").map(str::to_owned) }
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Scope {
    path: String,
    raw_path: String,
    query: String,
    headers: HeaderMap,
    client: Option<SocketAddr>,
    server: Option<String>,
    scheme: Option<String>,
    subprotocols: Vec<String>,
    kwargs: Vec<(String, String)>,
    extensions: Extensions,
}

impl Scope {
    /// The path, percent-decoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path as it was sent.
    pub fn raw_path(&self) -> &str {
        &self.raw_path
    }

    /// The query without its `?`, still encoded; empty when there is none.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first header of a name, when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The peer's address; `None` when the server does not tell it (see axum's `ConnectInfo`). Behind a
    /// [trusted proxy](crate::Settings::trusted_proxies) that of whom it names, with port 0.
    pub fn client(&self) -> Option<SocketAddr> {
        self.client
    }

    /// The host that the request is addressed to, with its port when it was sent; behind a
    /// [trusted proxy](crate::Settings::trusted_proxies) the one that it tells.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// How the client has asked, `https` or `http`, as a [trusted proxy](crate::Settings::trusted_proxies) tells; `None`
    /// without one.
    pub fn scheme(&self) -> Option<&str> {
        self.scheme.as_deref()
    }

    /// The subprotocols that the client offers, in its order, without those that carry a contract
    /// ([`schema`](crate::schema)) or a token ([`BearerToken`](crate::BearerToken)).
    pub fn subprotocols(&self) -> &[String] {
        &self.subprotocols
    }

    /// One parameter of the path, percent-decoded; Channels' `url_route` kwargs.
    pub fn kwarg(&self, name: &str) -> Option<&str> {
        self.kwargs.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// All parameters of the path in their order.
    pub fn kwargs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kwargs.iter().map(|(name, value)| (&**name, &**value))
    }

    /// What middleware left with the request.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// A copy whose headers hold no more memory than their own: a parsed request's headers share its read buffer.
    pub(crate) fn compact(&self) -> Self {
        let mut headers = HeaderMap::with_capacity(self.headers.keys_len());
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_str().as_bytes());
            let value = HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        Self { headers, ..self.clone() }
    }
}

/// All subprotocols that a request offers, in its order (RFC 6455 §11.3.4: several headers count as one list).
pub(crate) fn subprotocols(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lists = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).filter(|name| !name.is_empty())
}

/// Those that are the consumer's business.
fn offered_subprotocols(headers: &HeaderMap) -> Vec<String> {
    let own = |name: &&str| !crate::schema::is_offer(name) && !crate::session::is_bearer(name);
    subprotocols(headers).filter(own).map(str::to_owned).collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Scope {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let uri = match OriginalUri::from_request_parts(request, state).await {
            Ok(OriginalUri(uri)) => uri,
            Err(never) => match never {},
        };
        let kwargs = match RawPathParams::from_request_parts(request, state).await {
            Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            // A parameter that is not UTF-8: the raw path still has it.
            Err(_) => Vec::new(),
        };
        // Of who asks elsewhere than in a consumer's route nothing more is known than the connection says.
        let forwarded = request.extensions.get::<Arc<Forwarded>>().cloned();
        let forwarded = forwarded.unwrap_or_else(|| Arc::new(Proxies::default().read(request)));
        let server = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
        Ok(Self {
            path: percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy().into_owned(),
            raw_path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            client: forwarded.client,
            scheme: forwarded.scheme.clone(),
            server: forwarded.host.clone().or(server).or_else(|| uri.authority().map(ToString::to_string)),
            subprotocols: offered_subprotocols(&request.headers),
            headers: request.headers.clone(),
            extensions: request.extensions.clone(),
            kwargs,
        })
    }
}
