//! The contract that a client shows at the handshake, and what the server makes of it.

use std::sync::OnceLock;

use axum::{
    extract::OriginalUri,
    http::{HeaderMap, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    contract::{Contract, hash},
    parse::ContractError,
};
use crate::{consumer::Consumer, scope};

/// The subprotocols that carry a contract begin so.
const PREFIX: &str = "schema.";

/// The query parameter that carries a contract.
const PARAMETER: &str = "_schema";

/// Whether a subprotocol is a contract, and not the consumer's business.
pub(crate) fn is_offer(subprotocol: &str) -> bool {
    subprotocol.starts_with(PREFIX)
}

/// What a client shows: the text of its contract, or the hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    Text(String),
    Hash(String),
}

/// Why a client is not let in.
#[derive(Debug)]
pub(crate) enum Objection {
    /// What it shows is no contract.
    Unreadable(ContractError),
    /// It would break.
    Incompatible(String),
}

/// The contract of a route, made when the first client shows one.
#[derive(Debug, Default)]
pub(crate) struct Served(OnceLock<Ready>);

#[derive(Debug)]
struct Ready {
    contract: Contract,
    text: String,
    hash: String,
}

impl Offer {
    /// The offer in a request, from its query or else from `subprotocol`; `None` when there is neither.
    ///
    /// # Errors
    /// When it can't be decoded.
    pub(crate) fn find(request: &Parts, subprotocol: Option<&str>) -> Result<Option<Self>, ContractError> {
        let uri = request.extensions.get::<OriginalUri>().map_or(&request.uri, |original| &original.0);
        if let Some(value) = parameter(uri.query().unwrap_or_default()) {
            let value = value.replace('+', " ");
            let text = percent_encoding::percent_decode_str(&value).decode_utf8();
            let text = text.map_err(|_| ContractError::whole("it is not UTF-8"))?;
            return Ok(Some(Self::read(&text)));
        }
        let Some(value) = subprotocol.and_then(|name| name.strip_prefix(PREFIX)) else { return Ok(None) };
        if is_hash(value) {
            return Ok(Some(Self::Hash(value.to_owned())));
        }
        let text = URL_SAFE_NO_PAD.decode(value).map_err(|_| ContractError::whole("it is not base64url"))?;
        let text = String::from_utf8(text).map_err(|_| ContractError::whole("it is not UTF-8"))?;
        Ok(Some(Self::read(&text)))
    }

    fn read(value: &str) -> Self {
        if is_hash(value) { Self::Hash(value.to_owned()) } else { Self::Text(value.to_owned()) }
    }
}

/// The first subprotocol that carries a contract.
pub(crate) fn subprotocol(headers: &HeaderMap) -> Option<&str> {
    scope::subprotocols(headers).find(|name| is_offer(name))
}

fn parameter(query: &str) -> Option<&str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == PARAMETER)
        .map(|(_, value)| value)
}

fn is_hash(value: &str) -> bool {
    value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Served {
    /// Whether consumer `C` serves the client that shows `offer`.
    pub(crate) fn check<C: Consumer>(&self, offer: &Offer) -> Result<(), Objection> {
        let ready = self.0.get_or_init(|| {
            let contract = Contract::of::<C>();
            let text = contract.to_string();
            Ready { hash: hash(&text), contract, text }
        });
        match offer {
            Offer::Hash(hash) if hash.eq_ignore_ascii_case(&ready.hash) => Ok(()),
            Offer::Hash(_) => Err(Objection::Incompatible(
                "this client was built for another contract; its whole text could tell whether that matters".to_owned(),
            )),
            Offer::Text(text) if *text == ready.text => Ok(()),
            Offer::Text(text) => {
                let client = Contract::parse(text).map_err(Objection::Unreadable)?;
                ready.contract.serves(&client).map_err(|why| Objection::Incompatible(why.to_string()))
            }
        }
    }
}
