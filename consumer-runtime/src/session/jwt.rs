//! Who a JSON Web Token says that a client is (RFC 7519).

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use jsonwebtoken::{AlgorithmFamily, DecodingKey, Validation, errors::ErrorKind, jwk::JwkSet};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{BearerToken, Connecting, NoToken};

/// What JSON Web Tokens are verified with: keys, and what they must say.
///
/// Only algorithms of the key's own kind are accepted, so a token cannot choose a weaker one, and `none` is none. `exp` has to
/// be there and to lie ahead, `nbf` behind if it is there; clocks may differ by a [`leeway`](Self::leeway). A token that names
/// audiences must name one of [`audience`](Self::audience), and is refused when there are none. A cheap clone.
#[derive(Clone)]
pub struct JwtVerifier(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    keys: Vec<Key>,
    audiences: Vec<String>,
    issuers: Vec<String>,
    leeway: Duration,
}

#[derive(Clone)]
struct Key {
    /// The `kid` by which tokens name it.
    id: Option<String>,
    key: DecodingKey,
}

impl fmt::Debug for JwtVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifier")
            .field("keys", &self.0.keys.len())
            .field("audiences", &self.0.audiences)
            .field("issuers", &self.0.issuers)
            .finish_non_exhaustive()
    }
}

/// A key that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidJwtKey {
    what: &'static str,
    why: String,
}

impl fmt::Display for InvalidJwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, why } = self;
        write!(f, "the key is no {what}: {why}")
    }
}

impl std::error::Error for InvalidJwtKey {}

impl JwtVerifier {
    fn new(keys: Vec<Key>) -> Self {
        let (audiences, issuers) = (Vec::new(), Vec::new());
        Self(Arc::new(Inner { keys, audiences, issuers, leeway: Duration::from_secs(30) }))
    }

    fn one(what: &'static str, key: jsonwebtoken::errors::Result<DecodingKey>) -> Result<Self, InvalidJwtKey> {
        let key = key.map_err(|why| InvalidJwtKey { what, why: why.to_string() })?;
        Ok(Self::new(vec![Key { id: None, key }]))
    }

    /// A secret that who makes tokens has too: HS256, HS384 and HS512.
    ///
    /// # Errors
    /// When it is empty. RFC 7518 §3.2 asks for 32 bytes at least.
    pub fn secret(secret: impl AsRef<[u8]>) -> Result<Self, InvalidJwtKey> {
        if secret.as_ref().is_empty() {
            return Err(InvalidJwtKey { what: "secret", why: "it is empty".to_owned() });
        }
        Self::one("secret", DecodingKey::from_secret(secret.as_ref()))
    }

    /// An RSA public key in PEM: RS256 to RS512 and PS256 to PS512.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn rsa_pem(pem: impl AsRef<[u8]>) -> Result<Self, InvalidJwtKey> {
        Self::one("RSA public key in PEM", DecodingKey::from_rsa_pem(pem.as_ref()))
    }

    /// A public key of an elliptic curve in PEM: ES256 and ES384.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn ec_pem(pem: impl AsRef<[u8]>) -> Result<Self, InvalidJwtKey> {
        Self::one("public key of P-256 or P-384 in PEM", DecodingKey::from_ec_pem(pem.as_ref()))
    }

    /// An Ed25519 public key in PEM: EdDSA.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn ed_pem(pem: impl AsRef<[u8]>) -> Result<Self, InvalidJwtKey> {
        Self::one("Ed25519 public key in PEM", DecodingKey::from_ed_pem(pem.as_ref()))
    }

    /// A set of keys as JSON (JWKS, RFC 7517), of which a token's `kid` names one. Fetch it from the issuer, and make a new verifier
    /// when it changes.
    ///
    /// # Errors
    /// When it cannot be read, or holds no key that is known here.
    pub fn jwks(json: &str) -> Result<Self, InvalidJwtKey> {
        let invalid = |why: String| InvalidJwtKey { what: "set of keys (JWKS)", why };
        let set: JwkSet = serde_json::from_str(json).map_err(|why| invalid(why.to_string()))?;
        let keys: Vec<_> = set
            .keys
            .iter()
            .filter_map(|jwk| Some(Key { id: jwk.common.key_id.clone(), key: DecodingKey::from_jwk(jwk).ok()? }))
            .collect();
        if keys.is_empty() { Err(invalid("there is no usable key in it".to_owned())) } else { Ok(Self::new(keys)) }
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Tokens must be for one of these (`aud`).
    #[must_use]
    pub fn audience<T: Into<String>>(self, audiences: impl IntoIterator<Item = T>) -> Self {
        self.with(|inner| inner.audiences = audiences.into_iter().map(Into::into).collect())
    }

    /// Tokens must be of one of these (`iss`).
    #[must_use]
    pub fn issuer<T: Into<String>>(self, issuers: impl IntoIterator<Item = T>) -> Self {
        self.with(|inner| inner.issuers = issuers.into_iter().map(Into::into).collect())
    }

    /// How far clocks may be apart, in whole seconds. Default: 30 s.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        self.with(|inner| inner.leeway = leeway)
    }

    fn validation(&self, family: AlgorithmFamily) -> Validation {
        let mut validation = Validation::new_for_family(family);
        validation.validate_nbf = true;
        validation.leeway = self.0.leeway.as_secs();
        let mut required = vec!["exp"];
        if !self.0.audiences.is_empty() {
            validation.set_audience(&self.0.audiences);
            required.push("aud");
        }
        if !self.0.issuers.is_empty() {
            validation.set_issuer(&self.0.issuers);
            required.push("iss");
        }
        validation.set_required_spec_claims(&required);
        validation
    }

    /// Verifies a token, and reads its claims.
    ///
    /// For a token that a client sends in a frame, to stay: `context.stay_until(verifier.verify::<Claims>(&token)?.expires_at())`.
    ///
    /// # Errors
    /// [`InvalidJwt`]
    pub fn verify<C: DeserializeOwned>(&self, token: &str) -> Result<Jwt<C>, InvalidJwt> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| InvalidJwt::Malformed)?;
        // Without a `kid` each key may be meant; one with another is not.
        let keys = self.0.keys.iter().filter(|key| match (&key.id, &header.kid) {
            (Some(id), Some(kid)) => id == kid,
            _ => true,
        });
        let mut refused = InvalidJwt::Signature;
        for Key { key, .. } in keys {
            match jsonwebtoken::decode::<Value>(token, key, &self.validation(key.family())) {
                Ok(data) => return Jwt::read(data.claims),
                Err(error) => match InvalidJwt::of(error.kind()) {
                    InvalidJwt::Signature => {}
                    known => refused = known,
                },
            }
        }
        Err(refused)
    }
}

/// A verified token, and what it says.
///
/// An extractor, for `#[connect]` and for ordinary handlers, of a router whose state has a [`JwtVerifier`]
/// (axum's `FromRef`). It reads the [`BearerToken`]. In `#[connect]` it also says that the connection may
/// [stay until](crate::Context::stay_until) the token expires, and [whose it is](crate::Context::log_in) when there is a
/// `sub`. Without a token that is good the request is refused with 401.
///
/// ```
/// use axum::{Router, extract::FromRef};
/// use consumer_runtime::{Jwt, JwtVerifier, RouterExt, prelude::*};
/// use serde::Deserialize;
///
/// #[derive(Clone)]
/// struct AppState {
///     verifier: JwtVerifier,
/// }
///
/// impl FromRef<AppState> for JwtVerifier {
///     fn from_ref(state: &AppState) -> Self {
///         state.verifier.clone()
///     }
/// }
///
/// #[derive(Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// #[consumer("/ws/feed/", sends(String))]
/// struct Feed {}
///
/// #[consumer]
/// impl Feed {
///     #[connect]
///     async fn connect(&mut self, token: Jwt<Claims>, context: &mut Context<Self>) -> Result<(), Refusal> {
///         Ok(context.send_text(format!("hello {}", token.claims.sub)).await?)
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = JwtVerifier::secret("a secret of 32 bytes at the least")?.issuer(["https://accounts.example.com"]);
/// let app: Router = Router::new().consumer::<Feed>().with_state(AppState { verifier });
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Jwt<C> {
    /// What the token says.
    pub claims: C,
    expires_at: SystemTime,
    subject: Option<String>,
}

/// The claims that every token may have.
#[derive(Deserialize)]
struct Registered {
    exp: f64,
    #[serde(default)]
    sub: Option<String>,
}

impl<C: DeserializeOwned> Jwt<C> {
    fn read(claims: Value) -> Result<Self, InvalidJwt> {
        let unfit = |why: serde_json::Error| InvalidJwt::Claims(why.to_string());
        let Registered { exp, sub: subject } = Registered::deserialize(&claims).map_err(unfit)?;
        let expires_at = Duration::try_from_secs_f64(exp)
            .ok()
            .and_then(|exp| SystemTime::UNIX_EPOCH.checked_add(exp))
            .ok_or_else(|| InvalidJwt::Claims("`exp` is no time".to_owned()))?;
        Ok(Self { claims: serde_json::from_value(claims).map_err(unfit)?, expires_at, subject })
    }
}

impl<C> Jwt<C> {
    /// When the token expires (`exp`).
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// Whom it is about (`sub`).
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }
}

/// Why a token is refused. A client is told no more than that its token is invalid, or has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidJwt {
    /// There is none, or there are several.
    Token(NoToken),
    /// It is no JWT.
    Malformed,
    /// No key has made its signature, or its algorithm is of another kind than the keys.
    Signature,
    /// Its time is over (`exp`).
    Expired,
    /// Its time has not come (`nbf`).
    TooEarly,
    /// It is for another audience (`aud`), or names one while [`JwtVerifier::audience`] has none.
    Audience,
    /// It is of another issuer (`iss`).
    Issuer,
    /// A claim is missing, or does not fit the type that it is read as.
    Claims(String),
}

impl InvalidJwt {
    fn of(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::ExpiredSignature => Self::Expired,
            ErrorKind::ImmatureSignature => Self::TooEarly,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::MissingRequiredClaim(claim) => Self::Claims(format!("`{claim}` is missing")),
            ErrorKind::InvalidClaimFormat(claim) => Self::Claims(format!("`{claim}` has another form")),
            ErrorKind::InvalidToken | ErrorKind::Base64(_) | ErrorKind::Json(_) | ErrorKind::Utf8(_) => Self::Malformed,
            _ => Self::Signature,
        }
    }
}

impl fmt::Display for InvalidJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(why) => why.fmt(f),
            Self::Malformed => f.write_str("the token is no JWT"),
            Self::Signature => f.write_str("the token's signature is of none of the keys"),
            Self::Expired => f.write_str("the token has expired"),
            Self::TooEarly => f.write_str("the token is not valid yet"),
            Self::Audience => f.write_str("the token is for another audience than `audience` says"),
            Self::Issuer => f.write_str("the token is of another issuer than `issuer` says"),
            Self::Claims(why) => write!(f, "the token's claims do not fit: {why}"),
        }
    }
}

impl std::error::Error for InvalidJwt {}

impl IntoResponse for InvalidJwt {
    fn into_response(self) -> Response {
        let (challenge, text) = match self {
            Self::Token(why) => return why.into_response(),
            Self::Expired => (
                "Bearer error=\"invalid_token\", error_description=\"expired\"",
                "the token has expired; get a new one\n",
            ),
            _ => ("Bearer error=\"invalid_token\"", "the token is not valid here\n"),
        };
        (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], text).into_response()
    }
}

impl<S, C> FromRequestParts<S> for Jwt<C>
where
    JwtVerifier: FromRef<S>,
    S: Send + Sync,
    C: DeserializeOwned + Send,
{
    type Rejection = Response;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, Response> {
        let token = BearerToken::of(request).and_then(|token| token.ok_or(NoToken::Missing));
        let jwt =
            token.map_err(InvalidJwt::Token).and_then(|token| JwtVerifier::from_ref(state).verify::<C>(token.as_str()));
        let jwt = jwt.map_err(|why| {
            tracing::debug!(%why, "a token is refused");
            why.into_response()
        })?;
        if let Some(connecting) = request.extensions.get::<Connecting>() {
            connecting.stay_until(jwt.expires_at);
            if let Some(subject) = &jwt.subject {
                connecting.log_in(subject).await.map_err(|why| super::not_logged_in(&why))?;
            }
        }
        Ok(jwt)
    }
}
